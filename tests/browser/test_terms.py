"""A term on the built page: what it means on hover, on focus and at a tap; Escape closes."""

import re

import pytest
from helpers import PAGES, PHONE, SITE, soup
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CHAPTER = "notebooks/06_pooling.html"
CHAPTERS = [name for name in PAGES if name.startswith("notebooks/")]


def test_hover_and_focus_show_the_sentence_and_escape_closes_it(visit):
    shown = visit(CHAPTER).page
    assert shown.locator("a:not([href])").count() == 0  # the note's link has an address from the start
    term, other = shown.locator("a.term").nth(0), shown.locator("a.term").nth(1)
    note = shown.locator(".term-note")
    meaning = term.get_attribute("data-note")
    term.hover()
    expect(note).to_be_visible()
    expect(note).to_contain_text(meaning)
    expect(term).to_have_attribute("aria-describedby", "term-note")
    shown.keyboard.press("Escape")
    expect(note).to_be_hidden()
    other.focus()
    expect(note).to_contain_text(other.get_attribute("data-note"))
    shown.keyboard.press("Tab")
    explained = shown.locator(".term-note:popover-open").filter(has_text=other.get_attribute("data-note"))
    expect(explained).to_have_count(0)


def test_a_tap_explains_and_the_next_one_follows_the_link(visit):
    shown = visit(CHAPTER, viewport=PHONE, has_touch=True).page
    term, note = shown.locator("a.term").first, shown.locator(".term-note")
    term.scroll_into_view_if_needed()
    term.tap()
    expect(note).to_be_visible()
    assert shown.url.endswith("06_pooling.html")
    box = note.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    term.tap()
    shown.wait_for_url(re.compile(r"glossary\.html#term-"))


def test_without_scripts_a_term_is_a_link(visit):
    shown = visit(CHAPTER, java_script_enabled=False).page
    shown.locator("a.term").first.click()
    shown.wait_for_url(re.compile(r"glossary\.html#term-"))


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


def test_nearly_every_chapter_has_some():
    assert sum(bool(soup(SITE / page).select("a.term")) for page in CHAPTERS) >= len(CHAPTERS) - 1
