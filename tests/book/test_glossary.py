"""The glossary and the chapters: what one prints in bold, the other explains."""

import json
import re

import pytest
import run_notebooks
from helpers import ROOT

TEXT = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"^(\S.*)\n: (.+)$", TEXT, re.MULTILINE))
#: Names that are in use elsewhere: their entries lead to the terms of this course.
ELSEWHERE = {term: text for term, text in ENTRIES.items() if "See *" in text}
#: Bold words that open a paragraph or name a layer, and define nothing.
NO_TERMS = {
    "60,965,224",
    "a dense layer is a convolution with one window",
    "colour",
    "each share is between 0 and 1. their sum is 1",
    "memory",
    "neurons",
    "next",
    "shifting colours",
    "subtracting the mean",
    "the order in a block",
    "the other order",
    "what sharing brings",
    "you will be able to",
}


def bold(text):
    """Return the bold terms of a Markdown text: no question, no exercise, no start of a list item."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)  # ** in code is a power
    text = re.sub(r"^- \*\*.+?\*\*", "", text, flags=re.DOTALL | re.MULTILINE)
    found = {" ".join(match.split()).lower() for match in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)}
    return {term.rstrip(".") for term in found if not re.search(r'[?!"`]$|^["`]|^\d\d\.\d', term)} - NO_TERMS


def defined():
    """Return {chapter: its bold terms}."""
    terms = {}
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        markdown = [run_notebooks.joined(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
        terms[path.stem] = set().union(*map(bold, markdown))
    return terms


def test_every_bold_term_of_the_chapters_is_explained_with_its_chapter():
    explained = {term.lower(): text for term, text in ENTRIES.items()}
    missing = [
        f"{term} ({chapter})"
        for chapter, terms in defined().items()
        for term in sorted(terms)
        if f"{{chapter}}`{chapter}`" not in explained.get(term, "")
    ]
    assert missing == []


def test_what_is_listed_as_no_term_is_bold_somewhere():
    chapters = [path.read_text(encoding="utf-8").lower() for path in (ROOT / "notebooks").glob("*.ipynb")]
    assert [words for words in NO_TERMS if not any(f"**{words}" in text for text in chapters)] == []


@pytest.mark.parametrize(("term", "text"), ELSEWHERE.items())
def test_a_name_from_elsewhere_leads_to_an_entry(term, text):
    assert term.lower() not in set().union(*defined().values())
    led = re.findall(r"\*(.+?)\*", text)
    assert led
    assert set(led) <= set(ENTRIES) - set(ELSEWHERE)


@pytest.mark.parametrize(("term", "text"), [pair for pair in ENTRIES.items() if pair[0] not in ELSEWHERE])
def test_every_entry_leads_to_the_chapter_that_defines_it(term, text):
    chapters = re.findall(r"\{chapter\}`(\w+)`", text)
    assert chapters
    for chapter in chapters:
        assert term.lower() in defined()[chapter]
    assert text.count(". ") <= 2  # one or two sentences and the chapter


def test_the_entries_are_in_order():
    assert list(ENTRIES) == sorted(ENTRIES, key=str.lower)
    assert len(ENTRIES) == len(re.findall(r"^: ", TEXT, re.MULTILINE))


def test_terms_are_told_from_sentences():
    text = "**Padding** adds. **02.1 Compute** **Which?** **Stride.** You may skip places. "
    text += "**receptive\nfield** "
    text += '**"Max pooling is invariant."**\n- **Padding preserves the size.** Not always, says **jump**.'
    assert bold(text) == {"padding", "stride", "receptive field", "jump"}
