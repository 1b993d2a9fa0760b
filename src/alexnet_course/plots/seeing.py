"""Figures of chapter 14: banks of filters beside each other, and what is left behind a cover."""

import numpy as np

from alexnet_course.checks import whole_number
from alexnet_course.plots.style import (
    LINE,
    WIDTH,
    cells,
    equal_lengths,
    filter_colours,
    filter_sheet,
    ink_on,
    label,
    magnitudes,
    numbers,
    outline,
    panels,
    picture,
    place,
)


def covered_shares(x, shares, marked):
    """Show a small image, and the share of a class for every place of a cover over it.

    Parameters
    ----------
    x : ndarray, shape (H, W)
        What the network gets.
    shares : ndarray, shape (H', W')
        From 0 to 1, one for each place of a square cover that moves by a pixel.
    marked : (int, int)
        Row and column of a place: the cover and its share are framed.

    Returns
    -------
    matplotlib.figure.Figure
    """
    x, shares = numbers(x, "x", "H, W"), numbers(shares, "shares", "H', W'")
    row, column = place(marked, "marked", shares.shape)
    size = x.shape[0] - shares.shape[0] + 1
    figure, axes = panels(1, 2, height=3.1, width_ratios=[1, 1.05])
    cells(axes[0, 0], x)
    label(axes[0, 0], "centred image", f"cover {size} × {size}")
    outline(axes[0, 0], row, column, size)
    drawn = magnitudes(axes[0, 1], shares, 1)
    for (i, j), share in np.ndenumerate(shares):
        colour = ink_on(drawn.to_rgba(share))
        axes[0, 1].text(j, i, f"{share:.3f}", ha="center", va="center", fontsize=9, color=colour)
    axes[0, 1].spines[:].set_color(LINE)
    label(axes[0, 1], "share of the class", "by place of the cover")
    outline(axes[0, 1], row, column, 1)
    return figure


def filter_banks(banks, columns=24):
    """Show banks of colour filters below each other, each on one scale of its own: grey is 0.

    Parameters
    ----------
    banks : dict of str to ndarray, shape (kernel_h, kernel_w, 3, filters)
        By their names.
    columns : int
        Filters in a row.

    Returns
    -------
    matplotlib.figure.Figure
    """
    equal_lengths(banks=banks)
    whole_number(columns, "columns", minimum=1)
    sheets = [
        filter_sheet(filter_colours(bank, f"banks[{name!r}]"), columns)[0] for name, bank in banks.items()
    ]
    heights = [WIDTH * sheet.shape[0] / sheet.shape[1] for sheet in sheets]
    figure, axes = panels(len(sheets), 1, height=sum(heights) + 0.32 * len(sheets), height_ratios=heights)
    for axis, name, sheet in zip(axes[:, 0], banks, sheets, strict=True):
        picture(axis, sheet)
        label(axis, name)
    return figure
