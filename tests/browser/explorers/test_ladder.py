"""The ladder explorer in a real browser."""

import pytest
from explorer_harness import sentence, slide

pytestmark = pytest.mark.browser


def test_a_click_on_a_rung_chooses_it_and_its_dot(open_page):
    page = open_page("LadderExplorer.html")
    page.locator(".rungs .track").nth(3).click()
    assert sentence(page).startswith("conv1, 16 images, rung 4, matrix product: 1.69 G products")
    assert page.locator(".rungs .here").inner_text() == "4 matrix product"
    assert page.locator(".chart text.here").inner_html() == "4"
    assert page.locator(".explorer tbody th").all_inner_texts() == ["windows into rows", "product"]


def test_dots_stand_for_what_is_possible_and_the_layer_says_so(open_page):
    page = open_page("LadderExplorer.html")
    page.locator("[data-name=layer]").select_option("conv2")
    slide(page, "rung", "6 of 7")
    assert "rung 6, Winograd" in sentence(page)
    assert page.locator(".chart circle").count() == 7
    assert page.locator(".explorer tbody tr").count() == 6
    page.locator("[data-name=layer]").select_option("fc6")
    assert sentence(page).endswith("not possible here, it needs windows of 3 or 5 pixels in steps of 1.")
    assert page.locator(".chart circle").count() == 6
    assert page.locator(".explorer tbody").inner_text() == "Not possible here"


def test_the_longest_part_fills_its_track(open_page):
    page = open_page("LadderExplorer.html")
    page.locator("[data-name=layer]").select_option("fc6")
    page.locator("[data-name=images]").select_option("one image")
    slide(page, "rung", "4 of 7")
    assert "The longest part: main memory." in sentence(page)
    widths = page.locator(".times .track i").evaluate_all("(bars) => bars.map((bar) => bar.style.width)")
    assert widths.index("100%") == 2
