"""The network of 2012 as its code has it, not as the paper prints it: layers rearranged, no layer changed.

The Computer History Museum released the code in 2025 (computerhistory/AlexNet-Source-Code, commit 2f8b81f).
Run 145 is, by its errors, the paper's single network for ILSVRC-2012; `layers/layers-145.cfg` has its layers
and `layers/layer-params-145.cfg` its numbers. `differences` lists where it departs from the paper, with file
and line; every row of that table has a test.
"""

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from alexnet_course import alexnet
from alexnet_course.checks import check_images, parameters_of, whole_number
from alexnet_course.images import random_views
from alexnet_course.layers import LocalResponseNormalization
from alexnet_course.layers.map_normalization import MapNormalization
from alexnet_course.network import Container, Sequential
from alexnet_course.optimizers import SGD
from alexnet_course.weights import lrn_from_pytorch

FILE = Path(__file__).with_suffix(".toml")
#: Deviation of the first weights where it is not the paper's 0.01 (``initW``).
DEVIATIONS = {"conv3": 0.03, "conv4": 0.03, "conv5": 0.03}
#: How many images the code crops and mirrors alike (``crop_chunk``, ``convdata.py``, line 125).
CHUNK = 32
#: Pixels along a side of a crop, and those past its edge that the last window of conv1 reads as 0.
CROP, PAST = 224, 3


class Towers(Container):
    """Layers that each take an equal share of the channels, in order: what a graphics card of 2012 saw.

    Parameters
    ----------
    towers : dict of str to Layer
        One a card.

    Examples
    --------
    A loud third map quietens the second, unless a border lies between them:

    >>> x = np.array([0.0, 1, 3, 0]).reshape(1, 1, 1, 4)
    >>> LocalResponseNormalization(n=3, alpha=1).forward(x).ravel().round(4)
    array([0.    , 0.1551, 0.4653, 0.    ])
    >>> cards = {name: LocalResponseNormalization(n=3, alpha=1) for name in ("a", "b")}
    >>> Towers(cards).forward(x).ravel().round(4)
    array([0.    , 0.4387, 0.4967, 0.    ])
    """

    def __init__(self, towers):
        super().__init__(towers)

    by_image = Container.all_by_image

    @property
    def window(self):
        """The window of the first tower: all are alike."""
        return next(iter(self.layers.values())).window

    def output_shape(self, input_shape):
        """Return (H', W', the sum of the towers' channels) for an input of shape (H, W, C)."""
        *sides, channels = self._image_shape(input_shape)
        if channels % len(self.layers):
            raise ValueError(
                f"{self.name}: input_shape must have a number of channels that {len(self.layers)} towers"
                f" can share equally; got {channels}"
            )
        share = (*sides, channels // len(self.layers))
        shapes = [layer.output_shape(share) for layer in self.layers.values()]
        if len({shape[:-1] for shape in shapes}) > 1:
            raise ValueError(f"{self.name}: towers must give equal rows and columns; got {shapes}")
        return *shapes[0][:-1], sum(shape[-1] for shape in shapes)

    def multiply_accumulates(self, input_shape):
        """Return how many products one input of shape (H, W, C) costs."""
        *sides, channels = self._image_shape(input_shape)
        share = (*sides, channels // len(self.layers))
        return sum(layer.multiply_accumulates(share) for layer in self.layers.values())

    def forward(self, x):
        """Return every tower's channels, (N, H', W', C')."""
        outputs = self._outputs(x, [layer.forward for layer in self.layers.values()])
        y = np.concatenate(outputs, axis=-1)
        self.saved = y.shape, np.cumsum([output.shape[-1] for output in outputs])[:-1].tolist()
        return y

    def predict(self, x):
        """Return what `forward` gives in evaluation mode, and keep nothing for `backward`."""
        return np.concatenate(self._outputs(x, [layer.predict for layer in self.layers.values()]), axis=-1)

    def backward(self, grad_output, input_gradient=True):
        """Return the gradients of all towers' inputs beside each other, and set those of the parameters."""
        grad_output, borders = self._unpack(grad_output)
        parts = np.split(grad_output, borders, axis=-1)
        grads = [
            layer.backward(part, input_gradient=input_gradient)
            for layer, part in zip(self.layers.values(), parts, strict=True)
        ]
        return np.concatenate(grads, axis=-1) if input_gradient else None

    def _outputs(self, x, functions):
        """Return what each function makes of its share of the channels."""
        x = self._images(x)
        self.output_shape(x.shape[1:])
        shares = np.split(x, len(functions), axis=-1)
        return [function(share) for function, share in zip(functions, shares, strict=True)]


# ---- the four changes between the paper's layers and the code's


def _relu_last(layers):
    """Put ReLU behind the pool in conv1 and conv5: there the code's pool has the neuron."""
    names = list(layers)
    for number in (number for number in "15" if f"pool{number}" in layers):
        names.remove(f"relu{number}")
        names.insert(names.index(f"pool{number}") + 1, f"relu{number}")
    return {name: layers[name] for name in names}


def _divided(layers):
    """Divide alpha by the n maps that are summed."""
    paper = LocalResponseNormalization()
    settings = lrn_from_pytorch(paper.n, paper.alpha, paper.beta, paper.k)
    return layers | {name: LocalResponseNormalization(**settings) for name in ("lrn1", "lrn2")}


def _per_card(layers):
    """Let each card normalize its own half of the maps."""

    def halves(one):
        same = {"n": one.n, "k": one.k, "alpha": one.alpha, "beta": one.beta}
        return Towers({card: LocalResponseNormalization(**same) for card in ("a", "b")})

    return layers | {name: halves(layers[name]) for name in ("lrn1", "lrn2")}


def _within_maps(layers):
    """Put one more normalization, within each map, behind the second one across maps."""
    named = {}
    for name, layer in layers.items():
        named[name] = layer
        if name == "lrn2":
            named["cnorm2"] = MapNormalization()
    return named


#: What `rearranged` can change, in the order in which it does.
CHANGES = MappingProxyType(
    {
        "order": _relu_last,
        "alpha / n": _divided,
        "per card": _per_card,
        "within maps": _within_maps,
    }
)


def rearranged(network, changes=tuple(CHANGES)):
    """Return the network of the released configuration, made of the layers of one in the paper's order.

    Layers with parameters are the same objects in both, so the two networks share their weights.

    Parameters
    ----------
    network : Sequential
        `alexnet.AlexNet`, or another with its names of layers, such as `miniature.Miniature`.
    changes : iterable of str
        Which of the changes to make: ``"order"``, LRN, pool, ReLU in conv1 and pool, ReLU in conv5;
        ``"alpha / n"``; ``"per card"``, LRN over the halves of the maps, each by itself; ``"within maps"``,
        one more normalization after LRN2.

    Returns
    -------
    Sequential

    Raises
    ------
    ValueError
        If there is no such change, or the network lacks a layer that one needs.

    Examples
    --------
    >>> network = rearranged(alexnet.AlexNet(initial=0.0))
    >>> list(network.layers)[:9]
    ['conv1', 'lrn1', 'pool1', 'relu1', 'conv2', 'relu2', 'lrn2', 'cnorm2', 'pool2']
    >>> network["lrn1"]
    Towers({
        'a': LocalResponseNormalization(alpha=2e-05),
        'b': LocalResponseNormalization(alpha=2e-05),
    })
    """
    changes = list(changes)
    if unknown := [change for change in changes if change not in CHANGES]:
        raise ValueError(f"changes must be among {', '.join(CHANGES)}; got {', '.join(map(str, unknown))}")
    layers = dict(network.layers)
    if missing := [name for name in ("relu1", "lrn1", "pool1", "lrn2", "relu5") if name not in layers]:
        raise ValueError(f"network must have AlexNet's layers; it lacks {', '.join(missing)}")
    for name, change in CHANGES.items():
        if name in changes:
            layers = change(layers)
    return Sequential(layers, network.input_shape)


def museum_network(*, rng=None, dtype=np.float32):
    """Return the network of the released configuration, with its first weights.

    Parameters
    ----------
    rng : numpy.random.Generator, optional
        Draws the weights and the dropout masks; None means a fresh generator.
    dtype : dtype
        Floating type of the parameters.

    Returns
    -------
    Sequential
        For images of 227 x 227 x 3: see `with_edge`.
    """
    network = alexnet.AlexNet(rng=rng, dtype=dtype)
    for name, deviation in DEVIATIONS.items():
        network[name].weight *= network[name].weight.dtype.type(deviation / 0.01)
    return rearranged(network)


# ---- crops and steps


def with_edge(crops):
    """Return crops of 224 with the zeros that the last windows of the code's conv1 read past the edge.

    Parameters
    ----------
    crops : array_like, shape (N, 224, 224, C)

    Returns
    -------
    ndarray, shape (N, 227, 227, C)
    """
    crops = np.asarray(crops)
    check_images(crops.shape, "crops", (CROP, CROP, "C"))
    return np.pad(crops, ((0, 0), (0, PAST), (0, PAST), (0, 0)))


def chunked_views(images, size, rng, chunk=CHUNK):
    """Return one training view of each image, cut as the code of 2012 cuts: 32 images in a row alike.

    A chunk is handed to `images.random_views` as one image with many channels.

    Parameters
    ----------
    images : ndarray, shape (N, H, W, C)
    size : int
        Side of the square in pixels.
    rng : numpy.random.Generator or None
        None draws from a fresh generator.
    chunk : int
        How many images share one place and one mirror.

    Returns
    -------
    ndarray, shape (N, size, size, C)

    Examples
    --------
    >>> images = np.arange(4 * 4.0).reshape(1, 4, 4, 1).repeat(3, axis=0)
    >>> views = chunked_views(images, 2, np.random.default_rng(0))
    >>> bool((views == views[0]).all())
    True
    """
    whole_number(chunk, "chunk", minimum=1)
    images = np.asarray(images)
    check_images(images.shape, "images")
    views = []
    for start in range(0, len(images), chunk):
        alike = images[start : start + chunk]  # (n, H, W, C), then one image (1, H, W, n * C)
        count, height, width, channels = alike.shape
        one = alike.transpose(1, 2, 0, 3).reshape(1, height, width, count * channels)
        cut = random_views(one, size, rng).reshape(size, size, count, channels)
        views.append(cut.transpose(2, 0, 1, 3))
    return np.concatenate(views) if views else np.empty((0, size, size, images.shape[-1]), images.dtype)


class Part:
    """The parameters of a network that have one name, such as its biases: what an optimizer may move alone.

    Parameters
    ----------
    model : Layer or Sequential
    key : str
        ``"weight"`` or ``"bias"``.
    """

    def __init__(self, model, key):
        parameters_of(model, "model")
        self.model, self.key = model, key

    @property
    def params(self):
        """The parameters, by the names that the network gives them."""
        return self._part(self.model.params)

    @property
    def grads(self):
        """Their gradients."""
        return self._part(self.model.grads)

    def _part(self, arrays: Mapping):
        return {name: array for name, array in arrays.items() if name.split(".")[-1] == self.key}


def optimizers(network, weight_rate=0.01, bias_rate=0.02):
    """Return the two optimizers that step as the code of 2012 does: one for weights, one for biases.

    Biases have a rate of their own and do not decay (``src/layer.cu``, line 565).

    Parameters
    ----------
    network : Layer or Sequential
    weight_rate, bias_rate : float
        ``epsW``, here as it starts in run 145, and ``epsB``, as the file has it that is left of the end.

    Returns
    -------
    list of SGD
        Call `step` of both after each `backward`.
    """
    return [
        SGD(Part(network, "weight"), weight_rate),
        SGD(Part(network, "bias"), bias_rate, weight_decay=0.0),
    ]


# ---- where they part


def relative_differences(network, other, x):
    """Return how far two networks' outputs lie apart at the places that both have.

    Parameters
    ----------
    network, other : Sequential
        Compared where both have finished the same stage: at each convolution, at each pool with its ReLU, and
        at each dense layer.
    x : ndarray
        What both are given.

    Returns
    -------
    dict of str to float
        By the name of the stage, the length of the difference over the length of what `network` has there.
    """
    ours, theirs = _stages(network, x), _stages(other, x)
    return {
        name: float(np.linalg.norm((theirs[name] - y).ravel()) / np.linalg.norm(y.ravel()))
        for name, y in ours.items()
    }


def _stages(network, x):
    """Return the outputs of convolutions, pools and dense layers by name; a pool's with its ReLU."""
    found, stage = {}, ""
    for name, layer in network.layers.items():
        x = layer.predict(x)
        if name.startswith(("conv", "pool", "fc")):
            stage = name
        elif not (stage.startswith("pool") and name.startswith("relu")):
            continue
        found[stage] = x.astype(np.float64)
    return found


# ---- the table of differences, and the run log


class Difference(NamedTuple):
    """A row of the table: what the paper says, what the code of 2012 does, what this course does."""

    key: str
    """A word for the row; the test of the row has it in its name."""
    group: str
    about: str
    section: str
    """Of the paper."""
    paper: str
    code: str
    here: str
    source: str
    """File and line of the release."""
    detail: str = ""
    """More about it, for the book's page about the paper: MyST."""


class Run(NamedTuple):
    """A run of the museum's log."""

    name: str
    what: str
    errors: tuple
    """Top-1 and top-5 errors, as fractions."""
    against: str = ""
    """The run that it is compared with."""
    paper: tuple = ()
    """What the paper prints of it: errors in per cent, or the difference in points; empty if nothing."""


class Table(list):
    """Rows of differences, which a notebook shows as a table."""

    def _repr_markdown_(self):
        """Return the rows as a table of Markdown."""
        head = ["| detail | paper | code of 2012 | this course |", "|---|---|---|---|"]
        rows = [f"| {row.about} | {row.paper} | {row.code} (*{row.source}*) | {row.here} |" for row in self]
        return "\n".join([*head, *rows])

    def __repr__(self):
        """Return how many rows there are."""
        return f"Table({len(self)} differences)"


@functools.cache
def _file():
    """Return the file of differences and runs as a dict."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def differences(group=None):
    """Return the table of differences, or one part of it.

    Parameters
    ----------
    group : {"network", "training", "pictures", "comparisons"}, optional
        All of them by default.

    Returns
    -------
    Table of Difference

    Raises
    ------
    ValueError
        If there is no such group.

    Examples
    --------
    >>> differences("network")[0].code
    'LRN, pool, ReLU'
    """
    rows = [Difference(**row) for row in _file()["difference"]]
    groups = list(dict.fromkeys(row.group for row in rows))
    if group is not None and group not in groups:
        raise ValueError(f"group must be one of {', '.join(groups)}; got {group!r}")
    return Table([row for row in rows if group in (None, row.group)])


def runs():
    """Return the runs of the museum's log that the course speaks of, by name.

    Returns
    -------
    dict of str to Run

    Examples
    --------
    >>> runs()["145"].errors
    (0.40664, 0.1821)
    """
    rows = [{key: tuple(x) if isinstance(x, list) else x for key, x in row.items()} for row in _file()["run"]]
    return {row["name"]: Run(**row) for row in rows}


def points_above(name):
    """Return how many points a run's two errors lie above those of the run that it is compared with.

    Parameters
    ----------
    name : str

    Returns
    -------
    ndarray, shape (2,)
        Percentage points, top-1 first.

    Raises
    ------
    ValueError
        If there is no such run, or it is compared with none.

    Examples
    --------
    >>> points_above("148").round(3)
    array([1.37 , 1.152])
    """
    log = runs()
    compared = [run.name for run in log.values() if run.against]
    if name not in compared:
        raise ValueError(f"name must be one of {', '.join(compared)}; got {name!r}")
    run = log[name]
    return 100 * (np.array(run.errors) - log[run.against].errors)
