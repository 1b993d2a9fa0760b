"""What tests of several rooms read: where things lie, the table of contents, pages as they are built."""

import functools
import pathlib
import re
import tomllib

import bs4
import markdown_it
import pytest
from course_chapters import documents, source_of

ROOT = pathlib.Path(__file__).parent.parent
SITE = ROOT / "_build" / "html"
ASSETS = ROOT / "tests" / "assets"
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)

# What the first version got wrong; a test names what it guards: @pytest.mark.first_version("T01").
FIRST_VERSION = tomllib.loads((ROOT / "tests" / "first_version.toml").read_text(encoding="utf-8"))["error"]
TOC = documents()
#: The files of the pages; one that is missing is told by a test of its own (test_project.py).
SOURCES = [path for document in TOC if (path := source_of(document))]
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


def known_numbers(entries, name):
    """Return (value, expression) of every number of a data file that the package computes."""
    return [
        pytest.param(value, expression[0], id=f"{entry[name]}: {number}")
        for entry in entries
        for number, (value, *expression) in entry.get("numbers", {}).items()
        if expression
    ]
