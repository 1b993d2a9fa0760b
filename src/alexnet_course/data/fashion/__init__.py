"""Six thousand grey pictures of clothes, 28 x 28, from Fashion-MNIST; README.md gives origin and licence."""

import hashlib
import io
import pathlib
from typing import NamedTuple

import numpy as np
from PIL import Image

FILE = pathlib.Path(__file__).parent / "fashion.png"
SHA256 = "4b73096d66c2f9546078c8b701350888973e676fccce9d51138fc5779812808c"
#: What the labels 0 to 9 stand for, in the words of the set's authors.
CLASSES = (
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
SIDE, COLUMNS = 28, 50  # pixels of a picture; pictures in a row of the file
TRAINING, HELD_OUT = 500, 100  # pictures of each class


class Fashion(NamedTuple):
    """Pictures and labels, sorted by class: shuffle them before you train."""

    images: np.ndarray
    """To train with: uint8, shape (5000, 28, 28, 1), 0 is black."""
    labels: np.ndarray
    """Their classes, places in `CLASSES`: int64, shape (5000,)."""
    held_out_images: np.ndarray
    """To judge by, never to train with: uint8, shape (1000, 28, 28, 1)."""
    held_out_labels: np.ndarray
    """Their classes: int64, shape (1000,)."""


def load_fashion(path=FILE, sha256=SHA256):
    """Return the pictures: 500 of each of ten classes to train with, and 100 of each held out.

    Parameters
    ----------
    path : path-like
        Another copy of the file.
    sha256 : str
        What its SHA-256 must be.

    Returns
    -------
    Fashion

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not the one that was meant: truncated, altered, or another.

    Examples
    --------
    >>> fashion = load_fashion()
    >>> fashion.images.shape, fashion.held_out_images.shape, CLASSES[fashion.labels[0]]
    ((5000, 28, 28, 1), (1000, 28, 28, 1), 'T-shirt/top')
    """
    path, cure = pathlib.Path(path), "install the course again, or make it with tools/make_fashion.py"
    if not path.is_file():
        raise FileNotFoundError(f"there is no picture file {path}; {cure}")
    data = path.read_bytes()
    found = hashlib.sha256(data).hexdigest()
    if found != sha256:
        raise ValueError(
            f"{path} is not the file that was meant: its SHA-256 is {found}, expected {sha256}. It may be "
            f"truncated or altered; {cure}"
        )
    with Image.open(io.BytesIO(data)) as sheet:
        pixels = np.asarray(sheet)
    rows = pixels.reshape(-1, SIDE, COLUMNS, SIDE).swapaxes(1, 2)  # (rows, COLUMNS, 28, 28)
    images = rows.reshape(-1, SIDE, SIDE, 1)
    labels = [np.repeat(np.arange(len(CLASSES)), count) for count in (TRAINING, HELD_OUT)]
    return Fashion(images[: len(labels[0])], labels[0], images[len(labels[0]) :], labels[1])
