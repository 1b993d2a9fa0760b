"""The own-picture explorer in a real browser: where a picture comes from, and what the network says of it."""

import base64
import io

import numpy as np
import pytest
from explorer_harness import sentence
from PIL import Image
from playwright.sync_api import expect

from alexnet_course.data import photographs
from alexnet_course.explorers import OwnPictureExplorer
from alexnet_course.squeezenet import classify

pytestmark = pytest.mark.browser

ANSWERED = "/says/.test(document.querySelector('.explorer .sentence').textContent)"
# The network has spoken of the upper right corner: the upper middle may have been named on the way.
CORNER = r"""() => {
  const sentence = document.querySelector(".explorer .sentence").textContent;
  const [, last, width] = /^Rows 0 to 226, columns \d+ to (\d+) of \d+ × (\d+).* says/.exec(sentence) ?? [];
  return Number(last) === width - 1;
}"""
# Gives a file to the page as a hand does: by dropping it, or from the clipboard.
GIVE = """([type, text, name]) => {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const data = new DataTransfer();
  if (name) data.items.add(new File([bytes], name));
  const init = { bubbles: true, cancelable: true };
  const root = document.querySelector(".explorer .view");
  root.dispatchEvent(
    type === "drop"
      ? new DragEvent("drop", { ...init, dataTransfer: data })
      : new ClipboardEvent("paste", { ...init, clipboardData: data }),
  );
}"""
# A camera that shows orange, or none.
CAMERA = """(error) => {
  const getUserMedia = async () => {
    if (error) throw new DOMException("no", error);
    const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 280 });
    const draw = () => {
      const context = canvas.getContext("2d");
      context.fillStyle = "rgb(255 128 0)";
      context.fillRect(0, 0, 320, 280);
      window.cameraDraws = requestAnimationFrame(draw);
    };
    draw();
    window.stream = canvas.captureStream();
    return window.stream;
  };
  Object.defineProperty(navigator, "mediaDevices", { value: { getUserMedia }, configurable: true });
}"""


@pytest.fixture
def page(open_page):
    return open_page("OwnPictureExplorer.html")


def file(size=(512, 300), colour="red", kind="PNG"):
    data = io.BytesIO()
    Image.new("RGB", size, colour).save(data, kind)
    return data.getvalue()


def give(page, way, data, name="picture.png"):
    page.evaluate(GIVE, [way, base64.b64encode(data).decode(), name])


def title(page):
    return page.locator(".explorer .title").first


def answers(page):
    """Return the names and shares on screen, once the network has spoken."""
    page.wait_for_function(ANSWERED)
    names = page.locator(".tracks .name").all_inner_texts()
    shares = page.locator(".tracks b").all_inner_texts()
    return [(name, float(share)) for name, share in zip(names, shares, strict=True)]


def same(found, wanted):
    assert [name for name, _ in found] == [name for name, _ in wanted]
    np.testing.assert_allclose([p for _, p in found], [p for _, p in wanted], atol=6e-4)


def test_the_network_names_what_python_names(page):
    page.get_by_role("button", name="Name it").click()
    same(answers(page), classify(photographs.load_photograph("chelsea")))
    page.get_by_role("button", name="rocket").click()
    page.wait_for_function("document.querySelector('.explorer .sentence').textContent.includes('missile')")
    same(answers(page), classify(photographs.load_photograph("rocket")))
    page.locator("[data-name=down]").press("Home")
    page.locator("[data-name=across]").press("End")
    page.wait_for_function(CORNER)
    same(answers(page), OwnPictureExplorer(photograph="rocket", down=0, across=100).names)


def test_ten_views_are_averaged_and_can_be_stopped(page):
    page.locator("[data-name=ten]").click()
    page.get_by_role("button", name="Name it").click()
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("button", name="Name it")).to_be_visible()
    place = "Ten views of rows 0 to 255, columns {} of 256 × 385: four corners and the middle, "
    views = place + "each as it is and mirrored."
    expect(page.locator(".explorer .sentence")).to_have_text(views.format("64 to 319"))
    page.locator("[data-name=across]").press("End")
    expect(page.locator(".explorer .sentence")).to_have_text(views.format("129 to 384"))
    page.locator("[data-name=across]").evaluate("(slider) => { slider.value = 50; }")
    page.locator("[data-name=across]").dispatch_event("input")
    page.get_by_role("button", name="Name it").click()
    found = answers(page)
    same(found, OwnPictureExplorer(ten=True).names)
    chapter = {"Egyptian cat": "0.56", "tabby": "0.24", "tiger cat": "0.18"}  # chapter 11 computes them
    assert {name: f"{share:.2f}" for name, share in found[:3]} == chapter
    expect(page.locator(".view .frame")).to_have_count(5)


def test_without_a_question_no_network_is_loaded(page):
    page.wait_for_function("document.querySelector('.seen canvas').width === 227")
    loaded = page.evaluate("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert any("chelsea.png" in name for name in loaded)
    assert not any("network" in name for name in loaded)


@pytest.mark.parametrize("way", ["drop", "paste", "choose"])
def test_a_picture_is_dropped_pasted_or_chosen(page, way):
    page.get_by_role("button", name="Name it").click()
    before = answers(page)
    if way == "choose":
        page.locator("input[type=file]").set_input_files(
            {"name": "picture.png", "mimeType": "image/png", "buffer": file()}
        )
    else:
        give(page, way, file())
    expect(title(page)).to_have_text("Picture yours, 256 × 437 × 3")
    page.wait_for_function(ANSWERED)
    assert answers(page) != before
    colour = page.evaluate(
        "[...document.querySelector('.seen canvas').getContext('2d').getImageData(99, 99, 1, 1).data]"
    )
    assert colour == [255, 0, 0, 255]
    page.get_by_role("button", name="coffee").click()
    expect(title(page)).to_have_text("Picture coffee, 256 × 384 × 3")


def test_what_is_refused_leaves_what_was_on_screen(page):
    give(page, "drop", file())
    expect(title(page)).to_have_text("Picture yours, 256 × 437 × 3")
    for data, words in (
        (file((1, 1)), "The picture has 1 × 1 pixels; its shorter side must have at least 32."),
        (file()[:-20], "The picture is truncated: its file ends too early."),
        (b"no picture", "This is no picture in a format that this browser reads"),
    ):
        give(page, "drop", data)
        expect(page.locator(".trouble")).to_contain_text(words)
        expect(page.locator(".trouble")).to_contain_text("What was on screen stays.")
    give(page, "drop", b"", name="")
    expect(page.locator(".trouble")).to_contain_text("What you dropped is no file.")
    give(page, "paste", b"", name="")
    expect(page.locator(".trouble")).to_contain_text("What you pasted is no picture.")
    expect(title(page)).to_have_text("Picture yours, 256 × 437 × 3")
    give(page, "drop", file((300, 300), "blue"))
    expect(title(page)).to_have_text("Picture yours, 256 × 256 × 3")
    expect(page.locator(".trouble")).to_have_text("")


def test_the_camera_gives_a_picture_and_is_closed(page):
    page.evaluate(CAMERA)
    page.get_by_role("button", name="Camera").click()
    page.wait_for_function("document.querySelector('.view video').videoWidth")
    page.get_by_role("button", name="Take the picture").click()
    expect(title(page)).to_have_text("Picture yours, 256 × 293 × 3")
    assert page.evaluate("window.stream.getTracks().every((track) => track.readyState === 'ended')")
    expect(page.locator(".view video")).to_be_hidden()
    page.evaluate("cancelAnimationFrame(window.cameraDraws)")


@pytest.mark.parametrize(
    ("error", "words"),
    [("NotAllowedError", "The camera was not allowed"), ("NotFoundError", "No camera was found.")],
)
def test_without_a_camera_it_says_so(page, error, words):
    page.evaluate(CAMERA, error)
    page.get_by_role("button", name="Camera").click()
    expect(page.locator(".trouble")).to_contain_text(words)


def test_a_drag_and_the_keys_move_the_crop(page):
    box = page.locator(".view").bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 9)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2)
    page.mouse.up()
    assert sentence(page) == "Rows 29 to 255, columns 158 to 384 of 256 × 385."
    page.locator(".view").press("Home")
    page.locator(".view").press("ArrowUp")
    assert sentence(page) == "Rows 28 to 254, columns 0 to 226 of 256 × 385."


def test_a_network_that_does_not_come_is_told_and_can_be_asked_for_again(page, open_page):
    page.route("**/squeezenet.network", lambda route: route.abort())
    page.get_by_role("button", name="Name it").click()
    expect(page.locator(".trouble")).to_contain_text("squeezenet.network did not come")
    expect(page.get_by_role("button", name="Name it")).to_be_visible()
    page.unroute("**/squeezenet.network")
    page.get_by_role("button", name="Name it").click()
    assert answers(page)[0][0] == "Egyptian cat"
    expect(page.locator(".trouble")).to_have_text("")
    (visit,) = open_page.visits
    assert visit.errors == ["console: Failed to load resource: net::ERR_FAILED"]
    visit.errors.clear()


def test_a_browser_without_workers_keeps_the_still_picture_and_says_what_is_missing(open_page):
    page = open_page("OwnPictureExplorer.html", before="delete window.Worker")
    expect(page.locator("figure.still .explorer-note")).to_contain_text("This page can start no worker")
    assert page.locator("figure img.static").is_visible()
