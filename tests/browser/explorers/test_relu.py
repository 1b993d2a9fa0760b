"""The ReLU explorer in a real browser."""

import re

import pytest
from explorer_harness import sentence, slide

pytestmark = pytest.mark.browser


def test_relu_says_when_the_whole_map_is_silent(open_page):
    page = open_page("ReLUExplorer.html")
    slide(page, "bias", -5)
    assert sentence(page).endswith("23 responses of 25 are not above 0.")
    slide(page, "bias", -6)
    assert sentence(page).endswith("None of the 25 responses is above 0.")
    assert page.locator(".note").nth(1).inner_text() == "Every number is 0"
    slide(page, "bias", 9)
    assert sentence(page).endswith("All 25 responses are above 0.")
    page.locator("[data-name=map]").select_option("top edge")
    assert page.locator("[data-name=bias]").get_attribute("aria-valuetext") == "−1"


def test_the_ring_of_the_plot_can_be_dragged(open_page):
    page = open_page("ReLUExplorer.html")
    box = page.locator(".plot").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 100)
    page.mouse.down()
    page.mouse.up()
    assert sentence(page).startswith("Response (2, 3) is 0: ")
    assert page.locator("[data-name=bias]").get_attribute("aria-valuetext") == "3"


def test_a_share_that_prints_as_0_has_nearly_no_colour(open_page):
    page = open_page("ReLUExplorer.html")
    page.locator("[data-name=function]").select_option("sigmoid")
    slide(page, "bias", -9)
    sentence(page)
    after = page.locator(".map").nth(1).locator(".texts text")
    drawn = after.evaluate_all("all => all.map((el) => [el.textContent, el.getAttribute('stroke')])")
    zeros = [ground for text, ground in drawn if text == "0"]
    assert len(zeros) > 10
    levels = [int(level) for ground in zeros for level in re.findall(r"\d+", ground)]
    assert min(levels) > 225  # the palest tint
