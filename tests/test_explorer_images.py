"""The images explorer: in Python, and in a real browser."""

import importlib.util
import json
import pathlib

import numpy as np
import pytest
from explorer_harness import page as page_of
from explorer_harness import serve

from alexnet_course.data.photographs import MEAN_COLOUR, load_photograph
from alexnet_course.explorers import ImagesExplorer
from alexnet_course.explorers.images import thumbnail

ROOT = pathlib.Path(__file__).parents[1]


def test_the_thumbnail_is_what_its_script_writes():
    place = ROOT / "tools/explorer_thumbnail.py"
    spec = importlib.util.spec_from_file_location("explorer_thumbnail", place)
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    assert script.FILE.read_text(encoding="utf-8") == script.written()
    image, mean = thumbnail()
    np.testing.assert_array_equal(image, script.thumbnail())
    assert mean.tolist() == list(MEAN_COLOUR)
    first = load_photograph("chelsea")[:4, :4].mean(axis=(0, 1))
    np.testing.assert_allclose(image[0, 0], first, atol=0.5)


def test_it_starts_with_a_mirrored_crop_less_the_mean():
    explorer = ImagesExplorer()
    expected = explorer.photograph[4:60, 20:76][:, ::-1] - np.array(MEAN_COLOUR)
    np.testing.assert_allclose(explorer.output, expected)
    assert explorer.places == 9 * 41


def test_mirror_and_mean_can_be_switched_off():
    explorer = ImagesExplorer(mirror=False, mean=False)
    np.testing.assert_array_equal(explorer.output, explorer.photograph[4:60, 20:76])


def test_a_place_past_the_last_one_is_the_last_one():
    explorer = ImagesExplorer(row=56, column=88, size=64, mirror=False)
    assert explorer.place == (0, 32)
    assert explorer.output.shape == (64, 64, 3)
    assert explorer.places == 33
    assert explorer._sentence().startswith("Rows 0 to 63, columns 32 to 95; the mean colour is subtracted.")


@pytest.mark.browser
def test_the_page_computes_what_numpy_does(browser):
    rng = np.random.default_rng(0)
    explorers = [
        ImagesExplorer(
            row=int(rng.integers(57)), column=int(rng.integers(89)), size=int(rng.integers(8, 65)),
            mirror=bool(rng.integers(2)), mean=bool(rng.integers(2)),
        )
        for _ in range(60)
    ]  # fmt: skip
    code = """async (states) => {
      const m = await import('/_static/kit/maths.js'), { THUMBNAIL } = await import('/_static/thumbnail.js');
      const photograph = m.pixelRows(THUMBNAIL);
      return JSON.stringify(states.map((s) => [m.cropPlace(photograph, s),
        m.channels(m.crop(photograph, s), s.mean ? THUMBNAIL.mean : [0, 0, 0])]));
    }"""
    with serve({"page.html": page_of(ImagesExplorer())}) as address:
        page = browser.new_page()
        page.goto(address + "page.html")
        found = json.loads(page.evaluate(code, [explorer._state() for explorer in explorers]))
        for explorer, (place, maps) in zip(explorers, found, strict=True):
            assert (place["row"], place["column"]) == explorer.place
            np.testing.assert_allclose(np.moveaxis(maps, 0, -1), explorer.output, rtol=0, atol=1e-9)

        # the page itself: a drag, a key, and what a larger crop does to its place
        page.locator(".explorer .sentence:not(:empty)").wait_for()
        box = page.locator(".map").first.bounding_box()
        page.mouse.click(box["x"] + box["width"] - 2, box["y"] + box["height"] - 2)
        page.wait_for_function(
            "document.querySelector('.sentence').textContent"
            ".startsWith('Rows 8 to 63, columns 40 to 95, left and right exchanged')"
        )
        page.locator(".map").first.press("ArrowUp")
        page.locator(".map").first.press("Home")
        page.wait_for_function(
            "document.querySelector('.sentence').textContent.startsWith('Rows 7 to 62, columns 0')"
        )
        page.locator("[data-name=size]").press("End")
        page.wait_for_function("document.querySelector('.sentence').textContent.startsWith('Rows 0 to 63')")
        assert page.locator("[data-name=row]").get_attribute("max") == "0"
        page.locator("[data-name=mean]").click()
        page.wait_for_function(
            "document.querySelector('.sentence').textContent.includes('nothing is subtracted')"
        )
        page.close()
