"""SqueezeNet 1.1, a small network with trained weights, from AlexNet's kinds of layers and two more.

No package that the course knows ships the weights of AlexNet. SqueezeNet (Iandola et al. 2016,
arXiv:1602.07360, "AlexNet-level accuracy with 50x fewer parameters") fits into two megabytes, so the course
can carry a network that was really trained on ImageNet. It is another network, never called AlexNet here.
"""

import functools
import pathlib

import numpy as np

from alexnet_course import weights
from alexnet_course.checks import check_generator
from alexnet_course.data.classes import best_names
from alexnet_course.fire import GlobalAverage, fire
from alexnet_course.images import MEAN_COLOUR, Preparation
from alexnet_course.layers import Conv2D, Dropout, MaxPooling2D, ReLU, Softmax
from alexnet_course.network import Sequential

INPUT_SHAPE = (227, 227, 3)
FILE = pathlib.Path(__file__).parent / "data" / "squeezenet" / "squeezenet_v1.1.npz"
SHA256 = "0f2c5f17da39766252711069e74f6f853eafc906f1612c970c5439a6e7ca245d"
#: Trained with Caffe: blue comes first, and nothing is divided.
PREPARATION = Preparation(INPUT_SHAPE[0], MEAN_COLOUR, order="BGR")
#: Per fire module, the filters of the 1 x 1 squeeze, and of each of the two expanding convolutions.
FIRES = {
    "fire2": (16, 64),
    "fire3": (16, 64),
    "fire4": (32, 128),
    "fire5": (32, 128),
    "fire6": (48, 192),
    "fire7": (48, 192),
    "fire8": (64, 256),
    "fire9": (64, 256),
}
#: The pools, by the fire module that each goes before.
POOLS = {"fire2": "pool1", "fire4": "pool3", "fire6": "pool5"}


class SqueezeNet(Sequential):
    """SqueezeNet 1.1: from pixels to the scores of 1000 classes with 1,235,496 parameters.

    Images of 227 x 227 x 3 go in, as `preprocess` makes them; the weights are random until
    `load_squeezenet` or `weights.load` brings trained ones.

    Parameters
    ----------
    initial : {"he", "paper"} or float
        Standard deviation of the first weights.
    rng : numpy.random.Generator, optional
        Draws them; None means a fresh generator.
    dtype : dtype
        Floating type of the parameters.

    Examples
    --------
    >>> network = SqueezeNet(rng=np.random.default_rng(0))
    >>> sum(array.size for array in network.params.values()), network.output_shape((227, 227, 3))
    (1235496, (1000,))
    """

    def __init__(self, *, initial="he", rng=None, dtype=np.float32):
        options = {"initial": initial, "rng": check_generator(rng), "dtype": dtype}
        layers = {"conv1": Conv2D(3, 64, 3, 2, **options), "relu1": ReLU()}
        channels = 64
        for name, (squeezed, expanded) in FIRES.items():
            if name in POOLS:
                layers[POOLS[name]] = MaxPooling2D(3, 2)
            layers[name] = fire(channels, squeezed, expanded, **options)
            channels = 2 * expanded
        layers |= {
            "dropout": Dropout(0.5, rng=options["rng"]),
            "conv10": Conv2D(channels, 1000, 1, **options),
            "relu10": ReLU(),
            "average": GlobalAverage(),
        }
        super().__init__(layers, INPUT_SHAPE)


def load_squeezenet(path=FILE, sha256=SHA256, dtype=np.float32):
    """Return SqueezeNet 1.1 with the trained weights that ship with the course.

    They are stored in half precision, which changes no first answer on the course's photographs.

    Parameters
    ----------
    path : path-like
        Another copy of the file.
    sha256 : str
        What its SHA-256 must be.
    dtype : dtype
        Floating type of the parameters.

    Returns
    -------
    SqueezeNet

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not the one that was meant: truncated, altered, or another.
    """
    network = SqueezeNet(initial=0.0, rng=np.random.default_rng(0), dtype=dtype)
    weights.load(network, path, sha256)
    return network


def preprocess(image):
    """Return a photograph as the trained network wants it.

    The middle 227 x 227 pixels, channels in the order blue, green, red (that of the library in which the
    network was trained), minus the mean colour of the training photographs.

    Parameters
    ----------
    image : array_like of 0 to 255, shape (H, W, 3)
        Red, green and blue; the shorter side is best 256, as `load_photograph` and `open_picture` give it.

    Returns
    -------
    ndarray of float32, shape (1, 227, 227, 3)

    Raises
    ------
    TypeError
        If it does not hold real numbers.
    ValueError
        If the image has another shape, is smaller, or holds other values, such as 0 to 1.

    Examples
    --------
    >>> preprocess(np.zeros((256, 256, 3), np.uint8))[0, 0, 0]
    array([-104.006, -116.669, -122.679], dtype=float32)
    """
    return PREPARATION(image)


@functools.cache
def _trained():
    """Return the trained network, loaded once."""
    return load_squeezenet()


def classify(image, top=5):
    """Name what the trained network sees on a photograph.

    Parameters
    ----------
    image : array_like of 0 to 255, shape (H, W, 3)
        See `preprocess`.
    top : int
        How many answers, 1 to 1000.

    Returns
    -------
    list of (str, float)
        Names and probabilities, the most probable first. All 1000 probabilities add up to 1, also when the
        photograph shows something that is none of the 1000 classes.

    Raises
    ------
    ValueError
        If the image has another shape or is smaller than 227 x 227, or `top` is out of range.

    Examples
    --------
    >>> from alexnet_course.data.photographs import load_photograph
    >>> [(name, round(p, 1)) for name, p in classify(load_photograph("coffee"), top=1)]
    [('espresso', 1.0)]
    """
    return best_names(_trained().predict(preprocess(image))[0], top)


def classify_views(views, top=5):
    """Name what the trained network sees on several views of one photograph, its probabilities averaged.

    Parameters
    ----------
    views : sequence of array_like of 0 to 255, shape (H, W, 3)
        See `preprocess`; `images.ten_views` makes those of the paper.
    top : int
        How many answers, 1 to 1000.

    Returns
    -------
    list of (str, float)
        As `classify` gives them.

    Raises
    ------
    ValueError
        If a view has another shape or is smaller than 227 x 227, there is none, or `top` is out of range.
    """
    if not len(views):
        raise ValueError("views must hold at least one; it is empty")
    inputs = np.concatenate([preprocess(view) for view in views])
    probabilities = Softmax().predict(_trained().predict(inputs)).mean(axis=0)
    return best_names(np.log(np.maximum(probabilities, 1e-30)), top)  # whose softmax is the mean again
