"""AlexNet with real trained weights, from the files that people have: ONNX, safetensors, PyTorch's .pth.

Two networks go by this name. Caffe's bvlc_alexnet is the paper's, with other numbers for normalization: k is
1, and alpha a fifth, because Caffe divides it by the window. torchvision's alexnet is made after the single
tower of a later paper (Krizhevsky 2014, arXiv:1404.5997): 64 filters at first, no groups, and not its two
normalizations. The arrays of a file show which of them it is. An ONNX file also says in what order the layers
come, and its word counts.

The course ships none of these files: each has 233 MB or more.
"""

import importlib
import pickle
import re
import warnings
import zipfile
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from alexnet_course import alexnet
from alexnet_course.alexnet import Convolution, FullyConnected, Pooling, build_layers
from alexnet_course.archive import kind_of_file, weight_file
from alexnet_course.data.classes import best_names
from alexnet_course.geometry import resolve_padding
from alexnet_course.images import MEAN_COLOUR, Preparation
from alexnet_course.layers import (
    Conv2D,
    Dropout,
    Flatten,
    LocalResponseNormalization,
    MaxPooling2D,
    ReLU,
)
from alexnet_course.network import Sequential
from alexnet_course.weights import (
    dense_from_channels_first,
    dense_from_outputs_first,
    filters_from_channels_first,
    lrn_from_pytorch,
)

#: The network that torchvision calls alexnet.
TORCHVISION_TABLE = (
    #           name  filters k  s  p  groups bias normalized
    Convolution("conv1", 64, 11, 4, 2, 1, 0.0, normalized=False),
    Pooling("pool1", 3, 2),
    Convolution("conv2", 192, 5, 1, 2, 1, 0.0, normalized=False),
    Pooling("pool2", 3, 2),
    Convolution("conv3", 384, 3, 1, 1, 1, 0.0, normalized=False),
    Convolution("conv4", 256, 3, 1, 1, 1, 0.0, normalized=False),
    Convolution("conv5", 256, 3, 1, 1, 1, 0.0, normalized=False),
    Pooling("pool5", 3, 2),
    FullyConnected("fc6", 4096, 0.0, hidden=True),
    FullyConnected("fc7", 4096, 0.0, hidden=True),
    FullyConnected("fc8", 1000, 0.0, hidden=False),
)
#: Mean and deviation of red, green and blue for torchvision's networks, 0 to 255; it states them for 0 to 1.
TORCHVISION_MEAN = tuple(255 * level for level in (0.485, 0.456, 0.406))
TORCHVISION_DEVIATION = tuple(255 * level for level in (0.229, 0.224, 0.225))


class Pretrained(NamedTuple):
    """A network with trained weights, and what it needs to name a photograph."""

    network: Sequential
    prepare: Preparation
    """Makes what the network takes of a photograph: ``network.predict(prepare(image))`` are its logits."""
    source: str
    """Whose network it is."""

    def classify(self, image, top=5):
        """Name what the network sees on a photograph.

        Parameters
        ----------
        image : array_like of 0 to 255, shape (H, W, 3)
            See `images.Preparation`.
        top : int
            How many answers, 1 to 1000.

        Returns
        -------
        list of (str, float)
            Names and probabilities, the most probable first.

        Raises
        ------
        TypeError, ValueError
            If the image is none, or `top` is out of range.
        """
        return best_names(self.network.predict(self.prepare(image))[0], top)


def caffe_layers(**options):
    """Return the layers of Caffe's bvlc_alexnet by name: the paper's, normalized with Caffe's numbers.

    Parameters
    ----------
    **options
        ``initial``, ``rng`` and ``dtype`` of the layers with parameters.

    Returns
    -------
    dict of str to Layer

    Examples
    --------
    >>> caffe_layers(initial=0.0)["lrn1"]
    LocalResponseNormalization(k=1.0, alpha=2e-05)
    """
    layers = build_layers(alexnet.TABLE, alexnet.INPUT_SHAPE, _defaults(options))
    caffe = lrn_from_pytorch(5, alpha=1e-4, beta=0.75, k=1.0)
    return layers | {name: LocalResponseNormalization(**caffe) for name in ("lrn1", "lrn2")}


def torchvision_layers(**options):
    """Return the layers of torchvision's alexnet by name.

    Its adaptive pool is left out: on images of 224 x 224 it is given 6 x 6 values and asked for as many.

    Parameters
    ----------
    **options
        ``initial``, ``rng`` and ``dtype`` of the layers with parameters.

    Returns
    -------
    dict of str to Layer

    Examples
    --------
    >>> network = Sequential(torchvision_layers(initial=0.0), (224, 224, 3))
    >>> sum(array.size for array in network.params.values())
    61100840
    >>> list(network.layers)[13:20]
    ['flatten', 'dropout5', 'fc6', 'relu6', 'dropout6', 'fc7', 'relu7']
    """
    layers = build_layers(TORCHVISION_TABLE, (224, 224, 3), _defaults(options))
    dropout = layers.pop("dropout7")  # there is none before fc8 here, but one before fc6
    places = list(layers)
    before = places[: places.index("fc6")]
    return {name: layers[name] for name in before} | {"dropout5": dropout} | layers


def _defaults(options):
    """Return the options of `build_layers`, those that were not given too."""
    return {"initial": "he", "rng": np.random.default_rng(), "dtype": np.float32} | options


class _Origin(NamedTuple):
    """Whose network it is: how to build it, how to prepare photographs, what a file calls its arrays."""

    source: str
    build: Callable
    prepare: Preparation
    names: dict


_CAFFE = _Origin(
    "bvlc_alexnet, Caffe's replica of the paper's network",
    caffe_layers,
    Preparation(alexnet.INPUT_SHAPE[0], MEAN_COLOUR, order="BGR"),
    {row.name: row.name for row in alexnet.TABLE if not isinstance(row, Pooling)},
)
_TORCHVISION = _Origin(
    "torchvision's alexnet, after the single tower of 2014",
    torchvision_layers,
    Preparation(224, TORCHVISION_MEAN, TORCHVISION_DEVIATION),
    {f"conv{number}": f"features.{place}" for number, place in enumerate((0, 3, 6, 8, 10), 1)}
    | {f"fc{number}": f"classifier.{place}" for number, place in enumerate((1, 4, 6), 6)},
)


class _MisfitError(Exception):
    """A file can be read, but holds something else than AlexNet."""


def load_alexnet(path, sha256=None):
    """Return AlexNet as a file describes it, with the trained weights of the file.

    The network is built anew, and only once the whole file is found to be right: one that you have keeps its
    weights whatever the file is. Nothing in the file is executed. The layers are called as in
    `alexnet.AlexNet`; the last one is fc8, so that the network gives logits.

    Parameters
    ----------
    path : path-like
        ``.onnx``: a network of which the layers are read too, such as the model zoo's bvlcalexnet.
        ``.safetensors``, ``.pth`` or ``.pt``: arrays alone, called as in torchvision (``features.0.weight``)
        or Caffe (``conv1.weight``), in PyTorch's order. Each kind is read by the package of its makers, which
        the extras ``onnx``, ``safetensors`` and ``torch`` install.
    sha256 : str, optional
        What the SHA-256 of the file must be, in hexadecimal digits. If the name of the file ends in
        digits of it, as in ``alexnet-owt-7be5be79.pth``, these count where nothing is given.

    Returns
    -------
    Pretrained

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ImportError
        If the package that reads it is not installed.
    TypeError
        If `path` is none, or `sha256` no text.
    ValueError
        If the file is of another kind or another network, is truncated or altered, holds something else
        than finite numbers, or would run a program.
    """
    path = weight_file(path, sha256)
    reader, kind = _READERS.get(path.suffix.lower(), (None, None))
    if reader is None:
        raise ValueError(f"path must end in {', '.join(_READERS)}; got {path}")
    promised = re.search(r"-([0-9a-f]{8,64})\.\w+$", path.name)
    if sha256 is None and promised:
        weight_file(path, promised[1])
    package = _package(kind)
    try:
        return reader(package, path)
    except _MisfitError as error:
        raise ValueError(f"{path}: {error}") from None
    except Exception as error:  # what the packages raise depends on where a file is damaged
        what = kind_of_file(path) or error or "it ends too early"
        raise ValueError(f"{path} is no {kind} file, or it is damaged: {what}") from error


def _package(name):
    """Return a package that reads files, or raise ImportError with the command that installs it."""
    try:
        # safetensors reads arrays of NumPy in a module of its own
        return importlib.import_module("safetensors.numpy" if name == "safetensors" else name)
    except ImportError as error:
        raise ImportError(
            f"such a file is read by the package {name}, which is not installed: "
            f"pip install 'alexnet-course[{name}]'"
        ) from error


def _read_safetensors(safetensors, path):
    """Return the network of a .safetensors file."""
    return _from_names(safetensors.load_file(path))


def _read_pth(torch, path):
    """Return the network of a file that torch.save wrote."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:  # torch does not look at the checksums
            damaged = archive.testzip()
        if damaged:
            raise _MisfitError(f"it is damaged: {damaged} has another checksum than the file says")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it is read or refused
            tensors = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        code = re.search(r"GLOBAL (\S+)", str(error))
        if code is None:
            raise ValueError("it is no plain table of tensors") from error
        raise _MisfitError(
            f"it asks for {code[1]}, which is code and not weights, and was not run; "
            "torch.save(network.state_dict(), path) writes arrays alone"
        ) from None
    if not isinstance(tensors, dict):
        raise _MisfitError(f"it must hold tensors by name, a state_dict; it holds a {type(tensors).__name__}")
    floats = {
        name: tensor.detach().float().numpy()
        for name, tensor in tensors.items()
        if isinstance(tensor, torch.Tensor) and tensor.is_floating_point()
    }
    return _from_names(tensors | floats)


def _from_names(arrays):
    """Return the network that arrays are for, by what they are called."""
    for origin in (_CAFFE, _TORCHVISION):
        if f"{origin.names['conv1']}.weight" in arrays:
            size = origin.prepare.size
            network = Sequential(_filled(origin, arrays, origin.names), (size, size, 3))
            return Pretrained(network, origin.prepare, origin.source)
    found = ", ".join(map(str, list(arrays)[:4])) or "nothing"
    raise _MisfitError(
        "it is another network: AlexNet has conv1.weight (Caffe) or features.0.weight (torchvision); "
        f"this file begins with {found}"
    )


def _filled(origin, arrays, names):
    """Return the layers of a network with the arrays of a file in them, or raise an error that says which."""
    wanted = {f"{place}.{key}" for place in names.values() for key in ("weight", "bias")}
    missing, unknown = sorted(wanted - arrays.keys()), sorted(map(str, arrays.keys() - wanted))
    if missing or unknown:
        lacks, has = missing or "nothing", unknown[:8] or "nothing"
        raise _MisfitError(f"it is not {origin.source}: it lacks {lacks} and has {has} more")
    layers = origin.build(initial=0.0)
    for name, place in names.items():
        layer, weight, bias = layers[name], arrays[f"{place}.weight"], arrays[f"{place}.bias"]
        *kernel_size, inputs, outputs = layer.weight.shape  # of a dense layer: no kernel
        _check(weight, f"{place}.weight", (outputs, inputs, *kernel_size))
        _check(bias, f"{place}.bias", (outputs,))
        if isinstance(layer, Conv2D):
            layer.weight = filters_from_channels_first(weight)
        elif name == "fc6":
            layer.weight = dense_from_channels_first(weight, (6, 6, 256))
        else:
            layer.weight = dense_from_outputs_first(weight)
        layer.bias = bias
    return layers


def _check(array, name, shape):
    """Raise an error unless an array of a file has a shape and finite numbers that fit into a network."""
    found = getattr(array, "shape", type(array).__name__)
    if found != shape:
        raise _MisfitError(f"{name} must have shape {shape}; got {found}")
    if getattr(array.dtype, "kind", None) != "f":  # a tensor of whole numbers has no kind
        raise _MisfitError(f"{name} must hold floating-point numbers; got {array.dtype}")
    largest = max(array.max(), -array.min())
    if not largest <= np.finfo(np.float32).max:  # false for NaN too
        raise _MisfitError(f"{name} must hold finite numbers that fit in float32; its largest is {largest:g}")


def _read_onnx(onnx, path):
    """Return the network of an .onnx file, its layers in the order of the file."""
    graph = onnx.load(path).graph
    if not graph.node:
        raise ValueError("it holds no network")
    stored = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    given = [value for value in graph.input if value.name not in stored]
    sizes = [axis.dim_value for value in given for axis in value.type.tensor_type.shape.dim]
    if len(given) != 1 or len(sizes) != 4 or sizes[1] != 3 or not sizes[2] == sizes[3] > 0:
        raise _MisfitError(f"it must take images (N, 3, size, size) of one size; it takes {sizes}")
    size = sizes[2]
    steps, arrays = _steps(onnx, graph.node, given[0].name, stored)
    filters = np.shape(arrays.get("conv1.weight"))[:1]
    origin = {(96,): _CAFFE, (64,): _TORCHVISION}.get(filters)
    if origin is None:
        raise _MisfitError(
            f"it is another network: AlexNet begins with 96 or 64 filters, this with {filters}"
        )
    filled = _filled(origin, arrays, {name: name for name in origin.names})
    layers, shape = {}, (size, size, 3)
    for name, (operator, says) in steps.items():
        try:
            layers[name] = _layer(name, operator, says, filled, shape)
            shape = layers[name].output_shape(shape)
        except ValueError as error:
            raise _MisfitError(f"{name} is not that of AlexNet: {error}") from None
    names = list(layers)
    source = origin.source
    if "lrn1" in names and names.index("pool1") < names.index("lrn1"):
        source = "CaffeNet, Caffe's variant of AlexNet that pools before it normalizes"
    return Pretrained(Sequential(layers, (size, size, 3)), origin.prepare._replace(size=size), source)


#: What the operators of AlexNet say in an ONNX file, and what holds where they do not say it.
_SAYS = {
    "Conv": {"pads": [0, 0, 0, 0], "strides": [1, 1], "group": 1, "dilations": [1, 1], "auto_pad": b"NOTSET"},
    "Relu": {},
    "LRN": {"alpha": 1e-4, "beta": 0.75, "bias": 1.0},
    "MaxPool": {
        "pads": [0, 0, 0, 0],
        "strides": [1, 1],
        "dilations": [1, 1],
        "auto_pad": b"NOTSET",
        "ceil_mode": 0,
    },
    "Reshape": {},
    "Flatten": {},
    "Gemm": {"transA": 0, "transB": 0, "alpha": 1.0, "beta": 1.0},
    "Dropout": {},
}
#: What the course calls the layers, a number after it: that of the convolution or dense layer before.
_NAMES = {"Conv": "conv", "Gemm": "fc", "LRN": "lrn", "MaxPool": "pool", "Relu": "relu", "Dropout": "dropout"}


def _steps(onnx, nodes, value, stored):
    """Return what each layer of a graph says, by name, and its arrays, ``{"conv1.weight": array, ...}``."""
    steps, arrays, number = {}, {}, 0
    for node in nodes:
        operator = node.op_type
        says = {attribute.name: onnx.helper.get_attribute_value(attribute) for attribute in node.attribute}
        if operator == "Constant":  # the shape that a Reshape is given
            continue
        if node.input[0] != value:
            raise _MisfitError(f"it is another network: its {operator} does not take what is before it")
        value = node.output[0]
        if operator == "AveragePool" and says["kernel_shape"] == [1, 1] == says.get("strides", [1, 1]):
            continue  # of torchvision's adaptive pool, which has nothing to do
        if operator == "Softmax" and node is nodes[-1]:
            continue  # the last layer here gives logits
        if operator not in _SAYS:
            raise _MisfitError(f"it is another network: AlexNet has no {operator} there")
        says = _SAYS[operator] | says
        number += operator in ("Conv", "Gemm")
        name = f"{_NAMES[operator]}{number}" if operator in _NAMES else "flatten"
        if name in steps:
            raise _MisfitError(f"it is another network: it has {name} twice")
        steps[name] = operator, says
        if operator in ("Conv", "Gemm"):
            for key, source in zip(("weight", "bias"), node.input[1:], strict=False):
                if source in stored:
                    turned = key == "weight" and operator == "Gemm" and not says["transB"]
                    arrays[f"{name}.{key}"] = stored[source].T if turned else stored[source]
    return steps, arrays


def _layer(name, operator, says, filled, shape):
    """Return the layer of a name that does what its operator says to an input of `shape`."""
    match operator:
        case "Conv":
            layer = filled[name]
            pads = [*layer.padding, *layer.padding]
            wanted = {"pads": pads, "strides": list(layer.stride), "group": layer.groups}
            _agree(says, wanted | {"dilations": [1, 1], "auto_pad": b"NOTSET"})
            return layer
        case "Gemm":
            _agree(says, {"transA": 0, "alpha": 1.0, "beta": 1.0})
            return filled[name]
        case "LRN":
            return LocalResponseNormalization(
                **lrn_from_pytorch(says["size"], says["alpha"], says["beta"], says["bias"])
            )
        case "MaxPool":
            _agree(says, {"dilations": [1, 1], "auto_pad": b"NOTSET", "ceil_mode": 0})
            window = tuple(says["kernel_shape"]), tuple(says["strides"])
            return MaxPooling2D(*window, _pool_padding(says["pads"], shape[:2], *window))
        case _:
            return {"Relu": ReLU, "Dropout": Dropout}.get(operator, Flatten)()


def _agree(says, wanted):
    """Raise ValueError where an operator says something else than what a layer does."""
    for key, value in wanted.items():
        if says[key] != value:
            raise ValueError(f"{key} must be {value}; got {says[key]}")


def _pool_padding(pads, image_size, pool_size, stride):
    """Return the `padding` of a pool that adds what a file's pads add, as far as a window reaches.

    The zoo's bvlcalexnet pads pool5 below and at the right only, which ``"same"`` does too: from 12 x 12
    values it makes 6 x 6.
    """

    def reached(padding):
        return [
            (before, max(0, (size + before + after - width) // step * step + width - before - size))
            for (before, after), size, width, step in zip(padding, image_size, pool_size, stride, strict=True)
        ]

    above, left, below, right = pads
    for padding in ((above, left), "same"):
        if reached(resolve_padding(padding, image_size, pool_size, stride)) == reached(
            ((above, below), (left, right))
        ):
            return padding
    raise ValueError(f"pads must be equal on both sides, or as with padding 'same'; got {pads}")


#: By the end of a file's name: what reads it, and the package that this needs.
_READERS = {
    ".onnx": (_read_onnx, "onnx"),
    ".safetensors": (_read_safetensors, "safetensors"),
    ".pth": (_read_pth, "torch"),
    ".pt": (_read_pth, "torch"),
}
