"""The pages as they are written: Markdown, headings in order, chapters in order, sources and licences."""

import itertools
import json
import re

import markdown_it
import pytest
import run_notebooks
from course_chapters import chapters
from course_commonmark import as_myst
from helpers import ROOT, SOURCES, headings

NOTEBOOKS = [path for path in SOURCES if path.suffix == ".ipynb"]
KEYS = set(re.findall(r"^@\w+\{(\w+),", (ROOT / "book" / "references.bib").read_text(encoding="utf-8"), re.M))
CITATION = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")


def text_of(path):
    """Return the MyST of a page; a notebook's cells with an empty line between them."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        return text
    cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown"]
    return "\n\n".join(as_myst(run_notebooks.joined(cell["source"])) for cell in cells)


def html(text):
    """Return the HTML of a Markdown text; not comments, nor links that download, which Markdown lacks."""
    text = re.sub(r"<a [^>]*\bdownload>(.*?)</a>", r"\1", text)
    tokens = markdown_it.MarkdownIt().parse(text)
    every = itertools.chain(tokens, *(token.children or [] for token in tokens))
    found = [token.content for token in every if token.type in ("html_block", "html_inline")]
    return [piece for piece in found if not piece.startswith("<!--")]


EVERY_PAGE = pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)


@pytest.mark.first_version("P02")
@EVERY_PAGE
def test_no_page_is_written_in_html(path):
    # Where a citation leads in the repository; the book has a list of its own.
    text = re.sub(r'^- <a id="\w+"></a>', "- ", text_of(path), flags=re.M)
    assert html(text) == []


def test_html_is_found():
    assert html("# Title\n\n<div>no</div>\n\nText <b>no</b>\n\n```\n<i>code</i>\n```\n") == [
        "<div>no</div>\n",
        "<b>",
        "</b>",
    ]


@pytest.mark.first_version("P03")
@EVERY_PAGE
def test_headings_skip_no_level(path):
    levels = headings(text_of(path))
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(deeper <= level + 1 for level, deeper in itertools.pairwise(levels))


@pytest.mark.first_version("P04")
def test_chapters_follow_the_data():
    names = chapters()
    numbers = [int(name[:2]) for name in names]
    assert numbers == sorted(set(numbers))
    layers = "convolution geometry relu normalization pooling dense dropout softmax"
    assert " ".join(name.split("_")[1] for name in names[1:9]) == layers


@pytest.mark.first_version("P05")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_picture_of_a_notebook_is_made_by_a_cell(path):
    assert not re.search(r"!\[[^\]]*\]\(", text_of(path))


def citing():
    """Return every text that may cite: the pages, the quizzes, the data of the book."""
    data = [*(ROOT / "book" / "data").glob("*.toml"), *(ROOT / "src").rglob("quizzes/*.toml")]
    texts = [(path.name, text_of(path)) for path in SOURCES]
    return texts + [(path.name, path.read_text(encoding="utf-8")) for path in data]


@pytest.mark.first_version("P06")
def test_every_citation_is_in_the_references():
    cited = {
        (key.strip(), name)
        for name, text in citing()
        for match in CITATION.findall(text)
        for key in match.split(",")
    }
    assert len(cited) > 30
    assert [(key, name) for key, name in sorted(cited) if key not in KEYS] == []


@pytest.mark.first_version("T22")
def test_dropout_has_five_authors():
    text = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    (authors,) = re.findall(r"@misc\{H12,\s+author = \{(.*)\}", text)
    assert [name.split(",")[0] for name in authors.split(" and ")] == [
        "Hinton",
        "Srivastava",
        "Krizhevsky",
        "Sutskever",
        "Salakhutdinov",
    ]


@pytest.mark.first_version("P06")
def test_text_and_code_have_licences():
    assert "MIT License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "CC BY 4.0" in (ROOT / "LICENSE-text").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "[LICENSE](LICENSE)" in readme
    assert "[LICENSE-text](LICENSE-text)" in readme
