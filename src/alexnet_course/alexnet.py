"""The network of Krizhevsky, Sutskever and Hinton (2012), as data: a table of eleven rows, then a network."""

from typing import NamedTuple

import numpy as np

from alexnet_course.checks import check_dtype, check_generator, check_images, whole_number
from alexnet_course.geometry import overhang
from alexnet_course.layers import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    LocalResponseNormalization,
    MaxPooling2D,
    ReLU,
)
from alexnet_course.network import Sequential

INPUT_SHAPE = (227, 227, 3)


class Convolution(NamedTuple):
    """A row of the table: a convolution with ReLU, and perhaps normalization, after it."""

    name: str
    filters: int
    kernel_size: int
    stride: int
    padding: int
    groups: int
    bias: float
    normalized: bool


class Pooling(NamedTuple):
    """A row of the table: a max pool."""

    name: str
    pool_size: int
    stride: int


class FullyConnected(NamedTuple):
    """A row of the table: a dense layer, and perhaps ReLU and dropout after it."""

    name: str
    out_features: int
    bias: float
    hidden: bool


#: The network of the paper's section 3.5. Biases are those that section 5 starts with; conv2, conv4 and conv5
#: have two groups because each graphics card held half of the maps.
TABLE = (
    #           name   filters  k  s  p  groups bias normalized
    Convolution("conv1", 96, 11, 4, 0, 1, 0.0, normalized=True),
    Pooling("pool1", 3, 2),
    Convolution("conv2", 256, 5, 1, 2, 2, 1.0, normalized=True),
    Pooling("pool2", 3, 2),
    Convolution("conv3", 384, 3, 1, 1, 1, 0.0, normalized=False),
    Convolution("conv4", 384, 3, 1, 1, 2, 1.0, normalized=False),
    Convolution("conv5", 256, 3, 1, 1, 2, 1.0, normalized=False),
    Pooling("pool5", 3, 2),
    FullyConnected("fc6", 4096, 1.0, hidden=True),
    FullyConnected("fc7", 4096, 1.0, hidden=True),
    FullyConnected("fc8", 1000, 0.0, hidden=False),
)


class AlexNet(Sequential):
    """AlexNet: five convolutions, three pools, three dense layers; from pixels to logits.

    Images of 227 x 227 x 3 go in, one score per class comes out; `Softmax` or `losses.cross_entropy` take it
    from there. The layers are called conv1, relu1, lrn1, pool1, ... fc6, relu6, dropout6, ... fc8.

    Parameters
    ----------
    groups : int
        Groups of conv2, conv4 and conv5: 2 is the paper's network, with 60,965,224 parameters; 1 the network
        in one tower, with 62,378,344.
    classes : int
        Outputs of fc8.
    initial : {"paper", "he"} or float
        ``"paper"`` draws weights with standard deviation 0.01 and starts the biases of conv2, conv4, conv5,
        fc6 and fc7 at 1 (section 5). Anything else is the `initial` of every layer, and biases start at 0.
    rng : numpy.random.Generator, optional
        Draws the weights and the dropout masks; None means a fresh generator.
    dtype : dtype
        Floating type of the parameters.

    Raises
    ------
    TypeError
        If a number is not whole, `dtype` not a floating type or `rng` not a Generator.
    ValueError
        If `groups` or `classes` is below 1, or `groups` does not divide the channels.

    Examples
    --------
    >>> network = AlexNet(groups=2, rng=np.random.default_rng(0))
    >>> sum(array.size for array in network.params.values())
    60965224
    >>> network.multiply_accumulates(network.input_shape)
    724406816
    """

    def __init__(self, groups=2, classes=1000, *, initial="paper", rng=None, dtype=np.float32):
        whole_number(groups, "groups", minimum=1)
        whole_number(classes, "classes", minimum=1)
        options = {"initial": initial, "rng": check_generator(rng), "dtype": check_dtype(dtype)}
        super().__init__(build_layers(_adapted(groups, classes, initial), INPUT_SHAPE, options), INPUT_SHAPE)

    def forward(self, x):
        """Return the logits, (N, classes), of images (N, 227, 227, 3), and save what `backward` needs."""
        _check_size(x)
        return super().forward(x)

    def predict(self, x):
        """Return the logits, in evaluation mode, keeping nothing for `backward`."""
        _check_size(x)
        return super().predict(x)


def _adapted(groups, classes, initial):
    """Return `TABLE` with another number of groups and classes; biases are the paper's at its start only."""
    for row in TABLE:
        if not isinstance(row, Pooling) and initial != "paper":
            row = row._replace(bias=0.0)
        if isinstance(row, Convolution) and row.groups > 1:
            row = row._replace(groups=groups)
        if row.name == "fc8":
            row = row._replace(out_features=classes)
        yield row


def build_layers(table, input_shape, options):
    """Return the layers of a table by name, each sized by the shape that the one before it gives.

    Parameters
    ----------
    table : iterable of Convolution, Pooling or FullyConnected
    input_shape : tuple of int
        (H, W, C) of one image.
    options : dict
        ``initial``, ``rng`` and ``dtype`` of every layer with parameters.

    Returns
    -------
    dict of str to Layer
        conv1, relu1, lrn1, pool1, and so on, with the numbers of the table's names.
    """
    layers, shape = {}, input_shape
    for row in table:
        number = row.name[-1]
        match row:
            case Convolution():
                sizes = row.filters, row.kernel_size, row.stride, row.padding, row.groups
                convolution = Conv2D(shape[-1], *sizes, bias=row.bias, **options)
                added = {row.name: convolution, f"relu{number}": ReLU()}
                if row.normalized:
                    added[f"lrn{number}"] = LocalResponseNormalization()
            case Pooling():
                added = {row.name: MaxPooling2D(row.pool_size, row.stride)}
            case FullyConnected():
                added = {} if len(shape) == 1 else {"flatten": Flatten()}
                features = int(np.prod(shape))
                added[row.name] = Dense(features, row.out_features, bias=row.bias, **options)
                if row.hidden:
                    added |= {f"relu{number}": ReLU(), f"dropout{number}": Dropout(0.5, rng=options["rng"])}
        for layer in added.values():
            shape = layer.output_shape(shape)
        layers |= added
    return layers


def _check_size(x):
    """Raise ValueError for images that are not 227 x 227 x 3; say why the paper's 224 does not fit."""
    shape = np.shape(x)
    try:
        check_images(shape, "AlexNet: x", INPUT_SHAPE)
    except ValueError as error:
        if 224 not in shape:
            raise
        past = overhang(224, 11, 4)
        raise ValueError(
            f"{error} The paper prints 224, but 55 windows of 11 pixels at stride 4 need 227: its code let"
            f" the last window reach {past} pixels past the edge. Crop 227 pixels, or add {past} rows of 0"
            f" below and {past} columns to the right."
        ) from None
