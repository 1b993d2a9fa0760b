"""Figures of chapter 12: gradients on the wires, the loss beside its slope, and what a nudge may be."""

import numpy as np
from matplotlib.patches import Rectangle

from alexnet_course.plots.style import (
    ACCENT,
    INK,
    LINE,
    MINUS,
    MUTED,
    PAPER,
    PLUS,
    colours,
    equal_lengths,
    label,
    magnitudes,
    numbers,
    panels,
    picture,
    robust_limit,
)


def gradient_wires(titles, names, values, gradients, weights):
    """Show a few dense layers as units and wires, each unit with its number and its gradient.

    Parameters
    ----------
    titles : sequence of str
        One a layer, from the left.
    names, values, gradients : sequence of sequence of str, of ndarray, of ndarray, shape (units,)
        The units of each layer.
    weights : sequence of ndarray, shape (units, units of the next layer)
        Wires between neighbouring layers; a weight of 0 is no wire.

    Returns
    -------
    matplotlib.figure.Figure
        Solid wires have positive weights, dashed ones negative. A thick wire carries a gradient back.
    """
    equal_lengths(titles=titles, names=names, values=values, gradients=gradients)
    equal_lengths(weights=weights)
    if len(weights) != len(names) - 1:
        raise ValueError(f"weights must be {len(names) - 1} matrices between layers; got {len(weights)}")
    layers, wires = [], []
    for units, value, gradient in zip(names, values, gradients, strict=True):
        equal_lengths(names=units)
        value = numbers(value, "values", f"{len(units)}", finite=True)
        layers.append((units, value, numbers(gradient, "gradients", f"{len(units)}", finite=True)))
    for left, right, matrix in zip(names[:-1], names[1:], weights, strict=True):
        wires.append(numbers(matrix, "weights", f"{len(left)}, {len(right)}", finite=True))
    tallest = max(len(units) for units in names)
    figure, axes = panels(1, 1, height=0.6 + 0.36 * tallest)
    axis, gap, half = axes[0, 0], 3.4, 0.85

    def height(units, i):
        return (i + 0.5) * tallest / units

    for at, matrix in enumerate(wires):
        for (i, j), weight in np.ndenumerate(matrix):
            if not weight:
                continue
            back = abs(weight * layers[at + 1][2][j])
            axis.plot(
                [gap * at + half, gap * (at + 1) - half],
                [height(matrix.shape[0], i), height(matrix.shape[1], j)],
                color=(PLUS if weight > 0 else MINUS) if back else LINE,
                linewidth=1 + 1.4 * min(back, 2),
                linestyle="-" if weight > 0 else (0, (4, 2)),
                zorder=1,
            )
    for at, (layer, title) in enumerate(zip(layers, titles, strict=True)):
        axis.text(gap * at, -0.35, title, ha="center", fontweight="bold", color=INK)
        for i, (name, value, gradient) in enumerate(zip(*layer, strict=True)):
            y = height(len(layer[0]), i)
            colour = (PLUS if gradient > 0 else MINUS) if gradient else MUTED
            text = {"va": "center", "fontsize": 8}
            corner = (gap * at - half, y - 0.31)
            axis.add_patch(Rectangle(corner, 2 * half, 0.62, facecolor=PAPER, edgecolor=LINE, zorder=2))
            axis.text(gap * at - 0.78, y, name, ha="left", color=MUTED, zorder=3, **text)
            axis.text(gap * at + 0.06, y, _written(value, 2), ha="right", color=INK, zorder=3, **text)
            axis.text(
                gap * at + 0.78, y, _written(gradient, 4), ha="right", color=colour, fontweight="bold",
                zorder=3, **text,
            )  # fmt: skip
    axis.set_xlim(-1, gap * (len(layers) - 1) + 1)
    axis.set_ylim(tallest, -0.7)
    axis.axis("off")
    return figure


def loss_beside_slope(moves, losses, slopes):
    """Show how the loss changes as one number moves, beside the straight line of its gradient.

    Parameters
    ----------
    moves : ndarray, shape (n,)
        By how much the number is moved; 0 among them.
    losses : dict of str to ndarray, shape (n,)
        The loss at these moves, for each number that is looked at.
    slopes : ndarray, shape (numbers,)
        The gradient of each.

    Returns
    -------
    matplotlib.figure.Figure
        One panel a number, all on the same scales.
    """
    equal_lengths(losses=losses)
    slopes = numbers(slopes, "slopes", f"{len(losses)}", finite=True)
    moves = numbers(moves, "moves", "n", finite=True)
    figure, axes = panels(1, len(losses), height=2.4, sharey=True)
    for axis, (name, loss), slope in zip(axes[0], losses.items(), slopes, strict=True):
        loss = numbers(loss, "losses", f"{len(moves)}", finite=True)
        start = loss[np.abs(moves).argmin()]
        axis.plot(moves, start + slope * moves, color=INK, linewidth=1.2, linestyle="--")
        axis.plot(moves, loss, color=PLUS, linewidth=2.2)
        axis.plot([0], [start], "o", color=ACCENT, markersize=6)
        axis.set_xlabel("moved by")
        label(axis, name, f"gradient {_written(slope, 4)}")
    axes[0, 0].set_ylabel("loss")
    return figure


def gap_of_step(steps, gaps):
    """Show how far a central difference is from the gradient, for steps of every size.

    Parameters
    ----------
    steps : ndarray, shape (n,)
        Above 0.
    gaps : dict of str to ndarray, shape (n,)
        The gap at these steps, for each type of number; a gap of 0 is left out.

    Returns
    -------
    matplotlib.figure.Figure
        Both axes are logarithmic.
    """
    equal_lengths(gaps=gaps)
    steps = numbers(steps, "steps", "n", finite=True)
    if steps.min() <= 0:
        raise ValueError(f"steps must be above 0; got {steps.min():g}")
    figure, axes = panels(1, 1, height=2.6)
    axis = axes[0, 0]
    for (name, gap), colour in zip(gaps.items(), (MINUS, PLUS, INK), strict=False):
        gap = numbers(gap, "gaps", f"{len(steps)}", finite=True)
        axis.plot(steps[gap > 0], gap[gap > 0], "o-", color=colour, linewidth=2, markersize=4)
        axis.text(steps.min() / 1.6, gap[steps.argmin()] or gap.max(), name, ha="right", va="center")
    axis.set_xscale("log")
    axis.set_yscale("log")
    axis.set_xlim(steps.min() / 30, steps.max() * 2)
    axis.set_xlabel("step: how far a number is nudged")
    label(axis, "gap between central difference and gradient", "too small: rounding   too large: uneven bend")
    return figure


def gradient_of_pixels(image, strength):
    """Show a photograph beside how much an answer hangs on each of its pixels.

    Parameters
    ----------
    image : ndarray of 0 to 255, shape (H, W, 3)
    strength : ndarray, shape (H, W)
        A magnitude a pixel, from 0.

    Returns
    -------
    matplotlib.figure.Figure
        The strongest half per cent of the pixels share the strongest colour, so as not to dim all others.
    """
    image = colours(image, "image", "H, W, 3")
    strength = numbers(strength, "strength", f"{len(image)}, {image.shape[1]}", finite=True)
    figure, axes = panels(1, 2, height=3.4)
    picture(axes[0, 0], image)
    label(axes[0, 0], "photograph")
    magnitudes(axes[0, 1], strength, robust_limit(strength))
    label(axes[0, 1], "gradient of its score", "stronger: more")
    return figure


def _written(value, decimals):
    """Write a number with at most so many decimals and a true minus sign."""
    return f"{round(float(value), decimals) or 0:g}".replace("-", "\N{MINUS SIGN}")
