"""One style sheet for all pages, with the rules that the course uses, and a second for explorers.

A page comes with eleven sheets of 570 kB, each of which the browser waits for before it draws anything.
When the pages are written, the sheets of all pages become one, in their order, less those rules of the
theme whose classes and ids occur on no page and in no script that a page loads at once, and less the
variables that nothing reads. A browser fetches it once. Its first line names the sheets that it was made
of, for the next build, which finds it linked from the pages that it does not write again.

What explorers look like is the second: before a script makes one, there is nothing that it could match.
Rules for the figure around an explorer, which stands on the page as written, are in the first. No medium
asks for the second: it comes last and nothing waits for it, until mount.js does.
"""

import hashlib
import pathlib
import posixpath
import re

import tinycss2

ROOT = pathlib.Path(__file__).parent.parent.parent
EXPLORERS = ROOT / "src/alexnet_course/explorers"
LINK = re.compile(r'\s*<link\b[^>]*\brel="stylesheet"[^>]*>')
HREF = re.compile(r'\bhref="([^"?#]+)')
HEAD = re.compile(r"<noscript>.*?</noscript>|" + LINK.pattern, re.DOTALL)
NAME = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")
NEGATION = re.compile(r":(?:not|is|where)\([^()]*(?:\([^()]*\)[^()]*)*\)")  # may match without these names
URL = re.compile(r"""url\(\s*(["']?)(?!data:|https?:|[/#])([^"')]+)\1\s*\)""")
IMPORT = re.compile(r"""@import\s+(?:url\()?\s*["']([^"']+)["']\s*\)?\s*;""")
NAME_OF_SHEET = "course.css"
NAME_FOR_EXPLORERS = "explorers.css"
LATER = re.compile(r"\s*<link\b[^>]*\bdata-later\b[^>]*>")
# Parts of the theme that its scripts look for and our templates leave out.
NOT_MADE = {
    "bd-header",
    "bd-header-announcement",
    "bd-header-version-warning",
    "dropdown-menu",
    "list-group-item",
    "popover",
    "sidebar",
    "tooltip",
    "version-switcher__button",
    "version-switcher__menu",
}
SCRIPT = re.compile(r'<script\b[^>]*\bsrc="([^"?#]+)')
SOURCES = re.compile(r"/\* made of (.*) \*/\n")
NESTING = ("media", "supports", "layer", "container")
NAMED = re.compile(r"""\b(?:class|id)=(?:"([^"]*)"|'([^']*)'|([^\s>]+))""")
VARIABLE = re.compile(r"""(?<=[{;])\s*(--[\w-]+)\s*:(?:[^;{}"']|"[^"]*"|'[^']*')*(?:;|(?=\}))""")
READ = re.compile(r"var\(\s*(--[\w-]+)")
FACE = re.compile(r"^@font-face\{.*\}\n?", re.MULTILINE)
ADDRESS = re.compile(r'url\("([^"]+)"\)')
EMPTY = re.compile(r"^[^\n{}]*\{\s*\}\n", re.MULTILINE)


def sheet(path, static):
    """Return a style sheet with what it imports put in, and its addresses as seen from the static folder."""
    folder = path.parent.relative_to(static).as_posix()
    pieces = IMPORT.split(path.read_text("utf-8"))  # text, imported file, text, imported file, ... text
    for place, piece in enumerate(pieces):
        if place % 2:
            pieces[place] = sheet((path.parent / piece).resolve(), static)
        else:
            pieces[place] = URL.sub(lambda url: f'url("{posixpath.normpath(f"{folder}/{url[2]}")}")', piece)
    return "".join(pieces)


def words_of(pages, scripts):
    """Return what can be a class or an id: those of the pages, and every word of a script."""
    named = ["".join(found) for page in pages for found in NAMED.findall(page)]
    return set(re.findall(r"[\w-]+", " ".join([*named, *scripts])))


def used(selector, words):
    """Return whether a selector can match: all of its classes and ids occur."""
    return words is None or all(name in words for name in NAME.findall(NEGATION.sub("", selector)))


def selectors(prelude):
    """Return the selectors of a rule, which commas outside of brackets separate."""
    parts = [[]]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return [tinycss2.serialize(part).strip() for part in parts]


def pruned(rules, words, without=frozenset()):
    """Return rules as text, without those that cannot match; with no words, all of them.

    `without` are the words of rules that stand elsewhere.
    """
    kept = []
    for rule in rules:
        if rule.type == "qualified-rule":
            matching = [
                selector
                for selector in selectors(rule.prelude)
                if used(selector, words) and not (without and used(selector, without))
            ]
            if matching:
                kept.append(f"{','.join(matching)}{{{compact(rule.content)}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in NESTING and rule.content is not None:
            inner = pruned(tinycss2.parse_rule_list(rule.content, True, True), words, without)
            if inner:
                kept.append(f"@{rule.at_keyword} {tinycss2.serialize(rule.prelude).strip()}{{{inner}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword != "charset":
            block = "" if rule.content is None else f"{{{compact(rule.content)}}}"
            prelude = f"@{rule.at_keyword} {tinycss2.serialize(rule.prelude).strip()}".strip()
            kept.append(f"{prelude}{block or ';'}")
        elif rule.type == "error":
            raise ValueError(f"a style sheet cannot be read: {rule.message}")
    return "\n".join(kept)


def compact(tokens):
    """Return the content of a rule without comments and with single spaces."""
    text = tinycss2.serialize([token for token in tokens if token.type != "comment"])
    return re.sub(r"\s*\n\s*", " ", text).strip()


def without_lost_fonts(css, static):
    """Return a style sheet without the faces whose files the site has not: the theme's icons."""

    def here(face):
        return face[0] if any((static / name).is_file() for name in ADDRESS.findall(face[0])) else ""

    return FACE.sub(here, css)


def without_unread_variables(css, others):
    """Return a style sheet without the custom properties that no rule reads and no other text names."""
    read = {*READ.findall(css), *re.findall(r"--[\w-]+", "\n".join(others))}
    less = VARIABLE.sub(lambda found: found[0] if found[1] in read else "", css)
    # what only a variable read that is gone now goes in the next round
    return EMPTY.sub("", css) if less == css else without_unread_variables(less, others)


def sheets(page, html, static):
    """Return the links to the page's style sheets as they stand, and the files that they lead to."""
    found = []
    for link in HEAD.findall(html.partition("</head>")[0]):
        address = HREF.search(link)
        if link.lstrip().startswith("<noscript>") or "media=" in link or not address:
            continue  # for readers without scripts, or for paper
        path = (page.parent / address[1]).resolve()
        if path == static / NAME_OF_SHEET:  # from an earlier build
            names = SOURCES.match(path.read_text("utf-8"))
            found += [(link, static / name) for name in (names[1].split() if names else ())]
        elif path.is_relative_to(static):
            found.append((link, path))
    return found


def combine(app, exception):
    """Give all pages one style sheet."""
    if exception or app.builder.format != "html":
        return
    out = pathlib.Path(app.outdir).resolve()
    static = out / "_static"
    ours = [ROOT / folder for folder in app.config.html_static_path if not pathlib.Path(folder).is_absolute()]
    own = {
        static / (path.relative_to(place) if place.is_dir() else path.name): path.read_text("utf-8")
        for place in ours
        for path in ([place] if place.is_file() else place.rglob("*.css"))
    }
    pages = {page: LATER.sub("", page.read_text("utf-8")) for page in sorted(out.rglob("*.html"))}
    linked = {page: sheets(page, html, static) for page, html in pages.items()}
    ours_to_read = {page: html for page, html in pages.items() if linked[page]}
    written = words_of(ours_to_read.values(), [])
    at_once = {
        (page.parent / address).resolve()
        for page, html in ours_to_read.items()
        for address in SCRIPT.findall(html)
    }
    made = words_of([], [path.read_text("utf-8") for path in sorted(at_once) if path.is_file()])
    words = written | made - NOT_MADE
    explorers = {static / path.relative_to(EXPLORERS) for path in EXPLORERS.rglob("*.css")} & set(own)

    def text(path):
        rules = tinycss2.parse_stylesheet(sheet(path, static), skip_comments=True, skip_whitespace=True)
        if path in explorers:
            return pruned(rules, written)
        # our own sheets stay whole: scripts put their names together
        return without_lost_fonts(pruned(rules, None if path in own else words), static)

    longest_first = sorted(linked.values(), key=len, reverse=True)
    paths = dict.fromkeys(path for links in longest_first for _, path in links)
    names = " ".join(path.relative_to(static).as_posix() for path in paths)
    scripts = [path.read_text("utf-8") for path in static.rglob("*.js")]
    rules = without_unread_variables("\n".join(map(text, paths)) + "\n", [*scripts, *own.values()])
    later = "\n".join(
        pruned(tinycss2.parse_stylesheet(sheet(path, static), True, True), None, without=written)
        for path in paths
        if path in explorers
    )
    version = write(static / NAME_OF_SHEET, f"/* made of {names} */\n{rules}")
    version_later = write(static / NAME_FOR_EXPLORERS, later)
    for page, links in linked.items():
        if not links:
            continue
        html = pages[page]
        first, *others = dict.fromkeys(link for link, _ in links)
        for link in others:
            html = html.replace(link, "", 1)
        address = posixpath.relpath(static.as_posix(), page.parent.as_posix())
        head = f'\n<link rel="stylesheet" href="{address}/{NAME_OF_SHEET}?v={version}">'
        if "data-explorer=" in html:
            one = f"{address}/{NAME_FOR_EXPLORERS}?v={version_later}"
            head += f'\n<link rel="stylesheet" href="{one}" media="not all" data-later>'
        page.write_text(html.replace(first, head, 1), "utf-8")


def write(path, text):
    """Write a sheet, and return what tells it from an older one."""
    path.write_text(text, "utf-8")
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def setup(app):
    """Register the extension; it runs after everything else that writes pages."""
    app.connect("build-finished", combine, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
