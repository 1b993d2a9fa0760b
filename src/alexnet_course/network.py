"""Layers in a row: the network that hands each layer's output to the next, and each gradient back."""

import copy
import itertools
import math
import sys
import time
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from alexnet_course import pieces, workers
from alexnet_course.checks import check_shape, whole_number
from alexnet_course.geometry import receptive_field
from alexnet_course.layers.base import Layer

#: Numbers from which on the maps of an image count as large: half a megabyte of float32.
LARGE = 1 << 17


class SummaryRow(NamedTuple):
    """One layer in a network's summary."""

    name: str
    output_shape: tuple
    """Shape of one output, (H, W, C) or (features,)."""
    parameters: int
    multiply_accumulates: int
    """Products with a weight, for one image."""
    receptive_field: tuple | None
    """Pixels (rows, columns) of the image that one output sees; None once there are no rows and columns."""


class Container(Layer):
    """A layer that holds others by name: their parameters under ``name.key``, and one switch for all modes.

    Parameters
    ----------
    layers : dict of str to Layer, or iterable of Layer
        Layers without names are numbered: ``conv2d1``, ``relu2``.

    Attributes
    ----------
    layers : dict of str to Layer

    Raises
    ------
    TypeError
        If one of them is not a layer, or a name no text.
    ValueError
        If there is none, a name is empty or holds a dot, or a layer appears twice, at any depth: it remembers
        one input only.
    """

    _fixed = ("layers", "params", "grads")

    def __init__(self, layers):
        super().__init__()
        self.layers = dict(layers) if isinstance(layers, dict) else _numbered(layers)
        if not self.layers:
            raise ValueError("layers must hold at least one layer")
        for name, layer in self.layers.items():
            if not isinstance(name, str):
                raise TypeError(f"names of layers must be text; got {name!r}")
            if not name or "." in name:
                raise ValueError(f"names of layers must not be empty or hold a dot; got {name!r}")
            if not isinstance(layer, Layer):
                raise TypeError(f"layers must be layers; {name!r} is {layer!r}")
        everyone = list(self.everyone())
        if len({id(layer) for layer in everyone}) < len(everyone):
            raise ValueError("layers must be different objects: a layer remembers one input only")
        for name, layer in self.layers.items():
            layer.name = name

    def __getitem__(self, name):
        """Return the layer of this name."""
        return self.layers[name]

    def __copy__(self):
        """Return a copy with copies of the layers: `predict` sets their modes, and these stay as they are."""
        twin = type(self).__new__(type(self))
        vars(twin).update(vars(self), layers={name: copy.copy(layer) for name, layer in self.layers.items()})
        return twin

    def __repr__(self):
        """Return the layers, one per line, as `Sequential` takes them."""
        lines = [f"    {name!r}: {layer!r},".replace("\n", "\n    ") for name, layer in self.layers.items()]
        shape = getattr(self, "input_shape", None)
        end = "})" if shape is None else f"}}, input_shape={shape})"
        return "\n".join([f"{type(self).__name__}({{", *lines, end])

    @property
    def params(self):
        """All parameters, ``{"conv1.weight": array, ...}``; the arrays are those of the layers.

        The mapping is read-only; exchange an array through its layer: ``network["conv1"].weight = array``.
        """
        return self._collected("params")

    @property
    def grads(self):
        """All gradients, with the keys of `params`, read-only too; their arrays can be written to."""
        return self._collected("grads")

    @property
    def training(self):
        """Whether any layer is in training mode; setting it sets all of them."""
        return any(layer.training for layer in self.layers.values())

    @training.setter
    def training(self, value):
        for layer in self.layers.values():
            layer.training = value

    @property
    def all_by_image(self):
        """Whether all layers compute each image as if it were alone; a container may be so, too, then."""
        return all(layer.by_image for layer in self.layers.values())

    def _collected(self, kind):
        """Return the arrays of all layers under ``layer.key``; in a dict an assignment would be lost."""
        return MappingProxyType(
            {
                f"{name}.{key}": array
                for name, layer in self.layers.items()
                for key, array in getattr(layer, kind).items()
            }
        )

    def everyone(self):
        """Return in turn all layers, however deep."""
        for layer in self.layers.values():
            yield layer
            if isinstance(layer, Container):
                yield from layer.everyone()


class Sequential(Container):
    """A chain of layers, itself a layer.

    Parameters
    ----------
    layers : dict of str to Layer, or iterable of Layer
        In the order of the data; see `Container`. To rearrange a network, build another one from its
        `layers`.
    input_shape : tuple of int, optional
        Shape of one input, for `summary` without an argument.

    Examples
    --------
    >>> from alexnet_course.layers import Dense, ReLU
    >>> network = Sequential({"hidden": Dense(4, 8), "relu": ReLU(), "output": Dense(8, 3)})
    >>> network
    Sequential({
        'hidden': Dense(4, 8),
        'relu': ReLU(),
        'output': Dense(8, 3),
    })
    >>> network.forward(np.zeros((2, 4))).shape
    (2, 3)
    >>> sorted(network.params)
    ['hidden.bias', 'hidden.weight', 'output.bias', 'output.weight']
    """

    by_image = Container.all_by_image
    _fixed = (*Container._fixed, "input_shape")

    def __init__(self, layers, input_shape=None):
        super().__init__(layers)
        self.input_shape = None if input_shape is None else check_shape(input_shape, "input_shape")
        self._shared, self._known = False, {}

    @property
    def window(self):
        """The window of the image that one output sees, and the step from one output to the next.

        None if outputs have no rows and columns.
        """
        return _composed([layer.window for layer in self.layers.values()])

    def output_shape(self, input_shape):
        """Return the shape of one output for one input of `input_shape`."""
        for layer in self.layers.values():
            input_shape = layer.output_shape(input_shape)
        return input_shape

    def multiply_accumulates(self, input_shape):
        """Return how many products with a weight one input of `input_shape` costs."""
        return sum(row.multiply_accumulates for row in self._rows(input_shape))

    def forward(self, x):
        """Return the output of the last layer; every layer saves what `backward` needs.

        Where it is worth while, `workers` share out the images; the result is the same but for rounding.
        """
        self._shared = self._worth_sharing(x) and workers.count() > 1
        if not self._shared:
            return pieces.forward(self.layers.values(), x)
        with workers.together():
            for shared, _, stretch in self._stretches():
                x = (pieces.forward_in_pieces if shared else pieces.forward)(stretch, x)
        return x

    def backward(self, grad_output, input_gradient=True):
        """Set the gradients of all parameters, from the last layer to the first.

        Training says ``input_gradient=False``: nothing below the first layer with parameters is computed, and
        None is returned.
        """
        layers = list(self.layers.values())
        if not input_gradient:
            layers = layers[next((i for i, layer in enumerate(layers) if layer.params), len(layers)) :]
        if not self._shared:
            return pieces.backward(layers, grad_output, input_gradient)
        with workers.together():
            for parts, stretch in itertools.groupby(layers[::-1], pieces.parts_of):
                stretch = list(stretch)[::-1]
                wanted = input_gradient or stretch[0] is not layers[0]
                function = pieces.backward if parts is None else pieces.backward_in_pieces
                grad_output = function(stretch, grad_output, wanted)
        return grad_output if input_gradient else None

    def predict(self, x):
        """Return the output of the last layer, in evaluation mode, keeping nothing for `backward`.

        Uses far less memory than `forward`: what a layer needs is dropped before the next one runs.
        """
        if not self._worth_sharing(x):
            return pieces.predict(self.layers.values(), x)
        _, sizes = self._known[np.shape(x)[1:]]
        with workers.together():
            for shared, numbers, stretch in self._stretches(sizes):
                x = pieces.predict_in_pieces(stretch, x, numbers) if shared else pieces.predict(stretch, x)
        return x

    def summary(self, input_shape=None):
        """Print a table with a row per layer, and return its rows.

        Parameters
        ----------
        input_shape : tuple of int, optional
            Shape of one input; the network's own by default.

        Returns
        -------
        list of SummaryRow

        Raises
        ------
        ValueError
            If there is no shape to start from, or a layer cannot take it.
        """
        input_shape = self.input_shape if input_shape is None else input_shape
        if input_shape is None:
            raise ValueError(
                "input_shape must be given, such as (227, 227, 3): the network was built without"
            )
        rows = self._rows(input_shape)
        table = [("layer", "output (HWC)", "parameters", "multiply-accumulates", "receptive field")]
        for row in rows:
            seen = "" if row.receptive_field is None else _times(row.receptive_field)
            counts = f"{row.parameters:,}", f"{row.multiply_accumulates:,}"
            table.append((row.name, _times(row.output_shape), *counts, seen))
        totals = sum(row.parameters for row in rows), sum(row.multiply_accumulates for row in rows)
        table.append(("total", "", *(f"{total:,}" for total in totals), ""))
        _write(table)
        return rows

    def profile(self, x, repeats=3):
        """Print how long each layer takes on `x`, and return the times.

        Parameters
        ----------
        x : array_like
            What the first layer takes.
        repeats : int
            How often to measure; the median counts.

        Returns
        -------
        dict of str to float
            Seconds a layer, of evaluation.
        """
        seconds = {name: [] for name in self.layers}
        for _ in range(whole_number(repeats, "repeats", minimum=1)):
            y = x
            for name, layer in self.layers.items():
                start = time.perf_counter()
                y = layer.predict(y)
                seconds[name].append(time.perf_counter() - start)
        medians = {name: float(np.median(times)) for name, times in seconds.items()}
        total = sum(medians.values())
        lines = [(name, f"{1000 * time:.2f}", f"{time / total:.0%}") for name, time in medians.items()]
        _write([("layer", "milliseconds", "share"), *lines, ("total", f"{1000 * total:.2f}", "")])
        return medians

    def _worth_sharing(self, x):
        """Return whether a batch is worth several workers' while."""
        shape = np.shape(x)
        if len(shape) < 2 or shape[0] < 2:
            return False
        if shape[1:] not in self._known:
            try:
                rows = self._rows(shape[1:])
            except (TypeError, ValueError):  # the layers will say what is wrong
                return False
            outputs = [math.prod(row.output_shape) for row in rows]
            sizes = map(max, [math.prod(shape[1:]), *outputs], outputs)  # of what goes in or comes out
            self._known[shape[1:]] = sum(row.multiply_accumulates for row in rows), list(sizes)
        return shape[0] * self._known[shape[1:]][0] >= workers.WORTH_WHILE

    def _stretches(self, sizes=None):
        """Return in turn layers in a row whose images can be shared out, and those in between.

        With `sizes`, how many numbers a layer has of an image, layers with large maps are not in a row with
        others; then the largest of a stretch comes too. A stretch without a product with weights is done
        sooner than it is shared out.
        """
        sizes = sizes or [0] * len(self.layers)

        def kind(pair):
            return pair[0].by_image, pair[1] > LARGE

        for (by_image, _), stretch in itertools.groupby(zip(self.layers.values(), sizes, strict=True), kind):
            layers, numbers = zip(*stretch, strict=True)
            yield by_image and any(layer.params for layer in layers), max(numbers), layers

    def _rows(self, input_shape):
        """Return the rows of the summary."""
        shape, windows, rows = check_shape(input_shape, f"{self.name}: input_shape"), [], []
        for name, layer in self.layers.items():
            products = layer.multiply_accumulates(shape)
            shape = layer.output_shape(shape)
            windows.append(layer.window)
            window = _composed(windows) if len(shape) == 3 else None
            seen = None if window is None else window[0]
            parameters = sum(array.size for array in layer.params.values())
            rows.append(SummaryRow(name, shape, parameters, products, seen))
        return rows


def _numbered(layers):
    """Return layers by name: the class in lower case and a running number."""
    named, counts = {}, {}
    for layer in layers:
        kind = type(layer).__name__.lower()
        counts[kind] = counts.get(kind, 0) + 1
        named[f"{kind}{counts[kind]}"] = layer
    return named


def _composed(windows):
    """Return the one window, ((rows, columns), (jump down, jump across)), that equals windows in a row.

    None once a layer leaves no rows and columns.
    """
    if None in windows:
        return None
    axes = (receptive_field((size[axis], stride[axis]) for size, stride in windows) for axis in (0, 1))
    return tuple(zip(*axes, strict=True))


def _times(sizes):
    """Return sizes as text: ``55 x 55 x 96``."""
    return " x ".join(map(str, sizes))


def _write(table):
    """Write rows of text as a table: the first column to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for first, *others in table:
        cells = [first.ljust(widths[0]), *map(str.rjust, others, widths[1:])]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
