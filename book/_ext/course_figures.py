"""The figures of the chapters: one drawing each for both themes, and a link that shows it larger.

While the book is built, a figure of `plots` gives SVG (plots/svg.py) beside the PNG that notebooks store. But
for the first of a page, which follows its letters, it is loaded when the reader comes near it. On a phone its
text is too small to read, so a link lies over it: with figures.js it opens the figure in a dialog, without
scripts the drawing itself.
"""

import os
import pathlib
import re

FIGURE = re.compile(r'<img (?P<other>[^>]*)src="(?P<src>[^"]*_images/(?P<name>[^"/]+\.svg))"(?P<end>[^>]*)/>')
NUMBER = re.compile(r'<span class="caption-number">Fig\. ([\d.]+)')


def enlargeable(app, body):
    """Return the body of a page with the size of every figure, and a link over it that names its number."""
    sources = {name: source for source, name in app.builder.images.items()}
    parts, end = [], 0
    for found in FIGURE.finditer(body):
        if found["name"] not in sources:
            continue
        drawing = (pathlib.Path(app.srcdir) / sources[found["name"]]).read_text(encoding="utf-8")
        width, height = re.search(r'width="(\d+)" height="(\d+)"', drawing).groups()
        caption = body[found.end() :].partition("</figure>")[0]
        number = NUMBER.search(caption)
        when = ' loading="lazy"' if parts else ""  # the first stands on the first screen
        size = f'width="{width}" height="{height}"{when}'
        image = f'<img {found["other"]}src="{found["src"]}" {size}{found["end"]}/>'
        label = f"Enlarge figure {number[1]}" if number and "<figure" not in caption else "Enlarge the figure"
        link = f'<a class="enlarge" href="{found["src"]}" aria-label="{label}"></a>'
        parts += [body[end : found.start()], f'<span class="figure-view">{image}{link}</span>']
        end = found.end()
    return "".join([*parts, body[end:]])


def finish_page(app, pagename, templatename, context, doctree):
    """Make the figures of a page enlargeable, and load the script only where there are any."""
    body = context.get("body") or ""
    if FIGURE.search(body):
        context["body"] = enlargeable(app, body)
        app.add_js_file("figures.js", loading_method="defer")


def setup(app):
    os.environ["ALEXNET_COURSE_BOOK"] = "yes"  # for the kernels that run the chapters
    app.connect("html-page-context", finish_page)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
