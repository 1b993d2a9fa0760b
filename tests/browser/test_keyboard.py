"""The way of the keyboard through the longest chapter, and the map of the network on it."""

import course_network
import pytest
from helpers import AXE, PAGES, PHONE, SITE, soup
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
STOPS = 60  # to the end of the text
CHAPTERS = [name for name in PAGES if name.startswith("notebooks/")]


@pytest.mark.parametrize("page", CHAPTERS)
def test_the_text_is_near_its_end_is_not_far_and_copying_is_no_stop(visit, page):
    shown = visit(page).page
    stops = []
    while True:
        shown.keyboard.press("Tab")
        stop = shown.evaluate(WHERE)
        if "prev-next" in stop[0]:
            break
        stops.append(stop)
        assert len(stops) <= STOPS, stops
    assert "page-toc" in stops[1][0]  # right after the link that skips
    assert "page-toc" not in stops[2][0]  # and one stop
    assert not any("copybtn" in own for _, own, _ in stops)
    assert not any("bd-sidebar-primary" in part for part, _, _ in stops)  # the chapters come after the text
    assert sum("network-map" in part for part, _, _ in stops) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_link_that_skips_can_be_read(visit, scheme):
    page = visit(CHAPTER, color_scheme=scheme).page
    page.keyboard.press("Tab")
    link = page.get_by_role("link", name="Skip to the text")
    expect(link).to_be_focused()
    page.evaluate(AXE)
    found = page.evaluate("axe.run('.skip-link', { runOnly: ['color-contrast'] })")
    assert found["violations"] == []
    assert [check["nodes"][0]["target"] for check in found["passes"]] == [['a[href$="#main-content"]']]


# What belongs together, and the key that leads on.
GROUPS = {
    ".page-toc a": "ArrowDown",
    ".article-header-buttons .btn:visible": "ArrowRight",
    "section#in-alexnet a.reference": "ArrowRight",
    ".exercise :is(.code > button, summary):visible, .exercise + details > summary:visible": "ArrowDown",
    ".explorer .presets button": "ArrowRight",
    ".explorer .steps button": "ArrowLeft",
}


@pytest.mark.parametrize(("group", "key"), GROUPS.items(), ids=GROUPS)
def test_what_belongs_together_is_one_stop_and_arrows_reach_all_of_it(visit, group, key):
    shown = visit(CHAPTER).page
    members = shown.locator(group).all()
    if key == "ArrowLeft":
        members = members[::-1]
        members[0].click()
    stops = [member.evaluate("(e) => e.tabIndex") == 0 for member in members]
    assert stops[0]
    assert sum(stops) < len(members)
    for member, stop in zip(members, stops, strict=True):
        if stop:  # of this group, or of the next one
            member.focus()
        expect(member).to_be_focused()
        shown.keyboard.press(key)
    expect(members[-1]).to_have_js_property("tabIndex", 0)  # where the keyboard was, it comes back to
    members[-1].press("Tab")
    expect(members[-1]).not_to_be_focused()


def test_a_group_says_which_keys_lead_on_to_the_keyboard_alone(visit):
    shown = visit(CHAPTER).page
    hint = shown.locator(".stops-hint")
    expect(hint).to_be_hidden()
    shown.keyboard.press("Tab")
    expect(hint).to_be_hidden()
    shown.keyboard.press("Tab")
    expect(hint).to_be_visible()
    expect(hint).to_have_text("↑ ↓ the other sections")
    shown.keyboard.press("Tab")
    shown.keyboard.press("Tab")
    expect(hint).to_have_text("← → the other buttons")
    shown.locator("article .prev-next-area, article h1").first.click()
    expect(hint).to_be_hidden()


def test_the_next_hint_is_a_stop_and_the_first_again_when_it_is_gone(visit):
    shown = visit(CHAPTER).page
    first, second = shown.locator(".exercise").first.locator("summary").all()[:2]
    first.press("Enter")
    first.press("ArrowDown")
    expect(second).to_be_focused()
    first.click()
    expect(second).to_be_hidden()
    expect(first).to_have_js_property("tabIndex", 0)


def test_a_check_is_a_stop_when_there_is_something_to_check(visit):
    shown = visit(CHAPTER).page
    for box, answer in ((".exercise[data-exercise]", "textarea"), (".quiz fieldset", "input")):
        field, check = (shown.locator(box).first.locator(part).first for part in (answer, "button"))
        expect(check).to_have_js_property("tabIndex", -1)
        field.fill("1") if answer == "textarea" else field.press(" ")
        field.press("Tab")
        expect(check).to_be_focused()
    clear = shown.locator(".quiz .clear")
    expect(clear).to_have_js_property("tabIndex", -1)
    shown.keyboard.press("Enter")
    expect(clear).to_have_js_property("tabIndex", 0)
    clear.click()
    expect(clear).to_have_js_property("tabIndex", -1)


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


@pytest.mark.parametrize("page", CHAPTERS)
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
