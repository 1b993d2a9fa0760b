"""The page learns as NumPy does: each layer's gradients, the loss, and whole steps by the paper's rule."""

import functools
import shutil

import numpy as np
import pytest
from helpers import ROOT

from alexnet_course import export
from alexnet_course.layers import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    LocalResponseNormalization,
    MaxPooling2D,
    ReLU,
)
from alexnet_course.losses import cross_entropy
from alexnet_course.miniature import Miniature
from alexnet_course.network import Sequential
from alexnet_course.optimizers import SGD

BACK = """
async ({ table, shape, numbers, x, count, gradient, coins, dropout }) => {
  const { Trainer } = await import("/training_engine.js");
  let tossed = 0;
  const network = new Trainer(table, shape, Float32Array.from(numbers), () => coins[tossed++]);
  network.dropout = dropout;
  const scores = network.forward(Float32Array.from(x), count, true);
  const input = network.backward(Float32Array.from(gradient), true);
  return { scores: [...scores], input: [...input], gradients: [...network.gradients] };
}"""
LEARN = """
async ({ table, shape, numbers, batches, coins, dropout, settings, plain }) => {
  if (plain) globalThis.WebAssembly = undefined;
  const { Trainer } = await import("/training_engine.js");
  let tossed = 0;
  const network = new Trainer(table, shape, Float32Array.from(numbers), () => coins[tossed++]);
  network.dropout = dropout;
  const losses = batches.map(({ x, labels }) => {
    const loss = network.look(Float32Array.from(x), labels);
    network.step(settings);
    return loss;
  });
  return { losses, numbers: [...network.numbers], velocity: [...network.velocity] };
}"""


@pytest.fixture
def evaluate(in_browser, serve, tmp_path):
    """Return a function that runs code on an empty page that has the two engines beside it."""
    for module in (ROOT / "src" / "alexnet_course").glob("*.js"):
        shutil.copy(module, tmp_path)
    (tmp_path / "index.html").write_text("<!doctype html><link rel=icon href='data:,'><title>Engine</title>")
    return functools.partial(in_browser, serve(tmp_path))


class Coins:
    """Stands in for dropout's generator: the page gets the same coins."""

    def __init__(self, count):
        self.tossed, self.every = 0, np.random.default_rng(3).random(count)

    def random(self, shape):
        """Return the next so many coins."""
        self.tossed += np.prod(shape)
        return self.every[self.tossed - np.prod(shape) : self.tossed].reshape(shape)


def row(arrays):
    """Return parameters, gradients or velocities in one row, as the page holds them."""
    return np.concatenate([np.empty(0, np.float32), *(array.ravel() for array in arrays.values())])


def given(network, shape, coins):
    """Return what the page needs to build a network."""
    numbers = export.numbers_of(network, np.float32).tolist()
    return {"table": export.table(network, shape), "shape": shape, "numbers": numbers, "coins": coins}


def close(found, wanted, name):
    """Assert that numbers agree within a ten thousandth of the largest."""
    wanted = np.asarray(wanted).ravel()
    most = np.abs(wanted).max(initial=1e-12)
    np.testing.assert_allclose(found, wanted, rtol=0, atol=1e-4 * most, err_msg=name)


rng = np.random.default_rng(5)
LAYERS = {
    "convolution": [Conv2D(3, 7, (3, 5), (2, 1), (2, 1), bias=0.5, rng=rng)],
    "same": [Conv2D(3, 5, 4, 3, "same", rng=rng)],
    "groups": [Conv2D(3, 6, 3, groups=3, rng=rng), Conv2D(6, 4, 1, groups=2, rng=rng)],
    "rectified": [Conv2D(3, 5, 3, padding=1, rng=rng), ReLU(), Conv2D(5, 2, 2, stride=2, rng=rng)],
    "pools": [MaxPooling2D(3, 2, padding=1), MaxPooling2D((2, 3), (1, 2))],
    "normalization": [LocalResponseNormalization(3, k=1.5, alpha=0.3, beta=0.6)],
    "the paper's normalization": [LocalResponseNormalization(alpha=0.1)],
    "dense": [Flatten(), Dense(11 * 13 * 3, 9, bias=-0.25, rng=rng), ReLU(), Dense(9, 5, rng=rng)],
    "dropout": [Dropout(0.3), Flatten(), Dense(11 * 13 * 3, 6, rng=rng), Dropout(0.3)],
}


@pytest.mark.parametrize("count", [1, 6])
@pytest.mark.parametrize("name", LAYERS)
def test_the_gradients_of_each_layer_are_those_of_numpy(evaluate, name, count):
    rng, shape = np.random.default_rng(count), (11, 13, 3)
    x = rng.normal(0, 2, (count, *shape)).astype(np.float32)
    if name == "pools":  # whole numbers: many ties, each of which has one winner
        x = np.rint(x)
    network, coins = Sequential(LAYERS[name]), Coins(x.size * 2)
    for layer in network.layers.values():
        if isinstance(layer, Dropout):
            layer.rng = coins
    network.training = True
    scores = network.forward(x)
    gradient = rng.standard_normal(scores.shape).astype(np.float32)
    input_gradient = network.backward(gradient)
    found = evaluate(
        BACK,
        given(network, shape, coins.every.tolist())
        | {"x": x.ravel().tolist(), "count": count, "dropout": 0.3, "gradient": gradient.ravel().tolist()},
    )
    close(found["scores"], scores, "scores")
    close(found["input"], input_gradient, "the gradient of the input")
    start = 0
    for parameter in network.params:
        wanted = network.grads[parameter]
        close(found["gradients"][start : start + wanted.size], wanted, parameter)
        start += wanted.size


@pytest.mark.parametrize("plain", [False, True])  # whether the page is without WebAssembly
@pytest.mark.parametrize("dropout", [0, 0.5])
def test_whole_steps_are_those_of_numpy(evaluate, dropout, plain):
    rng, coins, count = np.random.default_rng(1), Coins(3 * 6 * 128), 6
    network = Miniature(rng=np.random.default_rng(0))
    network.layers["dropout6"] = Dropout(dropout)
    network["dropout6"].rng = coins
    network.training = True
    settings = {"rate": 0.02, "momentum": 0.8, "decay": 0.01}
    start = given(network, network.input_shape, coins.every.tolist())
    optimizer, losses, batches = SGD(network, *settings.values()), [], []
    for _ in range(3):
        x = rng.standard_normal((count, *network.input_shape)).astype(np.float32)
        labels = rng.integers(10, size=count)
        batches.append({"x": x.ravel().tolist(), "labels": labels.tolist()})
        loss, gradient = cross_entropy(network.forward(x), labels)
        losses.append(loss)
        network.backward(gradient, input_gradient=False)
        optimizer.step()
    lesson = {"batches": batches, "dropout": dropout, "settings": settings, "plain": plain}
    found = evaluate(LEARN, start | lesson)
    close(found["losses"], losses, "losses")
    close(found["velocity"], row(optimizer.velocity), "velocity")
    close(found["numbers"], row(network.params), "numbers")


def test_a_layer_that_cannot_learn_in_the_page_is_named(evaluate):
    class Shout(ReLU):
        """A reader's own layer."""

    network = Sequential([Shout()])
    with pytest.raises(Exception, match="shout1: no Shout learns in the page"):
        evaluate(LEARN, given(network, (2,), []) | {"batches": []})
