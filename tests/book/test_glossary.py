"""The glossary and the chapters: what one prints in bold, the other explains."""

import json
import re

import pytest
import run_notebooks
from course_chapters import CHAPTERS
from helpers import ROOT

TEXT = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"^(\S.*)\n: (.+)$", TEXT, re.MULTILINE))
#: Bold words that open a paragraph or name a layer, and define nothing.
NO_TERMS = {
    "a picture that was never flattened",
    "a rate of 1",
    "each share is between 0 and 1. their sum is 1",
    "fc6",
    "fc7",
    "fc8",
    "other libraries",
    "you will be able to",
}


def bold(text):
    """Return what is bold in a Markdown text and is neither a sentence, a question nor an exercise."""
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)  # ** in code is a power
    found = {" ".join(match.split()).lower() for match in re.findall(r"\*\*(.+?)\*\*", text, re.DOTALL)}
    return {term for term in found if not re.search(r'[.?!"`]$|^["`]|^\d\d\.\d', term)} - NO_TERMS


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


@pytest.mark.parametrize(("term", "text"), ENTRIES.items())
def test_every_entry_leads_to_the_chapter_that_defines_it(term, text):
    chapters = re.findall(r"\{chapter\}`(\w+)`", text)
    assert chapters
    for chapter in chapters:
        assert chapter in CHAPTERS
        assert term.lower() in defined()[chapter]
    assert text.count(". ") <= 2  # one or two sentences and the chapter


def test_the_entries_are_in_order():
    assert list(ENTRIES) == sorted(ENTRIES, key=str.lower)
    assert len(ENTRIES) == len(re.findall(r"^: ", TEXT, re.MULTILINE))


def test_terms_are_told_from_sentences():
    text = "**Padding** adds. **Padding preserves the size.** **02.1 Compute** **Which?** "
    text += "**receptive\nfield** "
    text += '**"Max pooling is invariant."**'
    assert bold(text) == {"padding", "receptive field"}
