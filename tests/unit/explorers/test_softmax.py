"""The softmax explorer in Python."""

import math

import numpy as np
import pytest

from alexnet_course.data import tile
from alexnet_course.explorers import SoftmaxExplorer


def test_it_starts_on_the_ear():
    explorer = SoftmaxExplorer()
    assert explorer.scores.tolist() == tile.LOGITS[0].tolist()
    np.testing.assert_array_equal(explorer.probabilities.round(4), tile.PROBABILITIES[0])
    assert round(explorer.loss, 4) == tile.LOSS
    np.testing.assert_array_equal(explorer.gradient.round(4), [-0.7553, 0.6652, 0.09])
    assert explorer._sentence() == (
        "The true class, ear, has a share of 0.2447. The loss is 1.4076; a guess costs 1.0986."
    )


def test_the_answer_of_the_chapter():
    guess = math.log(3)
    losses = [SoftmaxExplorer(stripe=stripe).loss for stripe in (1.5, 1.4)]
    assert [round(loss, 4) for loss in losses] == [1.1041, 1.0507]
    assert losses[0] > guess > losses[1]
    assert SoftmaxExplorer(whisker=-10).loss > guess


def test_a_thousand_more_changes_nothing_as_long_as_the_largest_is_subtracted():
    plain, raised = SoftmaxExplorer(), SoftmaxExplorer(raised=True)
    np.testing.assert_allclose(raised.probabilities, plain.probabilities, rtol=1e-12)
    np.testing.assert_allclose(raised.gradient, plain.gradient, rtol=1e-12)
    assert raised.loss == pytest.approx(plain.loss, rel=1e-12)
    np.testing.assert_allclose(SoftmaxExplorer(shifted=False).probabilities, plain.probabilities)
    assert SoftmaxExplorer(shifted=False).loss == pytest.approx(plain.loss)


def test_overflow_is_shown_as_what_it_is():
    explorer = SoftmaxExplorer(raised=True, shifted=False)
    assert np.isinf(explorer.exponentials).all()
    assert np.isnan(explorer.probabilities).all()
    assert np.isnan(explorer.gradient).all()
    assert explorer.loss == math.inf
    assert "overflow" in explorer._sentence()
    assert explorer._figure().count("The exponentials overflow") == 1


def test_a_temperature_divides_the_logits_and_the_gradient():
    explorer = SoftmaxExplorer(temperature=0.5)
    np.testing.assert_array_equal(explorer.probabilities.round(4), [0.1173, 0.8668, 0.0159])

    def loss(ear):
        return SoftmaxExplorer(ear=ear, temperature=0.5).loss

    slope = (loss(1 + 1e-6) - loss(1 - 1e-6)) / 2e-6
    assert explorer.gradient[0] == pytest.approx(slope, rel=1e-6)
