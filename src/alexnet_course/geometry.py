"""Sizes: how many windows fit, what padding adds, what is left over, how far a unit sees, what a layer costs.

Whole numbers only, one axis at a time; from `resolve_padding` on, functions handle both axes of an image.
Every layer asks these functions, so no size is worked out twice.

Sources: Dumoulin and Visin (2016), arXiv:1603.07285, for the formulas; the TensorFlow documentation for
``"same"``; the 2012 source code (``layer.py``, Computer History Museum) for rounding up.
"""

import math
from typing import NamedTuple

from alexnet_course.checks import check_padding, check_shape, pair, whole_number


def _free_steps(size, kernel_size, stride, padding, name="kernel_size"):
    """Return the pixels that the first window leaves free, and the stride, everything checked."""
    size = whole_number(size, "size", minimum=1)
    kernel_size = whole_number(kernel_size, name, minimum=1)
    stride = whole_number(stride, "stride", minimum=1)
    before, after = pair(padding, "padding")
    padded = size + before + after
    if kernel_size > padded:
        shown = before if before == after else f"{before} + {after}"
        raise ValueError(
            f"{name} {kernel_size} exceeds the padded input {padded} (input {size}, padding {shown})"
        )
    return padded - kernel_size, stride


def output_size(size, kernel_size, stride=1, padding=0, rounding="floor"):
    """Return how many windows fit along one axis: ``floor((size + padding - kernel_size) / stride) + 1``.

    Parameters
    ----------
    size : int
        Pixels of the input along this axis.
    kernel_size, stride : int
        Pixels that a window covers, and from one window to the next.
    padding : int or pair of int
        Pixels added on each side, or (before, after).
    rounding : {"floor", "ceil"}
        ``"floor"`` counts the windows that fit, as every layer of this course does. ``"ceil"`` lets the last
        window reach past the edge, as the 2012 code did (``1 + ceil(...)``).

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If a number is out of range, the kernel exceeds the padded input, or `rounding` has another name.

    Examples
    --------
    >>> output_size(227, 11, stride=4), output_size(224, 11, stride=4)
    (55, 54)
    >>> output_size(224, 11, stride=4, rounding="ceil")
    55
    >>> output_size(3, 5)
    Traceback (most recent call last):
    ValueError: kernel_size 5 exceeds the padded input 3 (input 3, padding 0)
    """
    if rounding not in ("floor", "ceil"):
        raise ValueError(f'rounding must be "floor" or "ceil"; got {rounding!r}')
    free, stride = _free_steps(size, kernel_size, stride, padding)
    steps = free // stride if rounding == "floor" else -(-free // stride)
    return steps + 1


def unused_pixels(size, kernel_size, stride=1, padding=0):
    """Return how many pixels at the end of the padded axis no window covers (rounding down).

    Parameters and errors are those of `output_size`. A stride larger than the kernel also skips pixels
    between windows; those are not counted.

    Returns
    -------
    int
        From 0 to ``stride - 1``.

    Examples
    --------
    >>> unused_pixels(227, 11, stride=4), unused_pixels(224, 11, stride=4), unused_pixels(5, 2, stride=2)
    (0, 1, 1)
    """
    free, stride = _free_steps(size, kernel_size, stride, padding)
    return free % stride


def overhang(size, kernel_size, stride=1, padding=0):
    """Return how many pixels the last window reaches past the padded edge when sizes round up.

    So many pixels of padding after the image turn ``"ceil"`` into ``"floor"``. Parameters and errors are
    those of `output_size`.

    Returns
    -------
    int
        From 0 to ``stride - 1``.

    Examples
    --------
    >>> overhang(224, 11, stride=4), overhang(227, 11, stride=4)
    (3, 0)
    """
    free, stride = _free_steps(size, kernel_size, stride, padding)
    return -free % stride


def window_spans(size, kernel_size, stride=1, padding=0, rounding="floor"):
    """Return the first and the last pixel of each window along one axis.

    Below 0, and from `size` on, lies padding. Parameters and errors are those of `output_size`.

    Examples
    --------
    >>> window_spans(7, 3, stride=2, padding=1)
    [(-1, 1), (1, 3), (3, 5), (5, 7)]
    """
    count = output_size(size, kernel_size, stride, padding, rounding)
    before, _ = pair(padding, "padding")
    kernel_size, stride = int(kernel_size), int(stride)  # small integers of NumPy would wrap
    return [(place * stride - before, place * stride - before + kernel_size - 1) for place in range(count)]


def pixels_read(size, kernel_size, stride=1, padding=0, rounding="floor"):
    """Return for each pixel along one axis whether any window reads it, a list of bool.

    Parameters and errors are those of `output_size`.

    Examples
    --------
    >>> pixels_read(6, 2, stride=3)
    [True, True, False, True, True, False]
    """
    spans = window_spans(size, kernel_size, stride, padding, rounding)
    read = {pixel for first, last in spans for pixel in range(first, last + 1)}
    return [pixel in read for pixel in range(size)]


def same_padding(size, kernel_size, stride=1):
    """Return the (before, after) padding for which the output has ``ceil(size / stride)`` values.

    The odd pixel goes after. At stride 1 the output is as large as the input. (TensorFlow's rule.)

    Parameters
    ----------
    size, kernel_size, stride : int
        Pixels along one axis, as in `output_size`.

    Returns
    -------
    tuple of int
        Pixels before and after.

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or below 1.

    Examples
    --------
    >>> same_padding(6, 2), same_padding(6, 4), same_padding(227, 11, stride=4), same_padding(8, 1, stride=4)
    ((0, 1), (1, 2), (4, 4), (0, 0))
    """
    size = whole_number(size, "size", minimum=1)
    kernel_size = whole_number(kernel_size, "kernel_size", minimum=1)
    stride = whole_number(stride, "stride", minimum=1)
    windows = -(-size // stride)
    total = max((windows - 1) * stride + kernel_size - size, 0)
    return total // 2, total - total // 2


def resolve_padding(padding, image_size, kernel_size, stride=1):
    """Return the pixels that `padding` adds around an image.

    Parameters
    ----------
    padding : int, pair of int, "valid" or "same"
        The same number on both sides of an axis; ``"valid"`` is 0; ``"same"`` follows `same_padding`.
    image_size, kernel_size, stride : int or pair of int
        Rows and columns.

    Returns
    -------
    tuple of pairs
        ``((top, bottom), (left, right))``.

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or out of range, or `padding` has another name.

    Examples
    --------
    >>> resolve_padding(2, (27, 27), 5)
    ((2, 2), (2, 2))
    >>> resolve_padding("same", (6, 7), kernel_size=2)
    ((0, 1), (0, 1))
    """
    padding = check_padding(padding)
    if padding == "valid":
        return (0, 0), (0, 0)
    if padding == "same":
        sizes = pair(image_size, "image_size", minimum=1)
        kernels, strides = pair(kernel_size, "kernel_size", minimum=1), pair(stride, "stride", minimum=1)
        return tuple(map(same_padding, sizes, kernels, strides))
    rows, columns = padding
    return (rows, rows), (columns, columns)


def window_grid(image_size, kernel_size, stride=1, padding="valid", name="kernel_size"):
    """Return how many windows fit in an image, and the padding around it: all that a layer needs to know.

    Parameters
    ----------
    image_size, kernel_size, stride : int or pair of int
        Rows and columns.
    padding : int, pair of int, "valid" or "same"
        As in `resolve_padding`.
    name : str
        What messages call the kernel: a pool has a ``pool_size``.

    Returns
    -------
    counts : tuple of int
        Windows (down, across).
    padding : tuple of pairs
        ``((top, bottom), (left, right))``.

    Raises
    ------
    TypeError, ValueError
        As `output_size` and `resolve_padding`.

    Examples
    --------
    >>> window_grid((27, 27), kernel_size=5, padding=2)
    ((27, 27), ((2, 2), (2, 2)))
    """
    sizes, strides = pair(image_size, "image_size", minimum=1), pair(stride, "stride", minimum=1)
    kernels = pair(kernel_size, name, minimum=1)
    sides = resolve_padding(padding, sizes, kernels, strides)
    free = map(_free_steps, sizes, kernels, strides, sides, (name, name))
    return tuple(pixels // step + 1 for pixels, step in free), sides


class Cost(NamedTuple):
    """What a layer comes to, for one example."""

    output_shape: tuple
    """(H, W, C) or (features,)."""
    parameters: int
    multiply_accumulates: int
    """Products with a weight."""


def weight_shape(in_channels, filters, kernel_size, groups=1):
    """Return the shape of the weights of a convolution: (kernel_h, kernel_w, in_channels / groups, filters).

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or below 1, or `groups` does not divide both others.

    Examples
    --------
    >>> weight_shape(96, 256, kernel_size=5, groups=2)
    (5, 5, 48, 256)
    """
    in_channels = whole_number(in_channels, "in_channels", minimum=1)
    filters, groups = whole_number(filters, "filters", minimum=1), whole_number(groups, "groups", minimum=1)
    if in_channels % groups or filters % groups:
        raise ValueError(f"groups must divide in_channels {in_channels} and filters {filters}; got {groups}")
    return *pair(kernel_size, "kernel_size", minimum=1), in_channels // groups, filters


def layer_cost(input_shape, outputs=None, kernel_size=None, stride=1, padding="valid", groups=1):
    """Return the output shape, parameters and multiply-accumulates of a convolution, a pool or a dense layer.

    Nothing is built: the numbers of a layer of a billion weights are there at once.

    Parameters
    ----------
    input_shape : tuple of int
        (H, W, C), or the features of a dense layer, in any shape.
    outputs : int, optional
        Filters of a convolution or outputs of a dense layer, each with a bias; a pool has none.
    kernel_size : int or pair of int, optional
        Of a convolution or a pool; a dense layer has none.
    stride, padding, groups
        As in `Conv2D`.

    Returns
    -------
    Cost

    Raises
    ------
    TypeError, ValueError
        As `window_grid` and `weight_shape`.

    Examples
    --------
    conv1, pool1 and fc8 of AlexNet:

    >>> layer_cost((227, 227, 3), 96, kernel_size=11, stride=4)
    Cost(output_shape=(55, 55, 96), parameters=34944, multiply_accumulates=105415200)
    >>> layer_cost((55, 55, 96), kernel_size=3, stride=2)
    Cost(output_shape=(27, 27, 96), parameters=0, multiply_accumulates=0)
    >>> layer_cost((4096,), 1000)
    Cost(output_shape=(1000,), parameters=4097000, multiply_accumulates=4096000)
    """
    if kernel_size is None:
        inputs = math.prod(check_shape(input_shape, "input_shape"))
        outputs = whole_number(outputs, "outputs", minimum=1)
        return Cost((outputs,), (inputs + 1) * outputs, inputs * outputs)
    *image_size, channels = check_shape(input_shape, "input_shape", ("H", "W", "C"))
    counts, _ = window_grid(image_size, kernel_size, stride, padding)
    if outputs is None:
        return Cost((*counts, channels), 0, 0)
    weights = math.prod(weight_shape(channels, outputs, kernel_size, groups))
    return Cost((*counts, int(outputs)), weights + int(outputs), math.prod(counts) * weights)


def receptive_field(layers):
    """Return how many input pixels one unit sees, and how far apart neighbouring units look.

    Parameters
    ----------
    layers : iterable of (kernel_size, stride)
        One axis of the convolutions and pools from the image on.

    Returns
    -------
    size : int
        Pixels that one unit sees along the axis (edges of the image cut it short).
    jump : int
        Pixels from one unit's window to its neighbour's.

    Raises
    ------
    TypeError, ValueError
        If a number is not whole or below 1.

    Examples
    --------
    conv1 and pool1 of AlexNet:

    >>> receptive_field([(11, 4), (3, 2)])
    (19, 8)
    """
    size = jump = 1
    for kernel_size, stride in _rows(layers, "kernel_size", "stride"):
        size += (whole_number(kernel_size, "kernel_size", minimum=1) - 1) * jump
        jump *= whole_number(stride, "stride", minimum=1)
    return size, jump


def field_span(layers, unit=0):
    """Return the first and the last input pixel that one unit of the last layer sees along one axis.

    Parameters
    ----------
    layers : iterable of (kernel_size, stride, padding)
        One axis of the convolutions and pools from the image on; padding is a number of pixels on each side,
        or (before, after).
    unit : int
        Counted from 0.

    Returns
    -------
    first, last : int
        Below 0, and from the image's size on, lies padding.

    Examples
    --------
    A unit of conv2 sees 51 pixels; the first one looks at 16 that are not there:

    >>> field_span([(11, 4, 0), (3, 2, 0), (5, 1, 2)])
    (-16, 34)
    """
    layers = _rows(layers, "kernel_size", "stride", "padding")
    size, jump = receptive_field((kernel_size, stride) for kernel_size, stride, _ in layers)
    first, step = whole_number(unit, "unit") * jump, 1
    for _, stride, padding in layers:
        first -= pair(padding, "padding")[0] * step
        step *= int(stride)  # small integers of NumPy would wrap
    return first, first + size - 1


def _rows(layers, *names):
    """Return the layers as a list, or raise an error unless each has a number under every name."""
    wanted = f"layers must be a list of ({', '.join(names)})"
    try:
        rows = [tuple(row) for row in layers]
    except TypeError:
        raise TypeError(f"{wanted}; got {layers!r}") from None
    wrong = [row for row in rows if len(row) != len(names)]
    if wrong:
        raise ValueError(f"{wanted}; got {wrong[0]} among them")
    return rows
