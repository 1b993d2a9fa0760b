"""The forward-pass explorer in a real browser: stages, maps and units, with a network and without."""

import io
import re

import numpy as np
import pytest
from explorer_harness import sentence
from PIL import Image
from playwright.sync_api import expect

from alexnet_course.data.classes import class_names
from alexnet_course.data.fashion import CLASSES
from alexnet_course.explorers import ForwardPassExplorer
from alexnet_course.explorers.forward_pass import STAGES
from alexnet_course.explorers.made import made

pytestmark = pytest.mark.browser

STEM = "ForwardPassExplorer.html"
#: Notes of each change of what an answer fills whether a frame was just being made.
FRAMES = """
  let made = false;
  const ask = requestAnimationFrame;
  window.requestAnimationFrame = (draw) => ask((now) => {
    made = true;
    setTimeout(() => { made = false; });
    draw(now);
  });
  window.written = [];
  addEventListener("DOMContentLoaded", () => new MutationObserver((changes) => {
    if (changes.some(({ target }) => target.closest?.("section")?.matches(":has(.arithmetic, .vote)")))
      written.push(made);
  }).observe(document, { childList: true, subtree: true }));
"""


@pytest.fixture
def page(open_page):
    return open_page(STEM)


def stage(page, name):
    page.locator(".strip button").get_by_text(name, exact=True).click()


def ask(page, network):
    """Choose a network, load it, and wait for its answer."""
    page.locator("[data-name=network]").select_option(network)
    page.locator(".ask button").click()
    answered(page)


def answered(page):
    page.wait_for_function("document.querySelector('.ask button').hidden")
    page.wait_for_function("document.querySelector('.sentence').textContent.includes('It hands on')")


def first(page, name):
    """Wait until the network's first answer is this; a run may take its time."""
    page.wait_for_function(
        "(name) => document.querySelector('.tracks .name')?.textContent === name", arg=name
    )


def unit(page, network, **settings):
    """Return the explorer of Python that stands where the page says, and the number on the page."""
    said = page.locator(".sentence").first.inner_text().replace("−", "-")
    name = said.split(" ")[0]
    at = [one["name"] for one in STAGES[network]].index(name)
    place = [
        int(n) for n in re.search(r"(?:Map|Number) (\d+)(?:, row (\d+), column (\d+))?", said).groups("0")
    ]
    found = ForwardPassExplorer(
        network=network, stage=at, map=place[0], row=place[1], column=place[2], **settings
    )
    return found, float(re.search(r"It hands on (-?[\d.]+)\.$", said)[1])


def same(page, network, **settings):
    """The page's unit hands on what Python's does, and is the largest of the largest map where it says so."""
    found, passed = unit(page, network, **settings)
    limit = 1e-4 * float(np.abs(found.output).max()) + 6e-4
    assert passed == pytest.approx(found.arithmetic["passed"], abs=limit)
    return found


def total(page):
    """Return what the lines of the sum add up to, and what stands below them."""
    lines = page.locator(".arithmetic > div:last-child .line")
    texts = [line.replace("−", "-").split("\n")[-1] for line in lines.all_inner_texts()]
    kinds = [line.get_attribute("class") for line in lines.all()]
    last = next(at for at, kind in enumerate(kinds) if "total" in kind)
    return sum(float(text) for text in texts[:last]), float(texts[last])


def test_the_random_network_needs_no_file_and_every_stage_is_shown(page):
    assert page.locator(".strip button").count() == 16
    for name in ("pool5", "flatten", "softmax"):
        stage(page, name)
        expect(page.locator(".sentence")).to_contain_text(f"{name} hands on")
        at = [one["name"] for one in STAGES["random AlexNet"]].index(name)
        found = ForwardPassExplorer(stage=at)
        assert f"{found.count:,} numbers" in sentence(page)
        expect(page.locator(".strip [aria-current=true]")).to_have_text(name)
    assert page.locator(".arithmetic").count() == 1
    expect(page.locator(".arithmetic")).to_be_hidden()
    loaded = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert not any("/files/" in name for name in loaded)


def test_the_stage_is_in_sight_on_the_strip_wherever_it_was_chosen(open_page):
    page = open_page(STEM, width=1300)  # where the strip begins far from the left
    for at in (15, 3, 0, 11):
        page.locator(".tiles").press("Home")
        page.evaluate("(at) => document.querySelectorAll('.strip button')[at].click()", at)
        sentence(page)
        row, lit = page.evaluate(
            """[".strip", ".strip [aria-current=true]"].map((one) => {
              const { left, right } = document.querySelector(one).getBoundingClientRect();
              return [left, right];
            })"""
        )
        assert row[0] <= lit[0] < lit[1] <= row[1], at


def test_the_largest_map_comes_first_and_keys_choose_maps_and_units(page):
    chosen = made("forward_pass_maps")[1]["chosen"]
    said = page.locator(".explorer .sentence")
    expect(said).to_contain_text(f"Map {chosen[0]}, row 20")
    page.locator(".tiles").press("ArrowRight")
    expect(said).to_contain_text(f"Map {chosen[1]}, row 20")
    page.locator(".tiles").press("Home")
    page.locator(".one").press("ArrowDown")
    page.locator(".one").press("End")
    expect(said).to_contain_text(f"Map {chosen[0]}, row 21, column 54")
    for map_, right, down in ((".tiles", 2.5 / 6, 0.5), (".one", 0.01, 0.99)):
        canvas = page.locator(f"{map_} canvas")
        box = canvas.bounding_box()
        canvas.click(position={"x": box["width"] * right, "y": box["height"] * down})
        expect(said).to_contain_text(f"Map {chosen[2]}, row")
    expect(said).to_contain_text("row 54, column 0 looks at rows 216 to 226, columns 0 to 10")


def test_squeezenet_is_followed_from_the_pixels_to_the_votes(page):
    ask(page, "SqueezeNet")
    found = same(page, "SqueezeNet")
    assert found.place[0] == found.order[0]
    assert found.arithmetic["passed"] == pytest.approx(found.output.max(axis=(1, 2))[0, found.order[0]])
    names = page.locator(".tracks .name").all_inner_texts()
    last = ForwardPassExplorer(network="SqueezeNet", stage=23)
    assert names == [class_names()[at] for at in last.order[:5]]
    for name in ("pool1", "fire2 squeeze", "fire5 expand", "conv10", "average", "softmax"):
        stage(page, name)
        expect(page.locator(".sentence")).to_contain_text(
            re.compile(f"^{name.replace(' ', '.')} .*It hands on")
        )
        found = same(page, "SqueezeNet")
        assert found.place[0] == found.order[0], name
        if name.startswith(("fire", "conv")):
            expect(page.locator(".arithmetic > div:last-child .total")).to_contain_text("sum")
            assert total(page) == pytest.approx([found.arithmetic["value"]] * 2, abs=2e-3)
    expect(page.locator("section:has(.vote) .title")).to_have_text("Which features voted for Egyptian cat")
    vote = page.locator(".vote").first
    assert vote.inner_text() == "map 426 of fire9.expand"
    vote.click()
    expect(page.locator(".sentence")).to_contain_text("fire9.expand hands on")
    assert "Map 426" in sentence(page)


def test_all_terms_of_a_sum_can_be_opened_and_add_up_to_its_last_digit(page):
    ask(page, "SqueezeNet")
    for name, count in (("conv1", 27), ("fire3 expand", 144)):
        stage(page, name)
        expect(page.locator(".sentence")).to_contain_text(
            re.compile(f"^{name.replace(' ', '.')} .*It hands on")
        )
        expect(page.locator(".arithmetic .note").first).to_contain_text("It sees")
        fold = page.locator("details.others")
        summary = fold.locator("summary")
        if name == "conv1":
            expect(fold.locator(".all .line")).to_have_count(0)
            summary.scroll_into_view_if_needed()
            before = summary.bounding_box()
            summary.press("Enter")
            expect(fold.locator(".all .line").first).to_be_visible()
            assert summary.bounding_box() == before  # nothing moves under the hand
        expect(fold.locator(".all .line").last).to_contain_text("bias")  # it stays open for other units
        texts = [text.replace("−", "-") for text in fold.locator(".all .line").all_inner_texts()]
        written = page.locator(".arithmetic .line.total").inner_text().replace("−", "-").split("\n")[-1]
        assert f"{sum(float(text.split()[-1]) for text in texts):.3f}".rstrip("0") == written.rstrip("0")
        assert len(texts) - 1 <= count
        if name == "conv1":
            assert len(texts) - 1 == count
        for text in texts[:-1]:
            *_, a, b, product = re.findall(r"-?\d+(?:\.\d+)?", text)
            assert float(a) * float(b) == pytest.approx(float(product), abs=2e-4), text


def test_another_photograph_runs_at_once_and_the_place_stays(page):
    ask(page, "SqueezeNet")
    stage(page, "fire3 squeeze")
    expect(page.locator(".sentence")).to_contain_text(re.compile("^fire3.squeeze .*It hands on"))
    before = same(page, "SqueezeNet")
    page.get_by_role("button", name="coffee").click()
    first(page, "espresso")
    answered(page)
    after = same(page, "SqueezeNet", photograph="coffee")
    assert (before.stage, before.place) == (after.stage, after.place)


def test_what_a_network_has_shown_keeps_its_place_from_stage_to_stage(open_page):
    page = open_page(STEM, width=1300)
    ask(page, "miniature")
    places = set()
    for name in ("image", "conv1", "pool2", "fc6", "softmax"):
        stage(page, name)
        page.wait_for_function(
            """(name) => {
              const { textContent } = document.querySelector(".sentence");
              return textContent.startsWith(`${name} `) && textContent.includes("It hands on");
            }""",
            arg=name,
        )
        places.add(tuple(page.locator(one).bounding_box()["height"] for one in (".tiles", ".explorer")))
    assert len(places) == 1, places


def test_an_answer_is_written_with_the_frame(open_page):
    """Between two frames it would have the whole page laid out twice."""
    page = open_page(STEM, before=FRAMES)
    ask(page, "miniature")
    stage(page, "fc8")
    expect(page.locator(".vote")).to_have_count(8)
    assert page.evaluate("written.length") > 2
    assert all(page.evaluate("written"))


def test_the_miniature_sees_what_the_reader_draws(page):
    ask(page, "miniature")
    assert page.locator(".tracks .name").first.inner_text() == "T-shirt/top"
    page.get_by_role("button", name="sneaker, picture 7").click()
    first(page, "sneaker")
    answered(page)
    same(page, "miniature", clothes=7)
    page.get_by_role("button", name="Empty it").click()
    page.locator(".pad").scroll_into_view_if_needed()
    box = page.locator(".pad").bounding_box()
    for across in (0.4, 0.6):  # two legs
        page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * 0.1)
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * 0.9, steps=20)
        page.mouse.up()
    page.locator(".pad").press("ArrowUp")
    pixels = page.locator(".pad canvas").evaluate(
        """(canvas) => [...canvas.getContext('2d').getImageData(0, 0, 28, 28).data]
          .filter((_, i) => i % 4 === 0)"""
    )
    assert sum(level > 200 for level in pixels) > 60
    drawn = ForwardPassExplorer(network="miniature", stage=13)
    drawn.drawn = memoryview(bytes(pixels))
    first(page, CLASSES[drawn.order[0]])
    answered(page)
    share = float(page.locator(".tracks b").first.inner_text())
    assert share == pytest.approx(drawn.output.max(), abs=6e-4)


def test_the_picture_that_another_explorer_was_given_goes_through_as_well(open_page):
    page = open_page("pictures.html")
    picture = np.random.default_rng(0).integers(0, 256, (256, 300, 3), np.uint8)
    picture[60:200, 80:220] = (255, 120, 0)
    file = io.BytesIO()
    Image.fromarray(picture).save(file, "PNG")
    page.locator("[data-name=network]").select_option("SqueezeNet")
    expect(page.get_by_role("button", name="Yours")).to_be_hidden()
    page.locator("input[type=file]").set_input_files(
        {"name": "picture.png", "mimeType": "image/png", "buffer": file.getvalue()}
    )
    page.get_by_role("button", name="Yours").click()
    page.get_by_role("button", name="Load SqueezeNet 1.1").click()
    page.wait_for_function("document.querySelector('.sentence').textContent.includes('It hands on')")
    own = {"id": "1", "height": 256, "width": 300, "pixels": memoryview(picture.tobytes())}
    same(page, "SqueezeNet", own=own)
    last = ForwardPassExplorer(network="SqueezeNet", stage=23, own=own)
    first(page, class_names()[last.order[0]])


@pytest.mark.parametrize(
    ("name", "map_"), [("lrn1", 3), ("conv4", 30), ("flatten", 50), ("fc6", 7), ("fc8", 2)]
)
def test_every_kind_of_unit_of_the_miniature_is_written_out(open_page, name, map_):
    at = [one["name"] for one in STAGES["miniature"]].index(name)
    page = open_page(f"{STEM}#explorer-forward_pass?network=miniature&stage={at}&map={map_}&row=2&column=3")
    said = sentence(page)
    page.locator(".ask button").click()
    answered(page)
    assert page.locator(".sentence").inner_text().startswith(said)  # the link's place was kept
    found = same(page, "miniature")
    if "filter" in found.arithmetic:
        assert total(page) == pytest.approx([found.arithmetic["value"]] * 2, abs=2e-3)
    if name == "conv4":
        expect(page.locator(".arithmetic .note")).to_contain_text("It sees maps 24 to 47 of 48: its group.")


def test_a_run_can_be_stopped_and_stays_so(page):
    page.locator("[data-name=network]").select_option("SqueezeNet")
    page.locator(".ask button").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Load SqueezeNet 1.1")).to_be_visible()
    assert "It hands on" not in sentence(page)
    page.locator(".ask button").click()
    answered(page)


@pytest.mark.parametrize(
    ("answer", "words", "noise"),
    [
        (None, "squeezenet.network did not come", ["console: Failed to load resource: net::ERR_FAILED"]),
        (b"x" * 999, "squeezenet.network is not the file that was meant", []),
        ("altered", "squeezenet.network is not the file that was meant", []),
    ],
)
def test_a_network_that_does_not_come_as_it_was_is_refused_in_words(open_page, answer, words, noise):
    page = open_page(STEM)

    def wrong(route):
        if answer is None:
            return route.abort()
        body = answer if answer != "altered" else b"x" * made("files")["squeezenet.network"]["bytes"]
        return route.fulfill(status=200, body=body)

    page.route("**/squeezenet.network", wrong)
    page.locator("[data-name=network]").select_option("SqueezeNet")
    page.locator(".ask button").click()
    expect(page.locator(".trouble")).to_contain_text(words)
    assert sentence(page).startswith("conv1 hands on 1 × 113 × 113 × 64")  # what is on screen stays
    page.unroute("**/squeezenet.network")
    page.locator(".ask button").click()
    answered(page)
    expect(page.locator(".trouble")).to_have_text("")
    (visit,) = open_page.visits
    assert visit.errors == noise
    visit.errors.clear()


def test_a_browser_without_workers_shows_the_stored_maps_and_says_what_is_missing(open_page):
    page = open_page(STEM, before="delete window.Worker")
    stage(page, "pool2")
    assert sentence(page).startswith("pool2 hands on")
    page.locator("[data-name=network]").select_option("miniature")
    page.locator(".ask button").click()
    expect(page.locator(".trouble")).to_contain_text("This page can start no worker")
