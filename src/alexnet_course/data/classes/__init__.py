"""The names of ImageNet's 1000 classes; README.md beside this file gives origin and licence."""

import functools
import json
import pathlib

FILE = pathlib.Path(__file__).parent / "imagenet_classes.json"


@functools.cache
def class_names():
    """Return the names of the 1000 classes of ILSVRC, in the order of the networks' outputs.

    Each is the first of the names that ImageNet gives; two pairs of classes share theirs (a crane is a bird
    and a machine, a maillot comes twice).

    Returns
    -------
    tuple of str

    Examples
    --------
    >>> class_names()[285], len(class_names())
    ('Egyptian cat', 1000)
    """
    return tuple(name.split(",")[0] for name in json.loads(FILE.read_text(encoding="utf-8")))
