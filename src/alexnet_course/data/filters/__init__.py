"""Two banks of 96 first-layer filters, by k-means and by backpropagation; README.md says how each came."""

import pathlib

import numpy as np

from alexnet_course import weights
from alexnet_course.checks import check_dtype
from alexnet_course.layers import Conv2D

FOLDER = pathlib.Path(__file__).parent
KMEANS, LEARNED = FOLDER / "kmeans.npz", FOLDER / "learned.npz"
LEARNED_SHA256 = "23a7dfb1a93954961e452db000125764c9eab634ed7cae925ebd693218eec686"


def load_kmeans_filters(dtype=np.float32):
    """Return a bank of first-layer filters for pictures.

    They come from k-means on whitened patches of the course's photographs (`tools/make_filters.py`), ordered
    from grey to colourful. No label and no gradient took part.

    Parameters
    ----------
    dtype : dtype, optional
        Floating type of the result.

    Returns
    -------
    ndarray, shape (11, 11, 3, 96)
        Kernel rows, kernel columns, channels, filters; each filter has length 1.

    Raises
    ------
    TypeError
        If `dtype` is no floating type.

    Examples
    --------
    >>> load_kmeans_filters().shape
    (11, 11, 3, 96)
    """
    with np.load(KMEANS, allow_pickle=False) as file:
        return file["weight"].astype(check_dtype(dtype))


def load_learned_filters(path=LEARNED, sha256=LEARNED_SHA256, dtype=np.float32):
    """Return a bank of first-layer filters that backpropagation found.

    The task was to tell which of the course's photographs a piece is from (`tools/train_filters.py`). The
    filters stand in the order of the network: the second layer's first group of filters sees 0 to 47, its
    second group 48 to 95.

    Parameters
    ----------
    path : path-like
        Another copy of the file.
    sha256 : str
        What its SHA-256 must be.
    dtype : dtype, optional
        Floating type of the result.

    Returns
    -------
    ndarray, shape (11, 11, 3, 96)
        Kernel rows, kernel columns, channels, filters; their lengths differ, as training left them.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If `dtype` is no floating type.
    ValueError
        If the file is not the one that was meant: truncated, altered, or another.

    Examples
    --------
    >>> load_learned_filters().shape
    (11, 11, 3, 96)
    """
    conv1 = Conv2D(3, 96, 11, 4, initial=0.0, rng=np.random.default_rng(0), dtype=check_dtype(dtype))
    weights.load(conv1, path, sha256)
    return conv1.weight
