"""The order explorer: ReLU, normalization and max pooling in any order, beside the paper's."""

import numpy as np

from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Number, Numbers, Whole
from alexnet_course.layers import LocalResponseNormalization, MaxPooling2D, ReLU
from alexnet_course.museum import Towers

MAPS, PLACES = 4, 3
PAPER = "ReLU, LRN, pool"
CODE = "LRN, pool, ReLU"


class OrderExplorer(Explorer):
    """Four maps' responses at three places, through the three layers behind conv1, in any order.

    Traits, each a `ValueError` when out of range:

    responses : 12 numbers from -99 to 99
        Map 0 at places 0, 1 and 2, then map 1, and so on.
    order : the names of the three layers
        "ReLU, LRN, pool" is the paper's order, "LRN, pool, ReLU" that of the code of 2012. The pool takes
        the largest of all three places.
    convention : "sum" or "sum / n"
        What alpha multiplies: the sum of squares (the paper) or that sum divided by n (the code).
    hears : "both cards" or "its own card"
        Where the neighbours are that LRN hears: whether it reaches over the border between maps 1 and 2.
    alpha : float, 0 to 10
    n : odd int, 1 to 9
    map, place : int, 0 to 3 and 0 to 2
        The response under study.

    >>> OrderExplorer(order="ReLU, LRN, pool").output.ravel().round(4)
    array([0.    , 0.3936, 0.4653, 0.4387])
    >>> OrderExplorer(order="LRN, pool, ReLU").output.ravel().round(4)
    array([0.    , 0.375 , 0.375 , 0.2102])
    """

    _module = "order"
    _title = "Three layers, in any order"
    _try = "choose ReLU, LRN, pool, and then swap its last two: which maps change?"
    _shown_in_repr = ("order", "convention", "hears", "alpha")
    checked = ("start", "first", "second", "output", "sums", "scaled_alpha", "paper", "difference", "apart")

    responses = Numbers([-2, -1, -1, 1, 3, -2, 3, 2, -1, 0, 0, 1], MAPS * PLACES, MAPS * PLACES, 99)
    order = Choice(
        PAPER,
        "ReLU, pool, LRN",
        "LRN, ReLU, pool",
        CODE,
        "pool, ReLU, LRN",
        "pool, LRN, ReLU",
        default=CODE,
    )
    convention = Choice("sum", "sum / n")
    hears = Choice("both cards", "its own card")
    alpha = Number(1, 0, 10)
    n = Whole(5, 1, 9, step=2)
    map = Whole(2, 0, MAPS - 1)
    place = Whole(0, 0, PLACES - 1)

    @property
    def start(self):
        """The responses, shape (4, 3)."""
        return np.array(self.responses, dtype=float).reshape(MAPS, PLACES)

    @property
    def scaled_alpha(self):
        """What multiplies the sum of squares: alpha, or alpha / n."""
        return self.alpha / self.n if self.convention == "sum / n" else self.alpha

    def _layer(self, name):
        """Return the layer that a word of `order` stands for."""
        if name == "ReLU":
            return ReLU()
        if name == "pool":
            return MaxPooling2D((1, PLACES), 1)
        if self.hears == "both cards":
            return LocalResponseNormalization(n=self.n, alpha=self.scaled_alpha)
        cards = ("a", "b")
        return Towers({card: LocalResponseNormalization(n=self.n, alpha=self.scaled_alpha) for card in cards})

    @property
    def _steps(self):
        """What is there at the start and after each layer: arrays of shape (4, 3) or (4, 1)."""
        found = [self.start]
        for name in self.order.split(", "):
            found.append(_through(self._layer(name), found[-1]))
        return found

    @property
    def first(self):
        """The numbers after the first layer, shape (4, 3), or (4, 1) once the pool is done."""
        return self._steps[1]

    @property
    def second(self):
        """The numbers after the second layer."""
        return self._steps[2]

    @property
    def output(self):
        """The numbers after all three, shape (4, 1)."""
        return self._steps[3]

    @property
    def sums(self):
        """The sums of squares that LRN finds, in the shape of what it is given."""
        given = self._steps[self.order.split(", ").index("LRN")]
        sums, card = np.zeros(given.shape), MAPS // 2
        for c in range(MAPS):
            low, high = (
                (0, MAPS) if self.hears == "both cards" else (c // card * card, c // card * card + card)
            )
            heard = given[max(low, c - self.n // 2) : min(high, c + self.n // 2 + 1)]
            sums[c] = (heard**2).sum(axis=0)
        return sums

    @property
    def paper(self):
        """What the paper's order gives, with its sums over all maps: shape (4, 1)."""
        twin = OrderExplorer(responses=self.responses, order=PAPER, alpha=self.alpha, n=self.n)
        return twin.output

    @property
    def difference(self):
        """How far the output lies above the paper's, shape (4, 1)."""
        return self.output - self.paper

    @property
    def apart(self):
        """The largest difference over the paper's largest number; 0 where the paper has nothing but 0."""
        largest = np.abs(self.paper).max()
        return float(np.abs(self.difference).max() / largest) if largest else 0.0

    _alt = "Four maps' responses, what is left of them after each of three layers, and the paper's numbers."

    def _sentence(self):
        at = self.map
        ours, papers = (drawing.label(values[at, 0], 4) for values in (self.output, self.paper))
        return (
            f"Order {self.order}, alpha times the {self.convention}, LRN's neighbours on {self.hears}: "
            f"map {at} ends with {ours}; the paper's order gives {papers}."
        )

    def _static_picture(self):
        """Return a table for the start, for each layer, and for the paper."""
        steps = [*self._steps, self.paper]
        names = ["responses", *self.order.split(", "), "paper"]
        cell, gap, left = 48, 26, 60
        width = left + sum(step.shape[1] * cell + gap for step in steps)
        picture, colour = drawing.Drawing(width, 250), drawing.signed(np.abs(self.start).max())
        for c in range(MAPS):
            picture.text(28, 74 + c * cell, f"map {c}", fill=drawing.MUTED)
        x = left
        for name, step in zip(names, steps, strict=True):
            picture.title(x, 26, name)
            shade = colour if name == "responses" else drawing.signed(np.abs(self.paper).max())
            picture.cells(step, x, 44, cell, shade, text=lambda value: drawing.label(value, 3))
            x += step.shape[1] * cell + gap
        return picture


def _through(layer, values):
    """Return what a layer makes of maps in rows and places in columns."""
    x = values.T[np.newaxis, np.newaxis]  # (1, 1, places, maps)
    return layer.forward(x)[0, 0].T
