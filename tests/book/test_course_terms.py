"""Terms explain themselves: the first use in a chapter, in running text, leads to the glossary."""

import re

import course_terms
import pytest
from helpers import PAGES, SITE, soup


def test_an_entry_becomes_a_sentence_and_an_anchor():
    entries = course_terms.entries()
    assert "activation" not in entries  # it leads to another
    for term, meaning in entries.items():
        text = course_terms.sentence(meaning)
        assert text.endswith(".")
        assert not re.search(r"[*`{}]", text)
        assert re.fullmatch(r"term-[a-z0-9-]+", course_terms.anchor(term))
    assert len({course_terms.anchor(term) for term in entries}) == len(entries)


def test_a_chapter_does_not_look_for_what_it_defines():
    assert "padding" not in course_terms.to_explain("03_geometry")
    assert course_terms.to_explain("02_convolution")["padding"] == "padding"
    assert not course_terms.EVERYDAY & set(course_terms.to_explain("02_convolution"))


CHAPTERS = [name for name in PAGES if name.startswith("notebooks/")]


@pytest.mark.browser
@pytest.mark.parametrize("page", CHAPTERS)
def test_each_term_is_linked_once_outside_headings_code_and_answers(page):
    article, glossary = soup(SITE / page).article, soup(SITE / "book/glossary.html")
    targets = [link["href"] for link in article.select("a.term")]
    assert len(set(targets)) == len(targets) <= 25
    for link in article.select("a.term"):
        file, _, anchor = link["href"].partition("#")
        assert file == "../book/glossary.html"
        entry = glossary.find(id=anchor)
        word = " ".join(link.get_text().split()).lower()
        assert word.startswith(entry.get_text().strip().lower()[:4])
        assert " ".join(entry.find_next_sibling("dd").get_text().split()).startswith(link["title"][:30])
        assert link.find_parent("p")
        assert not link.find_parent(
            ["h1", "h2", "h3", "code", "pre", "details", "strong", "table", "figcaption"]
        )


@pytest.mark.browser
def test_nearly_every_chapter_has_some():
    assert sum(bool(soup(SITE / page).select("a.term")) for page in CHAPTERS) >= len(CHAPTERS) - 1
