"""Every page of the built site in a real browser, each loaded once: `make book`, then `make test-book`.

Each test asks something of the page as the one before left it; what changes it for good comes last.
"""

import functools
import gzip
import re
from urllib.parse import unquote

import pytest
from helpers import ASSETS, AXE, AXE_IN, DESK, SITE, settle

pytestmark = pytest.mark.browser

FIRST = 350_000  # bytes that a page may transfer, compressed, before its reader does anything
HEAVIEST = 620_000  # with all that comes when the reader comes near it
PACKED = (".woff2", ".webp", ".png", ".jpg")  # no web server compresses these again
NARROW = (320, 360, 768)  # 320 px is also 400 % zoom at 1280 px


@functools.cache
def weight(name):
    """Return what a file of the site weighs when a web server compresses it."""
    body = (SITE / unquote(name)).read_bytes()
    return len(body) if name.endswith(PACKED) else len(gzip.compress(body, 9))


def test_page_loads_light_and_without_an_error_or_an_outside_request(seen):
    at_first = sorted(((weight(name), name) for name in seen.first), reverse=True)
    assert sum(size for size, _ in at_first) <= FIRST, f"the heaviest: {at_first[:8]}"
    # What loads when the reader comes near it.
    seen.page.evaluate(
        """Promise.all([...document.images].map((image) => {
            image.loading = "eager";
            return image.decode().catch(() => {});
        }))"""
    )
    weights = sorted(((weight(name), name) for name in seen.answers), reverse=True)
    assert seen.outside == []
    assert seen.errors == []
    assert sum(size for size, _ in weights) <= HEAVIEST, f"the heaviest: {weights[:8]}"
    assert seen.page.locator("h1:visible").count() == 1
    assert seen.page.title()


def test_page_never_scrolls_sideways(seen):
    for width in NARROW:
        seen.page.set_viewport_size({"width": width, "height": 740})
        settle(seen.page)
        assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
        too_wide = seen.page.evaluate(
            """(width) => {
                const scrolls = (e) => /auto|scroll|hidden/.test(getComputedStyle(e).overflowX);
                const within = (e) => e.localName !== "article" && (scrolls(e) || within(e.parentElement));
                // What stands in a closed fold keeps the place of an earlier width.
                const boxes = (e) => (e.checkVisibility() ? [...e.getClientRects()] : []);
                const beyond = (e) => boxes(e).some((box) => box.right > width + 1);
                return [...document.querySelectorAll("article *")]
                    .filter((e) => beyond(e) && !within(e.parentElement) && !e.closest("svg, math"))
                    .map((e) => e.outerHTML.slice(0, 120));
            }""",
            width,
        )
        assert too_wide == [], f"cut off at {width} px"


def test_page_is_accessible_in_both_themes(seen):
    page = seen.page
    page.set_viewport_size(DESK)
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    page.evaluate(AXE)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.wait_for_function("(scheme) => document.documentElement.dataset.theme === scheme", arg=scheme)
        settle(page)  # explorers draw again
        found = page.evaluate("(options) => axe.run(document, options)", AXE_IN[scheme])["violations"]
        told = [
            (problem["id"], problem["help"], [node["html"][:160] for node in problem["nodes"]][:5])
            for problem in found
        ]
        assert told == [], f"in the {scheme} theme"


def test_quiz_answers_and_the_page_keeps_only_it_and_the_theme(seen):
    page = seen.page
    page.locator(".theme-switch-button:visible").first.click()
    if page.locator(".quiz").count():
        option = page.locator(".quiz input").first
        option.press(" ")  # the parts of a page above it may still be growing: a click could miss it
        assert option.is_checked()
        page.locator(".quiz .check").first.press("Enter")
        page.locator(".quiz .verdict:not(:empty)").first.wait_for()
        assert page.locator(".quiz .foot").bounding_box()["height"] > 10
    assert seen.context.cookies() == []
    kept = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    ours = r"alexnet-course:(?:last|(?:quiz|score|place|answer|exercises):[\w.]+)"
    allowed = re.compile(rf"mode|theme|{ours}|sidebar-scroll-top")
    assert [key for key in kept if not allowed.fullmatch(key)] == []
    assert seen.outside == []
    assert seen.errors == []


def test_every_explorer_mounts_and_every_control_answers(seen):
    page = seen.page
    page.emulate_media(color_scheme="light", reduced_motion="no-preference")
    figures = page.locator("figure[data-explorer]").count()
    assert page.locator("figure[data-explorer] .explorer").count() == figures
    script = (ASSETS / "drive_explorer.js").read_text(encoding="utf-8").split("*/\n", 1)[1].strip()
    for slider in page.locator("figure[data-explorer] input[type=range]:visible").all()[:1]:
        before = slider.input_value()
        slider.press("ArrowRight" if before != slider.get_attribute("max") else "ArrowLeft")
        assert slider.input_value() != before
    for number in range(figures):
        driven = page.evaluate(script, number)
        assert seen.errors == []
        assert driven["silent"] == [], f"explorer {number + 1} of {figures}"
        assert driven["count"] > 0
