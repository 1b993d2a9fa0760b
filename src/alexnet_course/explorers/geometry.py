"""The geometry explorer: one row of pixels, the windows that fit on it, and what is left over."""

import math

import numpy as np

from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Whole
from alexnet_course.geometry import field_span, output_size, pixels_read, receptive_field, window_spans


class GeometryExplorer(Explorer):
    """A row of pixels and the windows of a layer on it: how many fit, and which pixels none of them reads.

    Traits, each a `ValueError` when out of range:

    size : int, 1 to 256
        Pixels of the row.
    kernel_size : int, 1 to 15
    stride : int, 1 to 8
    padding : int, 0 to 7
        Zeros on each side.
    rounding : "floor" or "ceil"
        Whether only windows count that fit, or one more may reach past the end.
    layers : int, 1 to 5
        So many equal layers on top of each other, for the receptive field.
    window : int, 0 to 269
        The window under study; where there are fewer, the last one is shown.

    >>> GeometryExplorer().output_size, GeometryExplorer(rounding="ceil").output_size
    (54, 55)
    >>> GeometryExplorer().unused, GeometryExplorer(size=227).unused
    (1, 0)
    >>> GeometryExplorer(size=227, layers=2)
    GeometryExplorer(size=227, kernel_size=11, stride=4, padding=0)
    """

    _module = "geometry"
    _title = "How many windows fit"
    _try = "raise the input size, step by step, until nothing is hatched."
    _shown_in_repr = ("size", "kernel_size", "stride", "padding")
    checked = (
        "output_size",
        "output_sizes",
        "output",
        "chosen",
        "reached",
        "unused",
        "receptive_fields",
        "unit",
        "seen",
    )

    size = Whole(224, 1, 256)
    kernel_size = Whole(11, 1, 15)
    stride = Whole(4, 1, 8)
    padding = Whole(0, 0, 7)
    rounding = Choice("floor", "ceil")
    layers = Whole(1, 1, 5)
    window = Whole(53, 0, 269)

    @property
    def output_size(self):
        """Windows along the row; 0 when not even one fits."""
        return self.output_sizes[0] if self.output_sizes else 0

    @property
    def output_sizes(self):
        """The output size of each layer, as far as a window fits: a list of at most `layers` numbers."""
        sizes, size = [], self.size
        while len(sizes) < self.layers and self.kernel_size <= size + 2 * self.padding:
            size = output_size(size, self.kernel_size, self.stride, self.padding, self.rounding)
            sizes.append(size)
        return sizes

    @property
    def output(self):
        """The first and last pixel of every window, padding negative: int array (output_size, 2).

        Shape (0, 0) when no window fits.
        """
        if not self.output_size:
            return np.zeros((0, 0), int)
        return np.array(window_spans(*self._sizes, self.rounding))

    @property
    def chosen(self):
        """The window under study, or the last one where there are fewer; 0 when no window fits."""
        return max(0, min(self.window, self.output_size - 1))

    @property
    def reached(self):
        """For each pixel, whether any window reads it: bool array (size,)."""
        if not self.output_size:
            return np.zeros(self.size, bool)
        return np.array(pixels_read(*self._sizes, self.rounding))

    @property
    def _sizes(self):
        return self.size, self.kernel_size, self.stride, self.padding

    @property
    def unused(self):
        """How many pixels no window reads."""
        return self.size - int(self.reached.sum())

    @property
    def receptive_fields(self):
        """For each layer that fits, the pixels that one unit sees, and the jump to its neighbour."""
        layer = self.kernel_size, self.stride
        return [receptive_field([layer] * depth) for depth in range(1, len(self.output_sizes) + 1)]

    @property
    def receptive_field(self):
        """Pixels that one unit of the last layer sees, and the jump to its neighbour; (1, 1) if none fits."""
        return self.receptive_fields[-1] if self.output_sizes else (1, 1)

    @property
    def seen(self):
        """The first and the last pixel that `unit` sees, padding negative."""
        layer = self.kernel_size, self.stride, self.padding
        return field_span([layer] * len(self.output_sizes), self.unit)

    @property
    def unit(self):
        """The unit of the last layer whose field has its middle nearest to that of the window under study."""
        if not self.output_sizes:
            return 0
        layers = [(self.kernel_size, self.stride, self.padding)] * len(self.output_sizes)
        (first, last), (following, _) = field_span(layers, 0), field_span(layers, 1)
        window = field_span(layers[:1], max(0, min(self.output_size - 1, self.window)))
        nearest = math.floor((sum(window) - first - last) / 2 / (following - first) + 0.5)
        return max(0, min(self.output_sizes[-1] - 1, nearest))

    _alt = "A row of pixels with the windows of a layer below it, and the last pixels once more, enlarged."

    def _sentence(self):
        shown = f"{self.size} pixels, windows of {self.kernel_size} at stride {self.stride}, padding "
        shown += f"{self.padding}, rounding {'down' if self.rounding == 'floor' else 'up'}: "
        if not self.output_size:
            return shown + "no window fits."
        unused = self.unused
        pixels = "pixel is" if unused == 1 else "pixels are"
        lost = f"{unused} {pixels} read by no window" if unused else "every pixel is read"
        return f"{shown}output size {self.output_size}; {lost}."

    def _static_picture(self):
        """Return the whole row with its windows, and its end enlarged."""
        windows = self.output if self.output_size else np.zeros((0, 2), int)
        end = max(self.size + self.padding, int(windows[:, 1].max(initial=0)) + 1)
        picture = drawing.Drawing(728, 300)
        picture.title(8, 22, "Pixels and windows", f"{self.size} pixels, {len(windows)} windows")
        self._ruler(picture, windows, 34, -self.padding, end)
        start = max(-self.padding, min(end - 16, end - self.kernel_size - self.stride - 4))
        first, last = max(0, start), self.size - 1
        shown = f"pixels {first} to {last}" if first < last else f"pixel {last}"
        picture.title(8, 176, "The end of the row", shown)
        self._ruler(picture, windows, 188, start, end)
        return picture

    def _ruler(self, picture, windows, top, start, end):
        """Draw pixels `start` to `end` and the windows over them, the window under study in accent."""
        unit, reached = 712 / (end - start), self.reached
        for pixel in range(start, end):
            inside = 0 <= pixel < self.size
            used = inside and reached[pixel]
            picture.add(
                "rect", x=8 + (pixel - start) * unit, y=top + 14, width=unit, height=18,
                fill=drawing.LINE if used else drawing.PAPER, stroke=drawing.PAPER if used else drawing.MUTED,
                stroke_dasharray="none" if inside else "2 2",
            )  # fmt: skip
            if unit >= 18:
                picture.text(
                    8 + (pixel - start + 0.5) * unit, top + 9, str(pixel), fill=drawing.MUTED, font_size=10
                )
        lanes = -(-self.kernel_size // self.stride)
        thick = min(10, 64 / lanes)
        for i, (first, last) in enumerate(windows.tolist()):
            left, right = max(start, first), min(end, last + 1)
            if left < right:
                picture.add(
                    "rect", x=8 + (left - start) * unit, y=top + 40 + i % lanes * (thick + 2),
                    width=(right - left) * unit - 1, height=thick,
                    fill=drawing.ACCENT if i == self.chosen else drawing.FAINT,
                )  # fmt: skip
