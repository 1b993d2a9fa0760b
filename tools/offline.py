"""Pack the built site into a zip that opens by double-click, without a server and without a network.

Usage: python tools/offline.py     (after the book is built; `make book` and `make zip` run it)

Browsers load no ES module and no page in the background from a file's address (file://), and some no font. So
the copy holds the explorers, and the files that they load, as classic scripts, one each, and its fonts stand
inside the style sheet. Links to what only a server can give, such as notebooks that run in the browser, lead
to the published site where the build knows it, and are left out otherwise.

The same site gives the same bytes: names are sorted and every file has the same date.
"""

import base64
import pathlib
import posixpath
import re
import sys
import zipfile
from urllib.parse import unquote, urlsplit

from alexnet_course.explorers.kit import files as explorer_files
from alexnet_course.explorers.kit.base import inline

ROOT = pathlib.Path(__file__).parent.parent
SITE = ROOT / "_build" / "html"
NAME = "alexnet-from-scratch"
DATE = (1980, 1, 1, 0, 0, 0)  # the first that the format knows
EXPLORERS = ROOT / "src" / "alexnet_course" / "explorers"
SERVER_ONLY = ("404.html", "sitemap.xml", "robots.txt", "_headers", ".buildinfo", "objects.inv")
#: What only a page from a server can load: the editor of the exercises, and Python for it.
EDITOR = ("_static/codemirror/", "_static/exercise_code.js", "_static/exercise_python.js")
PICTURES = (".png", ".webp", ".jpg", ".svg", ".gif")
START = """\
AlexNet from scratch, to read without a network.

Open index.html in any browser. Explorers, quizzes and the search work from here; running and changing the
code needs Python on your machine, or a network.

Code: MIT (LICENSE). Text and figures: CC BY 4.0 (LICENSE-text). The fonts keep their own licence
(_static/fonts/LICENSE.md).
"""
ANCHOR = re.compile(r'<a\b[^>]*?\bhref="([^"]*)"[^>]*>(.*?)</a>', flags=re.S)
MODULE = re.compile(r'<script [^>]*\btype="module" src="([^"]*_static/)mount\.js[^"]*"></script>')
POLICY = re.compile(r"(<meta http-equiv=\"Content-Security-Policy\" content=\"[^\"]*font-src 'self')")
PRELOAD = re.compile(r'[ \t]*<link rel="preload"[^>]*>\n?')
RUN_MENU = re.compile(r'<details class="course-run">.*?</details>', flags=re.S)


def classic_mount(text):
    """Return mount.js as a classic script, which takes the explorers from `globalThis.courseExplorers`."""
    body = re.sub(r"^export ", "", text, flags=re.M)
    return f"(async () => {{\n{body}}})();\n"


def classic_explorer(name):
    """Return an explorer and all its modules as one classic script."""
    text = inline(f"{name}.js")
    if text.count("\nexport default ") != 1:
        raise ValueError(f"{name}.js must have one default export")
    body = text.replace("\nexport default ", "\nreturn ")
    return f"(globalThis.courseExplorers ??= {{}}).{name} = (() => {{\n{body}}})();\n"


def classic_scripts(page):
    """Return a page with classic scripts in place of the module; its policy allows the fonts in its sheet."""
    names = sorted(set(re.findall(r'<figure[^>]* data-explorer="([a-z_]+)"', page)))

    def scripts(match):
        return "\n    ".join(
            f'<script defer="defer" src="{match[1]}{name}.js"></script>' for name in [*names, "mount"]
        )

    return MODULE.sub(scripts, POLICY.sub(r"\1 data:", PRELOAD.sub("", page)))


def classic_file(name, data):
    """Return a file that an explorer loads when asked (explorers/kit/files.js) as a classic script."""
    text = base64.b64encode(data).decode("ascii")
    return f'(globalThis.courseTexts ??= {{}})["{name}"] = "{text}";\n'


def lead_out(page, place, known, site):
    """Return a page without links to files that are not in the zip.

    Parameters
    ----------
    page : str
        HTML.
    place : str
        The page's path in the site, such as `notebooks/06_pooling.html`.
    known : set of str
        The paths that the zip holds.
    site : str
        The address of the published site with a slash at its end, or an empty text.

    Returns
    -------
    str
        A link that leads out goes to the published site; without one its words stay, and the menu of places
        to run a chapter loses the entry.

    Examples
    --------
    >>> lead_out('<a href="../lite/lab/">run</a>', "book/a.html", set(), "https://example.org/")
    '<a href="https://example.org/lite/lab/">run</a>'
    >>> lead_out('<a href="../lite/lab/">run</a>', "book/a.html", set(), "")
    'run'
    """

    def outside(href):
        parts = urlsplit(href)
        if parts.scheme or parts.netloc or not parts.path:
            return None
        path = posixpath.normpath(posixpath.join(posixpath.dirname(place), unquote(parts.path)))
        return None if path in known else path + ("/" if parts.path.endswith("/") else "")

    def mend(match):
        path = outside(match[1])
        if path is None:
            return match[0]
        if not site:
            return match[2]
        query = urlsplit(match[1]).query
        return match[0].replace(f'"{match[1]}"', f'"{site}{path}{"?" + query if query else ""}"')

    def shorten(menu):
        entries = re.findall(r"[ \t]*<li>.*?</li>\n?", menu[0], flags=re.S)
        kept = [entry for entry in entries if outside(ANCHOR.search(entry)[1]) is None]
        if not kept:
            return ""
        return re.sub(r"<ul>.*</ul>", lambda _: f"<ul>\n{''.join(kept)}</ul>", menu[0], flags=re.S)

    return ANCHOR.sub(mend, page if site else RUN_MENU.sub(shorten, page))


def embed_fonts(css, folder):
    """Return a style sheet with its fonts inside, which a page therefore waits for: they cannot be late."""

    def data(match):
        font = base64.b64encode((folder / match[1]).read_bytes()).decode("ascii")
        return f'url("data:font/woff2;base64,{font}")'

    css = re.sub(r"font-display:\s*\w+", "font-display: block", css)
    return re.sub(r'url\("?(fonts/[\w.-]+\.woff2)"?\)', data, css)


def published(folder):
    """Return the address that the pages name as their site's, with a slash at its end, or an empty text."""
    for path in sorted(folder.rglob("*.html")):
        found = re.search(r'<link rel="canonical" href="([^"]+)"', path.read_text(encoding="utf-8"))
        if found:
            return found[1].removesuffix(path.relative_to(folder).as_posix())
    return ""


def collect(folder):
    """Return what the zip holds: path to bytes.

    Parameters
    ----------
    folder : pathlib.Path
        The built site.

    Returns
    -------
    dict of str to bytes
    """
    modules = {f"_static/{path.relative_to(EXPLORERS).as_posix()}" for path in EXPLORERS.rglob("*.js")}
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        unused = name in SERVER_ONLY or name.startswith(("lite/", *EDITOR)) or name.endswith((".zip", ".whl"))
        if path.is_file() and not unused and name not in modules:
            files[name] = path.read_bytes()
    pages = {name: data.decode("utf-8") for name, data in files.items() if name.endswith(".html")}
    everything = "".join(pages.values())
    for name in [name for name in files if name.startswith("_images/") and name.endswith(PICTURES)]:
        if name not in everything:  # a PNG whose page shows its smaller twin
            del files[name]
    for name in sorted(set(re.findall(r'<figure[^>]* data-explorer="([a-z_]+)"', everything))):
        files[f"_static/{name}.js"] = classic_explorer(name).encode()
    for name in explorer_files.NAMES:
        data = files.pop(f"_static/files/{name}")
        files[f"_static/files/{name}.js"] = classic_file(name, data).encode()
    changes = {
        "_static/mount.js": classic_mount,
        "_static/course.css": lambda text: embed_fonts(text, folder / "_static"),
    }
    for name, change in changes.items():
        files[name] = change(files[name].decode("utf-8")).encode()
    known, site = set(files), published(folder)
    for name, page in pages.items():
        files[name] = lead_out(classic_scripts(page), name, known, site).encode()
    for name in ("LICENSE", "LICENSE-text"):
        files[name] = (ROOT / name).read_bytes()
    return {name: data for name, data in files.items() if not name.endswith(".woff2")} | {
        "READ-ME-FIRST.txt": START.encode()
    }


def write(files, target):
    """Write the zip, everything in one folder, with bytes that depend on the files alone."""
    target.unlink(missing_ok=True)
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(f"{NAME}/{name}", DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every machine: Unix
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])


def main():
    """Write the zip into the built site and say how large it is."""
    if not (SITE / "index.html").is_file():
        sys.exit("The site is not built yet. Run this first: make book")
    target = SITE / f"{NAME}.zip"
    files = collect(SITE)
    write(files, target)
    print(f"{target.relative_to(ROOT)}: {len(files)} files, {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
