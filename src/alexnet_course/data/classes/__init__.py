"""The names of ImageNet's 1000 classes; README.md beside this file gives origin and licence."""

import functools
import json
import pathlib

import numpy as np

from alexnet_course.checks import real_array, whole_number
from alexnet_course.layers import Softmax

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


def best_names(logits, top=5):
    """Return the most probable classes of one photograph.

    Parameters
    ----------
    logits : array_like, shape (1000,)
        What a network trained on ILSVRC gives.
    top : int
        How many classes, 1 to 1000.

    Returns
    -------
    list of (str, float)
        Names and probabilities, the most probable first.

    Raises
    ------
    TypeError, ValueError
        If there are not 1000 logits, or `top` is out of range.

    Examples
    --------
    >>> [(name, round(p, 2)) for name, p in best_names([8] + 999 * [0], top=1)]
    [('tench', 0.75)]
    """
    names = class_names()
    logits = real_array(logits, "logits", str(len(names)))
    if whole_number(top, "top", minimum=1) > len(names):
        raise ValueError(f"top must be at most {len(names)}; got {top}")
    probabilities = Softmax().predict(logits[np.newaxis])[0]
    best = np.argsort(-probabilities, kind="stable")[:top]
    return [(names[place], float(probabilities[place])) for place in best]
