"""Figures on the built pages: in the colours of the theme, and large enough to read at a tap."""

import io
import re

import pytest
from helpers import PAGES, PHONE, ROOT, SITE, soup
from PIL import Image
from playwright.sync_api import expect

from alexnet_course.palette import DARK, LIGHT, rgb

pytestmark = pytest.mark.browser

CHAPTER = "notebooks/06_pooling.html"
CHAPTERS = [name for name in PAGES if name.startswith("notebooks/")]
SCRIPT = (ROOT / "book/assets/figures.js").read_text(encoding="utf-8")
READABLE = float(re.search(r"const READABLE = ([\d.]+)", SCRIPT)[1])


def ground(shown):
    """Return the colour that most of the first row of pixels of the first figure has, as it is painted."""
    figure = shown.locator(".figure-view img").first
    figure.scroll_into_view_if_needed()
    shown.wait_for_function("(image) => image.complete", arg=figure.element_handle())
    with Image.open(io.BytesIO(figure.screenshot())) as picture:
        row = picture.convert("RGB").crop((0, 1, picture.width, 2))
        return max(row.getcolors())[1]


@pytest.mark.parametrize("system", ["light", "dark"])
def test_a_figure_has_the_ground_of_the_theme_and_not_of_the_system(visit, system):
    shown = visit(CHAPTER, color_scheme=system, reduced_motion="reduce").page
    for theme, colours in (("light", LIGHT), ("dark", DARK)):
        shown.evaluate(
            "(theme) => { Object.assign(document.documentElement.dataset, { theme, mode: theme }); }", theme
        )
        assert ground(shown) == pytest.approx(rgb(colours.paper), abs=2)
    shown.emulate_media(media="print")
    assert (
        shown.evaluate("getComputedStyle(document.querySelector('.figure-view img')).colorScheme") == "light"
    )


def test_a_tap_enlarges_a_figure_and_escape_closes_it(visit):
    shown = visit(CHAPTER, viewport=PHONE, has_touch=True).page
    view = shown.locator(".figure-view").first
    view.scroll_into_view_if_needed()
    small = view.locator("img").bounding_box()
    link = view.get_by_role("button", name="Enlarge figure")
    shown.touchscreen.tap(small["x"] + small["width"] * 0.75, small["y"] + small["height"] / 2)
    dialog = shown.get_by_role("dialog", name="Enlarged figure")
    large = dialog.locator("img")
    expect(large).to_be_visible()
    assert large.bounding_box()["width"] > 1.3 * int(view.locator("img").get_attribute("width"))
    assert large.get_attribute("alt") == view.locator("img").get_attribute("alt")
    expect(dialog.locator(".caption")).to_contain_text("The top-edge map of the tile")
    # what was tapped is in view
    place = large.bounding_box()
    assert abs(place["x"] + 0.75 * place["width"] - PHONE["width"] / 2) < 30
    assert shown.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    shown.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(link).to_be_focused()


def test_the_keyboard_opens_moves_and_closes_a_figure(visit):
    shown = visit(CHAPTER, viewport=PHONE).page
    link = shown.locator("a.enlarge").first
    for key in ("Enter", " "):
        link.press(key)
        view = shown.locator(".figure-dialog .view")
        expect(view).to_be_focused()
        shown.keyboard.press("ArrowRight")
        shown.wait_for_function("() => document.querySelector('.figure-dialog .view').scrollLeft > 0")
        shown.keyboard.press("Shift+Tab")
        expect(shown.get_by_role("button", name="Close")).to_be_focused()
        shown.keyboard.press("Enter")
        expect(link).to_be_focused()


def test_without_scripts_the_link_leads_to_the_drawing(visit):
    shown = visit(CHAPTER, java_script_enabled=False).page
    shown.locator("a.enlarge").first.click()
    shown.wait_for_url("**/_images/*.svg")


@pytest.mark.parametrize("name", CHAPTERS)
def test_every_figure_of_a_chapter_is_a_drawing_that_can_be_read_when_enlarged(name):
    views = soup(SITE / name).select("article .figure-view")
    assert len(views) == len(soup(SITE / name).select("article .cell_output img:not(.static)"))
    assert views
    for view in views:
        drawing = (SITE / "notebooks" / view.img["src"]).resolve().read_text(encoding="utf-8")
        assert view.img["alt"]
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', drawing)[1])
        texts = re.findall(r"scale\((0\.\d+) -[^>]*>(.*?)</g>", drawing, re.DOTALL)
        # exponents are smaller than their text
        smallest = min(
            (100 * float(scale) * (0.7 if "scale(0.7)" in inside else 1) for scale, inside in texts),
            default=99,
        )
        assert smallest * int(view.img["width"]) * READABLE / width >= 11
