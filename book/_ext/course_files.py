"""The files beside the pages: for the first visit, a lost reader, the host and a search engine.

index.html is the first page itself: one that only sends its readers on costs them a second round trip.
404.html is served for any path, so its links start at the site's root. _headers holds the security headers in
the form that several hosts read (book/hosting.md). sitemap.xml and robots.txt need whole addresses: a build
that does not know its site (COURSE_SITE, see course_links.py) leaves them out.
"""

import pathlib
import posixpath
import re
import shutil
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

LOST = """\
<section><h1>No such page</h1>
<p>The address leads nowhere in this course. A page may have moved: the contents at the side list every
chapter, and the search finds words inside them.</p>
<p><a href="{home}">To the first page of the course</a></p></section>"""
ROBOTS = "User-agent: *\nAllow: /\nSitemap: {}sitemap.xml\n"
RELATIVE = re.compile(r'(?<= )(href|src|action|data-content_root)="(?![a-z]+:|[/#])([^"]*)"')
SITEMAP = """\
<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
{}</urlset>
"""


def lost_page(app):
    """Yield the page for addresses that lead nowhere."""
    home = app.builder.get_relative_uri("404", app.config.root_doc)
    context = {"title": "No such page", "body": LOST.format(home=home), "pageurl": None}
    yield "404", context | {"metatags": '<meta name="robots" content="noindex" />'}, "page.html"


def moved(page, base):
    """Return the HTML of a page whose relative links start at `base`, a folder or the path of the site.

    Examples
    --------
    >>> moved('<html data-content_root="../"><a href="a.html#b">, <a href="#c">', "book")
    '<html data-content_root="./"><a href="book/a.html#b">, <a href="#c">'
    >>> moved('<html data-content_root="./"><a href="book/intro.html">, <a href="https://x.org">', "/course/")
    '<html data-content_root="/course/"><a href="/course/book/intro.html">, <a href="https://x.org">'
    """

    def start_at_base(match):
        address = posixpath.normpath(posixpath.join(base, match[2]))
        return f'{match[1]}="{address.rstrip("/") + "/" if match[2].endswith("/") else address}"'

    return RELATIVE.sub(start_at_base, page)


def write_files(app, error):
    """Finish 404.html, and write index.html, _headers, sitemap.xml and robots.txt."""
    if error or app.builder.name != "html":
        return
    out, site = pathlib.Path(app.outdir), app.config.html_baseurl
    lost = out / "404.html"
    lost.write_text(moved(lost.read_text(encoding="utf-8"), urlsplit(site).path or "/"), encoding="utf-8")
    first = pathlib.PurePosixPath(app.builder.get_target_uri(app.config.root_doc))
    index = moved((out / first).read_text(encoding="utf-8"), first.parent.as_posix())
    (out / "index.html").write_text(index, encoding="utf-8")
    headers = pathlib.Path(app.confdir, "book", "_headers")
    if headers.is_file():
        shutil.copyfile(headers, out / "_headers")
    if site:
        pages = [site + app.builder.get_target_uri(name) for name in sorted(app.env.found_docs)]
        entries = "".join(f"  <url><loc>{escape(page)}</loc></url>\n" for page in pages)
        (out / "sitemap.xml").write_text(SITEMAP.format(entries), encoding="utf-8")
        (out / "robots.txt").write_text(ROBOTS.format(site), encoding="utf-8")


def setup(app):
    app.connect("html-collect-pages", lost_page)
    app.connect("build-finished", write_files, priority=900)  # when the pages are as they will be
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
