"""The convolution explorer in a real browser: keys, mouse, touch, kernels and windows."""

import pytest
from explorer_harness import sentence, settle, slide

pytestmark = pytest.mark.browser


def test_it_starts_where_the_chapter_does(open_page):
    page = open_page()
    assert sentence(page) == (
        "Window (2, 2): 0·(−1) + 1·(−1) + … = 4, minus 1 is 3. Output 5 by 5; every pixel is used."
    )
    assert page.locator(".presets [aria-pressed=true]").inner_text() == "top edge"


def test_keys_move_the_window(open_page):
    page = open_page()
    map_ = page.locator(".map").first
    map_.focus()
    steps = "ArrowRight (2, 3); ArrowDown (3, 3); End (3, 4); ArrowRight (3, 4); PageUp (0, 4); "
    steps += "Home (0, 0); ArrowUp (0, 0); PageDown (4, 0)"
    for step in steps.split("; "):
        key, place = step.split(" ", 1)
        map_.press(key)
        assert sentence(page).startswith(f"Window {place}: "), key


def test_back_and_next_visit_windows_in_reading_order(open_page):
    page = open_page()
    page.locator("button:has-text('Next')").click()
    page.locator("button:has-text('Next')").click()
    page.locator("button:has-text('Next')").click()
    assert sentence(page).startswith("Window (3, 0): ")
    page.locator("button:has-text('Back')").click()
    assert sentence(page).startswith("Window (2, 4): ")


def place_in(page, at, row, column, cells):
    """Return the position on screen of a cell of a map that is `cells` wide."""
    box = page.locator(".map").nth(at).bounding_box()
    unit = (box["width"] - 18) / cells
    return box["x"] + 18 + (column + 0.5) * unit, box["y"] + 18 + (row + 0.5) * unit


def test_pointing_previews_clicking_chooses_dragging_follows(open_page):
    page = open_page()
    page.mouse.move(*place_in(page, 0, 1, 1, 7))
    assert sentence(page).startswith("Window (0, 0): ")
    page.mouse.move(5, 5)
    assert sentence(page).startswith("Window (2, 2): ")
    page.mouse.move(*place_in(page, 1, 4, 5, 7))
    page.mouse.down()
    assert sentence(page).startswith("Window (3, 4): ")
    page.mouse.move(*place_in(page, 1, 2, 2, 7), steps=4)
    page.mouse.up()
    page.mouse.move(5, 5)
    assert sentence(page).startswith("Window (1, 1): ")


def test_a_key_goes_on_from_where_the_mouse_points(open_page):
    page = open_page()
    page.locator(".map").first.focus()
    page.mouse.move(*place_in(page, 0, 1, 1, 7))
    page.locator(".map").first.press("ArrowRight")
    assert sentence(page).startswith("Window (0, 1): ")


def test_touch_chooses(open_page):
    page = open_page(has_touch=True, width=360)
    page.locator(".map").first.scroll_into_view_if_needed()
    page.touchscreen.tap(*place_in(page, 0, 5, 1, 7))
    assert sentence(page).startswith("Window (4, 0): ")


def finger(page, start, by, steps=6):
    """Drag a finger; Playwright's own can only tap."""
    touch = page.context.new_cdp_session(page)
    x, y = start
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, steps + 1):
        at = {"x": x + by[0] * step / steps, "y": y + by[1] * step / steps}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [at]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_takes_the_window_up_and_down_and_scrolls_elsewhere(open_page):
    page = open_page(has_touch=True, viewport={"width": 360, "height": 740})
    page.evaluate("scrollTo(0, 40)")
    settle(page)
    cell = page.locator(".map").first.bounding_box()["width"] / 7.5
    finger(page, place_in(page, 0, 3, 3, 7), (0, -2 * cell))
    assert sentence(page).startswith("Window (0, 2): ")
    assert page.evaluate("scrollY") == 40
    finger(page, place_in(page, 0, 6, 0, 7), (0, -120))
    page.wait_for_function("scrollY > 80")


def test_the_dotted_edge_runs_under_the_digits(open_page):
    page = open_page()
    slide(page, "padding", 2)
    slide(page, "kernel_size", 2)
    sentence(page)
    layers = (
        page.locator(".map")
        .nth(1)
        .locator("svg > *")
        .evaluate_all("all => all.map((el) => el.getAttribute('class'))")
    )
    assert layers.index("frame") < layers.index("texts")
    digit = page.locator(".map").nth(1).locator(".texts text").first
    assert digit.evaluate("el => [getComputedStyle(el).paintOrder, getComputedStyle(el).strokeWidth]") == [
        "stroke",
        "4px",
    ]
    assert digit.get_attribute("stroke").startswith("rgb")


def test_presets_set_kernel_and_bias(open_page):
    page = open_page()
    page.locator(".presets button:has-text('left edge')").click()
    assert "is 1. Output" in sentence(page)
    assert page.locator("[data-name=bias]").get_attribute("aria-valuetext") == "1"
    page.locator(".presets button:has-text('blur')").click()
    settle(page)
    assert page.locator(".editor input").first.input_value() == "1/9"
    assert page.locator("[data-name=bias]").get_attribute("aria-valuetext") == "0"


def test_weights_are_typed(open_page):
    page = open_page()
    page.locator(".editor input").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.type("-1/2")
    page.keyboard.press("Enter")
    settle(page)
    assert page.locator(".editor input").nth(4).input_value() == "−0.5"
    assert page.locator(".presets [aria-pressed=true]").count() == 0
    assert "= 4, minus 1 is 3" in sentence(page)  # the middle of the window is 0
    page.locator(".map").first.press("ArrowUp")
    assert "= 0.5, minus 1 is −0.5" in sentence(page)
    for nonsense in ("cow", "1e9", "", "1/0", "1/2/3", "100"):
        page.locator(".editor input").nth(4).fill(nonsense)
        page.locator(".editor input").nth(4).press("Enter")
        settle(page)
        assert page.locator(".editor input").nth(4).input_value() == "−0.5"


def test_the_editor_is_one_stop_of_the_keyboard(open_page):
    page = open_page()
    page.locator(".presets button").last.focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "weight (0, 0)"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Back"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "weight (1, 0)"


def test_no_window_fits_is_said_and_left_again(open_page):
    page = open_page()
    slide(page, "size", 3)
    slide(page, "kernel_size", 7)
    assert sentence(page) == (
        "No window fits. The kernel is 7 pixels wide, the padded input 3. "
        "Make the input or the padding larger."
    )
    page.locator("button:has-text('Next')").click()
    page.locator("button:has-text('Play')").click()
    page.locator(".map").first.press("ArrowRight")
    assert sentence(page).startswith("No window fits.")
    slide(page, "padding", 2)
    assert sentence(page).startswith("Window (0, 0): ")


def test_unused_pixels_are_hatched_and_counted(open_page):
    page = open_page()
    slide(page, "size", 8)
    slide(page, "stride", 2)
    assert sentence(page).endswith("Output 3 by 3; 15 pixels are reached by no window.")
    assert page.locator(".map .struck").first.get_attribute("d")
    assert page.locator(".note").first.inner_text() == "Hatched: 15 pixels that no window reaches"


def test_many_pixels_are_counted_with_a_comma(open_page):
    page = open_page()
    slide(page, "size", 227)
    slide(page, "kernel_size", 1)
    slide(page, "stride", 5)
    assert sentence(page).endswith("Output 46 by 46; 49,413 pixels are reached by no window.")


def test_the_tile_is_signed_at_every_size(open_page):
    """At 3 by 3 it has no negative pixel left; its zeros must not turn black for that."""
    page = open_page()
    assert "signed" in page.locator(".map").first.get_attribute("class")
    slide(page, "size", 3)
    settle(page)
    assert "signed" in page.locator(".map").first.get_attribute("class")


def test_play_visits_windows_and_pauses(open_page):
    page = open_page()
    page.locator("button:has-text('Play')").click()
    page.wait_for_function(  # one look at all of it: the next window comes by itself
        """() => {
          const title = document.querySelector('.stepper .title').textContent;
          const [, column] = /^Window \\(0, (\\d)\\)$/.exec(title) ?? [];
          const shown = document.querySelectorAll('.map.signed .texts')[1].querySelectorAll('text').length;
          return column > 0 && shown === Number(column) + 1
            && document.querySelector('.explorer .sentence').getAttribute('aria-live') === 'off';
        }"""
    )
    page.locator("button:has-text('Pause')").click()
    settle(page)
    assert page.locator(".map.signed .texts").nth(1).locator("text").count() == 25
    assert page.locator(".explorer .sentence").get_attribute("aria-live") == "polite"


def test_reduced_motion_leaves_out_play(open_page):
    page = open_page(reduced_motion="reduce")
    assert page.locator("button:has-text('Play')").is_hidden()
    assert page.locator("button:has-text('Next')").is_visible()


def test_a_photograph_of_alexnets_size(open_page):
    page = open_page("large.html")
    assert "Output 55 by 55; every pixel is used." in sentence(page)
    slide(page, "size", 224)
    assert "Output 54 by 54; 447 pixels are reached by no window." in sentence(page)
