"""What the search looks through: every section of the built pages, written once for `search.js`.

A reader looks for a place, not for a page: the unit is a section with its heading, its text and the terms
that it prints in bold. The glossary tells where a term is defined, and which words that readers bring lead
there; those come first. The data are a classic script, which loads from a file's address (file://) too, and
only when somebody searches.
"""

import json
import pathlib
import re
import tomllib

import bs4
from course_chapters import ROOT, documents

NAME = "search_data.js"
#: What is no text of the section: its heading's mark, the widget's data, the choices of a quiz, hidden twins.
NO_TEXT = (
    ".headerlink, figure[data-explorer], fieldset, script, style, annotation, .course-run, .cell_output, "
    ".network-map"
)
BLOCKS = ["p", "li", "td", "th", "div", "dt", "dd", "pre", "summary", "figcaption", "br"]
REFERENCE = ("book/api.html", "book/api/")  # the library's reference comes after every other page
OTHER_PAGES = 0.4  # of the weight of a chapter


def text_of(element):
    """Return the text of an element in one line."""
    for block in element.find_all(BLOCKS):
        block.append(" ")
    return " ".join(element.get_text().split())


def sections(html, address):
    """Return the sections of a page.

    Parameters
    ----------
    html : str
        A built page.
    address : str
        Its path in the site.

    Returns
    -------
    list of dict
        A section each, in the order of the page: its ``address`` with the anchor, the ``page``'s title, its
        ``heading``, its ``text`` without that of the sections in it, and its ``terms``, those in bold.

    Examples
    --------
    >>> page = '<article><section id="a"><h1>Pools</h1><p>Few <strong>maps</strong>.</p></section></article>'
    >>> sections(page, "b.html")
    [{'address': 'b.html#a', 'page': 'Pools', 'heading': 'Pools', 'text': 'Few maps.', 'terms': 'maps'}]
    """
    article = bs4.BeautifulSoup(html, "html.parser").find("article")
    for element in article.select(NO_TEXT) if article else []:
        element.decompose()
    found, page = [], None
    for section in reversed(article.find_all("section", id=True) if article else []):
        section.extract()  # the inner ones first: what is left is its own
        heading = section.find(re.compile("^h[1-6]$"))
        if heading is None:
            continue
        title = text_of(heading.extract())
        found.append(
            {
                "address": f"{address}#{section['id']}",
                "page": page,
                "heading": title,
                "text": text_of(section),
                "terms": " | ".join(text_of(term) for term in section.find_all("strong")),
            }
        )
    found.reverse()
    return [entry | {"page": found[0]["heading"]} for entry in found]


def glossary(html):
    """Return the chapter that defines each term of the glossary, and the terms that it leads to.

    Examples
    --------
    >>> entries = '<dl><dt>map</dt><dd>Responses. <a href="../notebooks/02_convolution.html">2</a></dd>'
    >>> glossary(entries + '<dt>GPU</dt><dd>See <em>map</em>.</dd></dl>')
    {'map': ('notebooks/02_convolution.html', []), 'GPU': (None, ['map'])}
    """
    found = {}
    for term in bs4.BeautifulSoup(html, "html.parser").find_all("dt"):
        meaning = term.find_next_sibling("dd")
        link = meaning.find("a", href=re.compile("notebooks/"))
        page = link and re.sub(r"^.*(notebooks/[^#]+).*$", r"\1", link["href"])
        found[text_of(term)] = (page, [text_of(other) for other in meaning.find_all("em")])
    return found


def place_of(term, page, entries):
    """Return the section of a page that defines a term: it prints it in bold, or says it in its heading."""
    own = [entry for entry in entries if entry["address"].startswith(f"{page}#")]
    for field in ("terms", "heading"):
        for entry in own:
            if term.lower() in entry[field].lower():
                return entry
    return own[0] if own else None


def data(pages, words, weights):
    """Return what the search looks through.

    Parameters
    ----------
    pages : dict of str to str
        Document name to HTML, in the order of the course.
    words : dict of str to str or list of str
        What readers ask, and the words that the course has for it; several answers are a list.
    weights : dict of str to float
        How much a page beside the chapters counts.

    Returns
    -------
    dict
        ``sections``, with what each ``defines``; and ``synonyms``, pairs of what a reader asks and what the
        course calls it.
    """
    entries = [entry for name, html in pages.items() for entry in sections(html, f"{name}.html")]
    known = glossary(pages.get("book/glossary", ""))
    synonyms = [[said, meant] for said, (_, others) in known.items() for meant in others]
    synonyms += [
        [said, meant] for said, all_ in words.items() for meant in ([all_] if isinstance(all_, str) else all_)
    ]
    for term, (page, _) in known.items():
        entry = page and place_of(term, page, entries)
        if entry:
            entry["defines"] = " | ".join(filter(None, [entry.get("defines"), term]))
    for entry in entries:
        entry["defines"] = entry.get("defines", "")
        entry["reference"] = entry["address"].startswith(REFERENCE)
        page = entry["address"].partition(".html")[0]
        entry["weight"] = 1 if page.startswith("notebooks/") else weights.get(page, OTHER_PAGES)
    return {"sections": entries, "synonyms": synonyms}


def write_data(app, error):
    """Write what the search looks through, from the pages as they are."""
    if error or app.builder.name != "html":
        return
    out = pathlib.Path(app.outdir)
    said = tomllib.loads((ROOT / "book/data/synonyms.toml").read_text(encoding="utf-8"))
    names = [name for name in documents() if name in app.env.found_docs]
    pages = {name: (out / f"{name}.html").read_text(encoding="utf-8") for name in names}
    found = json.dumps(data(pages, said["words"], said["pages"]), ensure_ascii=False)
    text = f"globalThis.courseSearchData = {found};\n"
    (out / "_static" / NAME).write_text(text, encoding="utf-8")


def without_sphinx_search(app):
    """Make no index of Sphinx's own: ours takes its place."""
    app.builder.search = False


def setup(app):
    app.add_js_file("search.js")
    app.connect("builder-inited", without_sphinx_search)
    app.connect("build-finished", write_data)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
