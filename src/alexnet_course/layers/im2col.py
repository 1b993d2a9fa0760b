"""Convolution as one matrix product: a row a window, a column a filter ("image to columns").

The pixels of overlapping windows are copied many times over (7 times in conv1), and that pays: matrix
products run near the speed of the processor. A few images are copied at a time, always to the same place:
memory that was used a moment ago is still in the cache.
"""

import math

import numpy as np

from alexnet_course.windows import add_windows, pad_images, portions, sliding_windows
from alexnet_course.workers import fair_part
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
            grad_matrix = temporary("products", matrix.shape, matrix.dtype)
            np.matmul(grad_rows, filters.T, out=grad_matrix)
            grad_windows = grad_matrix.reshape(*grad_output[images].shape[:3], *weight.shape[:3])
            add_windows(grad_windows, grad_padded[images].shape, stride, out=grad_padded[images])


def turning_pays(padded, weight, stride, padding):
    """Return whether `turned` can compute the gradient of the images here, and copies fewer numbers.

    The filters are those of all groups.
    """
    kernel_h, kernel_w, channels, filters = weight.shape
    groups = padded.shape[3] // channels
    margins = sum(padding, ())
    fits = tuple(stride) == (1, 1) and max(margins) < min(kernel_h, kernel_w)
    height, width = padded.shape[1] - sum(padding[0]), padded.shape[2] - sum(padding[1])
    outputs = (padded.shape[1] - kernel_h + 1) * (padded.shape[2] - kernel_w + 1)
    # Windows are written once; what `gradients` adds up is written, read, and added.
    return fits and filters // groups * height * width <= 2 * channels * outputs and _is_finite(weight)


def turned(grad_output, weight, padding, out):
    """Write the gradient of the images, without their padding, to `out`: one convolution, for stride 1.

    A pixel is seen by as many windows as a filter has pixels, by the last of them with its first pixel. So
    filters turned by half a circle, with channels and filters exchanged, slide over the gradient.
    """
    margins = [
        (size - 1 - before, size - 1 - after)
        for size, (before, after) in zip(weight.shape[:2], padding, strict=True)
    ]
    filters = np.ascontiguousarray(weight[::-1, ::-1].swapaxes(2, 3))  # (kernel_h, kernel_w, filters, C)
    responses(pad_images(grad_output, margins), filters, (1, 1), out)


def _is_finite(weight):
    """Return whether no weight is infinite or NaN: times the zeros of a margin it would be NaN."""
    return bool(np.isfinite(weight).all())


def _matrices(padded, weight, stride):
    """Return in turn a few images and the matrix of their windows, (N H' W', kh kw C)."""
    windows = sliding_windows(padded, weight.shape[:2], stride)  # (N, H', W', kh, kw, C), a view
    for images in portions(len(padded), math.prod(windows.shape[1:]), fair_part(PORTION)):
        copy = temporary("values", windows[images].shape, padded.dtype)
        np.copyto(copy, windows[images])
        yield images, copy.reshape(-1, math.prod(weight.shape[:3]))
