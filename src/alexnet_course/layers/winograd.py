"""Convolution with fewer multiplications: Winograd's method, for stride 1 and kernels of 3x3 or 5x5.

Multiplying two polynomials is cheap at points: evaluate both, multiply the values, interpolate. A filter that
slides along a row is such a product. So a tile of 7 x 7 pixels and a kernel are both evaluated, at seven
points an axis, multiplied value by value (49 products instead of the 225 that 5 x 5 outputs of a 3 x 3 kernel
take), and the result is brought back. In between, 49 matrix products sum over the channels.

What it costs is digits: in float32 results err by 4e-6 to 2e-5 of the largest, those of `im2col` by up to
7e-7. Rounding follows the loudest number of a tile, not of a window: beside one pixel of 10,000 among ones,
outputs of up to 6 that do not see it are off by up to 0.02; beside one of a million, by 2.
``Conv2D(..., algorithm="im2col")`` keeps them right.

Source: Lavin and Gray (2016), arXiv:1509.09308, after Winograd (1980) and Toom and Cook (1963 to 1966).
"""

import math
from functools import cache

import numpy as np

from alexnet_course.windows import add_windows, pad_images, portions, sliding_windows
from alexnet_course.workspace import temporary

TILE = 7
#: How many numbers the values of all tiles may hold at a time (4 MB of float32).
PORTION = 1 << 20
#: Where polynomials are evaluated; the seventh point is infinity. Small numbers keep rounding errors small.
POINTS = (0.0, 1.0, -1.0, 2.0, -2.0, 0.5)


def transforms(kernel_size):
    """Return the three changes of basis for one axis: to the outputs, from a kernel, from seven pixels.

    Examples
    --------
    >>> to_outputs, from_kernel, from_pixels = transforms(3)
    >>> pixels, kernel = np.array([3.0, 1, 4, 1, 5, 9, 2]), np.array([1.0, 0, -1])
    >>> (to_outputs @ ((from_kernel @ kernel) * (from_pixels @ pixels))).round(9)
    array([-1.,  0., -1., -8.,  3.])
    """
    points = np.array(POINTS)
    to_outputs = np.vander(
        points, TILE + 1 - kernel_size, increasing=True
    ).T  # powers 0, 1, ... of each point
    from_kernel = np.vander(points, kernel_size, increasing=True)
    from_pixels = np.zeros((TILE, TILE))
    for row, point in enumerate(points):
        others = np.delete(points, row)
        from_kernel[row] /= np.prod(point - others)
        from_pixels[row, :-1] = np.poly(others)[::-1]  # the polynomial that is 0 at all other points
    from_pixels[-1] = np.poly(points)[::-1]
    at_infinity = np.eye(TILE)[-1:]  # only the highest power counts there
    to_outputs = np.hstack([to_outputs, at_infinity[:, -len(to_outputs) :].T])
    from_kernel = np.vstack([from_kernel, at_infinity[:, -kernel_size:]])
    # Even magnitudes lose fewer digits; powers of two change no digit themselves.
    scale = 2.0 ** np.round(np.log2(np.abs(from_pixels).sum(axis=1, keepdims=True)))
    return to_outputs, from_kernel * scale, from_pixels / scale


@cache
def _transforms_of_tiles(kernel_size, dtype):
    """Return the changes of basis for both axes at once, for flattened tiles."""
    return tuple(np.kron(matrix, matrix).astype(dtype) for matrix in transforms(kernel_size))


def tiles(padded, kernel_size):
    """Return the overlapping tiles of padded images at the points, (49, tiles, C), and their grid."""
    outputs = TILE + 1 - kernel_size
    steps = _counts([size - kernel_size + 1 for size in padded.shape[1:3]], outputs)
    covered = (step * outputs + kernel_size - 1 for step in steps)
    missing = [(0, full - size) for full, size in zip(covered, padded.shape[1:3], strict=True)]
    windows = sliding_windows(pad_images(padded, missing), TILE, outputs)  # (N, rows, columns, 7, 7, C)
    windows = windows.transpose(3, 4, 0, 1, 2, 5)
    pixels = temporary("pixels", windows.shape, padded.dtype)
    np.copyto(pixels, windows)
    _, _, from_pixels = _transforms_of_tiles(kernel_size, padded.dtype)
    values = _product("values", from_pixels, pixels.reshape(TILE**2, -1))
    return values.reshape(TILE**2, -1, padded.shape[3]), windows.shape[2:5]


def responses(padded, weight, stride, out):
    """Write what `im2col.responses` writes, up to rounding."""
    kernel_size, outputs = weight.shape[0], TILE + 1 - weight.shape[0]
    to_outputs, from_kernel, _ = _transforms_of_tiles(kernel_size, padded.dtype)
    filters = _evaluated(weight, from_kernel)
    for images in _portions(padded, weight):
        values, grid = tiles(padded[images], kernel_size)
        products = _product("products", values, filters)  # (49, tiles, filters)
        # A small product for each tile: few rows by very many columns would be copied first, at great cost.
        blocks = _product("pixels", to_outputs, products.transpose(1, 0, 2))
        blocks = blocks.reshape(*grid, outputs, outputs, -1)
        for i in range(outputs):
            for j in range(outputs):
                y = out[images, i::outputs, j::outputs]  # less the tiles' outputs beyond the edge
                y[...] = blocks[:, : y.shape[1], : y.shape[2], i, j]


def gradients(padded, weight, stride, grad_output, grad_weight, grad_padded=None):
    """Write what `im2col.gradients` writes: the steps of `responses` backwards, each matrix transposed."""
    kernel_size, outputs = weight.shape[0], TILE + 1 - weight.shape[0]
    to_outputs, from_kernel, from_pixels = _transforms_of_tiles(kernel_size, padded.dtype)
    filters = None if grad_padded is None else _evaluated(weight, from_kernel)
    for images in _portions(padded, weight):
        values, grid = tiles(padded[images], kernel_size)
        missing = [
            (0, count * outputs - size) for count, size in zip(grid[1:], grad_output.shape[1:3], strict=True)
        ]
        windows = pad_images(grad_output[images], missing).reshape(*grid[:2], outputs, grid[2], outputs, -1)
        windows = windows.transpose(0, 1, 3, 2, 4, 5)
        blocks = temporary("pixels", windows.shape, windows.dtype)
        np.copyto(blocks, windows)
        blocks = blocks.reshape(-1, outputs**2, blocks.shape[-1])
        grad_products = _at_the_points("products", to_outputs.T, blocks)  # (49, tiles, filters)
        grad_filters = _product("grad_filters", values.transpose(0, 2, 1), grad_products)  # (49, C, filters)
        grad_kernels = _product("kernels", from_kernel.T, grad_filters.transpose(1, 0, 2))
        grad_weight += np.moveaxis(grad_kernels.reshape(-1, kernel_size, kernel_size, weight.shape[3]), 0, 2)
        if grad_padded is None:
            continue
        grad_values = _product("values", grad_products, filters.transpose(0, 2, 1))  # (49, tiles, C)
        grad_pixels = _product("pixels", from_pixels.T, grad_values.reshape(TILE**2, -1))
        grad_tiles = grad_pixels.reshape(TILE, TILE, *grid, -1).transpose(2, 3, 4, 0, 1, 5)
        height, width = (count * outputs + kernel_size - 1 for count in grid[1:])
        enlarged = add_windows(grad_tiles, (grid[0], height, width, padded.shape[3]), outputs)
        grad_padded[images] = enlarged[:, : padded.shape[1], : padded.shape[2]]


def _evaluated(weight, from_kernel):
    """Return the filters evaluated at the points, shape (49, C, filters)."""
    kernels = weight.reshape(-1, *weight.shape[2:])
    return _at_the_points("filters", from_kernel, kernels.transpose(1, 0, 2))


def _at_the_points(name, matrix, array):
    """Return what a change of basis makes of the middle axis, which comes first then."""
    values = temporary(name, (TILE**2, len(array), array.shape[2]), array.dtype)
    np.matmul(matrix, array, out=values.transpose(1, 0, 2))
    return values


def _product(name, first, second):
    """Return a matrix product, or several, in memory that is used again."""
    several = np.broadcast_shapes(first.shape[:-2], second.shape[:-2])
    shape = *several, first.shape[-2], second.shape[-1]
    return np.matmul(first, second, out=temporary(name, shape, second.dtype))


def _portions(padded, weight):
    """Return in turn which images to work on: few, so that what stands between the steps stays small.

    Every portion reads all filters at the points, so its tiles hold half as many numbers as these at least.
    """
    kernel_size = weight.shape[0]
    places = [size - kernel_size + 1 for size in padded.shape[1:3]]
    limit = max(PORTION, TILE**2 * math.prod(weight.shape[2:]) // 2)
    tiles_an_image = math.prod(_counts(places, TILE + 1 - kernel_size))
    return portions(len(padded), TILE**2 * tiles_an_image * max(weight.shape[2:]), limit)


def pays(weight, stride, places):
    """Return whether Winograd's method is right here, and faster than `im2col`.

    It depends on the filters of one group, the stride and the places (N, H', W') that each filter looks at.
    """
    kernel_h, kernel_w, channels, filters = weight.shape
    possible = kernel_h == kernel_w and kernel_h in (3, 5) and tuple(stride) == (1, 1)
    if not possible or weight.dtype not in (np.float32, np.float64):
        return False
    outputs = TILE + 1 - kernel_h
    tiles = math.prod(_counts(places[1:], outputs)) * places[0]  # those at the edge are computed whole
    # Products at the points (evaluating the filters takes as long as 48 tiles) and for the changes of basis;
    # a product of these takes 1.85 times as long as one there.
    products = (tiles + 48) * channels * filters + tiles * (TILE**2 * channels + outputs**2 * filters)
    return 1.85 * TILE**2 * products <= math.prod(places) * weight.size


def is_quiet(array):
    """Return whether all numbers are finite, and so small that no tile overflows where a window does not."""
    # A sum of products is at most the product of two lengths; below this limit, 10^19 times that fits.
    limit = np.sqrt(np.finfo(array.dtype).max)
    return bool(np.vdot(array, array) < limit)


def _counts(sizes, outputs):
    """Return how many tiles, down and across, hold so many outputs."""
    return [-(-size // outputs) for size in sizes]
