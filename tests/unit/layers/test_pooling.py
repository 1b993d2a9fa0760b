"""Max pooling: the tile, the loops, overlapping windows, ties, leftovers, padding, dtypes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_course import reference
from alexnet_course.data import tile
from alexnet_course.gradcheck import gradient_gaps
from alexnet_course.layers import MaxPooling2D

SIZE = st.one_of(st.integers(1, 4), st.tuples(st.integers(1, 4), st.integers(1, 4)))


@st.composite
def pools_and_shapes(draw, padded=True):
    """A pool of any geometry and a shape of images that it accepts."""
    pool_size, stride = draw(SIZE), draw(st.none() | SIZE)
    smallest = min(pool_size) if isinstance(pool_size, tuple) else pool_size
    margin = st.integers(0, smallest - 1)
    padding = draw(st.sampled_from(["valid", "same"]) | margin | st.tuples(margin, margin)) if padded else 0
    pool = MaxPooling2D(pool_size, stride, padding)
    size = tuple(draw(st.integers(k, 9)) for k in pool.pool_size)
    return pool, (draw(st.integers(1, 2)), *size, draw(st.integers(1, 3)))


@pytest.mark.first_version("C01")
@given(pools_and_shapes())
@settings(deadline=None)
def test_equal_to_the_loop(pool_and_shape):
    pool, shape = pool_and_shape
    x = np.random.default_rng(0).standard_normal(shape)
    y = pool.forward(x)
    np.testing.assert_array_equal(y, reference.max_pooling(x, pool.pool_size, pool.stride, pool.padding))
    assert y.shape == (shape[0], *pool.output_shape(shape[1:]))


@given(pools_and_shapes(padded=False))
@settings(deadline=None)
def test_backward_equals_the_loop_even_with_ties(pool_and_shape):
    pool, shape = pool_and_shape
    rng = np.random.default_rng(0)
    x = rng.integers(0, 3, shape)  # three grey levels: ties everywhere
    grad_output = rng.integers(-9, 10, pool.forward(x).shape).astype(float)
    expected = reference.max_pooling_backward(x, grad_output, pool.pool_size, pool.stride)
    np.testing.assert_array_equal(pool.backward(grad_output), expected)


@given(pools_and_shapes())
@settings(deadline=None, max_examples=30)
def test_gradients(pool_and_shape):
    pool, shape = pool_and_shape
    rng = np.random.default_rng(0)
    x = rng.permutation(np.arange(np.prod(shape), dtype=float)).reshape(shape)  # no two alike
    assert gradient_gaps(pool, x, rng)["input"] < 1e-6


def test_the_tile():
    rectified = np.maximum(tile.MAPS, 0)
    np.testing.assert_array_equal(MaxPooling2D(3, 2).forward(rectified), tile.POOLED)


def test_one_pixel_is_paid_by_every_window_it_wins():
    pool = MaxPooling2D(3, 2)
    pool.forward(np.maximum(tile.MAPS, 0)[..., 1:2])
    paid = pool.backward(np.ones((1, 2, 2, 1)))[0, :, :, 0]
    expected = np.zeros((5, 5))
    expected[2, 2], expected[3, 0], expected[3, 3] = 2, 1, 1
    np.testing.assert_array_equal(paid, expected)


def test_a_tie_is_paid_once_to_the_first():
    pool = MaxPooling2D(2)
    pool.forward(np.ones((1, 2, 2, 1)))
    np.testing.assert_array_equal(pool.backward(np.full((1, 1, 1, 1), 5.0)).ravel(), [5, 0, 0, 0])


def test_leftover_pixels_are_not_read():
    x = np.zeros((1, 5, 5, 1))
    x[0, 4], x[0, :, 4] = 99, 99
    pool = MaxPooling2D(2)
    assert pool.forward(x).max() == 0
    grad_input = pool.backward(np.ones((1, 2, 2, 1)))
    assert grad_input.shape == x.shape
    assert not grad_input[0, 4].any()
    assert not grad_input[0, :, 4].any()


@pytest.mark.first_version("C05")
def test_padding_never_wins():
    pool = MaxPooling2D(3, 2, padding=1)
    x = np.full((1, 4, 4, 1), -1.0)
    assert (pool.forward(x) == -1).all()
    assert pool.backward(np.ones((1, 2, 2, 1))).sum() == 4
    for dtype in (np.int8, np.uint8, np.int64):
        lowest = np.full((1, 4, 4, 1), np.iinfo(dtype).min, dtype)
        assert (pool.forward(lowest) == np.iinfo(dtype).min).all()


@pytest.mark.first_version("T12")
def test_a_shift_by_less_than_the_stride_may_change_every_output():
    stripes = np.tile([1.0, 0, 0, 0], (2, 3))[np.newaxis, :, :, np.newaxis]
    pooled = [MaxPooling2D(2).forward(np.roll(stripes, shift, axis=2)) for shift in range(4)]
    np.testing.assert_array_equal(pooled[1], pooled[0])  # within the window: nothing changes
    assert (pooled[2] != pooled[1]).all()  # one pixel on: everything does
    np.testing.assert_array_equal(pooled[2], np.roll(pooled[0], 1, axis=2))  # by the stride: outputs move


@pytest.mark.first_version("C01")
def test_stride_defaults_to_pool_size():
    assert MaxPooling2D((2, 3)).stride == (2, 3)
    assert MaxPooling2D(2).output_shape((5, 5, 7)) == (2, 2, 7)


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float16, np.float32, np.float64])
def test_dtype_is_kept(dtype):
    pool = MaxPooling2D(2, padding=1)
    x = np.random.default_rng(0).integers(0, 2, (1, 4, 4, 2)).astype(dtype)
    y = pool.forward(x)
    assert y.dtype == dtype
    np.testing.assert_array_equal(y, reference.max_pooling(x, 2, padding=1))
    assert pool.backward(np.ones(y.shape, np.float32)).dtype == np.float32


def test_empty_batch_and_nan_and_nothing_changed():
    pool = MaxPooling2D(3, 2)
    empty = pool.forward(np.zeros((0, 7, 5, 2)))
    assert empty.shape == (0, 3, 2, 2)
    assert pool.backward(empty).shape == (0, 7, 5, 2)

    x = np.random.default_rng(0).standard_normal((1, 5, 5, 1))
    before, grad_output = x.copy(), np.ones((1, 2, 2, 1))
    pool.forward(x)
    pool.backward(grad_output)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(grad_output, 1)
    x[0, 0, 0] = np.nan
    np.testing.assert_array_equal(np.isnan(pool.forward(x))[0, :, :, 0], [[True, False], [False, False]])


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"pool_size": 0}, ValueError, "pool_size must be at least 1; got 0"),
        ({"stride": 0.5}, TypeError, "stride must be a whole number; got 0.5"),
        ({"padding": "full"}, ValueError, "padding must be .*; got 'full'"),
        ({"pool_size": 2, "padding": 2}, ValueError, r"padding must be smaller than pool_size \(2, 2\); got"),
    ],
)
def test_constructor_refuses(options, error, message):
    with pytest.raises(error, match=message):
        MaxPooling2D(**options)


def test_forward_and_backward_refuse():
    pool = MaxPooling2D(3)
    with pytest.raises(RuntimeError, match="MaxPooling2D: backward needs a forward"):
        pool.backward(np.zeros((1, 1, 1, 1)))
    with pytest.raises(ValueError, match=r"got \(4, 4, 1\)\. For one image pass image\[np.newaxis\]"):
        pool.forward(np.zeros((4, 4, 1)))
    with pytest.raises(ValueError, match=r"pool_size 3 exceeds the padded input 2"):
        pool.forward(np.zeros((1, 2, 4, 1)))
    with pytest.raises(TypeError, match="x must hold real numbers"):
        pool.forward(np.zeros((1, 4, 4, 1), complex))
    pool.forward(np.zeros((1, 4, 4, 1)))
    with pytest.raises(ValueError, match=r"\(1, 1, 1, 1\); got \(1,\)"):
        pool.backward(np.zeros(1))


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int8, np.float16, np.float64])
@given(pool_and_shape=pools_and_shapes())
@settings(deadline=None, max_examples=20)
def test_backward_equals_the_loop_whatever_the_padding_holds(dtype, pool_and_shape):
    pool, shape = pool_and_shape
    rng = np.random.default_rng(0)
    lowest = {"f": -np.inf, "i": -128, "u": 0, "b": False}[np.dtype(dtype).kind]
    x = np.where(rng.random(shape) < 0.7, lowest, 1).astype(dtype)
    grad_output = rng.integers(-9, 10, pool.forward(x).shape).astype(float)
    expected = reference.max_pooling_backward(x, grad_output, pool.pool_size, pool.stride, pool.padding)
    np.testing.assert_array_equal(pool.backward(grad_output), expected)
    assert expected.sum() == grad_output.sum()


@given(pools_and_shapes())
@settings(deadline=None)
def test_a_window_with_nan_pays_the_first_nan(pool_and_shape):
    pool, shape = pool_and_shape
    rng = np.random.default_rng(0)
    x = np.where(rng.random(shape) < 0.3, np.nan, rng.integers(0, 3, shape))
    grad_output = rng.integers(-9, 10, pool.forward(x).shape).astype(float)
    expected = reference.max_pooling_backward(x, grad_output, pool.pool_size, pool.stride, pool.padding)
    np.testing.assert_array_equal(pool.backward(grad_output), expected)


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
def test_a_gradient_that_is_not_finite_reaches_the_winner_alone(value):
    pool = MaxPooling2D(2)
    pool.forward(np.array([[1, 2], [3, 4.0]]).reshape(1, 2, 2, 1))
    paid = pool.backward(np.full((1, 1, 1, 1), value)).ravel()
    np.testing.assert_array_equal(paid, [0, 0, 0, value])


def test_padding_of_columns_alone_is_checked_too():
    assert MaxPooling2D((3, 2), padding=(2, 1)).padding == (2, 1)
    for padding in [(0, 2), (3, 0)]:
        with pytest.raises(ValueError, match="padding must be smaller than pool_size"):
            MaxPooling2D((3, 2), padding=padding)


def test_the_message_speaks_of_pool_size():
    with pytest.raises(ValueError, match="pool_size 3 exceeds the padded input 2"):
        MaxPooling2D(3).output_shape((4, 2, 1))


@pytest.mark.parametrize("padding", ["valid", 1])
def test_several_images_at_a_time_pay_what_each_pays_alone(monkeypatch, padding):
    rng = np.random.default_rng(0)
    x = rng.integers(0, 4, (7, 9, 8, 3)).astype(np.float64)  # with ties
    x[2, 1, 1, 0] = np.nan
    pool = MaxPooling2D(3, 2, padding)
    grad_output = rng.standard_normal(pool.forward(x).shape)
    grads = []
    for numbers in (1, 500, 10**6):
        monkeypatch.setattr("alexnet_course.layers.pooling.PORTION", numbers)
        grads.append(pool.backward(grad_output))
    np.testing.assert_array_equal(grads[1], grads[0])
    np.testing.assert_array_equal(grads[2], grads[0])
