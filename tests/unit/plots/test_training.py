"""The figures of chapter 13, tested through what they draw."""

import numpy as np
import pytest

from alexnet_course import plots
from alexnet_course.plots.style import INK, MINUS, PLUS


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_losses_are_lines_with_their_names_from_zero_up():
    axes = plots.losses({"fast": [3.0, 1.0, 0.5], "slow": [3.0, 2.0, 1.5]}).axes[0]
    assert [line.get_ydata().tolist() for line in axes.lines] == [[3, 1, 0.5], [3, 2, 1.5]]
    assert texts(axes) == ["fast", "slow"]
    assert axes.get_ylim()[0] == 0
    assert len({line.get_linestyle() for line in axes.lines}) == 2  # not by colour alone


def test_losses_that_cannot_be_drawn_are_refused():
    for lines, message in (
        ({}, "one to three lines; got 0"),
        ({"a": [1, 2], "b": [1]}, "a and b must have equal lengths"),
        ({"a": [1.0, np.nan]}, r"lines\['a'\] must hold finite numbers"),
    ):
        with pytest.raises(ValueError, match=message):
            plots.losses(lines)


def test_a_run_has_a_line_a_seed_a_mean_and_its_cuts():
    learned, held_out = np.array([[0.5, 0.9], [0.7, 1.0]]), np.array([[0.4, 0.6], [0.6, 0.6]])
    axes = plots.training_run(learned, held_out, cuts=(1,)).axes[0]
    drawn = [line.get_ydata() for line in axes.lines[:6]]
    np.testing.assert_allclose(drawn[:2], 100 * learned)
    np.testing.assert_allclose(drawn[2], [60, 95])
    np.testing.assert_allclose(drawn[5], [50, 60])
    assert set(axes.lines[6].get_xdata()) == {1.5}
    assert texts(axes) == ["learned from", "held out", "rate / 10"]
    with pytest.raises(ValueError, match=r"one shape; got \(2, 2\), \(1, 2\)"):
        plots.training_run(learned, held_out[:1], cuts=())


def test_an_ablation_colours_what_is_clearly_better_or_worse():
    rows = {"better": (87, 0.1), "as it is": (86, 0.1), "hardly": (85.8, 0.1), "worse": (85, 0.3)}
    axes = plots.ablation({"long": list(rows)}, {"long": list(rows.values())}).axes[0]
    points = [container.lines[0] for container in axes.containers]
    assert [point.get_xdata()[0] for point in points] == [87, 86, 85.8, 85]
    assert [point.get_color() for point in points] == [PLUS, INK, INK, MINUS]
    (bar,) = axes.containers[0].lines[2]
    np.testing.assert_allclose(bar.get_segments()[0][:, 0], [86.8, 87.2])
    assert [name.get_text() for name in axes.get_yticklabels()] == list(rows)
    with pytest.raises(ValueError, match=r"changes\['short'\] must hold 'as it is'; got a"):
        plots.ablation({"short": ["a"]}, {"short": [[1, 1]]})
    with pytest.raises(ValueError, match=r"one or two titles, the same; got \['short'\], \['long'\]"):
        plots.ablation({"short": ["as it is"]}, {"long": [[1, 1]]})
