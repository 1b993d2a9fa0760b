"""Sliding windows over a batch of images, as a view, and the adjoint that adds windows back in their places.

Convolution and pooling share them: forward looks through `sliding_windows`, backward hands the gradient of
every window to `add_windows`.
"""

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from alexnet_course.checks import pair


def sliding_windows(x, kernel_size, stride=1):
    """Return every window of the images, without copying a pixel.

    Parameters
    ----------
    x : ndarray, shape (N, H, W, C)
        Images, already padded.
    kernel_size, stride : int or pair of int
        Rows and columns.

    Returns
    -------
    ndarray, shape (N, H', W', kernel_h, kernel_w, C)
        A read-only view: ``windows[n, i, j]`` is what output (i, j) of image n sees. Windows that do not
        fit are left out.

    Raises
    ------
    ValueError
        If `x` has not four axes or the kernel exceeds the image.

    Examples
    --------
    >>> x = np.arange(12).reshape(1, 3, 4, 1)
    >>> windows = sliding_windows(x, kernel_size=2, stride=2)
    >>> windows.shape
    (1, 1, 2, 2, 2, 1)
    >>> windows[0, 0, 1, :, :, 0]
    array([[2, 3],
           [6, 7]])
    """
    kernel_h, kernel_w = pair(kernel_size, "kernel_size", minimum=1)
    stride_h, stride_w = pair(stride, "stride", minimum=1)
    if np.ndim(x) != 4:
        raise ValueError(f"x must have the axes (N, H, W, C); got shape {np.shape(x)}")
    if kernel_h > x.shape[1] or kernel_w > x.shape[2]:
        raise ValueError(f"kernel_size {kernel_h, kernel_w} exceeds the image {x.shape[1:3]}")
    windows = sliding_window_view(x, (kernel_h, kernel_w), axis=(1, 2))  # (N, ., ., C, kernel_h, kernel_w)
    return windows[:, ::stride_h, ::stride_w].transpose(0, 1, 2, 4, 5, 3)


def add_windows(windows, shape, stride=1, out=None):
    """Return images in which every window has been added in its place: the adjoint of `sliding_windows`.

    Where windows overlap, their values add up; pixels that no window covers are 0. For all `x` and `windows`,
    ``(sliding_windows(x, k, s) * windows).sum() == (x * add_windows(windows, x.shape, s)).sum()``.

    Parameters
    ----------
    windows : ndarray, shape (N, H', W', kernel_h, kernel_w, C)
        One value for every pixel of every window.
    shape : tuple of int
        Shape (N, H, W, C) of the images.
    stride : int or pair of int
        Rows and columns from one window to the next.
    out : ndarray, shape `shape`, optional
        Images to add to; by default new ones, of zeros.

    Returns
    -------
    ndarray, shape (N, H, W, C)
        `out`, or a new array of the dtype of `windows`; of int64 for integers, which would soon wrap.

    Raises
    ------
    ValueError
        If the windows do not fit in images of this shape with this stride, or `out` is of another shape or
        dtype.

    Examples
    --------
    >>> add_windows(np.ones((1, 1, 3, 1, 2, 1)), shape=(1, 1, 5, 1)).ravel()
    array([1., 2., 2., 1., 0.])

    Here three windows of two pixels lie in a row of five: the fifth pixel is not covered.
    """
    if windows.ndim != 6 or len(shape) != 4:
        raise ValueError(
            "windows must have the axes (N, H', W', kernel_h, kernel_w, C) and shape be (N, H, W, C); "
            f"got {windows.shape} and {tuple(shape)}"
        )
    stride_h, stride_w = pair(stride, "stride", minimum=1)
    n, rows, columns, kernel_h, kernel_w, channels = windows.shape
    down, across = (rows - 1) * stride_h + 1, (columns - 1) * stride_w + 1  # first window to last
    fits = down + kernel_h - 1 <= shape[1] and across + kernel_w - 1 <= shape[2]
    if (n, channels) != (shape[0], shape[3]) or not fits:
        raise ValueError(
            f"windows of shape {windows.shape} do not fit in images {tuple(shape)} at stride {stride}"
        )
    dtype = windows.dtype if windows.dtype.kind not in "bui" else np.dtype(np.int64)
    images = np.zeros(shape, dtype) if out is None else out
    if images.shape != tuple(shape) or images.dtype != dtype:
        raise ValueError(
            f"out must have shape {tuple(shape)} and dtype {dtype}; got {images.shape}, {images.dtype}"
        )
    # One addition for each place in the window, not one for each window: within it no pixel comes twice.
    for i in range(kernel_h):
        for j in range(kernel_w):
            images[:, i : i + down : stride_h, j : j + across : stride_w] += windows[:, :, :, i, j]
    return images


def portions(examples, numbers, limit):
    """Return in turn which images to work on, so that their copies hold about `limit` numbers at a time.

    Parameters
    ----------
    examples : int
        How many images there are.
    numbers : int
        How many numbers the copy of one image holds.
    limit : int
        One image is always taken, however large.

    Yields
    ------
    slice
        Of equal size; the last may reach past the end.

    Examples
    --------
    >>> list(portions(10, 100, 400))
    [slice(0, 4, None), slice(4, 8, None), slice(8, 12, None)]
    """
    count = math.ceil(examples / max(1, limit // max(1, numbers)))
    step = math.ceil(examples / max(1, count)) or 1  # 1 for an empty batch
    for first in range(0, examples, step):
        yield slice(first, first + step)


def pad_images(x, padding, value=0):
    """Return the images with a border.

    Parameters
    ----------
    x : ndarray, shape (N, H, W, C)
        Images.
    padding : ((int, int), (int, int))
        Pixels ``((top, bottom), (left, right))``, as `geometry.resolve_padding` gives them.
    value : number
        What the border holds.

    Returns
    -------
    ndarray, shape (N, top + H + bottom, left + W + right, C)
        `x` itself when nothing is added.

    Examples
    --------
    >>> pad_images(np.ones((1, 1, 2, 1)), ((0, 0), (1, 2))).ravel()
    array([0., 1., 1., 0., 0.])
    """
    (top, bottom), (left, right) = padding
    if not (top or bottom or left or right):
        return x
    n, height, width, channels = x.shape
    padded = np.full((n, top + height + bottom, left + width + right, channels), value, x.dtype)
    padded[:, top : top + height, left : left + width] = x
    return padded


def crop_images(padded, padding):
    """Return the images without their border, as a view: the adjoint of `pad_images` with zeros.

    Parameters
    ----------
    padded : ndarray, shape (N, H, W, C)
        Images with a border.
    padding : ((int, int), (int, int))
        Pixels ``((top, bottom), (left, right))``.

    Examples
    --------
    >>> crop_images(np.arange(5).reshape(1, 1, 5, 1), ((0, 0), (1, 2))).ravel()
    array([1, 2])
    """
    (top, bottom), (left, right) = padding
    return padded[:, top : padded.shape[1] - bottom, left : padded.shape[2] - right]
