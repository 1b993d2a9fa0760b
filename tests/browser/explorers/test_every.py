"""Every explorer in a real browser: its limits, its controls, its links, and what axe finds."""

import pytest
from explorer_harness import run, sentence, settle
from helpers import ASSETS

from alexnet_course import explorers

pytestmark = pytest.mark.browser
AXE = ASSETS / "axe" / "axe.min.js"
EVERY = {name: getattr(explorers, name) for name in explorers.__all__}


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
