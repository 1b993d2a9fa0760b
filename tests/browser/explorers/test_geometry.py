"""The geometry explorer in a real browser."""

import pytest
from explorer_harness import sentence, settle, slide

pytestmark = pytest.mark.browser


def test_the_ruler_says_what_is_left_over_and_what_rounding_up_does(open_page):
    page = open_page("GeometryExplorer.html")
    assert sentence(page) == (
        "Window 53 of 0 to 53 reads pixels 212 to 222. Output size 54; 1 pixel is read by no window."
    )
    page.locator("[data-name=rounding]").select_option("ceil")
    page.locator(".ruler[tabindex]").press("End")
    assert sentence(page) == (
        "Window 54 of 0 to 54 reads pixels 216 to 223 and 3 zeros outside the picture. "
        "Output size 55; every pixel is read."
    )
    page.locator(".ruler[tabindex]").press("ArrowLeft")
    assert sentence(page).startswith("Window 53 of 0 to 54")
    page.locator(".ruler[tabindex]").click(position={"x": 3, "y": 40})
    assert sentence(page).startswith("Window 0 of 0 to 54 reads pixels 0 to 10.")
    slide(page, "size", 5)
    assert sentence(page).startswith("No window fits. The kernel is 11 pixels wide, the padded input 5.")
    slide(page, "size", 1)
    slide(page, "padding", 5)
    assert sentence(page) == (
        "Window 0, the only one, reads pixel 0 and 10 zeros outside the picture. "
        "Output size 1; every pixel is read."
    )
    assert "The end of the row all of the row stands above" in page.locator(".explorer").inner_text()


def test_a_short_row_is_drawn_once_and_nothing_moves_for_it(open_page):
    page = open_page("GeometryExplorer.html")
    end = page.locator(".ruler").nth(1)
    formula = page.locator(".formula").bounding_box()
    assert end.is_visible()
    slide(page, "size", 12)
    settle(page)
    assert not end.is_visible()
    assert page.locator(".formula").bounding_box() == formula


def test_orange_is_what_the_unit_under_the_chosen_window_sees(open_page):
    page = open_page("GeometryExplorer.html")
    ruler = page.locator(".ruler[tabindex]")
    slide(page, "layers", 1)
    for key, unit in (("Home", 0), ("ArrowRight", 1), ("End", 53)):
        ruler.press(key)
        settle(page)
        assert f"what unit {unit} of layer 1 sees" in ruler.inner_html()
    slide(page, "layers", 2)
    ruler.press("Home")
    settle(page)
    assert "what unit 0 of layer 2 sees" in ruler.inner_html()
