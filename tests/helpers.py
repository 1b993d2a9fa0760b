"""What tests of several rooms read: where things lie, the table of contents, pages as they are built."""

import functools
import pathlib
import re

import bs4
import markdown_it
import pytest
import yaml

ROOT = pathlib.Path(__file__).parent.parent
SITE = ROOT / "_build" / "html"
ASSETS = ROOT / "tests" / "assets"
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def documents(node):
    """Return the documents below a node of _toc.yml, in reading order."""
    own = [node["file"]] if "file" in node else [node["root"]] if "root" in node else []
    below = [child for kind in ("parts", "chapters", "sections") for child in node.get(kind, [])]
    return own + [document for child in below for document in documents(child)]


def source_of(document):
    """Return the file of a document of the table of contents, or None."""
    candidates = (ROOT / f"{document}{suffix}" for suffix in (".md", ".ipynb"))
    return next((path for path in candidates if path.is_file()), None)


TOC = documents(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))
PAGES = [f"{document}.html" for document in TOC]
EVERY_PAGE = pytest.mark.parametrize("page", [*PAGES, "search.html"])
EVERY_CHAPTER = pytest.mark.parametrize("page", PAGES)


@functools.cache
def soup(file):
    """Return a built page, parsed; who changes it takes a copy."""
    return bs4.BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


def headings(source):
    """Return the levels of the headings of a Markdown text, 1 for `#`."""
    tokens = markdown_it.MarkdownIt().parse(FRONT_MATTER.sub("", source))
    return [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
