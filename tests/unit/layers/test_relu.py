"""ReLU against the loop, its choice at zero, and its gradients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_course import reference
from alexnet_course.gradcheck import gradient_gaps
from alexnet_course.layers import ReLU

SHAPES = st.lists(st.integers(0, 4), min_size=1, max_size=4).map(tuple)


@given(SHAPES)
def test_equal_to_the_loop(shape):
    x = np.random.default_rng(0).standard_normal(shape)
    np.testing.assert_array_equal(ReLU().forward(x), reference.relu(x))


def test_identities():
    x = np.random.default_rng(0).standard_normal((3, 4))
    relu = ReLU()
    y = relu.forward(x).copy()
    np.testing.assert_array_equal(relu.forward(y), y)
    np.testing.assert_array_equal(y - relu.forward(-x), x)


def test_gradient():
    x = np.random.default_rng(0).standard_normal((2, 3, 3, 2))
    assert gradient_gaps(ReLU(), x)["input"] < 1e-6


def test_gate_is_the_input_and_shut_at_zero():
    relu = ReLU()
    relu.forward(np.array([4.0, -1.0, 0.0, 1.0]))
    # The sign of the gradient does not matter, that of the input does.
    np.testing.assert_array_equal(relu.backward(np.array([-7.0, 8.0, 9.0, -6.0])), [-7, 0, 0, -6])


@pytest.mark.parametrize(
    ("given", "made"), [(np.int64, np.float32), (np.uint8, np.float32), (np.float16,) * 2, (np.float64,) * 2]
)
def test_dtypes(given, made):
    relu = ReLU()
    y = relu.forward(np.array([[2, 0]], given))
    assert y.dtype == made
    assert relu.backward(np.ones((1, 2), given)).dtype == made


def test_extreme_values():
    np.testing.assert_array_equal(ReLU().forward([-np.inf, np.inf, np.nan]), [0, np.inf, np.nan])


def test_nothing_given_is_changed():
    x, grad_output = np.array([-1.0, 2.0]), np.array([3.0, 4.0])
    relu = ReLU()
    relu.forward(x)
    relu.backward(grad_output)
    assert x.tolist() == [-1, 2]
    assert grad_output.tolist() == [3, 4]


def test_refusals():
    relu = ReLU()
    with pytest.raises(RuntimeError, match="ReLU: backward needs a forward before it"):
        relu.backward(np.ones(3))
    relu.forward(np.ones(3))
    with pytest.raises(ValueError, match=r"the shape of the output, \(3,\); got \(1, 3\)"):
        relu.backward(np.ones((1, 3)))
    with pytest.raises(TypeError, match="ReLU: x must hold real numbers; got dtype object"):
        relu.forward([None])


def test_the_mask_selects():
    # torch 2.14: where x is NaN the gradient passes; an infinite one does not leak.
    relu = ReLU()
    relu.forward(np.array([-1.0, 1.0, np.nan, 0.0]))
    for value in (np.inf, -np.inf, np.nan):
        np.testing.assert_array_equal(relu.backward(np.full(4, value)), [0, value, value, 0])
