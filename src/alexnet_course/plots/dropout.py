"""Figures of chapter 08: every network that four coins can make, and what their average comes to."""

import numpy as np
from matplotlib.patches import Rectangle

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
    number,
    numbers,
    panels,
)

_TINTS = (LIGHT.peach, LIGHT.sky, LIGHT.mint, LIGHT.haze)  # three classes, and no winner
_EDGES = (PLUS, MINUS, LIGHT.leaf, MUTED)


def mask_votes(hidden, masks, logits, classes):
    """Show what each mask leaves of a hidden layer, and which class wins then.

    Parameters
    ----------
    hidden : ndarray, shape (units,)
        The hidden units with nothing dropped.
    masks : ndarray of 0 and 1, shape (n, units)
        One panel each, n a square number, in reading order.
    logits : ndarray, shape (n, classes)
        Of the network with each mask; where the largest is shared, nobody wins.
    classes : sequence of str
        Up to three names.

    Returns
    -------
    matplotlib.figure.Figure
    """
    hidden = numbers(hidden, "hidden", "units")
    masks = numbers(masks, "masks", f"n, {len(hidden)}")
    logits = numbers(logits, "logits", f"{len(masks)}, classes")
    equal_lengths(classes=classes, logits=range(logits.shape[1]))
    side = round(len(masks) ** 0.5)
    if side**2 != len(masks):
        raise ValueError(f"masks must be a square number of masks, such as 16; got {len(masks)}")
    figure, axes = panels(side, side, height=4.2)
    for axis, mask, scores in zip(axes.flat, masks, logits, strict=True):
        best = np.flatnonzero(scores == scores.max())
        winner = best[0] if len(best) == 1 else -1
        axis.set_facecolor(_TINTS[winner])
        for spine in axis.spines.values():
            spine.set(visible=True, color=_EDGES[winner], linewidth=1.2)
        for unit, (value, kept) in enumerate(zip(hidden, mask, strict=True)):
            axis.add_patch(
                Rectangle(
                    (unit + 0.08, 0.95), 0.84, 0.84, facecolor=PAPER if kept else "none",
                    edgecolor=INK if kept else MUTED, linewidth=1 if kept else 0.7,
                    linestyle="-" if kept else (0, (2, 2)),
                )
            )  # fmt: skip
            if kept:
                axis.text(unit + 0.5, 1.37, number(value), ha="center", va="center", fontsize=9, color=INK)
        name = classes[winner] if winner >= 0 else "tie"
        axis.text(len(hidden) / 2, 0.42, name, ha="center", va="center", fontsize=9, color="black")
        axis.set(xlim=(-0.3, len(hidden) + 0.3), ylim=(0, 2.1), xticks=[], yticks=[])
    return figure


def running_means(means, wanted):
    """Show how the mean of each unit settles while more and more masks are drawn.

    Parameters
    ----------
    means : ndarray, shape (draws, units)
        The mean over the first 1, 2, 3, ... draws.
    wanted : ndarray, shape (units,)
        Where they should go: dashed.

    Returns
    -------
    matplotlib.figure.Figure
    """
    means = numbers(means, "means", "draws, units")
    wanted = numbers(wanted, "wanted", f"{means.shape[1]}", finite=True)
    figure, axes = panels(1, 1, height=2.8)
    axis, draws = axes[0, 0], np.arange(1, len(means) + 1)
    for unit, value in enumerate(wanted):
        axis.axhline(value, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)), zorder=1)
        axis.plot(draws, means[:, unit], color=(PLUS, MUTED, MINUS, INK)[unit % 4], linewidth=1.6, zorder=2)
        place, text = (draws[-1] * 1.15, value), f"unit {unit}: {number(value)}"
        axis.text(*place, text, va="center", fontsize=8.5, color=INK)
    axis.set_xscale("log")
    ticks = 10 ** np.arange(int(np.log10(len(means))) + 1)
    axis.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axis.minorticks_off()
    axis.set_xlim(1, draws[-1])
    axis.set_xlabel("masks drawn so far")
    axis.axhline(0, color=LINE, linewidth=0.8, zorder=0)
    label(axis, "mean in training", "dashed: the value at test")
    return figure
