"""The figures of chapter 06, tested through what they draw."""

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
