"""Figures of chapter 04: activation functions with their slopes, and how often units speak."""

import numpy as np

from alexnet_course.checks import real_number
from alexnet_course.plots.style import INK, LINE, MINUS, MUTED, PLUS, label, number, numbers, panels


def activations(at, reach=4.0):
    """Show ReLU, tanh and the logistic sigmoid, with their slopes at one input.

    Parameters
    ----------
    at : float
        Where the slopes are read.
    reach : float
        The inputs shown are from ``-reach`` to `reach`.

    Returns
    -------
    matplotlib.figure.Figure
        Left the functions, right their slopes.
    """
    at, reach = real_number(at, "at", minimum=-np.inf), real_number(reach, "reach", minimum=0.1)
    x = np.linspace(-reach, reach, 321)
    figure, axes = panels(1, 2, height=2.7)
    values, slopes = axes[0]
    for name, colour, style, function, slope in _FUNCTIONS:
        values.plot(x, function(x), style, color=colour, linewidth=2)
        slopes.plot(x, slope(x), style, color=colour, linewidth=2)
        slopes.plot([at], [slope(at)], "o", color=colour, markersize=5, clip_on=False)
        height = {"ReLU": 3.0, "tanh": 1.35, "sigmoid": 0.35}[name]
        values.text(reach if name != "ReLU" else 2.7, height, name, color=colour, ha="right")
        text = f"{name} {slope(at):.4f}".rstrip("0").rstrip(".")
        slopes.text(-reach, {"ReLU": 1.0, "sigmoid": 0.9, "tanh": 0.8}[name], text, color=colour)
    for axis in axes[0]:
        axis.axhline(0, color=LINE, linewidth=0.8, zorder=0)
        axis.axvline(0, color=LINE, linewidth=0.8, zorder=0)
        axis.set_xlabel("input x")
    slopes.axvline(at, color=MUTED, linewidth=0.8, linestyle=":", zorder=0)
    slopes.set_ylim(-0.05, 1.15)
    values.set_ylim(-1.3, 3.4)
    label(values, "output")
    label(slopes, "slope", f"marked at x = {number(at)}")
    return figure


def _sigmoid(x):
    """Return the logistic sigmoid."""
    return 1 / (1 + np.exp(-x))


_FUNCTIONS = (  # name, colour, line, function, slope
    ("ReLU", PLUS, "-", lambda x: np.maximum(x, 0), lambda x: np.where(np.asarray(x) > 0, 1.0, 0.0)),
    ("tanh", MINUS, "--", np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    ("sigmoid", INK, ":", _sigmoid, lambda x: _sigmoid(x) * (1 - _sigmoid(x))),
)


def active_share(shares):
    """Show, for each map of a layer, at which share of places its response is positive, in order.

    Parameters
    ----------
    shares : ndarray, shape (F,)
        From 0 to 1.

    Returns
    -------
    matplotlib.figure.Figure
    """
    shares = numbers(shares, "shares", "F", finite=True)
    figure, axes = panels(1, 1, height=2.2)
    axis = axes[0, 0]
    axis.bar(np.arange(len(shares)), np.sort(shares), width=0.8, color=PLUS)
    axis.set_ylim(0, 1)
    axis.set_yticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axis.axhline(0.5, color=MUTED, linewidth=0.8, linestyle=":")
    axis.set_xlabel(f"the {len(shares)} maps, from the most silent to the most talkative")
    axis.set_xticks([])
    label(axis, "places with a positive response")
    return figure
