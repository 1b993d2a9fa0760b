"""Figures of chapter 06: windows that overlap or not, what a shift changes, pooled maps."""

import numpy as np
from matplotlib.patches import Circle, Rectangle

from alexnet_course.geometry import pixels_read, window_spans
from alexnet_course.plots.style import (
    INK,
    MUTED,
    PAPER,
    cells,
    colours,
    equal_lengths,
    label,
    limit,
    magnitudes,
    number,
    numbers,
    panels,
    picture,
    place,
    robust_limit,
    scale,
)


def pooling_windows(values, settings, marked=None):
    """Show a map under its pooling windows, and the map of their maxima, for each of a few settings.

    Parameters
    ----------
    values : ndarray, shape (H, W)
        A map of responses.
    settings : sequence of (pool_size, stride)
        Pixels of a window's side, and from one window to the next.
    marked : tuple of int, optional
        (row, column) of a pixel to ring.

    Returns
    -------
    matplotlib.figure.Figure
    """
    values = numbers(values, "values", "H, W")
    equal_lengths(settings=settings)
    if marked is not None:
        marked = place(marked, "marked", values.shape)
    figure, axes = panels(
        1, 2 * len(settings), height=2.4, width_ratios=[values.shape[1], 2.4] * len(settings)
    )
    most = limit(values)
    for (before, after), (size, stride) in zip(axes[0].reshape(-1, 2), settings, strict=True):
        down, across = (window_spans(side, size, stride) for side in values.shape)
        cells(before, values, most=most)
        maxima = np.zeros((len(down), len(across)))
        for i, j in np.ndindex(maxima.shape):
            top, left = down[i][0], across[j][0]
            maxima[i, j] = values[top : top + size, left : left + size].max()
            _window(before, top, left, size, inset=0.06 + 0.1 * ((i + j) % 2), dashed=(i + j) % 2)
        read = np.outer(*(pixels_read(side, size, stride) for side in values.shape))
        for row, column in np.argwhere(~read):
            corner = (column - 0.5, row - 0.5)
            before.add_patch(
                Rectangle(corner, 1, 1, facecolor="none", edgecolor=MUTED, hatch="////", linewidth=0)
            )
        if marked is not None:
            row, column = marked
            for width, colour in ((4, PAPER), (1.8, INK)):
                before.add_patch(
                    Circle((column, row), 0.34, fill=False, edgecolor=colour, linewidth=width, zorder=4)
                )
        label(before, f"{size} × {size}, stride {stride}")
        cells(after, maxima, most=most)
        label(after, "maxima")
    return figure


def _window(axes, row, column, size, inset, dashed):
    """Frame one pooling window a little inside its cells, so that neighbouring frames stay apart."""
    corner, side = (column - 0.5 + inset, row - 0.5 + inset), size - 2 * inset
    for line, edge in ((3.4, PAPER), (1.6, INK)):
        style = (0, (4, 2)) if dashed and edge == INK else "-"
        frame = Rectangle(corner, side, side, fill=False, edgecolor=edge, linewidth=line, linestyle=style)
        axes.add_patch(frame).set_zorder(3)


def shift_changes(stages, names):
    """Show by how much each number changed at a few stages of a network; unchanged cells stay empty.

    Parameters
    ----------
    stages : sequence of (str, ndarray of shape (H, W, F))
        A name for each stage and the differences there.
    names : sequence of str, length F

    Returns
    -------
    matplotlib.figure.Figure
    """
    equal_lengths(stages=stages)
    equal_lengths(names=names)
    stages = [(name, numbers(array, f"stages: {name}", f"H, W, {len(names)}")) for name, array in stages]
    most = limit(*(differences for _, differences in stages))
    heights = [differences.shape[0] + 1 for _, differences in stages]
    figure, axes = panels(len(stages), len(names), height=3.8, height_ratios=heights)
    for row, (stage, differences) in zip(axes, stages, strict=True):
        for axis, values in zip(row, np.moveaxis(differences, -1, 0), strict=True):
            cells(axis, values, most=most, text=lambda value: number(value) if value else "")
            axis.set_xlabel(f"{np.count_nonzero(values)} of {values.size} changed", fontsize=8)
        row[0].set_ylabel(stage, fontsize=9, color=INK)
    for axis, name in zip(axes[0], names, strict=True):
        label(axis, name)
    scale(figure, axes, most, name="change")
    return figure


def pooled_maps(photograph, before, after, names):
    """Show a photograph, its maps before pooling, and the same maps after it, on one scale from 0.

    Parameters
    ----------
    photograph : ndarray, shape (H, W) or (H, W, 3)
        Grey levels or colours, 0 to 255.
    before : ndarray, shape (H', W', F)
        Maps of values from 0 up.
    after : ndarray, shape (H'', W'', F)
        The same maps, pooled.
    names : sequence of str, length F

    Returns
    -------
    matplotlib.figure.Figure
    """
    equal_lengths(names=names)
    photograph, shape = colours(photograph, "photograph"), f"H', W', {len(names)}"
    before, after = numbers(before, "before", shape), numbers(after, "after", shape)
    most = robust_limit(before)
    figure, axes = panels(2, len(names) + 1, height=3.5)
    picture(axes[0, 0], photograph)
    label(axes[0, 0], "photograph")
    axes[1, 0].axis("off")
    for f, name in enumerate(names):
        magnitudes(axes[0, f + 1], before[..., f], most)
        magnitudes(axes[1, f + 1], after[..., f], most)
        label(axes[0, f + 1], name)
    for axis, maps in zip(axes[:, 1], (before, after), strict=True):
        axis.set_ylabel(f"{maps.shape[0]} × {maps.shape[1]}", fontsize=8)
    scale(figure, axes[:, 1:], most, lowest=0)
    return figure
