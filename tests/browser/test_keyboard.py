"""The way of the keyboard through the longest chapter, and the map of the network on it."""

import course_network
import pytest
from helpers import PAGES, PHONE, SITE, soup
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CHAPTER = "notebooks/02_convolution.html"
#: Where the keyboard stands: the nearest of these parts of the page.
WHERE = """() => {
    const parts = ".page-toc, .bd-header-article, .network-map, .explorer, .quiz, article, " +
        ".prev-next-area, .bd-sidebar-primary, .cell_output";
    const element = document.activeElement;
    return [element?.closest(parts)?.className ?? "", element?.className ?? "", element?.localName];
}"""
STOPS = 100  # to the end of the text; 20 of them in the explorer


def test_the_text_is_near_and_copying_is_no_stop(visit):
    shown = visit(CHAPTER).page
    stops = []
    while not stops or "prev-next" not in stops[-1][0]:
        shown.keyboard.press("Tab")
        stops.append(shown.evaluate(WHERE))
        assert len(stops) <= STOPS
    assert "page-toc" in stops[1][0]  # right after the link that skips
    assert not any("copybtn" in own for _, own, _ in stops)
    assert not any("bd-sidebar-primary" in part for part, _, _ in stops)  # the chapters come after the text
    assert sum("network-map" in part for part, _, _ in stops) == 1


def test_copying_works_for_the_pointer_and_not_on_outputs(visit):
    shown = visit(CHAPTER).page
    assert shown.locator(".cell_input .copybtn").count() > 10
    assert shown.locator(".cell_output .copybtn").count() == 0
    assert set(shown.locator(".copybtn").evaluate_all("(all) => all.map((one) => one.tabIndex)")) == {-1}


@pytest.mark.parametrize("viewport", [{"width": 1280, "height": 900}, PHONE])
def test_the_map_tells_shapes_and_opens_to_links(visit, viewport):
    shown = visit(CHAPTER, viewport=viewport, java_script_enabled=False).page
    network = shown.get_by_role("navigation", name="The network")
    line = network.locator("summary")
    expect(line).to_contain_text("conv2 27 × 27 × 256")
    network.locator(".stages a").nth(2).hover()
    tip = network.locator(".stages .tip").nth(2)
    expect(tip).to_have_css("visibility", "visible")
    expect(tip).to_have_text("pool1 27 × 27 × 96. Chapter 6, pooling")
    assert network.bounding_box()["height"] < 140
    line.press("Enter")
    link = network.get_by_role("link", name="dropout")
    link.focus()
    expect(network.locator("#network-dropout")).to_have_css("visibility", "visible")
    link.press("Enter")
    shown.wait_for_url("**/08_dropout.html")


@pytest.mark.parametrize("page", [name for name in PAGES if name.startswith("notebooks/")])
def test_every_chapter_has_the_map_under_its_title(page):
    title = soup(SITE / page).h1
    made = title.find_next_sibling()
    assert "network-map" in made["class"]
    for link in made.select("a"):
        target = (SITE / page).parent / link["href"]
        assert soup(SITE / page).find(id="in-alexnet") if link["href"].startswith("#") else target.is_file()
    name = page.removeprefix("notebooks/").removesuffix(".html")
    lit = [link.get_text() for link in made.select("[aria-current]")]
    assert lit == list(course_network.about(name))
