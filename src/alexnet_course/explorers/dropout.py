"""The dropout explorer: a few units, one draw of the coins after another, and what is left on average."""

import numpy as np

from alexnet_course.data import tile
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Number, Numbers, Whole
from alexnet_course.layers import Dropout

_HIDDEN = np.maximum(tile.HIDDEN, 0)[0].tolist()  # the tile's four hidden units, after ReLU


def _scrambled(x):
    """Return 32 bits that look random: the integer hash lowbias32 of C. Wellons' hash-prospector."""
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B), (16, 1)):
        x = (x ^ x >> shift) * factor & 0xFFFFFFFF
    return x


def coin(seed, unit):
    """Return the coin that `unit` tosses in draw `seed`: from 0 to below 1, the same in Python and in a page.

    >>> [round(coin(5, unit), 2) for unit in range(4)]
    [0.83, 0.85, 0.19, 0.81]
    """
    return _scrambled(_scrambled(seed) + unit & 0xFFFFFFFF) / 2**32


class _Coins:
    """Stands in for a layer's generator, so that the layer itself drops what the page drops."""

    def __init__(self, seeds):
        self.seeds = seeds

    def random(self, shape):
        return np.array([[coin(seed, unit) for unit in range(shape[1])] for seed in self.seeds])


class DropoutExplorer(Explorer):
    """Units that stay or are dropped, draw after draw, in either convention.

    Traits, each a `ValueError` when out of range:

    values : 1 to 8 numbers of magnitude at most 99
        What the units say before dropout. It starts with the tile's hidden units.
    rate : float, 0 to 0.95
        The probability of being dropped.
    convention : "inverted" or "2012"
        Whether what stays is scaled up in training, or everything is scaled down at test.
    seed : int, 1 to 1000
        Which draw is shown; the means are over all draws up to it.

    >>> explorer = DropoutExplorer()
    >>> explorer.mask, explorer.output
    (array([1, 1, 0, 1]), array([8., 0., 0., 2.]))
    >>> DropoutExplorer(convention="2012").test_output
    array([2. , 0. , 1. , 0.5])
    >>> DropoutExplorer(rate=0.2)
    DropoutExplorer(rate=0.2, convention='inverted', seed=5)
    """

    _module = "dropout"
    _title = "Units that come and go"
    _try = "draw again a few times, then 100 times more: where do the means settle?"
    _shown_in_repr = ("rate", "convention", "seed")
    checked = ("coins", "mask", "scale", "output", "test_output", "means")

    values = Numbers(_HIDDEN, 1, 8, 99)
    rate = Number(0.5, 0, 0.95)
    convention = Choice("inverted", "2012")
    seed = Whole(5, 1, 1000)

    @property
    def coins(self):
        """One coin per unit: a unit stays when its coin is at least the rate. Shape (units,)."""
        return _Coins([self.seed]).random((1, len(self.values)))[0]

    @property
    def mask(self):
        """1 for a unit that stays, 0 for one that is dropped: int array (units,)."""
        return (self.coins >= self.rate).astype(int)

    @property
    def scale(self):
        """By how much what stays is multiplied in training."""
        return 1 / (1 - self.rate) if self.convention == "inverted" else 1.0

    @property
    def output(self):
        """What the units say in training, in the draw that is shown: shape (units,)."""
        return self._trained([self.seed])[0]

    @property
    def test_output(self):
        """What the units say at test, and what training says on average: shape (units,)."""
        values = np.array(self.values, float)
        return values if self.convention == "inverted" else values * (1 - self.rate)

    @property
    def means(self):
        """The mean over draws 1 to 1, 1 to 2, ... 1 to `seed`: shape (seed, units)."""
        draws = np.arange(1, self.seed + 1)
        return self._trained(draws.tolist()).cumsum(axis=0) / draws[:, np.newaxis]

    def _trained(self, seeds):
        """Return the course's own layer's output for each of these draws, (draws, units)."""
        layer = Dropout(self.rate)
        layer.training, layer.rng = True, _Coins(seeds)
        inverted = layer.forward(np.tile(np.array(self.values, float), (len(seeds), 1)))
        return inverted if self.convention == "inverted" else inverted * (1 - self.rate)

    _alt = (
        "A few units before dropout, in training with some of them dropped, on average, and at test; beside "
        "them, how the mean of each unit approaches its value at test as draws are added."
    )

    def _sentence(self):
        dropped = [str(unit) for unit, kept in enumerate(self.mask) if not kept]
        verb = "are" if len(dropped) > 1 else "is"
        names = f"unit{'s' * (len(dropped) > 1)} {', '.join(dropped)} {verb} dropped"
        return (
            f"Draw {self.seed} at rate {drawing.label(self.rate, 2)}, convention {self.convention}: "
            f"{names if dropped else 'no unit is dropped'}. In training {_listed(self.output)}; "
            f"mean of {self.seed} draw{'s' * (self.seed > 1)} {_listed(self.means[-1])}; "
            f"at test {_listed(self.test_output)}."
        )

    def _static_picture(self):
        """Return the units as rows of cells, and the curve of each unit's mean."""
        picture, count = drawing.Drawing(728, 300), len(self.values)
        rows = [self.values, self.output, self.means[-1], self.test_output]
        names = ["before", f"draw {self.seed}", f"mean of {self.seed}", "at test"]
        most = max(np.abs(row).max() for row in rows)
        cell, kept = min(54, 250 / count), self.mask
        picture.title(8, 22, "Units", f"what stays is times {drawing.label(self.scale, 2)}")
        for unit in range(count):
            picture.text(96 + (unit + 0.5) * cell, 46, str(unit), fill=drawing.MUTED, font_size=11)
        for i, (name, row) in enumerate(zip(names, rows, strict=True)):
            top = 54 + i * (cell + 6)
            picture.text(88, top + cell / 2 + 4, name, fill=drawing.MUTED, text_anchor="end")
            shown = np.array(row, float)[np.newaxis]
            picture.cells(shown, 96, top, cell, drawing.signed(most), lambda value: drawing.label(value, 2))
            for unit in np.flatnonzero(kept == 0) if i == 1 else ():
                picture.add(
                    "path", d=f"M{96 + unit * cell:.5g} {top:.5g}l{cell:.5g} {cell:.5g}",
                    stroke=drawing.MUTED, stroke_width=1.5,
                )  # fmt: skip
        self._curves(picture, 400, 40, 260, 226)
        return picture

    def _curves(self, picture, left, top, width, height):
        """Draw the running mean of every unit, and dashed its value at test."""
        means, wanted = self.means, self.test_output
        ends = np.array([0, *(self.scale * np.array(self.values))])
        low, high = ends.min(), ends.max() if ends.any() else 1.0
        last = max(10, self.seed)

        def place(draw, value):
            x, y = (draw - 1) / (last - 1), (high - value) / (high - low)
            return f"{left + x * width:.5g} {top + y * height:.5g}"

        picture.title(left, 22, "Mean of all draws so far", "dashed: at test")
        for unit, value in enumerate(wanted):
            picture.add(
                "path", d=f"M{place(1, value)}L{place(last, value)}", stroke=drawing.MUTED,
                stroke_dasharray="4 3",
            )  # fmt: skip
            points = [place(draw, mean) for draw, mean in enumerate(means[:, unit], start=1)]
            picture.add("path", d=f"M{'L'.join(points)}", fill="none", stroke=drawing.INK, stroke_width=1.5)
        picture.text(left, top + height + 18, "1", fill=drawing.MUTED, font_size=11)
        picture.text(left + width, top + height + 18, f"draw {last}", fill=drawing.MUTED, font_size=11)
        for unit, y in enumerate(_apart(top + (high - wanted) / (high - low) * height, 13)):
            picture.text(
                left + width + 6, y + 4, f"unit {unit}", fill=drawing.MUTED, font_size=11, text_anchor="start"
            )


def _listed(row):
    """Write numbers as (8, 0, 0, 2)."""
    return f"({', '.join(drawing.label(value, 2) for value in row)})"


def _apart(heights, gap):
    """Move labels up until each is at least `gap` above the one below it."""
    placed, room = np.empty(len(heights)), np.inf
    for at in np.argsort(-np.asarray(heights), kind="stable"):
        placed[at] = min(heights[at], room)
        room = placed[at] - gap
    return placed
