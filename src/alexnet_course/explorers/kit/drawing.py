"""The still picture of an explorer: a few SVG parts, drawn in the light palette.

The picture is an image, not inline SVG: JupyterLab strips inline SVG from a notebook that it does not trust
and leaves its text behind, and keeps images.
"""

import base64
import html
import struct
import zlib

import numpy as np

from alexnet_course.palette import LIGHT, hexadecimal, ink_on, rgb

INK, MUTED, FAINT, LINE = LIGHT.ink, LIGHT.muted, LIGHT.faint, LIGHT.line
ACCENT, PAPER = LIGHT.accent, LIGHT.paper
PLUS, MINUS, ZERO = rgb(LIGHT.plus), rgb(LIGHT.minus), rgb(LIGHT.zero)
_HATCH = (
    '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{PAPER}" fill-opacity="0.8"/>'
    f'<rect width="1.5" height="6" fill="{MUTED}"/>'
    "</pattern></defs>"
)


def grey(value):
    """Return the colour (r, g, b) of a grey level from 0 to 9."""
    return (round(24 + 231 * min(max(float(value), 0), 9) / 9),) * 3


def signed(most):
    """Return the diverging colours for values of magnitude up to `most`: a function of a value."""

    def colour(value):
        end = MINUS if value < 0 else PLUS
        strength = min(1, 0.1 + 0.9 * abs(float(value)) / (most or 1)) if value else 0
        return tuple(round(zero + (part - zero) * strength) for zero, part in zip(ZERO, end, strict=True))

    return colour


def label(value, decimals=1):
    """Return a number as a cell shows it: a true minus sign, no trailing zeros."""
    return f"{round(float(value), decimals) + 0.0:.10g}".replace("-", "−")


def png(values, colour):
    """Return a map as a PNG data address: one pixel a value, in 15 steps of `colour`.

    Stored without compression, because zlib's output differs between builds and the page must not.
    """
    low, high = float(values.min()), float(values.max())
    level = np.floor((values - low) / ((high - low) or 1) * 14 + 0.5).astype(np.uint8)
    palette = bytes(part for i in range(15) for part in colour(low + (high - low) * i / 14))
    rows, columns = level.shape
    even = np.pad(level, ((0, 0), (2, columns % 2)))  # the first byte of a line says 'no filter'
    lines = (even[:, 0::2] << 4 | even[:, 1::2]).astype(np.uint8).tobytes()

    header = struct.pack(">IIBBBBB", columns, rows, 4, 3, 0, 0, 0)
    return _png_address((b"IHDR", header), (b"PLTE", palette), (b"IDAT", _stored(lines)))


def colour_png(image):
    """Return an image, uint8 of shape (H, W, 3), as a PNG data address, stored without compression."""
    rows, columns, _ = image.shape
    header = struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0)
    lines = np.pad(image.reshape(rows, -1), ((0, 0), (1, 0))).tobytes()  # the first byte says 'no filter'
    return _png_address((b"IHDR", header), (b"IDAT", _stored(lines)))


def _png_address(*parts):
    """Return the parts of a PNG file, each a kind and its data, as a data address."""
    chunks = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in (*parts, (b"IEND", b""))
    )
    file = b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
    return "data:image/png;base64," + base64.b64encode(file).decode()


def _stored(data):
    """Return `data` as a zlib stream of stored blocks, the same bytes on every machine."""
    blocks = [data[i : i + 65535] for i in range(0, len(data), 65535)]
    body = b"".join(
        struct.pack("<BHH", block is blocks[-1], len(block), len(block) ^ 0xFFFF) + block for block in blocks
    )
    return b"\x78\x01" + body + struct.pack(">I", zlib.adler32(data))


class Drawing:
    """An SVG picture in the making.

    >>> drawing = Drawing(60, 20)
    >>> drawing.text(30, 14, "3 × 3")
    >>> drawing.image(alt="nothing but a size")[:48]
    '<img class="static" width="60" height="20" alt="'
    """

    def __init__(self, width, height):
        self.width, self.height, self.parts = width, height, []

    def add(self, tag, content=None, **attributes):
        """Add an element; numbers are written short, `stroke_width` becomes ``stroke-width``."""
        written = "".join(
            f' {name.rstrip("_").replace("_", "-")}="{value if isinstance(value, str) else f"{value:.5g}"}"'
            for name, value in attributes.items()
        )
        self.parts.append(f"<{tag}{written}/>" if content is None else f"<{tag}{written}>{content}</{tag}>")

    def text(self, x, y, string, **attributes):
        """Write `string` with its middle at x, on the line y."""
        self.add("text", html.escape(string), x=x, y=y, **attributes)

    def title(self, x, y, string, detail=""):
        """Write a title in bold, and what follows it in grey."""
        rest = f'<tspan fill="{MUTED}" font-weight="400"> {html.escape(detail)}</tspan>' if detail else ""
        self.add("text", html.escape(string) + rest, x=x, y=y, text_anchor="start", font_weight="600")

    def frame(self, x, y, width, height=None, **attributes):
        """Draw the outline of a rectangle."""
        height = width if height is None else height
        self.add("rect", x=x, y=y, width=width, height=height, fill="none", **{"stroke": LINE, **attributes})

    def window(self, x, y, side):
        """Draw the accent frame that means: you are here."""
        self.frame(x, y, side, stroke=PAPER, stroke_width=5.5)
        self.frame(x, y, side, stroke=ACCENT, stroke_width=2.5)

    def cells(self, values, x, y, cell, colour, text=label, gap=0.0):
        """Draw a map of values in cells of `cell` by `cell`, with numbers where they can be read."""
        rows, columns = values.shape
        if cell < 6:
            self.add("image", x=x, y=y, width=columns * cell, height=rows * cell, href=png(values, colour),
                     style="image-rendering:pixelated", preserveAspectRatio="none")  # fmt: skip
            return
        longest = max(len(text(value)) for value in values.flat)
        size = min(14, 0.42 * cell, 0.92 * (cell - gap) / (0.56 * longest))
        shift = gap / 2
        for (row, column), value in np.ndenumerate(values):
            fill = colour(value)
            left, top = x + column * cell, y + row * cell
            self.add("rect", x=left + shift, y=top + shift, width=cell - gap, height=cell - gap,
                     fill=hexadecimal(fill), stroke=LINE)  # fmt: skip
            if size >= 8:
                self.text(
                    left + cell / 2,
                    top + cell / 2 + 0.36 * size,
                    text(value),
                    fill=ink_on(fill),
                    font_size=size,
                )

    def ticks(self, x, y, cell, rows, columns, gap=0.0):
        """Number rows and columns from 0, outside a map whose corner is at (x, y)."""
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if step * cell >= 18 or step == 100)
        for column in range(0, columns, step):
            self.text(x + (column + 0.5) * cell, y + gap / 2 - 5, str(column), fill=MUTED, font_size=10)
        for row in range(0, rows, step):
            self.text(x + gap / 2 - 8, y + (row + 0.5) * cell + 4, str(row), fill=MUTED, font_size=10)

    def strike(self, keep, x, y, cell):
        """Hatch whole rows and columns: `keep` has True or False for each."""
        side, lost = len(keep) * cell, [i for i, kept in enumerate(keep) if not kept]
        if lost:
            self.parts.append(_HATCH)
            lines = (
                f"M{x:.5g} {y + i * cell:.5g}h{side:.5g}v{cell:.5g}h{-side:.5g}z"
                f"M{x + i * cell:.5g} {y:.5g}h{cell:.5g}v{side:.5g}h{-cell:.5g}z"
                for i in lost
            )
            self.add("path", d="".join(lines), fill="url(#hatch)")

    def image(self, alt):
        """Return the drawing as an HTML image with alternative text."""
        drawing = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            'text-anchor="middle" '
            f'font-family="system-ui,sans-serif" font-size="13" fill="{INK}">'
            f'<rect width="{self.width}" height="{self.height}" fill="{PAPER}"/>{"".join(self.parts)}</svg>'
        )
        address = "data:image/svg+xml;base64," + base64.b64encode(drawing.encode()).decode()
        return (
            f'<img class="static" width="{self.width}" height="{self.height}" alt="{html.escape(alt)}" '
            f'src="{address}">'
        )
