"""Dropout: identity in evaluation, right on average in training, the same coins in both directions."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_course import reference
from alexnet_course.layers import Dropout


def in_training(rate, seed=0):
    dropout = Dropout(rate, rng=np.random.default_rng(seed))
    dropout.training = True
    return dropout


@given(st.floats(0, 0.95), st.lists(st.integers(0, 4), min_size=1, max_size=3).map(tuple))
def test_equal_to_the_loop_with_the_same_coins(rate, shape):
    x = np.random.default_rng(1).standard_normal(shape)
    expected = reference.dropout(x, rate, np.random.default_rng(0))
    np.testing.assert_allclose(in_training(rate).forward(x), expected, rtol=1e-12)


@pytest.mark.first_version("C17")
def test_identity_in_evaluation():
    dropout, x = Dropout(0.5), np.array([[1.0, 2.0]])
    np.testing.assert_array_equal(dropout.forward(x), x)
    np.testing.assert_array_equal(dropout.forward(x), x)
    np.testing.assert_array_equal(dropout.backward(x), x)


@pytest.mark.first_version("T24")
@pytest.mark.parametrize("rate", [0.2, 0.5, 0.8])
def test_average_and_share_of_zeros(rate):
    y = in_training(rate).forward(np.ones((100, 1000)))
    assert (y == 0).mean() == pytest.approx(rate, abs=0.01)
    assert y.mean() == pytest.approx(1, abs=0.02)
    np.testing.assert_allclose(np.unique(y), [0, 1 / (1 - rate)])
    assert len({row.tobytes() for row in y}) == 100  # every example has its own mask


@pytest.mark.first_version("T24")
def test_the_papers_convention_agrees_on_average():
    hidden, rate = np.array([4.0, 0.0, 2.0, 1.0]), 0.5
    masks = np.array(list(itertools.product([0, 1], repeat=4)))
    inverted = (hidden * masks / (1 - rate)).mean(axis=0)  # trained like this, evaluated on hidden
    papers = (hidden * masks).mean(axis=0)  # trained like this, evaluated on hidden * (1 - rate)
    np.testing.assert_array_equal(inverted, hidden)
    np.testing.assert_array_equal(papers, hidden * (1 - rate))
    drawn = in_training(rate).forward(np.tile(hidden, (20_000, 1))).mean(axis=0)
    np.testing.assert_allclose(drawn, inverted, atol=0.1)


def test_backward_uses_the_same_coins():
    dropout = in_training(0.3)
    y = dropout.forward(np.ones((4, 5)))
    np.testing.assert_array_equal(dropout.backward(np.ones((4, 5))), y)
    np.testing.assert_array_equal(dropout.backward(np.full((4, 5), 2.0)), 2 * y)


def test_new_coins_every_time_and_equal_from_equal_generators():
    x = np.ones((4, 50))
    dropout = in_training(0.5)
    first = dropout.forward(x)
    assert not np.array_equal(dropout.forward(x), first)
    np.testing.assert_array_equal(in_training(0.5).forward(x), first)


def test_predict_evaluates_and_keeps_nothing():
    dropout = in_training(0.5)
    np.testing.assert_array_equal(dropout.predict(np.ones((3, 4))), 1)
    assert dropout.training
    with pytest.raises(RuntimeError, match="Dropout: backward needs a forward"):
        dropout.backward(np.ones((3, 4)))


def test_dtypes_and_nothing_changed():
    for given_dtype, made in [(np.int64, np.float32), (np.float16, np.float16), (np.float64, np.float64)]:
        x = np.ones((2, 3), given_dtype)
        dropout = in_training(0.5)
        y = dropout.forward(x)
        assert y.dtype == made
        assert (x == 1).all()
        assert dropout.backward(y).dtype == made
        assert Dropout().forward(x).dtype == made
    assert in_training(0.5).forward(np.zeros((0, 4))).shape == (0, 4)
    assert np.isnan(in_training(0.0).forward([np.nan]))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"rate": 1}, ValueError, "rate must be from 0 to below 1; got 1"),
        ({"rate": -0.1}, ValueError, "rate must be a finite number from 0 up; got -0.1"),
        ({"rate": "half"}, TypeError, "rate must be a number; got 'half'"),
        ({"rng": 42}, TypeError, "rng must be a Generator"),
    ],
)
def test_constructor_refuses(options, error, message):
    with pytest.raises(error, match=message):
        Dropout(**options)


def test_backward_refuses_another_shape():
    dropout = in_training(0.5)
    dropout.forward(np.ones((2, 3)))
    with pytest.raises(ValueError, match=r"\(2, 3\); got \(3,\)"):
        dropout.backward(np.ones(3))


def test_the_mask_selects():
    dropout = Dropout(0.5, rng=np.random.default_rng(0))
    dropout.training = True
    kept = dropout.forward(np.ones(100)) > 0
    for value in (np.inf, np.nan):
        np.testing.assert_array_equal(dropout.backward(np.full(100, value)), np.where(kept, value, 0))
    assert (dropout.forward(np.full(100, np.inf)) == 0).any()
