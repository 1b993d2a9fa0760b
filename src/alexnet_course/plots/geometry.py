"""Figures of chapter 03: windows on a ruler of pixels, receptive fields on a photograph."""

from matplotlib.patches import Rectangle

from alexnet_course import palette
from alexnet_course.checks import whole_number
from alexnet_course.geometry import window_spans
from alexnet_course.plots.style import (
    ACCENT,
    INK,
    LINE,
    MUTED,
    PAPER,
    PLUS,
    colours,
    equal_lengths,
    label,
    outline,
    panels,
    picture,
)


def ruler(size, kernel_size, stride, padding=0, skipped=0, rounding="floor"):
    """Show a row of pixels, the windows on it, and the pixels that none of them covers.

    Parameters
    ----------
    size, kernel_size, stride, padding : int
        One axis of a layer, in pixels.
    skipped : int
        Pixels of the row that lie before the ones drawn, a multiple of `stride`: only the numbers change.
    rounding : {"floor", "ceil"}
        Whether only windows count that fit, or one more may reach past the end.

    Returns
    -------
    matplotlib.figure.Figure
    """
    spans = window_spans(size, kernel_size, stride, whole_number(padding, "padding"), rounding)
    whole_number(skipped, "skipped")
    past = max(0, spans[-1][1] + 1 - size - padding)
    first, last = -padding, size + padding + past
    covered = {pixel for start, end in spans for pixel in range(start, end + 1)}
    figure, axes = panels(1, 1, height=0.9 + 0.24 * len(spans))
    axis = axes[0, 0]
    for pixel in range(first, last):
        is_read, is_zero = pixel in covered, not 0 <= pixel < size
        axis.add_patch(
            Rectangle(
                (pixel, 0), 1, 1, facecolor=LINE if is_read and not is_zero else PAPER, edgecolor=MUTED,
                linewidth=0.6, linestyle="--" if is_zero else "-", hatch=None if is_read else "//////",
            )
        )  # fmt: skip
        axis.text(pixel + 0.5, 1.25, str(pixel + skipped), ha="center", fontsize=6.5, color=MUTED)
    for row, (start, _) in enumerate(spans):
        top = 1.9 + row * 0.9
        bar = Rectangle((start, -top), kernel_size, 0.55, facecolor=PLUS, edgecolor=INK, linewidth=0.6)
        axis.add_patch(bar)
        middle, name = (start + kernel_size / 2, 0.26 - top), f"window {row + skipped // stride}"
        axis.text(
            *middle, name, ha="center", va="center", fontsize=7.5, color=palette.ink_on(palette.rgb(PLUS))
        )
    unused = [pixel for pixel in range(first, last) if pixel not in covered]
    note = f"unused: {len(unused)}" if unused else f"past the end: {past}" if past else ""
    if note:
        axis.text(last + 0.4, 0.5, note, va="center", fontsize=8, color=INK)
    axis.set_xlim(first - 0.3, last + (4 if unused else 5 if past else 0.3))
    axis.set_ylim(-1.6 - 0.9 * len(spans), 2.2)
    axis.axis("off")
    return figure


def receptive_fields(photograph, names, spans):
    """Frame what one unit of each layer sees of a photograph.

    Parameters
    ----------
    photograph : ndarray, shape (H, W) or (H, W, 3)
        Grey levels or colours, 0 to 255.
    names : sequence of str
        Of the layers, from the image on.
    spans : sequence of (int, int)
        First and last pixel that the unit sees, along rows and columns alike, as `geometry.field_span` gives
        them; they lie inside the photograph.

    Returns
    -------
    matplotlib.figure.Figure
    """
    photograph = colours(photograph, "photograph")
    equal_lengths(names=names, spans=spans)
    height, width = photograph.shape[:2]
    spans = [tuple(whole_number(pixel, "spans") for pixel in span) for span in spans]
    for first, last in spans:
        if not first <= last < min(height, width):
            raise ValueError(
                f"spans holds ({first}, {last}), which does not lie in {height} x {width} pixels"
            )
    figure, axes = panels(1, 2, height=3.9, width_ratios=[1.3, 1])
    axis, notes = axes[0]
    picture(axis, photograph)
    label(axis, "photograph", f"{height} × {width}")
    notes.axis("off")
    lowest = height
    for name, (first, last) in sorted(
        zip(names, spans, strict=True), key=lambda pair: pair[1][1] - pair[1][0]
    ):
        size, top, right = last - first + 1, first, last + 1
        outline(axis, first, first, size, colour=ACCENT)
        lowest = min(top, lowest - 13)  # keep the notes of two small fields apart
        axis.annotate(
            f"{name}: {size} × {size}", (right, top), (width + 22, lowest),
            fontsize=8.5, color=INK, va="center",
            arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.6}, annotation_clip=False,
        )  # fmt: skip
    return figure
