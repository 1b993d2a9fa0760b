"""The alexnet explorer: the network of 2012 as a table that can be changed, and what follows from it."""

import functools
import itertools
import math
from typing import NamedTuple

import numpy as np

from alexnet_course import geometry
from alexnet_course.alexnet import INPUT_SHAPE, TABLE, Convolution, FullyConnected
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Whole, Wholes

CONVOLUTIONS = [row for row in TABLE if isinstance(row, Convolution)]
WINDOWS = [row for row in TABLE if not isinstance(row, FullyConnected)]
DENSE = [row for row in TABLE if isinstance(row, FullyConnected)]
GROUPED = [row.name for row in CONVOLUTIONS if row.groups > 1]


class Row(NamedTuple):
    """What one row of the table comes to."""

    name: str
    shape: tuple  #: (H, W, C) or (features,)
    parameters: int
    multiply_accumulates: int
    field: int  #: pixels that one unit sees along a side
    jump: int  #: pixels to what its neighbour sees; 0 where every unit sees everything
    first: int  #: first pixel that unit 0 sees; negative in the padding
    unused: int  #: rows, and columns, that no window reads
    groups: int


class Broken(NamedTuple):
    """The first row that cannot be, and why."""

    name: str
    why: str


@functools.cache
def _parameters_in_2012():
    return AlexNetExplorer(groups=2).parameters


def _millions(number):
    """Return a number in millions to one decimal, as the page writes it."""
    return round(number / 1e6, 1)


class AlexNetExplorer(Explorer):
    """The whole network: change a row, and everything after it follows.

    Traits, each a `ValueError` when out of range; lists follow the order of `alexnet.TABLE`:

    size : int, 16 to 256
        Side of the picture in pixels.
    groups : int, 1 to 4
        Groups of conv2, conv4 and conv5; the network of 2012 has 2.
    layer : int, 0 to 10
        The row under study.
    kernel_sizes, strides : list of 8 int, 1 to 15 and 1 to 8
        Of the convolutions and pools.
    paddings : list of 5 int, 0 to 7
        Of the convolutions.
    filters : list of 5 int, 1 to 1024
        Of the convolutions.
    features : list of 3 int, 1 to 8192
        Units of the dense layers.

    >>> explorer = AlexNetExplorer()
    >>> explorer.parameters, explorer.multiply_accumulates
    (62378344, 1135256096)
    >>> explorer.groups = 2
    >>> explorer.parameters, explorer.multiply_accumulates
    (60965224, 724406816)
    >>> AlexNetExplorer(size=60).broken
    Broken(name='pool5', why='a window of 3 does not fit on 2 pixels')
    """

    _module = "alexnet"
    _title = "The network of 2012, to change"
    _try = "press a layer, move one of its sliders, and follow what changes below it."
    _shown_in_repr = ("size", "groups", "layer")
    checked = ("rows", "broken", "parameters", "multiply_accumulates", "seen", "reached")

    size = Whole(INPUT_SHAPE[0], 16, 256)
    groups = Whole(1, 1, 4)
    layer = Whole(0, 0, len(TABLE) - 1)
    kernel_sizes = Wholes([getattr(row, "kernel_size", None) or row.pool_size for row in WINDOWS], 1, 15)
    strides = Wholes([row.stride for row in WINDOWS], 1, 8)
    paddings = Wholes([row.padding for row in CONVOLUTIONS], 0, 7)
    filters = Wholes([row.filters for row in CONVOLUTIONS], 1, 1024)
    features = Wholes([row.out_features for row in DENSE], 1, 8192)

    @property
    def rows(self):
        """What every row comes to, as far as the network goes: a list of `Row`."""
        return self._computed()[0]

    @property
    def broken(self):
        """The first row that cannot be, and why: a `Broken`, or None."""
        return self._computed()[1]

    @property
    def parameters(self):
        """Parameters of the network; 0 if it is broken."""
        return 0 if self.broken else sum(row.parameters for row in self.rows)

    @property
    def multiply_accumulates(self):
        """Multiply-accumulates of the network for one image; 0 if it is broken."""
        return 0 if self.broken else sum(row.multiply_accumulates for row in self.rows)

    @property
    def seen(self):
        """The pixels along a side that a unit in the middle of `layer` sees, inside the picture.

        The first, and the first beyond them; None where the layer cannot be.
        """
        if self.layer >= len(self.rows):
            return None
        row = self.rows[self.layer]
        middle = (row.shape[0] - 1) // 2 if len(row.shape) == 3 else 0
        first = row.first + middle * row.jump
        return max(0, first), max(0, first, min(self.size, first + row.field))

    @property
    def reached(self):
        """Whether each of the page's four goals is reached, in its order; none where the network is broken.

        After one change the parameters of 2012, in millions to one decimal; after one change fewer than 30
        million; 55 rows after conv1 from a picture of 224; a unit of pool5 that sees the whole picture.
        """
        if self.broken:
            return [False] * 4
        return [
            self._changes() == 1 and _millions(self.parameters) == _millions(_parameters_in_2012()),
            self._changes() == 1 and self.parameters < 30e6,
            self.size == 224 and self.rows[0].shape[0] == 55,
            any(row.name == "pool5" and row.field >= self.size for row in self.rows),
        ]

    def _changes(self):
        """Return how many numbers of the network differ from those it starts with."""
        start = {name: trait.default_value for name, trait in self.traits(state=True).items()}
        differ = (
            np.ravel(getattr(self, name)) != np.ravel(v) for name, v in start.items() if name != "layer"
        )
        return int(sum(map(np.count_nonzero, differ)))

    def _computed(self):
        """Return the rows, and the row that breaks or None."""
        rows, shape, windows = [], (self.size, self.size, INPUT_SHAPE[-1]), []
        for row in TABLE:
            if isinstance(row, FullyConnected):
                made = self._dense(row, shape)
            else:
                made = self._windowed(row, shape, windows)
            if isinstance(made, Broken):
                return rows, made
            rows.append(made)
            shape = made.shape
        return rows, None

    def _dense(self, row, shape):
        """Return what a dense row comes to."""
        cost = geometry.layer_cost(shape, self.features[DENSE.index(row)])
        return Row(row.name, *cost, self.size, 0, 0, 0, 1)

    def _windowed(self, row, shape, windows):
        """Return what a convolution or a pool comes to, after those in `windows`, or why it cannot be."""
        side, _, channels = shape
        at = WINDOWS.index(row)
        kernel_size, stride, padding, filters, groups = self.kernel_sizes[at], self.strides[at], 0, None, 1
        if isinstance(row, Convolution):
            at = CONVOLUTIONS.index(row)
            padding, filters = self.paddings[at], self.filters[at]
            groups = self.groups if row.groups > 1 else 1
        if kernel_size > side + 2 * padding:
            return Broken(row.name, f"a window of {kernel_size} does not fit on {side + 2 * padding} pixels")
        for number, what in ((channels, "input channels"), (filters, "filters")):
            if groups > 1 and number % groups:
                return Broken(row.name, f"{groups} groups do not divide its {number} {what}")
        windows.append((kernel_size, stride, padding))
        field, jump = geometry.receptive_field(window[:2] for window in windows)
        cost = geometry.layer_cost(shape, filters, kernel_size, stride, padding, groups)
        first, unused = geometry.field_span(windows)[0], geometry.unused_pixels(side, *windows[-1])
        return Row(row.name, *cost, field, jump, first, unused, groups)

    _alt = "The layers of AlexNet from above to below, as boxes with wires between them, and their sizes."

    def _sentence(self):
        if self.broken:
            return f"The network ends before {self.broken.name}: {self.broken.why}."
        split = f"{self.groups} groups in {', '.join(GROUPED[:-1])} and {GROUPED[-1]}"
        return (
            f"{split if self.groups > 1 else 'No groups'}: {self.parameters:,} parameters, "
            f"{self.multiply_accumulates:,} multiply-accumulates for a picture of {self.size} × {self.size}."
        )

    def _static_picture(self):
        """Return the rows with their towers, shapes, parameters and multiply-accumulates."""
        picture, top, step = drawing.Drawing(728, 36 * len(TABLE) + 116), 40, 36
        columns = {"Output": 420, "Parameters": 545, "Multiply-accumulates": 720}
        picture.text(8, 22, "Layer", fill=drawing.MUTED, text_anchor="start")
        for name, x in columns.items():
            picture.text(x, 22, name, fill=drawing.MUTED, text_anchor="end")
        shapes = [(self.size, self.size, INPUT_SHAPE[-1]), *(row.shape for row in self.rows)]
        boxes = [self._boxes(at, shape) for at, shape in enumerate(shapes)]
        for at, (above, below) in enumerate(itertools.pairwise(boxes)):
            self._wires(picture, above, below, self.rows[at], top + at * step + 28)
        names = ["image", *(row.name for row in TABLE)]
        for at, name in enumerate(names):
            middle = top + at * step + 18
            picture.text(8, middle + 5, name, text_anchor="start", font_weight="600")
            if at >= len(shapes):
                continue
            for centre, width in boxes[at]:
                self._box(
                    picture, centre, middle, width, shapes[at][-1] // len(boxes[at]), at == self.layer + 1
                )
            numbers = [" × ".join(f"{n:,}" for n in shapes[at])]
            if at:
                row = self.rows[at - 1]
                numbers += [f"{row.parameters:,}", f"{row.multiply_accumulates:,}"]
            for x, text in zip(columns.values(), numbers, strict=False):
                picture.text(x, middle + 5, text, text_anchor="end")
        picture.text(8, top + len(names) * step + 24, "sum", text_anchor="start", font_weight="600")
        totals = self.parameters, self.multiply_accumulates
        for name, number in zip(("Parameters", "Multiply-accumulates"), totals, strict=True):
            y = top + len(names) * step + 24
            picture.text(columns[name], y, f"{number:,}", text_anchor="end", font_weight="600")
        return picture

    def _boxes(self, at, shape):
        """Return the centre and width of each box of a stage, the image being stage 0."""
        towers = 1 if at in (0, len(TABLE)) else self.groups
        share = 0.25 + 0.65 * (math.sqrt(shape[0] / self.size) if len(shape) == 3 else 0.3)
        width = max(28, (220 / towers if towers > 1 else 158) * share)
        return [(72 + 220 * (tower + 0.5) / towers, width) for tower in range(towers)]

    @staticmethod
    def _wires(picture, above, below, row, y):
        """Draw the wires from one stage to the next, `row`; those from tower to tower in another colour."""
        pool = row.parameters == 0
        for i, (start, _) in enumerate(above):
            for j, (end, _) in enumerate(below):
                if len(above) > 1 and i != j and (pool or row.groups > 1):
                    continue
                across = len(above) > 1 and len(below) > 1 and i != j
                colour = drawing.hexadecimal(drawing.PLUS) if across else drawing.MUTED
                picture.add("path", d=f"M{start:.5g} {y}L{end:.5g} {y + 16}", fill="none", stroke=colour)

    @staticmethod
    def _box(picture, centre, middle, width, maps, chosen):
        """Draw one box with the number of its maps."""
        picture.add(
            "rect", x=centre - width / 2, y=middle - 10, width=width, height=20, rx=2, fill=drawing.PAPER,
            stroke=drawing.ACCENT if chosen else drawing.MUTED, stroke_width=2.5 if chosen else 1,
        )  # fmt: skip
        picture.text(centre, middle + 4, str(maps), font_size=11)
