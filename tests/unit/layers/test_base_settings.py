"""What is set on a layer after it was built: it takes effect, or it is refused in words."""

import copy
import inspect

import numpy as np
import pytest

from alexnet_course.fire import SideBySide
from alexnet_course.layers import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    LocalResponseNormalization,
    MaxPooling2D,
    ReLU,
)
from alexnet_course.layers.base import Layer
from alexnet_course.network import Container, Sequential

SETTINGS = [
    (layer, name)
    for layer in (
        Conv2D(1, 1, 1), Dense(1, 1), Dropout(), LocalResponseNormalization(), MaxPooling2D(),
        Sequential([ReLU()], input_shape=(1,)), SideBySide({"a": ReLU()}),
    )
    for name in [*inspect.signature(type(layer)).parameters, "params", "grads"]
    if name in (vars(layer).keys() - {"rng"} if isinstance(layer, Container) else layer._fixed)
]  # fmt: skip


@pytest.mark.parametrize(("layer", "name"), SETTINGS, ids=lambda value: str(value).split("(")[0])
def test_a_setting_stays_as_the_constructor_checked_it(layer, name):
    before = vars(layer)[name]
    for value in (before, 0, None, "x", -1):
        with pytest.raises(AttributeError, match=f"{layer.name}: {name} cannot be changed: build another"):
            setattr(layer, name, value)
    assert vars(layer)[name] is before


class Scale(Layer):
    """A layer of one's own, with a setting."""

    def __init__(self, channels):
        super().__init__()
        self.channels = channels


def test_settings_of_ones_own_layers_may_change():
    scale = Scale(2)
    scale.channels = 3
    assert repr(scale) == "Scale(3)"


@pytest.mark.parametrize(
    ("name", "value", "error", "message"),
    [
        ("params", {}, ValueError, r"Dense: params must hold \['weight', 'bias'\]; got \[\]"),
        ("params", {"weight": np.ones((1, 1))}, ValueError, r"must hold .* got \['weight'\]"),
        ("params", None, TypeError, "Dense: params must be a dict of arrays; got None"),
        ("grads", None, TypeError, "Dense: grads must be a dict of arrays; got None"),
        ("grads", np.ones(1), TypeError, "Dense: grads must be a dict of arrays; got array"),
        ("training", "no", TypeError, "Dense: training must be True or False; got 'no'"),
        ("training", 1, TypeError, "Dense: training must be True or False; got 1"),
    ],
)
def test_what_would_lose_the_parameters_is_refused(name, value, error, message):
    dense = Dense(1, 1)
    before = getattr(dense, name)
    with pytest.raises(error, match=message):
        setattr(dense, name, value)
    assert getattr(dense, name) is before


def test_the_parameters_may_be_exchanged_as_a_whole():
    dense = Dense(1, 1)
    dense.params = {"weight": np.full((1, 1), 2.0), "bias": np.zeros(1)}
    dense.grads = {}
    assert dense.predict([[3.0]]).item() == 6


def test_a_generator_may_be_exchanged():
    dropout, outputs = Dropout(), []
    dropout.training = True
    for _ in range(2):
        dropout.rng = np.random.default_rng(0)
        outputs.append(dropout.forward(np.ones((1, 50))))
    np.testing.assert_array_equal(*outputs)


@pytest.mark.parametrize("make", [lambda: Dense(2, 2), lambda: Sequential([Dense(2, 2)])])
def test_a_copy_of_a_layer_leaves_it_as_it_is(make):
    layer, x = make(), np.ones((1, 2))
    layer.forward(x)
    layer.backward(x)
    arrays = [*layer.params.values(), *layer.grads.values()]
    before = copy.deepcopy(arrays)
    twin = copy.copy(layer)
    inner = twin["dense1"] if isinstance(twin, Container) else twin
    inner.weight = np.zeros((2, 2))
    twin.forward(5 * x)
    twin.backward(5 * x)
    twin.training = True
    assert not layer.training
    for array, present, wanted in zip(
        arrays, [*layer.params.values(), *layer.grads.values()], before, strict=True
    ):
        assert present is array
        np.testing.assert_array_equal(present, wanted)


@pytest.mark.parametrize(
    "wrong", [[[1.0]], None, "a", np.ones((1, 1), int), np.ma.ones((1, 1)), np.ones((1, 1)).view(np.recarray)]
)
def test_what_stands_in_params_is_an_array_of_floats(wrong):
    dense = Dense(1, 1)
    dense.params["weight"] = wrong
    with pytest.raises(TypeError, match="Dense: weight must be an array of floats; got"):
        dense.forward([[1.0]])
    del dense.params["weight"]
    with pytest.raises(TypeError, match="Dense: weight must be an array of floats; got NoneType"):
        dense.forward([[1.0]])


def test_read_only_parameters_compute():
    dense = Dense(1, 1)
    dense.params["weight"] = np.broadcast_to(np.float32(2), (1, 1))
    assert dense.forward([[3]]).item() == 6


@pytest.mark.parametrize("layer", [Dense(2, 2), Conv2D(2, 2, 1)])
def test_a_gradient_goes_to_an_array_that_takes_it(layer):
    x = np.ones((1, 2) if isinstance(layer, Dense) else (1, 1, 1, 2))

    def gradient():
        layer.forward(x)
        layer.backward(x)
        return layer.grads["weight"]

    right, weight = gradient().copy(), layer.weight.copy()
    read_only = right.copy()
    read_only.flags.writeable = False
    for wrong in (right.tolist(), None, read_only, np.ma.masked_array(right, True), layer.weight):
        layer.grads["weight"] = wrong
        np.testing.assert_array_equal(gradient(), right)
        assert type(layer.grads["weight"]) is np.ndarray
        np.testing.assert_array_equal(layer.weight, weight)


@pytest.mark.parametrize("layer", [MaxPooling2D(), Flatten(), SideBySide({"a": ReLU()}), ReLU()])
def test_rows_of_different_lengths_are_called_that(layer):
    for call in (layer.forward, layer.predict):
        with pytest.raises(ValueError, match="x must be an array; its rows have different lengths"):
            call([[1, 2], [3]])
