"""Figures of chapter 15: what every rung of the ladder takes, and layers below a roofline."""

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

_MARKERS = "os^Dvp"


def rungs(names, seconds):
    """Show how long layers take from rung to rung, on a logarithmic scale.

    Parameters
    ----------
    names : sequence of str
        The rungs.
    seconds : dict of str to ndarray, shape (rungs,)
        One to six layers by their names, above 0; what is not finite was not possible, and the line goes on.

    Returns
    -------
    matplotlib.figure.Figure
    """
    equal_lengths(names=names)
    check_named(seconds, "seconds", len(_MARKERS))
    figure, axes = panels(height=3.6)
    axis, shades = axes[0, 0], [1, *np.linspace(0.45, 1, 4), 1]  # the first and the last have a colour
    for (name, values), marker, shade in zip(seconds.items(), _MARKERS, shades, strict=False):
        values = _positive(numbers(values, f"seconds[{name!r}]", f"{len(names)}"), f"seconds[{name!r}]")
        known = np.flatnonzero(np.isfinite(values))
        colour = {0: PLUS, len(seconds) - 1: MINUS}.get(list(seconds).index(name), INK)
        axis.plot(known, values[known], color=colour, alpha=shade, marker=marker, markersize=4.5, label=name)
    axis.set_yscale("log")
    axis.yaxis.set_major_formatter(_time)
    axis.grid(axis="y", color=LINE, linewidth=0.6)
    axis.set_xticks(range(len(names)), [name.replace(" ", "\n", 1) for name in names], fontsize=8)
    axis.tick_params(colors=INK, length=0, which="both")
    axis.legend(frameon=False, fontsize=8, labelcolor=INK)
    label(axis, "time of a layer", "ten times as long at each line")
    return figure


def roofline(names, roofs, layers):
    """Show how many products a second layers reach, over products a byte, below a machine's roofs.

    Parameters
    ----------
    names : sequence of str
        The layers.
    roofs : dict of str to ndarray, shape (2,)
        One or two machines by their names: bytes of memory, and products, that they manage a second.
    layers : dict of str to ndarray, shape (layers, 2)
        One or two cases by their names: products a byte, and products a second; above 0. The first is filled,
        the second hollow, and a line leads from the second to the first.

    Returns
    -------
    matplotlib.figure.Figure
    """
    equal_lengths(names=names)
    check_named(roofs, "roofs", 2)
    check_named(layers, "layers", 2)
    points = [
        _positive(numbers(value, f"layers[{case!r}]", f"{len(names)}, 2", finite=True), f"layers[{case!r}]")
        for case, value in layers.items()
    ]
    figure, axes = panels(height=4.2)
    axis = axes[0, 0]
    everything = np.concatenate(points)
    low, high = everything[:, 0].min() / 3, everything[:, 0].max() * 4
    for (name, values), dashes in zip(roofs.items(), ("-", "--"), strict=False):
        memory, most = _positive(numbers(values, f"roofs[{name!r}]", "2", finite=True), f"roofs[{name!r}]")
        x = np.array([low, *sorted({min(max(most / memory, low), high), high})])
        axis.plot(x, np.minimum(x * memory, most), color=MUTED, linestyle=dashes, linewidth=1.6)
        axis.annotate(
            name, (high, most), (0, 4), textcoords="offset points", ha="right", fontsize=8, color=INK
        )
    for one, other in zip(points[0], points[-1], strict=True):
        axis.plot(*np.transpose([one, other]), color=LINE, linewidth=1, zorder=1)
    for values, case, fill in zip(points, layers, (PLUS, PAPER), strict=False):
        style = {"facecolor": fill, "edgecolor": PLUS if fill == PAPER else PAPER, "label": case, "s": 42}
        axis.scatter(*values.T, zorder=3, **style)
    for name, (x, y) in zip(names, points[0], strict=True):
        axis.annotate(name, (x, y), (6, -10), textcoords="offset points", fontsize=8, color=INK)
    axis.set(xscale="log", yscale="log", xlim=(low, high))
    axis.xaxis.set_major_formatter("{x:g}")
    axis.yaxis.set_major_formatter(lambda value, _: f"{value / 1e9:g} G")
    axis.set_xlabel("products for each byte that has to be moved")
    axis.tick_params(which="minor", length=0)
    axis.grid(color=LINE, linewidth=0.5)
    axis.legend(frameon=False, fontsize=8, loc="lower right", labelcolor=INK)
    label(axis, "products a second")
    return figure


def _positive(values, name):
    """Return the values if all that are finite are above 0, or raise ValueError."""
    if (values[np.isfinite(values)] <= 0).any():
        raise ValueError(f"{name} must hold numbers above 0; got {values.min()}")
    return values


def _time(value, _):
    """Write a power of ten of a second."""
    return f"{value:,.0f} s" if value >= 1 else f"{1000 * value:g} ms"
