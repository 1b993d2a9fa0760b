"""The occlusion explorer in a real browser: the cover, and what is computed behind it on the page."""

import numpy as np
import pytest
from explorer_harness import run, slide
from helpers import HEADER, PHONE
from playwright.sync_api import expect

from alexnet_course.explorers import OcclusionExplorer
from alexnet_course.explorers.kit.base import inline
from alexnet_course.explorers.occlusion import KINDS, OWN, PLACES, SIZES, places_of

pytestmark = pytest.mark.browser

# Notes whether the names of the last place stood there, marked, while the network was at work.
MARKED = """() => {
  const names = document.querySelector(".tracks.names");
  new MutationObserver(() => {
    window.marked ||= names.matches(".old") && names.querySelectorAll(".name").length === 5;
  }).observe(names, { attributes: true });
}"""
STORED = """
  const { compute } = (await import("/_static/occlusion.js")).default;
  return input.map((state) => compute(state).stored);
"""
ASK = f"""
  {inline("kit/occlusion_session.js")}
  const {{ compute }} = (await import("/_static/occlusion.js")).default;
  const trouble = (words) => {{ if (words) throw new Error(words); }};
  const model = {{ address: (file) => new URL(`/_static/${{file}}`, location.href).href }};
  const session = new Session(model, {{ changed() {{}}, trouble }});
  await session.load();
  const answers = [];
  for (const {{ state, followed }} of input)
    answers.push(await session.ask({{ ...compute(state), photograph: state.photograph, followed }}));
  session.end();
  return answers;
"""


def says(page, start):
    """Wait until the sentence starts so."""
    page.wait_for_function(
        "(start) => document.querySelector('.sentence').textContent.startsWith(start)", arg=start
    )


def test_a_drag_a_key_and_a_click_on_the_map_move_the_cover(open_page):
    page = open_page("OcclusionExplorer.html")
    photograph, places = page.locator(".covered"), page.locator(".map:not(.covered)")
    box = photograph.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    says(page, "Rows 84 to 142, columns 84 to 142")
    page.mouse.move(box["x"] + box["width"] + 40, box["y"] + box["height"] - 1)
    says(page, "Rows 168 to 226, columns 168 to 226")
    page.mouse.up()
    photograph.press("ArrowUp")
    says(page, "Rows 156 to 214, columns 168 to 226")
    photograph.press("Home")
    says(page, "Rows 156 to 214, columns 0 to 58")
    box = places.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 3.5 / 15, box["y"] + box["height"] * 5.5 / 15)
    says(page, "Rows 60 to 118, columns 36 to 94 are covered (mean of ImageNet): Airedale")


def test_the_cover_is_drawn_where_it_is_and_as_it_is(open_page):
    page = open_page("OcclusionExplorer.html")
    page.locator("[data-name=cover]").select_option("noise")
    says(page, "Rows 60 to 118, columns 36 to 94 are covered (noise)")
    cover = page.locator(".covered .cover")
    colours = cover.evaluate(
        """(canvas) => {
          const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
          return [canvas.width, new Set(data).size];
        }"""
    )
    assert colours == [59, 256]
    outer, inner = page.locator(".covered").bounding_box(), cover.bounding_box()
    assert inner["x"] - outer["x"] == pytest.approx(outer["width"] * 36 / 227, abs=1)
    assert inner["width"] == pytest.approx(outer["width"] * 59 / 227, abs=1)


# ---- what was answered beforehand, and what the network answers on the page


def test_on_the_grid_the_page_reads_what_python_reads(open_page):
    covers = [
        OcclusionExplorer(row=row, column=places_of(size)[(7 * at + 3) % PLACES], size=size, cover=cover)
        for cover in KINDS
        for size in SIZES
        for at, row in enumerate(places_of(size))
    ]
    found = run(open_page("empty.html"), STORED, [one._state() for one in covers])
    for one, answer in zip(covers, found, strict=True):
        assert (answer["names"], answer["kept"]) == (one.stored.names, one.stored.kept)
        np.testing.assert_array_equal(answer["shares"], one.stored.shares)


def test_the_page_computes_what_numpy_computes(open_page):
    covers = [
        OcclusionExplorer(row=61, column=37),
        OcclusionExplorer(size=113, cover="noise", row=216, column=5),
        OcclusionExplorer(photograph="coffee", cover="mean of the photograph", size=80),
        OcclusionExplorer(photograph="rocket", cover=OWN, colour=[255, 0, 200], size=11, row=110, column=110),
    ]
    states = [
        {"state": one._state(), "followed": [281, 282, 285] if one.photograph == "chelsea" else followed}
        for one, followed in zip(covers, [None, None, [967], [657]], strict=True)
    ]
    for one, answer in zip(covers, run(open_page("empty.html"), ASK, states), strict=True):
        assert answer["names"] == one.names
        np.testing.assert_allclose(answer["shares"], one.shares, rtol=0, atol=1e-4)
        assert answer["kept"] == pytest.approx(one.kept, abs=1e-4)


def load(page):
    """Ask for the network and wait until it is here."""
    page.get_by_role("button", name="Load SqueezeNet (2.5 MB)").click()
    page.locator("[data-name=size][max='102']").wait_for()


def answered(page, explorer):
    """Wait until the page says what Python says."""
    expect(page.locator(".explorer .sentence")).to_have_text(explorer._sentence())
    names = page.locator(".tracks .name").all_inner_texts()
    assert names == explorer.names
    assert not page.locator(".tracks.old").count()


def test_with_the_network_the_cover_goes_anywhere(open_page):
    page = open_page("OcclusionExplorer.html")
    load(page)
    photograph = page.locator(".covered")
    expect(photograph).to_be_focused()
    page.evaluate(MARKED)
    box = photograph.bounding_box()
    unit = box["width"] / 227
    page.mouse.move(box["x"] + 100 * unit, box["y"] + 90.5 * unit)
    page.mouse.down()
    for step in range(30):
        page.mouse.move(box["x"] + (100 + step / 3) * unit, box["y"] + 90.5 * unit)
    page.mouse.up()
    says(page, "Rows 61 to 119, columns 80 to 138 are covered (mean of ImageNet): ")
    answered(page, OcclusionExplorer(row=61, column=80))
    assert page.evaluate("window.marked")
    photograph.press("Shift+ArrowLeft")
    photograph.press("ArrowDown")
    says(page, "Rows 72 to 130, columns 79 to 137 are covered (mean of ImageNet): ")
    page.get_by_role("button", name="coffee").click()
    colour = page.locator("[data-name=colour]")
    colour.dispatch_event("click")  # as the hand that opens the browser's list of colours
    colour.fill("#ffff00")
    slide(page, "size", 40)
    explorer = OcclusionExplorer(
        photograph="coffee", row=72, column=79, size=40, cover=OWN, colour=[255, 255, 0]
    )
    answered(page, explorer)
    expect(page.locator(".explorer .title", has_text="Fall of")).to_have_text("Fall of espresso")
    undo = page.get_by_role("button", name="Undo")
    undo.click()
    says(page, "Rows 72 to 130, columns 79 to 137 are covered (a colour of your own): espresso")
    undo.click()
    says(page, "Rows 72 to 130, columns 79 to 137 are covered (mean of ImageNet): espresso")
    undo.click()
    says(page, "Rows 72 to 130, columns 79 to 137 are covered (mean of ImageNet): tabby")


def test_a_map_is_made_and_stopped_and_goes_on(open_page):
    page = open_page("OcclusionExplorer.html")
    expect(page.get_by_role("button", name="Map it")).to_be_hidden()
    load(page)
    expect(page.get_by_role("button", name="Map it")).to_be_hidden()  # it was made beforehand
    slide(page, "size", 100)
    counted = "document.querySelectorAll('.map:not(.covered) .texts text').length"
    page.get_by_role("button", name="Map it").click()
    page.wait_for_function(f"{counted} > 2")
    page.get_by_role("button", name="Stop").click()
    cells = page.locator(".map:not(.covered) .texts text")
    many = cells.count()
    fall = OcclusionExplorer().whole - OcclusionExplorer(size=100, row=0, column=0).kept
    assert float(cells.first.text_content().replace("\u2212", "-")) == pytest.approx(100 * fall, abs=0.6)
    page.get_by_role("button", name="Map it").click()
    page.wait_for_function(f"{counted} > {many + 2}")
    page.locator("[data-name=cover]").select_option("black")
    expect(page.get_by_role("button", name="Map it")).to_be_visible()  # another cover ends it
    expect(cells).to_have_count(0)
    page.get_by_role("button", name="Map it").focus()
    page.evaluate("location.hash = '#explorer-occlusion?size=59'")  # made beforehand: the button goes
    expect(page.locator(".covered")).to_be_focused()


def test_what_was_not_answered_beforehand_asks_for_the_network(open_page):
    page = open_page("OcclusionExplorer.html#explorer-occlusion?size=40&photograph=flower")
    says(
        page,
        "Rows 60 to 99, columns 36 to 75 are covered (mean of ImageNet). This was not answered beforehand",
    )
    page.wait_for_function("document.querySelector('.covered .square').width === 227")
    loaded = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert not any("network" in name for name in loaded)
    load(page)
    answered(page, OcclusionExplorer(size=40, photograph="flower"))


def test_a_network_that_does_not_come_leaves_the_grid(open_page):
    page = open_page("OcclusionExplorer.html")
    page.route("**/squeezenet.network", lambda route: route.abort())
    page.get_by_role("button", name="Load SqueezeNet").click()
    expect(page.locator(".trouble")).to_contain_text("squeezenet.network did not come")
    page.locator(".covered").press("ArrowDown")
    says(page, "Rows 72 to 130, columns 36 to 94 are covered (mean of ImageNet): ")
    page.unroute("**/squeezenet.network")
    load(page)
    expect(page.locator(".trouble")).to_have_text("")
    (visit,) = open_page.visits
    assert visit.errors == ["console: Failed to load resource: net::ERR_FAILED"]
    visit.errors.clear()


def test_another_size_keeps_the_cover_on_the_grid(open_page):
    page = open_page("OcclusionExplorer.html")
    page.locator("[data-name=size]:visible").press("ArrowLeft")
    says(page, "Rows 65 to 109, columns 39 to 83 are covered (mean of ImageNet): ")


def test_on_a_phone_photograph_and_names_stand_together_above_the_controls(open_page):
    page = open_page("OcclusionExplorer.html", viewport=PHONE)
    page.locator(".covered").evaluate(
        "(view, header) => scrollBy(0, view.getBoundingClientRect().top - header)", HEADER
    )
    names = page.locator(".tracks.names .name")
    expect(names).to_have_count(5)
    last, sheet = names.last.bounding_box(), page.locator(".controls").bounding_box()
    assert last["y"] + last["height"] < sheet["y"]
