"""The backpropagation explorer: every number of the tile network, forward and backward, and what moves it."""

from typing import NamedTuple

import numpy as np

from alexnet_course.data import tile
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Flag, Number, Whole
from alexnet_course.explorers.pooling import winners
from alexnet_course.explorers.training import build
from alexnet_course.layers import MaxPooling2D, Softmax

#: The layers that add up products: their weights and biases.
SUMS = {
    "conv": ("kernels", "biases"),
    "hidden": ("hidden weights", "hidden biases"),
    "output": ("output weights", "output biases"),
}
PARAMETERS = {
    "kernels": tile.KERNELS,
    "biases": tile.BIASES,
    "hidden weights": tile.HIDDEN_WEIGHT,
    "hidden biases": tile.HIDDEN_BIAS,
    "output weights": tile.OUTPUT_WEIGHT,
    "output biases": tile.OUTPUT_BIAS,
}
PARTS = (
    "responses",  # where it starts
    "image",
    "pooled",
    "hidden",
    "active",
    "logits",
    "shares",
    "loss",
    *PARAMETERS,
)
LAST = tile.MAPS.size - 1  # the last place of the largest part
MOVES = np.linspace(-1, 1, 41)


class Place(NamedTuple):
    """A number of the network."""

    part: str
    index: int


class BackpropagationExplorer(Explorer):
    """The tile network, its gradients, and the loss as a function of any one of its numbers.

    Traits, each a `ValueError` when out of range:

    picture : "ear", "stripe" or "whisker"
        The tile that goes in, and the truth.
    show : "forward" or "backward"
        Whether the cells hold the numbers themselves or their gradients.
    part, index : str, int from 0
        Where the number under study stands: ``responses`` are the three maps before ReLU, ``active`` the
        hidden units after it, ``shares`` what softmax gives. The index counts the numbers of the part as its
        array lies in memory; past its end the last one is meant.
    assign : bool
        Whether pooling's backward writes ``=`` where ``+=`` belongs.
    nudge : float, -1 to 1
        By how much that number is moved.

    >>> explorer = BackpropagationExplorer()
    >>> explorer.value, round(explorer.gradient, 4)
    (3.0, -1.4205)
    >>> BackpropagationExplorer(assign=True).gradient
    0.0
    """

    _module = "backpropagation"
    _title = "Every number and its gradient"
    _try = "press a number and move it: does the loss follow the dashed line?"
    _shown_in_repr = ("picture", "part", "index")
    checked = (
        "values",
        "winners",
        "gradients",
        "right",
        "loss",
        "wrong",
        "forecast",
        "place",
        "curve",
        "moved_loss",
    )

    picture = Choice(*tile.CLASSES)
    show = Choice("forward", "backward", default="backward")
    part = Choice(*PARTS)
    index = Whole(37, 0, LAST)  # map 1, window (2, 2)
    assign = Flag(False)
    nudge = Number(0.1, -1, 1)

    @property
    def truth(self):
        """The number of the true class."""
        return tile.CLASSES.index(self.picture)

    @property
    def values(self):
        """Every number of the network: its parts, each in one row."""
        return self._forward(0.0)[1]

    @property
    def winners(self):
        """Which of the responses each pooled number is, by index: int array (12,)."""
        layers, numbers = self._forward(0.0)
        return winners(layers["pool"], numbers["responses"].clip(0).reshape(tile.MAPS.shape[1:])).ravel()

    @property
    def gradients(self):
        """How much the loss changes per unit of every number, as `values`."""
        return self._backward(self.assign)

    @property
    def right(self):
        """The gradients as they are with ``+=``, whatever `assign` says."""
        return self._backward(assign=False)

    @property
    def loss(self):
        """The cross-entropy of the true class, in nats."""
        return float(self.values["loss"][0])

    @property
    def value(self):
        """The number under study."""
        return float(self.values[self.part][self.place.index])

    @property
    def gradient(self):
        """Its gradient."""
        return float(self.gradients[self.part][self.place.index])

    @property
    def wrong(self):
        """How many of the 97 parameters have a wrong gradient."""
        shown, right = self.gradients, self.right
        return sum(int((np.abs(shown[name] - right[name]) > 1e-9).sum()) for name in PARAMETERS)

    @property
    def curve(self):
        """The loss with that number moved by -1 to 1, in 41 steps; NaN where it has no logarithm."""
        return [self._moved(by) for by in MOVES]

    @property
    def moved_loss(self):
        """The loss with that number moved by `nudge`."""
        return self._moved(self.nudge)

    @property
    def forecast(self):
        """What the gradient says that loss will be."""
        return self.loss + self.nudge * self.gradient

    @property
    def place(self):
        """The number under study: a `Place`, with the last index of a part that is smaller."""
        return Place(self.part, min(self.index, len(self.values[self.part]) - 1))

    def _moved(self, by):
        return float(self._forward(by)[1]["loss"][0])

    def _forward(self, by):
        """Return the layers and every number of the network, one of which is moved by `by` on the way."""
        numbers = {}

        def kept(part, array):
            array = np.array(array, float)
            if by and part == self.part:
                array.flat[min(self.index, array.size - 1)] += by
            numbers[part] = array.ravel()
            return array

        layers = build("tile", np.float64).layers
        for name, (weights, biases) in SUMS.items():
            layers[name].weight = kept(weights, PARAMETERS[weights])
            layers[name].bias = kept(biases, PARAMETERS[biases])
        x = kept("image", tile.IMAGES[[self.truth]] - tile.MEAN_IMAGE)
        z = kept("responses", layers["conv"].forward(x))
        pooled = kept("pooled", layers["pool"].forward(layers["relu1"].forward(z)))
        hidden = kept("hidden", layers["hidden"].forward(layers["flatten"].forward(pooled)))
        active = kept("active", layers["relu2"].forward(hidden))
        logits = kept("logits", layers["output"].forward(active))
        shares = kept("shares", Softmax().forward(logits))
        with np.errstate(divide="ignore", invalid="ignore"):  # a share may have been moved below 0
            kept("loss", -np.log(shares[0, self.truth]))
        return layers, numbers

    def _backward(self, assign):
        """Return the gradients, from the loss to the image; `assign` as the trait."""
        layers, numbers = self._forward(0.0)
        truth = np.eye(3)[self.truth]
        found = {"loss": np.ones(1), "shares": -truth / numbers["shares"] + 0.0}
        found["logits"] = (numbers["shares"] - truth)[np.newaxis]
        found["active"] = layers["output"].backward(found["logits"])
        found["hidden"] = layers["relu2"].backward(found["active"])
        found["pooled"] = layers["flatten"].backward(layers["hidden"].backward(found["hidden"]))
        pool_backward = _assigned if assign else MaxPooling2D.backward
        found["responses"] = layers["relu1"].backward(pool_backward(layers["pool"], found["pooled"]))
        found["image"] = layers["conv"].backward(found["responses"])
        for name, (weights, biases) in SUMS.items():
            found[weights], found[biases] = layers[name].grads["weight"], layers[name].grads["bias"]
        return {part: array.ravel() for part, array in found.items()}

    _alt = (
        "The tile network in cells: image, three maps, pooled numbers, hidden units and scores, each with "
        "its number or its gradient; one of them is framed."
    )

    def _sentence(self):
        forecast, change = self.forecast - self.loss, self.moved_loss - self.loss
        text = (
            f"{self.part.capitalize()}, number {self.place.index}: {_written(self.value)}, "
            f"gradient {_written(self.gradient)}. Moved by {_written(self.nudge)}, it should change the "
            f"loss by {_written(forecast)}, and changes it by {_written(change)}."
        )
        lost = f" With = for +=, {self.wrong} of 97 parameters have a wrong gradient."
        return text + lost * self.assign

    def _static_picture(self):
        """Return the parts from left to right, without the parameters."""
        picture, cell = drawing.Drawing(728, 470), 30
        shown = self.gradients if self.show == "backward" else self.values
        maps = np.moveaxis(shown["responses"].reshape(5, 5, 3), -1, 0)
        pooled = np.moveaxis(shown["pooled"].reshape(2, 2, 3), -1, 0)
        self._part(picture, "image", "Image", shown["image"].reshape(7, 7), (20, 40), cell)
        for m in range(3):
            top = 40 + 146 * m
            self._part(picture, "responses", f"Map {m}", maps[m], (258, top), 24, 3, m)
            self._part(picture, "pooled", f"Pooled {m}", pooled[m], (406, top), 36, 3, m)
        for i, part in enumerate(("hidden", "active", "logits", "shares", "loss")):
            self._part(picture, part, part.capitalize(), shown[part][np.newaxis], (506, 40 + 84 * i), 48)
        return picture

    def _part(self, picture, part, title, values, corner, cell, step=1, first=0):
        """Draw a part, or every `step`-th number of it, with a frame round the one under study."""
        x, y = corner
        picture.title(x, y - 8, title)
        picture.cells(values, x, y, cell, drawing.signed(abs(values).max()), lambda v: drawing.label(v, 2))
        at, rest = divmod(self.place.index - first, step)
        if part == self.part and not rest and 0 <= at < values.size:
            row, column = divmod(at, values.shape[1])
            picture.window(x + column * cell, y + row * cell, cell)


def _assigned(pool, grad_output):
    """Return what a pool hands back when `=` stands in place of `+=`: the last window that a pixel wins."""
    found = pool.backward(np.zeros(grad_output.shape))
    for place in np.ndindex(grad_output.shape):
        alone = np.zeros(grad_output.shape)
        alone[place] = 1
        found[pool.backward(alone) > 0] = grad_output[place]
    return found


def _written(value):
    """Write a number to four decimals, as the chapter does; whole ones as they are."""
    return drawing.label(value, 4) if np.isfinite(value) else "no number"
