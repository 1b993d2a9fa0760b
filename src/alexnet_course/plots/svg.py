"""A figure as one SVG file that has the colours of both themes: what the site shows; notebooks keep PNG.

The file is shown as an image, so it loads when the reader comes near it, and follows the theme of the page
around it: browsers hand that on as `prefers-color-scheme`. Where one does not, the figure follows the system
and brings its own paper. Colours of the palette become variables. An array on one of the course's colour maps
is stored in grey, one pixel a value, and a filter for each theme gives these greys their colours.
"""

import base64
import io
import re

import matplotlib as mpl
import numpy as np
from matplotlib.image import AxesImage
from PIL import Image

from alexnet_course import palette
from alexnet_course.palette import DARK, LIGHT

#: The stops of the colour maps in either theme, evenly spaced: in the light one as `style` has them.
MAPS = {
    "signed": ([LIGHT.minus, LIGHT.zero, LIGHT.plus], [DARK.minus, DARK.zero, DARK.plus]),
    "magnitude": (
        [LIGHT.paper, LIGHT.some, LIGHT.plus, LIGHT.most],
        [DARK.paper, DARK.some, DARK.plus, DARK.most],
    ),
}
#: The colours of the palette that figures have: what is drawn, and grounds on which ink can be read.
DRAWN = ("paper", "ink", "muted", "faint", "line", "accent", "plus", "minus", "leaf")
GROUNDS = ("silver", "pewter", "slate", "haze", "peach", "sky", "mint")
# What black and white text on a cell becomes where its cell turns dark, or pale, and white text on a cell
# that stays as it is; no figure has these colours.
_ON_PALE, _ON_DEEP, _WHITE = "#000001", "#fffffe", "#fefefe"
_VARIABLES = {
    **{name: (vars(LIGHT)[name], vars(DARK)[name]) for name in (*DRAWN, *GROUNDS)},
    "on-pale": ("#000", "#fff"),
    "on-deep": ("#fff", "#000"),
}
_NAMES = {light: f"var(--{name})" for name, (light, _) in _VARIABLES.items()}
_NAMES |= {_ON_PALE: "var(--on-pale)", _ON_DEEP: "var(--on-deep)"}
_PIXELS = 4 / 3  # a point
_LOSSLESS = 20_000  # pixels; a larger picture is a photograph, or as fine as one, and bears lossy compression
_BLOCK = 1.5  # points; pixels that are drawn larger than this are to be seen as pixels
_SETTINGS = {"svg.hashsalt": "alexnet_course", "svg.fonttype": "path", "svg.image_inline": True}
_NO_TRACE = dict.fromkeys(("Date", "Creator", "Format", "Type"))


def themed_svg(figure):
    """Return a figure of this package as the text of an SVG file, the same in every run.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        It is left as it was.

    Returns
    -------
    str
        Text is drawn as shapes: an image cannot use the fonts of the page.
    """
    undo = [_as_image(axes._colorbar) for axes in figure.axes if hasattr(axes, "_colorbar")]
    undo += [_stored_raw(image) for axes in figure.axes for image in axes.get_images()]
    undo += [_inked(text, axes) for axes in figure.axes for text in axes.texts]
    file = io.StringIO()
    try:
        with mpl.rc_context(_SETTINGS):
            figure.savefig(file, format="svg", bbox_inches="tight", metadata=_NO_TRACE)
    finally:
        for restore in reversed(undo):
            restore()
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<image [^>]*>", _light_image, svg)
    svg = re.sub(r"#[0-9a-f]{6}\b", lambda found: _NAMES.get(found[0], found[0]), svg)
    svg = re.sub(
        r'\b(width|height)="([\d.]+)pt"', lambda at: f'{at[1]}="{float(at[2]) * _PIXELS:.0f}"', svg, count=2
    )
    return svg.replace(">", f">{_theme()}", 1)


def _as_image(bar):
    """Draw the colours of a scale as an image, which can have a filter; return what undoes it."""
    (low, high), solids = bar.ax.get_ylim(), bar.solids
    image = AxesImage(bar.ax, cmap=bar.cmap, norm=bar.norm, origin="lower", extent=(0, 1, low, high))
    image.set_data(np.linspace(low, high, 256)[:, np.newaxis])
    image.set_clip_path(bar.ax.patch)
    bar.ax.add_image(image)
    solids.set_visible(False)

    def restore():
        image.remove()
        solids.set_visible(True)

    return restore


def _stored_raw(image):
    """Prepare an image of an axes to be stored with one pixel a value; return what undoes it."""
    before = image.get_interpolation(), image.get_cmap(), image.get_gid()
    image.set_interpolation("none")
    if image.get_cmap().name in MAPS and np.ndim(image.get_array()) == 2:
        image.set_gid(f"{image.get_cmap().name}-{id(image)}")  # the id goes with _light_image
        with image.callbacks.blocked():  # else its scale would be drawn anew, in grey
            image.set_cmap("gray")

    def restore():
        image.set_interpolation(before[0])
        with image.callbacks.blocked():
            image.set_cmap(before[1])
        image.set_gid(before[2])

    return restore


def _inked(text, axes):
    """Let a black or white number on a cell of a colour map follow its cell; return what undoes it.

    Text that was given no colour is ink.
    """
    before = text.get_color()
    if before == "black":
        text.set_color(LIGHT.ink)
    if before == "#fff":
        text.set_color(_WHITE)
    images = [image for image in axes.get_images() if (image.get_gid() or "").partition("-")[0] in MAPS]
    if before in ("#000", "#fff") and images:
        values = images[0].get_array()
        column, row = (round(float(at)) for at in text.get_position())
        inside = 0 <= row < values.shape[0] and 0 <= column < values.shape[1]
        value = values[row, column] if inside else np.ma.masked
        stops = MAPS[images[0].get_gid().partition("-")[0]][1]
        share = None if value is np.ma.masked or np.isnan(value) else float(images[0].norm(value))
        if palette.ink_on(_between(stops, share) if share is not None else palette.rgb(DARK.paper)) != before:
            text.set_color({"#000": _ON_PALE, "#fff": _ON_DEEP}[before])
    return lambda: text.set_color(before)


def _between(stops, share):
    """Return the colour (r, g, b) at a share from 0 to 1 of the way along evenly spaced stops."""
    parts = np.transpose([palette.rgb(stop) for stop in stops])
    return [np.interp(share, np.linspace(0, 1, len(stops)), part) for part in parts]


def _light_image(match):
    """Return an embedded picture in the lightest form that keeps it, with its filter in place of its id."""
    tag = match[0]
    data = re.search(r'data:image/png;base64,([^"]+)"', tag)
    picture = Image.open(io.BytesIO(base64.b64decode(data[1])))
    if picture.mode == "RGBA" and picture.getextrema()[3] == (255, 255):
        picture = picture.convert("RGB")
    file, small = io.BytesIO(), picture.width * picture.height <= _LOSSLESS
    picture.save(file, "WEBP", lossless=small, quality=90 if small else 65, method=6)
    tag = tag.replace(data[0], f'data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"')
    name = re.search(r'id="(\w+)-\d+"', tag)
    tag = re.sub(r' (?:id|style)="[^"]*"', "", tag)
    scale = re.search(r'transform="matrix\(([\d.]+)', tag)
    kinds = [name[1]] if name and name[1] in MAPS else []
    if scale and float(scale[1]) >= _BLOCK:
        kinds.append("pixels")
    return tag.replace("<image", f'<image class="{" ".join(kinds)}"' if kinds else "<image", 1)


def _theme():
    """Return the style sheet of the figures, and the filters of the colour maps."""

    def rules(theme):
        colours = "".join(f"--{name}:{pair[theme]};" for name, pair in _VARIABLES.items())
        return f"svg{{{colours}}}" + "".join(f".{name}{{filter:url(#{name}-{theme})}}" for name in MAPS)

    filters = "".join(
        f'<filter id="{name}-{theme}" x="0" y="0" width="1" height="1" color-interpolation-filters="sRGB">'
        f"<feComponentTransfer>{_tables(stops)}</feComponentTransfer></filter>"
        for name, themes in MAPS.items()
        for theme, stops in enumerate(themes)
    )
    paper = '<rect x="-1" y="-1" width="110%" height="110%" style="fill:var(--paper)"/>'
    sheet = f"{rules(0)}.pixels{{image-rendering:pixelated}}@media (prefers-color-scheme:dark){{{rules(1)}}}"
    return f"<style>{sheet}</style><defs>{filters}</defs>{paper}"


def _tables(stops):
    """Return the functions of a filter that runs through these stops."""
    parts = np.transpose([palette.rgb(stop) for stop in stops]) / 255
    return "".join(
        f'<feFunc{name} type="table" tableValues="{" ".join(f"{value:.4g}" for value in part)}"/>'
        for name, part in zip("RGB", parts, strict=True)
    )
