"""Figure of chapter 18: which inputs show which bugs."""

from matplotlib.patches import Rectangle

from alexnet_course.palette import LIGHT
from alexnet_course.plots.style import INK, LINE, MUTED, PAPER, equal_lengths, numbers, panels

_SHOWN = LIGHT.peach  # pale, under black text


def inputs_and_bugs(shown, inputs, bugs):
    """Show which inputs make a broken function answer otherwise than the right one.

    Parameters
    ----------
    shown : ndarray of bool or 0 and 1, shape (inputs, bugs)
        Whether an input shows a bug.
    inputs, bugs : sequence of str
        Names of the rows and of the columns.

    Returns
    -------
    matplotlib.figure.Figure
    """
    shown = numbers(shown, "shown", "inputs, bugs", finite=True) != 0
    equal_lengths(inputs=inputs, shown=shown)
    equal_lengths(bugs=bugs, columns=shown[0])
    rows, columns = shown.shape
    figure, axes = panels(height=1.1 + 0.3 * rows)
    axis = axes[0, 0]
    for row in range(rows):
        for column in range(columns):
            here = shown[row, column]
            axis.add_patch(
                Rectangle((column, row), 1, 1, facecolor=_SHOWN if here else PAPER, edgecolor=LINE)
            )
            axis.text(
                column + 0.5, row + 0.5, "shows" if here else "hides", ha="center", va="center", fontsize=8,
                color="black" if here else MUTED,
            )  # fmt: skip
        axis.text(
            columns + 0.15, row + 0.5, f"{shown[row].sum()} of {columns}", va="center", fontsize=9, color=INK
        )
    axis.set(xlim=(0, columns + 1), ylim=(rows, 0))
    axis.set_xticks([column + 0.5 for column in range(columns)], bugs, rotation=40, ha="left", fontsize=8)
    axis.set_yticks([row + 0.5 for row in range(rows)], inputs, fontsize=9)
    axis.xaxis.tick_top()
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    return figure
