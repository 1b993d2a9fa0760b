"""Six photographs with a shorter side of 256 pixels; README.md beside them gives origin and licence."""

import pathlib

import numpy as np
from PIL import Image

from alexnet_course.arrays import real_array
from alexnet_course.geometry import whole_number

FOLDER = pathlib.Path(__file__).parent
# Mean red, green and blue over ImageNet's training photographs, 0 to 255: the values that Caffe's reference
# models subtract (in the order blue, green, red).
MEAN_COLOUR = (122.679, 116.669, 104.006)
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


def centre_crop(image, size):
    """Return the square in the middle of an image.

    When the margins cannot be equal, the odd pixel is left at the bottom or the right.

    Parameters
    ----------
    image : ndarray, shape (H, W) or (H, W, C)
    size : int
        Side of the square in pixels, at most the shorter of H and W.

    Returns
    -------
    ndarray, shape (size, size) or (size, size, C)
        A view of `image`.

    Raises
    ------
    TypeError, ValueError
        If `image` has another rank, or the square does not fit.

    Examples
    --------
    >>> centre_crop(load_photograph("chelsea"), 227).shape
    (227, 227, 3)
    """
    image = real_array(image, "image", "H, W", "H, W, C")
    height, width = image.shape[:2]
    if not 1 <= whole_number(size, "size") <= min(height, width):
        limit = f"1 to {min(height, width)} for an image of {height} by {width}"
        raise ValueError(f"size is {size}; it must be {limit}")
    top, left = (height - size) // 2, (width - size) // 2
    return image[top : top + size, left : left + size]
