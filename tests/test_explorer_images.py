"""The images explorer: in Python, and in a real browser."""

import numpy as np
import pytest
from explorer_harness import page as page_of
from explorer_harness import serve

from alexnet_course.data.photographs import MEAN_COLOUR, load_photograph
from alexnet_course.explorers import ImagesExplorer


def test_the_photograph_is_the_mean_of_blocks_of_pixels():
    first = load_photograph("chelsea")[:4, :4].mean(axis=(0, 1))
    np.testing.assert_allclose(ImagesExplorer().photograph[0, 0], first, atol=0.5)


def test_it_starts_with_a_mirrored_crop_less_the_mean():
    explorer = ImagesExplorer()
    expected = explorer.photograph[4:60, 20:76][:, ::-1] - np.array(MEAN_COLOUR)
    np.testing.assert_allclose(explorer.output, expected)
    assert explorer.places == 9 * 41


def test_mirror_and_mean_can_be_switched_off():
    explorer = ImagesExplorer(mirror=False, mean=False)
    np.testing.assert_array_equal(explorer.output, explorer.photograph[4:60, 20:76])


def test_a_place_past_the_last_one_is_the_last_one():
    explorer = ImagesExplorer(row=56, column=88, size=64, mirror=False)
    assert explorer.place == (0, 32)
    assert explorer.output.shape == (64, 64, 3)
    assert explorer.places == 33
    assert explorer._sentence().startswith("Rows 0 to 63, columns 32 to 95; the mean colour is subtracted.")


@pytest.mark.browser
def test_a_drag_a_key_and_a_larger_size_move_the_crop(browser):
    with serve({"page.html": page_of(ImagesExplorer())}) as address:
        page = browser.new_page()
        page.goto(address + "page.html")
        page.locator(".explorer .sentence:not(:empty)").wait_for()
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
        page.close()
