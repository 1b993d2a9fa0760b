"""Figures of chapter 09: from scores to shares, and what the loss charges for a share."""

import numpy as np

from alexnet_course.plots.style import (
    INK,
    LINE,
    MINUS,
    MUTED,
    PLUS,
    below,
    equal_lengths,
    label,
    number,
    numbers,
    panels,
)


def shares_of_scores(scores, shares, truth, names):
    """Show the scores of a few classes, their exponentials, and the shares that these make of 1.

    Parameters
    ----------
    scores, shares : ndarray, shape (classes,)
        Scores up to 700: the exponentials of larger ones exceed every float.
    truth : int
        The true class, marked.
    names : sequence of str
        One a class.

    Returns
    -------
    matplotlib.figure.Figure
        Three panels of bars, with their numbers.
    """
    scores = numbers(scores, "scores", "classes", finite=True)
    shares = numbers(shares, "shares", f"{len(scores)}", finite=True)
    equal_lengths(names=names, scores=scores)
    truth = below(truth, "truth", len(scores))
    if scores.max() > 700:
        raise ValueError(f"scores must be at most 700, so that exp(z) is a number; got {scores.max():g}")
    figure, axes = panels(1, 3, height=2.1)
    columns = (
        (scores, number, "score z", ""),
        (np.exp(scores), "{:.3f}".format, "exp(z)", ""),
        (shares, "{:.4f}".format, "share p", "together 1"),
    )
    for axis, (values, text, title, detail) in zip(axes[0], columns, strict=True):
        colours = [PLUS if value >= 0 else MINUS for value in values]
        axis.barh(np.arange(len(values)), values, height=0.62, color=colours)
        low, high = min(0.0, float(values.min())), max(float(values.max()), 1e-9)
        for i, value in enumerate(values):
            axis.text(max(value, 0) + 0.03 * (high - low), i, text(value), va="center", color=INK)
        axis.set_xlim(1.1 * low, high + 0.42 * (high - low))
        axis.axvline(0, color=MUTED, linewidth=0.8)
        axis.invert_yaxis()
        axis.set_xticks([])
        axis.set_yticks([])
        axis.spines[:].set_visible(False)
        label(axis, title, detail)
    shown = [f"{name}\n(the truth)" if i == truth else name for i, name in enumerate(names)]
    axes[0, 0].set_yticks(range(len(names)), shown, fontsize=9)
    axes[0, 0].tick_params(length=0, colors=INK)
    return figure


def loss_of_share(marks):
    """Show the loss for every share that the true class may get, with a few shares marked.

    Parameters
    ----------
    marks : dict of str to float
        Shares between 0 and 1, and what to call them.

    Returns
    -------
    matplotlib.figure.Figure
        The shares are on a logarithmic scale, on which the loss is a straight line.
    """
    equal_lengths(marks=marks)
    shares = numbers(list(marks.values()), "marks", "shares", finite=True)
    if not (shares.min() > 0 and shares.max() <= 1):
        raise ValueError(f"marks must be shares above 0, up to 1; got {shares.min():g} to {shares.max():g}")
    figure, axes = panels(1, 2, height=2.7)
    p = np.geomspace(1 / 2000, 1, 400)
    for axis, title in zip(axes[0], ("loss", "the same, p on a scale of halves"), strict=True):
        axis.plot(p, -np.log(p), color=PLUS, linewidth=2)
        axis.set_xlabel("share p of the true class")
        axis.axhline(0, color=LINE, linewidth=0.8, zorder=0)
        axis.set_ylim(-0.3, 8)
        label(axis, title, "nats")
        for share in marks.values():
            axis.plot([share], [-np.log(share)], "o", color=INK, markersize=5, zorder=3)
    plain, halving = axes[0]
    plain.set_xticks([0, 0.25, 0.5, 0.75, 1])
    halving.set_xscale("log", base=2)
    powers = np.arange(0, -11, -2)
    halving.set_xticks(2.0**powers, [f"1/{2**-k}" if k else "1" for k in powers])
    halving.minorticks_off()
    for name, share in marks.items():
        right = share < max(marks.values())  # the largest share has room below the line only
        place = {"ha": "left", "va": "bottom"} if right else {"ha": "right", "va": "top"}
        step = 1 if right else -1
        at = share * 1.25**step, -np.log(share) + 0.08 * step
        halving.text(*at, f"{name}, {-np.log(share):.4f}", fontsize=8, color=INK, **place)
    halving.set_xlim(1 / 2000, 16)
    return figure


def shares_in_order(shares):
    """Show the shares of many classes, from the largest to the smallest, with what an equal share would be.

    Parameters
    ----------
    shares : ndarray, shape (classes,)

    Returns
    -------
    matplotlib.figure.Figure
        The axis of shares starts at 0.
    """
    shares = numbers(shares, "shares", "classes", finite=True)
    figure, axes = panels(1, 1, height=2.2)
    axis, classes = axes[0, 0], len(shares)
    axis.plot(np.arange(classes), np.sort(shares)[::-1], color=PLUS, linewidth=2)
    axis.plot([0, classes], [1 / classes] * 2, color=INK, linewidth=1, linestyle=":")
    axis.set_ylim(0, 1.25 * float(max(shares.max(), 1 / classes)))
    axis.set_xlim(-0.005 * classes, 1.14 * classes)
    axis.text(1.01 * classes, 1 / classes, f"1/{classes}", va="center", color=INK, fontsize=9)
    axis.set_yticks([0, float(shares.max())], ["0", f"{shares.max():.4f}"])
    axis.set_xticks([])
    axis.set_xlabel(f"the {classes} classes, from the largest share to the smallest")
    label(axis, "share p")
    return figure
