"""One convolution in seven ways, from a step for every product to all cores, and what each asks of a machine.

Each rung has the arguments of `layers.im2col.responses`: padded images, the filters of one group, a pair of
strides, and where to write the responses. All of them give the same numbers up to rounding. A dense layer is
a convolution with one window, so fc6 climbs the same ladder.
"""

import functools
import math
from typing import NamedTuple

import numpy as np

from alexnet_course import workers
from alexnet_course.alexnet import INPUT_SHAPE, TABLE, Convolution, Pooling
from alexnet_course.geometry import output_size
from alexnet_course.layers import im2col, winograd
from alexnet_course.windows import sliding_windows

BYTES = 4  # of a float32


def loops(padded, weight, stride, out):
    """Write the responses with a step of Python for every product."""
    for n, i, j, f in np.ndindex(out.shape):
        total = 0.0
        for row, column, c in np.ndindex(weight.shape[:3]):
            pixel = padded[n, i * stride[0] + row, j * stride[1] + column, c]
            total += pixel * weight[row, column, c, f]
        out[n, i, j, f] = total


def one_filter(padded, weight, stride, out):
    """Write the responses with a step for every window and filter; NumPy multiplies the two."""
    kernel_h, kernel_w = weight.shape[:2]
    for n, i, j, f in np.ndindex(out.shape):
        window = padded[n, i * stride[0] :, j * stride[1] :][:kernel_h, :kernel_w]
        out[n, i, j, f] = np.sum(window * weight[..., f])


def one_window(padded, weight, stride, out):
    """Write the responses with a step for every window, which is multiplied with all filters at once."""
    kernel_h, kernel_w = weight.shape[:2]
    filters = weight.reshape(-1, weight.shape[-1])
    for n, i, j in np.ndindex(out.shape[:3]):
        window = padded[n, i * stride[0] :, j * stride[1] :][:kernel_h, :kernel_w]
        out[n, i, j] = window.reshape(-1) @ filters


def fresh_matrix(padded, weight, stride, out):
    """Write the responses of all windows as one product of matrices, in memory that was just asked for."""
    windows = sliding_windows(padded, weight.shape[:2], stride)
    matrix = windows.reshape(-1, math.prod(weight.shape[:3]))  # a row a window: this copies
    np.matmul(matrix, weight.reshape(-1, weight.shape[-1]), out=out.reshape(len(matrix), -1))


def all_cores(padded, weight, stride, out, piece=im2col.responses):
    """Write the responses on several cores: a part of the images each, or of a dense layer's features.

    Krizhevsky (2014), arXiv:1404.5997, splits the images where a layer has few weights and much work, and the
    features where it has many weights: then nobody needs all of either. `workers` says how many cores.
    """
    dense = out.shape[1:3] == (1, 1)

    def work(part):
        if dense:
            piece(padded, weight[..., part], stride, out[..., part])
        else:
            piece(padded[part], weight, stride, out[part])

    with workers.together() as number:
        workers.run(work, workers.equal_parts(out.shape[3 if dense else 0], number))


#: The rungs by their names, from the slowest on; Winograd's needs stride 1 and kernels of 3 or 5.
RUNGS = {
    "product by product": loops,
    "window by filter": one_filter,
    "window by window": one_window,
    "matrix product": fresh_matrix,
    "memory kept": im2col.responses,
    "Winograd": winograd.responses,
    "all cores": all_cores,
}
NAMES = tuple(RUNGS)


class Shape(NamedTuple):
    """What a convolution of the table comes to: sizes of one of its groups, and how many groups there are."""

    name: str
    height: int  # of the padded input, as is the width
    channels: int
    kernel_size: int
    stride: int
    filters: int
    groups: int
    side: int  # places down, and across

    @property
    def window(self):
        """How many numbers a window of one group holds."""
        return self.kernel_size**2 * self.channels

    @property
    def winograd(self):
        """Whether Winograd's method is possible."""
        return self.stride == 1 and self.kernel_size in (3, 5)

    def arrays(self, images, rng):
        """Return padded images and filters of random numbers, and a place for the responses."""
        size, all_channels = self.height, self.channels * self.groups
        padded = rng.standard_normal((images, size, size, all_channels), np.float32)
        weight = (self.kernel_size, self.kernel_size, self.channels, self.filters * self.groups)
        weight = rng.standard_normal(weight, np.float32) / np.float32(np.sqrt(self.window))
        return padded, weight, np.empty((images, self.side, self.side, weight.shape[-1]), np.float32)


@functools.cache
def shapes():
    """Return the shapes of conv1 to conv5 and, as a convolution with one window, of fc6, by their names.

    Examples
    --------
    >>> shapes()["conv2"]
    Shape(name='conv2', height=31, channels=48, kernel_size=5, stride=1, filters=128, groups=2, side=27)
    """
    found, side, channels = {}, *INPUT_SHAPE[1:]
    for row in TABLE:
        match row:
            case Convolution():
                height = side + 2 * row.padding
                side = output_size(side, row.kernel_size, row.stride, row.padding)
                sizes = channels // row.groups, row.kernel_size, row.stride, row.filters // row.groups
                found[row.name] = Shape(row.name, height, *sizes, row.groups, side)
                channels = row.filters
            case Pooling():
                side = output_size(side, row.pool_size, row.stride)
            case _:
                found[row.name] = Shape(row.name, 1, side**2 * channels, 1, 1, row.out_features, 1, 1)
                return found


def responses(rung, padded, weight, stride, groups=1, out=None, **options):
    """Return the responses of all groups, computed by a rung; into `out`, or into fresh memory.

    Examples
    --------
    >>> x, weight = np.ones((1, 3, 3, 1)), np.ones((2, 2, 1, 1))
    >>> responses(one_filter, x, weight, 1).ravel()
    array([4., 4., 4., 4.])
    """
    if out is None:
        rows, columns = (
            output_size(size, kernel, stride)
            for size, kernel in zip(padded.shape[1:3], weight.shape, strict=False)
        )
        out = np.empty((len(padded), rows, columns, weight.shape[-1]), padded.dtype)
    channels, members = weight.shape[2], weight.shape[3] // groups
    for g in range(groups):
        seen, own = (slice(g * size, (g + 1) * size) for size in (channels, members))
        rung(padded[..., seen], weight[..., own], (stride, stride), out[..., own], **options)
    return out


def demands(images):
    """Return for every layer of the network but ReLU and dropout what it must do at least: operations, bytes.

    An operation is a multiply-accumulate; in a pool, one of the nine comparisons of a window; in a
    normalization, one of about ten a response (five squares, a power, a division). The bytes are those of the
    input, the weights and the output, each moved once.

    Examples
    --------
    >>> demands(images=1)["fc6"]
    (37748736, 151048192)
    """
    found, side, channels = {}, *INPUT_SHAPE[1:]
    inputs = side**2 * channels
    for row in TABLE:
        match row:
            case Convolution():
                window = row.kernel_size**2 * channels // row.groups
                side, channels = output_size(side, row.kernel_size, row.stride, row.padding), row.filters
                outputs, weights = side**2 * channels, window * channels
                work = outputs * window
            case Pooling():
                side, weights = output_size(side, row.pool_size, row.stride), 0
                outputs = side**2 * channels
                work = outputs * row.pool_size**2
            case _:
                outputs, weights = row.out_features, inputs * row.out_features
                work = weights
        found[row.name] = images * work, BYTES * (images * (inputs + outputs) + weights)
        if getattr(row, "normalized", False):
            found[f"lrn{row.name[-1]}"] = 10 * images * outputs, 2 * BYTES * images * outputs
        inputs = outputs
    return found


class Stage(NamedTuple):
    """What a stage of a rung asks for: products, and bytes of main memory, of a cache, and of new pages."""

    name: str
    products: int
    memory: int
    cache: int
    fresh: int = 0


def stages(shape, rung, images):
    """Return the stages of a rung, and how many steps of Python it takes (0 where they do not count).

    Every call reads what it is given and writes what it makes, once. What a call finds in a cache is what
    the call before it left there, or what every step reads again; the rest comes from main memory. What the
    system hands out for the first time is counted once more, as fresh: it is cleared before.

    Parameters
    ----------
    shape : Shape
    rung : str
        One of `NAMES` but for "all cores", which has the stages of the rung that is spread.
    images : int

    Returns
    -------
    (list of Stage, int)
        An empty list where the rung is not possible.

    Examples
    --------
    >>> [copy, product], _ = stages(shapes()["conv1"], "matrix product", images=1)
    >>> product.products, copy.fresh
    (105415200, 4392300)
    """
    _, height, channels, k, _, filters, groups, side = shape
    places = images * side**2 * groups
    inputs = images * height**2 * channels * groups * BYTES
    weights = shape.window * filters * groups * BYTES
    outputs = places * filters * BYTES
    matrix = places * shape.window * BYTES
    products = places * shape.window * filters
    once = inputs + weights + outputs
    again = products * BYTES - weights  # the filters are read for every window; the first time is in `once`
    if rung == NAMES[0]:
        return [Stage("multiply, add", products, once, again + products * BYTES)], products
    if rung == NAMES[1]:  # both operands are read; their products are written, and read to add them up
        return [Stage("multiply, add", products, once, again + 3 * products * BYTES)], places * filters
    if rung == NAMES[2]:
        read = again + matrix + outputs
        return [Stage("window times filters", products, once, read)], places
    if rung == NAMES[3]:
        copy = Stage("windows into rows", 0, inputs + matrix, matrix, matrix)
        return [copy, Stage("product", products, matrix + weights + outputs, 0, outputs)], 0
    if rung == NAMES[4]:
        copy = Stage("windows into rows", 0, inputs, 2 * matrix)
        return [copy, Stage("product", products, weights + outputs, matrix)], 0
    if rung != NAMES[5]:
        raise ValueError(f"rung must be one of {', '.join(NAMES[:6])}; got {rung!r}")
    if not shape.winograd:
        return [], 0
    m, points = winograd.TILE + 1 - k, winograd.TILE**2
    tiles = images * math.ceil(side / m) ** 2 * groups
    pixels, evaluated = points * tiles * channels, points * channels * filters * groups
    sums, kept = points * tiles * filters, m**2 * tiles * filters
    return [
        Stage("cut tiles", 0, inputs, 2 * pixels * BYTES),
        Stage("tiles to the points", points * pixels, 0, 2 * pixels * BYTES),
        Stage("filters to the points", evaluated * k**2, weights + evaluated * BYTES, 0),
        Stage("products", points * tiles * channels * filters, evaluated * BYTES, (pixels + sums) * BYTES),
        Stage("back to responses", points * kept, 0, (sums + kept) * BYTES),
        Stage("tiles into maps", 0, outputs, 3 * kept * BYTES),
    ], 0


def seconds(stage, rates):
    """Return how long a stage takes at these rates: as its products, or as its bytes, if that is longer.

    `rates` says how much of each there is a second: ``products``, and bytes of ``memory``, ``cache`` and
    ``fresh``.
    """
    moved = stage.memory / rates["memory"] + stage.cache / rates["cache"] + stage.fresh / rates["fresh"]
    return max(stage.products / rates["products"], moved)
