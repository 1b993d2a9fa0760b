"""Train the miniature with one part changed at a time, and write data/miniature/ablation.json.

Run by hand: python tools/ablate_miniature.py [CHANGE [SEEDS]]

Trains on the course's 5,000 pictures and judges by 10,000 others of the same file, so that the 1,000 held out
choose nothing. A short run takes a minute of one core, a long one two and a half: four to five hours for all,
shared by the cores. With a CHANGE, such as "no LRN", nothing is written and its runs are printed.
"""

import json
import multiprocessing
import os
import statistics
import sys

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # one run for each core

import make_fashion
import numpy as np

from alexnet_course.alexnet import Convolution, Pooling, build_layers
from alexnet_course.data.fashion import load_fashion
from alexnet_course.images import random_views
from alexnet_course.layers import Dropout
from alexnet_course.layers.base import Layer
from alexnet_course.losses import cross_entropy
from alexnet_course.miniature import ABLATION, INPUT_SHAPE, TABLE, preprocess
from alexnet_course.network import Sequential
from alexnet_course.optimizers import SGD
from alexnet_course.training import Record, batches, evaluate

SIDE, BATCH, JUDGES = (
    INPUT_SHAPE[0],
    16,
    1000,
)  # pixels, pictures in a batch, pictures of each class to judge by
SHORT = {"epochs": 12, "cuts": (8, 10), "views": True, "dropout": 0.25}
LONG = {"epochs": 30, "cuts": (20, 26), "views": False, "dropout": 0.0}
UNCHANGED = "as it is"
CHANGES = {  # regime: what it starts from, then each change with the number of its seeds
    "short": (
        SHORT,
        {
            UNCHANGED: (8, {}),
            "dropout 0": (8, {"dropout": 0.0}),
            "dropout .5": (8, {"dropout": 0.5}),
            "no LRN": (8, {"normalized": False}),
            "pool 2/2": (8, {"pool_size": 2}),
            "groups 1": (8, {"groups": 1}),
            "tanh": (8, {"tanh": True}),
            "no views": (8, {"views": False}),
            "no views, dropout 0": (8, {"views": False, "dropout": 0.0}),
            "no momentum": (8, {"momentum": 0.0}),
            "no momentum, rate .1": (8, {"momentum": 0.0, "rate": 0.1}),
            "paper start (.01, bias 1)": (8, {"initial": "paper", "bias": 1.0}),
            ".01, bias 0": (8, {"initial": "paper"}),
        },
    ),
    "long": (
        LONG,
        {
            UNCHANGED: (10, {}),
            "dropout .5": (10, {"dropout": 0.5}),
            "no LRN": (10, {"normalized": False}),
            "pool 2/2": (10, {"pool_size": 2}),
            "decay 0": (10, {"decay": 0.0}),
            "groups 1": (6, {"groups": 1}),
            "tanh": (6, {"tanh": True}),
        },
    ),
}


class Tanh(Layer):
    """What neurons computed before ReLU."""

    def forward(self, x):
        """Return the hyperbolic tangents."""
        y = np.tanh(x)
        self.saved = y.shape, y
        return y

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient of the input."""
        grad_output, y = self._unpack(grad_output)
        return grad_output * (1 - y * y)


def changed(row, *, normalized=True, pool_size=3, groups=2, bias=0.0):
    """Return a row of the miniature's table with what was changed."""
    if isinstance(row, Pooling):
        return row._replace(pool_size=pool_size)
    if isinstance(row, Convolution):
        row = row._replace(normalized=row.normalized and normalized)
        if row.groups > 1:
            return row._replace(groups=groups, bias=bias)
    return row._replace(bias=bias) if row.name == "fc6" else row


def build(rng, *, dropout, initial="he", tanh=False, **changes):
    """Return the miniature with one part changed."""
    options = {"initial": initial, "rng": rng, "dtype": np.float32}
    layers = build_layers([changed(row, **changes) for row in TABLE], INPUT_SHAPE, options)
    layers["fc8"].weight *= 0.01 / layers["fc8"].weight.std()  # the first scores are nearly equal
    layers["dropout6"] = Dropout(dropout, rng=rng)
    if tanh:
        layers |= {name: Tanh() for name in layers if name.startswith("relu")}
    return Sequential(layers, INPUT_SHAPE)


def train(seed, *, epochs, cuts, views, rate=0.01, momentum=0.9, decay=0.0005, **changes):
    """Train one network; return what it gets right, of the pictures to judge by and of the last epoch."""
    rng = np.random.default_rng(seed)
    network = build(rng, **changes)
    optimizer, record = SGD(network, rate, momentum, decay), Record(network)
    fashion = load_fashion()
    images, rng = preprocess(fashion.images), np.random.default_rng(seed + 1000)
    network.training = True
    for epoch in range(epochs):
        optimizer.learning_rate /= 10 if epoch in cuts else 1
        right = 0
        for x, y in batches(images, fashion.labels, BATCH, rng):
            x = random_views(x, SIDE, rng) if views else x[:, :SIDE, :SIDE]
            logits = network.forward(x)
            loss, grad_logits = cross_entropy(logits, y)
            record.add(loss)
            network.backward(grad_logits, input_gradient=False)
            optimizer.step()
            right += int((logits.argmax(axis=1) == y).sum())
    return evaluate(network, *judges(), size=250), right / len(images)


def judges():
    """Return 10,000 pictures of the training file that no run learns from, with their labels."""
    classes = load_fashion().labels.max() + 1
    first = make_fashion.first_of_each(make_fashion.FOLDER, "train", make_fashion.TRAINING + JUDGES)
    images = first.reshape(classes, -1, *first.shape[1:])[:, make_fashion.TRAINING :]
    images = preprocess(images.reshape(-1, *first.shape[1:], 1))[:, :SIDE, :SIDE]
    return images, np.repeat(np.arange(classes), JUDGES)


def run(job):
    """Return one run of one change."""
    regime, change, seed, settings = job
    found, learned = train(seed, **settings)
    percent = round(100 * found.accuracy, 2), round(100 * learned, 2)
    return regime, change, seed, *percent, round(found.loss, 3)


def jobs(only, seeds):
    """Yield (regime, change, seed, settings) of every run."""
    for regime, (usual, changes) in CHANGES.items():
        for change, (count, settings) in changes.items():
            if only in (None, change):
                for seed in range(count if seeds is None else seeds):
                    yield regime, change, seed, usual | settings


def summary(row):
    """Return a line of the file: one change, with what each seed got right."""
    (regime, change), results = row
    right, learned, loss = map(list, zip(*results, strict=True))
    values = {"regime": regime, "change": change, "right": right}
    means = {"training_right": statistics.mean(learned), "held_out_loss": statistics.mean(loss)}
    return json.dumps(values | {name: round(mean, 3) for name, mean in means.items()})


def main(only=None, seeds=None):
    """Run, print, and write unless one change was asked for."""
    rows = {}
    with multiprocessing.get_context("spawn").Pool() as pool:
        for result in pool.imap(run, jobs(only, seeds and int(seeds))):
            print(*result, flush=True)
            rows.setdefault(result[:2], []).append(result[3:])
    if only is None:
        ABLATION.write_text("[\n" + ",\n".join(map(summary, rows.items())) + "\n]\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
