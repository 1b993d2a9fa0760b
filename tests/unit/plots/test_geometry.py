"""The figures of chapter 03, tested through what they draw."""

import numpy as np
import pytest

from alexnet_course import plots


def texts(axes):
    """Return the texts inside the axes, in the order in which they were drawn."""
    return [text.get_text() for text in axes.texts]


def test_ruler_shows_the_windows_that_fit_and_the_pixel_that_none_covers():
    figure = plots.ruler(24, kernel_size=11, stride=4, skipped=200)
    shown = texts(figure.axes[0])
    assert [text for text in shown if text.startswith("window")] == [f"window {i}" for i in range(50, 54)]
    assert shown[0] == "200"
    assert shown[-1] == "unused: 1"
    hatched = [box for box in figure.axes[0].patches if box.get_hatch()]
    assert [box.get_x() for box in hatched] == [23]


def test_ruler_of_a_size_that_fits_has_nothing_unused():
    shown = texts(plots.ruler(7, kernel_size=3, stride=2, padding=1).axes[0])
    assert not [text for text in shown if text.startswith(("unused", "past"))]
    assert [text for text in shown if not text.startswith("window")] == [str(i) for i in range(-1, 8)]


def test_ruler_that_rounds_up_shows_the_pixels_past_the_end():
    figure = plots.ruler(24, kernel_size=11, stride=4, skipped=200, rounding="ceil")
    shown = texts(figure.axes[0])
    assert [text for text in shown if text.startswith("window")][-1] == "window 54"
    assert shown[-1] == "past the end: 3"
    pixels = [box for box in figure.axes[0].patches if box.get_y() == 0]
    assert [box.get_x() for box in pixels if box.get_linestyle() == "--"] == [24, 25, 26]
    assert not [box for box in pixels if box.get_hatch()]


def test_receptive_fields_are_framed_where_they_lie():
    photograph, spans = np.zeros((227, 227, 3), np.uint8), [(108, 118), (0, 194)]
    figure = plots.receptive_fields(photograph, ("conv1", "pool5"), spans)
    boxes = {(frame.get_width(), frame.get_x(), frame.get_y()) for frame in figure.axes[0].patches}
    assert boxes == {(11, 107.5, 107.5), (195, -0.5, -0.5)}
    for span in ((0, 227), (5, 4)):
        with pytest.raises(ValueError, match=r"spans holds \(\d, \d+\), which does not lie in 227 x 227"):
            plots.receptive_fields(photograph, ("conv1", "pool5"), [(0, 1), span])
    assert texts(figure.axes[0]) == ["conv1: 11 × 11", "pool5: 195 × 195"]
