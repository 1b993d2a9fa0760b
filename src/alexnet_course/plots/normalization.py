"""Figures of chapter 05: neighbours that quieten each other, the factor against activity, maps of Chelsea."""

from itertools import cycle

import numpy as np

from alexnet_course.plots.style import (
    INK,
    LINE,
    MINUS,
    MUTED,
    PLUS,
    colours,
    equal_lengths,
    label,
    limit,
    magnitudes,
    number,
    numbers,
    panels,
    picture,
    robust_limit,
)


def normalized_bars(before, after, loudness, curves):
    """Show responses before and after normalization, and how they change while one map gets louder.

    Parameters
    ----------
    before, after : ndarray, shape (C,)
        Responses of C maps at one place.
    loudness : ndarray, shape (M,)
        Values of one map, from 0 up.
    curves : ndarray, shape (M, C)
        All maps after normalization, for each of these values.

    Returns
    -------
    matplotlib.figure.Figure
    """
    before = numbers(before, "before", "C", finite=True)
    after = numbers(after, "after", f"{len(before)}", finite=True)
    loudness = numbers(loudness, "loudness", "M", finite=True)
    curves = numbers(curves, "curves", f"{len(loudness)}, {len(before)}", finite=True)
    figure, axes = panels(1, 2, height=2.6, width_ratios=[1, 1.25])
    bars, lines = axes[0]
    place = np.arange(len(before))
    for offset, values, colour in ((-0.2, before, LINE), (0.2, after, PLUS)):
        drawn = bars.bar(place + offset, values, width=0.36, color=colour)
        texts = [f"{value:.3g}" for value in values]
        bars.bar_label(drawn, texts, padding=2, fontsize=8, color=INK)
    bars.set_xticks(place, [f"map {c}" for c in place])
    bars.set_yticks([])
    bars.spines["left"].set_visible(False)
    label(bars, "one place", "grey before, orange after")
    gap = 0.05 * curves.max()  # so that labels of curves that end together stay apart
    ends = curves[-1] + [gap * (rank - 1) for rank in np.argsort(np.argsort(curves[-1]))]
    styles = cycle([(MINUS, "--"), (PLUS, "-"), (INK, ":")])
    for c, (colour, style) in zip(place, styles, strict=False):
        lines.plot(loudness, curves[:, c], style, color=colour, linewidth=2)
        lines.text(loudness[-1] * 1.02, ends[c], f"map {c}", color=colour, va="center")
    lines.set_xlim(0, loudness[-1] * 1.16)
    lines.set_ylim(0, None)
    lines.set_xlabel("map 1 before")
    label(lines, "after normalization")
    return figure


def factor_curves(activity, curves, marked=None):
    """Show the factor that normalization multiplies with, against an activity on a logarithmic scale.

    Parameters
    ----------
    activity : ndarray, shape (M,)
        Positive.
    curves : dict of str to ndarray of shape (M,)
        A label and the factors of each curve.
    marked : tuple of float, optional
        (activity, factor) of a point to mark.

    Returns
    -------
    matplotlib.figure.Figure
    """
    activity = numbers(activity, "activity", "M", finite=True)
    equal_lengths(curves=curves)
    curves = {
        name: numbers(values, f"curves[{name!r}]", f"{len(activity)}", finite=True)
        for name, values in curves.items()
    }
    figure, axes = panels(1, 1, height=2.6)
    axis = axes[0, 0]
    styles = cycle([(PLUS, "-"), (MINUS, "--"), (INK, ":")])
    for (name, values), (colour, style) in zip(curves.items(), styles, strict=False):
        axis.semilogx(activity, values, style, color=colour, linewidth=2)
        middle = int(np.argmin(np.abs(values - values.max() / 4)))
        left = style == "-"  # the first curve is labelled on its left, the others on their right
        place = activity[middle] * (0.85 if left else 1.18)
        axis.text(place, values[middle], name, color=colour, va="center", ha="right" if left else "left")
    if marked is not None:
        axis.plot(*marked, "o", color=INK, markersize=5)
        axis.annotate(
            f"at {number(marked[0])}: {marked[1]:.4f}",
            *(marked, (-8, -2)),
            textcoords="offset points", ha="right", va="top", color=INK,
        )  # fmt: skip
    axis.set_ylim(0, limit(*curves.values()) * 1.1)
    axis.axhline(0, color=LINE, linewidth=0.8)
    axis.set_xlabel("response of all five maps")
    label(axis, "factor")
    return figure


def normalized_maps(photograph, before, factor, after):
    """Show a photograph, one of its maps, the factor at each place, and the normalized map.

    Parameters
    ----------
    photograph : ndarray, shape (H, W, 3)
        Colours, 0 to 255.
    before, factor, after : ndarray, shape (H', W')
        From 0 up; ``after = before * factor``.

    Returns
    -------
    matplotlib.figure.Figure
    """
    photograph, before = colours(photograph, "photograph"), numbers(before, "before", "H', W'")
    shape = f"{before.shape[0]}, {before.shape[1]}"
    factor, after = numbers(factor, "factor", shape), numbers(after, "after", shape)
    figure, axes = panels(1, 4, height=2.0)
    picture(axes[0, 0], photograph)
    label(axes[0, 0], "photograph")
    for axis, name, values in zip(
        axes[0, 1:], ("before", "factor", "after"), (before, factor, after), strict=True
    ):
        most = limit(values) if name == "factor" else robust_limit(values)
        magnitudes(axis, values, most)
        label(axis, name)
        axis.set_xlabel(f"0 to {most:.3g}", fontsize=8, color=MUTED)
    return figure
