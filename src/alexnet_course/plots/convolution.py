"""Figures of chapter 02: one window's arithmetic, response maps, banks of filters."""

import numpy as np

from alexnet_course.checks import real_number
from alexnet_course.plots.style import (
    MUTED,
    below,
    cells,
    colours,
    equal_lengths,
    filter_colours,
    filter_sheet,
    label,
    limit,
    number,
    numbers,
    outline,
    panels,
    picture,
    place,
    robust_limit,
    scale,
)


def window_arithmetic(image, kernel, row, column, bias=0):
    """Show one window of an image, its products with a kernel, and their sum.

    Parameters
    ----------
    image : ndarray, shape (H, W)
    kernel : ndarray, shape (kernel_h, kernel_w)
    row, column : int
        The window's upper left pixel.
    bias : float
        Added to the sum of the products.

    Returns
    -------
    matplotlib.figure.Figure
    """
    image, kernel = numbers(image, "image", "H, W"), numbers(kernel, "kernel", "kernel_h, kernel_w")
    if any(side > free for side, free in zip(kernel.shape, image.shape, strict=True)):
        raise ValueError(f"kernel, {kernel.shape}, exceeds the image, {image.shape}")
    row = below(row, "row", image.shape[0] - kernel.shape[0] + 1)
    column = below(column, "column", image.shape[1] - kernel.shape[1] + 1)
    bias = real_number(bias, "bias", minimum=-np.inf)
    window = image[row : row + kernel.shape[0], column : column + kernel.shape[1]]
    with np.errstate(invalid="ignore"):  # infinity times 0
        products = window * kernel
        total = products.sum()
    figure, axes = panels(1, 4, height=2.5, width_ratios=[2.1, 1, 1, 1])
    image_axes, window_axes, kernel_axes, product_axes = axes[0]
    most = limit(image, kernel, products)
    cells(image_axes, image, most=most)
    outline(image_axes, row, column, *kernel.shape)
    label(image_axes, "image", f"window ({row}, {column})")
    for axis, values, name in (
        (window_axes, window, "window"),
        (kernel_axes, kernel, "kernel"),
        (product_axes, products, "products"),
    ):
        cells(axis, values, most=most)
        label(axis, name)
    outline(window_axes, 0, 0, *kernel.shape)
    for axis, sign in ((window_axes, "×"), (kernel_axes, "=")):
        axis.text(1.11, 0.5, sign, transform=axis.transAxes, ha="center", va="center", fontsize=13)
    added = f"{'−' if bias < 0 else '+'} {number(abs(bias))}"
    sentence = f"sum {number(total)}, bias {number(bias)}:  {number(total)} {added} = "
    answer = product_axes.text(
        *(1.0, -0.22, sentence + number(total + bias)),
        transform=product_axes.transAxes, ha="right", va="top", color=MUTED,
    )  # fmt: skip
    answer.set_in_layout(False)  # it may reach under its neighbours
    return figure


def response_maps(maps, names, marked=None):
    """Show small response maps with their numbers, on one scale centred on zero.

    Parameters
    ----------
    maps : ndarray, shape (H, W, F)
    names : sequence of str, length F
    marked : tuple of int, optional
        (row, column) of a response to frame in every map.

    Returns
    -------
    matplotlib.figure.Figure
    """
    maps = numbers(maps, "maps", "H, W, F")
    equal_lengths(names=names, maps=range(maps.shape[-1]))
    if marked is not None:
        marked = place(marked, "marked", maps.shape)
    most = limit(maps)
    figure, axes = panels(1, maps.shape[-1], height=2.5)
    for axis, name, values in zip(axes[0], names, np.moveaxis(maps, -1, 0), strict=True):
        cells(axis, values, most=most)
        label(axis, name)
        if marked is not None:
            outline(axis, *marked, 1)
    scale(figure, axes, most)
    return figure


def photograph_responses(photograph, maps, names, what="response"):
    """Show a photograph beside its response maps, all maps on one scale centred on zero.

    Parameters
    ----------
    photograph : ndarray, shape (H, W) or (H, W, 3)
        Grey levels or colours, 0 to 255.
    maps : ndarray, shape (H', W', F)
    names : sequence of str, length F
    what : str
        What the maps hold, written beside their scale.

    Returns
    -------
    matplotlib.figure.Figure
    """
    photograph, maps = colours(photograph, "photograph"), numbers(maps, "maps", "H', W', F")
    equal_lengths(names=names, maps=range(maps.shape[-1]))
    most = robust_limit(maps)
    figure, axes = panels(1, maps.shape[-1] + 1, height=2.1)
    picture(axes[0, 0], photograph)
    label(axes[0, 0], "photograph")
    for axis, name, values in zip(axes[0, 1:], names, np.moveaxis(maps, -1, 0), strict=True):
        picture(axis, values, signed=True, most=most)
        label(axis, name)
    scale(figure, axes[0, 1:], most, what)
    return figure


def filter_bank(weight, columns=16, marked=()):
    """Show a bank of colour filters, all on one scale: grey is 0.

    Parameters
    ----------
    weight : ndarray, shape (kernel_h, kernel_w, 3, filters)
    columns : int
        Filters in a row.
    marked : sequence of int
        Filters to frame.

    Returns
    -------
    matplotlib.figure.Figure
    """
    sheet, corners = filter_sheet(filter_colours(weight, "weight"), columns)
    marked = [below(f, "marked", len(corners)) for f in marked]
    figure, axes = panels(1, 1, height=7.2 * sheet.shape[0] / sheet.shape[1])
    picture(axes[0, 0], sheet)
    for f in marked:
        outline(axes[0, 0], *corners[f], *np.shape(weight)[:2])
    return figure


def bank_responses(photograph, weight, maps, chosen):
    """Show some filters of a bank and the map that each makes of a photograph.

    Parameters
    ----------
    photograph : ndarray, shape (H, W, 3)
        Colours, 0 to 255.
    weight : ndarray, shape (kernel_h, kernel_w, 3, filters)
    maps : ndarray, shape (H', W', filters)
    chosen : sequence of int
        Which filters.

    Returns
    -------
    matplotlib.figure.Figure
    """
    photograph, tones = colours(photograph, "photograph", "H, W, 3"), filter_colours(weight, "weight")
    maps = numbers(maps, "maps", f"H', W', {tones.shape[-1]}")
    equal_lengths(chosen=chosen)
    chosen = [below(f, "chosen", tones.shape[-1]) for f in chosen]
    most = robust_limit(maps[..., chosen])
    figure, axes = panels(2, len(chosen) + 1, height=2.9, height_ratios=[1, 2])
    axes[0, 0].axis("off")
    picture(axes[1, 0], photograph)
    label(axes[1, 0], "photograph")
    for axis_pair, f in zip(axes[:, 1:].T, chosen, strict=True):
        picture(axis_pair[0], tones[..., f])
        label(axis_pair[0], f"filter {f}")
        picture(axis_pair[1], maps[..., f], signed=True, most=most)
    scale(figure, axes[1, 1:], most)
    return figure
