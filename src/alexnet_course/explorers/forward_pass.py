"""The forward-pass explorer: what a photograph becomes, stage by stage, from pixels to probabilities."""

import math
import string

import numpy as np

from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Whole
from alexnet_course.explorers.made import made

DIGITS = string.digits + string.ascii_lowercase
STAGES = made("forward_pass_maps")
MAPS = 6


class ForwardPassExplorer(Explorer):
    """Chelsea on her way through AlexNet: a few maps of what every stage hands on.

    Conv1 has the k-means filters; all weights after it are random, as at the start of a training. ReLU and
    normalization belong to the stage before them.

    Traits, each a `ValueError` when out of range:

    stage : int, 0 to 13
        From the image to softmax.
    map : int, 0 to 5
        Which of the first six maps is drawn; an image has three.

    >>> explorer = ForwardPassExplorer(stage=1)
    >>> explorer.name, explorer.shape, explorer.output.shape
    ('conv1', (1, 55, 55, 96), (55, 55))
    """

    _module = "forward_pass"
    _title = "Chelsea on her way through AlexNet"
    _try = "move the stage from left to right, and press a small map to see it large."
    _shown_in_repr = ("stage", "map")
    checked = ("name", "shape", "count", "deviation", "zeros", "output")

    stage = Whole(0, 0, len(STAGES) - 1)
    map = Whole(0, 0, MAPS - 1)

    @property
    def name(self):
        """Name of the stage."""
        return STAGES[self.stage]["name"]

    @property
    def shape(self):
        """Shape of what the stage hands on, with the batch axis."""
        return (1, *STAGES[self.stage]["shape"])

    @property
    def count(self):
        """How many numbers the stage hands on."""
        return math.prod(self.shape)

    @property
    def deviation(self):
        """Their standard deviation."""
        return STAGES[self.stage]["deviation"]

    @property
    def zeros(self):
        """The share of zeros among them, from 0 to 1."""
        return STAGES[self.stage]["zeros"]

    @property
    def output(self):
        """The map on screen, in levels from 0 to 35: int array (rows, columns)."""
        return _levels(self.stage, self.map)

    _alt = "Small pictures of what each stage hands on: a photograph, then maps that get smaller, then grids."

    def _sentence(self):
        what = "a picture still, with rows and columns" if len(self.shape) == 4 else "numbers without a place"
        return (
            f"{self.name} hands on {' × '.join(_sizes(self.shape))}, {self.count:,} numbers with standard "
            f"deviation {self.deviation:g}: {what}."
        )

    def _static_picture(self):
        """Return one map of every stage, in two rows."""
        picture, side = drawing.Drawing(728, 268), 92
        for at, record in enumerate(STAGES):
            x, y = 8 + at % 7 * 103, 30 + at // 7 * 128
            levels = _levels(at, self.map)
            picture.title(x, y - 8, record["name"])
            unit = side / max(levels.shape)
            picture.add(
                "image", x=x, y=y, width=levels.shape[1] * unit, height=levels.shape[0] * unit,
                href=drawing.png(levels / 35 * 9, drawing.grey), style="image-rendering:pixelated",
                preserveAspectRatio="none",
            )  # fmt: skip
            if at == self.stage:
                picture.window(x, y, side)
        return picture


def _sizes(shape):
    """Return the sizes of a shape as texts."""
    return [f"{size:,}" for size in shape]


def _levels(stage, place):
    """Return map `place` of a stage, or its last one, as levels from 0 to 35."""
    maps = STAGES[stage]["maps"]
    rows = maps[min(place, len(maps) - 1)]
    return np.array([[DIGITS.index(digit) for digit in row] for row in rows])
