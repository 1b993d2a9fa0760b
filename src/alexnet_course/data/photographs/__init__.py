"""Six photographs with a shorter side of 256 pixels; README.md beside them gives origin and licence."""

import pathlib

import numpy as np
from PIL import Image

from alexnet_course.images import MEAN_COLOUR, centre_crop

__all__ = ["FOLDER", "MEAN_COLOUR", "NAMES", "centre_crop", "load_photograph"]

FOLDER = pathlib.Path(__file__).parent
NAMES = ("chelsea", "coffee", "astronaut", "rocket", "china", "flower")


def load_photograph(name):
    """Return one of the course's photographs.

    Parameters
    ----------
    name : str
        One of `NAMES`.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)
        Red, green and blue, 0 to 255; the shorter of H and W is 256.

    Raises
    ------
    ValueError
        If there is no photograph of that name.

    Examples
    --------
    >>> load_photograph("chelsea").shape
    (256, 385, 3)
    """
    if name not in NAMES:
        raise ValueError(f"name is {name!r}; the photographs are {', '.join(NAMES)}")
    with Image.open(FOLDER / f"{name}.png") as image:
        return np.asarray(image.convert("RGB"))
