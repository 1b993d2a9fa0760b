"""The figures of chapters 04 to 06, tested through what they draw."""

import numpy as np

from alexnet_course import plots
from alexnet_course.data import tile

A = np.maximum(tile.MAPS, 0)[0]  # (5, 5, 3)


def texts(axes):
    """Return the texts inside the axes, in the order in which they were drawn."""
    return [text.get_text() for text in axes.texts]


def images(figure):
    """Return the axes of a figure that show an array."""
    return [axes for axes in figure.axes if axes.images]


# ---- 04


def test_activations_mark_their_slopes():
    values, slopes = plots.activations(3).axes
    assert texts(values) == ["ReLU", "tanh", "sigmoid"]
    assert texts(slopes) == ["ReLU 1", "tanh 0.0099", "sigmoid 0.0452"]
    curves = {text: line.get_ydata() for text, line in zip(texts(values), values.lines, strict=False)}
    x = values.lines[0].get_xdata()
    np.testing.assert_allclose(curves["ReLU"], np.maximum(x, 0))
    np.testing.assert_allclose(curves["tanh"], np.tanh(x))
    np.testing.assert_allclose(curves["sigmoid"], 1 / (1 + np.exp(-x)))


def test_slopes_are_those_of_the_curves():
    values, slopes = plots.activations(3).axes
    for line, slope in zip(values.lines[:3], slopes.lines[:6:2], strict=True):
        x, y = line.get_data()
        smooth = np.abs(x) > 0.1  # ReLU has no slope at 0
        np.testing.assert_allclose(np.gradient(y, x)[smooth], slope.get_ydata()[smooth], atol=2e-3)


def test_active_share_is_in_order():
    axis = plots.active_share(np.array([0.5, 0.1, 1.0])).axes[0]
    assert [bar.get_height() for bar in axis.patches] == [0.1, 0.5, 1.0]


# ---- 05


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


# ---- 06


def test_pooling_windows_show_windows_maxima_and_unread_pixels():
    figure = plots.pooling_windows(A[..., 1], [(3, 2), (2, 2)], marked=(2, 2))
    overlapping, maxima, separate, others = images(figure)
    assert texts(maxima) == ["3", "3", "4", "4"]
    assert texts(others) == ["1", "1", "4", "4"]
    hatched = [
        [patch.get_xy() for patch in axes.patches if patch.get_hatch()] for axes in (overlapping, separate)
    ]
    assert hatched[0] == []
    assert len(hatched[1]) == 9
    frames = [patch for patch in separate.patches if not patch.get_hatch() and hasattr(patch, "get_xy")]
    assert len(frames) == 8  # four windows, each with a halo


def test_shift_changes_count_and_leave_unchanged_cells_empty():
    differences = np.zeros((2, 2, 3))
    differences[0, 1, 2] = -4
    figure = plots.shift_changes([("before", np.ones((3, 3, 3))), ("after", differences)], tile.FILTERS)
    shown = images(figure)
    assert texts(shown[5]) == ["", "−4", "", ""]
    assert [axes.get_xlabel() for axes in shown[3:]] == [f"{n} of 4 changed" for n in (0, 0, 1)]
    assert {axes.images[0].get_clim() for axes in shown} == {(-4, 4)}


def test_pooled_maps_share_one_scale():
    before = np.random.default_rng(0).uniform(0, 3, (6, 6, 2))
    figure = plots.pooled_maps(np.zeros((9, 9), np.uint8), before, before[::2, ::2], ("one", "two"))
    shown = images(figure)[1:]
    assert {axes.images[0].get_clim() for axes in shown} == {(0, float(np.percentile(before, 99.5)))}
    assert [axes.images[0].get_array().shape for axes in shown] == [(6, 6)] * 2 + [(3, 3)] * 2
