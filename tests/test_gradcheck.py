"""The check itself: right on known derivatives, and able to tell wrong gradients from right ones."""

import numpy as np
import pytest

from alexnet_course.gradcheck import gradient_gaps, numerical_gradient, relative_gap
from alexnet_course.layers import Conv2D

rng = np.random.default_rng(0)


class Square:
    """A learner's layer: no base class, no parameters."""

    def forward(self, x):
        self.x = x
        return x**2

    def backward(self, grad_output):
        return 2 * self.x * grad_output


class WrongSquare(Square):
    def backward(self, grad_output):
        return 1.999 * self.x * grad_output


def test_numerical_gradient_of_a_known_function():
    x = rng.standard_normal((3, 4))
    before = x.copy()
    gradient = numerical_gradient(lambda: np.sin(x).sum(), x)
    np.testing.assert_allclose(gradient, np.cos(x), atol=1e-8)
    np.testing.assert_array_equal(x, before)


def test_right_and_wrong_gradients_are_told_apart():
    x = rng.standard_normal((2, 3))
    assert gradient_gaps(Square(), x, rng)["input"] < 1e-8
    assert gradient_gaps(WrongSquare(), x, rng)["input"] > 1e-4


def test_a_wrong_parameter_gradient_is_named():
    class WrongBias(Conv2D):
        def backward(self, grad_output, input_gradient=True):
            grad_input = super().backward(grad_output, input_gradient)
            self.grads["bias"] *= 1.01
            return grad_input

    gaps = gradient_gaps(WrongBias(2, 3, 2, rng=rng, dtype=float), rng.standard_normal((1, 3, 3, 2)), rng)
    assert gaps["bias"] > 1e-3
    assert max(gaps["input"], gaps["weight"]) < 1e-6


def test_relative_gap():
    assert relative_gap(np.zeros(3), np.zeros(3)) == 0
    assert relative_gap(np.zeros(0), np.zeros(0)) == 0
    assert relative_gap(np.ones(2), -np.ones(2)) == 2
    assert np.isnan(relative_gap(np.array([np.nan]), np.ones(1)))
    with pytest.raises(ValueError, match=r"the shapes differ: \(3,\) and \(1,\)"):
        relative_gap(np.zeros(3), np.zeros(1))


def test_refusals():
    with pytest.raises(TypeError, match="x must be a float64 array; got float32"):
        numerical_gradient(lambda: 0.0, np.zeros(2, np.float32))
    with pytest.raises(TypeError, match="x must be a float64 array; got list"):
        numerical_gradient(lambda: 0.0, [1.0])
    layer = Conv2D(1, 1, 1, dtype=float)
    layer.training = True
    with pytest.raises(ValueError, match="set training False"):
        gradient_gaps(layer, np.zeros((1, 1, 1, 1)))
