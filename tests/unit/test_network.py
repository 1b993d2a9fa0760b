"""Sequential: the tile network from pixels to gradients, prediction, summary, and what it refuses."""

import numpy as np
import pytest

from alexnet_course.data import tile
from alexnet_course.fire import SideBySide
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
from alexnet_course.losses import cross_entropy
from alexnet_course.network import Container, Sequential


def small_network(rng, dtype=np.float64):
    """Every kind of layer, overlapping pools, two groups, sizes that leave pixels unused."""
    options = {"rng": rng, "dtype": dtype}
    return Sequential(
        [
            Conv2D(3, 4, (3, 2), (2, 1), 1, **options),
            ReLU(),
            LocalResponseNormalization(n=3, alpha=0.5),
            MaxPooling2D(3, 2),
            Conv2D(4, 6, 3, padding="same", groups=2, bias=0.1, **options),
            ReLU(),
            Flatten(),
            Dense(6 * 3 * 4, 5, **options),
            ReLU(),
            Dropout(0.5, rng=rng),
            Dense(5, 4, **options),
            Softmax(),
        ],
        input_shape=(13, 9, 3),
    )


# ---- forward and backward


def test_the_tile_from_pixels_to_loss(tile_network):
    logits = tile_network.forward(tile.X)
    np.testing.assert_array_equal(logits, tile.LOGITS)
    assert round(cross_entropy(logits, tile.LABELS[:1])[0], 4) == tile.LOSS
    assert sum(array.size for array in tile_network.params.values()) == 97


def test_the_tiles_gradients(tile_network):
    _, grad_logits = cross_entropy(tile_network.forward(tile.X), [0])
    tile_network.backward(grad_logits)
    grads = tile_network.grads
    np.testing.assert_allclose(grads["output.weight"][0], [-3.0211, 2.6610, 0.3601], atol=1e-4)
    assert not grads["conv.weight"][..., 0].any()  # its only listener is silent
    expected = [[-0.6652, -1.3305, -0.0900], [-0.6652, 1.5105, -0.0900], [-2.0858, 1.4205, 0]]
    np.testing.assert_allclose(grads["conv.weight"][:, :, 0, 1], expected, atol=1e-4)
    np.testing.assert_allclose(grads["conv.bias"], 0, atol=1e-12)
    assert sum((grad**2).sum() for grad in grads.values()) == pytest.approx(739.54, abs=0.01)


def test_one_small_step_makes_it_an_ear(tile_network):
    _, grad_logits = cross_entropy(tile_network.forward(tile.X), [0])
    tile_network.backward(grad_logits)
    for name, array in tile_network.params.items():
        array -= 0.001 * tile_network.grads[name]
    logits = tile_network.forward(tile.X)
    np.testing.assert_allclose(logits, [[1.679, 1.667, -0.002]], atol=1e-3)
    assert cross_entropy(logits, [0])[0] == pytest.approx(0.7766, abs=1e-4)


@pytest.mark.first_version("C26")
def test_gradients_of_a_whole_network():
    rng = np.random.default_rng(0)
    gaps = gradient_gaps(small_network(rng), rng.standard_normal((2, 13, 9, 3)), rng)
    assert len(gaps) == 9  # the input, and four layers' weights and biases
    assert max(gaps.values()) < 1e-6


def test_input_gradient_only_when_asked_for():
    rng = np.random.default_rng(0)
    network = small_network(rng)
    x = rng.standard_normal((1, 13, 9, 3))
    grad_output = rng.standard_normal(network.forward(x).shape)
    assert network.backward(grad_output, input_gradient=False) is None
    alone = {name: grad.copy() for name, grad in network.grads.items()}
    assert network.backward(grad_output).shape == x.shape
    for name, grad in network.grads.items():
        np.testing.assert_array_equal(grad, alone[name])


def test_a_network_in_a_network():
    rng = np.random.default_rng(0)
    flat = small_network(rng)
    layers = list(flat.layers.values())
    nested = Sequential([Sequential(layers[:4]), Sequential(layers[4:6]), *layers[6:]])
    x = rng.standard_normal((2, 13, 9, 3))
    y = flat.forward(x)
    grad_input = flat.backward(y)
    np.testing.assert_array_equal(nested.forward(x), y)
    np.testing.assert_array_equal(nested.backward(y), grad_input)
    assert nested.multiply_accumulates((13, 9, 3)) == flat.multiply_accumulates((13, 9, 3))
    assert nested.window == flat.window
    without = Sequential([ReLU(), Softmax()])
    without.forward(np.ones((1, 3)))
    assert without.backward(np.ones((1, 3))).shape == (1, 3)
    assert without.backward(np.ones((1, 3)), input_gradient=False) is None


def test_empty_batch():
    network = small_network(np.random.default_rng(0))
    y = network.forward(np.zeros((0, 13, 9, 3)))
    assert y.shape == (0, 4)
    assert network.backward(y).shape == (0, 13, 9, 3)


# ---- prediction


def test_predict_evaluates_keeps_nothing_and_restores_the_mode():
    rng = np.random.default_rng(0)
    network = small_network(rng)
    x = rng.standard_normal((2, 13, 9, 3))
    evaluated = network.forward(x)
    network.training = True
    assert not np.array_equal(network.forward(x), network.forward(x))
    saved = [layer.saved for layer in network.layers.values()]
    np.testing.assert_array_equal(network.predict(x), evaluated)
    np.testing.assert_array_equal(network.predict(x), evaluated)
    assert all(layer.training for layer in network.layers.values())
    # A step may go on after it: backward still answers the last forward.
    assert all(layer.saved is before for layer, before in zip(network.layers.values(), saved, strict=True))
    fresh = small_network(rng)
    fresh.predict(x)
    assert all(layer.saved is None for layer in fresh.layers.values())
    with pytest.raises(RuntimeError, match="softmax1: backward needs a forward before it"):
        fresh.backward(evaluated)


@pytest.mark.first_version("C25")
def test_a_batch_equals_its_images_one_by_one():
    rng = np.random.default_rng(0)
    network = small_network(rng)
    x = rng.standard_normal((3, 13, 9, 3))
    singles = np.concatenate([network.predict(x[n : n + 1]) for n in range(3)])
    np.testing.assert_allclose(network.predict(x), singles, atol=1e-12)


# ---- summary and profile


@pytest.mark.first_version("C21", "T39")
def test_summary_prints_and_returns_its_rows(tile_network, capsys):
    rows = tile_network.summary()
    assert [row.name for row in rows] == ["conv", "relu1", "pool", "flatten", "hidden", "relu2", "output"]
    assert rows[0] == ("conv", (5, 5, 3), 30, 675, (3, 3))
    assert rows[2] == ("pool", (2, 2, 3), 0, 0, (5, 5))
    assert rows[3] == ("flatten", (12,), 0, 0, None)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 + 7 + 1
    assert lines[1].split() == ["conv", "5", "x", "5", "x", "3", "30", "675", "3", "x", "3"]
    assert lines[-1].split() == ["total", "97", "735"]


def test_summary_of_oblong_windows():
    rows = small_network(np.random.default_rng(0)).summary()
    assert rows[3].receptive_field == (7, 4)
    assert rows[4].receptive_field == (15, 8)


def test_profile_names_every_layer(tile_network, capsys):
    seconds = tile_network.profile(tile.X, repeats=1)
    assert list(seconds) == list(tile_network.layers)
    assert min(seconds.values()) > 0
    assert len(capsys.readouterr().out.splitlines()) == 9


# ---- what it refuses


def test_layers_are_rearranged_by_building_another_network():
    layers = dict(small_network(np.random.default_rng(0)).layers)
    del layers["localresponsenormalization1"]
    assert list(Sequential(layers).layers)[:3] == ["conv2d1", "relu1", "maxpooling2d1"]


def test_errors_name_the_layer():
    network = Sequential({"conv1": Conv2D(3, 4, 3), "conv2": Conv2D(5, 6, 3)})
    with pytest.raises(ValueError, match=r"conv2: x must have shape \(N, H, W, 5\); got \(1, 6, 6, 4\)"):
        network.forward(np.zeros((1, 8, 8, 3)))
    with pytest.raises(ValueError, match=r"conv2: input_shape must be \(H, W, 5\)"):
        network.output_shape((8, 8, 3))


def test_refusals(tile_network):
    with pytest.raises(ValueError, match="layers must hold at least one layer"):
        Sequential([])
    with pytest.raises(TypeError, match="layers must be layers; 'type1' is <class"):
        Sequential([ReLU])
    relu = ReLU()
    with pytest.raises(ValueError, match="layers must be different objects"):
        Sequential([relu, relu])
    with pytest.raises(ValueError, match="input_shape must be given"):
        Sequential([relu]).summary()
    with pytest.raises(ValueError, match="repeats must be at least 1; got 0"):
        tile_network.profile(tile.X, repeats=0)


def test_layers_are_different_at_any_depth():
    shared = Dense(2, 2)
    nests = [
        {"a": Sequential({"x": shared}), "b": Sequential({"x": shared})},
        {"a": Sequential([Sequential([shared])]), "b": shared},
        {"a": SideBySide({"x": shared}), "b": SideBySide({"y": shared})},
    ]
    for nest in nests:
        with pytest.raises(ValueError, match="layers must be different objects"):
            Sequential(nest)
        with pytest.raises(ValueError, match="layers must be different objects"):
            SideBySide(nest)


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("a.b", ValueError, "names of layers must not be empty or hold a dot; got 'a.b'"),
        ("", ValueError, "must not be empty"),
        (1, TypeError, "names of layers must be text; got 1"),
    ],
)
def test_names_that_could_hide_a_parameter_are_refused(name, error, message):
    for kind in (Sequential, SideBySide):
        with pytest.raises(error, match=message):
            kind({name: ReLU()})


def test_what_is_assigned_to_a_network_raises(tile_network):
    for mapping in (tile_network.params, tile_network.grads):
        with pytest.raises(TypeError, match="does not support item assignment"):
            mapping["conv.weight"] = np.zeros((3, 3, 1, 3))
    for name in ("params", "grads"):
        with pytest.raises(AttributeError):
            setattr(tile_network, name, {})
    tile_network.params["conv.weight"][...] = 0
    assert not tile_network["conv"].weight.any()


def test_training_sets_all_and_tells_of_any():
    network = Sequential([Dropout(), Sequential([Dropout(), ReLU()])])
    network.training = True
    inner = network["sequential1"]["dropout1"]
    assert inner.training
    network["dropout1"].training = False
    assert network.training
    inner.training = network["sequential1"]["relu1"].training = False
    assert not network.training


def test_a_nested_network_predicts_as_a_flat_one_does():
    rng = np.random.default_rng(0)
    frozen, active = Dropout(0.5), Dropout(0.5)
    network = Sequential([Sequential([Dense(3, 4, rng=rng), frozen]), active])
    active.training = True
    x = rng.standard_normal((5, 3))
    np.testing.assert_array_equal(network.predict(x), network.predict(x))
    assert (frozen.training, active.training) == (False, True)
    assert network["sequential1"]["dense1"].saved is None


def test_no_window_once_there_are_no_rows_and_columns():
    options = {"rng": np.random.default_rng(0)}
    network = Sequential([Conv2D(1, 1, 3), Flatten(), Dense(4, 2, **options), ReLU()], (4, 4, 1))
    assert network.window is None
    assert [row.receptive_field for row in network.summary()] == [(3, 3), None, None, None]
    assert Sequential([Sequential([Conv2D(1, 1, 3)]), MaxPooling2D(2)]).window == ((4, 4), (2, 2))


def test_a_profile_is_the_median(tile_network, monkeypatch, capsys):
    ticks = iter([0, 1, 0, 100, 0, 3])  # one second, a hundred, three
    monkeypatch.setattr("time.perf_counter", lambda: next(ticks))
    assert Sequential([ReLU()]).profile(np.ones(2), repeats=3) == {"relu1": 3.0}


def test_an_input_shape_is_checked_at_once():
    with pytest.raises(TypeError, match="input_shape must be the shape of one example"):
        Sequential([ReLU()], input_shape=7)
    with pytest.raises(ValueError, match="Sequential: input_shape must be"):
        Sequential([ReLU()]).summary((0, 3))


def test_a_container_of_ones_own_predicts_and_leaves_its_layers_as_they_are():
    class Twice(Container):
        def forward(self, x):
            for layer in self.layers.values():
                x = layer.forward(layer.forward(x))
            return x

    dropout = Dropout(0.5, rng=np.random.default_rng(0))
    container = Twice({"inner": Sequential({"dropout": dropout})})
    container.training = True
    assert np.array_equal(container.predict(np.ones((2, 3))), np.ones((2, 3)))
    assert dropout.training
    assert dropout.saved is None
