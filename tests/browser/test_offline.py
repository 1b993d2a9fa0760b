"""The zip of the site, unpacked and opened by double-click: from a file's address, without a network."""

import pathlib
import re
import zipfile
from urllib.parse import unquote, urlsplit

import offline
import pytest
from helpers import PAGES, PATIENCE, SITE, settle
from playwright.sync_api import expect

from alexnet_course.practice import quizzes

ZIP = SITE / f"{offline.NAME}.zip"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The unpacked zip, in a folder with a blank and a letter beyond ASCII in its name."""
    if not ZIP.is_file():
        pytest.fail("The zip is not made: run `make book` before `make test-book`.", pytrace=False)
    place = tmp_path_factory.mktemp("my courses é")
    with zipfile.ZipFile(ZIP) as archive:
        archive.extractall(place)
    return place / offline.NAME


class Visit:
    """One page opened from the disk; nothing may be asked of a network."""

    def __init__(self, browser, path, **options):
        self.errors = []
        self.context = browser.new_context(offline=True, **options)
        self.context.set_default_timeout(1000 * PATIENCE)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        self.page.on("console", lambda line: self.errors.append(line.text) if line.type == "error" else None)
        self.page.on("requestfailed", self.note_failure)
        self.page.on("request", self.refuse_others)
        self.page.goto(path.as_uri(), wait_until="load")
        self.page.evaluate("dispatchEvent(new Event('scroll'))")  # whereupon all explorers come

    def note_failure(self, request):
        """Note a file that could not be read; one that a new page cut short is no fault."""
        if request.failure != "net::ERR_ABORTED":
            self.errors.append(f"{request.failure}: {request.url}")

    def refuse_others(self, request):
        """Note whatever is neither a file nor data."""
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.errors.append(f"outside: {request.url}")


@pytest.fixture
def visit(browser, folder):
    """Return a function that opens a page of the unpacked zip."""
    visits = []

    def start(page, **options):
        visits.append(Visit(browser, folder / page, **options))
        return visits[-1]

    yield start
    for opened in visits:
        opened.context.close()


def answers(figure):
    """Press a key on the explorer's first slider, free button or map; wait until it changed."""
    look = """(figure) => figure.innerHTML
        + [...figure.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()).join()"""
    expect(figure.locator(".explorer")).to_have_count(1)
    before = figure.evaluate(look)
    slider = figure.locator("input[type=range]:visible").first
    button = figure.locator("button:not([aria-pressed=true], [aria-disabled=true]):visible").first
    if slider.count():
        slider.press("ArrowLeft" if slider.input_value() == slider.get_attribute("max") else "ArrowRight")
    elif button.count():
        button.press("Enter")
    else:
        figure.locator(".map[tabindex]:visible").first.press("ArrowRight")
    figure.page.wait_for_function(
        f"([figure, before]) => ({look})(figure) !== before", arg=[figure.element_handle(), before]
    )


@pytest.mark.browser
@pytest.mark.parametrize("page", [*PAGES, "search.html"])
def test_page_opens_from_a_file_and_its_explorers_answer(visit, page):
    seen = visit(page)
    figures = seen.page.locator("figure[data-explorer]").count()
    expect(seen.page.locator("figure[data-explorer] .explorer")).to_have_count(figures)
    assert (
        seen.page.evaluate(
            "document.fonts.ready.then((fonts) => [...fonts].filter((f) => f.status === 'error').length)"
        )
        == 0
    )
    seen.page.mouse.wheel(0, 100_000)
    for number in range(figures):
        answers(seen.page.locator("figure[data-explorer]").nth(number))
    assert seen.errors == []


@pytest.mark.browser
def test_the_double_click_opens_the_first_page(visit):
    seen = visit("index.html")
    answers(seen.page.locator("figure[data-explorer]").first)
    assert seen.errors == []
    links = seen.page.locator("a[href]").evaluate_all("(links) => links.map((link) => link.href)")
    inside = {link.split("#")[0].split("?")[0] for link in links if link.startswith("file:")}
    missing = [link for link in inside if not pathlib.Path(unquote(urlsplit(link).path)).is_file()]
    assert len(inside) > 15
    assert missing == []


@pytest.mark.browser
def test_the_letters_are_those_that_the_zip_has(visit):
    page = visit("notebooks/13_training.html").page
    page.wait_for_function("document.fonts.status === 'loaded'")
    settle(page)
    asked = page.context.new_cdp_session(page)
    asked.send("DOM.enable")
    asked.send("CSS.enable")
    root = asked.send("DOM.getDocument")["root"]["nodeId"]
    for text in ("article h1", "article p", ".bd-sidebar-primary a"):
        node = asked.send("DOM.querySelector", {"nodeId": root, "selector": text})["nodeId"]
        fonts = asked.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert {font["isCustomFont"] for font in fonts} == {True}, (text, fonts)


@pytest.mark.browser
def test_a_quiz_answers_from_a_file(visit):
    quiz = quizzes.load("02_convolution")
    right = "ABCD"[[option.right for option in quiz.questions[0].options].index(True)]
    seen = visit("notebooks/02_convolution.html")
    question = seen.page.locator(".quiz fieldset").first
    question.locator(f"input[value={right}]").press(" ")
    question.get_by_role("button", name="Check").press("Enter")
    expect(question).to_have_attribute("data-verdict", "right")
    assert seen.errors == []


@pytest.mark.browser
def test_an_exercise_with_code_says_from_a_file_that_python_cannot_start(visit):
    seen = visit("notebooks/06_pooling.html")
    code = seen.page.locator(".exercise[data-code] .code")
    expect(code.first).to_have_text(
        re.compile("starts no Python .* opened from a file: .* in the notebook.$")
    )
    assert seen.page.locator(".exercise[data-code] button").count() == 0
    assert seen.page.locator(".cell:has(+ .exercise[data-code]):visible").count() == code.count()
    assert seen.errors == []


@pytest.mark.browser
def test_the_search_finds_chapters_from_a_file(visit):
    seen = visit("search.html")
    seen.page.goto(seen.page.url + "?q=convolution")
    first = seen.page.locator(".search-results a").first
    expect(first).to_have_attribute("href", re.compile("notebooks/02_convolution.html"))
    first.click()
    seen.page.wait_for_url(lambda address: "search.html" not in address)
    expect(seen.page.locator("section mark").first).to_be_visible()
    expect(seen.page.locator("h1:visible")).to_have_count(1)
    assert seen.errors == []


@pytest.mark.browser
def test_a_file_without_javascript_shows_pictures_formulas_and_answers(visit):
    seen = visit("notebooks/02_convolution.html", java_script_enabled=False)
    picture = seen.page.locator("figure[data-explorer] img").first
    assert picture.bounding_box()["width"] > 200
    assert picture.get_attribute("alt")
    assert seen.page.locator("math:visible").first.bounding_box()["width"] > 0
    answer = seen.page.locator(".quiz details").first
    expect(answer.locator("li").first).to_be_hidden()
    answer.locator("summary").press("Enter")
    expect(answer.locator("li.right").first).to_be_visible()
    assert seen.errors == []
