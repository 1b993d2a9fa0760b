"""Figures of chapter 17: runs that were compared, where two networks part, and what a part is worth where."""

import numpy as np

from alexnet_course.plots.style import (
    INK,
    LINE,
    MINUS,
    MUTED,
    PAPER,
    PLUS,
    check_named,
    equal_lengths,
    label,
    numbers,
    panels,
)

_STYLES = ((PLUS, "-", "o"), (MINUS, "--", "s"), (INK, ":", "^"), (MUTED, "-.", "D"), (INK, "-", "v"))


def runs_compared(names, points, printed):
    """Show how many points the errors of runs lie above those of the run that each is compared with.

    Parameters
    ----------
    names : sequence of str
    points : ndarray, shape (runs, 2)
        Percentage points, top-1 and top-5.
    printed : sequence of bool
        Whether the paper prints the comparison; the others are hollow.

    Returns
    -------
    matplotlib.figure.Figure
    """
    points = numbers(points, "points", "runs, 2", finite=True)
    equal_lengths(names=names, points=points, printed=printed)
    figure, axes = panels(height=0.9 + 0.42 * len(names))
    axis = axes[0, 0]
    for place, (row, known) in enumerate(zip(points, printed, strict=True)):
        for shift, value, colour in ((-0.19, row[0], PLUS), (0.19, row[1], MINUS)):
            fill = colour if known else PAPER
            axis.barh(place + shift, value, height=0.34, color=fill, edgecolor=colour, linewidth=1.5)
            side = {"ha": "right", "x": -4} if value < 0 else {"ha": "left", "x": 4}
            axis.annotate(
                f"{value:+.2f}".replace("-", "\N{MINUS SIGN}"),
                (value, place + shift),
                (side["x"], 0),
                textcoords="offset points",
                ha=side["ha"],
                va="center",
                fontsize=8,
                color=INK,
            )
    axis.axvline(0, color=INK, linewidth=1)
    axis.margins(x=0.14)
    axis.set_yticks(range(len(names)), names, fontsize=9)
    axis.tick_params(colors=INK, length=0)
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.set_xlabel("percentage points of error, top-1 above, top-5 below")
    label(axis, "error above the run compared with", "filled: in the paper")
    return figure


def parting(names, changes, shares):
    """Show how far two networks lie apart from stage to stage, for each change alone and for all.

    Parameters
    ----------
    names : sequence of str
        The stages.
    changes : sequence of str
        Up to five.
    shares : dict of str to ndarray, shape (changes, stages)
        One or two panels by their titles; the length of the difference over that of the output. Zero is not
        drawn: the axis is logarithmic.

    Returns
    -------
    matplotlib.figure.Figure
    """
    equal_lengths(names=names)
    check_named(shares, "shares", 2)
    if not 1 <= len(changes) <= len(_STYLES):
        raise ValueError(f"changes must be one to five; got {len(changes)}")
    figure, axes = panels(1, len(shares), height=3.0, sharey=True)
    for axis, (title, values) in zip(axes[0], shares.items(), strict=True):
        values = numbers(values, f"shares[{title!r}]", f"{len(changes)}, {len(names)}", finite=True)
        for row, change, (colour, dashes, marker) in zip(values, changes, _STYLES, strict=False):
            apart = np.flatnonzero(row > 0)
            style = {"color": colour, "linestyle": dashes, "marker": marker}
            axis.plot(apart, 100 * row[apart], label=change, markersize=3.5, linewidth=1.5, **style)
        axis.set_yscale("log")
        axis.yaxis.set_major_formatter("{x:g}")
        axis.grid(axis="y", color=LINE, linewidth=0.6)
        axis.set_xticks(range(len(names)), names, rotation=60, fontsize=8)
        label(axis, title)
    axes[0, 0].set_ylabel("% apart")
    axes[0, -1].legend(
        frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5), labelcolor=INK
    )
    return figure


def worth(names, gains):
    """Show what parts of a network are worth in several experiments, with two standard errors to either side.

    Parameters
    ----------
    names : sequence of str
        The parts.
    gains : dict of str to ndarray, shape (parts, 2)
        By experiment, up to five: percentage points gained, and their standard error; 0 where none is known.
        What is NaN was not tried.

    Returns
    -------
    matplotlib.figure.Figure
    """
    equal_lengths(names=names)
    check_named(gains, "gains", len(_STYLES))
    figure, axes = panels(height=1.1 + 0.42 * len(names))
    axis = axes[0, 0]
    axis.axvline(0, color=MUTED, linewidth=1, linestyle=":", zorder=0)
    for i, ((name, values), (colour, _, marker)) in enumerate(zip(gains.items(), _STYLES, strict=False)):
        values = numbers(values, f"gains[{name!r}]", f"{len(names)}, 2")
        places = np.arange(len(names)) + 0.22 * (i - (len(gains) - 1) / 2)
        tried = np.isfinite(values).all(axis=1)
        known = tried & (values[:, 1] > 0)
        style = {"color": colour, "capsize": 2.5, "linestyle": "none"}
        axis.errorbar(values[known, 0], places[known], xerr=2 * values[known, 1], **style)
        axis.plot(values[tried, 0], places[tried], marker, color=colour, markersize=5, label=name)
    axis.set_yticks(range(len(names)), names, fontsize=9)
    axis.tick_params(colors=INK, length=0)
    axis.set_ylim(len(names) - 0.5, -0.5)
    axis.set_xlabel("percentage points gained")
    axis.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5), labelcolor=INK)
    label(axis, "what a part is worth")
    return figure
