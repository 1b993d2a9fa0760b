"""The occlusion explorer in a real browser."""

import pytest

pytestmark = pytest.mark.browser


def says(page, start):
    """Wait until the sentence starts so."""
    page.wait_for_function(
        "(start) => document.querySelector('.sentence').textContent.startsWith(start)", arg=start
    )


def test_a_drag_a_key_and_a_click_on_the_map_move_the_cover(open_page):
    page = open_page("OcclusionExplorer.html")
    photograph, places = page.locator(".covered"), page.locator(".map:not(.covered)")
    box = photograph.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    says(page, "Rows 84 to 142, columns 84 to 142")
    page.mouse.move(box["x"] + box["width"] + 40, box["y"] + box["height"] - 1)
    says(page, "Rows 168 to 226, columns 168 to 226")
    page.mouse.up()
    photograph.press("ArrowUp")
    says(page, "Rows 156 to 214, columns 168 to 226")
    photograph.press("Home")
    says(page, "Rows 156 to 214, columns 0 to 58")
    box = places.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 3.5 / 15, box["y"] + box["height"] * 5.5 / 15)
    says(page, "Rows 60 to 118, columns 36 to 94 are covered (mean of ImageNet): Airedale")


def test_the_cover_is_drawn_where_it_is_and_as_it_is(open_page):
    page = open_page("OcclusionExplorer.html")
    page.locator("[data-name=cover]").select_option("noise")
    says(page, "Rows 60 to 118, columns 36 to 94 are covered (noise)")
    cover = page.locator(".covered canvas")
    colours = cover.evaluate(
        """(canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return [canvas.width, new Set(data).size];
        }"""
    )
    assert colours == [59, 256]
    outer, inner = page.locator(".covered").bounding_box(), cover.bounding_box()
    assert inner["x"] - outer["x"] == pytest.approx(outer["width"] * 36 / 227, abs=1)
    assert inner["width"] == pytest.approx(outer["width"] * 59 / 227, abs=1)
