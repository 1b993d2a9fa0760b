"""The contract of a layer: what is written by it works everywhere, what a layer prints builds it again."""

import copy
import inspect
import pickle
import threading

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_course import layers
from alexnet_course.alexnet import AlexNet
from alexnet_course.fire import GlobalAverage, SideBySide, fire
from alexnet_course.gradcheck import gradient_gaps
from alexnet_course.layers import (
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    LocalResponseNormalization,
    MaxPooling2D,
    ReLU,
    Softmax,
)
from alexnet_course.layers.base import Layer, Parameter, exact_sum, initial_weight, working
from alexnet_course.network import Container, Sequential
from alexnet_course.optimizers import SGD

# ---- a learner's own layers, as the docstring of Layer says


class Cube(Layer):
    """Without parameters."""

    def forward(self, x):
        self.saved = x.shape, x
        return x**3

    def backward(self, grad_output, input_gradient=True):
        grad_output, x = self._unpack(grad_output)
        return 3 * x**2 * grad_output


class Scale(Layer):
    """With a parameter, and without a word about what it saves."""

    def __init__(self, channels):
        super().__init__()
        self.channels = channels
        self.params = {"factor": np.linspace(1, 2, channels)}

    def forward(self, x):
        self.x = x
        return x * self.params["factor"]

    def backward(self, grad_output, input_gradient=True):
        self.grads["factor"] = (grad_output * self.x).sum(axis=(0, 1, 2))
        return grad_output * self.params["factor"] if input_gradient else None


@pytest.mark.parametrize(
    "make",
    [
        lambda: Scale(2),
        Cube,
        lambda: Sequential([Scale(2), Cube(), Scale(2)]),
        lambda: Sequential([Cube(), Scale(2)]),
        lambda: SideBySide({"scale": Scale(2), "cube": Cube()}),
        lambda: Sequential([Scale(2), SideBySide({"a": Sequential([Scale(2)]), "b": Cube()}), Scale(4)]),
    ],
)
def test_own_layers_work_everywhere(make):
    rng = np.random.default_rng(0)
    model, x = make(), rng.standard_normal((2, 3, 4, 2))
    gaps = gradient_gaps(model, x, rng)
    assert max(gaps.values()) < 1e-6
    y = model.forward(x)
    np.testing.assert_array_equal(model.predict(x), y)
    model.backward(np.ones(y.shape), input_gradient=False)
    alone = {name: np.copy(grad) for name, grad in model.grads.items()}
    assert model.backward(np.ones(y.shape)).shape == x.shape
    for name, grad in model.grads.items():
        np.testing.assert_array_equal(grad, alone[name])
    SGD(model).step()


def test_what_is_not_defined_says_so():
    class Half(Layer):
        pass

    with pytest.raises(NotImplementedError, match="Half defines no forward"):
        Half().forward(np.ones(1))
    with pytest.raises(NotImplementedError, match="Half defines no backward"):
        Half().backward(np.ones(1))
    with pytest.raises(TypeError, match="Half: input_shape must be the shape of one example, without N"):
        Half().output_shape(None)


EVERY = [getattr(layers, name) for name in layers.__all__] + [SideBySide, GlobalAverage, Sequential, AlexNet]


@pytest.mark.parametrize("kind", EVERY)
def test_every_layer_has_the_one_signature(kind):
    for method in ("forward", "backward", "predict", "output_shape", "multiply_accumulates"):
        assert inspect.signature(getattr(kind, method)) == inspect.signature(getattr(Layer, method))


@pytest.mark.parametrize(
    "layer", [Sequential([ReLU()]), SideBySide({"a": ReLU()}), fire(2, 1, 1), Dense(1, 1)]
)
def test_every_layer_has_what_the_contract_names(layer):
    assert layer.saved is None
    assert layer.name == type(layer).__name__
    assert layer.training is False


def test_a_container_takes_layers_in_the_mode_they_are_in():
    dropout = Dropout()
    dropout.training = True
    assert Sequential([dropout]).training
    assert dropout.training


# ---- what a layer prints

COUNT = st.integers(1, 5)
SIZE = st.one_of(COUNT, st.tuples(COUNT, COUNT))
RATE = st.floats(0, 0.99)
DTYPE = st.sampled_from([np.float16, np.float32, np.float64, np.dtype(">f8")])


@st.composite
def any_layer(draw):
    kind = draw(st.sampled_from(["conv", "dense", "pool", "lrn", "dropout", "plain", "chain", "beside"]))
    match kind:
        case "conv":
            groups = draw(st.integers(1, 2))
            return Conv2D(
                groups * draw(COUNT), groups * draw(COUNT), draw(SIZE), draw(SIZE),
                draw(st.sampled_from(["valid", "same"]) | SIZE), groups, dtype=draw(DTYPE),
                algorithm=draw(st.sampled_from(["auto", "im2col"])), initial=0.0, bias=draw(RATE),
            )  # fmt: skip
        case "dense":
            return Dense(draw(COUNT), draw(COUNT), dtype=draw(DTYPE))
        case "pool":
            return MaxPooling2D(
                draw(SIZE), draw(st.none() | SIZE), draw(st.sampled_from(["valid", "same", 0]))
            )
        case "lrn":
            return LocalResponseNormalization(2 * draw(COUNT) + 1, draw(RATE), draw(RATE), draw(RATE))
        case "dropout":
            return Dropout(draw(RATE))
        case "plain":
            return draw(st.sampled_from([ReLU, Softmax, Flatten, GlobalAverage]))()
        case "chain":
            shape = draw(st.none() | st.tuples(COUNT, COUNT, COUNT))
            return Sequential(draw(st.lists(any_layer(), min_size=1, max_size=3)), shape)
        case "beside":
            return SideBySide({f"{place}x": draw(any_layer()) for place in range(draw(st.integers(1, 2)))})


def settings_of(layer):
    """Everything that makes one layer unlike another, without the numbers in its parameters."""
    own = {key: value for key, value in vars(layer).items() if key not in ("layers", "params", "rng", "name")}
    shapes = {name: (array.shape, array.dtype) for name, array in layer.params.items()}
    inside = (
        [(n, settings_of(part)) for n, part in layer.layers.items()] if isinstance(layer, Container) else []
    )
    return type(layer), own, shapes, inside


@given(any_layer())
@settings(deadline=None)
def test_what_a_layer_prints_builds_an_equal_one(layer):
    names = {kind.__name__: kind for kind in EVERY}
    again = eval(repr(layer), names)
    assert settings_of(again) == settings_of(layer)
    assert repr(again) == repr(layer)


@pytest.mark.parametrize(
    ("layer", "shown"),
    [
        (Conv2D(3, 96, 11, 4), "Conv2D(3, 96, kernel_size=11, stride=4)"),
        (Conv2D(96, 256, (5, 5), 1, 2, 2), "Conv2D(96, 256, kernel_size=5, padding=2, groups=2)"),
        (Conv2D(1, 1, (1, 3), padding="same"), "Conv2D(1, 1, kernel_size=(1, 3), padding='same')"),
        (Conv2D(1, 1, 1, algorithm="im2col"), "Conv2D(1, 1, kernel_size=1, algorithm='im2col')"),
        (Dense(9216, 4096), "Dense(9216, 4096)"),
        (Dense(2, 2, dtype=np.float64), "Dense(2, 2, dtype='float64')"),
        (MaxPooling2D(3, 2), "MaxPooling2D(3, stride=2)"),
        (MaxPooling2D(), "MaxPooling2D()"),
        (MaxPooling2D(2, 1), "MaxPooling2D(stride=1)"),
        (MaxPooling2D(3), "MaxPooling2D(3)"),
        (Dropout(), "Dropout()"),
        (Dropout(0.25), "Dropout(0.25)"),
        (LocalResponseNormalization(n=3, alpha=1), "LocalResponseNormalization(3, alpha=1.0)"),
        (ReLU(), "ReLU()"),
        (Scale(2), "Scale(2)"),
    ],
)
def test_what_layers_print(layer, shown):
    assert repr(layer) == shown


def test_what_a_network_prints():
    network = Sequential({"conv": Conv2D(3, 4, 3), "block": fire(4, 1, 2)}, input_shape=(9, 9, 3))
    assert repr(network).splitlines() == [
        "Sequential({",
        "    'conv': Conv2D(3, 4, kernel_size=3),",
        "    'block': Sequential({",
        "        'squeeze': Conv2D(4, 1, kernel_size=1),",
        "        'relu_squeeze': ReLU(),",
        "        'expand': SideBySide({",
        "            '1x1': Conv2D(1, 2, kernel_size=1),",
        "            '3x3': Conv2D(1, 2, kernel_size=3, padding=1),",
        "        }),",
        "        'relu_expand': ReLU(),",
        "    }),",
        "}, input_shape=(9, 9, 3))",
    ]


def test_layers_can_be_copied_and_pickled():
    network = Sequential([Conv2D(1, 1, 1), Dropout()])
    for again in (copy.deepcopy(network), pickle.loads(pickle.dumps(network))):
        assert repr(again) == repr(network)
        np.testing.assert_array_equal(again["conv2d1"].weight, network["conv2d1"].weight)


# ---- parameters


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


# ---- arithmetic that layers share


def test_half_precision_works_in_float32_and_other_types_as_they_are():
    assert working(np.ones(1, np.float16)).dtype == np.float32
    for dtype in (np.float32, np.float64):
        array = np.ones(1, dtype)
        assert working(array) is array


def test_sums_of_many_numbers_lose_none():
    ones = np.full((200_000, 2), 0.1, np.float32)
    np.testing.assert_allclose(exact_sum(ones, 0), 200_000 * np.float64(np.float32(0.1)), rtol=1e-9)


# ---- prediction


def test_predict_changes_nothing_so_that_threads_do_not_meet():
    ready, done = threading.Event(), threading.Event()

    class Slow(Dropout):
        def forward(self, x):
            ready.set()
            done.wait(10)
            return super().forward(x)

    layer, results = Slow(0.5), []
    layer.training = True
    thread = threading.Thread(target=lambda: results.append(layer.predict(np.ones(1000))))
    thread.start()
    assert ready.wait(10)
    assert layer.training  # while another thread predicts
    done.set()
    thread.join()
    np.testing.assert_array_equal(results[0], 1)
    assert layer.training
    assert layer.saved is None


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
