"""Explorers on a page: their links, and what stays when one fails."""

import pytest
from explorer_harness import sentence, settle

pytestmark = pytest.mark.browser


def test_a_broken_link_is_used_as_far_as_it_goes(open_page):
    page = open_page(
        "ConvolutionExplorer.html#explorer-convolution?stride=99&kernel=1,2_3&picture=cow&row=-4&padding=2&x=1"
        "&bias=Infinity&__proto__=1"
    )
    assert "Output 9 by 9" in sentence(page)
    said = page.locator(".explorer-note").inner_text()
    assert said == (
        "Part of this link could not be used (stride, kernel, picture, row, x, bias, __proto__); "
        "the rest is as it says."
    )


def test_a_link_that_a_program_encoded_whole_is_followed(open_page):
    page = open_page("ConvolutionExplorer.html#explorer-convolution%3Fstride%3D2%26kernel_size%3D2")
    assert "Output 3 by 3" in sentence(page)
    assert page.locator(".explorer-note").count() == 0


def test_where_nothing_can_be_copied_the_address_stands_ready(open_page):
    page = open_page("ConvolutionExplorer.html")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")  # as on plain http
    page.locator("button:has-text('Copy link')").press("Enter")
    field = page.locator(".foot .address")
    field.wait_for()
    assert field.input_value() == page.url
    selected = "el => el === document.activeElement && el.value.slice(el.selectionStart, el.selectionEnd)"
    assert field.evaluate(selected) == page.url
    page.keyboard.press("Tab")
    page.locator("button:has-text('Copy link')").wait_for()
    assert field.count() == 0


@pytest.mark.parametrize(
    "rest", ["%", "%zz=1", "?stride", "stride=%E0%A4%A", "&&&=", "kernel=" + "1," * 5000]
)
def test_nonsense_in_a_link_does_no_harm(open_page, rest):
    page = open_page(f"ConvolutionExplorer.html#explorer-convolution?{rest}")
    assert sentence(page).startswith("Window (2, 2): ")


def test_two_of_a_kind_have_links_of_their_own(open_page):
    page = open_page("two.html#explorer-convolution-2?padding=1&kernel=0,1_1,0&kernel_size=2")
    settle(page)
    first, second = (page.locator(".explorer .sentence").nth(i).inner_text() for i in range(2))
    assert "Output 5 by 5" in first
    assert "Output 4 by 4" in second
    page.evaluate("location.hash = '#explorer-convolution-2?stride=1'")
    page.wait_for_function(
        "document.querySelectorAll('.explorer .sentence')[1].textContent.includes('Output 5 by 5')"
    )


@pytest.mark.parametrize("name", ["broken.html", "throws.html"])
def test_when_an_explorer_fails_its_picture_stays(open_page, name):
    page = open_page(name)
    page.locator("figure.still").wait_for()
    assert page.locator("figure .explorer").count() == 0
    assert page.locator("figure img.static").is_visible()
    assert page.locator("figure figcaption").inner_text().endswith("Window (2, 2) gives 3.")
    (visit,) = open_page.visits
    assert visit.errors  # the module that is not there, or what render threw: said on the console
    visit.errors.clear()


def test_a_page_loads_the_modules_of_its_own_explorers_only(open_page):
    page = open_page("empty.html")
    page.evaluate("import('/_static/mount.js')")  # has ended when this has
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').map((entry) => entry.name.split('/').pop())"
    )
    assert {name for name in loaded if name.endswith(".js")} == {"mount.js"}


@pytest.mark.parametrize(
    "begin",
    [
        lambda page: page.mouse.wheel(0, 10),
        lambda page: page.mouse.move(20, 20),
        lambda page: page.keyboard.press("Tab"),
    ],
    ids=["wheel", "pointer", "key"],
)
def test_an_explorer_below_the_first_screen_comes_when_the_reader_begins(open_page, begin):
    page = open_page("far.html", idle=True, touch=False)
    (visit,) = open_page.visits
    assert "_static/convolution.js" not in visit.answers
    assert page.locator("figure img.static").count() == 1
    assert page.locator(".explorer").count() == 0
    settle(page)  # before its first frame a browser takes no hand
    begin(page)
    page.locator(".explorer .sentence:not(:empty)").wait_for()


def test_what_is_seen_first_and_what_a_link_names_come_at_once(open_page):
    for address in ("ConvolutionExplorer.html", "far.html#explorer-convolution?stride=2"):
        page = open_page(address, touch=False)
        page.locator(".explorer .sentence:not(:empty)").wait_for()


@pytest.mark.parametrize("width", [360, 1000])
def test_a_brief_explorer_asks_for_one_gesture_and_has_the_rest_under_more(open_page, width):
    page = open_page("brief.html", width=width)
    root = page.locator(".explorer")
    controls = root.locator("input, select, button")
    assert controls.count() > 10
    for control in controls.all():
        assert not control.is_visible()
    assert root.locator(".task").count() == 0  # the text around it says what to do
    source, result = (root.locator(".panels .map").nth(i).bounding_box() for i in range(2))
    assert source["y"] == pytest.approx(result["y"], abs=12)  # what is changed, and what it changes
    assert root.bounding_box()["y"] + root.bounding_box()["height"] < 900
    before = sentence(page)
    root.locator(".map").first.press("ArrowRight")
    page.wait_for_function(
        "(old) => document.querySelector('.explorer .sentence').textContent !== old", arg=before
    )
    root.locator("summary", has_text="More").click()
    for control in controls.all():
        assert control.is_visible()
    root.get_by_role("button", name="sharpen").click()
    root.get_by_role("button", name="Undo", exact=True).click()
    settle(page)
    assert root.get_by_role("button", name="top edge").get_attribute("aria-pressed") == "true"


def test_without_javascript_the_picture_is_there(open_page):
    page = open_page("ConvolutionExplorer.html", java_script_enabled=False)
    assert page.locator("figure img.static").bounding_box()["height"] > 200
    assert page.locator("figure figcaption").inner_text().endswith("Window (2, 2) gives 3.")
