"""Layers in a row: the network that hands each layer's output to the next, and each gradient back."""

import sys
import time
from typing import NamedTuple

import numpy as np

from alexnet_course.geometry import receptive_field, whole_number
from alexnet_course.layers.base import Layer


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


class Sequential(Layer):
    """A chain of layers, itself a layer.

    Parameters
    ----------
    layers : dict of str to Layer, or iterable of Layer
        In the order of the data. Layers without names are numbered: ``conv2d1``, ``relu2``. To rearrange a
        network, build another one from its `layers`.
    input_shape : tuple of int, optional
        Shape of one input, for `summary` without an argument.

    Attributes
    ----------
    layers : dict of str to Layer

    Raises
    ------
    TypeError
        If one of them is not a layer.
    ValueError
        If there is none, or one appears twice: a layer remembers one input only.

    Examples
    --------
    >>> from alexnet_course.layers import Dense, ReLU
    >>> network = Sequential({"hidden": Dense(4, 8), "relu": ReLU(), "output": Dense(8, 3)})
    >>> network.forward(np.zeros((2, 4))).shape
    (2, 3)
    >>> sorted(network.params)
    ['hidden.bias', 'hidden.weight', 'output.bias', 'output.weight']
    """

    def __init__(self, layers, input_shape=None):
        self.layers = dict(layers) if isinstance(layers, dict) else _numbered(layers)
        if not self.layers:
            raise ValueError("layers must hold at least one layer")
        for name, layer in self.layers.items():
            if not isinstance(layer, Layer):
                raise TypeError(f"layers must be layers; {name!r} is {layer!r}")
            layer.name = name
        if len({id(layer) for layer in self.layers.values()}) < len(self.layers):
            raise ValueError("layers must be different objects: a layer remembers one input only")
        self.name = type(self).__name__
        self.input_shape = input_shape

    def __getitem__(self, name):
        """Return the layer of this name."""
        return self.layers[name]

    @property
    def params(self):
        """All parameters, ``{"conv1.weight": array, ...}``; the arrays are those of the layers."""
        return self._collect("params")

    @property
    def grads(self):
        """All gradients, with the keys of `params`."""
        return self._collect("grads")

    @property
    def training(self):
        """Whether any layer is in training mode; setting it sets all of them."""
        return any(layer.training for layer in self.layers.values())

    @training.setter
    def training(self, value):
        for layer in self.layers.values():
            layer.training = value

    @property
    def window(self):
        """The window of the image that one output sees, and the step from one output to the next."""
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

        Parameters
        ----------
        x : array_like
            What the first layer takes.

        Raises
        ------
        TypeError, ValueError
            From the layer that cannot take what it is given; the message names it.
        """
        for layer in self.layers.values():
            x = layer.forward(x)
        return x

    def backward(self, grad_output, input_gradient=False):
        """Set the gradients of all parameters, from the last layer to the first.

        Parameters
        ----------
        grad_output : array_like
            How much the loss changes with each output.
        input_gradient : bool
            Whether to go on to the gradient of the network's input, which training does not need.

        Returns
        -------
        ndarray, shape of the input, or None
            The gradient of the input if it was asked for.

        Raises
        ------
        RuntimeError
            If no `forward` went before.
        ValueError
            If `grad_output` has not the shape of the output.
        """
        layers = list(self.layers.values())
        learning = [place for place, layer in enumerate(layers) if layer.params]
        last = 0 if input_gradient or not learning else learning[0]  # nobody needs what lies before it
        for place in reversed(range(last, len(layers))):
            if layers[place].params:
                wanted = input_gradient or place > last
                grad_output = layers[place].backward(grad_output, input_gradient=wanted)
            else:
                grad_output = layers[place].backward(grad_output)
        return grad_output

    def predict(self, x):
        """Return the output of the last layer, in evaluation mode, keeping nothing for `backward`.

        Uses far less memory than `forward`: what a layer saved is dropped before the next one runs.

        Parameters
        ----------
        x : array_like
            What the first layer takes.
        """
        for layer in self.layers.values():
            x = layer.predict(x)
        return x

    def summary(self, input_shape=None):
        """Print a table with a row a layer, and return its rows.

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

    def _collect(self, kind):
        """Return the arrays of all layers under ``layer.key``."""
        return {
            f"{name}.{key}": array
            for name, layer in self.layers.items()
            for key, array in getattr(layer, kind).items()
        }

    def _rows(self, input_shape):
        """Return the rows of the summary."""
        shape, windows, rows = tuple(input_shape), [], []
        for name, layer in self.layers.items():
            products = layer.multiply_accumulates(shape)
            shape = layer.output_shape(shape)
            windows.append(layer.window)
            seen = _composed(windows)[0] if len(shape) == 3 else None
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
    """Return the one window, ((rows, columns), (jump down, jump across)), that equals windows in a row."""
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
