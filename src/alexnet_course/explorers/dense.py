"""The dense explorer: twelve features, four hidden units, and the wires between them."""

import numpy as np

from alexnet_course.data import tile
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Numbers, Whole
from alexnet_course.explorers.made import made
from alexnet_course.layers import Dense

SHAPE = tile.POOLED.shape[1:]  # (rows, columns, maps)
FEATURES = tile.POOLED.size
UNITS = len(tile.HIDDEN_BIAS)


class TileOrNumbers(Numbers):
    """The name of a tile, or a row of numbers of one length and of magnitude at most `limit`."""

    def __init__(self, *words, length, limit):
        super().__init__([], length, length, limit)
        self.words, self.default_value = words, words[0]

    def validate(self, obj, value):
        """Return the word, or the numbers as a list."""
        if isinstance(value, str):
            if value in self.words:
                return value
            raise ValueError(
                f"{self.name} is {value!r}; it must be {self.longest} numbers or one of "
                f"{', '.join(self.words)}"
            )
        return super().validate(obj, value)


class DenseExplorer(Explorer):
    """The tile network's first dense layer: which numbers each hidden unit reads, and what it makes of them.

    Traits, each a `ValueError` when out of range:

    picture : "ear", "stripe", "whisker", or 12 numbers, -99 to 99
        Whose pooled maps come in; numbers are in the order rows, columns, maps, shape (2, 2, 3).
    order : "H, W, C" or "C, H, W"
        How they are flattened. The weights were made for the first.
    unit : int, 0 to 3
        The hidden unit under study.

    >>> explorer = DenseExplorer()
    >>> explorer.hidden.astype(int).tolist(), explorer.logits.astype(int).tolist()
    ([4, -1, 2, 1], [1, 2, 0])
    >>> DenseExplorer(order="C, H, W").logits.astype(int).tolist()
    [-7, 4, 2]
    >>> DenseExplorer(picture="cow")
    Traceback (most recent call last):
    ValueError: picture is 'cow'; it must be 12 numbers or one of ear, stripe, whisker
    """

    _module = "dense"
    _title = "Twelve features, four units"
    _try = "press a unit to see its wires, then type another number over a feature."
    _shown_in_repr = ("picture", "order", "unit")
    checked = ("stored", "places", "features", "hidden", "active", "logits", "read")

    picture = TileOrNumbers(*tile.CLASSES, length=FEATURES, limit=99)
    order = Choice("H, W, C", "C, H, W")
    unit = Whole(0, 0, UNITS - 1)

    @property
    def stored(self):
        """The pooled numbers on screen, by rows, columns, maps: shape (12,)."""
        named = isinstance(self.picture, str)
        numbers = made("tile_network")["pooled"][self.picture] if named else self.picture
        return np.array(numbers, float)

    @property
    def places(self):
        """Which of `stored` each feature is: int array (12,)."""
        places = np.arange(FEATURES).reshape(SHAPE)
        return (places if self.order == "H, W, C" else places.transpose(2, 0, 1)).ravel()

    @property
    def features(self):
        """The same numbers in the chosen order, shape (12,)."""
        return self.stored[self.places]

    @property
    def hidden(self):
        """The hidden units before ReLU, shape (4,)."""
        return _dense(tile.HIDDEN_WEIGHT, tile.HIDDEN_BIAS, self.features)

    @property
    def active(self):
        """The hidden units after ReLU, shape (4,)."""
        return np.maximum(self.hidden, 0)

    @property
    def logits(self):
        """The scores of ear, stripe and whisker, shape (3,)."""
        return _dense(tile.OUTPUT_WEIGHT, tile.OUTPUT_BIAS, self.active)

    @property
    def read(self):
        """The features that the unit under study reads, by index: those whose weight is not 0."""
        return np.flatnonzero(tile.HIDDEN_WEIGHT[:, self.unit]).tolist()

    _alt = "Twelve numbers in a row, wired to four hidden units; the wires of one unit are drawn strongly."

    def _sentence(self):
        weight, x = tile.HIDDEN_WEIGHT[:, self.unit], self.features
        terms = [f"{drawing.label(x[i], 2)} · {_factor(weight[i])}" for i in self.read]
        terms.append(drawing.label(tile.HIDDEN_BIAS[self.unit]))
        scores = ", ".join(
            f"{name} {drawing.label(score, 2)}" for name, score in zip(tile.CLASSES, self.logits, strict=True)
        )
        answer = drawing.label(self.hidden[self.unit], 2)
        return (
            f"Flattened in the order {self.order}. Unit {self.unit} is {' + '.join(terms)} = {answer}. "
            f"The scores are {scores}."
        )

    def _static_picture(self):
        """Return the features in a row, the units below, and the wires between them."""
        picture, left, cell, top, bottom = drawing.Drawing(728, 300), 28, 56, 46, 216
        shade = drawing.signed(max(abs(self.features).max(), abs(self.hidden).max()))
        picture.title(left, 22, "Features", f"flattened {self.order}")
        places = [left + (i + 0.5) * cell for i in range(FEATURES)]
        units = [left + (u + 0.5) * cell * FEATURES / UNITS for u in range(UNITS)]
        for (i, u), weight in sorted(np.ndenumerate(tile.HIDDEN_WEIGHT), key=self._strength):
            chosen = u == self.unit and weight
            colour = drawing.hexadecimal((drawing.PLUS, drawing.MINUS)[int(weight < 0)])
            picture.add(
                "path", d=f"M{places[i]:.5g} {top + 74}L{units[u]:.5g} {bottom}", fill="none",
                stroke=colour if chosen else drawing.FAINT if weight else drawing.LINE,
                stroke_width=3 if chosen else 1.5 if weight else 0.75,
                stroke_dasharray="6 4" if weight < 0 else "none",
            )  # fmt: skip
            if chosen:
                picture.text(places[i], top + 62, f"· {_factor(weight)}", font_weight="600")
        for i, value in enumerate(self.features):
            self._box(picture, places[i], top, 48, value, shade)
            picture.text(places[i], top - 6, f"f{i}", fill=drawing.MUTED, font_size=10)
        for u, value in enumerate(self.hidden):
            self._box(picture, units[u], bottom, 64, value, shade, chosen=u == self.unit)
            picture.text(units[u], bottom + 56, f"unit {u}", fill=drawing.MUTED, font_size=11)
        return picture

    @staticmethod
    def _box(picture, middle, top, width, value, shade, chosen=False):
        """Draw a number in a box on its colour; a chosen one in accent."""
        fill = shade(value)
        picture.add(
            "rect", x=middle - width / 2, y=top, width=width, height=38, fill=drawing.hexadecimal(fill),
            stroke=drawing.ACCENT if chosen else drawing.LINE, stroke_width=2.5 if chosen else 1,
        )  # fmt: skip
        picture.text(middle, top + 24, drawing.label(value, 2), fill=drawing.ink_on(fill))

    def _strength(self, wire):
        """Sort wires so that those that matter are drawn last."""
        (_, unit), weight = wire
        return bool(weight), unit == self.unit


def _dense(weight, bias, x):
    """Return what the course's layer makes of one row of numbers."""
    layer = Dense(*weight.shape, dtype=np.float64)
    layer.weight, layer.bias = weight, bias
    return layer.forward(x[np.newaxis])[0]


def _factor(weight):
    """Write a weight after a dot, a negative one in brackets."""
    return f"({drawing.label(weight)})" if weight < 0 else drawing.label(weight)
