"""Figures of chapter 01: a photograph on its way into the network."""

import matplotlib.pyplot as plt
import numpy as np

from alexnet_course.plots.style import (
    GREY,
    MUTED,
    PAPER,
    cells,
    ink_on,
    label,
    limit,
    number,
    outline,
    panels,
    picture,
)

SIGNS = {"-": "−", "=": "="}


def grey_cells(axes, values, most):
    """Draw a small array of grey levels from 0 to `most` as cells with their numbers."""
    drawn = picture(axes, values, highest=most)
    for (row, column), value in np.ndenumerate(values):
        colour = ink_on(drawn.to_rgba(value))
        axes.text(column, row, number(value), ha="center", va="center", fontsize=9, color=colour)
    rows, columns = np.shape(values)
    axes.set_xlim(-0.6, columns - 0.4)
    axes.set_ylim(rows - 0.4, -0.6)


def centring(image, mean, row=None):
    """Show an image, the mean image and their difference, pixel by pixel.

    Parameters
    ----------
    image, mean : ndarray, shape (H, W)
        Grey levels from 0.
    row : int, optional
        A row to frame in all three.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = panels(1, 3, height=2.6)
    most = max(np.max(image), np.max(mean))
    grey_cells(axes[0, 0], image, most)
    grey_cells(axes[0, 1], mean, most)
    cells(axes[0, 2], image - mean, most=limit(image - mean))
    for axis, name, sign in zip(axes[0], ("image", "mean image", "centred"), ("−", "=", ""), strict=True):
        label(axis, name)
        if row is not None:
            outline(axis, row, 0, 1, np.shape(image)[1])
        axis.text(1.07, 0.5, sign, transform=axis.transAxes, ha="center", va="center", fontsize=13)
    return figure


def preparation(photograph, size, mean):
    """Show a photograph, its centre, and the centre as the network receives it, channel by channel.

    Parameters
    ----------
    photograph : ndarray, shape (H, W, 3)
        0 to 255.
    size : int
        Side of the square that is cut out of the middle, in pixels.
    mean : array_like, shape (3,) or (size, size, 3)
        What is subtracted.

    Returns
    -------
    matplotlib.figure.Figure
        The last three panels share one scale, centred on 0.
    """
    height, width = photograph.shape[:2]
    top, left = (height - size) // 2, (width - size) // 2
    crop = photograph[top : top + size, left : left + size]
    centred = crop - np.asarray(mean, float)
    most = limit(centred)
    ratios = [width / height, 1, 1, 1, 1]
    figure, axes = panels(1, 5, height=1.75, width_ratios=ratios)
    picture(axes[0, 0], photograph)
    outline(axes[0, 0], top, left, size)
    label(axes[0, 0], "photograph")
    picture(axes[0, 1], crop)
    label(axes[0, 1], "crop")
    for axis, name, channel in zip(axes[0, 2:], ("red", "green", "blue"), range(3), strict=True):
        drawn = picture(axis, centred[..., channel], signed=True, most=most)
        label(axis, f"{name} − mean")
    bar = figure.colorbar(drawn, ax=axes[0, 2:], shrink=0.75, aspect=18, pad=0.02, ticks=[-most, 0, most])
    bar.ax.set_yticklabels([number(-most), "0", number(most)], fontsize=8, color=MUTED)
    bar.outline.set_visible(False)
    return figure


def gallery(images, names=None, columns=5):
    """Show images side by side, as they are.

    Parameters
    ----------
    images : sequence of ndarray, shape (H, W) or (H, W, 3)
        uint8 of 0 to 255, or float, of which a picture shows 0 to 1 and cuts off the rest.
    names : sequence of str, optional
        One for each image.
    columns : int
        Images in a row.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = -(-len(images) // columns)
    aspect = images[0].shape[0] / images[0].shape[1]
    height = rows * (7.0 / columns * aspect + (0.28 if names else 0.05))
    figure, axes = panels(rows, columns, height=height)
    for axis in axes.ravel():
        axis.axis("off")
    for place, image in enumerate(images):
        axis = axes.ravel()[place]
        shown = image if image.dtype == np.uint8 else np.clip(image, 0, 1)
        picture(axis, shown, highest=255 if image.dtype == np.uint8 else 1)
        if names:
            label(axis, names[place])
    return figure


def colour_directions(pixels, scales, directions):
    """Show pixels by their red and blue, and the directions in which colours vary.

    Parameters
    ----------
    pixels : ndarray, shape (..., 3)
        0 to 255.
    scales : ndarray, shape (3,)
        Half the length of each direction's line.
    directions : ndarray, shape (3, 3)
        Unit vectors in columns.

    Returns
    -------
    matplotlib.figure.Figure
    """
    pixels = np.reshape(pixels, (-1, 3))
    figure, axes = panels(1, 3, height=2.4)
    centre = pixels.mean(axis=0)
    for axis, (across, up) in zip(axes[0], ((0, 1), (0, 2), (1, 2)), strict=True):
        axis.scatter(pixels[:, across], pixels[:, up], c=pixels / 255, s=3, linewidths=0)
        for scale, direction in zip(scales, directions.T, strict=True):
            ends = np.stack([centre - scale * direction, centre + scale * direction])
            for width, colour in ((3.5, PAPER), (1.6, "black")):
                axis.plot(ends[:, across], ends[:, up], color=colour, linewidth=width, solid_capstyle="round")
        axis.set(xlim=(0, 255), ylim=(0, 255), xticks=(0, 255), yticks=(0, 255), aspect="equal")
        axis.set_xlabel(("red", "green", "blue")[across], fontsize=8)
        axis.set_ylabel(("red", "green", "blue")[up], fontsize=8)
        axis.tick_params(labelsize=8)
    return figure
