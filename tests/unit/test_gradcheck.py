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
    with pytest.raises(TypeError, match="x must be an array of floats; got MaskedArray"):
        numerical_gradient(lambda: 0.0, np.ma.ones(2))
    with pytest.raises(ValueError, match="x is read-only, and cannot be changed: take a copy"):
        numerical_gradient(lambda: 0.0, np.frombuffer(bytes(16)))
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
    with pytest.raises(TypeError, match="weight must be a float64 array; got float32"):
        gradient_gaps(Dense(2, 3), x)
    dense = Dense(2, 3, dtype=np.float64)
    dense.backward = lambda grad_output: x
    with pytest.raises(ValueError, match=r"must give weight a gradient of shape \(2, 3\); it gave none"):
        gradient_gaps(dense, x)
    dense.backward = lambda grad_output: None
    with pytest.raises(ValueError, match=r"must give input a gradient of shape \(1, 2\); it gave none"):
        gradient_gaps(dense, x)


@pytest.mark.parametrize(
    ("step", "error", "message"),
    [
        (0, ValueError, "step must be above 0, and change every number of x; got 0"),
        (1e-30, ValueError, "step must be above 0, and change every number of x; got 1e-30"),
        (-1e-6, ValueError, "step must be a finite number from 0 up; got -1e-06"),
        (np.nan, ValueError, "step must be a finite number from 0 up; got nan"),
        (np.inf, ValueError, "step must be a finite number from 0 up; got inf"),
        ("small", TypeError, "step must be a number; got 'small'"),
        (None, TypeError, "step must be a number; got None"),
    ],
)
def test_a_step_that_is_none(step, error, message):
    with pytest.raises(error, match=message):
        numerical_gradient(lambda: 0.0, np.ones(2), step)
    with pytest.raises(error, match=message):
        gradient_gaps(Square(), np.ones((1, 2)), step=step)


def test_what_is_nudged_is_restored_after_an_error():
    calls, x = [], np.ones(2)

    def function():
        calls.append(x.copy())
        if len(calls) == 3:
            raise KeyboardInterrupt
        return 0.0

    with pytest.raises(KeyboardInterrupt):
        numerical_gradient(function, x)
    assert x.tolist() == [1, 1]


class Made(Square):
    """Hands the gradient back as another function makes it."""

    def __init__(self, make):
        self.make = make

    def backward(self, grad_output):
        return self.make(super().backward(grad_output))


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda gradient: gradient + 1j, TypeError, "the gradient of input must hold real numbers"),
        (lambda gradient: [[1], [1, 2]], ValueError, "the gradient of input must be an array; its rows"),
        (np.ma.masked_array, TypeError, "the gradient of input must not be masked"),
    ],
)
def test_a_gradient_is_real_numbers(make, error, message):
    x = rng.standard_normal((1, 2))
    assert gradient_gaps(Made(np.ndarray.tolist), x.tolist(), rng)["input"] < 1e-6
    with pytest.raises(error, match=message):
        gradient_gaps(Made(make), x, rng)
    with pytest.raises(TypeError, match="a must hold real numbers; got dtype complex128"):
        relative_gap(np.ones(1) + 1j, np.ones(1))


@pytest.mark.parametrize(
    ("wrong", "error", "message"),
    [
        ([[1.0]], TypeError, "weight must be a float64 array; got list"),
        (np.ones((1, 1), np.float32), TypeError, "weight must be a float64 array; got float32: build layers"),
        (np.ma.ones((1, 1)), TypeError, "weight must be an array of floats; got MaskedArray"),
        (np.frombuffer(bytes(8)).reshape(1, 1), ValueError, "weight is read-only"),
    ],
)
def test_a_parameter_can_be_nudged(wrong, error, message):
    dense = Dense(1, 1, dtype=np.float64)
    dense.params["weight"] = wrong
    with pytest.raises(error, match=message):
        gradient_gaps(dense, np.ones((1, 1)))
