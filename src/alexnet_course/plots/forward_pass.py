"""Figures of chapter 11: activations of every layer, and how large they are for three kinds of start."""

import numpy as np

from alexnet_course.checks import whole_number
from alexnet_course.plots.style import (
    INK,
    LINE,
    MINUS,
    MUTED,
    PLUS,
    equal_lengths,
    label,
    magnitudes,
    numbers,
    panels,
    robust_limit,
)


def feature_maps(outputs, names, columns=6):
    """Show the first maps of some layers, a row a layer.

    Parameters
    ----------
    outputs : sequence of ndarray, shape (H, W, C)
        What the layers gave, from 0 up.
    names : sequence of str
        One a layer.
    columns : int
        How many maps of each.

    Returns
    -------
    matplotlib.figure.Figure
        Each layer has a colour scale of its own; white is 0.
    """
    equal_lengths(outputs=outputs, names=names)
    outputs = [numbers(values, f"outputs[{i}]", "H, W, C") for i, values in enumerate(outputs)]
    fewest = min(values.shape[-1] for values in outputs)
    if whole_number(columns, "columns", minimum=1) > fewest:
        raise ValueError(
            f"columns must be at most {fewest}, as many maps as the smallest output has; got {columns}"
        )
    figure, axes = panels(len(outputs), columns, height=1.2 * len(outputs))
    for row, values, name in zip(axes, outputs, names, strict=True):
        most = robust_limit(values)
        for place, axis in enumerate(row):
            magnitudes(axis, values[..., place], most)
        label(row[0], name, "")
        label(row[-1], "", " × ".join(map(str, values.shape)))
    return figure


def deviations(names, lines):
    """Show the standard deviation of every layer's output on a logarithmic axis.

    Parameters
    ----------
    names : sequence of str
        The layers.
    lines : dict of str to sequence of float
        One line for each kind of start, up to three, with a deviation for each layer; all above 0.

    Returns
    -------
    matplotlib.figure.Figure
    """
    if not 1 <= len(lines) <= 3:
        raise ValueError(f"lines must hold one to three lines; got {len(lines)}")
    equal_lengths(names=names)
    lines = {name: numbers(line, f"lines[{name!r}]", f"{len(names)}") for name, line in lines.items()}
    figure, axes = panels(height=2.8)
    axis, places = axes[0, 0], np.arange(len(names))
    styles = ((MINUS, "-", "o"), (INK, "--", "s"), (PLUS, ":", "^"))
    for (name, values), (colour, dashes, marker) in zip(lines.items(), styles, strict=False):
        axis.plot(places, values, color=colour, linestyle=dashes, marker=marker, linewidth=2, markersize=5)
        end = values[-1] if values[-1] > 0 else 1  # a logarithm of 0, or of NaN, has no place
        axis.text(places[-1] + 0.15, end, name, va="center", fontsize=9, color=INK)
    axis.set_yscale("log")
    axis.hlines(1, -0.3, places[-1], color=LINE, linewidth=1, zorder=0)
    axis.set(xticks=places, xticklabels=names, xlim=(-0.3, len(names) + 0.6))
    axis.tick_params(colors=MUTED)
    label(axis, "standard deviation before ReLU", "logarithmic")
    return figure
