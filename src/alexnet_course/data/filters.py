"""Ninety-six first-layer filters found in the photographs by k-means: not learned by backpropagation."""

import pathlib

import numpy as np

from alexnet_course.checks import check_dtype

FILE = pathlib.Path(__file__).parent / "kmeans_filters.npz"


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
    with np.load(FILE, allow_pickle=False) as file:
        return file["weight"].astype(check_dtype(dtype))
