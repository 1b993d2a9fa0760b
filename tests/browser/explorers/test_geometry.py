"""The geometry explorer in a real browser."""

import pytest
from explorer_harness import sentence, slide

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
    assert "The end of the row pixel 0" in page.locator(".explorer").inner_text().replace("\n", " ")
