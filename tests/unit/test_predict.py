"""A prediction: few images at a time where maps are large, and results written over what nobody reads."""

import threading

import numpy as np
import pytest

from alexnet_course import workers
from alexnet_course.layers import Conv2D, Dense, Flatten, LocalResponseNormalization, MaxPooling2D, ReLU
from alexnet_course.layers.base import Layer
from alexnet_course.network import Sequential


def network():
    """Return a network whose first maps hold most of the numbers: 400, 400, 100, 147, 147 and 3."""
    options = {"rng": np.random.default_rng(0), "dtype": np.float64}
    layers = {"conv1": Conv2D(1, 4, 1, **options), "relu1": ReLU(), "pool1": MaxPooling2D(2)}
    layers |= {"conv2": Conv2D(4, 3, 3, padding=2, **options), "relu2": ReLU(), "flatten": Flatten()}
    return Sequential(layers | {"fc3": Dense(147, 3, **options)})


@pytest.mark.parametrize("number", [1, 2])
def test_a_prediction_goes_in_few_images_where_maps_are_large(number, monkeypatch):
    monkeypatch.setattr(workers, "WORTH_WHILE", 1)
    monkeypatch.setattr("alexnet_course.network.LARGE", 200)
    monkeypatch.setattr("alexnet_course.pieces.PIECE", 800)
    model, x = network(), np.random.default_rng(0).standard_normal((8, 10, 10, 1))
    seen, at_work, predict = [], threading.Lock(), Layer.predict

    def watched(layer, images):
        with at_work:
            seen.append((layer.name, len(images)))
        return predict(layer, images)

    monkeypatch.setattr(Layer, "predict", watched)
    with workers.limit(number):
        y = model.predict(x)
    images = {name: sorted(number for one, number in seen if one == name) for name in model.layers}
    large, small = {"conv1": [2] * 4, "pool1": [2] * 4}, {"conv2": [4] * 2, "flatten": [4] * 2, "fc3": [8]}
    assert {name: images[name] for name in large | small} == large | small
    with workers.limit(1):
        np.testing.assert_allclose(y, model.forward(x), rtol=1e-9, atol=1e-12)


class Recorder(Layer):
    """A layer that lets everything pass, and remembers it."""

    by_image = True

    def __init__(self):
        super().__init__()
        self.seen = []

    def forward(self, x):
        self.seen.append(x)
        return x


class Leaky(ReLU):
    """An heir that computes something else, and says nothing of what it writes over."""

    by_image = True

    def forward(self, x):
        return np.where(x > 0, x, 0.5 * x)


@pytest.mark.parametrize("number", [1, 2])
def test_nothing_is_written_over_that_somebody_else_holds(number, monkeypatch):
    x = np.random.default_rng(0).standard_normal((2, 3, 3, 4))
    options = {"rng": np.random.default_rng(0), "dtype": np.float64}
    recorder = Recorder()
    layers = [ReLU(), LocalResponseNormalization(), Conv2D(4, 4, 1, **options), recorder, ReLU(), Leaky()]
    layers += [LocalResponseNormalization(), Conv2D(4, 4, 1, bias=-1.0, **options), Leaky(), Flatten()]
    model, before = Sequential(layers), x.copy()
    with workers.limit(1):
        expected = model.forward(x)
    kept = recorder.seen.pop()
    assert max(kept.min(), expected.min()) < 0
    monkeypatch.setattr(workers, "WORTH_WHILE", 1)
    with workers.limit(number):
        np.testing.assert_allclose(model.predict(x), expected, rtol=1e-12)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_allclose(np.sort(np.ravel(recorder.seen)), np.sort(kept.ravel()), rtol=1e-12)


@pytest.mark.parametrize("shape", [(2, 5, 5, 4), (2, 4)])
def test_layers_that_say_so_give_new_arrays_and_write_over_what_they_are_given(shape):
    every = (Conv2D(4, 3, 2), LocalResponseNormalization(), MaxPooling2D(2), Dense(4, 3), ReLU())
    layers = [layer for layer in every if len(shape) == 4 or isinstance(layer, (Dense, ReLU))]
    for layer in layers if len(shape) == 2 else layers[:3] + layers[4:]:
        x = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
        y = layer.predict(x)
        assert type(layer).gives_new
        assert not np.shares_memory(x, y)
        np.testing.assert_array_equal(layer.predict(x), y)
        over = layer.predict_over(x)
        np.testing.assert_array_equal(over, y)
        assert np.shares_memory(over, x) == isinstance(layer, (ReLU, LocalResponseNormalization))
