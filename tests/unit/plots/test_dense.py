"""The figures of chapter 07, tested through what they draw."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from alexnet_course import plots
from alexnet_course.data import tile


def texts(axes):
    """Return the texts inside the axes, in the order in which they were drawn."""
    return [text.get_text() for text in axes.texts]


def test_flatten_orders_shows_both_rows_and_where_each_number_comes_from():
    maps, rows = plots.flatten_orders(tile.POOLED[0]).axes
    assert texts(maps)[-3:] == ["map 0", "map 1", "map 2"]
    assert texts(rows)[:24:2] == ["5", "3", "3", "1", "3", "3", "7", "4", "6", "2", "4", "6"]
    assert texts(rows)[1:24:2] == ["m0", "m1", "m2"] * 4
    assert texts(rows)[24] == "H, W, C"
    assert texts(rows)[25:49:2] == ["5", "1", "7", "2", "3", "3", "4", "4", "3", "3", "6", "6"]
    assert texts(rows)[26:49:2] == ["m0"] * 4 + ["m1"] * 4 + ["m2"] * 4
    assert texts(rows)[-1] == "C, H, W"
    assert len({cell.get_facecolor() for cell in rows.patches}) == 3


def test_flatten_orders_of_maps_that_are_not_square():
    maps = np.arange(12).reshape(3, 1, 4)
    rows = plots.flatten_orders(maps).axes[1]
    assert texts(rows)[:24:2] == [str(i) for i in range(12)]
    assert texts(rows)[25:49:2] == [str(i) for i in maps.transpose(2, 0, 1).ravel()]


def test_dense_table_leaves_out_weights_of_zero_and_the_sums():
    figure = plots.dense_table(tile.POOLED.ravel(), tile.HIDDEN_WEIGHT, tile.HIDDEN_BIAS)
    features, weights, biases = (axes for axes in figure.axes if axes.images)
    assert texts(features)[:12] == ["5", "3", "3", "1", "3", "3", "7", "4", "6", "2", "4", "6"]
    assert len([text for text in texts(weights)[:48] if text]) == 8
    assert texts(weights)[:12] == ["", "", "−1", "", "", "", "", "", "1", "", "", ""]
    assert texts(biases) == ["1"] * 4
    assert [axes.images[0].get_clim() for axes in (features, weights, biases)] == [(-7, 7), (-1, 1), (-1, 1)]


def test_parameters_and_work_are_shares_of_their_sums():
    figure = plots.parameters_and_work(["conv1", "fc6"], [1, 3], [30, 10])
    parameters, work = figure.axes
    assert [bar.get_width() for bar in parameters.patches] == pytest.approx([0.25, 0.75])
    assert texts(work) == ["75.0%", "25.0%"]
    assert [axes.get_title(loc="right") for axes in figure.axes] == ["4", "40"]
    colours = [to_hex(bar.get_facecolor()) for bar in parameters.patches]
    assert len(set(colours)) == 2


def test_parameters_and_work_share_one_scale():
    parameters, work = plots.parameters_and_work(["conv1", "fc6"], [1, 9], [11, 9]).axes
    assert parameters.get_xlim() == work.get_xlim()
    assert parameters.get_xlim()[1] > 0.9
