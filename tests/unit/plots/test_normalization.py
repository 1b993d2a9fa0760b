"""The figures of chapter 05, tested through what they draw."""

import numpy as np

from alexnet_course import plots


def texts(axes):
    """Return the texts inside the axes, in the order in which they were drawn."""
    return [text.get_text() for text in axes.texts]


def test_normalized_bars_show_before_and_after():
    loudness = np.linspace(0, 10, 11)
    curves = np.ones((11, 3)) * [1, 2, 3]
    bars, lines = plots.normalized_bars(
        np.array([1, 3, 2]), np.array([0.125, 0.375, 0.25]), loudness, curves
    ).axes
    assert [bar.get_height() for bar in bars.patches] == [1, 3, 2, 0.125, 0.375, 0.25]
    assert texts(bars) == ["1", "3", "2", "0.125", "0.375", "0.25"]
    assert texts(lines) == ["map 0", "map 1", "map 2"]
    assert [line.get_ydata()[0] for line in lines.lines] == [1, 2, 3]


def test_factor_curves_are_labelled_and_marked():
    activity = np.geomspace(0.1, 1000, 50)
    curves = {"one": (2 + activity**2) ** -0.75, "other": (1 + activity**2) ** -0.75}
    axis = plots.factor_curves(activity, curves, marked=(63.2, 0.3536)).axes[0]
    assert texts(axis) == ["one", "other", "at 63.2: 0.3536"]
    np.testing.assert_array_equal(axis.lines[1].get_ydata(), curves["other"])
    assert axis.get_xscale() == "log"


def test_normalized_maps_say_their_scales():
    before = np.full((4, 4), 2.0)
    figure = plots.normalized_maps(np.zeros((9, 9, 3), np.uint8), before, before / 4, before / 2)
    assert [axes.get_xlabel() for axes in figure.axes] == ["", "0 to 2", "0 to 0.5", "0 to 1"]
    assert [axes.images[0].get_clim() for axes in figure.axes[1:]] == [(0, 2), (0, 0.5), (0, 1)]
