"""No page states what the first version got wrong.

The patterns stand in tests/first_version.toml. They are matched against the sources in `make test`,
and against the visible text of the built pages in `make test-book`. Left out are the page that tells of the
errors, the wrong options of the quizzes, and a bold saying in quotation marks: it is quoted to be refuted.
"""

import json
import pathlib
import re

import bs4
import course_facts
import pytest
import run_notebooks
from helpers import FIRST_VERSION, ROOT, SITE, SOURCES, TOC

from alexnet_course.practice import quizzes

TOLD = "book/mistakes"
ERRORS = [error for error in FIRST_VERSION if "false" in error]
PATTERNS = [
    (error["id"], re.compile(pattern, re.IGNORECASE)) for error in ERRORS for pattern in error["false"]
]
SAYING = re.compile(r"\*\*[\"“].+?[\"”][.,]?\*\*")


def plain(text):
    """Return a text on one line, without emphasis."""
    return re.sub(r"\s+", " ", text.replace("*", "").replace("`", ""))


def false_statements(text):
    """Return (id, what matches) for every false statement of a text."""
    return [(name, match[0]) for name, pattern in PATTERNS for match in pattern.finditer(text)]


def notebook_text(path):
    """Return a notebook's Markdown and what its cells print."""
    pieces = []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        pieces.append(run_notebooks.joined(cell["source"]))
        for output in cell.get("outputs", []):
            pieces.append(run_notebooks.joined(output.get("text") or output["data"].get("text/plain", "")))
    return "\n\n".join(pieces)


def sources():
    """Return (name, text) of everything that readers see: pages, notebooks, docstrings, quizzes, README."""
    found = []
    for path in SOURCES:
        document = path.relative_to(ROOT).with_suffix("").as_posix()
        if document != TOLD:
            text = path.read_text(encoding="utf-8") if path.suffix == ".md" else notebook_text(path)
            found.append((document, SAYING.sub("", text)))
    for path in sorted((ROOT / "src").rglob("*.py")):
        found.append((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")))
    for path in sorted(pathlib.Path(quizzes.FOLDER).glob("*.toml")):
        pieces = []
        for question in quizzes.load(path.stem).questions:
            pieces.append(question.text)
            pieces += [option.text for option in question.options if option.right]
            pieces += [option.reason for option in question.options]
        found.append((path.name, "\n".join(pieces)))
    found.append(("README.md", (ROOT / "README.md").read_text(encoding="utf-8")))
    return found


@pytest.mark.first_version("T07", "T17", "T18", "T30", "T36")
@pytest.mark.parametrize(("name", "text"), sources(), ids=lambda value: value if len(value) < 60 else "")
def test_no_source_states_what_is_false(name, text):
    assert false_statements(plain(text)) == []


def visible(soup):
    """Return a built page's text without wrong options and quoted sayings; changes the soup."""
    for question in soup.select(".quiz fieldset"):
        wrong = {item["data-letter"] for item in question.select("li.wrong[data-letter]")}
        for label in question.select("label"):
            if label.input["value"] in wrong:
                label.decompose()
    for element in soup.select("script, style, template"):
        element.decompose()
    for saying in soup.select("strong"):
        if saying.get_text().startswith(("“", '"')):
            saying.decompose()
    return plain(soup.get_text(" "))


@pytest.mark.browser
@pytest.mark.parametrize("document", [document for document in TOC if document != TOLD])
def test_no_built_page_states_what_is_false(site, document):
    soup = bs4.BeautifulSoup((SITE / f"{document}.html").read_text(encoding="utf-8"), "html.parser")
    text = visible(soup)
    assert len(text) > 500
    assert false_statements(text) == []


@pytest.mark.browser
def test_the_built_page_of_the_mistakes_tells_every_one(site):
    soup = bs4.BeautifulSoup((SITE / f"{TOLD}.html").read_text(encoding="utf-8"), "html.parser")
    terms = [term.get_text() for term in soup.select(".facts dt")]
    assert len(terms) == len(course_facts.load("mistakes")["mistake"])


# ---- the tests of the tests ----


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error["id"])
def test_every_pattern_finds_its_sample_and_every_sample_is_found(error):
    patterns = [re.compile(pattern, re.IGNORECASE) for pattern in error["false"]]
    samples = [plain(sample) for sample in error["sample"]]
    for pattern in patterns:
        assert any(pattern.search(sample) for sample in samples), pattern.pattern
    for sample in samples:
        assert any(pattern.search(sample) for pattern in patterns), sample
        assert error["id"] in {name for name, _ in false_statements(plain(f"Before. {sample} After."))}


def test_only_wrong_options_and_quoted_sayings_are_left_out():
    option = '<label><input type="radio" value="{}"> Pooling reduces the parameters.</label>'
    page = '<div class="quiz"><fieldset>{}<ul><li class="{}" data-letter="A">A</li></ul></fieldset></div>'

    def found(html):
        return [name for name, _ in false_statements(visible(bs4.BeautifulSoup(html, "html.parser")))]

    assert found(page.format(option.format("A"), "wrong")) == []
    assert found(page.format(option.format("A"), "right")) == ["T09"]
    assert found("<p><strong>“Pooling reduces the parameters.”</strong> It does not.</p>") == []
    assert found("<p><strong>Pooling reduces the parameters.</strong></p>") == ["T09"]
    assert false_statements(SAYING.sub("", '**"Pooling reduces the parameters."** It has none.')) == []
    assert false_statements("Pooling *reduces* the parameters.".replace("*", ""))[0][0] == "T09"


def test_most_errors_of_the_text_can_be_recognized():
    assert len({error["id"] for error in ERRORS if error["id"].startswith("T")}) >= 24
