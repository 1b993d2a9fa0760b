"""The check itself: right on known derivatives, and able to tell wrong gradients from right ones."""

import numpy as np
import pytest

from alexnet_course.gradcheck import gradient_gaps, numerical_gradient, relative_gap
from alexnet_course.layers import Conv2D, Dense

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


def test_a_layer_that_writes_into_what_it_is_given_is_judged_by_what_it_returns():
    class WrongIdentity(Square):
        def forward(self, x):
            return x

        def backward(self, grad_output):
            grad_output *= 0.5  # the gradient is grad_output itself
            return grad_output

    class RightTriple(WrongIdentity):
        def forward(self, x):
            return 3 * x

        def backward(self, grad_output):
            grad_output *= 3
            return grad_output

    class RightInPlace(Square):
        def forward(self, x):
            self.positive = x > 0
            x *= 2
            return x

        def backward(self, grad_output):
            return 2 * grad_output

    x = rng.standard_normal((2, 2))
    before = x.copy()
    assert gradient_gaps(WrongIdentity(), x, rng)["input"] > 0.1
    assert gradient_gaps(RightTriple(), x, rng)["input"] < 1e-6
    assert gradient_gaps(RightInPlace(), x, rng)["input"] < 1e-6
    np.testing.assert_array_equal(x, before)


def test_a_layer_may_empty_its_gradients_in_forward():
    class Weighted(Square):
        def __init__(self):
            self.params, self.grads = {"w": np.ones(2)}, {"w": np.zeros(2)}

        def forward(self, x):
            self.x = x
            self.grads["w"][:] = 0
            return x * self.params["w"]

        def backward(self, grad_output):
            self.grads["w"] += (grad_output * self.x).sum(axis=0)
            return grad_output * self.params["w"]

    gaps = gradient_gaps(Weighted(), rng.standard_normal((2, 2)), rng)
    assert max(gaps.values()) < 1e-6


def test_a_relative_gap_is_one_of_numbers_not_of_their_type():
    assert relative_gap(np.uint8([1]), np.uint8([2])) == 0.5
    assert relative_gap(np.int8([-128]), np.int8([127])) == pytest.approx(255 / 128)
    assert relative_gap([0, 0], [1, 0]) == relative_gap([1, 0], [0, 0]) == 1  # whichever is the larger
    assert np.isnan(relative_gap([np.inf], [np.inf]))
    with pytest.raises(TypeError, match="rng must be a Generator"):
        gradient_gaps(Square(), np.ones((1, 1)), 0)


def test_a_gradient_that_is_missing_or_misshapen_is_named():
    x = np.ones((1, 2))
    with pytest.raises(TypeError, match="weight must be float64; got float32"):
        gradient_gaps(Dense(2, 3), x)
    dense = Dense(2, 3, dtype=np.float64)
    dense.backward = lambda grad_output: x
    with pytest.raises(ValueError, match=r"must give weight a gradient of shape \(2, 3\); it gave none"):
        gradient_gaps(dense, x)
    dense.backward = lambda grad_output: None
    with pytest.raises(ValueError, match=r"must give input a gradient of shape \(1, 2\); it gave one of"):
        gradient_gaps(dense, x)
