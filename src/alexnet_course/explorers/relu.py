"""The ReLU explorer: what a non-linearity keeps of a map, and what it passes back."""

import numpy as np

from alexnet_course.data import tile
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Number, Whole
from alexnet_course.layers import ReLU


class ReLUExplorer(Explorer):
    """A map of the tile with a bias that can be moved, before and after ReLU, tanh or the sigmoid.

    Traits, each a `ValueError` when out of range:

    map : "left edge", "top edge" or "bright column"
        The sums of products of which filter, before the bias is added.
    function : "ReLU", "tanh" or "sigmoid"
    bias : float, -9 to 9
        Added to every sum; the tile network's own is 1, -1 and 0.
    row, column : int, 0 to 4
        The response under study.

    >>> explorer = ReLUExplorer()
    >>> explorer.output[2]
    array([5., 4., 1., 0., 0.])
    >>> ReLUExplorer(bias=-6).output.max()
    np.float64(0.0)
    >>> explorer
    ReLUExplorer(map='left edge', function='ReLU', bias=1.0)
    """

    _module = "relu"
    _title = "What passes, and what falls silent"
    _try = "lower the bias until the whole map is silent."
    _shown_in_repr = ("map", "function", "bias")
    checked = ("z", "output", "slope", "silent")

    map = Choice(*tile.FILTERS)
    function = Choice("ReLU", "tanh", "sigmoid")
    bias = Number(1, -9, 9)
    row = Whole(2, 0, 4)
    column = Whole(3, 0, 4)

    def __init__(self, **traits):
        """Start with these settings; the bias follows the map unless it is given."""
        if traits.get("map") in tile.FILTERS:
            traits.setdefault("bias", tile.BIASES[tile.FILTERS.index(traits["map"])])
        super().__init__(**traits)

    @property
    def z(self):
        """The responses before the function, shape (5, 5)."""
        at = tile.FILTERS.index(self.map)
        return tile.MAPS[0, :, :, at] - tile.BIASES[at] + self.bias

    @property
    def output(self):
        """The responses after the function, shape (5, 5)."""
        if self.function == "ReLU":
            return ReLU().forward(self.z)
        return np.tanh(self.z) if self.function == "tanh" else 1 / (1 + np.exp(-self.z))

    @property
    def slope(self):
        """What the function multiplies each gradient by on its way back, shape (5, 5)."""
        if self.function == "ReLU":
            layer = ReLU()
            layer.forward(self.z)
            return layer.backward(np.ones_like(self.z))
        return 1 - self.output**2 if self.function == "tanh" else self.output * (1 - self.output)

    @property
    def silent(self):
        """How many of the 25 responses are not above 0 before the function."""
        return int((self.z <= 0).sum())

    def _sentence(self):
        z, y = self.z[self.row, self.column], self.output[self.row, self.column]
        return (
            f"The {self.map} map of the tile with bias {drawing.label(self.bias, 2)}: {self.silent} of 25 "
            f"responses are not above 0. At ({self.row}, {self.column}), {drawing.label(z, 2)} becomes "
            f"{'' if y == round(float(y), 2) else 'about '}{drawing.label(y, 2)} by {self.function}."
        )

    _alt = "A map of responses before and after an activation function, one of them framed, and the function."

    def _static_picture(self):
        """Return the map before and after, and the function's curve with the chosen response on it."""
        picture, unit, top = drawing.Drawing(728, 260), 40, 48
        for left, title, values in ((24, "Before", self.z), (262, f"After {self.function}", self.output)):
            picture.title(left, 22, title, "5 × 5")
            picture.cells(values, left, top, unit, drawing.signed(abs(values).max()))
            picture.ticks(left, top, unit, 5, 5)
            picture.window(left + self.column * unit, top + self.row * unit, unit)
        most = max(4.0, abs(self.z).max())
        left, scale = 500, 200 / (2 * most)
        middle, zero = left + 100, top + 180
        x = np.linspace(-most, most, 81)
        y = {"ReLU": np.maximum(x, 0), "tanh": np.tanh(x), "sigmoid": 1 / (1 + np.exp(-x))}[self.function]
        curve = "L".join(
            f"{middle + a * scale:.5g} {zero - b * scale:.5g}" for a, b in zip(x, y, strict=True)
        )
        picture.title(left, 22, self.function, "z across, y up")
        axes = f"M{left} {zero}h200M{middle} {top}v{zero - top + 20}"
        picture.add("path", d=axes, stroke=drawing.LINE)
        picture.add(
            "path", d="M" + curve, fill="none", stroke=drawing.hexadecimal(drawing.PLUS), stroke_width=2.5
        )
        z, value = self.z[self.row, self.column], self.output[self.row, self.column]
        at = {"cx": middle + float(z) * scale, "cy": zero - float(value) * scale}
        picture.add("circle", **at, r=6, fill=drawing.PAPER, stroke=drawing.ACCENT, stroke_width=2.5)
        return picture
