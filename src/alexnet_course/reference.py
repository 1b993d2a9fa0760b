"""Every layer once more as the loop that its chapter derives: slow, and readable in one glance.

Tests compare the fast layers with these. Arrays have the same axes as in the layers; results are float64.
"""

import numpy as np

from alexnet_course.geometry import output_size, pair, resolve_padding


def convolution(x, weight, bias, stride=1, padding="valid", groups=1):
    """Return the responses of a bank of filters, one sum of products after the other.

    Parameters
    ----------
    x : ndarray, shape (N, H, W, C)
        Images.
    weight : ndarray, shape (kernel_h, kernel_w, C / groups, filters)
        Filters.
    bias : ndarray, shape (filters,)
        One number a filter.
    stride : int or pair of int
        Pixels (rows, columns) from one window to the next.
    padding : int, pair of int, "valid" or "same"
        Zeros on each side, as in `geometry.resolve_padding`.
    groups : int
        Filter f sees the channels of its own group only.

    Returns
    -------
    ndarray, shape (N, H', W', filters)

    Examples
    --------
    >>> x = np.array([[1.0, 2.0, 4.0]]).reshape(1, 1, 3, 1)
    >>> convolution(x, np.array([-1.0, 1.0]).reshape(1, 2, 1, 1), np.zeros(1)).ravel()
    array([1., 2.])
    """
    kernel_h, kernel_w, channels, filters = weight.shape
    stride_h, stride_w = pair(stride, "stride", minimum=1)
    sides = resolve_padding(padding, x.shape[1:3], (kernel_h, kernel_w), stride)
    rows = output_size(x.shape[1], kernel_h, stride_h, sides[0])
    columns = output_size(x.shape[2], kernel_w, stride_w, sides[1])
    x = np.pad(x, ((0, 0), *sides, (0, 0)))
    y = np.zeros((len(x), rows, columns, filters))
    for n, i, j, f in np.ndindex(y.shape):
        first = f // (filters // groups) * channels  # the first channel of this filter's group
        window = x[n, i * stride_h :, j * stride_w :, first:][:kernel_h, :kernel_w, :channels]
        y[n, i, j, f] = np.sum(window * weight[..., f]) + bias[f]
    return y
