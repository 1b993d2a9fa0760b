"""The network as the map of the course: a strip under each chapter's title, and a large one by a directive.

    ```{network}
    ```

Both are drawn from the table of `alexnet.py`: a box a stage, as tall as the square root of its maps' height,
and a thin bar behind it for each ReLU, normalization and dropout. What a chapter is about is lit; all else is
a link to the chapter that explains it. The line between the boxes and the links tells shapes, on hover and on
focus. The boxes are for pointers: to the keyboard, and to those who listen, the links say the same; in a
chapter they are folded behind the line, and one stop on the way. No script is needed.
"""

from html import escape
from math import log2, sqrt
from typing import NamedTuple

from course_chapters import FOLDER, chapters
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from alexnet_course.alexnet import INPUT_SHAPE, TABLE, Convolution, FullyConnected, Pooling
from alexnet_course.explorers.alexnet import AlexNetExplorer
from alexnet_course.practice.quizzes import spoken

#: What the network is made of, and the chapter that explains it, by the words of its name.
CHAPTER_OF = {
    "image": "images",
    "convolution": "convolution",
    "ReLU": "relu",
    "normalization": "normalization",
    "pooling": "pooling",
    "dense": "dense",
    "dropout": "dropout",
    "softmax": "softmax",
}
SEVERAL = {"geometry": ("convolution", "pooling")}  # chapters about more than one; the others are about all
WIDTH, HEIGHT = 40, 60  # of a box's drawing
BAR, GAP = 3, 1.5


class Stage(NamedTuple):
    """A box of the strip."""

    name: str
    shape: tuple  #: (H, W, C) or (features,)
    kinds: tuple  #: what it is, then what stands behind it


def stages():
    """Return the stages of the network, from the image to the softmax."""
    found = [Stage("image", INPUT_SHAPE, ("image",))]
    for row, computed in zip(TABLE, AlexNetExplorer(groups=2).rows, strict=True):
        match row:
            case Convolution():
                kinds = ("convolution", "ReLU", *(("normalization",) if row.normalized else ()))
            case Pooling():
                kinds = ("pooling",)
            case FullyConnected():
                kinds = ("dense", *(("ReLU", "dropout") if row.hidden else ()))
        found.append(Stage(row.name, computed.shape, kinds))
    return [*found, Stage("softmax", found[-1].shape, ("softmax",))]


def about(chapter):
    """Return what a chapter is about, out of `CHAPTER_OF`.

    >>> about("06_pooling"), about("03_geometry"), len(about("13_training"))
    (('pooling',), ('convolution', 'pooling'), 8)
    """
    words = chapter.partition("_")[2]
    own = tuple(kind for kind, of in CHAPTER_OF.items() if of == words)
    return own or SEVERAL.get(words) or tuple(CHAPTER_OF)


def written(shape, breaks=False):
    """Return a shape as the course writes it; with `breaks` a line may end before its channels alone.

    >>> written((27, 27, 256)), written((4096,))
    ('27 × 27 × 256', '4096')
    """
    if breaks and len(shape) == 3:
        return "{}\xa0×\xa0{} ×\xa0{}".format(*shape)
    return " × ".join(map(str, shape))


def where(kind):
    """Return where a kind stands in the network, and the shapes there.

    >>> where("pooling")
    'pool1 27 × 27 × 96 · pool2 13 × 13 × 256 · pool5 6 × 6 × 256'
    >>> where("normalization")
    'behind conv1 and conv2; the shape stays'
    """
    own = [stage for stage in stages() if stage.kinds[0] == kind]
    if not own:
        *names, last = [stage.name for stage in stages() if kind in stage.kinds]
        return f"behind {', '.join(names)} and {last}; the shape stays"
    shapes = {}
    for stage in own:
        shapes.setdefault(written(stage.shape), []).append(stage.name)
    return " · ".join(f"{', '.join(names)} {shape}" for shape, names in shapes.items())


def box(stage, lit):
    """Return the drawing of a stage."""
    if len(stage.shape) == 3:
        height, width = HEIGHT * sqrt(stage.shape[0] / INPUT_SHAPE[0]), 4 + 2 * log2(stage.shape[-1])
    else:
        height, width = 4 + 3 * log2(stage.shape[0]), 7
    x = (WIDTH - width - (BAR + GAP) * (len(stage.kinds) - 1)) / 2
    parts = []
    for kind, wide in zip(stage.kinds, [width, BAR, BAR], strict=False):
        names = f"{kind.lower()} lit" if kind in lit else kind.lower()
        top = (HEIGHT - height) / 2
        parts.append(
            f'<rect class="{names}" x="{x:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{height:.1f}"/>'
        )
        x += wide + GAP
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(parts)}</svg>'


def strip(address, lit=(), large=False):
    """Return the map as HTML.

    Parameters
    ----------
    address : callable
        Takes the name of a chapter, gives its address from the page.
    lit : sequence of str
        What the page is about, out of `CHAPTER_OF`; nothing on a page that is no chapter.
    large : bool
        Whether every shape is always to be seen.

    Returns
    -------
    str
    """
    names = {name.partition("_")[2]: name for name in chapters()}
    targets, titles = {}, {}
    for kind, words in CHAPTER_OF.items():
        name = names.get(words)
        titles[kind] = name and spoken(name)
        targets[kind] = "#in-alexnet" if kind in lit else name and address(name)
    boxes = []
    for stage in stages():
        kind = stage.kinds[0]
        shape = f'<span class="shape">{written(stage.shape, breaks=True)}</span>'
        inside = f'{box(stage, lit)}<span class="name">{stage.name}</span>{shape if large else ""}'
        if targets[kind]:
            inside = f'<a href="{targets[kind]}" tabindex="-1">{inside}</a>'
        behind = f", then {' and '.join(stage.kinds[1:])}" if stage.kinds[1:] else ""
        leads = f". {titles[kind][0].upper()}{titles[kind][1:]}" if titles[kind] and kind not in lit else ""
        tip = f'<span class="tip">{stage.name} {written(stage.shape)}{behind}{escape(leads)}</span>'
        opening = '<li class="lit">' if set(stage.kinds) & set(lit) else "<li>"
        boxes.append(f"{opening}{inside}{tip}</li>")
    links = []
    for kind, target in targets.items():
        here = ' aria-current="true"' if kind in lit else ""
        tip = f'<span class="tip" id="network-{kind.lower()}">{kind}: {where(kind)}</span>'
        link = (
            f'<a href="{target}" aria-describedby="network-{kind.lower()}"{here}>{kind}</a>'
            if target
            else kind
        )
        links.append(f'<li class="to-{kind.lower()}">{link}{tip}</li>')
    if not lit:
        line = "Point at a stage for its shape; each leads to its chapter."
    elif len(lit) == 1:
        line = f"This chapter: {lit[0]}, {where(lit[0])}"
    else:
        line = f"This chapter: {'the whole network' if len(lit) == len(CHAPTER_OF) else ' and '.join(lit)}"
    return (
        f'<nav class="network-map{" large" if large else ""}" aria-label="The network">'
        f'<ol class="stages" aria-hidden="true">{"".join(boxes)}</ol>'
        f'<details{" open" if large else ""}><summary class="line">{line}</summary>'
        f'<ul class="kinds">{"".join(links)}</ul></details></nav>'
    )


class Network(SphinxDirective):
    """{network}: the map, large."""

    def run(self):
        """Draw it with addresses as seen from this page."""
        builder, page = self.env.app.builder, self.env.docname
        html = strip(lambda name: builder.get_relative_uri(page, f"{FOLDER}/{name}"), large=True)
        return [nodes.raw("", html, format="html")]


def add_strip(app, pagename, templatename, context, doctree):
    """Put the strip under the title of a chapter."""
    folder, _, name = pagename.rpartition("/")
    if folder == FOLDER and name in chapters():
        html = strip(lambda other: app.builder.get_relative_uri(pagename, f"{FOLDER}/{other}"), about(name))
        context["body"] = context["body"].replace("</h1>", f"</h1>\n{html}", 1)


def setup(app):
    app.add_css_file("network.css")
    app.add_directive("network", Network)
    app.connect("html-page-context", add_strip)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
