"""Figures of chapter 10: the two towers, and what the split saves."""

import numpy as np
from matplotlib.patches import ConnectionPatch, Rectangle

from alexnet_course.palette import LIGHT
from alexnet_course.plots.style import (
    INK,
    LINE,
    MINUS,
    MUTED,
    PAPER,
    PLUS,
    equal_lengths,
    label,
    limit,
    numbers,
    panels,
)

_TOWER = LIGHT.silver  # INK can be read on it
_GAP = 0.3  # between the towers at their nearest, in units of the tallest box
_BOX = 0.58  # width of a box; stages are 1 apart


def two_towers(names, shapes, reads_all):
    """Draw a network that is split into two halves, and where one half reads the other.

    Parameters
    ----------
    names : sequence of str
        One a stage, the image first.
    shapes : sequence of tuple of int
        Output of each stage, (H, W, C) or (features,). The first and the last stage are drawn as one box,
        the others as two, each with half of the maps or features.
    reads_all : sequence of bool
        Whether a stage reads both halves of the one before it; the first value is not used.

    Returns
    -------
    matplotlib.figure.Figure
        Boxes are as tall as the square root of a map's height; dense stages all have one height.
    """
    equal_lengths(names=names, shapes=shapes, reads_all=reads_all)
    figure, axes = panels(height=2.3)
    axes = axes[0, 0]
    heights = [_height(shape, shapes[0]) for shape in shapes]
    last = len(names) - 1
    centres = [(0.0,) if at in (0, last) else _centres(height) for at, height in enumerate(heights)]
    for at in range(1, last + 1):
        for source in centres[at - 1]:
            for target in centres[at]:
                alone = 1 in (len(centres[at - 1]), len(centres[at]))
                if not (reads_all[at] or alone or source == target or np.sign(source) == np.sign(target)):
                    continue
                crosses = reads_all[at] and at > 1
                line = ConnectionPatch(
                    (at - 1 + _BOX / 2, source),
                    (at - _BOX / 2, target),
                    "data",
                    color=PLUS if crosses else MINUS,
                    linewidth=1.8 if crosses else 1.2,
                    zorder=1,
                )
                axes.add_patch(line)
    for at, (name, shape, height) in enumerate(zip(names, shapes, heights, strict=True)):
        for centre in centres[at]:
            corner = (at - _BOX / 2, centre - height / 2)
            axes.add_patch(Rectangle(corner, _BOX, height, facecolor=_TOWER, edgecolor=MUTED, linewidth=0.8))
            share = shape[-1] // len(centres[at])
            axes.text(at, centre, f"{share}", ha="center", va="center", fontsize=7, color=INK)
        size = f"{shape[0]} × {shape[1]}" if len(shape) == 3 else ""
        axes.text(at, 0.95, name, ha="center", fontsize=8, color=INK)
        axes.text(at, -0.9, size, ha="center", va="top", fontsize=7, color=MUTED)
    axes.set(xlim=(-0.55, last + 0.55), ylim=(-1.1, 1.1))
    axes.axis("off")
    return figure


def _height(shape, first):
    """Return the height of a box: 1 for a map as tall as the first stage's, 0.45 for features."""
    return float(np.sqrt(shape[0] / first[0])) if len(shape) == 3 else 0.45


def _centres(height):
    """Return where the boxes of the upper and of the lower tower stand."""
    place = max((height + _GAP) / 2, 0.5)
    return place, -place


def grouped_and_ungrouped(names, grouped, ungrouped):
    """Show what each layer holds and computes, and what it would without groups.

    Parameters
    ----------
    names : sequence of str
        One a layer.
    grouped, ungrouped : array_like of int, shape (2, layers)
        Parameters, then multiply-accumulates; no entry of `ungrouped` is smaller than that of `grouped`.

    Returns
    -------
    matplotlib.figure.Figure
        Filled bars with the groups, in millions; outlined ends where the network without them has more.
    """
    equal_lengths(names=names)
    grouped = numbers(grouped, "grouped", f"2, {len(names)}", finite=True)
    ungrouped = numbers(ungrouped, "ungrouped", f"2, {len(names)}", finite=True)
    figure, axes = panels(1, 2, height=2.7, sharey=True)
    places = np.arange(len(names))
    kinds = ("parameters, millions", "multiply-accumulates, millions")
    for axis, few, many, kind in zip(axes[0], grouped, ungrouped, kinds, strict=True):
        axis.barh(places, few / 1e6, color=MINUS, height=0.7)
        more = many > few
        added = (many - few)[more] / 1e6
        axis.barh(
            places[more],
            added,
            left=few[more] / 1e6,
            height=0.7,
            facecolor=PAPER,
            edgecolor=PLUS,
            hatch="////",
        )
        for place, less, most in zip(places, few / 1e6, many / 1e6, strict=True):
            text = _millions(less) if most == less else f"{_millions(less)} → {_millions(most)}"
            axis.text(most + 0.02 * limit(many) / 1e6, place, text, va="center", fontsize=8, color=INK)
        axis.set(xlim=(0, 1.34 * limit(many) / 1e6), xticks=[], yticks=places, yticklabels=names)
        axis.spines["bottom"].set_visible(False)
        axis.spines["left"].set_color(LINE)
        axis.tick_params(axis="y", length=0)
        label(axis, kind, f"{few.sum() / 1e6:,.1f} → {many.sum() / 1e6:,.1f}")
    axes[0, 0].invert_yaxis()
    return figure


def _millions(value):
    """Write a number of millions with one decimal, or with two below 0.1."""
    return f"{value:,.1f}" if value >= 0.1 else f"{value:.2f}"
