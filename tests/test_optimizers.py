"""SGD: the paper's rule step by step, the tile's training curve, the refusals."""

import numpy as np
import pytest

from alexnet_course.data import tile
from alexnet_course.layers import Dense
from alexnet_course.losses import cross_entropy
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


def test_the_tile_learns_as_in_chapter_13(tile_network):
    x = tile.IMAGES - tile.MEAN_IMAGE
    sgd = SGD(tile_network, learning_rate=0.01)
    losses = []
    for _ in range(11):
        loss, grad_logits = cross_entropy(tile_network.forward(x), tile.LABELS)
        losses.append(loss)
        tile_network.backward(grad_logits)
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
