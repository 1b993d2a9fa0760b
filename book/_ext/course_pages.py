"""What every page carries: a description, and only the scripts and style sheets that it uses.

The theme loads half a megabyte of icons, a search index and a dozen scripts on every page, whether the page
uses them or not. `keep` below says which file serves what; the rest of the theme is overridden by the
templates in book/_templates, each of which says why it exists.
"""

import functools
import pathlib
import re
from html import escape

from course_chapters import FOLDER
from docutils import nodes
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
DESCRIPTION_LENGTH = 160
# file -> the text (or the template) that a page needs it for; other files stay on every page
USED_BY = {
    "kit/explorer.css": "data-explorer=",
    "mount.js": "data-explorer=",
    "copybutton.css": '<div class="highlight',
    "clipboard.min.js": '<div class="highlight',
    "copybutton.js": '<div class="highlight',
    "design-tabs.js": "sd-tab-set",
    "mystnb.": 'class="cell',
    "sphinx_highlight.js": "no page",  # search.js marks what was searched for
}
UNUSED_IN_OUTPUT = (
    "scripts/*.map",
    "styles/*.map",
    "scripts/fontawesome.js*",
    "scripts/bootstrap.js*",
    "*webpack-macros.html",
    "vendor",
    "locales",
    "searchtools.js",
    "language_data.js",
)


def describe(doctree):
    """Return the first sentences of a page, at most `DESCRIPTION_LENGTH` characters."""
    for paragraph in doctree.findall(nodes.paragraph):
        if isinstance(paragraph.parent, nodes.section):
            text = " ".join(paragraph.astext().split())
            if len(text) <= DESCRIPTION_LENGTH:
                return text
            return text[: DESCRIPTION_LENGTH - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
    return ""


@functools.cache
def policy(folder):
    """Return the security policy of the book's pages, for a host that sends no headers (book/_headers).

    Who may show a page in a frame, a header alone can say.
    """
    headers = pathlib.Path(folder, "book", "_headers")
    if not headers.is_file():
        return ""
    sent = re.search(r"^/\n  Content-Security-Policy: (.*)$", headers.read_text(encoding="utf-8"), flags=re.M)
    return re.sub(r"; frame-ancestors [^;]*", "", sent[1])


def head(app, pagename, context, doctree):
    """Return the meta elements of a page: description, Open Graph, theme colour."""
    given = re.search(r'<meta content="([^"]*)" name="description"', context.get("metatags") or "")
    description = escape(describe(doctree)) if doctree and not given else given and given[1]
    title = escape(re.sub(r"<[^>]*>", "", context.get("title") or app.config.html_title))
    properties = {
        "og:type": "website" if pagename == app.config.root_doc else "article",
        "og:site_name": escape(app.config.html_title),
        "og:title": title,
        "og:description": description,
    }
    if app.config.html_baseurl:  # Open Graph needs whole addresses; a build that has none leaves them out
        base = app.config.html_baseurl.rstrip("/")
        properties["og:url"] = f"{base}/{app.builder.get_target_uri(pagename)}"
        properties["og:image"] = f"{base}/_static/preview.png"
    lines = [f'<meta property="{name}" content="{text}" />' for name, text in properties.items() if text]
    if description and not given:
        lines.insert(0, f'<meta name="description" content="{description}" />')
    return "\n    ".join(["", *lines, ""])


def keep(file, body):
    """Tell whether a page with this body uses the script or style sheet."""
    name = str(getattr(file, "filename", None) or "")
    if not name:  # the theme's inline scripts set options that nothing on our pages reads
        return False
    for ending, mark in USED_BY.items():
        if ending in name:
            return mark in body
    return True


def finish_page(app, pagename, templatename, context, doctree):
    """Set a page's head and scripts, after every other extension had its turn."""
    # docutils calls the bibliography a list, but its entries are no list items; their own role is out of use
    body = (context.get("body") or "").replace('<div role="list" class="cit', '<div class="cit')
    body = body.replace(' role="doc-biblioentry"', "")
    # a fold of code is named by the words that it shows
    body = body.replace('<summary aria-label="Toggle hidden content">', "<summary>")
    context["course_policy"] = policy(app.confdir)
    context["course_head"] = head(app, pagename, context, doctree)
    for kind in ("script_files", "css_files"):
        context[kind] = [file for file in context.get(kind, []) if keep(file, body or templatename)]
    for file in context["script_files"]:
        if "type" not in file.attributes:  # modules wait anyhow
            file.attributes["defer"] = "defer"
    if body:
        context["body"] = body


def join_stops(app, pagename, templatename, context, doctree):
    """Let the keyboard pass a chapter in few steps."""
    if pagename.startswith(f"{FOLDER}/"):
        app.add_js_file("stops.js", loading_method="defer", priority=900)  # after what makes buttons


def check_folds(app, doctree):
    """Say how to fold a text so that it opens without JavaScript."""
    for node in doctree.findall(nodes.Admonition):
        if "dropdown" in node.get("classes", []):
            LOGGER.warning("fold this with the directive {dropdown}, which needs no script", location=node)


def remove_unused(app, error):
    """Drop the theme's files that no page asks for."""
    static = pathlib.Path(app.outdir) / "_static"
    if error or not static.is_dir():
        return
    for pattern in UNUSED_IN_OUTPUT:
        for path in sorted(static.glob(pattern), reverse=True):
            for file in sorted(path.rglob("*"), reverse=True) if path.is_dir() else []:
                file.rmdir() if file.is_dir() else file.unlink()
            path.rmdir() if path.is_dir() else path.unlink()


def setup(app):
    app.connect("doctree-read", check_folds)
    app.connect("html-page-context", join_stops)
    app.connect("html-page-context", finish_page, priority=950)
    app.connect("build-finished", remove_unused)
    root = pathlib.Path(app.confdir)
    explorers = root / "src/alexnet_course/explorers"
    for sheet in [*explorers.glob("kit/explorer.css"), *sorted(explorers.glob("*.css"))]:
        app.add_css_file(sheet.relative_to(explorers).as_posix(), priority=600)
        USED_BY.setdefault(sheet.name, f'data-explorer="{sheet.stem}"')
    if (root / "book/assets/mount.js").exists():
        app.add_js_file("mount.js", type="module", fetchpriority="low")  # the text comes first
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
