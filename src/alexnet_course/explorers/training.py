"""The training explorer: networks learn on the page by the paper's rule, and every number can be seen."""

import functools
import math
from typing import NamedTuple

import numpy as np

from alexnet_course.alexnet import Convolution, FullyConnected, Pooling, build_layers
from alexnet_course.data import tile
from alexnet_course.data.fashion import CLASSES
from alexnet_course.explorers.dropout import coin
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Number, Whole
from alexnet_course.layers import Conv2D, Dense, Dropout, Flatten, MaxPooling2D, ReLU, Softmax
from alexnet_course.losses import cross_entropy
from alexnet_course.miniature import INPUT_SHAPE, Miniature
from alexnet_course.network import Sequential
from alexnet_course.optimizers import SGD

STEPS = 10  # of the tile network, computed at once
BATCH = 16  # pictures of clothes in a step
ORDER, MASKS = 1000, 2000  # added to the seed: the coins of the batches' order, and those of dropout
#: The layers whose biases start with 1 in the paper (section 5).
ONES = ("conv2", "conv4", "conv5", "fc6", "hidden")
#: A smaller miniature: an epoch of the page's pictures takes it a second or so.
SMALL = (
    #           name  filters k  s  p  groups bias normalized
    Convolution("conv1", 16, 5, 2, 1, 1, 0.0, normalized=True),
    Pooling("pool1", 3, 2),
    Convolution("conv2", 32, 3, 1, 1, 2, 0.0, normalized=True),
    FullyConnected("fc6", 64, 0.0, hidden=True),
    FullyConnected("fc8", len(CLASSES), 0.0, hidden=False),
)


class Coins:
    """Numbers from 0 to below 1 in a row, the same in Python and in a page; stands in for a generator."""

    def __init__(self, seed):
        self.seed, self.tossed = seed, 0

    def random(self, shape):
        """Return the next numbers, as an array of this shape."""
        count = math.prod(shape) if isinstance(shape, tuple) else shape
        places = np.arange(self.tossed, self.tossed + count, dtype=np.uint64)
        self.tossed += count
        return coin(self.seed, places).reshape(shape)

    def normal(self, count):
        """Return so many numbers of mean 0 and deviation 1, two coins each (Box and Muller 1958)."""
        first, second = self.random((count, 2)).T
        return np.sqrt(-2 * np.log(1 - first)) * np.cos(2 * np.pi * second)


def build(name, dtype=np.float32):
    """Return one of the page's networks by its name; `begin` sets what it starts with."""
    if name == "tile":
        layers = {
            "conv": Conv2D(1, 3, 3, dtype=dtype),
            "relu1": ReLU(),
            "pool": MaxPooling2D(3, 2),
            "flatten": Flatten(),
            "hidden": Dense(12, 4, dtype=dtype),
            "relu2": ReLU(),
            "dropout": Dropout(),
            "output": Dense(4, 3, dtype=dtype),
        }
        return Sequential(layers, (7, 7, 1))
    if name == "miniature":
        return Miniature(dtype=dtype)
    options = {"initial": "he", "rng": np.random.default_rng(0), "dtype": dtype}
    return Sequential(build_layers(SMALL, INPUT_SHAPE, options), INPUT_SHAPE)


def deviations(network, how):
    """Return the deviation of the first weights of each layer that has any, by its name.

    In the chapter the last layer's are small, so that the first scores are nearly equal.
    """
    layers = {name: layer for name, layer in network.layers.items() if layer.params}
    small = {"paper": list(layers), "chapter": list(layers)[-1:], "he": []}[how]
    return {
        name: 0.01 if name in small else math.sqrt(2 / math.prod(layer.weight.shape[:-1]))
        for name, layer in layers.items()
    }


def begin(network, how, seed):
    """Set the parameters of one of the networks to what it starts with on the page."""
    coins = Coins(seed)
    for name, deviation in deviations(network, how).items():
        layer = network[name]
        layer.weight = deviation * coins.normal(layer.weight.size).reshape(layer.weight.shape)
        layer.bias = np.full(layer.bias.shape, float(how == "paper" and name in ONES))
    if how == "chapter" and "hidden" in network.layers:
        network["conv"].weight, network["conv"].bias = tile.KERNELS, tile.BIASES
        network["hidden"].weight, network["hidden"].bias = tile.HIDDEN_WEIGHT, tile.HIDDEN_BIAS
        network["output"].weight, network["output"].bias = tile.OUTPUT_WEIGHT, tile.OUTPUT_BIAS


class TrainingExplorer(Explorer):
    """Networks that learn on the page: the tile's, a small one and the miniature on pictures of clothes.

    Here in Python are the first ten steps of the tile network, with its three drawings as one batch.

    Traits, each a `ValueError` when out of range:

    network : "tile", "small" or "miniature"
        The tile's 97 parameters; two convolutions on pictures of clothes; AlexNet in miniature on them.
    rate, momentum, decay : float, 0.0001 to 10, 0 to 0.99, 0 to 0.1
        The paper's rule.
    dropout : float, 0 to 0.9
        Of the hidden units.
    start : "chapter", "he" or "paper"
        What the weights start with: for the tile the chapter's whole numbers, otherwise normal numbers with
        the deviations of He et al. (2015) and 0.01 in the last layer; those of He et al. throughout; 0.01
        throughout, and the paper's biases of 1.
    seed : int, 1 to 100
        Of all that is drawn: first weights, order of the pictures, dropout.
    filter, entry : int, 0 to 15, 0 to 24
        Which number of the first layer is looked at: the last one where there are fewer.

    >>> explorer = TrainingExplorer()
    >>> explorer.losses.round(4)
    array([0.6695, 0.2613, 0.2361, 0.2783, 0.2844, 0.2068, 0.11  , 0.0527, 0.0308, 0.0199, 0.015 ])
    >>> round(explorer.half_life), explorer.steady_step
    (13863, 0.1...)
    """

    _module = "training"
    _title = "A network learns"
    _try = "press Run; then choose a larger rate, start again, and compare the curves."
    _shown_in_repr = ("network", "rate", "momentum")
    checked = (
        "losses",
        "filters",
        "gradient",
        "next_velocity",
        "next_filters",
        "steady_step",
        "half_life",
        "size",
        "said",
    )

    network = Choice("tile", "small", "miniature")
    rate = Number(0.01, 0.0001, 10)
    momentum = Number(0.9, 0, 0.99)
    decay = Number(0.0005, 0, 0.1)
    dropout = Number(0, 0, 0.9)
    start = Choice("chapter", "he", "paper")
    seed = Whole(1, 1, 100)
    filter = Whole(1, 0, 15)
    entry = Whole(0, 0, 24)

    @property
    def losses(self):
        """The tile network's mean loss before each of ten steps and after the last: shape (11,).

        Shorter where a loss is no finite number any more; empty for the other networks.
        """
        return self._run.losses

    @property
    def size(self):
        """Rows and columns of the first layer's filters."""
        return self.filters.shape[:2]

    @property
    def said(self):
        """What the tile network answers to each of the three tiles before the first step: a list of `Answer`.

        Empty for the other networks.
        """
        return self._run.said

    @property
    def filters(self):
        """The first layer's filters at the start: shape (rows, columns, filters)."""
        return _filters(self.network, self.start, self.seed)

    @property
    def gradient(self):
        """Their gradient in the tile network before the first step; empty for the other networks."""
        return self._run.gradient

    @property
    def next_velocity(self):
        """Their velocity after the first step of the tile network; empty for the other networks."""
        return self._run.velocity

    @property
    def next_filters(self):
        """They themselves after that step."""
        return self._run.filters

    @property
    def steady_step(self):
        """How far a weight moves a step, in the end, when its gradient stays 1."""
        return self.rate / (1 - self.momentum)

    @property
    def half_life(self):
        """After how many steps decay alone would halve a weight, by the formula; infinite without decay."""
        shrink = self.decay * self.steady_step
        return math.log(2) / shrink if shrink else math.inf

    @property
    def _run(self):
        """The first steps of the tile network; of another one nothing."""
        if self.network != "tile":
            return _Run(*[np.zeros(0)] * 4, np.zeros((0, 3)), [])
        return _run(self.rate, self.momentum, self.decay, self.dropout, self.start, self.seed)

    _alt = (
        "The loss of the tile network over ten steps, as a curve; beside it the three filters of its first "
        "layer at the start and after these steps."
    )

    def _sentence(self):
        if self.network != "tile":
            return (
                f"The {self.network} network learns from 1,000 pictures of clothes, {BATCH} a step, with "
                f"rate {self.rate:g} and momentum {self.momentum:g}. Press Run on the page."
            )
        losses = self.losses
        if len(losses) <= STEPS:
            return (
                f"With rate {self.rate:g} the loss is no number after {len(losses)} steps. Try a tenth of it."
            )
        return (
            f"Ten steps with rate {self.rate:g} and momentum {self.momentum:g} take the mean loss of the "
            f"three tiles from {losses[0]:.4f} to {losses[-1]:.4f}."
        )

    def _static_picture(self):
        """Return the curve of ten steps of the tile network, and the filters."""
        picture = drawing.Drawing(728, 300)
        run = _run(self.rate, self.momentum, self.decay, self.dropout, self.start, self.seed)
        self._curve(picture, run.losses)
        most = max(np.abs(run.start).max(), np.abs(run.end).max(), 1e-9) if np.isfinite(run.end).all() else 1
        for x, title, filters in (
            (436, "Filters at the start", run.start),
            (590, "after ten steps", run.end),
        ):
            picture.title(x, 22, title)
            for f in range(filters.shape[-1]):
                values = np.nan_to_num(filters[:, :, f], posinf=0, neginf=0)
                picture.cells(values, x, 34 + 88 * f, 26, drawing.signed(most))
        return picture

    def _curve(self, picture, losses):
        """Draw the losses as a line with a point a step, and their numbers."""
        left, top, width, height = 40, 44, 350, 216
        high = max(losses.max(initial=0), 1e-9)
        picture.title(8, 22, "Mean loss", "of the three tiles, step by step")
        picture.add("path", d=f"M{left} {top}v{height}h{width}", fill="none", stroke=drawing.LINE)
        places = [
            (left + step / STEPS * width, top + (1 - loss / high) * height)
            for step, loss in enumerate(losses)
        ]
        line = "L".join(f"{x:.5g} {y:.5g}" for x, y in places)
        picture.add("path", d=f"M{line}", fill="none", stroke=drawing.INK, stroke_width=1.5)
        bump = 2 + int(np.argmax(losses[2:])) if len(losses) > 2 else 0
        for step, ((x, y), loss) in enumerate(zip(places, losses, strict=True)):
            picture.add("circle", cx=x, cy=y, r=3, fill=drawing.ACCENT)
            picture.text(x, top + height + 18, str(step), fill=drawing.MUTED, font_size=11)
            if step in (0, bump, len(losses) - 1):
                picture.text(x + 4, y - 9, f"{loss:.4f}", font_size=11)


class Answer(NamedTuple):
    """What a network says of a picture."""

    best: int  #: the class with the largest share
    shares: np.ndarray


class _Run(NamedTuple):
    """What ten steps of the tile network give: losses, and the first layer at several times."""

    losses: np.ndarray
    gradient: np.ndarray
    velocity: np.ndarray
    filters: np.ndarray
    end: np.ndarray
    said: list
    start: np.ndarray = np.zeros(0)


@functools.lru_cache(maxsize=1000)
def _filters(name, how, seed):
    """Return the first layer's filters at the start of a network; the page's networks see one channel."""
    network = build(name, np.float64)
    begin(network, how, seed)
    return next(iter(network.params.values()))[:, :, 0].copy()


@functools.lru_cache(maxsize=1000)
def _run(rate, momentum, decay, dropout, how, seed):
    """Let the tile network take ten steps, or as many as give a finite loss."""
    network = build("tile", np.float64)
    begin(network, how, seed)
    network.layers["dropout"] = Dropout(dropout)
    network["dropout"].rng = Coins(seed + MASKS)
    network.training = True
    optimizer = SGD(network, rate, momentum, decay)
    x, filters = tile.IMAGES - tile.MEAN_IMAGE, network["conv"].weight
    start, losses, first = filters[:, :, 0].copy(), [], None
    said = [Answer(int(shares.argmax()), shares) for shares in Softmax().predict(network.predict(x))]
    with np.errstate(all="ignore"):  # a rate that is too large is a lesson here
        for _ in range(STEPS + 1):
            loss, grad_logits = cross_entropy(network.forward(x), tile.LABELS)
            if not math.isfinite(loss):
                break
            losses.append(loss)
            if len(losses) > STEPS:
                break
            network.backward(grad_logits, input_gradient=False)
            gradient = network.grads["conv.weight"][:, :, 0].copy()
            optimizer.step()
            first = first or (
                gradient,
                optimizer.velocity["conv.weight"][:, :, 0].copy(),
                filters[:, :, 0].copy(),
            )
    return _Run(np.array(losses), *first, filters[:, :, 0].copy(), said, start)
