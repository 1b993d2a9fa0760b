"""The parameters and settings of a layer: what may be assigned, exchanged and copied, and what is refused."""

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
from alexnet_course.layers.base import Parameter, initial_weight
from alexnet_course.network import Container, Sequential


@pytest.mark.parametrize(
    ("value", "error", "message"),
    [
        (None, TypeError, "Dense: weight must hold real numbers; got dtype object"),
        (0.5, ValueError, r"Dense: weight has shape \(2, 2\); got \(\)"),
        ([[1], [1, 2]], ValueError, "Dense: weight must be an array; its rows have different lengths"),
        ([[None, 1], [2, 3]], TypeError, "Dense: weight must hold real numbers; got dtype object"),
        (np.full((2, 2), np.datetime64("2020-01-01")), TypeError, "weight must hold real numbers"),
        (np.full((2, 2), 1 + 2j), TypeError, "weight must hold real numbers; got dtype complex128"),
        ([["1", "2"], ["3", "4"]], TypeError, "weight must hold real numbers; got dtype <U1"),
        (np.full((2, 2), 1e300), ValueError, r"Dense: weight must fit in float32; got 1e\+300"),
        (
            np.ma.masked_array(np.ones((2, 2)), True),
            TypeError,
            r"weight must not be masked: .*weight\.filled\(0\)",
        ),
    ],
)
def test_what_is_assigned_takes_effect_or_raises(value, error, message):
    dense = Dense(2, 2)
    before = dense.weight
    with pytest.raises(error, match=message):
        dense.weight = value
    assert dense.weight is before


def test_an_assigned_array_is_copied_unless_it_is_the_parameter_itself():
    dense = Dense(2, 3)
    given = np.asfortranarray(np.ones((2, 3), np.float32))
    dense.weight = given
    given[...] = 5
    assert (dense.weight == 1).all()
    assert dense.weight.flags.c_contiguous
    present = dense.weight
    dense.weight += 1
    assert dense.weight is present
    assert isinstance(Dense.weight, Parameter)


def test_a_gradient_has_the_shape_and_dtype_of_its_parameter():
    dense = Dense(2, 3)
    dense.forward(np.ones((1, 2)))
    dense.backward(np.ones((1, 3)))
    kept = dense.grads["weight"]
    dense.backward(np.ones((1, 3)))
    assert dense.grads["weight"] is kept
    for wrong in (np.ones((2, 3)), np.ones((3, 2), np.float32)):
        dense.grads["weight"] = wrong
        dense.backward(np.ones((1, 3)))
        assert dense.grads["weight"].dtype == np.float32
        assert dense.grads["weight"].shape == (2, 3)


def test_initial_weights_have_the_precision_of_their_dtype():
    def drawn(dtype):
        return initial_weight((100,), 1, 1.0, np.random.default_rng(0), np.dtype(dtype))

    assert (drawn(np.float64) != drawn(np.float64).astype(np.float32)).any()
    np.testing.assert_array_equal(drawn(np.float16), drawn(np.float32).astype(np.float16))


@pytest.mark.parametrize("build", [lambda: Dense(2, 4), lambda: Conv2D(2, 4, 1)])
@pytest.mark.parametrize("name", ["weight", "bias"])
def test_what_stands_in_params_is_used_or_refused(build, name):
    layer = build()
    x = np.ones((1, 2) if isinstance(layer, Dense) else (1, 1, 1, 2))
    right = layer.params[name]
    for wrong in (right.astype(int), right.tolist(), right.astype(complex), None):
        layer.params[name] = wrong
        with pytest.raises(TypeError, match=f"{name} must be an array of floats; got"):
            layer.forward(x)
    layer.params[name] = right[..., :1]
    with pytest.raises(ValueError, match=f"{name} has shape .*4.*; got"):
        layer.forward(x)
    layer.params[name] = right.astype(np.float64)
    layer.forward(x)


SETTINGS = [
    (layer, name)
    for layer in (
        Conv2D(1, 1, 1), Dense(1, 1), Dropout(), LocalResponseNormalization(), MaxPooling2D(),
        Sequential([ReLU()], input_shape=(1,)), SideBySide({"a": ReLU()}),
    )
    for name in {*inspect.signature(type(layer)).parameters, "layers", "params", "grads"} & {*vars(layer)}
    if name != "rng" and not (name in ("params", "grads") and not isinstance(layer, Container))
]  # fmt: skip


@pytest.mark.parametrize(("layer", "name"), SETTINGS, ids=lambda value: str(value).split("(")[0])
def test_a_setting_stays_as_the_constructor_checked_it(layer, name):
    before = vars(layer)[name]
    for value in (before, 0, None, "x", -1):
        with pytest.raises(AttributeError, match=f"{layer.name}: {name} cannot be changed: build another"):
            setattr(layer, name, value)
    assert vars(layer)[name] is before


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
