"""A network as a table and a row of numbers: all that a page needs to run it without Python."""

import inspect
import json

import numpy as np

from alexnet_course.checks import held
from alexnet_course.geometry import resolve_padding
from alexnet_course.network import Container, Sequential


def table(network, input_shape=None):
    """Return a network as plain data, from which the engine of the pages (`engine.js`) builds the same one.

    Parameters
    ----------
    network : Sequential
        Of the course's own layers; rows of rows are flattened, so that only branches stay within each other.
    input_shape : tuple of int, optional
        Shape of one input; the network's own by default.

    Returns
    -------
    list of dict
        A row a layer, in the order of the data: its ``name`` (``fire2.squeeze``), its ``kind`` (the class),
        its ``shape`` (of one output), the arguments that built it (``padding`` as the pixels above and at the
        left), and in ``weight`` and ``bias`` the places where they begin in the row that `numbers_of` gives.
        A layer with branches has a list of such rows.

    Raises
    ------
    TypeError
        If `network` is no `Sequential`.
    ValueError
        If there is no shape to start from.

    Examples
    --------
    >>> from alexnet_course.layers import Dense, ReLU
    >>> for row in table(Sequential([Dense(3, 2), ReLU()]), (3,)):
    ...     print(row)
    {'name': 'dense1', 'kind': 'Dense', 'shape': [2], 'in_features': 3, 'out_features': 2,
     'weight': 0, 'bias': 6}
    {'name': 'relu1', 'kind': 'ReLU', 'shape': [2]}
    """
    if not isinstance(network, Sequential):
        raise TypeError(f"network must be a Sequential; got {network!r}: Sequential([layer]) is one")
    input_shape = network.input_shape if input_shape is None else input_shape
    if input_shape is None:
        raise ValueError("input_shape must be given, such as (227, 227, 3): the network was built without")
    places, end = {}, 0
    for name, parameter in network.params.items():
        places[name], end = end, end + parameter.size
    return _rows(network, tuple(input_shape), "", places)


def numbers_of(network, dtype=np.float16):
    """Return all parameters of a network in one row, in the order of `params`.

    Raises
    ------
    ValueError
        If a number is too large for `dtype`.
    """
    rows = [held(parameter, name, dtype).ravel() for name, parameter in network.params.items()]
    return np.concatenate([np.empty(0, dtype), *rows])


def packed(network, labels=(), dtype=np.float16):
    r"""Return a network as one file: a line of JSON, then all its numbers.

    Parameters
    ----------
    network : Sequential
        Built with an input shape.
    labels : sequence of str
        Names of its outputs.
    dtype : dtype
        In which the numbers are written.

    Returns
    -------
    bytes
        The line holds ``table``, as `table` gives it, ``input_shape``, ``labels`` and ``dtype``. Blanks at
        its end bring the numbers, little-endian, to a place that is a multiple of eight.

    Examples
    --------
    >>> from alexnet_course.layers import Dense
    >>> line, numbers = packed(Sequential([Dense(3, 2)], (3,)), ["no", "yes"]).split(b"\n", 1)
    >>> json.loads(line)["labels"], len(numbers)  # six weights and two biases of two bytes each
    (['no', 'yes'], 16)
    """
    rows = table(network)  # which checks the network, too
    about = {
        "input_shape": list(network.input_shape), "labels": list(labels), "dtype": np.dtype(dtype).name,
        "table": rows,
    }  # fmt: skip
    line = json.dumps(about).encode()
    line += b" " * (-(len(line) + 1) % 8) + b"\n"
    return line + numbers_of(network, np.dtype(dtype).newbyteorder("<")).tobytes()


def _rows(network, shape, before, places):
    """Return the rows of a network whose layers are called `before` and their name."""
    rows = []
    for name, layer in network.layers.items():
        if isinstance(layer, Sequential):
            rows += _rows(layer, shape, f"{before}{name}.", places)
        else:
            rows.append(_row(layer, shape, before + name, places))
        shape = layer.output_shape(shape)
    return rows


def _row(layer, shape, name, places):
    """Return one layer as data."""
    row = {"name": name, "kind": type(layer).__name__, "shape": list(layer.output_shape(shape))}
    if isinstance(layer, Container):
        branches = layer.layers.items()
        row["branches"] = [_row(branch, shape, f"{name}.{key}", places) for key, branch in branches]
        return row
    for argument in inspect.signature(type(layer)).parameters:
        value = getattr(layer, argument, None)
        if isinstance(value, (int, float, tuple)):
            row[argument] = list(value) if isinstance(value, tuple) else value
    if hasattr(layer, "padding"):
        size, stride = layer.window
        (top, _), (left, _) = resolve_padding(layer.padding, shape[:2], size, stride)
        row["padding"] = [top, left]
    return row | {key: places[f"{name}.{key}"] for key in layer.params}
