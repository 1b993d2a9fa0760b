"""The figures of chapter 12, tested through what they draw."""

import numpy as np
import pytest

from alexnet_course import plots


def wired(gradients, weight):
    """Return the axes of two units, a and b, of which each leads to unit c."""
    names, values = (("a", "b"), ("c",)), ([5.0, -1.0], [2.0])
    return plots.gradient_wires(("left", "right"), names, values, gradients, [weight]).axes[0]


def test_every_unit_shows_its_number_and_its_gradient():
    axes = wired(([-1.42051, 0], [0.5]), [[1], [-1]])
    texts = [text.get_text() for text in axes.texts if text.get_text().strip()]
    assert texts == ["left", "a", "5", "−1.4205", "b", "−1", "0", "right", "c", "2", "0.5"]


def test_a_wire_says_its_sign_and_how_much_it_carries_back():
    plus, minus = wired(([0, 0], [0.5]), [[1], [-2]]).lines
    assert (plus.get_linestyle(), minus.get_linestyle()) == ("-", "--")
    assert plus.get_linewidth() < minus.get_linewidth()
    assert plus.get_color() != minus.get_color()
    silent = wired(([0, 0], [0.0]), [[1], [-2]]).lines
    assert len({line.get_color() for line in silent}) == 1
    assert len(wired(([0, 0], [0.5]), [[1], [0]]).lines) == 1


def test_matrices_stand_between_the_layers():
    with pytest.raises(ValueError, match="weights must be 1 matrices between layers; got 2"):
        plots.gradient_wires(("a", "b"), (("a",), ("b",)), ([1], [1]), ([1], [1]), [[[1]], [[1]]])


def test_the_slope_touches_the_loss_where_nothing_is_moved():
    moves = np.array([-1.0, 0, 1])
    losses = {"square": moves**2 + 1, "corner": np.abs(moves)}
    for axes, slope, loss in zip(
        plots.loss_beside_slope(moves, losses, [0.5, -1]).axes, (0.5, -1), losses.values(), strict=True
    ):
        tangent, curve, dot = axes.lines
        np.testing.assert_array_equal(curve.get_ydata(), loss)
        np.testing.assert_array_equal(tangent.get_ydata(), loss[1] + slope * moves)
        assert dot.get_xydata().tolist() == [[0, loss[1]]]


def test_gaps_are_on_logarithmic_axes_and_a_gap_of_zero_is_left_out():
    axes = plots.gap_of_step(np.array([1, 0.1, 0.01]), {"float32": [0.1, 0, 0.2], "float64": [1, 2, 3]}).axes[
        0
    ]
    assert [line.get_xdata().tolist() for line in axes.lines] == [[1, 0.01], [1, 0.1, 0.01]]
    assert (axes.get_xscale(), axes.get_yscale()) == ("log", "log")
    assert [text.get_text() for text in axes.texts] == ["float32", "float64"]
    with pytest.raises(ValueError, match="steps must be above 0; got 0"):
        plots.gap_of_step([0, 1], {"a": [1, 2]})


def test_the_gradient_of_the_pixels_has_the_photographs_shape():
    image, strength = np.zeros((2, 3, 3)), np.arange(6.0).reshape(2, 3)
    photograph, map_ = plots.gradient_of_pixels(image, strength).axes
    assert photograph.images[0].get_array().shape == (2, 3, 3)
    np.testing.assert_array_equal(map_.images[0].get_array(), strength)
    with pytest.raises(ValueError, match=r"strength must be \(2, 3\); got shape \(3, 2\)"):
        plots.gradient_of_pixels(image, strength.T)
