"""The way back in every explorer: undo, redo and reset, and what stays over a reload."""

import pytest
from explorer_harness import settle

from alexnet_course import explorers

pytestmark = pytest.mark.browser
EVERY = [getattr(explorers, name) for name in explorers.__all__]
NO_STORAGE = """for (const name of ["localStorage", "sessionStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });"""


@pytest.fixture(params=EVERY, ids=explorers.__all__)
def page(open_page, request):
    return open_page(f"{request.param.__name__}.html")


def settings(page):
    """Return what every control that has a setting shows."""
    settle(page)
    return page.locator(".explorer [data-name]").evaluate_all(
        "all => all.map((el) => el.type === 'checkbox' ? el.checked : el.value)"
    )


def tool(page, name):
    return page.locator(".explorer .tools").get_by_role("button", name=name, exact=True)


def able(page):
    """Return which of the three buttons are not greyed."""
    settle(page)
    names = ("Undo", "Redo", "Reset")
    return [name for name in names if tool(page, name).get_attribute("aria-disabled") == "false"]


def first_control(page):
    return page.locator(".explorer .controls [data-name]:visible").first


def change(page):
    """Use the first control as a reader would."""
    control = first_control(page)
    control.focus()
    if control.evaluate("el => el.tagName") == "SELECT":
        control.select_option(index=control.evaluate("el => (el.selectedIndex + 1) % el.options.length"))
    else:
        control.press("ArrowLeft" if control.evaluate("el => el.value === el.max") else "ArrowRight")


def test_undo_redo_and_reset(page):
    start = settings(page)
    assert able(page) == []
    change(page)
    changed = settings(page)
    assert changed != start
    assert able(page) == ["Undo", "Reset"]
    tool(page, "Undo").click()
    assert settings(page) == start
    assert able(page) == ["Redo"]
    tool(page, "Redo").click()
    assert settings(page) == changed
    tool(page, "Reset").click()
    assert settings(page) == start
    assert able(page) == ["Undo"]
    tool(page, "Undo").click()  # a reset is a step as any other
    assert settings(page) == changed


def test_the_keyboard_undoes_too(page):
    start = settings(page)
    change(page)
    changed = settings(page)
    page.keyboard.press("Control+z")
    assert settings(page) == start
    page.keyboard.press("Control+Shift+Z")
    assert settings(page) == changed
    tool(page, "Undo").press("Enter")
    assert settings(page) == start
    assert page.evaluate("document.activeElement.textContent") == "Undo"  # greyed, and not lost


def test_a_reload_keeps_the_settings(page):
    address = page.url
    change(page)
    changed = settings(page)
    page.wait_for_function("history.state?.explorers")
    page.reload()
    page.locator(".explorer .sentence:not(:empty)").wait_for()
    assert settings(page) == changed
    assert page.url == address
    assert able(page) == ["Reset"]


# ---- one explorer for all


def drag(page, locator, to):
    box = locator.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(*to, steps=8)
    page.mouse.up()
    page.mouse.move(2, 2)


def test_a_drag_is_one_step(open_page):
    page = open_page()
    start = settings(page)
    slider = page.locator("[data-name=size]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    drag(page, slider, (box["x"] + box["width"] - 2, box["y"] + 12))
    assert settings(page) != start
    tool(page, "Undo").click()
    assert settings(page) == start
    said = page.locator(".explorer .sentence").inner_text()
    picture = page.locator(".map").first.bounding_box()
    drag(page, page.locator(".map").first, (picture["x"] + 20, picture["y"] + 20))
    settle(page)
    assert page.locator(".explorer .sentence").inner_text().startswith("Window (0, 0): ")
    tool(page, "Undo").click()
    settle(page)
    page.mouse.move(2, 2)
    settle(page)
    assert page.locator(".explorer .sentence").inner_text() == said
    assert able(page) == ["Redo"]


def test_a_key_held_down_is_one_step_and_two_presses_are_two(open_page):
    page = open_page()
    start = settings(page)
    slider = page.locator("[data-name=size]")
    slider.focus()
    page.keyboard.down("ArrowRight")
    page.keyboard.down("ArrowRight")
    page.keyboard.down("ArrowRight")
    page.keyboard.up("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "10"
    tool(page, "Undo").click()
    assert settings(page) == start
    slider.press("ArrowRight")
    slider.press("ArrowRight")
    tool(page, "Undo").click()
    settle(page)
    assert slider.get_attribute("aria-valuetext") == "8"


def test_a_new_step_ends_what_could_be_redone(open_page):
    page = open_page()
    change(page)
    tool(page, "Undo").click()
    assert able(page) == ["Redo"]
    page.locator("[data-name=bias]").press("ArrowRight")
    assert able(page) == ["Undo", "Reset"]


def test_typing_has_an_undo_of_its_own(open_page):
    page = open_page()
    change(page)
    changed = settings(page)
    page.locator(".editor input").first.press("Control+z")
    assert settings(page) == changed


def test_two_explorers_are_kept_each_for_itself(open_page):
    page = open_page("two.html", before=NO_STORAGE)
    first, second = (page.locator(".explorer [data-name=stride]").nth(i) for i in range(2))
    first.press("ArrowRight")
    first.press("ArrowRight")
    second.press("ArrowRight")
    page.wait_for_function("Object.keys(history.state?.explorers ?? {}).length === 2")
    page.reload()
    page.locator(".explorer .sentence:not(:empty)").nth(1).wait_for()
    settle(page)
    assert [one.get_attribute("aria-valuetext") for one in (first, second)] == ["3", "3"]


def test_a_link_is_followed_anew_and_kept_when_changed(open_page):
    page = open_page("ConvolutionExplorer.html#explorer-convolution?stride=2")
    stride = page.locator("[data-name=stride]")
    assert stride.get_attribute("aria-valuetext") == "2"
    stride.press("ArrowRight")
    page.wait_for_function("history.state?.explorers")
    page.reload()
    page.locator(".explorer .sentence:not(:empty)").wait_for()
    settle(page)
    assert stride.get_attribute("aria-valuetext") == "3"
    page.goto("about:blank")
    page.go_back()
    page.locator(".explorer .sentence:not(:empty)").wait_for()
    settle(page)
    assert stride.get_attribute("aria-valuetext") == "3"
    again = open_page("ConvolutionExplorer.html#explorer-convolution?stride=2")
    assert again.locator("[data-name=stride]").get_attribute("aria-valuetext") == "2"


def test_the_browsers_way_back_is_the_readers(open_page):
    """No setting is a page of its own, and one that is made after a jump in the page survives, too."""
    page = open_page()
    pages = page.evaluate("history.length")
    stride = page.locator("[data-name=stride]")
    stride.press("ArrowRight")
    page.wait_for_function("history.state?.explorers")
    page.evaluate("location.hash = '#elsewhere'")
    page.wait_for_function("history.state?.explorers")  # of the new entry
    page.reload()
    page.locator(".explorer .sentence:not(:empty)").wait_for()
    settle(page)
    assert stride.get_attribute("aria-valuetext") == "2"
    assert page.evaluate("history.length") == pages + 1
    page.go_back()
    page.wait_for_function("!location.hash")
    settle(page)
    assert stride.get_attribute("aria-valuetext") == "2"
