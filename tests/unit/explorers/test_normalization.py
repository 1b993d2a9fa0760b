"""The normalization explorer in Python: who counts as a neighbour, and what conventions make of it."""

import numpy as np
import pytest
from explorer_harness import figure

from alexnet_course.explorers import NormalizationExplorer


@pytest.mark.parametrize(
    ("convention", "neighbours"), [("paper", (1, 3)), ("alpha / n", (1, 3)), ("half width", (0, 4))]
)
def test_n_counts_maps_or_maps_on_each_side(convention, neighbours):
    explorer = NormalizationExplorer(responses=[1, 1, 1, 1, 1], n=3, map=2, convention=convention)
    assert tuple(explorer.neighbours) == neighbours
    assert explorer.sum_of_squares == neighbours[1] - neighbours[0] + 1


@pytest.mark.parametrize("convention", NormalizationExplorer.convention.words)
def test_the_output_is_the_response_over_its_base(convention):
    responses = np.random.default_rng(0).normal(0, 3, 7)
    for studied in range(7):
        explorer = NormalizationExplorer(
            responses=responses, n=3, k=1.5, alpha=0.4, beta=0.6, convention=convention, map=studied
        )
        assert explorer.studied == studied
        first, last = explorer.neighbours
        squares = (responses[first : last + 1] ** 2).sum()
        alpha = 0.4 / 3 if convention == "alpha / n" else 0.4
        assert explorer.scaled_alpha == pytest.approx(alpha)
        assert explorer.base == pytest.approx(1.5 + alpha * squares)
        assert explorer.output[studied] == pytest.approx(responses[studied] / explorer.base**0.6)


def test_a_map_beyond_the_last_one_is_the_last_one():
    explorer = NormalizationExplorer(responses=[4, 3], n=1, k=1, alpha=1, beta=1, map=11)
    assert explorer.studied == 1
    assert explorer._sentence().endswith("Map 1 is divided by a measure of itself alone: 3 becomes 0.3.")


@pytest.mark.parametrize(("n", "words"), [(1, "itself alone"), (3, "maps 1 and 2"), (5, "maps 0 to 2")])
def test_the_sentence_says_who_counts(n, words):
    explorer = NormalizationExplorer(responses=[1, 3, 2], n=n, map=2)
    assert f"is divided by a measure of {words}: " in explorer._sentence()


def test_bars_of_numbers_below_zero_stay_in_the_picture():
    svg = figure(NormalizationExplorer(responses=[-99, 99, -1]))[3]
    assert "nan" not in svg
    assert 'height="-' not in svg
