"""Softmax: shares of 1 without overflow, and their gradients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_course import reference
from alexnet_course.data import tile
from alexnet_course.gradcheck import gradient_gaps
from alexnet_course.layers import Softmax


@pytest.mark.first_version("T13")
@given(st.integers(0, 4), st.integers(1, 6), st.floats(0.1, 100))
def test_equal_to_the_loop(examples, classes, scale):
    x = scale * np.random.default_rng(0).standard_normal((examples, classes))
    y = Softmax().forward(x)
    np.testing.assert_allclose(y, reference.softmax(x), atol=1e-12)
    np.testing.assert_allclose(y.sum(axis=1), 1, rtol=1e-12)


def test_the_tile():
    np.testing.assert_array_equal(Softmax().forward(tile.LOGITS.astype(float)).round(4), tile.PROBABILITIES)


@pytest.mark.first_version("T14")
def test_each_share_is_between_0_and_1_and_their_sum_is_1():
    y = Softmax().forward(5 * np.random.default_rng(0).standard_normal((20, 1000)))
    assert y.min() > 0
    assert y.max() < 1
    np.testing.assert_allclose(y.sum(axis=1), 1, rtol=1e-12)


@pytest.mark.first_version("T13")
def test_only_differences_count_and_nothing_overflows():
    softmax = Softmax()
    y = softmax.forward(np.array([[1.0, 2.0, 0.0], [1001.0, 1002.0, 1000.0], [-999.0, -998.0, -1000.0]]))
    np.testing.assert_allclose(y[1], y[0], rtol=1e-12)
    np.testing.assert_allclose(y[2], y[0], rtol=1e-12)
    np.testing.assert_array_equal(softmax.forward(np.array([[0.0, -np.inf]])), [[1, 0]])


@pytest.mark.parametrize("shape", [(3,), (2, 4), (2, 2, 3)])
def test_gradients(shape):
    rng = np.random.default_rng(0)
    assert gradient_gaps(Softmax(), rng.standard_normal(shape), rng)["input"] < 1e-6


def test_dtypes_empty_batch_and_nothing_changed():
    softmax = Softmax()
    assert softmax.forward([[1, 2]]).dtype == np.float32
    x = np.array([[1.0, 2.0]])
    y = softmax.forward(x)
    shown = y.copy()
    softmax.backward(np.ones((1, 2)))
    assert x.tolist() == [[1, 2]]
    np.testing.assert_array_equal(y, shown)
    assert softmax.forward(np.zeros((0, 3))).shape == (0, 3)
    assert np.isnan(softmax.forward([[np.nan, 1.0]])).all()


def test_refusals():
    softmax = Softmax()
    with pytest.raises(RuntimeError, match="Softmax: backward needs a forward"):
        softmax.backward(np.zeros((1, 2)))
    with pytest.raises(ValueError, match=r"at least one class on its last axis; got shape \(2, 0\)"):
        softmax.forward(np.zeros((2, 0)))
    with pytest.raises(ValueError, match=r"got shape \(\)"):
        softmax.forward(1.0)
    with pytest.raises(TypeError, match="must hold real numbers; got dtype <U1"):
        softmax.forward(["a"])


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_many_classes_keep_their_digits(dtype):
    classes = 100_000  # more than half precision can count
    y = Softmax().forward(np.zeros((2, classes), dtype))
    assert y.dtype == dtype
    np.testing.assert_allclose(y, 1 / classes, rtol=5e-3 if dtype == np.float16 else 1e-6)
    columns = np.asfortranarray(np.zeros((2, classes), dtype))
    np.testing.assert_array_equal(Softmax().forward(columns), y)
