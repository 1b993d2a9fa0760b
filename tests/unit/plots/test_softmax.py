"""The figures of chapter 09, tested through what they draw."""

import numpy as np

from alexnet_course import plots
from alexnet_course.data import tile


def texts(axes):
    """Return the texts inside the axes, in the order in which they were drawn."""
    return [text.get_text() for text in axes.texts]


def test_scores_become_shares_with_their_numbers():
    logits, shares = tile.LOGITS[0], tile.PROBABILITIES[0]
    scores, exponentials, ends = plots.shares_of_scores(logits, shares, 0, tile.CLASSES).axes
    assert texts(scores) == ["1", "2", "0"]
    assert texts(exponentials) == ["2.718", "7.389", "1.000"]
    assert texts(ends) == ["0.2447", "0.6652", "0.0900"]
    assert [bar.get_width() for bar in ends.patches] == shares.tolist()
    assert [name.get_text() for name in scores.get_yticklabels()] == ["ear\n(the truth)", "stripe", "whisker"]


def test_a_negative_score_lies_left_of_zero_in_the_other_colour():
    scores = plots.shares_of_scores(np.array([-4, 3]), np.array([0.0009, 0.9991]), 1, ("a", "b")).axes[0]
    below, above = scores.patches
    assert (below.get_width(), above.get_width()) == (-4, 3)
    assert below.get_facecolor() != above.get_facecolor()
    assert scores.get_xlim()[0] < -4


def test_the_loss_is_minus_the_logarithm_of_the_share():
    plain, halving = plots.loss_of_share({"guess of 2": 0.5, "sure": 0.1}).axes
    for axes in (plain, halving):
        p, loss = axes.lines[0].get_data()
        np.testing.assert_allclose(np.exp(-loss), p)
        places = [line.get_xydata()[0] for line in axes.lines if line.get_marker() == "o"]
        np.testing.assert_allclose(places, [[0.5, np.log(2)], [0.1, np.log(10)]])
    assert texts(halving) == ["guess of 2, 0.6931", "sure, 2.3026"]
    assert halving.get_xscale() == "log"


def test_shares_are_in_order_around_the_equal_share():
    axes = plots.shares_in_order(np.array([0.1, 0.6, 0.3])).axes[0]
    curve, equal = axes.lines
    assert curve.get_ydata().tolist() == [0.6, 0.3, 0.1]
    assert set(equal.get_ydata()) == {1 / 3}
    assert texts(axes) == ["1/3"]
    assert axes.get_ylim()[0] == 0
