"""Normalization within maps: the loop, the edges, the gradients, the numbers of the code of 2012."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_course import reference
from alexnet_course.gradcheck import gradient_gaps
from alexnet_course.layers import LocalResponseNormalization
from alexnet_course.layers.map_normalization import MapNormalization

CASES = st.tuples(
    st.integers(1, 7),  # rows
    st.integers(1, 7),  # columns
    st.sampled_from([1, 3, 5, 9]),
    st.floats(0.5, 3),
    st.floats(0, 2),
    st.sampled_from([0.75, 0.5, 0.0, 1.3]),
)


@given(CASES)
def test_equal_to_the_loop(case):
    rows, columns, *letters = case
    x = 3 * np.random.default_rng(0).standard_normal((2, rows, columns, 3))
    expected = reference.map_normalization(x, *letters)
    np.testing.assert_allclose(MapNormalization(*letters).forward(x), expected, rtol=1e-12)


def test_the_numbers_are_those_of_run_145():
    layer = MapNormalization()
    assert (layer.size, layer.k, layer.beta) == (5, 1, 0.75)
    assert layer.alpha == pytest.approx(0.001 / 5**2)


def test_a_place_in_the_middle_and_one_at_the_corner():
    x = np.zeros((1, 5, 5, 1))
    x[0, 0, 0], x[0, 4, 4] = 2, 3
    layer = MapNormalization(size=3, k=1, alpha=3.75, beta=0.5)
    y = layer.forward(x)[0, ..., 0]
    assert y[0, 0] == pytest.approx(2 / (1 + 3.75 * 4) ** 0.5)  # hears itself alone
    x[0, 1, 1] = 1
    y = layer.forward(x)[0, ..., 0]
    assert y[1, 1] == pytest.approx(1 / (1 + 3.75 * 5) ** 0.5)  # and the corner
    assert y[4, 4] == pytest.approx(3 / (1 + 3.75 * 9) ** 0.5)  # three places away: not heard


def test_each_map_and_image_is_on_its_own():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2, 7, 7, 3))
    layer = MapNormalization(alpha=1)
    y = layer.forward(x)
    x[0, 3, 3, 1] = 100
    changed = layer.forward(x) != y
    assert changed[0, 1:6, 1:6, 1].all()
    assert changed.sum() == 25


def test_it_is_local_response_normalization_with_places_for_maps():
    row = np.random.default_rng(0).standard_normal(9)
    letters = {"k": 2, "alpha": 0.5}
    across = LocalResponseNormalization(n=5, **letters).forward(row.reshape(1, 1, 1, 9))
    within = MapNormalization(size=5, **letters).forward(row.reshape(1, 1, 9, 1))
    np.testing.assert_allclose(within.ravel(), across.ravel(), rtol=1e-12)


@pytest.mark.parametrize("shape", [(1, 1), (2, 3), (5, 4), (7, 6)])
@pytest.mark.parametrize(("size", "beta"), [(5, 0.75), (3, 0.5), (1, 1.3)])
def test_gradients_up_to_the_edges(shape, size, beta):
    rng = np.random.default_rng(0)
    layer = MapNormalization(size=size, k=1.5, alpha=0.7, beta=beta)
    x = 2 * rng.standard_normal((2, *shape, 2))
    assert gradient_gaps(layer, x, rng)["input"] < 1e-6


def test_dtypes_and_empty_batch():
    layer = MapNormalization(alpha=1)
    assert layer.forward(np.arange(9).reshape(1, 3, 3, 1)).dtype == np.float32
    for dtype in (np.float16, np.float32, np.float64):
        y = layer.forward(np.ones((1, 3, 3, 1), dtype))
        assert y.dtype == dtype
        assert layer.backward(y).dtype == dtype
    empty = layer.forward(np.zeros((0, 2, 2, 3)))
    assert empty.shape == layer.backward(empty).shape == (0, 2, 2, 3)


def test_half_precision_is_right_to_three_digits():
    x = np.full((1, 5, 5, 1), 300, np.float16)  # whose squares overflow there
    layer, truth = MapNormalization(), MapNormalization()
    y, expected = layer.forward(x), truth.forward(x.astype(float))
    np.testing.assert_allclose(y, expected, rtol=1e-3)
    np.testing.assert_allclose(layer.backward(y), truth.backward(y.astype(float)), rtol=1e-3)


def test_nothing_given_is_changed_and_nan_is_seen():
    layer = MapNormalization()
    x = np.random.default_rng(0).standard_normal((1, 4, 4, 2))
    grad_output, before = np.ones_like(x), x.copy()
    layer.forward(x)
    layer.backward(grad_output)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(grad_output, 1)
    x[0, 0, 0, 1] = np.nan
    assert np.isnan(layer.forward(x)[0, :3, :3, 1]).all()


@pytest.mark.parametrize(
    ("letters", "error", "message"),
    [
        ({"size": 4}, ValueError, "size must be odd, .*; got 4"),
        ({"size": 0}, ValueError, "size must be at least 1; got 0"),
        ({"size": 2.5}, TypeError, "size must be a whole number; got 2.5"),
        ({"k": -1}, ValueError, "k must be a finite number from 0 up; got -1"),
        ({"alpha": "1"}, TypeError, "alpha must be a number; got '1'"),
        ({"beta": float("nan")}, ValueError, "beta must be a finite number from 0 up; got nan"),
    ],
)
def test_constructor_refuses(letters, error, message):
    with pytest.raises(error, match=message):
        MapNormalization(**letters)


def test_forward_and_backward_refuse():
    layer = MapNormalization()
    with pytest.raises(ValueError, match=r"got \(2, 2, 3\)\. For one image pass image\[np.newaxis\]"):
        layer.forward(np.zeros((2, 2, 3)))
    with pytest.raises(RuntimeError, match="MapNormalization: backward needs a forward"):
        layer.backward(np.zeros((1, 2, 2, 3)))
    layer.forward(np.zeros((1, 2, 2, 3)))
    with pytest.raises(ValueError, match=r"\(1, 2, 2, 3\); got \(1, 2, 2, 1\)"):
        layer.backward(np.zeros((1, 2, 2, 1)))
