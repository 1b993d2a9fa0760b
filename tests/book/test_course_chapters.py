"""The chapters as the book finds them: their order, their table on the first page, their names in links."""

import io
import json
import re

import course_chapters
import pytest
from helpers import ROOT
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import docutils_namespace

TOC = "format: jb-book\nroot: index\nchapters:\n  - file: notebooks/01_rows\n  - file: notebooks/02_columns\n"
GOOD = "# Rows and rows\n\nText.\n\n## Question\n\n**How *many* rows?**\n\nMore. And now?\n"


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Return a function that builds a first page with the table of two chapters; gives HTML and warnings."""
    monkeypatch.setattr(course_chapters, "ROOT", tmp_path)
    (tmp_path / "_toc.yml").write_text(TOC, encoding="utf-8")
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "index.md").write_text("# First\n\n```{chapters}\n```\n", encoding="utf-8")
    settings = {"extensions": ["myst_parser", "course_chapters"], "source_suffix": {".md": "markdown"}}

    def build(**chapters):
        for name, text in chapters.items():
            cells = [{"cell_type": "markdown", "source": text.splitlines(keepends=True)}]
            (tmp_path / "notebooks" / f"{name[1:]}.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
        warnings = io.StringIO()
        with docutils_namespace():  # what one build registers, the next must not find
            folders = (tmp_path, None, tmp_path / "html", tmp_path / "doctrees")
            Sphinx(*folders, "html", settings | {"html_theme": "basic"}, None, warnings).build()
        return (tmp_path / "html" / "index.html").read_text("utf-8"), warnings.getvalue()

    return build


def test_the_table_has_every_title_and_question_in_the_order_of_the_contents(build):
    html, warnings = build(_02_columns=GOOD.replace("ows", "olumns"), _01_rows=GOOD)
    assert warnings == ""
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html[html.index("<table") : html.index("</table>")]))
    assert "1 Rows and rows How many rows? 2 Rolumns and rolumns How many rolumns?" in words


@pytest.mark.parametrize(
    ("old", "message"),
    [
        ("# Rows and rows", "notebooks/01_rows.ipynb has no title: it is the first line, '# …'"),
        ("**How *many* rows?**", "notebooks/01_rows.ipynb has no question: it is the first line below"),
    ],
)
def test_a_chapter_without_title_or_question_fails_the_build(build, old, message):
    _, warnings = build(_01_rows=GOOD.replace(old, "No."), _02_columns=GOOD)
    assert f"index.md:3: ERROR: {message}" in warnings


def test_a_page_that_is_listed_and_missing_ends_the_build(build):
    with pytest.raises(
        ExtensionError, match=r"_toc\.yml lists what is missing: .*notebooks/02_columns\.ipynb"
    ):
        build(_01_rows=GOOD)


def test_a_chapter_that_is_not_written_has_one_name():
    names = {}
    for path in [*(ROOT / "book").rglob("*.md"), *(ROOT / "book" / "data").glob("*.toml")]:
        for name in re.findall(r"[`<\"](\d\d_\w+)[`>\"]", path.read_text(encoding="utf-8")):
            assert course_chapters.problem(name, course_chapters.chapters()) is None, path.name
            names.setdefault(name[:2], set()).add(name)
    assert len(names) >= 11
    assert {number: called for number, called in names.items() if len(called) > 1} == {}
