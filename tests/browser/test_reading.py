"""Reading the built site: where things stand, what stays when a page loads again, what needs no script."""

import re

import pytest
from helpers import EVERY_CHAPTER, HEADER, LAPTOP, PAGES, PHONE, Visit, settle
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

CHAPTER = "notebooks/02_convolution.html"
CHAPTERS = [name for name in PAGES if name.startswith("notebooks/")]
#: Adds up how far things on a page jump without the reader's doing.
SHIFTS = """window.shift = 0;
new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.shift += entry.value;
}).observe({type: "layout-shift", buffered: true});"""


@pytest.fixture(scope="module", params=CHAPTERS)
def chapter(request, browser, site):
    """A chapter, loaded once on a laptop for all tests that ask for it, in the order of this file."""
    seen = Visit(browser, site + request.param, viewport=LAPTOP)
    seen.page.reload()  # letters that came late are here for the next page
    seen.wait()
    yield seen
    seen.context.close()


def test_every_explorer_fits_a_laptop(chapter):
    for figure in chapter.page.locator(".explorer-figure").all():
        box = figure.bounding_box()
        assert box["width"] == 928
        assert box["height"] <= LAPTOP["height"] - HEADER
    assert chapter.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_explorer_takes_the_place_that_was_kept(chapter):
    """It may ask for less while nothing has been done to it: the rest is for what its controls bring."""
    for width in (1280, 820, 360):
        chapter.page.set_viewport_size({"width": width, "height": 740})
        settle(chapter.page)
        figures = chapter.page.locator(".explorer-figure").evaluate_all(
            """(figures) => figures.map((figure) => {
                const drawn = figure.offsetHeight, parts = [...figure.childNodes];
                const still = figure.querySelector(".explorer-still").cloneNode(true);
                figure.style.setProperty("--tall", "0px");
                const needed = figure.offsetHeight;
                figure.style.removeProperty("--tall");
                figure.replaceChildren(...still.childNodes);
                const kept = figure.offsetHeight;
                figure.replaceChildren(...parts);
                return { drawn, kept, needed };
            })"""
        )
        for height in figures:
            assert abs(height["drawn"] - height["kept"]) <= 20, (width, height)
            assert height["needed"] > 0.8 * height["kept"], (width, height)


@pytest.mark.parametrize("page", ["notebooks/01_images.html", "book/references.html"])
def test_the_foot_of_a_page_stands_under_its_article(visit, page):
    shown = visit(page).page
    for width in (320, 700, 1000, 1280, 1920):
        shown.set_viewport_size({"width": width, "height": 740})
        settle(shown)
        boxes = {
            part: shown.locator(part).first.bounding_box()
            for part in (".bd-article h1", ".prev-next-area", ".page-links", ".bd-footer-content p")
        }
        title = boxes.pop(".bd-article h1")
        assert {part: box["x"] for part, box in boxes.items()} == dict.fromkeys(boxes, title["x"]), width
        assert all(box["x"] + box["width"] <= width - 16 for box in boxes.values()), width


def test_an_open_answer_has_no_bar_against_its_text(visit):
    shown = visit("notebooks/01_images.html", color_scheme="dark").page
    answer = shown.locator("details.sd-dropdown").first
    answer.locator("summary").press("Enter")
    text = answer.locator(".sd-summary-content")
    expect(text).to_be_visible()
    style = text.evaluate(
        "(e) => { const s = getComputedStyle(e); return [s.borderLeftWidth, s.backgroundColor]; }"
    )
    assert style == ["0px", "rgba(0, 0, 0, 0)"]


def test_the_imports_of_a_chapter_are_folded_and_open_with_a_key(visit):
    shown = visit(CHAPTER, viewport=PHONE).page
    fold = shown.locator("details.hide").first
    summary, code = fold.locator("summary"), fold.locator("pre")
    expect(summary).to_have_text("Show the imports", use_inner_text=True)
    expect(code).to_be_hidden()
    summary.press("Enter")
    expect(code).to_be_visible()
    expect(summary).to_have_text("Hide the imports", use_inner_text=True)
    assert fold.evaluate("(e) => getComputedStyle(e).borderLeftWidth") == "0px"


@pytest.mark.parametrize("width", [390, 1100])
def test_the_contents_of_a_page_lie_on_a_ground_of_their_own(visit, width):
    shown = visit(CHAPTER, viewport={"width": width, "height": 800}, color_scheme="light").page
    contents = shown.locator(".page-toc").first
    expect(contents).to_be_hidden()
    shown.locator(".secondary-toggle").click()
    expect(contents).to_be_visible()
    grounds = set()
    for scheme in ("light", "dark"):
        shown.emulate_media(color_scheme=scheme)
        shown.wait_for_function("(scheme) => document.documentElement.dataset.theme === scheme", arg=scheme)
        settle(shown)
        page, below = shown.evaluate(
            """() => {
                const box = document.querySelector(".page-toc").closest(".bd-sidebar-secondary, dialog");
                return [document.body, box].map((element) => getComputedStyle(element).backgroundColor);
            }"""
        )
        assert page == below, scheme
        grounds.add(page)
    assert len(grounds) == 2


#: Goes down a part of the way, and tells which line is there; or, for a line, where it is now.
LINE = """([share, number]) => {
    const lines = [...document.querySelectorAll("article :is(p, li, h2, h3, .cell, summary)")];
    if (number === null) {
        const way = document.documentElement.scrollHeight - innerHeight;
        scrollTo({ top: share * way, behavior: "instant" });
        number = lines.findIndex((line) => line.checkVisibility() && line.getBoundingClientRect().top > 60);
    }
    return [number, lines[number].getBoundingClientRect().top];
}"""


def with_all_letters(route):
    """Answer a style sheet so that a page is not complete without its letters: late ones would move lines."""
    sheet = route.fetch()
    route.fulfill(response=sheet, body=re.sub(r"font-display: \w+", "font-display: block", sheet.text()))


def test_a_reload_returns_to_the_same_line(chapter):
    """On a busy machine letters may be too late for a page, which is then higher; here it waits for them."""
    shown = chapter.page
    chapter.context.route("**/course.css*", with_all_letters)
    shown.reload()
    chapter.wait()
    for width in (1280, 360):
        shown.set_viewport_size({"width": width, "height": 740})
        for share in (0.3, 0.6, 0.9):
            settle(shown)
            number, before = shown.evaluate(LINE, [share, None])
            settle(shown)
            shown.reload()
            chapter.wait()
            _, after = shown.evaluate(LINE, [share, number])
            assert abs(after - before) <= 20, (width, share)


@pytest.mark.parametrize("page", [PAGES[0], *CHAPTERS])
def test_nothing_jumps_while_a_page_loads(visit, page):
    """On a slow processor more is drawn before the page is complete, on a fast one it is complete sooner."""
    for width, slowness in ((1440, 1), (360, 4)):
        seen = visit(page, viewport={"width": width, "height": 800}, before=SHIFTS, slowness=slowness)
        assert seen.page.evaluate("window.shift") < 0.01, f"processor {slowness} times slower"
        seen.context.close()


def test_a_formula_makes_no_line_of_text_higher(visit):
    """Firefox makes a line as high as the font of a formula asks; Chromium tells what it asks."""
    shown = visit(CHAPTER).page
    asked = shown.evaluate(
        """async () => {
            await document.fonts.load('100px "Course Math"', "x");
            const context = document.createElement("canvas").getContext("2d");
            context.font = '100px "Course Math"';
            const { fontBoundingBoxAscent, fontBoundingBoxDescent } = context.measureText("x");
            return [document.fonts.check(context.font), fontBoundingBoxAscent + fontBoundingBoxDescent];
        }"""
    )
    assert asked[0]
    assert 90 <= asked[1] <= 110  # lines of text are 160 apart


@EVERY_CHAPTER
def test_page_reads_without_javascript(visit, page):
    seen = visit(page, java_script_enabled=False)
    article = seen.page.locator("article")
    assert len(article.inner_text()) > 50
    for figure in article.locator("figure[data-explorer]").all():
        picture = figure.locator("img").first
        expect(picture).to_be_visible()
        assert picture.get_attribute("alt")
        box = picture.bounding_box()
        assert box["width"] > 200
        assert box["height"] > 100
    formulas = article.locator("math:visible")
    widths = formulas.evaluate_all("(all) => all.map((formula) => formula.getBoundingClientRect().width)")
    assert all(width > 0 for width in widths)
    for answer in article.locator("details:not([open]) > summary:visible").element_handles()[:3]:
        answer.press("Enter")
        seen.page.wait_for_function("(summary) => summary.parentElement.open", arg=answer)
    assert seen.errors == []


def test_the_theme_button_changes_the_theme(visit):
    shown = visit(PAGES[0], color_scheme="light").page
    themes = set()
    for _ in range(3):
        mode = shown.evaluate("document.documentElement.dataset.mode")
        shown.locator(".theme-switch-button:visible").first.click()
        shown.wait_for_function("(mode) => document.documentElement.dataset.mode !== mode", arg=mode)
        themes.add(shown.evaluate("document.documentElement.dataset.theme"))
    assert themes == {"light", "dark"}


def test_the_chapters_open_on_a_phone(visit):
    shown = visit(PAGES[0], viewport=PHONE).page
    chapters = shown.locator(".bd-docs-nav a").first
    expect(chapters).to_be_hidden()
    shown.locator(".primary-toggle").click()
    expect(chapters).to_be_visible()
    shown.keyboard.press("Escape")
    expect(chapters).to_be_hidden()
