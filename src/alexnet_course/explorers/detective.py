"""The detective explorer: a right function beside a broken one, and which inputs tell them apart."""

import numpy as np

from alexnet_course.data import tile
from alexnet_course.explorers.dropout import coin
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, NamedMatrix, Whole
from alexnet_course.practice.ch18_spot_the_bug import EXERCISES

_RESPONSES = tile.MAPS[0, :, :, 0]  # of the left edge filter, (5, 5)
_PIXEL = np.zeros((5, 5), int)
_PIXEL[2, 2] = 9
#: Inputs that are ready-made.
INPUTS = {
    "left edge": _RESPONSES,
    "after ReLU": np.maximum(_RESPONSES, 0),
    "all below 0": -1 - np.maximum(_RESPONSES, 0),
    "one level": np.full((5, 5), 3),
    "zeros": np.zeros((5, 5), int),
    "one bright pixel": _PIXEL,
    "counting": np.arange(25).reshape(5, 5) - 12,
}


class _Coins:
    """Stands in for dropout's generator: the coins of draw 1, as the page tosses them."""

    def random(self, shape):
        return np.array([coin(1, unit) for unit in range(np.prod(shape))]).reshape(shape)


def _max_pool(function, x, size):
    return function(x, size, 2, size // 2)


def _max_pool_backward(function, x, size):
    k = min(size, len(x))
    windows = (len(x) - k) // 2 + 1
    return function(x, np.ones((windows, windows)), k, 2)


def _pad_same(function, x, size):
    return function(x, size)


def _conv2d(function, x, size):
    k = min(size, len(x))
    return function(x, np.full((k, k), 0.5), 0)


def _lrn(function, x, size):
    return np.stack([function(row, 2 * size - 1, 2, 1, 0.75) for row in x])


def _dropout(function, x, size):
    return function(x, (size - 1) / 5, False, _Coins())


def _flatten(function, x, size):
    maps = x[:, :size]
    return function(maps.reshape(1, len(x), 1, -1)).reshape(maps.shape)


def _probabilities(function, x, size):
    logits = x[:, :size]
    return function(logits, np.eye(logits.shape[1]), 0)


def _response(function, x, size):
    try:
        return function(x[..., np.newaxis], np.ones((1, 1, size)), 0)
    except ValueError:
        return np.zeros((0, 0))


_CALLS = {
    "max_pool": _max_pool,
    "max_pool_backward": _max_pool_backward,
    "pad_same": _pad_same,
    "conv2d": _conv2d,
    "lrn": _lrn,
    "normalize": _lrn,
    "dropout": _dropout,
    "flatten": _flatten,
    "probabilities": _probabilities,
    "response": _response,
}


class DetectiveExplorer(Explorer):
    """One of chapter 18's ten broken functions beside the right one, on an input of one's own.

    Traits, each a `ValueError` when out of range:

    bug : "18.1 max_pool" to "18.10 response"
        Which function.
    input : a name of `INPUTS`, or a square array of at most 6 by 6
        What both are given. Rows and columns are those of a map; where a function works on maps at one place,
        or on logits, a row is a place and a column a map or a class.
    size : int, 1 to 5
        Of the window, the kernel, the channels: each function says which.

    >>> explorer = DetectiveExplorer(bug="18.1 max_pool", input=[[-4, -2], [-3, -1]], size=2)
    >>> explorer.right, explorer.broken
    (array([[-4., -2.],
           [-3., -1.]]), array([[0., 0.],
           [0., 0.]]))
    >>> explorer.first, explorer.different
    ((0, 0), 4)
    >>> [name for name, sees in zip(INPUTS, explorer.caught) if sees]
    ['all below 0', 'counting']
    >>> explorer
    DetectiveExplorer(bug='18.1 max_pool', size=2)
    """

    _module = "detective"
    _title = "What hides a bug"
    _try = "choose an input that shows the bug, then another function."
    _shown_in_repr = ("bug", "size")
    checked = ("x", "right", "broken", "places", "first", "different", "caught")

    bug = Choice(*(f"{bug.number} {bug.name}" for bug in EXERCISES))
    input = NamedMatrix(*INPUTS, most=6, limit=99)
    size = Whole(3, 1, 5)

    @property
    def x(self):
        """What both functions are given, square: whole numbers, or floats."""
        return INPUTS[self.input] if isinstance(self.input, str) else np.array(self.input)

    def _both(self, x):
        bug = next(bug for bug in EXERCISES if self.bug == f"{bug.number} {bug.name}")
        return [_CALLS[bug.name](function, x, self.size) for function in (bug.right, bug.broken)]

    @property
    def right(self):
        """What the right function returns, two-dimensional; shape (0, 0) where it refuses its input."""
        return self._both(self.x)[0]

    @property
    def broken(self):
        """What the broken function returns."""
        return self._both(self.x)[1]

    @property
    def places(self):
        """Row and column of each number of `broken` that is not right: int array (different, 2)."""
        return np.argwhere(_wrong(*self._both(self.x)))

    @property
    def first(self):
        """The first of `places`; (-1, -1) where there is none."""
        return next((tuple(place.tolist()) for place in self.places), (-1, -1))

    @property
    def different(self):
        """How many numbers of `broken` are not right."""
        return len(self.places)

    @property
    def caught(self):
        """Whether each of `INPUTS` shows the bug, at this size."""
        return [bool(_wrong(*self._both(x)).any()) for x in INPUTS.values()]

    def _sentence(self):
        given = f"{self.bug} on {self.input if isinstance(self.input, str) else 'an input of your own'}: "
        if not self.right.size:
            return f"{given}the right one refuses it, the broken one returns {self.broken.size} numbers."
        if not self.different:
            return f"{given}both return the same {self.right.size} numbers. This input hides the bug."
        broken, right = (drawing.label(values[self.first], 2) for values in (self.broken, self.right))
        return (
            f"{given}{self.different} of {self.right.size} numbers differ, "
            f"the first at {self.first}: {broken}, right is {right}."
        )

    _alt = "An input, what the right function makes of it, and what the broken one makes of it."

    def _static_picture(self):
        """Return input, right and broken side by side; the first number that is wrong is framed."""
        picture = drawing.Drawing(728, 270)
        for left, name, values in (
            (24, "Input", self.x),
            (270, "Right", self.right),
            (516, "Broken", self.broken),
        ):
            rows, columns = values.shape
            picture.title(left, 22, name, f"{rows} × {columns}" if values.size else "refused")
            if not values.size:
                continue
            unit = 204 / max(rows, columns)
            shades = drawing.signed(max(abs(values).max(), 1e-9))
            picture.cells(values, left, 48, unit, shades)
            picture.ticks(left, 48, unit, rows, columns)
            if name == "Broken" and self.different:
                row, column = self.first
                picture.frame(
                    left + column * unit, 48 + row * unit, unit, stroke=drawing.ACCENT, stroke_width=2.5
                )
        return picture


def _wrong(right, broken):
    """Say of each number of `broken` whether it is wrong: all of them where the right function refuses."""
    return np.ones(broken.shape, bool) if not right.size else ~np.isclose(broken, right, rtol=1e-9, atol=1e-9)
