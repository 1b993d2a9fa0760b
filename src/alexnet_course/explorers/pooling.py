"""The pooling explorer: which pixel of each window goes on, and for how many windows it speaks."""

import math
from typing import NamedTuple

import numpy as np

from alexnet_course.data import tile
from alexnet_course.explorers.convolution import reached, resample, windows_along
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import NamedMatrix, Whole
from alexnet_course.explorers.made import made
from alexnet_course.layers import MaxPooling2D, ReLU

PHOTOGRAPH_SIZE = 12  # pixels along a side: small enough to read every number


def tile_map(name):
    """Return one of the tile's three maps after ReLU, shape (5, 5)."""
    return ReLU().forward(tile.MAPS)[0, :, :, tile.FILTERS.index(name)].astype(float)


def winners(layer, image):
    """Return which number of an image each number of a pool's output is, as an index of ``image.ravel()``."""
    shape = layer.output_shape(image.shape)
    count = math.prod(shape)
    layer.forward(np.broadcast_to(image, (count, *image.shape)))
    paid = layer.backward(np.eye(count).reshape(count, *shape))  # in each copy one output alone
    return paid.reshape(count, -1).argmax(axis=1).reshape(shape)


class Winner(NamedTuple):
    """The pixel of a window that goes on."""

    row: int
    column: int
    value: float


class PoolingExplorer(Explorer):
    """A pool moves over a map; of every window the largest value goes on.

    Traits, each a `ValueError` when out of range:

    picture : "left edge", "top edge", "bright column", "photograph", or a square array
        What is pooled: a map of the tile after ReLU, a photograph of 12 by 12 grey levels, or your own.
    pool_size : int, 1 to 5
    stride : int, 1 to 5
    padding : int, 0 to 2
        Pixels of minus infinity on each side, which never win.
    row, column : int, 0 to 67
        The window under study; where there are fewer, the last one is shown.

    >>> explorer = PoolingExplorer()
    >>> explorer.output
    array([[3., 3.],
           [4., 4.]])
    >>> explorer.wins[2, 2]
    np.int64(2)
    >>> explorer
    PoolingExplorer(pool_size=3, stride=2, padding=0)
    """

    _module = "pooling"
    _title = "The largest number of each window"
    _try = "set the stride to 1, and see which pixel wins most often."
    _shown_in_repr = ("pool_size", "stride", "padding")
    checked = ("image", "output_size", "output", "winners", "wins", "reached", "unused")

    picture = NamedMatrix(*tile.FILTERS, "photograph", most=64, limit=999, default="top edge")
    pool_size = Whole(3, 1, 5)
    stride = Whole(2, 1, 5)
    padding = Whole(0, 0, 2)
    row = Whole(1, 0, 67)
    column = Whole(0, 0, 67)

    @property
    def image(self):
        """The map on screen, square."""
        if not isinstance(self.picture, str):
            return np.array(self.picture, dtype=float)
        if self.picture == "photograph":
            return resample(made("pictures")["photograph"], PHOTOGRAPH_SIZE).astype(float)
        return tile_map(self.picture)

    @property
    def output_size(self):
        """Windows along one side; 0 when none fits, or when one would lie in the padding alone."""
        if self.padding >= self.pool_size:
            return 0
        return windows_along(len(self.image), self.pool_size, self.stride, self.padding)

    def _pool(self):
        """Return the layer after its forward pass, and its output (1, n, n, 1)."""
        layer = MaxPooling2D(self.pool_size, self.stride, self.padding)
        return layer, layer.forward(self.image[np.newaxis, :, :, np.newaxis])

    @property
    def output(self):
        """The pooled map, shape (output_size, output_size)."""
        return self._pool()[1][0, :, :, 0] if self.output_size else np.zeros((0, 0))

    @property
    def winners(self):
        """The pixel that goes on of each window, the first of equals: rows of `Winner`, none in padding."""
        if not self.output_size:
            return []
        image = self.image
        layer = MaxPooling2D(self.pool_size, self.stride, self.padding)
        places = winners(layer, image[..., np.newaxis])[..., 0].tolist()
        return [[Winner(*divmod(at, len(image)), float(image.flat[at])) for at in row] for row in places]

    @property
    def wins(self):
        """How many windows each pixel wins: the map's gradient when every output has gradient 1."""
        if not self.output_size:
            return np.zeros(self.image.shape, int)
        layer, output = self._pool()
        return layer.backward(np.ones_like(output))[0, :, :, 0].astype(int)

    @property
    def reached(self):
        """Whether any window reads each row, or column, of the map: bool array (size,)."""
        size = len(self.image)
        if not self.output_size:
            return np.zeros(size, bool)
        return reached(size, self.pool_size, self.stride, self.padding)

    @property
    def unused(self):
        """How many pixels of the map no window reads."""
        return self.image.size - int(self.reached.sum()) ** 2

    def _sentence(self):
        n, size = self.output_size, len(self.image)
        shown = f"Max pooling, {self.pool_size} by {self.pool_size} at stride {self.stride}, padding "
        shown += f"{self.padding}, of a map of {size} by {size}: "
        if not n:
            return shown + "no window fits."
        row, column = min(self.row, n - 1), min(self.column, n - 1)
        value = drawing.label(self.output[row, column], 2)
        return f"{shown}output {n} by {n}. Window ({row}, {column}) passes on {value}."

    _alt = "A map, its pooled output, and how many windows each pixel of the map wins; one window is framed."

    def _static_picture(self):
        """Return map, output and wins side by side."""
        image, output, wins, n = self.image, self.output, self.wins, self.output_size
        size, k, stride, padding = len(image), self.pool_size, self.stride, self.padding
        total = max(size + 2 * padding, (n - 1) * stride + k)
        unit, top = 204 / total, 48
        first, second, third = 24, 270, 516
        shades = drawing.grey if self.picture == "photograph" else drawing.signed(abs(image).max())
        picture = drawing.Drawing(728, 260)
        picture.title(first, 22, "Map", f"{size} × {size}")
        picture.title(second, 22, "Output", f"{n} × {n}")
        picture.title(third, 22, "Wins", "windows a pixel")
        offset = padding * unit
        for left, values, colour in ((first, image, shades), (third, wins, drawing.signed(wins.max()))):
            picture.cells(values, left + offset, top + offset, unit, colour)
            picture.ticks(left + offset, top + offset, unit, size, size)
        picture.frame(
            second + offset, top + offset, size * unit, stroke=drawing.MUTED, stroke_dasharray="1.5 4"
        )
        if not n:
            picture.text(second + 102, top + 106, "no window fits", fill=drawing.MUTED)
            return picture
        shift, gap = (k - stride) / 2 * unit, max(0, stride - k) * unit
        shades = drawing.grey if self.picture == "photograph" else drawing.signed(abs(output).max())
        picture.cells(output, second + shift, top + shift, stride * unit, shades, gap=gap)
        row, column = (min(at, n - 1) * stride for at in (self.row, self.column))
        inner = (k - min(stride, k)) / 2
        picture.window(first + column * unit, top + row * unit, k * unit)
        picture.window(second + (column + inner) * unit, top + (row + inner) * unit, min(stride, k) * unit)
        return picture
