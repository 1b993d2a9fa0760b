"""The figures of chapter 10, tested through what they draw."""

import numpy as np
from matplotlib.colors import to_hex
from matplotlib.patches import ConnectionPatch, Rectangle

from alexnet_course import plots

NAMES = ["image", "conv", "pool", "wide", "end"]
SHAPES = [(16, 16, 3), (8, 8, 4), (4, 4, 4), (4, 4, 6), (10,)]


def drawn(axes, kind):
    return [patch for patch in axes.patches if isinstance(patch, kind)]


def test_two_towers_halves_the_maps_and_crosses_where_both_are_read():
    (axes,) = plots.two_towers(NAMES, SHAPES, [True, True, False, True, True]).axes
    boxes, lines = drawn(axes, Rectangle), drawn(axes, ConnectionPatch)
    assert len(boxes) == 1 + 2 + 2 + 2 + 1
    labels = [text.get_text() for text in axes.texts]
    assert [label for label in labels if label.isdigit()] == ["3", "2", "2", "2", "2", "3", "3", "10"]
    assert [name for name in NAMES if name in labels] == NAMES
    assert len(lines) == 2 + 2 + 4 + 2  # to each tower, straight on, crossing, together
    colours = [to_hex(line.get_edgecolor()) for line in lines]
    assert len(set(colours[:4])) == 1
    assert colours[4] != colours[0]
    heights = [box.get_height() for box in boxes]
    np.testing.assert_allclose(heights[1] / heights[0], np.sqrt(8 / 16))


def test_grouped_and_ungrouped_add_up():
    grouped = np.array([[10, 40], [6, 2]]) * 1_000_000
    ungrouped = np.array([[20, 40], [12, 2]]) * 1_000_000
    figure = plots.grouped_and_ungrouped(["conv", "fc"], grouped, ungrouped)
    parameters, work = figure.axes
    assert [bar.get_width() for bar in parameters.patches] == [10, 40, 10]  # the hatched end comes last
    assert [bar.get_x() for bar in parameters.patches] == [0, 0, 10]
    assert [text.get_text() for text in parameters.texts] == ["10.0 → 20.0", "40.0"]
    assert [bar.get_width() for bar in work.patches] == [6, 2, 6]
    assert "50.0 → 60.0" in parameters.get_title(loc="right")
