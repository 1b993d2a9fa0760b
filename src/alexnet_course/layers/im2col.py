"""Convolution as one matrix product: a row a window, a column a filter ("image to columns").

The pixels of overlapping windows are copied many times over (7 times in conv1), and that pays: matrix
products run near the speed of the processor. A few images are copied at a time, always to the same place:
memory that was used a moment ago is still in the cache.
"""

import math

import numpy as np

from alexnet_course.windows import add_windows, portions, sliding_windows
from alexnet_course.workspace import temporary

#: How many numbers the copies of windows may hold at a time (10 MB of float32).
PORTION = 5 << 19


def responses(padded, weight, stride, out):
    """Write the sums of products of every window of the images and every filter to `out`.

    `padded` is (N, H, W, C), images with their padding, `weight` (kernel_h, kernel_w, C, filters), `stride` a
    pair, `out` (N, H', W', filters).
    """
    filters = weight.reshape(-1, weight.shape[-1])  # (kh kw C, filters), a view
    for images, matrix in _matrices(padded, weight, stride):
        np.matmul(matrix, filters, out=out[images].reshape(len(matrix), -1))


def gradients(padded, weight, stride, grad_output, grad_weight, grad_padded=None):
    """Add the gradients of the weights and, if there is a place for it, of the padded images to arrays."""
    filters = weight.reshape(-1, weight.shape[-1])
    for images, matrix in _matrices(padded, weight, stride):
        grad_rows = grad_output[images].reshape(len(matrix), -1)  # (N H' W', filters)
        grad_weight += (matrix.T @ grad_rows).reshape(weight.shape)
        if grad_padded is not None:
            grad_matrix = temporary("grad_matrix", matrix.shape, matrix.dtype)
            np.matmul(grad_rows, filters.T, out=grad_matrix)
            grad_windows = grad_matrix.reshape(*grad_output[images].shape[:3], *weight.shape[:3])
            add_windows(grad_windows, grad_padded[images].shape, stride, out=grad_padded[images])


def _matrices(padded, weight, stride):
    """Return in turn a few images and the matrix of their windows, (N H' W', kh kw C)."""
    windows = sliding_windows(padded, weight.shape[:2], stride)  # (N, H', W', kh, kw, C), a view
    for images in portions(len(padded), math.prod(windows.shape[1:]), PORTION):
        copy = temporary("matrix", windows[images].shape, padded.dtype)
        np.copyto(copy, windows[images])
        yield images, copy.reshape(-1, math.prod(weight.shape[:3]))
