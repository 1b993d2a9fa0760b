"""The explorers in a real browser: their maths equals NumPy, and every control does what it says."""

import json
import pathlib

import numpy as np
import pytest
from explorer_harness import page as page_of
from explorer_harness import serve

from alexnet_course import explorers
from alexnet_course.data import tile
from alexnet_course.explorers import (
    ConvolutionExplorer,
    DropoutExplorer,
    GeometryExplorer,
    SoftmaxExplorer,
)
from alexnet_course.geometry import receptive_field

pytestmark = pytest.mark.browser
AXE = pathlib.Path(__file__).parent / "assets" / "axe" / "axe.min.js"
EVERY = {name: getattr(explorers, name) for name in explorers.__all__}


@pytest.fixture(scope="module")
def harness():
    """Give the address of a page for each explorer, light and dark, and of one with two of a kind."""
    pages = {
        f"{name}-{theme}.html": page_of(cls(), theme=theme)
        for name, cls in EVERY.items()
        for theme in ("light", "dark")
    }
    pages["empty.html"] = page_of()
    pages["two.html"] = page_of(ConvolutionExplorer(), ConvolutionExplorer(stride=2))
    pages["broken.html"] = page_of(ConvolutionExplorer()).replace(
        'data-explorer="convolution"', 'data-explorer="nothing"'
    )
    pages["throws.html"] = page_of(ConvolutionExplorer()).replace("&quot;top edge&quot;", "&quot;cow&quot;")
    pages["large.html"] = page_of(
        ConvolutionExplorer(picture="photograph", size=227, kernel="Gabor", kernel_size=11, stride=4)
    )
    with serve(pages) as address:
        yield address


@pytest.fixture
def open_page(browser, harness):
    """Open a page; at the end, nothing may have gone wrong on it unless the test expected it."""
    errors, contexts = [], []

    def open_(name="ConvolutionExplorer-light.html", mounted=True, width=1000, **context):
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, **context))
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.on(
            "request",
            lambda request: request.url.startswith((harness, "data:", "blob:")) or errors.append(request.url),
        )
        page.goto(harness + name)
        if mounted:
            page.locator(".explorer .sentence:not(:empty)").first.wait_for(state="attached")
        return page

    open_.errors = errors
    yield open_
    for context in contexts:
        context.close()
    assert errors == []


def run(page, code, argument=None):
    """Run JavaScript with an argument and return its value, infinities and all as JSON."""
    return json.loads(
        page.evaluate(
            f"async (argument) => JSON.stringify(await (async (input) => {{ {code} }})(argument))", argument
        )
    )


def settle(page):
    """Wait until the explorer has drawn what was set."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def sentence(page):
    settle(page)
    return page.locator(".explorer .sentence").first.inner_text()


def slide(page, name, value):
    """Move a slider to a value, by keys alone."""
    slider = page.locator(f"[data-name={name}]").first
    slider.focus()
    slider.press("Home")
    for _ in range(300):
        if slider.get_attribute("aria-valuetext").replace("−", "-") == str(value):
            return
        slider.press("ArrowRight")
    raise AssertionError(f"{name} has no value {value}")


# ---- maths


def close(ours, theirs):
    """Compare a matrix of the page with NumPy's."""
    theirs = np.asarray(theirs, dtype=float)
    np.testing.assert_allclose(np.array(ours, dtype=float).reshape(theirs.shape), theirs, rtol=0, atol=1e-9)


def test_geometry_equals_numpy(open_page):
    rng = np.random.default_rng(0)
    explorers = [
        GeometryExplorer(
            size=int(rng.integers(1, 257 if i % 2 else 20)),
            kernel_size=int(rng.integers(1, 16)),
            stride=int(rng.integers(1, 9)),
            padding=int(rng.integers(0, 8)),
            rounding=rng.choice(["floor", "ceil"]).item(),
            layers=int(rng.integers(1, 6)),
        )
        for i in range(300)
    ]
    found = run(
        open_page("empty.html", mounted=False),
        """const m = await import('/_static/kit/maths.js');
        return input.map((s) => {
          const sizes = m.chain(s);
          return [m.outputSize(s), sizes, m.reached(s), m.receptiveField(s, sizes.length, 0)];
        });""",
        [explorer._state() for explorer in explorers],
    )
    assert {len(explorer.output_sizes) for explorer in explorers} >= {0, 1, 5}
    for explorer, (size, sizes, reached, seen) in zip(explorers, found, strict=True):
        assert size == explorer.output_size
        assert sizes == explorer.output_sizes
        assert reached == explorer.reached.tolist()
        field, jump = receptive_field([(explorer.kernel_size, explorer.stride)] * len(sizes))
        assert (seen["field"], seen["jump"]) == (field, jump)
        steps = sum(explorer.stride**layer for layer in range(len(sizes)))
        assert seen["first"] == -explorer.padding * steps


def test_the_ruler_says_what_is_left_over_and_what_rounding_up_does(open_page):
    page = open_page("GeometryExplorer-light.html")
    assert sentence(page) == (
        "Window 53 of 0 to 53 reads pixels 212 to 222. Output size 54; no window reads 1 pixel."
    )
    page.locator("[data-name=rounding]").select_option("ceil")
    page.locator(".ruler[tabindex]").press("End")
    assert sentence(page) == (
        "Window 54 of 0 to 54 reads pixels 216 to 223 and 3 zeros outside the picture. "
        "Output size 55; every pixel is read."
    )
    page.locator(".ruler[tabindex]").press("ArrowLeft")
    assert sentence(page).startswith("Window 53 of 0 to 54")
    page.locator(".ruler[tabindex]").click(position={"x": 3, "y": 40})
    assert sentence(page).startswith("Window 0 of 0 to 54 reads pixels 0 to 10.")
    slide(page, "size", 5)
    assert sentence(page).startswith("No window fits. The kernel is 11 pixels wide, the padded input 5.")
    slide(page, "size", 1)
    slide(page, "padding", 5)
    assert sentence(page) == (
        "Window 0, the only one, reads pixel 0 and 10 zeros outside the picture. "
        "Output size 1; every pixel is read."
    )
    assert "The end of the row pixel 0" in page.locator(".explorer").inner_text().replace("\n", " ")


def test_coins_are_tossed_again_and_the_mean_moves(open_page):
    page = open_page("DropoutExplorer-light.html")
    start = (
        "Draw 5 at rate 0.5, convention inverted: unit 2 is dropped. In training (8, 0, 0, 2); "
        "mean of 5 draws (3.2, 0, 3.2, 1.2); at test (4, 0, 2, 1)."
    )
    assert sentence(page) == start == DropoutExplorer()._sentence()
    page.locator("button:has-text('Draw again')").click()
    assert sentence(page) == DropoutExplorer(seed=6)._sentence()
    page.locator("button:has-text('100 more')").click()
    assert sentence(page) == DropoutExplorer(seed=106)._sentence()
    page.locator("[data-name=convention]").select_option("2012")
    slide(page, "rate", 0.2)
    assert sentence(page) == DropoutExplorer(seed=106, rate=0.2, convention="2012")._sentence()
    page.locator("[data-name=seed]").press("End")
    settle(page)
    assert page.locator("button:has-text('Draw again')").is_disabled()
    page.locator("[data-name=convention]").select_option("inverted")
    settle(page)
    assert "what stays is times 1.25" in page.locator(".title").first.inner_text()


def test_units_are_typed(open_page):
    page = open_page("DropoutExplorer-light.html")
    field = page.locator(".units input").nth(3)
    field.fill("-3/2")
    field.press("Enter")
    assert "In training (8, 0, 0, −3)" in sentence(page)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "unit 3 before dropout"
    for nonsense in ("cow", "100", "", "1/0"):
        field.fill(nonsense)
        field.press("Enter")
        settle(page)
        assert field.input_value() == "−1.5"
    assert "In training (8, 0, 0, −3)" in sentence(page)


def test_softmax_equals_numpy(open_page):
    rng = np.random.default_rng(0)
    explorers = [
        SoftmaxExplorer(
            **dict(zip(tile.CLASSES, rng.uniform(-10, 10, 3).round(1), strict=True)),
            truth=rng.choice(tile.CLASSES).item(),
            temperature=rng.choice([0.1, 0.5, 1, 1.4, 2, 10]).item(),
            raised=bool(rng.integers(2)),
            shifted=bool(rng.integers(3)),
        )
        for _ in range(300)
    ]
    found = run(
        open_page("empty.html", mounted=False),
        """const m = await import('/_static/kit/maths.js');
        return input.map(([logits, temperature, shifted, truth]) => {
          const { exponentials, shares, gradient, loss } = m.softmax({ logits, temperature, shifted, truth });
          return [exponentials, shares, gradient, [loss]].map((row) => row.map(String));
        });""",
        [
            [
                (explorer.scores * explorer.temperature).tolist(),
                explorer.temperature,
                explorer.shifted,
                tile.CLASSES.index(explorer.truth),
            ]
            for explorer in explorers
        ],
    )
    assert {np.isfinite(explorer.loss) for explorer in explorers} == {True, False}
    for explorer, (exponentials, shares, gradient, loss) in zip(explorers, found, strict=True):
        theirs = np.array(exponentials, float)
        np.testing.assert_allclose(theirs, explorer.exponentials, rtol=1e-9, atol=1e-9)
        close(shares, explorer.probabilities)
        close(gradient, explorer.gradient)
        close(loss, [explorer.loss])


# ---- every explorer


@pytest.mark.parametrize("name", EVERY)
def test_page_and_python_allow_the_same(open_page, name):
    module = EVERY[name]._module
    found = run(
        open_page("empty.html", mounted=False),
        "return (await import(`/_static/${input}.js`)).traits;",
        module,
    )
    python = EVERY[name]().traits(state=True)
    assert set(found) == set(python)
    for trait_name, trait in python.items():
        for limit in ("low", "high", "words", "most", "limit", "shortest", "longest", "length"):
            if hasattr(trait, limit):
                wanted = getattr(trait, limit)
                assert found[trait_name][limit] == (list(wanted) if isinstance(wanted, tuple) else wanted), (
                    trait_name,
                    limit,
                )


@pytest.mark.parametrize("name", EVERY)
def test_code_for_a_notebook_draws_the_same_as_the_page(open_page, name):
    page = open_page(f"{name}-light.html")
    there = page.locator(".explorer").inner_text()
    inline = run(
        open_page("empty.html", mounted=False),
        """const address = URL.createObjectURL(new Blob([input.code], { type: 'text/javascript' }));
        const { default: explorer } = await import(address);
        document.head.appendChild(document.createElement('style')).textContent = input.css;
        const el = document.querySelector('main').appendChild(document.createElement('div'));
        const model = { get: (name) => input.state[name], set() {}, on() {}, off() {}, save_changes() {} };
        const end = explorer.render({ model, el });
        const text = el.innerText;
        end();
        return text;""",
        {"code": str(EVERY[name]._esm), "css": str(EVERY[name]._css), "state": EVERY[name]()._state()},
    )
    assert inline.strip() == there.replace("\nCopy link", "").strip()


SNAPSHOT = """() => {
  const root = document.querySelector('.explorer'), every = (what) => [...root.querySelectorAll(what)];
  const typed = every('input, select').filter((el) => !el.dataset.name).map((el) => el.value);
  const shown = every('canvas').map((canvas) => canvas.toDataURL());
  return root.querySelector('.panels').innerHTML + shown + typed + every('.sentence')[0].textContent;
}"""


@pytest.mark.parametrize("name", EVERY)
def test_no_control_is_dead(open_page, name):
    page = open_page(f"{name}-light.html")
    controls = page.locator(".explorer [data-name]:visible")
    assert controls.count() >= 1
    for i in range(controls.count()):
        control = controls.nth(i)
        before = page.evaluate(SNAPSHOT)
        if control.evaluate("el => el.tagName") == "SELECT":
            other = control.evaluate("el => [...el.options].map((o) => o.value).find((v) => v !== el.value)")
            control.select_option(other)
        elif control.get_attribute("type") == "checkbox":
            control.click()
        else:
            control.press("End" if control.evaluate("el => el.value !== el.max") else "Home")
        settle(page)
        assert page.evaluate(SNAPSHOT) != before, control.get_attribute("data-name")


@pytest.mark.parametrize("width", [360, 1000])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", EVERY)
def test_axe_finds_nothing_and_nothing_overflows(open_page, name, theme, width):
    page = open_page(f"{name}-{theme}.html", width=width)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run('.explorer-figure').then((r) => r.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]))"
    )
    assert found == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        """[...document.querySelectorAll('.explorer :is(button, select, input, label.check)')].map((el) => {
          const target = el.type === 'checkbox' ? el.closest('label') : el;
          const { width, height } = target.getBoundingClientRect();
          return [el.outerHTML.slice(0, 80), width, height];
        }).filter(([_, width, height]) => width && (width < 24 || height < 24))"""
    )
    assert small == []


@pytest.mark.parametrize("name", EVERY)
def test_a_link_brings_every_setting_back(open_page, name):
    page = open_page(f"{name}-light.html")
    controls = page.locator(".explorer [data-name]:visible")
    for i in range(controls.count()):
        control = controls.nth(i)
        if control.get_attribute("type") == "range":
            control.press("ArrowRight" if control.evaluate("el => el.value !== el.max") else "ArrowLeft")
        elif control.evaluate("el => el.tagName") == "SELECT":
            control.select_option(index=1)
    settle(page)
    said = sentence(page)
    page.locator("button:has-text('Copy link')").first.click()
    page.locator(".foot .address, button:has-text('Copied')").first.wait_for()
    assert "#explorer-" in page.url
    assert "?" in page.url
    again = open_page(page.url.split("/")[-1])
    assert sentence(again) == said
    assert again.locator(".explorer-note").count() == 0


@pytest.mark.parametrize("name", EVERY)
def test_the_explorer_appears_where_its_place_was_kept(open_page, name):
    page = open_page(f"{name}-light.html")
    shown = page.locator(".explorer-figure").evaluate("el => el.getBoundingClientRect().height")
    kept = page.locator(".explorer-figure").evaluate(
        "el => { el.replaceChildren(); return el.getBoundingClientRect().height; }"
    )
    assert abs(shown - kept) < 120


# ---- the convolution explorer


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
    assert sentence(page).endswith("Output 3 by 3; no window reaches 15 pixels.")
    assert page.locator(".map .struck").first.get_attribute("d")
    assert page.locator(".note").first.inner_text() == "Hatched: 15 pixels that no window reaches"


def test_many_pixels_are_counted_with_a_comma(open_page):
    page = open_page()
    slide(page, "size", 227)
    slide(page, "kernel_size", 1)
    slide(page, "stride", 5)
    assert sentence(page).endswith("Output 46 by 46; no window reaches 49,413 pixels.")


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
    page.wait_for_function("document.querySelector('.stepper .title').textContent === 'Window (0, 2)'")
    assert page.locator(".explorer .sentence").get_attribute("aria-live") == "off"
    assert page.locator(".map.signed .texts").nth(1).locator("text").count() == 3
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
    assert "Output 54 by 54; no window reaches 447 pixels." in sentence(page)


# ---- the others


def test_pooling_asks_which_pixel_speaks_for_two_windows(open_page):
    page = open_page("PoolingExplorer-light.html")
    assert sentence(page).startswith(
        "Window (1, 0): the largest of 9 values is 4, at (3, 0), the first of 2 that"
    )
    page.locator(".map").first.press("PageUp")
    assert "is 3, at (2, 2). It wins in 2 windows, so 2 gradients are added there." in sentence(page)
    page.locator("button:has-text('side by side')").click()
    assert sentence(page).endswith("Output 2 by 2.")
    assert "no window reads" in page.locator(".note").first.inner_text()
    slide(page, "padding", 2)
    assert sentence(page).startswith("No window fits. Padding 2 is not smaller than the pool, 2")


def test_relu_says_when_the_whole_map_is_silent(open_page):
    page = open_page("ReLUExplorer-light.html")
    slide(page, "bias", -5)
    assert sentence(page).endswith("23 responses of 25 are not above 0.")
    slide(page, "bias", -6)
    assert sentence(page).endswith("All 25 responses are not above 0.")
    assert page.locator(".note").nth(1).inner_text() == "Every number is 0"
    slide(page, "bias", 9)
    assert sentence(page).endswith("All 25 responses are above 0.")
    page.locator("[data-name=map]").select_option("top edge")
    assert page.locator("[data-name=bias]").get_attribute("aria-valuetext") == "−1"


def test_the_ring_of_the_plot_can_be_dragged(open_page):
    page = open_page("ReLUExplorer-light.html")
    box = page.locator(".plot").bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 100)
    page.mouse.down()
    page.mouse.up()
    assert sentence(page).startswith("Response (2, 3) is 0: ")
    assert page.locator("[data-name=bias]").get_attribute("aria-valuetext") == "3"


def test_normalization_prints_the_numbers_of_the_chapter(open_page):
    page = open_page("NormalizationExplorer-light.html")
    assert (
        sentence(page) == "Map 2: 3 divided by 16 to the power 0.75 is 0.375. Maps 0 to 4 count, all of them."
    )
    slide(page, "n", 3)
    slide(page, "map", 1)
    assert sentence(page).startswith("Map 1: 1 divided by 12 to the power 0.75 is about 0.1551.")
    page.locator("[data-name=responses]").nth(2).press("End")
    assert sentence(page).startswith("Map 1: 1 divided by 147 to the power")
    slide(page, "map", 0)
    assert sentence(page).endswith(" Maps 0 and 1 count, the others do not.")
    slide(page, "n", 1)
    assert sentence(page).endswith(" Map 0 counts, the others do not.")
    assert page.get_by_text("0; no neighbour counts").is_visible()


# ---- the dense explorer


def test_a_unit_lights_its_two_wires(open_page):
    page = open_page("DenseExplorer-light.html")
    assert sentence(page) == (
        "Unit 0: 3·(−1) + 6·1 + 1 = 4. The scores are ear 1, stripe 2, whisker 0; the largest: stripe."
    )
    lit = page.locator(".wires .here:not(.zero)")
    assert [lit.nth(i).get_attribute("class") for i in range(2)] == ["minus here", "plus here"]
    page.locator(".hidden-units button").nth(1).hover()
    assert sentence(page).startswith("Unit 1: 5·1 + 7·(−1) + 1 = −1.")
    page.mouse.move(5, 5)
    assert sentence(page).startswith("Unit 0: ")
    page.locator(".hidden-units button").nth(3).press("Enter")
    assert sentence(page).startswith("Unit 3: 4·(−1) + 4·1 + 1 = 1.")
    assert page.locator(".hidden-units [aria-pressed=true]").inner_text().startswith("unit 3")
    features = page.locator(".features .here input")
    assert features.evaluate_all("all => all.map((el) => el.value)") == ["4", "4"]
    assert lit.count() == 2


def test_a_key_chooses_a_unit_while_the_mouse_rests_on_another(open_page):
    page = open_page("DenseExplorer-light.html")
    page.locator(".hidden-units button").nth(3).hover()
    page.locator(".hidden-units button").nth(1).press("Enter")
    assert sentence(page).startswith("Unit 1: ")
    page.locator(".hidden-units button").nth(3).click()
    assert sentence(page).startswith("Unit 3: ")


def test_the_answers_of_the_dense_chapter_are_on_screen(open_page):
    page = open_page("DenseExplorer-light.html")
    page.locator("[data-name=order]").select_option("C, H, W")
    assert sentence(page).endswith("The scores are ear −7, stripe 4, whisker 2; the largest: stripe.")
    assert page.locator(".hidden-units b").all_inner_texts() == ["−3", "2", "4", "3"]
    page.locator("[data-name=order]").select_option("H, W, C")
    silent = []
    for name in ("ear", "stripe", "whisker"):
        page.locator("[data-name=picture]").select_option(name)
        settle(page)
        silent.append(page.locator(".hidden-units b").nth(1).inner_text())
    assert silent == ["−1", "0", "1"]


def test_features_are_typed(open_page):
    page = open_page("DenseExplorer-light.html")
    page.locator("[data-name=order]").select_option("C, H, W")
    cells = page.locator(".features input")
    cells.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.type("-2.5")
    page.keyboard.press("Enter")
    settle(page)
    assert cells.nth(1).input_value() == "−2.5"
    assert page.locator("[data-name=picture] option:checked").inner_text() == "your own"
    page.locator("[data-name=order]").select_option("H, W, C")
    settle(page)
    assert cells.nth(3).input_value() == "−2.5"  # map 0, place (0, 1), whatever the order
    for nonsense in ("cow", "1e9", "", "1/0", "100"):
        cells.nth(3).fill(nonsense)
        cells.nth(3).press("Enter")
        settle(page)
        assert cells.nth(3).input_value() == "−2.5"
    page.locator("button:has-text('Copy link')").click()
    page.locator(".foot .address, button:has-text('Copied')").wait_for()
    again = open_page(page.url.split("/")[-1])
    assert again.locator(".features input").nth(3).input_value() == "−2.5"


# ---- links and failures


def test_a_broken_link_is_used_as_far_as_it_goes(open_page):
    page = open_page(
        "ConvolutionExplorer-light.html#explorer-convolution?stride=99&kernel=1,2_3&picture=cow&row=-4&padding=2&x=1"
        "&bias=Infinity&__proto__=1"
    )
    assert "Output 9 by 9" in sentence(page)
    said = page.locator(".explorer-note").inner_text()
    assert said == (
        "Part of this link could not be used (stride, kernel, picture, row, x, bias, __proto__); "
        "the rest is as it says."
    )


def test_a_link_that_a_program_encoded_whole_is_followed(open_page):
    page = open_page("ConvolutionExplorer-light.html#explorer-convolution%3Fstride%3D2%26kernel_size%3D2")
    assert "Output 3 by 3" in sentence(page)
    assert page.locator(".explorer-note").count() == 0


def test_where_nothing_can_be_copied_the_address_stands_ready(open_page):
    page = open_page("ConvolutionExplorer-light.html")
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
    page = open_page(f"ConvolutionExplorer-light.html#explorer-convolution?{rest}")
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
    page = open_page(name, mounted=False)
    page.locator("figure.still").wait_for()
    assert page.locator("figure .explorer").count() == 0
    assert page.locator("figure img.static").is_visible()
    assert page.locator("figure figcaption").inner_text().endswith("Window (2, 2) gives 3.")
    assert open_page.errors  # the module that is not there, or what render threw: said on the console
    open_page.errors.clear()


def test_a_page_loads_the_modules_of_its_own_explorers_only(open_page):
    page = open_page("empty.html", mounted=False)
    page.wait_for_timeout(300)
    loaded = page.evaluate(
        "performance.getEntriesByType('resource').map((entry) => entry.name.split('/').pop())"
    )
    assert {name for name in loaded if name.endswith(".js")} == {"mount.js"}


def test_without_javascript_the_picture_is_there(open_page):
    page = open_page("ConvolutionExplorer-light.html", mounted=False, java_script_enabled=False)
    assert page.locator("figure img.static").bounding_box()["height"] > 200
    assert page.locator("figure figcaption").inner_text().endswith("Window (2, 2) gives 3.")
