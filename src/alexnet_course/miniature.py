"""AlexNet in miniature: the same anatomy for pictures of 27 x 27 pixels, trained by this course.

Five convolutions, two groups in conv2, conv4 and conv5, normalization after the first two, overlapping pools,
dropout and the paper's rule; small enough to be trained on one core in a few minutes. Two things of the paper
are left out because they do not pay at this size: a third pool, which costs two to three points of a hundred,
and fc7. `tools/train_miniature.py` made the weights that ship with the course.
"""

import functools
import json
import pathlib
import statistics
from typing import NamedTuple

import numpy as np

from alexnet_course import weights
from alexnet_course.alexnet import Convolution, FullyConnected, Pooling, build_layers
from alexnet_course.checks import check_dtype, check_generator, check_images, real_array
from alexnet_course.data.fashion import load_fashion
from alexnet_course.layers import Dense
from alexnet_course.network import Sequential

INPUT_SHAPE = (27, 27, 1)
FILE = pathlib.Path(__file__).parent / "data" / "miniature" / "miniature.npz"
RECORD = FILE.with_name("record.json")
ABLATION = FILE.with_name("ablation.json")
SHA256 = "14720aad13172f17901eefa3050be3831f73970214b186d682b5add6f368445c"
#: Grey levels that become one unit of input: the pictures' deviation is about 1 then.
SCALE = 64

TABLE = (
    #           name  filters k  s  p  groups bias normalized
    Convolution("conv1", 16, 3, 1, 1, 1, 0.0, normalized=True),
    Pooling("pool1", 3, 2),
    Convolution("conv2", 32, 3, 1, 1, 2, 0.0, normalized=True),
    Pooling("pool2", 3, 2),
    Convolution("conv3", 48, 3, 1, 1, 1, 0.0, normalized=False),
    Convolution("conv4", 48, 3, 1, 1, 2, 0.0, normalized=False),
    Convolution("conv5", 32, 3, 1, 1, 2, 0.0, normalized=False),
    FullyConnected("fc6", 128, 0.0, hidden=True),
    FullyConnected("fc8", 10, 0.0, hidden=False),
)


class Ablation(NamedTuple):
    """What a change of the miniature, or of its recipe, makes of the pictures that it gets right."""

    change: str
    right: float
    """Percent of 10,000 pictures that no run learned from, the mean of all seeds."""
    error: float
    """The standard error of that mean, in percentage points."""
    seeds: int
    training_right: float
    """Percent of the pictures to train with, in the last epoch."""


class Miniature(Sequential):
    """AlexNet in miniature: from a grey picture of 27 x 27 pixels to the scores of ten classes.

    The layers are called as in `AlexNet`: conv1, relu1, lrn1, pool1, ... fc6, relu6, dropout6, fc8.

    Parameters
    ----------
    initial : {"he", "paper"} or float
        Standard deviation of the first weights; those of fc8 start with 0.01, so that the first scores are
        nearly equal and the first loss is about ``log(10)``.
    rng : numpy.random.Generator, optional
        Draws the weights and the dropout masks; None means a fresh generator.
    dtype : dtype
        Floating type of the parameters.

    Raises
    ------
    TypeError, ValueError
        If an argument is of another kind.

    Examples
    --------
    >>> network = Miniature(rng=np.random.default_rng(0))
    >>> sum(array.size for array in network.params.values())
    182602
    >>> network.multiply_accumulates(network.input_shape)
    1762832
    """

    def __init__(self, *, initial="he", rng=None, dtype=np.float32):
        options = {"initial": initial, "rng": check_generator(rng), "dtype": check_dtype(dtype)}
        layers = build_layers(TABLE, INPUT_SHAPE, options)
        layers["fc8"] = Dense(*layers["fc8"].weight.shape, **options | {"initial": 0.01})
        super().__init__(layers, INPUT_SHAPE)

    def forward(self, x):
        """Return the scores, (N, 10), of pictures (N, 27, 27, 1), and save what `backward` needs."""
        _check_size(x)
        return super().forward(x)

    def predict(self, x):
        """Return the scores, in evaluation mode, keeping nothing for `backward`."""
        _check_size(x)
        return super().predict(x)


def _check_size(x):
    """Raise ValueError for pictures of another size: the pools would round 28 down without a word."""
    check_images(np.shape(x), "Miniature: x", INPUT_SHAPE)


def load_miniature(path=FILE, sha256=SHA256, dtype=np.float32):
    """Return the miniature with the trained weights that ship with the course.

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
    Miniature

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is not the one that was meant: truncated, altered, or another.
    """
    network = Miniature(rng=np.random.default_rng(0), dtype=dtype)
    weights.load(network, path, sha256)
    return network


def preprocess(images, dtype=np.float32):
    """Return grey pictures as the miniature wants them: less the mean picture, about 1 in deviation.

    Parameters
    ----------
    images : array_like, shape (N, 28, 28, 1)
        Grey levels, 0 to 255, 0 for the ground.
    dtype : dtype
        Floating type of the result.

    Returns
    -------
    ndarray, shape (N, 28, 28, 1)
        `images.centre_crop`, `images.random_views` and their like cut 27 x 27 pixels out of it.

    Raises
    ------
    TypeError, ValueError
        If `images` holds something else.

    Examples
    --------
    >>> preprocess(load_fashion().images[:2]).shape
    (2, 28, 28, 1)
    """
    images = real_array(images, "images")
    check_images(images.shape, "images", (28, 28, 1))
    return ((images - mean_image()) / SCALE).astype(check_dtype(dtype))


@functools.cache
def mean_image():
    """Return the mean of the 5,000 pictures to train with: float64, shape (28, 28, 1), read-only."""
    mean = load_fashion().images.mean(axis=0)
    mean.flags.writeable = False
    return mean


def load_record():
    """Return what happened in the runs that the shipped weights come from, as their tool wrote it.

    Returns
    -------
    list of dict
        One a seed: ``seed``, ``first_loss``, ``seconds`` of one core, and ``epochs``: dicts with ``epoch``,
        ``learning_rate``, ``loss``, ``training_accuracy``, ``held_out_accuracy`` and ``held_out_loss``.

    Examples
    --------
    >>> [run["epochs"][-1]["held_out_accuracy"] for run in load_record()]
    [0.864, 0.864, 0.869]
    """
    return json.loads(RECORD.read_text())["runs"]


def load_ablation(regime):
    """Return what each change does, as `tools/ablate_miniature.py` measured it; the best first.

    Parameters
    ----------
    regime : {"long", "short"}
        ``"long"``: 30 epochs of the pictures as they are, without dropout, which learn them by heart;
        ``"short"``: 12 epochs of random crops and mirror images, dropout 0.25.

    Returns
    -------
    list of Ablation

    Raises
    ------
    ValueError
        If `regime` is neither.

    Examples
    --------
    >>> load_ablation("long")[-1]
    Ablation(change='pool 2/2', right=85.77..., error=0.10..., seeds=10, training_right=99.99)
    """
    rows = [row for row in json.loads(ABLATION.read_text()) if row["regime"] == regime]
    if not rows:
        raise ValueError(f'regime must be "long" or "short"; got {regime!r}')
    found = []
    for row in rows:
        right = row["right"]
        error = statistics.stdev(right) / len(right) ** 0.5
        found.append(
            Ablation(row["change"], statistics.mean(right), error, len(right), row["training_right"])
        )
    return sorted(found, key=lambda row: -row.right)
