"""Local response normalization: the example of chapter 05, the loop, the channel edges, the gradients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_course import reference
from alexnet_course.gradcheck import gradient_gaps
from alexnet_course.layers import LocalResponseNormalization, normalization

CASES = st.tuples(
    st.integers(1, 8),  # channels
    st.sampled_from([1, 3, 5, 7]),
    st.floats(0.5, 3),
    st.floats(0, 2),
    st.sampled_from([0.75, 0.5, 0.0, 1.3]),
)


@pytest.mark.first_version("T19")
@given(CASES)
def test_equal_to_the_loop(case):
    channels, *letters = case
    x = 3 * np.random.default_rng(0).standard_normal((2, 3, 2, channels))
    expected = reference.local_response_normalization(x, *letters)
    np.testing.assert_allclose(LocalResponseNormalization(*letters).forward(x), expected, rtol=1e-12)


@pytest.mark.first_version("T19")
@pytest.mark.parametrize("channels", [3, 5, 96])
def test_equal_to_the_loop_with_the_numbers_of_the_paper(channels):
    x = 30 * np.random.default_rng(0).standard_normal((1, 2, 3, channels))
    expected = reference.local_response_normalization(x)
    np.testing.assert_allclose(LocalResponseNormalization().forward(x), expected, rtol=1e-12)
    in_float32 = LocalResponseNormalization().forward(x.astype(np.float32))
    np.testing.assert_allclose(in_float32, expected, rtol=1e-5)


@pytest.mark.first_version("C16")
@pytest.mark.parametrize("channels_first", [False, True])
def test_many_pixels_in_any_memory_order(channels_first):
    x = 30 * np.random.default_rng(0).standard_normal((2, 6, 13, 17))
    x = x.transpose(0, 2, 3, 1) if channels_first else x.transpose(0, 2, 3, 1).copy()
    assert len(x) * x.shape[1] * x.shape[2] > normalization.BLOCK
    lrn = LocalResponseNormalization()
    np.testing.assert_allclose(lrn.forward(x), reference.local_response_normalization(x), rtol=1e-12)
    whole = lrn.backward(x)
    alone = LocalResponseNormalization()
    alone.forward(x[1:, -1:, -1:])
    np.testing.assert_allclose(whole[1:, -1:, -1:], alone.backward(x[1:, -1:, -1:]), rtol=1e-12)


@pytest.mark.first_version("C13")
def test_nan_reaches_its_neighbours_only():
    x = np.ones((1, 1, 2, 7))
    x[0, 0, 0, 1] = np.nan
    y = LocalResponseNormalization().forward(x)[0, 0]
    assert np.isnan(y).tolist() == [[True] * 4 + [False] * 3, [False] * 7]


def normalize(values, **letters):
    x = np.reshape(np.asarray(values, float), (1, 1, 1, -1))
    return LocalResponseNormalization(**letters).forward(x).ravel().round(4).tolist()


@pytest.mark.first_version("T20")
def test_the_chapters_example():
    assert normalize([1, 3, 2], alpha=1) == [0.125, 0.375, 0.25]
    assert normalize([1, 3, 2], alpha=1, n=3) == [0.1551, 0.375, 0.2624]
    assert normalize([1, 3, 2]) == [0.5943, 1.7829, 1.1886]
    assert [normalize([1, loud, 2], alpha=1)[0] for loud in (0, 3, 10)] == [0.2324, 0.125, 0.0301]


@pytest.mark.first_version("C12")
def test_k_of_1_instead_of_2_is_louder():
    x = np.full((1, 1, 1, 1), 1e-3)
    ratio = LocalResponseNormalization(k=1).forward(x) / LocalResponseNormalization(k=2).forward(x)
    assert ratio.item() == pytest.approx(2**0.75, abs=1e-6)
    assert round(ratio.item(), 2) == 1.68


def test_the_chapters_gradient():
    lrn = LocalResponseNormalization(alpha=1)
    lrn.forward(np.array([[[[1.0, 3.0, 2.0]]]]))
    grad_input = lrn.backward(np.array([[[[0.0, 1.0, 0.0]]]])).ravel()
    np.testing.assert_allclose(grad_input, [-9 / 256, 5 / 256, -18 / 256], rtol=1e-12)


@pytest.mark.parametrize("channels", [1, 2, 3, 5, 7])
@pytest.mark.parametrize(("n", "beta"), [(5, 0.75), (3, 0.5), (1, 1.3)])
def test_gradients_up_to_the_channel_edges(channels, n, beta):
    rng = np.random.default_rng(0)
    lrn = LocalResponseNormalization(n=n, k=1.5, alpha=0.7, beta=beta)
    x = 2 * rng.standard_normal((2, 2, 3, channels))
    assert gradient_gaps(lrn, x, rng)["input"] < 1e-6


def test_each_place_and_image_is_on_its_own():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((2, 3, 3, 4))
    lrn = LocalResponseNormalization(alpha=1)
    y = lrn.forward(x)
    x[0, 1, 1] = 100
    changed = (lrn.forward(x) != y).any(axis=-1)
    assert changed.sum() == 1
    assert changed[0, 1, 1]


@pytest.mark.first_version("C15")
def test_dtypes_and_empty_batch():
    lrn = LocalResponseNormalization(alpha=1)
    from_ints = lrn.forward(np.array([1, 3, 2]).reshape(1, 1, 1, 3))
    assert from_ints.dtype == np.float32
    np.testing.assert_allclose(from_ints.ravel(), [0.125, 0.375, 0.25], rtol=1e-6)
    for dtype in (np.float16, np.float32, np.float64):
        y = lrn.forward(np.ones((1, 1, 1, 3), dtype))
        assert y.dtype == dtype
        assert lrn.backward(y).dtype == dtype
    empty = lrn.forward(np.zeros((0, 2, 2, 3)))
    assert empty.shape == lrn.backward(empty).shape == (0, 2, 2, 3)


def test_nothing_given_is_changed_and_nan_is_seen():
    lrn = LocalResponseNormalization()
    x = np.random.default_rng(0).standard_normal((1, 2, 2, 3))
    grad_output = np.ones_like(x)
    before = x.copy()
    lrn.forward(x)
    lrn.backward(grad_output)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(grad_output, 1)
    x[0, 0, 0, 1] = np.nan
    assert np.isnan(lrn.forward(x)[0, 0, 0]).all()


@pytest.mark.parametrize(
    ("letters", "error", "message"),
    [
        ({"n": 4}, ValueError, "n must be odd, .*; got 4"),
        ({"n": 0}, ValueError, "n must be at least 1; got 0"),
        ({"n": 2.5}, TypeError, "n must be a whole number; got 2.5"),
        ({"k": -1}, ValueError, "k must be a finite number from 0 up; got -1"),
        ({"alpha": "1"}, TypeError, "alpha must be a number; got '1'"),
        ({"beta": float("nan")}, ValueError, "beta must be a finite number from 0 up; got nan"),
    ],
)
def test_constructor_refuses(letters, error, message):
    with pytest.raises(error, match=message):
        LocalResponseNormalization(**letters)


def test_forward_and_backward_refuse():
    lrn = LocalResponseNormalization()
    with pytest.raises(ValueError, match=r"got \(2, 2, 3\)\. For one image pass image\[np.newaxis\]"):
        lrn.forward(np.zeros((2, 2, 3)))
    with pytest.raises(RuntimeError, match="LocalResponseNormalization: backward needs a forward"):
        lrn.backward(np.zeros((1, 2, 2, 3)))
    lrn.forward(np.zeros((1, 2, 2, 3)))
    with pytest.raises(ValueError, match=r"\(1, 2, 2, 3\); got \(1, 2, 2, 1\)"):
        lrn.backward(np.zeros((1, 2, 2, 1)))


def test_half_precision_is_right_to_three_digits():
    x = np.full((1, 1, 1, 5), 300, np.float16)  # whose squares overflow there
    x[..., 2] = 100
    lrn, truth = LocalResponseNormalization(), LocalResponseNormalization()
    y, expected = lrn.forward(x), truth.forward(x.astype(float))
    assert y.dtype == np.float16
    np.testing.assert_allclose(y, expected, rtol=1e-3)
    np.testing.assert_allclose(lrn.backward(y), truth.backward(y.astype(float)), rtol=1e-3)


def test_more_neighbours_than_channels_cost_nothing(monkeypatch):
    import alexnet_course.layers.normalization as module

    reaches = []
    sums = module._sums
    monkeypatch.setattr(module, "_sums", lambda *values, reach: reaches.append(reach) or sums(*values, reach))
    x = np.random.default_rng(0).standard_normal((1, 2, 2, 8))
    wide, narrow = LocalResponseNormalization(8001, alpha=1), LocalResponseNormalization(15, alpha=1)
    np.testing.assert_array_equal(wide.forward(x), narrow.forward(x))
    np.testing.assert_array_equal(wide.backward(x), narrow.backward(x))
    assert set(reaches) == {7}
    with pytest.raises(ValueError, match="There is no pixel in it"):
        wide.forward(np.zeros((1, 2, 2, 0)))


def test_without_k_neighbours_of_0_give_nan():
    with np.errstate(invalid="ignore"):
        assert np.isnan(LocalResponseNormalization(k=0).forward(np.zeros((1, 1, 1, 3)))).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sums_are_in_the_type_that_is_worked_in(dtype):
    sums = normalization._sums(np.full((2, 3), 1 / 3, dtype), np.ones((2, 3), dtype), reach=1)
    assert sums.dtype == dtype  # of another one, every step after it would take longer
    np.testing.assert_allclose(sums, [[2 / 3, 1, 2 / 3]] * 2, rtol=2 * np.finfo(dtype).eps)
