"""The dense explorer in Python; tests/browser has the page."""

import numpy as np
import pytest

from alexnet_course.data import tile
from alexnet_course.explorers import DenseExplorer


def test_it_starts_where_the_chapter_does():
    explorer = DenseExplorer()
    np.testing.assert_array_equal(explorer.stored, tile.POOLED.ravel())
    np.testing.assert_array_equal(explorer.hidden, tile.HIDDEN[0])
    np.testing.assert_array_equal(explorer.logits, tile.LOGITS[0])
    assert explorer.read == [2, 8]
    assert explorer._sentence() == (
        "Flattened in the order H, W, C. Unit 0 is 3 · (−1) + 6 · 1 + 1 = 4. "
        "The scores are ear 1, stripe 2, whisker 0."
    )


@pytest.mark.parametrize(
    ("picture", "hidden", "logits"),
    [
        ("ear", [4, -1, 2, 1], [1, 2, 0]),
        ("stripe", [0, 0, 3, 1], [-4, 3, 0]),
        ("whisker", [1, 1, -3, 1], [0, 0, 1]),
    ],
)
def test_the_three_tiles(picture, hidden, logits):
    explorer = DenseExplorer(picture=picture)
    assert explorer.hidden.tolist() == hidden
    assert explorer.logits.tolist() == logits


def test_the_other_order_is_another_network():
    explorer = DenseExplorer(order="C, H, W")
    assert explorer.features.tolist() == [5, 1, 7, 2, 3, 3, 4, 4, 3, 3, 6, 6]
    assert explorer.hidden.tolist() == [-3, 2, 4, 3]
    assert explorer.logits.tolist() == [-7, 4, 2]


def test_a_learners_own_numbers():
    explorer = DenseExplorer(picture=np.arange(12))
    assert explorer.stored[8] == 8
    assert explorer.hidden.tolist() == [7, -5, 7, 4]
    explorer.picture = "whisker"
    assert explorer.logits.tolist() == [0, 0, 1]


@pytest.mark.parametrize(
    ("picture", "message"),
    [
        ("cow", "picture is 'cow'; it must be 12 numbers or one of ear, stripe, whisker"),
        ([1, 2], r"picture has shape \(2,\); it must be 12 to 12 numbers"),
        ([100] * 12, "picture must hold numbers from -99 to 99"),
        ([float("nan")] * 12, "picture must hold numbers from -99 to 99"),
        (["a"] * 12, "nothing but numbers"),
        (np.zeros((2, 2, 3)), r"picture has shape \(2, 2, 3\)"),
    ],
)
def test_pictures_that_are_none(picture, message):
    with pytest.raises(ValueError, match=message):
        DenseExplorer(picture=picture)
