"""Figures of chapter 01: a photograph on its way into the network."""

import numpy as np
from matplotlib.patches import Rectangle

from alexnet_course.checks import whole_number
from alexnet_course.plots.style import (
    LINE,
    MUTED,
    below,
    cells,
    colours,
    equal_lengths,
    ink_on,
    label,
    limit,
    number,
    numbers,
    outline,
    panels,
    picture,
)


def _grey_cells(axes, values, most):
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
    image = numbers(image, "image", "H, W")
    mean = numbers(mean, "mean", f"{image.shape[0]}, {image.shape[1]}")
    row = None if row is None else below(row, "row", len(image))
    figure, axes = panels(1, 3, height=2.6)
    most = limit(image, mean)
    _grey_cells(axes[0, 0], image, most)
    _grey_cells(axes[0, 1], mean, most)
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
    photograph = colours(photograph, "photograph", "H, W, 3")
    mean = numbers(mean, "mean", "3", f"{size}, {size}, 3", finite=True)
    height, width = photograph.shape[:2]
    if not 1 <= whole_number(size, "size") <= min(height, width):
        raise ValueError(
            f"size must be 1 to {min(height, width)} for a photograph of {height} by {width}; got {size}"
        )
    top, left = (height - size) // 2, (width - size) // 2
    crop = photograph[top : top + size, left : left + size]
    centred = crop - mean
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
        Whole numbers of 0 to 255, or float, of which a picture shows 0 to 1 and cuts off the rest.
    names : sequence of str, optional
        One for each image.
    columns : int
        Images in a row.

    Returns
    -------
    matplotlib.figure.Figure
    """
    equal_lengths(images=images, **({"names": names} if names else {}))
    images = [_shown(image, f"images[{i}]") for i, image in enumerate(images)]
    rows = -(-len(images) // whole_number(columns, "columns", minimum=1))
    aspect = images[0].shape[0] / images[0].shape[1]
    height = rows * (7.0 / columns * aspect + (0.28 if names else 0.05))
    figure, axes = panels(rows, columns, height=height)
    for axis in axes.ravel():
        axis.axis("off")
    for place, image in enumerate(images):
        axis = axes.ravel()[place]
        picture(axis, image, highest=255 if image.dtype == np.uint8 else 1)
        frame = Rectangle((0, 0), 1, 1, transform=axis.transAxes, fill=False, edgecolor=LINE, linewidth=0.8)
        axis.add_patch(frame)  # else a white picture would have no edge
        if names:
            label(axis, names[place])
    return figure


def _shown(image, name):
    """Return an image as matplotlib reads it: whole numbers as uint8, others as floats of 0 to 1."""
    array = numbers(image, name, "H, W", "H, W, 3", finite=True)
    whole = np.asarray(image).dtype.kind in "iu"
    return array.clip(0, 255).astype(np.uint8) if whole else array.clip(0, 1)
