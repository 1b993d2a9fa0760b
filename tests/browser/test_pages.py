"""The built site in a real browser: `make book`, then `make test-book`.

Serves _build/html on loopback, lets no request leave the machine, and looks at every page of _toc.yml.
"""

import functools
import re
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from helpers import ASSETS, EVERY_CHAPTER, EVERY_PAGE, PAGES, SITE, soup

pytestmark = pytest.mark.browser

HEAVIEST = 600_000  # bytes a page may transfer on a first visit, compressed
CHAPTER = "notebooks/02_convolution.html"
PHONE = {"width": 360, "height": 740}
NARROW = (320, 360, 768)  # 320 px is also 400 % zoom at 1280 px


@EVERY_PAGE
def test_page_loads_light_and_without_an_error_or_an_outside_request(visit, page):
    seen = visit(page)
    # What loads when the reader comes near it counts, too.
    seen.page.evaluate(
        """Promise.all([...document.images].map((image) => {
            image.loading = "eager";
            return image.decode().catch(() => {});
        }))"""
    )
    weight, heaviest = sum(seen.bytes.values()), sorted(seen.bytes.items(), key=lambda item: -item[1])[:8]
    assert seen.outside == []
    assert seen.errors == []
    assert weight <= HEAVIEST, f"{weight} bytes; the heaviest: {heaviest}"
    assert seen.page.locator("h1:visible").count() == 1
    assert seen.page.title()


@pytest.mark.parametrize("width", [320, 700, 1000, 1280, 1920])
@pytest.mark.parametrize("page", ["notebooks/01_images.html", "book/references.html"])
def test_the_foot_of_a_page_stands_under_its_article(visit, page, width):
    shown = visit(page, viewport={"width": width, "height": 740}).page
    boxes = {
        part: shown.locator(part).first.bounding_box()
        for part in (".bd-article h1", ".prev-next-area", ".page-links", ".bd-footer-content p")
    }
    title = boxes.pop(".bd-article h1")
    assert {part: box["x"] for part, box in boxes.items()} == dict.fromkeys(boxes, title["x"])
    assert all(box["x"] + box["width"] <= width - 16 for box in boxes.values())


def test_an_open_answer_has_no_bar_against_its_text(visit):
    shown = visit("notebooks/01_images.html", color_scheme="dark").page
    answer = shown.locator("details.sd-dropdown").first
    answer.locator("summary").press("Enter")
    text = answer.locator(".sd-summary-content")
    style = text.evaluate(
        "(e) => { const s = getComputedStyle(e); return [s.borderLeftWidth, s.backgroundColor]; }"
    )
    assert style == ["0px", "rgba(0, 0, 0, 0)"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_imports_of_a_chapter_are_folded_and_open_with_a_key(visit, scheme):
    shown = visit(CHAPTER, viewport=PHONE, color_scheme=scheme).page
    fold = shown.locator("details.hide").first
    summary, code = fold.locator("summary"), fold.locator("pre")
    assert summary.inner_text() == "Show the imports"
    assert not code.is_visible()
    summary.press("Enter")
    code.wait_for()
    assert summary.inner_text() == "Hide the imports"
    assert fold.evaluate("(e) => getComputedStyle(e).borderLeftWidth") == "0px"


@pytest.mark.parametrize("width", [390, 1100])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_contents_of_a_page_lie_on_a_ground_of_their_own(visit, width, scheme):
    shown = visit(CHAPTER, viewport={"width": width, "height": 800}, color_scheme=scheme).page
    contents = shown.locator(".page-toc").first
    assert not contents.is_visible()
    shown.locator(".secondary-toggle").click()
    contents.wait_for()
    grounds = shown.evaluate(
        """() => [document.body, document.querySelector(".page-toc").closest(".bd-sidebar-secondary, dialog")]
            .map((element) => getComputedStyle(element).backgroundColor)"""
    )
    assert grounds[0] == grounds[1]


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("page", [CHAPTER, "notebooks/06_pooling.html"])
def test_a_reload_returns_to_the_same_line(visit, page, width):
    shown = visit(page, viewport={"width": width, "height": 800}).page
    exercise = shown.locator("article strong", has_text=re.compile(r"^\d\d\.3 ")).first
    exercise.evaluate("(line) => line.scrollIntoView()")
    before = exercise.bounding_box()["y"]
    shown.reload(wait_until="networkidle")
    assert abs(exercise.bounding_box()["y"] - before) < 40


@pytest.mark.parametrize(
    ("page", "width"), [(PAGES[0], 1440), (CHAPTER, 1440), ("notebooks/06_pooling.html", 390)]
)
def test_nothing_jumps_while_a_page_loads(browser, site, page, width):
    """Ten loads, every other one on a slow processor, where more is drawn before the page is complete."""
    shifts = []
    for load in range(10):
        context = browser.new_context(viewport={"width": width, "height": 800})
        shown = context.new_page()
        shown.add_init_script(
            """window.shift = 0;
            new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) window.shift += entry.value;
            }).observe({type: "layout-shift", buffered: true});"""
        )
        if load % 2:
            context.new_cdp_session(shown).send("Emulation.setCPUThrottlingRate", {"rate": 4})
        shown.goto(site + page, wait_until="networkidle")
        shifts.append(shown.evaluate("window.shift"))
        context.close()
    assert max(shifts) < 0.01, shifts


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
def test_page_says_what_it_is_about(page):
    described = soup(SITE / page).find("meta", attrs={"name": "description"})
    assert described, "a page needs a first paragraph, or myst: html_meta: description"
    assert 20 <= len(described["content"]) <= 300
    assert soup(SITE / page).find("meta", property="og:title")["content"]


@EVERY_PAGE
def test_page_is_accessible_in_both_themes(visit, page):
    # axe comes from outside, which the page's own policy forbids
    shown = visit(page, color_scheme="light", bypass_csp=True).page
    shown.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    shown.add_script_tag(path=ASSETS / "axe" / "axe.min.js")
    for scheme in ("light", "dark"):
        shown.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        shown.wait_for_function("(scheme) => document.documentElement.dataset.theme === scheme", arg=scheme)
        shown.wait_for_timeout(100)  # explorers draw again
        found = shown.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        grave = [
            (problem["id"], problem["help"], [node["html"][:160] for node in problem["nodes"]][:5])
            for problem in found
            if problem["impact"] in ("serious", "critical")
        ]
        assert grave == [], f"in the {scheme} theme"


@EVERY_PAGE
def test_page_never_scrolls_sideways(visit, page):
    shown = visit(page, viewport=PHONE).page
    for width in NARROW:
        shown.set_viewport_size({"width": width, "height": PHONE["height"]})
        shown.wait_for_timeout(100)
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
        too_wide = shown.evaluate(
            """(width) => {
                const scrolls = (e) => /auto|scroll|hidden/.test(getComputedStyle(e).overflowX);
                const within = (e) => e.localName !== "article" && (scrolls(e) || within(e.parentElement));
                const beyond = (e) => [...e.getClientRects()].some((box) => box.right > width + 1);
                return [...document.querySelectorAll("article *")]
                    .filter((e) => beyond(e) && !within(e.parentElement) && !e.closest("svg, math"))
                    .map((e) => e.outerHTML.slice(0, 120));
            }""",
            width,
        )
        assert too_wide == [], f"cut off at {width} px"


@EVERY_CHAPTER
def test_page_reads_without_javascript(visit, page):
    seen = visit(page, java_script_enabled=False)
    assert seen.errors == []
    article = seen.page.locator("article")
    assert len(article.inner_text()) > 50
    for figure in article.locator("figure[data-explorer]").all():
        picture = figure.locator("img").first
        assert picture.is_visible()
        assert picture.get_attribute("alt")
        box = picture.bounding_box()
        assert box["width"] > 200
        assert box["height"] > 100
    for formula in article.locator("math:visible").all()[:20]:
        assert formula.bounding_box()["width"] > 0
    folded = article.locator("details:not([open]) > summary:visible")
    for answer in folded.element_handles()[:3]:
        answer.press("Enter")
        assert answer.evaluate("(summary) => summary.parentElement.open")


@EVERY_CHAPTER
def test_every_explorer_mounts_and_every_control_answers(visit, page):
    seen = visit(page)
    figures = seen.page.locator("figure[data-explorer]").count()
    assert seen.page.locator("figure[data-explorer] .explorer").count() == figures
    script = (ASSETS / "drive_explorer.js").read_text(encoding="utf-8").split("*/\n", 1)[1].strip()
    for slider in seen.page.locator("figure[data-explorer] input[type=range]:visible").all()[:1]:
        before = slider.input_value()
        slider.press("ArrowRight" if before != slider.get_attribute("max") else "ArrowLeft")
        assert slider.input_value() != before
    for number in range(figures):
        window = visit(page)
        driven = window.page.evaluate(script, number)
        assert window.errors == []
        assert driven["silent"] == [], f"explorer {number + 1} of {figures}"
        assert driven["count"] > 0


def test_the_theme_button_changes_the_theme(visit):
    shown = visit(PAGES[0], color_scheme="light").page
    themes = set()
    for _ in range(3):
        shown.locator(".theme-switch-button:visible").first.click()
        themes.add(shown.evaluate("document.documentElement.dataset.theme"))
    assert themes == {"light", "dark"}


def test_the_search_finds_a_word_of_the_text(visit):
    shown = visit(PAGES[0]).page
    shown.locator(".search-button__button:visible").first.click()
    shown.locator("#pst-search-dialog input").fill("translation invariant")  # in the middle of chapter 6
    shown.locator("#pst-search-dialog input").press("Enter")
    shown.wait_for_selector("#search-results li a")
    assert "search.html?q=translation+invariant" in shown.url
    found = shown.locator("#search-results li a", has_text="Max pooling").first
    summary = found.locator("xpath=ancestor::li").locator(".context")  # is fetched after the title
    summary.wait_for()
    assert "translation invariant" in summary.inner_text()
    found.click()
    shown.wait_for_url("**/notebooks/06_pooling.html*")


def test_the_chapters_open_on_a_phone(visit):
    shown = visit(PAGES[0], viewport=PHONE).page
    chapters = shown.locator(".bd-docs-nav a").first
    assert not chapters.is_visible()
    shown.locator(".primary-toggle").click()
    assert chapters.is_visible()
    shown.keyboard.press("Escape")
    chapters.wait_for(state="hidden")


@functools.cache
def anchors(file):
    """Return every id of a built page."""
    return {element["id"] for element in soup(file).find_all(id=True)}


@EVERY_PAGE
def test_every_internal_link_leads_somewhere(site, page):
    broken = []
    for element in soup(SITE / page).find_all(["a", "link", "img", "script", "source"]):
        target = element.get("href") or element.get("src")
        if not target or urlsplit(target).scheme:
            continue
        address, anchor = urldefrag(urljoin("/" + page, target))
        file = SITE / unquote(urlsplit(address).path).lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        whole_page = not anchor or file.suffix != ".html"
        if not file.is_file() or not (whole_page or unquote(anchor) in anchors(file)):
            broken.append(target)
    assert broken == []
