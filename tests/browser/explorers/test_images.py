"""The images explorer in a real browser."""

import pytest

pytestmark = pytest.mark.browser


def test_a_click_a_key_and_a_larger_crop_move_the_crop(open_page):
    page = open_page("ImagesExplorer.html")
    box = page.locator(".map").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2)
    page.wait_for_function(
        "document.querySelector('.sentence').textContent"
        ".startsWith('Rows 8 to 63, columns 40 to 95, left and right exchanged')"
    )
    page.locator(".map").first.press("ArrowUp")
    page.locator(".map").first.press("Home")
    page.wait_for_function(
        "document.querySelector('.sentence').textContent.startsWith('Rows 7 to 62, columns 0')"
    )
    page.locator("[data-name=size]").press("End")
    page.wait_for_function("document.querySelector('.sentence').textContent.startsWith('Rows 0 to 63')")
    assert page.locator("[data-name=row]").get_attribute("max") == "0"
    page.locator("[data-name=mean]").click()
    page.wait_for_function(
        "document.querySelector('.sentence').textContent.includes('nothing is subtracted')"
    )
