"""The look that every figure shares: palette, colour maps, cells with numbers."""

import os

import matplotlib.figure
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.patches import Rectangle

from alexnet_course import palette
from alexnet_course.checks import real_array, whole_number
from alexnet_course.palette import LIGHT
from alexnet_course.plots import svg

# Figures, explorers and pages read as one family.
PAPER, INK, MUTED, LINE = LIGHT.paper, LIGHT.ink, LIGHT.muted, LIGHT.line
ACCENT = LIGHT.accent  # 'you are here', and nothing else
PLUS, MINUS = LIGHT.plus, LIGHT.minus

SIGNED = LinearSegmentedColormap.from_list("signed", svg.MAPS["signed"][0])  # weights, responses
MAGNITUDE = LinearSegmentedColormap.from_list("magnitude", svg.MAPS["magnitude"][0])  # 0 and up
GREY = "gray"  # images only

WIDTH = 7.2  # inches: the text column of the book at 100 pixels an inch
_RC = {
    "figure.dpi": 150,
    "figure.facecolor": PAPER,
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": INK,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "mathtext.fontset": "stixsans",
}


class Figure(matplotlib.figure.Figure):
    """A figure that the book shows as one drawing for its light and its dark theme, see `svg`."""

    def _repr_svg_(self):
        """Return the file where the book is built; elsewhere notebooks keep PNG, which all programs show."""
        return svg.themed_svg(self) if "ALEXNET_COURSE_BOOK" in os.environ else None


def panels(rows=1, columns=1, height=2.4, **kwargs):
    """Return a closed Figure in the house style and its axes, always a 2-D array of them.

    Parameters
    ----------
    rows, columns : int
        Panels in the figure.
    height : float
        Of the whole figure in inches; the width is that of the text.
    **kwargs
        For `matplotlib.pyplot.subplots`, such as ``width_ratios``.

    Returns
    -------
    figure : matplotlib.figure.Figure
        Already closed, so that a notebook shows it once, as a cell's last line.
    axes : ndarray of matplotlib.axes.Axes, shape (rows, columns)
    """
    with plt.rc_context(_RC):
        figure, axes = plt.subplots(
            rows,
            columns,
            figsize=(WIDTH, height),
            squeeze=False,
            layout="constrained",
            FigureClass=Figure,
            **kwargs,
        )
    plt.close(figure)
    return figure, axes


def numbers(values, name, *shapes, finite=False):
    """Return an argument of a figure as float64, so that no difference wraps; see `arrays.real_array`.

    NaN and infinity are cells and lines like others; where a figure has no place for them, `finite` refuses.
    """
    array = real_array(values, name, *shapes).astype(np.float64)
    if finite and not np.isfinite(array).all():
        raise ValueError(f"{name} must hold finite numbers; it has NaN or infinity")
    return array


def check_named(values, name, most):
    """Raise an error unless an argument is a dict of one to `most` arrays by their names."""
    if not isinstance(values, dict) or not 1 <= len(values) <= most:
        raise ValueError(f"{name} must be a dict of one to {most} arrays by their names; got {values!r}")


def colours(values, name, *shapes):
    """Return an argument that holds a picture of 0 to 255: colours as uint8, grey levels as they are."""
    array = numbers(values, name, *(shapes or ("H, W", "H, W, 3")), finite=True)
    return array.clip(0, 255).round().astype(np.uint8) if array.ndim == 3 else array


def filter_colours(weight, name):
    """Return filters as colours of 0 to 1 on one scale, 0.5 for a weight of 0."""
    weight = numbers(weight, name, "kernel_h, kernel_w, 3, filters", finite=True)
    return np.clip(0.5 + weight / (2 * robust_limit(weight)), 0, 1)


def filter_sheet(tones, columns):
    """Return colours of filters side by side on a clear sheet, (H, W, 4), and their upper left corners."""
    height, width, _, filters = tones.shape
    columns = whole_number(columns, "columns", minimum=1)
    sheet = np.zeros((-(-filters // columns) * (height + 1) - 1, columns * (width + 1) - 1, 4))
    corners = [(f // columns * (height + 1), f % columns * (width + 1)) for f in range(filters)]
    for f, (top, left) in enumerate(corners):
        sheet[top : top + height, left : left + width, :3] = tones[..., f]
        sheet[top : top + height, left : left + width, 3] = 1
    return sheet, corners


def equal_lengths(**arguments):
    """Raise TypeError or ValueError unless the named lists have one length, which is not 0."""
    lengths = {name: _length(value, name) for name, value in arguments.items()}
    if len(set(lengths.values())) > 1 or 0 in lengths.values():
        found = ", ".join(map(str, lengths.values()))
        raise ValueError(f"{' and '.join(lengths)} must have equal lengths from 1 up; got {found}")


def _length(value, name):
    """Return the length of a list, or raise TypeError."""
    if isinstance(value, str) or not hasattr(value, "__len__"):
        raise TypeError(f"{name} must be a list; got {value!r}")
    return len(value)


def below(value, name, end):
    """Return a whole number from 0 to below `end`, such as a row, or raise TypeError or ValueError."""
    if whole_number(value, name) >= end:
        raise ValueError(f"{name} must be at most {end - 1}; got {value}")
    return int(value)


def place(position, name, shape):
    """Return (row, column) as whole numbers inside a shape, or raise TypeError or ValueError."""
    if np.shape(position) != (2,):
        raise ValueError(f"{name} must be (row, column); got {position!r}")
    return tuple(below(at, name, end) for at, end in zip(position, shape[:2], strict=True))


def number(value):
    """Write a value as the course prints it: at most one decimal, none from 100 on, and a true minus sign.

    From five digits on they stand in groups of three, as in prose.
    """
    value = float(value)
    if not np.isfinite(value):
        text = "NaN" if np.isnan(value) else "∞" if value > 0 else "-∞"
    else:
        rounded = round(value, 1 if abs(value) < 100 else None) or 0  # never −0
        text = (
            f"{rounded:g}"
            if abs(rounded) < 10_000
            else f"{rounded:,}"
            if abs(rounded) < 1e9
            else f"{value:.3g}"
        )
    return text.replace("-", "\N{MINUS SIGN}")


def limit(*arrays):
    """Return the largest finite magnitude, where a centred colour scale ends; 1 if all are 0."""
    return max(float(_magnitudes(array).max(initial=0)) for array in arrays) or 1.0


def robust_limit(array):
    """Return the 99.5th percentile of the magnitudes, so that a few loud places do not dim all others."""
    finite = _magnitudes(array)
    return float(np.percentile(finite, 99.5)) or 1.0 if finite.size else 1.0


def _magnitudes(array):
    """Return the magnitudes of the finite numbers."""
    array = np.asarray(array, np.float64)
    return np.abs(array[np.isfinite(array)])


def picture(axes, values, *, signed=False, most=None, lowest=0, highest=255):
    """Draw a 2-D array or an RGB image without axes; `signed` uses the diverging map, symmetric about 0."""
    if signed:
        most = limit(values) if most is None else most
        drawn = axes.imshow(values, cmap=SIGNED, vmin=-most, vmax=most, interpolation="nearest")
    else:
        drawn = axes.imshow(values, cmap=GREY, vmin=lowest, vmax=highest, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)
    return drawn


def magnitudes(axes, values, most):
    """Draw a 2-D array of values from 0 to `most` without axes; white is 0."""
    drawn = axes.imshow(values, cmap=MAGNITUDE, vmin=0, vmax=most, interpolation="nearest")
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_color(LINE)
    axes.spines[["top", "right"]].set_visible(True)
    return drawn


def cells(axes, values, *, most=None, text=number, size=9):
    """Draw a small signed array as cells with their numbers, black or white by contrast."""
    drawn = picture(axes, values, signed=True, most=most)
    rows, columns = np.shape(values)
    for edge in range(rows + 1):
        axes.plot([-0.5, columns - 0.5], [edge - 0.5] * 2, color=LINE, linewidth=0.8, clip_on=False)
    for edge in range(columns + 1):
        axes.plot([edge - 0.5] * 2, [-0.5, rows - 0.5], color=LINE, linewidth=0.8, clip_on=False)
    for (row, column), value in np.ndenumerate(values):
        colour = ink_on(drawn.to_rgba(value))
        axes.text(column, row, text(value), ha="center", va="center", fontsize=size, color=colour)
    axes.set_xlim(-0.6, columns - 0.4)
    axes.set_ylim(rows - 0.4, -0.6)


def ink_on(colour):
    """Return black or white, whichever contrasts more with an RGB(A) colour of 0 to 1, or with paper."""
    if len(colour) == 4 and colour[3] == 0:  # matplotlib leaves out a cell of NaN
        colour = to_rgb(PAPER)
    return palette.ink_on([255 * part for part in colour[:3]])


def outline(axes, row, column, height, width=None, colour=ACCENT):
    """Frame a block of cells."""
    width = height if width is None else width
    corner = (column - 0.5, row - 0.5)
    for line, edge in ((4.5, PAPER), (2, colour)):  # a halo of paper keeps the frame visible on any colour
        frame = Rectangle(corner, width, height, fill=False, linewidth=line, edgecolor=edge, clip_on=False)
        axes.add_patch(frame).set_zorder(3)


def label(axes, text, detail=""):
    """Write a panel's label above it: the name in ink, the detail muted."""
    axes.set_title(text, loc="left", fontsize=9, fontweight="bold", color=INK, pad=6)
    if detail:
        axes.set_title(detail, loc="right", fontsize=8, color=MUTED, pad=6)


def scale(figure, axes, most, name="response", lowest=None):
    """Add the colour scale beside the panels: of signed values, or of magnitudes from a `lowest` of 0."""
    lowest = -most if lowest is None else lowest
    colours = plt.cm.ScalarMappable(plt.Normalize(lowest, most), SIGNED if lowest < 0 else MAGNITUDE)
    ticks = sorted({lowest, 0, most})
    bar = figure.colorbar(colours, ax=axes, shrink=0.7, aspect=22, pad=0.02, ticks=ticks)
    bar.ax.set_yticklabels([number(tick) for tick in ticks], fontsize=8, color=MUTED)
    bar.ax.tick_params(color=LINE)
    bar.set_label(name, fontsize=8, color=MUTED)
    bar.outline.set_visible(False)
