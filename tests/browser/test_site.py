"""What the built site asks of a host and a browser: its security headers, no traces, the lost page, paper."""

import urllib.request
from urllib.error import HTTPError
from urllib.parse import urljoin

import bs4
import pytest
from helpers import settle
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

POLICY = "Content-Security-Policy"
CHAPTER = "notebooks/06_pooling.html"
# As a browser does whose owner blocks the data of sites.
REFUSE_STORAGE = """
const get = () => { throw new DOMException("Access is denied for this document.", "SecurityError"); };
for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, { get, configurable: true });
}"""


# ---- the Content-Security-Policy: make serve sends it, so every test of this folder runs under it ----


@pytest.mark.parametrize("path", ["", "index.html", "book/intro.html", CHAPTER, "search.html"])
def test_every_page_is_sent_with_the_strict_policy(site, path):
    with urllib.request.urlopen(site + path) as answer:
        policies = answer.headers.get_all(POLICY)
    assert len(policies) == 1
    rules = dict(rule.split(" ", 1) for rule in policies[0].split("; "))
    assert rules["default-src"] == "'none'"
    # A worker compiles multiply.wat; nothing runs text.
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval'"
    assert rules["style-src"] == rules["connect-src"] == "'self'"
    assert rules["worker-src"] == "'self' blob:"
    assert policies[0].count("unsafe") == 1


def test_the_browser_enforces_the_policy(visit):
    """Without this the other tests could pass because nothing is enforced."""
    seen = visit(CHAPTER)
    assert seen.errors == []
    seen.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    )
    seen.page.evaluate("document.body.setAttribute('style', 'color: red')")
    while not all(any(rule in error for error in seen.errors) for rule in ("script-src", "style-src")):
        seen.page.wait_for_event("console")
    assert seen.page.evaluate("window.ran") is None


# ---- no traces ----


def test_where_storage_is_refused_the_page_works_and_says_what_it_forgets(visit, site):
    seen = visit("search.html?q=pooling", before=REFUSE_STORAGE)
    seen.page.wait_for_selector(".search-results a")
    seen.page.goto(site + CHAPTER)
    seen.wait()
    before = seen.page.evaluate("document.documentElement.dataset.mode")
    seen.page.locator(".theme-switch-button:visible").first.click()
    seen.page.wait_for_function("(mode) => document.documentElement.dataset.mode !== mode", arg=before)
    seen.page.locator(".quiz input").first.press(" ")
    seen.page.locator(".quiz .check").first.press("Enter")
    expect(seen.page.locator(".quiz .foot").first).to_contain_text("does not keep your answers")
    assert seen.errors == []


# ---- lost readers ----


@pytest.mark.parametrize("path", ["nowhere", "notebooks/99_nothing.html", "a/b/c/d.html?x=1"])
def test_a_lost_reader_sees_the_way_back(site, path):
    with pytest.raises(HTTPError) as error:
        urllib.request.urlopen(site + path)
    assert error.value.code == 404
    lost = bs4.BeautifulSoup(error.value.read(), "html.parser")
    assert lost.h1.get_text() == "No such page"
    for element in lost.find_all(["a", "link", "script", "img"]):
        target = element.get("href") or element.get("src") or "#"
        if target.startswith(("#", "https:")):
            continue
        with urllib.request.urlopen(urljoin(site + path, target)) as answer:
            assert answer.status == 200


# ---- paper ----


def test_a_chapter_on_paper(visit):
    shown = visit(CHAPTER, color_scheme="dark").page
    shown.emulate_media(media="print", color_scheme="dark")
    shown.evaluate("dispatchEvent(new Event('beforeprint'))")
    settle(shown)
    assert shown.evaluate("document.documentElement.dataset.theme") == "light"
    assert shown.locator("article h1").is_visible()
    for hidden in (
        ".bd-sidebar-primary",
        ".bd-header-article",
        ".prev-next-footer",
        "figure .explorer",
        ".quiz .check",
    ):
        assert shown.locator(hidden).count() > 0
        assert shown.locator(f"{hidden}:visible").count() == 0, hidden
    for figure in shown.locator("figure[data-explorer]").all():
        assert figure.locator("img").is_visible()
        assert figure.locator("figcaption").is_visible()
    assert shown.locator(".exercise:visible").count() == 0  # hints are for the screen
    for fold in shown.locator("article details:not(.exercise details, .network-map details)").all():
        assert fold.get_attribute("open") is None
        summary = fold.locator("summary").bounding_box()  # an answer at the end has none
        assert fold.bounding_box()["height"] > (summary["height"] if summary else 0) + 10
    shown.evaluate("dispatchEvent(new Event('afterprint'))")
    assert shown.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_print_button_asks_for_paper(visit):
    shown = visit(CHAPTER).page
    shown.evaluate("window.print = () => { window.asked = true; }")
    shown.get_by_role("button", name="Print or save as PDF").click()
    shown.wait_for_function("window.asked")
