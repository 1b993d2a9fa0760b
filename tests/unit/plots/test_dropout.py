"""The figures of chapter 08, tested through what they draw."""

import itertools

import numpy as np
from matplotlib.colors import to_hex

from alexnet_course import plots
from alexnet_course.data import tile

HIDDEN = np.maximum(tile.HIDDEN[0], 0)
MASKS = np.array(list(itertools.product([1, 0], repeat=4)))


def test_mask_votes_name_and_tint_the_winner_of_every_mask():
    figure = plots.mask_votes(HIDDEN, MASKS, (HIDDEN * MASKS) @ tile.OUTPUT_WEIGHT, tile.CLASSES)
    assert len(figure.axes) == 16
    names = [axes.texts[-1].get_text() for axes in figure.axes]
    assert {name: names.count(name) for name in names} == {"ear": 4, "stripe": 6, "tie": 6}
    tints = {(name, to_hex(axes.get_facecolor())) for name, axes in zip(names, figure.axes, strict=True)}
    assert len({tint for _, tint in tints}) == len(tints) == 3


def test_mask_votes_show_what_stays_and_leave_out_what_goes():
    figure = plots.mask_votes(HIDDEN, MASKS, (HIDDEN * MASKS) @ tile.OUTPUT_WEIGHT, tile.CLASSES)
    shown = [text.get_text() for text in figure.axes[MASKS.tolist().index([1, 1, 0, 1])].texts]
    assert shown == ["4", "0", "1", "ear"]
    assert [text.get_text() for text in figure.axes[15].texts] == ["tie"]


def test_running_means_draw_each_unit_and_where_it_should_go():
    means = np.cumsum(np.tile([[8.0, 0], [0, 2]], (50, 1)), axis=0) / np.arange(1, 101)[:, np.newaxis]
    figure = plots.running_means(means, np.array([4, 1]))
    axes = figure.axes[0]
    curves = [line for line in axes.lines if len(line.get_xdata()) == 100]
    np.testing.assert_array_equal([curve.get_ydata() for curve in curves], means.T)
    assert [text.get_text() for text in axes.texts] == ["unit 0: 4", "unit 1: 1"]
    assert {4, 1} <= {line.get_ydata()[0] for line in axes.lines if line not in curves}
    assert axes.get_xscale() == "log"
