"""The page's engine gives, in Chromium and Firefox, what NumPy gives: layers alone, and in networks."""

import base64
import json
import shutil

import numpy as np
import pytest
from helpers import ROOT

from alexnet_course import export
from alexnet_course.data.photographs import load_photograph
from alexnet_course.fire import GlobalAverage, fire
from alexnet_course.layers import (
    Conv2D,
    Dense,
    Flatten,
    LocalResponseNormalization,
    MaxPooling2D,
    ReLU,
    Softmax,
)
from alexnet_course.miniature import Miniature
from alexnet_course.network import Sequential
from alexnet_course.squeezenet import load_squeezenet, preprocess

RUN = """
async ({ half, plain }) => {
  if (plain) globalThis.WebAssembly = undefined;
  const { Network, fromHalf } = await import("/engine.js");
  const bytes = async (name) => (await fetch(name)).arrayBuffer();
  const { table, shape } = await (await fetch("/network.json")).json();
  const numbers = await bytes("/numbers.bin");
  const network = new Network(table, half ? fromHalf(new Uint16Array(numbers)) : new Float32Array(numbers));
  const x = { values: new Float32Array(await bytes("/x.bin")), shape };
  const text = (values) => new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result.split(",")[1] ?? "");
    reader.readAsDataURL(new Blob([values]));
  });
  const found = {};
  for (const { name, shape, values } of network.run(x)) found[name] = { shape, values: await text(values) };
  return found;
}"""


@pytest.fixture
def engine(in_browser, serve, tmp_path):
    """Return a function that runs a network on one example in the page: every layer's output by name."""
    for module in (ROOT / "src" / "alexnet_course").glob("*.js"):
        shutil.copy(module, tmp_path)
    (tmp_path / "index.html").write_text("<!doctype html><link rel=icon href='data:,'><title>Engine</title>")

    def run(network, x, dtype=np.float32, plain=False):
        network_table = {"table": export.table(network, x.shape), "shape": x.shape}
        (tmp_path / "network.json").write_text(json.dumps(network_table))
        export.numbers_of(network, dtype).tofile(tmp_path / "numbers.bin")
        x.astype(np.float32).tofile(tmp_path / "x.bin")
        found = in_browser(serve(tmp_path), RUN, {"half": dtype == np.float16, "plain": plain})
        return {
            name: np.frombuffer(base64.b64decode(output["values"]), np.float32).reshape(output["shape"])
            for name, output in found.items()
        }

    return run


def outputs(network, x, before=""):
    """Return what each layer of a network gives for a batch of one, by name."""
    found = {}
    for name, layer in network.layers.items():
        if isinstance(layer, Sequential):
            inner = outputs(layer, x, f"{before}{name}.")
            found |= inner
            x = list(inner.values())[-1]
        else:
            x = found[before + name] = layer.predict(x)
    return found


def compare(found, network, x):
    """Assert that each layer agrees within a hundred thousandth of its largest value."""
    wanted = outputs(network, x[np.newaxis])
    assert list(found) == list(wanted)
    for name, values in wanted.items():
        assert found[name].shape == values.shape[1:], name
        np.testing.assert_allclose(
            found[name], values[0], rtol=0, atol=1e-5 * np.abs(values).max(), err_msg=name
        )


rng = np.random.default_rng(5)
LAYERS = {
    "convolution": [Conv2D(3, 7, (3, 5), (2, 1), (2, 1), bias=0.5, rng=rng)],
    "same": [Conv2D(3, 5, 4, 3, "same", rng=rng)],
    "groups": [Conv2D(3, 6, 3, groups=3, rng=rng), Conv2D(6, 4, 1, groups=2, rng=rng)],
    "pools": [MaxPooling2D(3, 2, padding=1), MaxPooling2D((2, 3), (1, 2))],
    "normalization": [LocalResponseNormalization(3, k=1.5, alpha=0.3, beta=0.6)],
    "dense": [ReLU(), Flatten(), Dense(11 * 13 * 3, 9, bias=-0.25, rng=rng), Softmax()],
    "fire": [fire(3, 5, 6, rng=rng), GlobalAverage()],
}


@pytest.mark.parametrize("name", LAYERS)
def test_each_layer_is_that_of_numpy(engine, name):
    network = Sequential(LAYERS[name])
    for parameter in network.params.values():  # biases that differ
        parameter += rng.normal(0, 0.1, parameter.shape).astype(parameter.dtype)
    x = rng.normal(0, 2, (11, 13, 3)).astype(np.float32)
    compare(engine(network, x), network, x)


def test_the_miniature_is_that_of_numpy(engine):
    network = Miniature(rng=np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal((27, 27, 1)).astype(np.float32)
    compare(engine(network, x), network, x)


@pytest.mark.parametrize("plain", [False, True])  # whether the page is without WebAssembly
def test_the_trained_network_is_that_of_numpy(engine, plain):
    network = load_squeezenet()
    x = preprocess(load_photograph("chelsea"))[0]
    compare(engine(network, x, np.float16, plain), network, x)  # its weights are stored in half precision


def test_a_layer_that_the_page_does_not_know_is_named(engine):
    class Shout(ReLU):
        """A reader's own layer."""

    with pytest.raises(Exception, match="shout1: the page knows no layer Shout"):
        engine(Sequential([Shout()]), np.zeros((2, 2, 1), np.float32))
