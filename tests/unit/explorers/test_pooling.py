"""The pooling explorer in Python: what it pools, which pixels win, and what it says of it."""

import numpy as np
import pytest
from explorer_harness import figure

from alexnet_course.data import tile
from alexnet_course.explorers import PoolingExplorer
from alexnet_course.explorers.pooling import tile_map


@pytest.mark.parametrize("name", tile.FILTERS)
def test_the_maps_of_the_tile_are_those_after_relu(name):
    found = PoolingExplorer(picture=name).image
    np.testing.assert_array_equal(found, tile_map(name))
    np.testing.assert_array_equal(found, np.maximum(tile.MAPS[0, :, :, tile.FILTERS.index(name)], 0))


def test_of_equal_pixels_the_first_wins():
    explorer = PoolingExplorer(picture=np.ones((3, 3)), pool_size=2, stride=1)
    np.testing.assert_array_equal(explorer.wins, [[1, 1, 0], [1, 1, 0], [0, 0, 0]])


def test_the_winners_of_the_chapter():
    explorer = PoolingExplorer()
    assert explorer.winners == [[(2, 2, 3), (2, 2, 3)], [(3, 0, 4), (3, 3, 4)]]
    explorer.pool_size, explorer.padding = 1, 2
    assert explorer.winners == []  # a window would lie in the padding alone


def test_padding_never_wins():
    explorer = PoolingExplorer(picture=-np.ones((2, 2)), pool_size=2, stride=1, padding=1)
    np.testing.assert_array_equal(explorer.output, -np.ones((3, 3)))
    assert explorer.wins.sum() == 9


@pytest.mark.parametrize(("pool_size", "padding"), [(5, 0), (2, 2), (1, 1)])
def test_where_no_window_fits_nothing_is_read(pool_size, padding):
    explorer = PoolingExplorer(picture=np.eye(2), pool_size=pool_size, padding=padding)
    assert explorer.output_size == 0
    assert explorer.output.shape == (0, 0)
    assert not explorer.wins.any()
    assert not explorer.reached.any()
    assert explorer.unused == 4
    assert explorer._sentence().endswith(": no window fits.")
    assert "no window fits" in figure(explorer)[3]


def test_the_pixels_that_no_window_reads_are_counted():
    explorer = PoolingExplorer(picture=np.eye(4), pool_size=1, stride=2)
    assert explorer.reached.tolist() == [True, False, True, False]
    assert explorer.unused == 12


def test_a_window_beyond_the_last_one_is_the_last_one():
    picture = np.arange(16).reshape(4, 4)
    explorer = PoolingExplorer(picture=picture, pool_size=2, stride=2, row=67, column=0)
    assert explorer._sentence().endswith("output 2 by 2. Window (1, 0) passes on 13.")
