"""Every layer once more as the loop that its chapter derives: slow, and readable in one glance.

Tests compare the fast layers with these. Arrays have the same axes as in the layers; results are float64.
"""

import numpy as np

from alexnet_course.checks import pair
from alexnet_course.geometry import output_size, resolve_padding


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
    x, weight = np.asarray(x, float), np.asarray(weight, float)
    kernel_h, kernel_w, channels, filters = weight.shape
    if channels * groups != x.shape[3] or filters % groups:
        raise ValueError(f"weight {weight.shape} in {groups} groups does not fit images {x.shape}")
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


def relu(x):
    """Return the positive part of every number of `x`, an array of any shape.

    Examples
    --------
    >>> relu(np.array([-2.0, 0.0, 3.0]))
    array([0., 0., 3.])
    """
    y = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        if x[place] > 0:
            y[place] = x[place]
    return y


def local_response_normalization(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    """Return each response divided by a measure of its neighbours across channels.

    Parameters
    ----------
    x : ndarray, shape (N, H, W, C)
        Responses.
    n : int
        Channels in the sum, the channel itself included; odd.
    k, alpha, beta : float
        The letters of the paper's section 3.3.

    Returns
    -------
    ndarray, shape (N, H, W, C)

    Examples
    --------
    >>> local_response_normalization(np.array([[[[1.0, 3.0, 2.0]]]]), alpha=1).ravel()
    array([0.125, 0.375, 0.25 ])
    """
    x = np.asarray(x, float)
    y = np.zeros(x.shape)
    for c in range(x.shape[-1]):
        first, last = max(0, c - n // 2), min(x.shape[-1] - 1, c + n // 2)
        s = k + alpha * np.sum(x[..., first : last + 1] ** 2.0, axis=-1)
        y[..., c] = x[..., c] / s**beta
    return y


def map_normalization(x, size=5, k=1.0, alpha=4e-5, beta=0.75):
    """Return each response divided by a measure of the places around it in the same channel.

    Parameters
    ----------
    x : ndarray, shape (N, H, W, C)
        Responses.
    size : int
        Places along a side of the window; odd.
    k, alpha, beta : float
        As in `layers.map_normalization.MapNormalization`.

    Returns
    -------
    ndarray, shape (N, H, W, C)

    Examples
    --------
    >>> map_normalization(np.array([2.0, 2.0, 1.0]).reshape(1, 1, 3, 1), size=3, k=7, alpha=1)[0, 0, 1]
    array([0.25])
    """
    x, reach = np.asarray(x, float), size // 2
    y = np.zeros(x.shape)
    for i in range(x.shape[1]):
        for j in range(x.shape[2]):
            around = x[:, max(0, i - reach) : i + reach + 1, max(0, j - reach) : j + reach + 1]
            s = k + alpha * np.sum(around**2.0, axis=(1, 2))
            y[:, i, j] = x[:, i, j] / s**beta
    return y


def max_pooling(x, pool_size, stride=None, padding="valid"):
    """Return the largest value of each window, channel by channel.

    Parameters
    ----------
    x : ndarray, shape (N, H, W, C)
        Images.
    pool_size, stride : int or pair of int
        Pixels of a window, and from one to the next; a stride of None means `pool_size`.
    padding : int, pair of int, "valid" or "same"
        Pixels of minus infinity on each side.

    Returns
    -------
    ndarray, shape (N, H', W', C)

    Examples
    --------
    >>> max_pooling(np.array([1, 3, 2, 0, 9]).reshape(1, 1, 5, 1), (1, 2)).ravel()
    array([3., 2.])
    """
    pool_h, pool_w = pair(pool_size, "pool_size", minimum=1)
    stride_h, stride_w = pair(pool_size if stride is None else stride, "stride", minimum=1)
    sides = resolve_padding(padding, x.shape[1:3], (pool_h, pool_w), (stride_h, stride_w))
    rows = output_size(x.shape[1], pool_h, stride_h, sides[0])
    columns = output_size(x.shape[2], pool_w, stride_w, sides[1])
    x = np.pad(x.astype(float), ((0, 0), *sides, (0, 0)), constant_values=-np.inf)
    y = np.zeros((len(x), rows, columns, x.shape[3]))
    for n, i, j, c in np.ndindex(y.shape):
        y[n, i, j, c] = np.max(x[n, i * stride_h :, j * stride_w :, c][:pool_h, :pool_w])
    return y


def max_pooling_backward(x, grad_output, pool_size, stride=None, padding="valid"):
    """Return the gradient of `x`: every window pays its first largest pixel, or its first NaN.

    Parameters
    ----------
    x : ndarray, shape (N, H, W, C)
        Images, as they were given to `max_pooling`.
    grad_output : ndarray, shape (N, H', W', C)
        How much the loss changes with each output.
    pool_size, stride, padding
        As in `max_pooling`.

    Returns
    -------
    ndarray, shape (N, H, W, C)

    Examples
    --------
    >>> x = np.array([1, 3, 3]).reshape(1, 1, 3, 1)
    >>> max_pooling_backward(x, np.ones((1, 1, 2, 1)), (1, 2), 1).ravel()
    array([0., 2., 0.])
    """
    pool_h, pool_w = pair(pool_size, "pool_size", minimum=1)
    stride_h, stride_w = pair(pool_size if stride is None else stride, "stride", minimum=1)
    (above, _), (before, _) = resolve_padding(padding, x.shape[1:3], (pool_h, pool_w), (stride_h, stride_w))
    grad_input = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(grad_output.shape):
        top, left = i * stride_h - above, j * stride_w - before  # negative in the padding
        first, side = max(top, 0), max(left, 0)
        window = x[n, first : top + pool_h, side : left + pool_w, c]
        row, column = np.unravel_index(np.argmax(window), window.shape)  # the first of equal ones
        grad_input[n, first + row, side + column, c] += grad_output[n, i, j, c]
    return grad_input


def global_average(x):
    """Return the mean of each channel over all rows and columns.

    Parameters
    ----------
    x : ndarray, shape (N, H, W, C)
        Images.

    Returns
    -------
    ndarray, shape (N, C)

    Examples
    --------
    >>> global_average(np.arange(8).reshape(1, 2, 2, 2))
    array([[3., 4.]])
    """
    images, height, width, channels = x.shape
    y = np.zeros((images, channels))
    for n, i, j, c in np.ndindex(x.shape):
        y[n, c] += x[n, i, j, c] / (height * width)
    return y


def flatten(x):
    """Return each image of `x`, shape (N, H, W, C), as one row in the order rows, columns, channels.

    Examples
    --------
    >>> flatten(np.arange(8).reshape(2, 1, 2, 2))
    array([[0., 1., 2., 3.],
           [4., 5., 6., 7.]])
    """
    _, height, width, channels = x.shape
    y = np.zeros((len(x), height * width * channels))
    for n, i, j, c in np.ndindex(x.shape):
        y[n, (i * width + j) * channels + c] = x[n, i, j, c]
    return y


def dense(x, weight, bias):
    """Return the weighted sums of every example.

    Parameters
    ----------
    x : ndarray, shape (N, in_features)
        Examples.
    weight : ndarray, shape (in_features, out_features)
        One column an output.
    bias : ndarray, shape (out_features,)
        One number an output.

    Returns
    -------
    ndarray, shape (N, out_features)

    Examples
    --------
    >>> dense(np.array([[1, 2, 3]]), np.array([[1, 0], [0, 1], [1, 1]]), np.ones(2))
    array([[5., 6.]])
    """
    x, weight = np.asarray(x, float), np.asarray(weight, float)
    y = np.zeros((len(x), weight.shape[1]))
    for n, o in np.ndindex(y.shape):
        y[n, o] = np.sum(x[n] * weight[:, o]) + bias[o]
    return y


def dropout(x, rate, rng):
    """Return `x` as in training: each number tosses its own coin, what stays grows to keep the average.

    Parameters
    ----------
    x : ndarray, any shape
        Numbers.
    rate : float
        Probability of 0, from 0 to below 1.
    rng : numpy.random.Generator
        Tosses the coins, in the order of the numbers.

    Returns
    -------
    ndarray, shape of `x`

    Examples
    --------
    >>> dropout(np.ones(6), 0.5, np.random.default_rng(0))
    array([2., 0., 0., 0., 2., 2.])
    """
    y = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        if rng.random() >= rate:
            y[place] = x[place] / (1 - rate)
    return y


def softmax(x):
    """Return for each row of scores, shape (N, classes), its shares of 1.

    Examples
    --------
    >>> softmax(np.array([[1.0, 2.0, 0.0]])).round(4)
    array([[0.2447, 0.6652, 0.09  ]])
    """
    x = np.asarray(x, float)
    y = np.zeros(x.shape)
    for n in range(len(x)):
        exponentials = np.exp(x[n] - np.max(x[n]))
        y[n] = exponentials / np.sum(exponentials)
    return y


def cross_entropy(logits, labels):
    """Return the mean of ``-log softmax(logits)[label]``, for logits (N, classes) and labels (N,).

    Examples
    --------
    >>> round(cross_entropy(np.array([[1.0, 2.0, 0.0]]), [0]), 4)
    1.4076
    """
    logits = np.asarray(logits, float)
    total = 0.0
    for n, label in enumerate(labels):
        largest = np.max(logits[n])
        total += largest + np.log(np.sum(np.exp(logits[n] - largest))) - logits[n, label]
    return float(total / len(logits))
