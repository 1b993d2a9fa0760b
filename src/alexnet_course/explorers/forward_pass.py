"""The forward-pass explorer: what a picture becomes in a network, down to a single product."""

import base64
import functools
import math
import operator
import string

import numpy as np
import traitlets

from alexnet_course import miniature
from alexnet_course.data.photographs import NAMES, load_photograph
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Whole
from alexnet_course.explorers.made import made
from alexnet_course.geometry import field_span
from alexnet_course.images import centre_crop
from alexnet_course.layers import Softmax
from alexnet_course.network import Sequential
from alexnet_course.squeezenet import load_squeezenet, preprocess
from alexnet_course.windows import pad_images

DIGITS = string.digits + string.ascii_lowercase
STAGES = made("forward_pass_stages")
RANDOM = made("forward_pass_maps")
CLOTHES = made("clothes")["pictures"]
MOST_STAGES = max(len(stages) for stages in STAGES.values())
MOST_MAPS = max(stage["shape"][-1] for stages in STAGES.values() for stage in stages)
SIDES = {name: stages[0]["shape"][0] for name, stages in STAGES.items()}
MOST_SIDE = max(SIDES.values())
ZERO, LEVELS = 18, 17  # the digit of 0 in a stored map, and how many lie above it


class ForwardPassExplorer(Explorer):
    """A picture on its way through a network: every map of every stage, and the arithmetic of every unit.

    Three networks: AlexNet with random weights, whose maps of Chelsea are stored; SqueezeNet, trained on
    ImageNet, on a photograph; and the miniature of AlexNet, trained by this course, on a picture of clothes.
    ReLU and dropout belong to the stage before them.

    Traits, each a `ValueError` when out of range; what a stage has not, is its last:

    network : "random AlexNet", "SqueezeNet" or "miniature"
    photograph : str
        One of the six, for SqueezeNet; its middle square is what the network sees.
    clothes : int, 0 to 19
        Which picture of clothes, for the miniature.
    stage : int, 0 to 23
        From the image to softmax.
    map : int, 0 to 9215
        Which map of the stage; of a stage without rows and columns, which of its numbers.
    row, column : int, 0 to 226
        Which unit of the map.

    >>> explorer = ForwardPassExplorer(network="SqueezeNet", stage=4, map=70, row=20, column=30)
    >>> explorer.name, explorer.shape, explorer.window, explorer.field
    ('fire2.expand', (1, 56, 56, 128), (19, 29, 3), (76, 116, 90, 130))
    """

    _module = "forward_pass"
    _title = "A picture on its way through a network"
    _try = "choose SqueezeNet, load it, and follow one unit of one map to its numbers."
    _shown_in_repr = ("network", "stage", "map")
    checked = ("at", "kind", "name", "shape", "count", "place", "window", "field", "stored")

    network = Choice(*STAGES)
    photograph = Choice(*NAMES)
    clothes = Whole(0, 0, len(CLOTHES) - 1)
    stage = Whole(1, 0, MOST_STAGES - 1)
    map = Whole(91, 0, MOST_MAPS - 1)
    row = Whole(20, 0, MOST_SIDE - 1)
    column = Whole(20, 0, MOST_SIDE - 1)
    #: What the reader draws for the miniature: bytes of grey, 28 rows of 28; None for the chosen clothes.
    drawn = traitlets.Any(None).tag(sync=True)
    #: The reader's own picture for SqueezeNet, as `OwnPictureExplorer.own` holds it; None for the photograph.
    own = traitlets.Any(None).tag(sync=True)

    # ---- what follows from the geometry alone

    @property
    def at(self):
        """Number of the stage that is shown: `stage`, or the network's last."""
        return min(self.stage, len(self._stages) - 1)

    @property
    def kind(self):
        """Kind of the stage: "image", "convolution", "pooling" and others."""
        return self._stage["kind"]

    @property
    def name(self):
        """Name of the stage."""
        return self._stage["name"]

    @property
    def shape(self):
        """Shape of what the stage hands on, with the batch axis."""
        return (1, *self._stage["shape"])

    @property
    def count(self):
        """How many numbers the stage hands on."""
        return math.prod(self.shape)

    @property
    def place(self):
        """The map, row and column of the unit under study; row and column are 0 where there are none."""
        *sides, maps = self._stage["shape"]
        rows, columns = sides or (1, 1)
        return min(self.map, maps - 1), min(self.row, rows - 1), min(self.column, columns - 1)

    @property
    def window(self):
        """The first row and column of the unit's window on the stage before, and its side; None without one.

        Below 0 lies padding.
        """
        if not self._stage["windows"]:
            return None
        (side, stride, padding), (_, row, column) = self._window_of(self.at, self.place[0]), self.place
        return row * stride - padding, column * stride - padding, side

    @property
    def field(self):
        """Where the unit looks in the picture: first row and column, last ones; some may lie outside."""
        at, (number, row, column) = self.at, self.place
        last = (row, column)
        if len(self._stage["shape"]) == 1:
            at = max(i for i, stage in enumerate(self._stages) if len(stage["shape"]) == 3)
            rows, columns, maps = self._stages[at]["shape"]
            row, column, last = 0, 0, (rows - 1, columns - 1)
            if self._stage["kind"] == "flatten":
                row, column, _ = np.unravel_index(number, (rows, columns, maps))
                last = (row, column)
            number = 0
        windows = [self._window_of(i, number if i == at else -1) for i in range(1, at + 1)]
        windows = [window for window in windows if window]
        first_row, first_column = (field_span(windows, int(unit))[0] for unit in (row, column))
        last_row, last_column = (field_span(windows, int(unit))[1] for unit in last)
        return first_row, first_column, last_row, last_column

    @property
    def stored(self):
        """What the page knows of a stage of the random AlexNet, a dict; None for a trained network.

        ``deviation`` and ``zeros`` of all its numbers; ``limit``; ``chosen``, which maps are stored; and
        ``levels`` of the one nearest to the wanted, whole numbers: 17 for the limit and more.
        """
        if self.network != "random AlexNet":
            return None
        record = RANDOM[self.at]
        at = record["chosen"].index(self.place[0]) if self.place[0] in record["chosen"] else 0
        levels = [[DIGITS.index(digit) - ZERO for digit in row] for row in record["maps"][at]]
        return {key: record[key] for key in ("deviation", "zeros", "limit", "chosen")} | {"levels": levels}

    # ---- what a trained network gives; the page computes it as well, once it has loaded the weights

    @property
    def picture(self):
        """What the network is shown: uint8, (227, 227, 3) or (27, 27, 1)."""
        if self.network == "miniature":
            pixels = _clothes(self.clothes) if self.drawn is None else np.frombuffer(self.drawn, np.uint8)
            return centre_crop(pixels.reshape(28, 28, 1), SIDES["miniature"])
        if self.network == "SqueezeNet" and self.own is not None:
            pixels = np.frombuffer(self.own["pixels"], np.uint8)
            return centre_crop(pixels.reshape(self.own["height"], self.own["width"], 3), MOST_SIDE)
        return centre_crop(load_photograph("chelsea" if self._is_random else self.photograph), MOST_SIDE)

    @property
    def output(self):
        """What the trained network's stage hands on: float32, with the batch axis."""
        return self._outputs[self._stage["layers"][-1]]

    @property
    def order(self):
        """The maps of the stage, those with the largest sums first."""
        sums = self.output.reshape(-1, self.shape[-1]).sum(axis=0, dtype=np.float64)
        return np.argsort(-sums, kind="stable")

    @property
    def arithmetic(self):
        """How the unit of the trained network comes to its number, a dict.

        ``passed``, what it hands on, of every unit. Of a convolution or dense layer also ``window`` and
        ``filter``, whose products and ``bias`` add up to ``value``, before ReLU; and ``first``, the first map
        that the filter sees. Of a pool ``window``; of normalization ``neighbours``, ``first`` of them, their
        ``sum`` of squares and the constants ``k``, ``alpha`` and ``beta``; of an average and of softmax
        ``window``, all that goes in.
        """
        number, row, column = self.place
        passed = float(self.output[0].reshape(*self._sides, -1)[row, column, number])
        kind = self._stage["kind"]
        if kind in ("image", "flatten"):
            return {"passed": passed}
        x = self._input[0]
        if kind == "convolution":
            found = self._convolved(x, number, row, column)
        elif kind == "dense":
            layer = self._layer
            found = {"window": x, "filter": layer.weight[:, number], "bias": float(layer.bias[number])}
        elif kind == "pooling":
            top, left, side = self.window
            return {"passed": passed, "window": x[top : top + side, left : left + side, number]}
        elif kind == "normalization":
            reach = self._layer.n // 2
            first = max(0, number - reach)
            near = x[row, column, first : number + reach + 1].astype(np.float64)
            sums = {"first": first, "sum": float((near**2).sum())}
            constants = {key: getattr(self._layer, key) for key in ("k", "alpha", "beta")}
            return {"passed": passed, "neighbours": near, **sums, **constants}
        else:
            return {"passed": passed, "window": x[..., number] if kind == "average" else x}
        value = self._outputs[self._stage["layers"][0]][0].reshape(*self._sides, -1)[row, column, number]
        return found | {"value": float(value), "passed": passed}

    @property
    def votes(self):
        """What each feature adds to the score of the class that has the number `place[0]`, a dict.

        ``parts``, for each map or number that the last layer with weights reads: the products with the weight
        of that class, averaged over the places in SqueezeNet, whose ReLU lets some places pass; ``bias``, and
        the ``score`` that they add up to.
        """
        network, number = _network(self.network), self.place[0]
        last = [stage for stage in self._stages if stage["kind"] in ("convolution", "dense")][-1]
        layer = _layer_of(network, last["name"])
        x, z = self._given(self._stages.index(last))[0], self._outputs[last["name"]][0, ..., number]
        if z.ndim == 0:
            parts, bias = x * layer.weight[:, number], float(layer.bias[number])
        else:
            open_ = z > 0
            parts = x[open_].sum(axis=0, dtype=np.float64) * layer.weight[0, 0, :, number] / z.size
            bias = float(layer.bias[number]) * open_.sum() / z.size
        score = self._outputs[self._stages[-2]["layers"][-1]][0, number]
        return {"parts": parts, "bias": float(bias), "score": float(score)}

    # ---- behind them

    @property
    def _is_random(self):
        return self.network == "random AlexNet"

    @property
    def _stages(self):
        return STAGES[self.network]

    @property
    def _stage(self):
        return self._stages[self.at]

    @property
    def _sides(self):
        """Rows and columns of the stage; 1 and 1 where it has none."""
        return self._stage["shape"][:-1] or [1, 1]

    def _window_of(self, at, number):
        """Return side, stride and padding of the windows that make a map of a stage; None without windows."""
        windows = self._stages[at]["windows"]
        if number < 0:
            return windows[-1][:3] if windows else None
        for *window, maps in windows:
            if number < maps:
                return window
            number -= maps
        return None

    @property
    def _outputs(self):
        """What every layer of the trained network gives, by name."""
        if self._is_random:
            raise ValueError("network is 'random AlexNet', of which six maps of each stage are stored")
        return _run(self.network, self.picture.tobytes())

    def _given(self, at):
        """Return what the stage `at` gets."""
        return self._outputs[self._stages[at - 1]["layers"][-1]]

    @property
    def _input(self):
        return self._given(self.at)

    @property
    def _layer(self):
        return _layer_of(_network(self.network), self._stage["name"])

    def _convolved(self, x, number, row, column):
        """Return window, filter and bias of a unit of a convolution, or of one of two side by side."""
        layer = self._layer
        for branch in getattr(layer, "branches", {"": layer}).values():
            if number < branch.filters:
                break
            number -= branch.filters
        top, left, side = self.window
        _, _, padding = self._window_of(self.at, self.place[0])
        channels = branch.weight.shape[2]
        first = number // (branch.filters // branch.groups) * channels
        padded = pad_images(x[np.newaxis], ((padding, padding), (padding, padding)))[0]
        top, left = top + padding, left + padding
        return {
            "window": padded[top : top + side, left : left + side, first : first + channels],
            "filter": branch.weight[..., number],
            "bias": float(branch.bias[number]),
            "first": first,
        }

    _alt = "Small pictures of what each stage hands on: a photograph, then maps that get smaller, then grids."

    def _sentence(self):
        number, row, column = self.place
        what = f"Map {number}, row {row}, column {column}" if len(self.shape) == 4 else f"Number {number}"
        top, left, bottom, right = self.field
        return (
            f"{self.name} hands on {' × '.join(_sizes(self.shape))}, {self.count:,} numbers. {what} looks at "
            f"rows {top} to {bottom}, columns {left} to {right} of the picture.".replace("-", "−")
        )

    def _static_picture(self):
        """Return the largest stored map of every stage of the random AlexNet, in two rows."""
        picture, side, across = drawing.Drawing(728, 268), 80, 8
        for at, record in enumerate(RANDOM):
            x, y = 8 + at % across * 90, 30 + at // across * 122
            levels = np.array([[DIGITS.index(digit) - ZERO for digit in row] for row in record["maps"][0]])
            picture.title(x, y - 8, record["name"])
            unit = side / max(levels.shape)
            picture.add(
                "image", x=x, y=y, width=levels.shape[1] * unit, height=levels.shape[0] * unit,
                href=drawing.png(levels, drawing.signed(LEVELS)), style="image-rendering:pixelated",
                preserveAspectRatio="none",
            )  # fmt: skip
            if self._is_random and at == self.at:
                picture.window(x, y, side)
        return picture


def _sizes(shape):
    """Return the sizes of a shape as texts."""
    return [f"{size:,}" for size in shape]


def _clothes(number):
    """Return a picture of clothes: uint8, (784,)."""
    return np.frombuffer(base64.b64decode(CLOTHES[number]["pixels"]), np.uint8)


@functools.cache
def _network(name):
    """Return a trained network, loaded once."""
    return load_squeezenet() if name == "SqueezeNet" else miniature.load_miniature()


def _layer_of(network, name):
    """Return a layer by a name such as fire2.squeeze."""
    return functools.reduce(operator.getitem, name.split("."), network)


@functools.lru_cache(maxsize=4)
def _run(name, pixels):
    """Return what every layer gives for a picture, by its name; `pixels` are the bytes of `picture`."""
    picture = np.frombuffer(pixels, np.uint8).reshape(STAGES[name][0]["shape"])
    if name == "SqueezeNet":
        x = preprocess(picture)
    else:
        whole = np.pad(picture, ((0, 1), (0, 1), (0, 0)))  # the mean picture has 28 rows and columns
        x = miniature.preprocess(whole[np.newaxis])[:, :-1, :-1]
    outputs = {"image": x}
    _walk(_network(name), x, "", outputs)
    last = STAGES[name][-2]["layers"][-1]
    return outputs | {"softmax": Softmax().predict(outputs[last])}


def _walk(network, x, before, outputs):
    """Note what each layer gives, rows within rows by names such as fire2.squeeze; return the last."""
    for name, layer in network.layers.items():
        if isinstance(layer, Sequential):
            x = _walk(layer, x, f"{before}{name}.", outputs)
        else:
            x = outputs[before + name] = layer.predict(x)
    return x
