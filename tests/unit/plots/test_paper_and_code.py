"""The figures of chapter 17, tested through what they draw."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from alexnet_course import plots
from alexnet_course.plots.style import MINUS, PAPER, PLUS


def test_runs_have_two_bars_and_those_that_the_paper_leaves_out_are_hollow():
    points = [[1.37, 1.152], [-0.414, -0.216]]
    axes = plots.runs_compared(["148", "145, longer"], points, [True, False]).axes[0]
    assert [bar.get_width() for bar in axes.patches] == [*points[0], *points[1]]
    assert [to_hex(bar.get_facecolor()) for bar in axes.patches] == [PLUS, MINUS, PAPER, PAPER]
    assert [text.get_text() for text in axes.texts] == ["+1.37", "+1.15", "−0.41", "−0.22"]
    with pytest.raises(ValueError, match="names and points and printed must have equal lengths"):
        plots.runs_compared(["148"], points, [True, False])


def test_networks_part_in_lines_a_change_and_zero_is_left_out():
    shares = {"quiet": [[0, 0.01], [0, 0.02]], "loud": [[0, 0.1], [0.3, 0.4]]}
    figure = plots.parting(["conv1", "pool1"], ["order", "all"], shares)
    quiet, loud = figure.axes
    assert [line.get_label() for line in quiet.lines] == ["order", "all"]
    np.testing.assert_allclose(loud.lines[1].get_ydata(), [30, 40])
    assert quiet.lines[0].get_xdata().tolist() == [1]
    assert quiet.get_yscale() == "log"
    assert len({line.get_linestyle() for line in loud.lines}) == 2  # not by colour alone
    with pytest.raises(ValueError, match="changes must be one to five; got 6"):
        plots.parting(["conv1"], list("abcdef"), {"a": np.ones((6, 1))})
    with pytest.raises(ValueError, match="shares must be a dict of one to 2 arrays"):
        plots.parting(["conv1"], ["order"], {})


def test_what_a_part_is_worth_has_bars_where_an_error_is_known():
    gains = {"paper": [[1.37, 0], [0.39, 0]], "here": [[0.26, 0.1], [np.nan, np.nan]]}
    axes = plots.worth(["LRN", "overlap"], gains).axes[0]
    points = {
        line.get_label(): line.get_xdata() for line in axes.lines if not line.get_label().startswith("_")
    }
    assert points["paper"].tolist() == [1.37, 0.39]
    assert points["here"].tolist() == [0.26]
    (segments,) = axes.containers[1].lines[2]
    np.testing.assert_allclose(segments.get_segments()[0][:, 0], [0.06, 0.46])
    with pytest.raises(ValueError, match="gains must be a dict of one to 5 arrays"):
        plots.worth(["LRN"], {})
