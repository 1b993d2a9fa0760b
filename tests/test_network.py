"""Sequential: the tile network from pixels to gradients, prediction, summary, and what it refuses."""

import numpy as np
import pytest

from alexnet_course.data import tile
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
from alexnet_course.network import Sequential


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
    assert network.backward(grad_output) is None
    alone = {name: grad.copy() for name, grad in network.grads.items()}
    assert network.backward(grad_output, input_gradient=True).shape == x.shape
    for name, grad in network.grads.items():
        np.testing.assert_array_equal(grad, alone[name])


def test_a_network_in_a_network():
    rng = np.random.default_rng(0)
    flat = small_network(rng)
    layers = list(flat.layers.values())
    nested = Sequential([Sequential(layers[:4]), Sequential(layers[4:6]), *layers[6:]])
    x = rng.standard_normal((2, 13, 9, 3))
    y = flat.forward(x)
    grad_input = flat.backward(y, input_gradient=True)
    np.testing.assert_array_equal(nested.forward(x), y)
    np.testing.assert_array_equal(nested.backward(y, input_gradient=True), grad_input)
    assert nested.multiply_accumulates((13, 9, 3)) == flat.multiply_accumulates((13, 9, 3))
    assert nested.window == flat.window
    without = Sequential([ReLU(), Softmax()])
    without.forward(np.ones((1, 3)))
    assert without.backward(np.ones((1, 3))).shape == (1, 3)


def test_empty_batch():
    network = small_network(np.random.default_rng(0))
    y = network.forward(np.zeros((0, 13, 9, 3)))
    assert y.shape == (0, 4)
    assert network.backward(y, input_gradient=True).shape == (0, 13, 9, 3)


# ---- prediction


def test_predict_evaluates_keeps_nothing_and_restores_the_mode():
    rng = np.random.default_rng(0)
    network = small_network(rng)
    x = rng.standard_normal((2, 13, 9, 3))
    evaluated = network.forward(x)
    network.training = True
    assert not np.array_equal(network.forward(x), network.forward(x))
    np.testing.assert_array_equal(network.predict(x), evaluated)
    np.testing.assert_array_equal(network.predict(x), evaluated)
    assert network.training
    assert all(layer.saved is None for layer in network.layers.values())
    with pytest.raises(RuntimeError, match="softmax1: backward needs a forward before it"):
        network.backward(evaluated)


def test_a_batch_equals_its_images_one_by_one():
    rng = np.random.default_rng(0)
    network = small_network(rng)
    x = rng.standard_normal((3, 13, 9, 3))
    singles = np.concatenate([network.predict(x[n : n + 1]) for n in range(3)])
    np.testing.assert_allclose(network.predict(x), singles, atol=1e-12)


# ---- summary and profile


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
    with pytest.raises(ValueError, match=r"conv2: x must have 5 channels \(the last axis\); got 4"):
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
