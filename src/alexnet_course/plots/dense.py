"""Figures of chapter 07: flatten orders, a dense layer as a table, where parameters and work are."""

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
    cells,
    equal_lengths,
    label,
    limit,
    number,
    numbers,
    panels,
)

_TONES = (PAPER, LIGHT.silver, LIGHT.pewter, LIGHT.slate)  # one a map; INK can be read on all


def flatten_orders(maps):
    """Show small maps, and the two rows that flattening makes of them.

    Parameters
    ----------
    maps : ndarray, shape (H, W, C)
        At most four maps.

    Returns
    -------
    matplotlib.figure.Figure
        Left the maps; right the row in the order rows, columns, channels above the one in the order
        channels, rows, columns. Each cell holds the number and the map that it comes from.
    """
    maps = numbers(maps, "maps", "H, W, C")
    height, width, channels = maps.shape
    figure, axes = panels(1, 2, height=1.3, width_ratios=[channels * (width + 0.6), 1.08 * maps.size])
    left, right = axes[0]
    for row, column, c in np.ndindex(maps.shape):
        _cell(left, c * (width + 0.6) + column, row, maps[row, column, c], c)
    for c in range(channels):
        middle = c * (width + 0.6) + (width - 1) / 2
        left.text(middle, -0.75, f"map {c}", ha="center", fontsize=8, color=MUTED)
    by_map = np.broadcast_to(np.arange(channels), maps.shape)
    for row, (name, order) in enumerate((("H, W, C", (0, 1, 2)), ("C, H, W", (2, 0, 1)))):
        values, origins = (array.transpose(order).ravel() for array in (maps, by_map))
        for at, (value, c) in enumerate(zip(values, origins, strict=True)):
            _cell(right, at, 1.8 * row, value, c, named=True)
        right.text(-0.7, 1.8 * row, name, ha="right", va="center", fontsize=8, color=INK)
    left.set(xlim=(-0.6, channels * (width + 0.6) - 1), ylim=(height - 0.4, -1.1))
    right.set(xlim=(-2.4, maps.size - 0.4), ylim=(2.7, -0.7))
    for axis in (left, right):
        axis.set_aspect("equal")
        axis.axis("off")
    return figure


def _cell(axes, x, y, value, c, named=False):
    """Draw a number in a cell with the tone of its map, and below it, if asked for, the map's name."""
    tone = _TONES[c % len(_TONES)]
    axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, facecolor=tone, edgecolor=MUTED, linewidth=0.8))
    axes.text(x, y, number(value), ha="center", va="center", fontsize=9, color=INK)
    if named:
        axes.text(x, y + 0.62, f"m{c}", ha="center", va="top", fontsize=7, color=MUTED)


def dense_table(features, weight, bias):
    """Show a small dense layer: features above their weights, biases beside them; the sums are the reader's.

    Parameters
    ----------
    features : ndarray, shape (in_features,)
    weight : ndarray, shape (in_features, out_features)
        Drawn with one row for each output; weights of 0 are left empty.
    bias : ndarray, shape (out_features,)

    Returns
    -------
    matplotlib.figure.Figure
    """
    weight = numbers(weight, "weight", "in_features, out_features")
    inputs, outputs = weight.shape
    features, bias = numbers(features, "features", f"{inputs}"), numbers(bias, "bias", f"{outputs}")
    heaviest = limit(weight, bias)
    figure, axes = panels(2, 2, height=3.1, height_ratios=[1, outputs], width_ratios=[inputs, 1])
    (top, unused), (weights, biases) = axes
    unused.axis("off")
    cells(top, features[np.newaxis], most=limit(features))
    label(top, "features")
    cells(weights, weight.T, most=heaviest, text=lambda value: number(value) if value else "")
    cells(biases, bias[:, np.newaxis], most=heaviest)
    label(weights, "weights")
    label(biases, "bias")
    for axis in (top, weights, biases):
        axis.set_aspect("auto")  # so that each feature stands above its weights
    for output in range(outputs):
        weights.text(-0.8, output, f"h{output}", ha="right", va="center", fontsize=9, color=INK)
    for at in range(inputs):
        top.text(at, 0.85, str(at), ha="center", va="center", fontsize=7, color=MUTED)
    return figure


def parameters_and_work(names, parameters, products):
    """Show each layer's share of a network's parameters and of its multiply-accumulates.

    Parameters
    ----------
    names : sequence of str
        One a layer; those that start with ``"fc"`` are drawn as dense layers.
    parameters, products : sequence of int
        One a layer.

    Returns
    -------
    matplotlib.figure.Figure
    """
    parameters = numbers(parameters, "parameters", "layers", finite=True)
    products = numbers(products, "products", "layers", finite=True)
    equal_lengths(names=names, parameters=parameters, products=products)
    figure, axes = panels(1, 2, height=2.4, sharey=True)
    places = np.arange(len(names))
    colours = [PLUS if name.startswith("fc") else MINUS for name in names]
    longest = max(
        counts.max() / limit(counts.sum()) for counts in (parameters, products)
    )  # one scale for both panels
    for axis, counts, title in zip(
        axes[0], (parameters, products), ("parameters", "multiply-accumulates"), strict=True
    ):
        shares = counts / limit(counts.sum())
        axis.barh(places, shares, color=colours, height=0.7)
        for place, share in zip(places, shares, strict=True):
            axis.text(share + 0.012, place, f"{share:.1%}", va="center", fontsize=8, color=INK)
        axis.set(xlim=(0, 1.18 * longest), xticks=[], yticks=places, yticklabels=names)
        axis.spines["bottom"].set_visible(False)
        axis.spines["left"].set_color(LINE)
        axis.tick_params(axis="y", length=0)
        label(axis, title, f"{counts.sum():,.0f}")
    axes[0, 0].invert_yaxis()
    figure.get_layout_engine().set(wspace=0.05)  # between one panel's total and the next one's name
    return figure
