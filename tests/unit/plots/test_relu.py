"""The figures of chapter 04, tested through what they draw."""

import numpy as np

from alexnet_course import plots


def texts(axes):
    """Return the texts inside the axes, in the order in which they were drawn."""
    return [text.get_text() for text in axes.texts]


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
