"""Every explorer in a real browser: its limits, its link, its room on screens, what axe finds.

test_history.py has its way back, test_pages.py its controls.
"""

import re

import pytest
from explorer_harness import run, sentence
from helpers import AXE, AXE_IN, DESK, HEADER, LAPTOP, PHONE, Visit, settle
from playwright.sync_api import expect

from alexnet_course import explorers

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module", params=explorers.__all__)
def cls(request):
    """The class of an explorer."""
    return getattr(explorers, request.param)


@pytest.fixture(scope="module")
def shown(browser, harness, cls):
    """The page of an explorer, loaded once for the tests below, in their order."""
    visit = Visit(browser, f"{harness}{cls.__name__}.html")
    yield visit.page
    visit.context.close()
    assert visit.errors + visit.outside == []


def test_it_has_a_name_and_says_what_to_try(shown, cls):
    figure = shown.get_by_role("figure", name=cls._title, exact=True)
    assert figure.locator(".explorer .called").inner_text() == cls._title
    assert figure.locator(".explorer .task").inner_text() == f"Try: {cls._try}"
    assert cls._module in figure.locator(".explorer").get_attribute("class").split()
    assert len(cls._title) <= 40
    assert re.fullmatch(r"[a-z].{20,85}[.?]", cls._try), "a task in one line, after 'Try:'"


def test_page_and_python_allow_the_same(shown, cls):
    found = run(shown, "return (await import(`/_static/${input}.js`)).default.traits;", cls._module)
    python = cls().traits(state=True)
    assert set(found) == set(python)
    for trait_name, trait in python.items():
        for limit in ("low", "high", "words", "most", "limit", "shortest", "longest", "length"):
            if hasattr(trait, limit):
                wanted = getattr(trait, limit)
                assert found[trait_name][limit] == (list(wanted) if isinstance(wanted, tuple) else wanted), (
                    trait_name,
                    limit,
                )


def test_code_for_a_notebook_draws_the_same_as_the_page(open_page, shown, cls):
    there = shown.locator(".explorer").inner_text()
    inline = run(
        open_page("empty.html", width=DESK["width"]),
        """const address = URL.createObjectURL(new Blob([input.code], { type: 'text/javascript' }));
        const { default: explorer } = await import(address);
        document.head.appendChild(document.createElement('style')).textContent = input.css;
        const el = document.querySelector('main').appendChild(document.createElement('div'));
        const model = { get: (name) => input.state[name], set() {}, on() {}, off() {}, save_changes() {} };
        const end = explorer.render({ model, el });
        const text = el.innerText;
        end();
        return text;""",
        {"code": str(cls._esm), "css": str(cls._css), "state": cls()._state() | {"about": cls().about}},
    )
    assert inline.strip() == there.replace("\nCopy link", "").strip()


def test_axe_finds_nothing_and_nothing_overflows(shown):
    shown.evaluate(AXE)
    for theme, width in (("light", 360), ("dark", 1000)):
        shown.set_viewport_size({"width": width, "height": 900})
        shown.evaluate("(theme) => { document.documentElement.dataset.theme = theme; }", theme)
        settle(shown)
        found = shown.evaluate(
            """(options) => axe.run('.explorer-figure', options).then(({ violations }) =>
              violations.map((problem) => [problem.id, problem.nodes.map((node) => node.html)]))""",
            AXE_IN[theme],
        )
        assert found == [], (theme, width)
        assert shown.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        small = shown.evaluate(
            """[...document.querySelectorAll('.explorer :is(button, select, input, .check)')].map((el) => {
              const target = el.type === 'checkbox' ? el.closest('label') : el;
              const { width, height } = target.getBoundingClientRect();
              return [el.outerHTML.slice(0, 80), width, height];
            }).filter(([_, width, height]) => width && (width < 24 || height < 24))"""
        )
        assert small == [], width


def test_it_fits_a_laptop(open_page, cls):
    page = open_page(f"{cls.__name__}.html", viewport=LAPTOP)
    assert page.locator(".explorer-figure").bounding_box()["width"] == 928
    assert page.locator(".explorer-figure").bounding_box()["height"] <= LAPTOP["height"] - HEADER


def test_a_phone_shows_controls_and_result_together(open_page, cls):
    page = open_page(f"{cls.__name__}.html", viewport=PHONE)
    seen = page.evaluate(
        """(header) => {
          const box = (el) => el.getBoundingClientRect();
          const controls = document.querySelector(".explorer .controls");
          return [...document.querySelectorAll(".explorer .panels > section")].map((section) => {
            scrollBy({ top: box(section).top - header, behavior: "instant" });
            const [part, sheet] = [box(section), box(controls)];
            return {
              sheet: [Math.round(sheet.top), Math.round(sheet.bottom)],
              height: part.height,
              seen: Math.min(part.bottom, sheet.top) - Math.max(part.top, 0),
            };
          });
        }""",
        HEADER,
    )
    for section in seen:
        top, bottom = section["sheet"]
        assert top > 0.5 * PHONE["height"]
        assert bottom <= PHONE["height"]
        assert section["seen"] >= min(section["height"], 340), section


#: Moves every control from end to end and tells what moves with it. While a slider does, no control may; a
#: choice and a check, which may bring others, stay themselves. The figure keeps its height: so what stands
#: below it stays, too.
MOVE_ALL = """async () => {
  document.querySelector(".explorer").scrollIntoView({ behavior: "instant" });
  const frame = () => new Promise(requestAnimationFrame);
  const hands = ".parts > .controls :is(input, select, button), .tools button";
  const place = (el) => {
    const { x, y, width } = el.getBoundingClientRect();
    return `${el.dataset.name ?? el.textContent} ${[x, y, width].map(Math.round)}`;
  };
  const places = () => [...document.querySelectorAll(`.explorer :is(${hands})`)].map(place);
  const height = () => document.querySelector(".explorer-figure").offsetHeight;
  const ways = {
    range: ({ min, max }) => [0, 0.1, 0.3, 0.6, 0.9, 1].map((share) => Number(min) + share * (max - min)),
    checkbox: ({ checked }) => [!checked],
    "select-one": ({ options }) => [...options].map(({ value }) => value),
  };
  const moved = [];
  for (const control of document.querySelectorAll(".explorer .controls [data-name]")) {
    if (!ways[control.type] || !control.checkVisibility({ visibilityProperty: true })) continue;
    const key = control.type === "checkbox" ? "checked" : "value";
    const put = async (value) => {
      control[key] = value;
      for (const type of ["input", "change"]) control.dispatchEvent(new Event(type, { bubbles: true }));
      await frame();
      await frame();
    };
    const all = () => (control.type === "range" ? places() : [place(control)]);
    const [first, before, tall] = [control[key], all(), height()];
    for (const value of ways[control.type](control)) {
      await put(value);
      const told = `${control.dataset.name} at ${control[key]}`;
      const other = all().find((box, i) => box !== before[i]);
      if (other) moved.push(`${told}: ${other}`);
      if (control.dataset.name !== "network" && Math.abs(height() - tall) > 8)
        moved.push(`${told}: the figure is ${height()} high and was ${tall}`);
    }
    await put(first);
  }
  return moved;
}"""


def test_nothing_moves_under_the_hand(open_page, cls):
    """Another network is another thing to show: it may ask for more room."""
    page = open_page(f"{cls.__name__}.html", viewport=LAPTOP)
    for width in (1280, 820, 360):
        page.set_viewport_size({"width": width, "height": 740})
        settle(page)
        assert page.evaluate(MOVE_ALL) == [], width


#: Presses keys on a map of its first settings, each after the one before was drawn, or all within one frame.
KEYS = """async ([map, drawn]) => {
  const frame = () => new Promise(requestAnimationFrame);
  [...document.querySelectorAll(".explorer .tools button")].find((b) => b.textContent === "Reset").click();
  await frame();
  await frame();
  for (const key of ["ArrowRight", "ArrowDown", "ArrowRight", "ArrowDown", "ArrowLeft"]) {
    map.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    for (let i = 0; drawn && i < 2; i++) await frame();
  }
}"""


def test_keys_that_come_faster_than_drawings_are_not_lost(shown):
    for map_ in shown.locator(".explorer [role=application]:visible").element_handles():
        told = []
        for drawn in (True, False):
            shown.evaluate(KEYS, [map_, drawn])
            settle(shown)
            told.append(shown.locator(".explorer").inner_text())
        assert told[0] == told[1]


def test_a_link_brings_every_setting_back(open_page, shown):
    controls = shown.locator(".explorer [data-name]:visible")
    for i in range(controls.count()):
        control = controls.nth(i)
        if control.get_attribute("type") == "range":
            control.press("ArrowRight" if control.evaluate("el => el.value !== el.max") else "ArrowLeft")
        elif control.evaluate("el => el.tagName") == "SELECT":
            control.select_option(index=1)
    settle(shown)
    said = sentence(shown)
    shown.locator("button:has-text('Copy link')").first.click()
    shown.locator(".foot .address, button:has-text('Copied')").first.wait_for()
    assert "#explorer-" in shown.url
    assert "?" in shown.url
    again = open_page(shown.url.split("/")[-1])
    expect(again.locator(".explorer .sentence").first).to_have_text(said)
    assert again.locator(".explorer-note").count() == 0
