"""One script for the pages of a kind.

A chapter uses fourteen small scripts that wait for the page. Where a server speaks HTTP/1.1, each costs a
round trip, six at a time. When the pages are written, the waiting scripts of a page become one, in their
order; pages with the same scripts share it. Modules stay by themselves. Comments and indentation, a
third of what our scripts weigh, are for those who read the source. The first line of a joined script
names the files that it was made of, for the next build, which finds it linked from the pages that it does
not write again.
"""

import functools
import hashlib
import pathlib
import posixpath
import re

from pygments.lexers import JavascriptLexer
from pygments.token import Comment, Whitespace

SCRIPT = re.compile(r'\s*<script\b(?=[^>]*\bdefer\b)[^>]*\bsrc="([^"?#]+)[^>]*></script>')
SOURCES = re.compile(r"// made of (.*)\n")
NAME = "course-{}.js"
# The theme's script measures the page; before the first frame it would have all of it laid out in one piece.
# An observer is told after a frame; what ran in the frame (requestAnimationFrame) would be billed for it.
AFTER_PAINT = {
    "pydata-sphinx-theme.js": "new IntersectionObserver((seen, once) => {\nonce.disconnect();\n{}\n})"
    ".observe(document.body);",
}
OURS = pathlib.Path(__file__).parent.parent / "assets"
LICENCE = re.compile("licen[cs]e|copyright", re.IGNORECASE)


@functools.cache
def without_comments(text):
    """Return a script without comments and indentation; what speaks of a licence stays, and every string.

    A line stays a line: where one ends, a statement may end, too.
    """
    parts = [""]
    for kind, word in JavascriptLexer(stripnl=False, ensurenl=False).get_tokens(text):
        if kind in Whitespace or (kind in Comment and not LICENCE.search(word)):
            before = parts.pop() if parts[-1].isspace() else ""
            word = "\n" if "\n" in before + word else " "
        parts += [word] if word else []
    return "".join(parts).lstrip()


def deferred(page, html, static):
    """Return the waiting scripts of a page as they stand in it, and the files that they lead to."""
    tags, files = [], []
    for tag in SCRIPT.finditer(html):
        path = (page.parent / tag[1]).resolve()
        if not path.is_relative_to(static):
            continue
        made = SOURCES.match(path.read_text("utf-8"))
        tags.append(tag[0])
        files += [static / name for name in made[1].split()] if made else [path]
    return tags, files


def joined(files, static):
    """Return scripts as one: each keeps its names, which the scripts of a page share anyhow."""
    names = [path.relative_to(static).as_posix() for path in files]
    texts = [
        AFTER_PAINT.get(path.name, "{}").replace("{}", without_comments(path.read_text("utf-8")))
        for path in files
    ]
    parts = [f"// ---- {name}\n{text}" for name, text in zip(names, texts, strict=True)]
    together = "\n;\n".join(parts)  # a script may leave its last semicolon out
    return f"// made of {' '.join(names)}\n{together}"


def join(app, exception):
    """Give each page one script that waits for it."""
    if exception or app.builder.format != "html":
        return
    out = pathlib.Path(app.outdir).resolve()
    static = out / "_static"
    for path in OURS.rglob("*.js"):
        if (copy := static / path.relative_to(OURS)).is_file():
            copy.write_text(without_comments(path.read_text("utf-8")), "utf-8")
    for page in sorted(out.rglob("*.html")):
        html = page.read_text("utf-8")
        tags, files = deferred(page, html, static)
        if not files:
            continue
        text = joined(files, static)
        target = static / NAME.format(hashlib.sha256(text.encode()).hexdigest()[:8])
        target.write_text(text, "utf-8")
        address = posixpath.relpath(target.as_posix(), page.parent.as_posix())
        first, *others = tags
        for tag in others:
            html = html.replace(tag, "", 1)
        page.write_text(
            html.replace(first, f'\n    <script defer="defer" src="{address}"></script>', 1), "utf-8"
        )


def setup(app):
    """Register the extension; it runs after everything else that writes pages."""
    app.connect("build-finished", join, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
