"""Figures of chapter 13: losses step by step, a whole run, and what each change is worth."""

import numpy as np

from alexnet_course.plots.style import INK, LINE, MINUS, MUTED, PLUS, equal_lengths, label, numbers, panels

_STYLES = ((PLUS, "-", "o"), (MINUS, "--", "s"), (INK, ":", "^"))


def losses(lines):
    """Show the loss before each step of a few runs.

    Parameters
    ----------
    lines : dict of str to sequence of float
        Up to three runs of equal length, by what to call them.

    Returns
    -------
    matplotlib.figure.Figure
        The axis of losses starts at 0.
    """
    if not 1 <= len(lines) <= 3:
        raise ValueError(f"lines must hold one to three lines; got {len(lines)}")
    lines = {name: numbers(line, f"lines[{name!r}]", "steps", finite=True) for name, line in lines.items()}
    equal_lengths(**lines)
    figure, axes = panels(height=2.6)
    axis = axes[0, 0]
    for (name, values), (colour, dashes, marker) in zip(lines.items(), _STYLES, strict=False):
        axis.plot(values, color=colour, linestyle=dashes, marker=marker, linewidth=2, markersize=4)
        axis.text(len(values) - 0.8, values[-1], name, va="center", color=INK)
    axis.set_xlim(-0.3, 1.28 * (len(values) - 0.5))
    axis.set_ylim(bottom=0)
    axis.set_xticks(range(0, len(values), max(len(values) // 10, 1)))
    axis.set_xlabel("steps taken")
    label(axis, "mean loss", "nats")
    return figure


def training_run(learned, held_out, cuts):
    """Show what networks get right, epoch by epoch, of the pictures that they learn from and of others.

    Parameters
    ----------
    learned, held_out : ndarray, shape (seeds, epochs)
        Shares from 0 to 1.
    cuts : sequence of int
        After how many epochs the rate was divided by ten.

    Returns
    -------
    matplotlib.figure.Figure
        A thin line a seed, a thick one for their mean.
    """
    learned = numbers(learned, "learned", "seeds, epochs", finite=True)
    held_out = numbers(held_out, "held_out", "seeds, epochs", finite=True)
    if learned.shape != held_out.shape:
        raise ValueError(f"learned and held_out must have one shape; got {learned.shape}, {held_out.shape}")
    figure, axes = panels(height=2.8)
    axis, epochs = axes[0, 0], np.arange(1, learned.shape[1] + 1)
    parts = (("learned from", learned, PLUS, "-"), ("held out", held_out, MINUS, "--"))
    for name, shares, colour, dashes in parts:
        axis.plot(epochs, 100 * shares.T, color=colour, linestyle=dashes, linewidth=0.7, alpha=0.6)
        axis.plot(epochs, 100 * shares.mean(axis=0), color=colour, linestyle=dashes, linewidth=2.2)
        axis.text(epochs[-1] + 0.4, 100 * shares[:, -1].mean(), name, va="center", color=INK)
    low, high = axis.get_ylim()
    for cut in cuts:
        axis.axvline(cut + 0.5, color=LINE, linewidth=1, zorder=0)
        axis.text(cut + 0.35, low + 0.04 * (high - low), "rate / 10", ha="right", fontsize=8, color=MUTED)
    axis.set_xlim(0.5, 1.2 * epochs[-1])
    axis.set_xticks([1, *range(5, epochs[-1] + 1, 5)])
    axis.set_xlabel("epoch")
    label(axis, "right", "percent")
    return figure


def ablation(changes, values):
    """Show what each change is worth: a mean with its standard error, beside what is unchanged.

    Parameters
    ----------
    changes : dict of str to sequence of str
        One or two panels by their titles; in each, what was changed. ``"as it is"`` is what to compare with.
    values : dict of str to ndarray, shape (changes, 2)
        By the same titles: percent right, and its standard error.

    Returns
    -------
    matplotlib.figure.Figure
        The bars are two standard errors to either side. A difference of more than two has a colour.
    """
    if changes.keys() != values.keys() or not 1 <= len(changes) <= 2:
        raise ValueError(
            f"changes and values must have one or two titles, the same; got {[*changes]}, {[*values]}"
        )
    longest = max(map(len, changes.values()))
    figure, axes = panels(1, len(changes), height=1 + 0.27 * longest, sharex=True)
    for axis, (title, names) in zip(axes[0], changes.items(), strict=True):
        if "as it is" not in names:
            raise ValueError(f"changes[{title!r}] must hold 'as it is'; got {', '.join(names)}")
        rows = numbers(values[title], f"values[{title!r}]", f"{len(names)}, 2", finite=True)
        usual, doubt = rows[list(names).index("as it is")]
        axis.axvline(usual, color=MUTED, linewidth=1, linestyle=":", zorder=0)
        for place, (right, error) in enumerate(rows):
            clear = abs(right - usual) > 2 * np.hypot(error, doubt)
            colour = INK if not clear else PLUS if right > usual else MINUS
            axis.errorbar(right, place, xerr=2 * abs(error), fmt="o", color=colour, markersize=4, capsize=2.5)
        axis.set_yticks(range(len(names)), names, fontsize=8)
        axis.tick_params(colors=INK, length=0)
        axis.set_ylim(longest - 0.4, -0.6)
        axis.set_xlabel("percent right")
        label(axis, title)
    return figure
