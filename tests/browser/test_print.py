"""The chapters on paper: answers at the end of the exercises, figures with the cells that drew them."""

import re

import pdf_pages
import pytest
from helpers import PAGES

pytestmark = pytest.mark.browser

CHAPTER = "notebooks/02_convolution.html"


def test_answers_stand_at_the_end_of_the_exercises_and_return(visit):
    shown = visit(CHAPTER).page
    text = "document.querySelector('section#exercises').textContent.replace(/\\s+/g, ' ')"
    before = shown.evaluate(text)
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    end = shown.locator(".printed-answers")
    numbers = end.locator(".number").all_inner_texts()
    assert numbers == sorted(numbers)
    assert all(re.fullmatch(r"02\.\d", number) for number in numbers)
    folds = "section#exercises details > summary"
    answers = [
        words for words in shown.locator(folds).all_inner_texts() if words.strip().startswith("Answer")
    ]
    assert len(numbers) == end.locator("details").count() == len(answers) > 3
    assert end.evaluate("(e) => e.nextElementSibling") is None
    shown.evaluate("dispatchEvent(new Event('afterprint'))")
    assert shown.evaluate(text) == before


def test_figures_stay_with_their_cells_and_leave_room_on_a_page(visit):
    shown = visit("notebooks/06_pooling.html").page
    shown.emulate_media(media="print")
    cells = shown.locator(".cell:has(.figure-view)")
    assert cells.count() == 3
    for cell in cells.all():
        rules = cell.evaluate(
            """(cell) => [".cell_input", ".cell_output", "figure", ".enlarge"].map((part) => {
                const style = getComputedStyle(cell.querySelector(part));
                return [style.breakAfter, style.breakBefore, style.breakInside, style.display === "none"];
            })"""
        )
        assert rules[0][0] == rules[1][1] == rules[2][2] == "avoid"
        assert rules[3][3]
    third = (297 - 2 * 18) / 3 / 25.4 * 96  # of what A4 leaves between its margins, in pixels
    for picture in shown.locator(".figure-view img, .explorer-figure > img.static").all():
        assert picture.bounding_box()["height"] < third


MARGIN = 18 / 25.4 * 72  # of print.css, in points


@pytest.mark.parametrize("page", [name for name in PAGES if name.startswith("notebooks/")])
def test_no_page_is_more_than_a_third_empty(visit, page):
    shown = visit(page).page
    shown.evaluate(
        """Promise.all([...document.images].map((image) => {
            image.loading = "eager";
            return image.decode().catch(() => {});
        }))"""
    )
    *pages, _ = pdf_pages.lowest(
        shown.pdf(prefer_css_page_size=True, format="A4")
    )  # the last may end anywhere
    assert len(pages) > 8
    empty = [max(0, low - MARGIN) / (height - 2 * MARGIN) for height, low in pages]
    assert max(empty) <= 1 / 3, [round(part, 2) for part in empty]
