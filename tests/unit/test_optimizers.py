"""SGD: the paper's rule step by step, the tile's training curve, the refusals."""

import copy
import pickle
import tempfile

import numpy as np
import pytest

from alexnet_course.data import tile
from alexnet_course.layers import Dense, ReLU
from alexnet_course.layers.base import Layer
from alexnet_course.losses import cross_entropy
from alexnet_course.network import Sequential
from alexnet_course.optimizers import SGD


def one_weight(value, gradient):
    dense = Dense(1, 1, dtype=np.float64)
    dense.weight = [[value]]
    dense.grads = {"weight": np.array([[gradient]]), "bias": np.zeros(1)}
    return dense


def test_three_steps_by_hand():
    dense = one_weight(0.5, 0.2)
    sgd = SGD(dense, learning_rate=0.01)
    seen = []
    for _ in range(3):
        sgd.step()
        seen.append((sgd.velocity["weight"].item(), dense.weight.item()))
    expected = [(-0.0020025, 0.4979975), (-0.0038047, 0.4941928), (-0.0054267, 0.4887660)]
    np.testing.assert_allclose(seen, expected, atol=1e-7)


def test_constant_gradient_reaches_a_constant_velocity():
    dense = one_weight(0.0, 0.2)
    sgd = SGD(dense, 0.01, weight_decay=0)
    for _ in range(300):
        sgd.step()
    assert sgd.velocity["weight"].item() == pytest.approx(-0.02)


def test_every_number_moves_by_the_rule():
    rng = np.random.default_rng(0)
    dense = Dense(300, 500, rng=rng, dtype=np.float64)  # more than two blocks
    dense.grads = {name: rng.standard_normal(array.shape) for name, array in dense.params.items()}
    sgd = SGD(dense, 0.1, 0.8, 0.01)
    velocity = {name: rng.standard_normal(array.shape) for name, array in dense.params.items()}
    sgd.velocity = {name: array.copy() for name, array in velocity.items()}
    before = {name: array.copy() for name, array in dense.params.items()}
    arrays, grads = dict(dense.params), {name: array.copy() for name, array in dense.grads.items()}
    sgd.step()
    for name, w in before.items():
        v = 0.8 * velocity[name] - 0.01 * 0.1 * w - 0.1 * grads[name]
        np.testing.assert_allclose(sgd.velocity[name], v, rtol=1e-12)
        np.testing.assert_allclose(dense.params[name], w + v, rtol=1e-12)
        assert dense.params[name] is arrays[name]  # in place: the layer sees it
        np.testing.assert_array_equal(dense.grads[name], grads[name])


def test_no_learning_rate_no_change():
    dense = one_weight(0.5, 0.2)
    SGD(dense, learning_rate=0).step()
    assert dense.weight.item() == 0.5


@pytest.mark.first_version("C26")
def test_the_tile_learns_as_in_chapter_13(tile_network):
    x = tile.IMAGES - tile.MEAN_IMAGE
    sgd = SGD(tile_network, learning_rate=0.01)
    losses = []
    for _ in range(11):
        loss, grad_logits = cross_entropy(tile_network.forward(x), tile.LABELS)
        losses.append(loss)
        tile_network.backward(grad_logits, input_gradient=False)
        sgd.step()
    expected = [0.6695, 0.2613, 0.2361, 0.2783, 0.2844, 0.2068, 0.1100, 0.0527, 0.0308, 0.0199, 0.0150]
    np.testing.assert_allclose(losses, expected, atol=6e-5)
    assert (tile_network.predict(x).argmax(axis=1) == tile.LABELS).all()


def test_refusals():
    with pytest.raises(RuntimeError, match="weight has no gradient: run backward before step"):
        SGD(Dense(1, 1)).step()
    with pytest.raises(ValueError, match="learning_rate must be a finite number from 0 up; got -1"):
        SGD(Dense(1, 1), learning_rate=-1)
    with pytest.raises(TypeError, match="momentum must be a number; got None"):
        SGD(Dense(1, 1), momentum=None)
    with pytest.raises(ValueError, match="weight_decay must be a finite number"):
        SGD(Dense(1, 1), weight_decay=float("inf"))


# ---- however the numbers lie in memory


def laid_out(name, values, folder):
    """Return an array that holds `values` in another memory order."""
    rows, columns = values.shape
    match name:
        case "transposed":
            array = np.empty((columns, rows)).T
        case "reversed":
            array = np.empty((rows, columns))[::-1]
        case "reversed columns":
            array = np.empty((rows, columns))[:, ::-1]
        case "part of a larger one":
            array = np.empty((rows + 1, columns + 2))[1:, 1:-1]
        case "every second":
            array = np.empty((2 * rows, 2 * columns))[::2, ::2]
        case "big-endian":
            array = np.empty((rows, columns), ">f8")
        case "float32":
            array = np.empty((rows, columns), np.float32)
        case "half precision":
            array = np.empty((rows, columns), np.float16)
        case "long double":
            array = np.empty((rows, columns), np.longdouble)
        case "in a file" if values.size:  # an empty file cannot be mapped
            with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
                array = np.memmap(file, float, "w+", shape=(rows, columns))
        case _:
            array = np.empty((rows, columns))
    array[...] = values
    return array


LAYOUTS = [
    "in rows", "transposed", "reversed", "reversed columns", "part of a larger one", "every second",
    "big-endian", "float32", "half precision", "long double", "in a file",
]  # fmt: skip


@pytest.mark.parametrize("shape", [(3, 2), (300, 70), (1, 1), (0, 2)])
@pytest.mark.parametrize("others", ["in rows", "transposed", "reversed", "every second", "in a file"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_number_moves_whatever_the_memory_order(layout, others, shape, tmp_path):
    rng = np.random.default_rng(0)
    w, v = rng.standard_normal(shape).astype(np.float16).astype(float), np.zeros(shape)
    dense = Layer()
    dense.params = {"weight": laid_out(layout, w, tmp_path)}
    weight = dense.params["weight"]
    sgd = SGD(dense, 0.1, 0.9, 0.01)
    sgd.velocity["weight"] = laid_out(others, v, tmp_path)
    for _ in range(3):
        g = rng.standard_normal(shape)
        dense.grads = {"weight": laid_out(others, g, tmp_path)}
        sgd.step()
        v = 0.9 * v - 0.01 * 0.1 * w - 0.1 * g
        w = w + v
    tolerance = {np.float16: 4e-3, np.float32: 1e-6}.get(weight.dtype.type, 1e-12)
    assert dense.params["weight"] is weight
    np.testing.assert_allclose(weight, w, atol=tolerance)
    np.testing.assert_allclose(sgd.velocity["weight"], v, atol=tolerance)


def test_half_precision_keeps_small_velocities():
    dense = Dense(1, 1, dtype=np.float16)
    dense.grads = {"weight": np.full((1, 1), 1e-4, np.float16), "bias": np.zeros(1, np.float16)}
    sgd = SGD(dense, 1e-4, weight_decay=0)
    sgd.step()
    assert sgd.velocity["weight"].item() == pytest.approx(-1e-8, rel=1e-3)


# ---- a step happens whole, by the parameter's own gradient and velocity, or not at all


def two_layers():
    network = Sequential({"a": Dense(2, 3, dtype=np.float64), "b": Dense(3, 2, dtype=np.float64)})
    network.forward(np.ones((1, 2)))
    network.backward(np.ones((1, 2)))
    return network, SGD(network, 1.0)


def spoil_gradient(value):
    def spoil(network, sgd):
        network["b"].grads["bias"] = value

    return spoil


def spoil_velocity(value):
    def spoil(network, sgd):
        sgd.velocity["b.bias"] = value

    return spoil


def share_velocity(network, sgd):
    sgd.velocity["b.bias"] = network["b"].bias


def spoil_rate(name, value):
    def spoil(network, sgd):
        setattr(sgd, name, value)

    return spoil


def exchange(network, sgd):
    network["b"].weight = np.ones((3, 2))


def replace(network, sgd):
    network.layers["b"] = Dense(3, 2, dtype=np.float64)
    network["b"].grads = network["a"].grads | {"weight": np.ones((3, 2)), "bias": np.ones(2)}


def grow(network, sgd):
    network["b"].params["scale"] = np.ones(1)


def lock(network, sgd):
    network["b"].bias.flags.writeable = False


def lose(network, sgd):
    del network["b"].grads["bias"]


@pytest.mark.parametrize(
    ("spoil", "error", "message"),
    [
        (lose, RuntimeError, "b.bias has no gradient: run backward before step"),
        (spoil_gradient(np.ones(1)), ValueError, r"gradient of b.bias must have shape \(2,\); got \(1,\)"),
        (spoil_gradient(np.ones((2, 1))), ValueError, r"must have shape \(2,\); got \(2, 1\)"),
        (spoil_gradient(None), TypeError, "the gradient of b.bias must hold real numbers"),
        (spoil_gradient(np.ones(2, complex)), TypeError, "the gradient of b.bias must hold real numbers"),
        (spoil_velocity(np.ones(1)), ValueError, r"velocity of b.bias must have shape \(2,\); got \(1,\)"),
        (spoil_velocity(None), TypeError, "the velocity of b.bias must be an array of floats; got None"),
        (spoil_velocity([0.0, 0.0]), TypeError, "the velocity of b.bias must be an array of floats"),
        (spoil_velocity(np.zeros(2, int)), TypeError, "the velocity of b.bias must be an array of floats"),
        (share_velocity, ValueError, "the velocity of b.bias shares memory with it"),
        (spoil_rate("learning_rate", np.nan), ValueError, "learning_rate must be a finite number from 0 up"),
        (spoil_rate("momentum", None), TypeError, "momentum must be a number; got None"),
        (spoil_rate("weight_decay", -1), ValueError, "weight_decay must be a finite number from 0 up"),
        (exchange, ValueError, "b.weight is another array than when the optimizer was built"),
        (replace, ValueError, "b.weight is another array than when the optimizer was built"),
        (grow, ValueError, "parameters were .* build another SGD"),
        (lock, ValueError, "b.bias is read-only"),
    ],
)
def test_a_step_that_cannot_be_whole_is_none(spoil, error, message):
    network, sgd = two_layers()
    spoil(network, sgd)
    before = {name: array.copy() for name, array in network.params.items()}
    with pytest.raises(error, match=message):
        sgd.step()
    for name, array in network.params.items():
        np.testing.assert_array_equal(array, before[name])


def test_a_parameter_must_be_an_array_of_floats():
    dense = Dense(1, 1)
    for wrong in ([[1.0]], np.ones((1, 1), int)):
        dense.params["weight"] = wrong
        with pytest.raises(TypeError, match="weight must be an array of floats; got"):
            SGD(dense)


def test_parameters_that_share_memory_are_refused():
    network = Sequential({"a": Dense(2, 2), "b": Dense(2, 2)})
    network["b"].params["weight"] = network["a"].weight.T
    with pytest.raises(ValueError, match=r"a\.weight and b\.weight share memory, and would move twice"):
        SGD(network)


def test_a_momentum_above_1_is_taken_as_it_is():
    dense = one_weight(0.0, 1.0)
    sgd = SGD(dense, 1.0, momentum=2.0, weight_decay=0)
    for velocity in (-1, -3, -7):
        sgd.step()
        assert sgd.velocity["weight"].item() == velocity


def test_nothing_to_learn_is_no_error():
    SGD(Sequential([ReLU()])).step()


def test_a_copied_or_pickled_pair_goes_on():
    network, sgd = two_layers()
    for network_too, sgd_too in (copy.deepcopy((network, sgd)), pickle.loads(pickle.dumps((network, sgd)))):
        sgd_too.step()
        assert network_too["a"].weight is sgd_too.model.params["a.weight"]


class Kind(np.ndarray):
    """An array with rules of its own, as np.matrix has."""


def test_rates_may_change_between_steps():
    dense = one_weight(0.0, 1.0)
    sgd = SGD(dense, 1.0, momentum=0.5, weight_decay=0)
    sgd.step()
    sgd.momentum, sgd.learning_rate, sgd.weight_decay = 0.25, 2.0, 0.125
    sgd.step()  # 0.25 * -1 - 0.125 * 2 * -1 - 2 * 1
    assert sgd.velocity["weight"].item() == -2
    assert dense.weight.item() == -3


def test_a_copy_has_a_model_and_velocities_of_its_own():
    network, sgd = two_layers()
    sgd.step()
    before = {name: array.copy() for name, array in (network.params | sgd.velocity).items()}
    for again in (copy.copy(sgd), copy.deepcopy(sgd), pickle.loads(pickle.dumps(sgd))):
        again.momentum = 0.0
        again.step()
        assert sgd.momentum == 0.9
        assert again.velocity.keys() == again.model.params.keys()
    for name, array in (network.params | sgd.velocity).items():
        np.testing.assert_array_equal(array, before[name])


def test_a_gradient_may_be_what_an_array_can_be_made_of():
    dense = one_weight(0.0, 1.0)
    dense.grads["weight"] = [[1]]
    dense.grads["bias"].flags.writeable = False
    SGD(dense, 1.0, weight_decay=0).step()
    assert dense.weight.item() == -1
    for wrong, error, message in (
        (
            [[1], [1, 2]],
            ValueError,
            "the gradient of weight must be an array; its rows have different lengths",
        ),
        ([[1j]], TypeError, "the gradient of weight must hold real numbers; got dtype complex128"),
        (np.ma.ones((1, 1)), TypeError, r"must not be masked: fill it first, as with weight\.filled\(0\)"),
    ):
        dense.grads["weight"] = wrong
        with pytest.raises(error, match=message):
            SGD(dense).step()


@pytest.mark.parametrize("wrong", [np.ma.ones((1, 1)), np.ones((1, 1)).tolist(), np.ones((1, 1)).view(Kind)])
def test_a_parameter_of_a_kind_of_its_own_is_refused(wrong):
    dense = one_weight(0.0, 1.0)
    dense.params["weight"] = wrong
    with pytest.raises(TypeError, match=f"weight must be an array of floats; got {type(wrong).__name__}"):
        SGD(dense)


def test_a_read_only_parameter_is_refused():
    dense = one_weight(0.0, 1.0)
    dense.weight.flags.writeable = False
    with pytest.raises(ValueError, match="weight is read-only, and cannot be changed: take a copy"):
        SGD(dense)
