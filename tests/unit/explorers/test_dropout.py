"""The dropout explorer in Python."""

import numpy as np
import pytest
from explorer_harness import figure

from alexnet_course import explorers
from alexnet_course.data import tile


def test_dropout_starts_with_the_tile_and_the_mask_of_the_chapter():
    explorer = explorers.DropoutExplorer()
    assert explorer.values == np.maximum(tile.HIDDEN, 0)[0].tolist() == [4, 0, 2, 1]
    assert explorer.mask.tolist() == [1, 1, 0, 1]
    assert explorer.output.tolist() == [8, 0, 0, 2]
    assert explorer.test_output.tolist() == [4, 0, 2, 1]
    explorer.convention = "2012"
    assert explorer.output.tolist() == [4, 0, 0, 1]
    assert explorer.test_output.tolist() == [2, 0, 1, 0.5]
    assert "unit 2 is dropped" in figure(explorer)[4]


@pytest.mark.parametrize("convention", ["inverted", "2012"])
@pytest.mark.parametrize("rate", [0, 0.2, 0.5, 0.8])
def test_dropout_means_approach_what_the_units_say_at_test(rate, convention):
    explorer = explorers.DropoutExplorer(values=[1] * 8, rate=rate, convention=convention, seed=1000)
    assert explorer.means.shape == (1000, 8)
    np.testing.assert_allclose(explorer.means[-1], explorer.test_output, atol=0.2)
    last = explorer.means[-1] * 1000 - explorer.means[-2] * 999
    np.testing.assert_allclose(last, explorer.output, atol=1e-9)


def test_dropout_coins_are_even_and_differ_between_draws_and_units():
    coins = np.array([explorers.DropoutExplorer(values=[0] * 8, seed=seed).coins for seed in range(1, 1001)])
    assert len(np.unique(coins)) == coins.size
    counts, _ = np.histogram(coins, bins=10, range=(0, 1))
    assert np.abs(counts - 800).max() < 5 * np.sqrt(800 * 0.9)
    assert np.abs(np.corrcoef(coins.T) - np.eye(8)).max() < 0.15


def test_dropout_keeps_more_units_as_the_rate_falls():
    explorer = explorers.DropoutExplorer(values=[1] * 8, seed=3)
    kept = []
    for rate in (0.95, 0.6, 0.3, 0):
        explorer.rate = rate
        kept.append(explorer.mask)
    assert np.all(np.diff(kept, axis=0) >= 0)
    assert kept[-1].sum() == 8
    assert "no unit is dropped" in figure(explorer)[4]


@pytest.mark.parametrize(
    ("values", "message"),
    [([], "1 to 8 numbers"), (range(9), "1 to 8 numbers"), ([100], "from -99 to 99"), (["a"], "nothing but")],
)
def test_dropout_refuses_values_that_are_none(values, message):
    with pytest.raises(ValueError, match=f"values .*{message}"):
        explorers.DropoutExplorer(values=values)
