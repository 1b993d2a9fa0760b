"""What the built site asks of a host and a browser: its security headers, no traces, the lost page, paper."""

import re
import urllib.request
from urllib.error import HTTPError
from urllib.parse import urljoin

import bs4
import pytest
from helpers import EVERY_CHAPTER, EVERY_PAGE, SITE, soup

pytestmark = pytest.mark.browser

POLICY = "Content-Security-Policy"
CHAPTER = "notebooks/06_pooling.html"


# ---- the Content-Security-Policy: make serve sends it, so every test of this folder runs under it ----


@EVERY_PAGE
def test_no_page_asks_the_browser_to_fetch_another_ahead(page):
    """Firefox would, and the policy forbids it: an error on every page."""
    assert soup(SITE / page).find_all("link", rel=["next", "prev", "prefetch", "prerender"]) == []


@pytest.mark.parametrize("path", ["", "index.html", "book/intro.html", CHAPTER, "search.html"])
def test_every_page_is_sent_with_the_strict_policy(site, path):
    with urllib.request.urlopen(site + path) as answer:
        policies = answer.headers.get_all(POLICY)
    assert len(policies) == 1
    rules = dict(rule.split(" ", 1) for rule in policies[0].split("; "))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert "unsafe" not in policies[0]


@EVERY_PAGE
def test_page_needs_nothing_that_the_policy_forbids(site, page):
    shown = soup(SITE / page)
    inline = [script for script in shown.find_all("script") if not script.get("src")]
    styled = shown.find_all("style") + shown.find_all(style=True)
    handlers = [
        (name, element.name)
        for element in shown.find_all(True)
        for name in element.attrs
        if name.startswith("on")
    ]
    addresses = [element.get("href", "") for element in shown.find_all(href=True)]
    assert inline + styled + handlers == []
    assert [address for address in addresses if address.strip().lower().startswith("javascript:")] == []


def test_the_browser_enforces_the_policy(visit):
    """Without this the other tests could pass because nothing is enforced."""
    seen = visit(CHAPTER)
    assert seen.errors == []
    seen.page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))"
    )
    seen.page.evaluate("document.body.setAttribute('style', 'color: red')")
    seen.page.wait_for_timeout(100)
    assert seen.page.evaluate("window.ran") is None
    assert any("script-src" in error for error in seen.errors)
    assert any("style-src" in error for error in seen.errors)


@EVERY_CHAPTER
def test_explorers_and_quiz_answer_under_the_policy(visit, page):
    seen = visit(page)
    shown = seen.page
    for button in shown.locator("figure[data-explorer] button:visible:enabled").all()[:3]:
        button.press("Enter")
    if shown.locator(".quiz").count():
        shown.locator(".quiz input").first.press(" ")
        shown.locator(".quiz .check").first.press("Enter")
        assert shown.locator(".quiz .verdict").first.inner_text()
        assert shown.locator(".quiz .foot").bounding_box()["height"] > 10
    assert seen.errors == []


# ---- no traces ----


@EVERY_CHAPTER
def test_page_sets_no_cookie_and_keeps_only_the_theme_and_the_quiz(visit, page):
    seen = visit(page)
    seen.page.locator(".theme-switch-button:visible").first.click()
    for check in seen.page.locator(".quiz input").all()[:1]:
        check.press(" ")  # the parts of a page above it may still be growing: a click could miss it
        assert check.is_checked()
    assert seen.context.cookies() == []
    kept = seen.page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    strange = [
        key for key in kept if not re.fullmatch(r"mode|theme|alexnet-course:quiz:\w+|sidebar-scroll-top", key)
    ]
    assert strange == []
    assert seen.outside == []


def test_where_storage_is_refused_the_page_works_and_says_what_it_forgets(visit, site):
    seen = visit("search.html?q=pooling", refuse_storage=True)
    seen.page.wait_for_selector("#search-results li a")
    seen.page.goto(site + CHAPTER)
    before = seen.page.evaluate("document.documentElement.dataset.mode")
    seen.page.locator(".theme-switch-button:visible").first.click()
    assert seen.page.evaluate("document.documentElement.dataset.mode") != before
    seen.page.locator(".quiz input").first.press(" ")
    seen.page.locator(".quiz .check").first.press("Enter")
    assert "does not keep your answers" in seen.page.locator(".quiz .foot").first.inner_text()
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
    for fold in shown.locator("article details").all():
        assert fold.get_attribute("open") is None
        assert fold.bounding_box()["height"] > fold.locator("summary").bounding_box()["height"] + 10
    shown.evaluate("dispatchEvent(new Event('afterprint'))")
    assert shown.evaluate("document.documentElement.dataset.theme") == "dark"


def test_the_print_button_asks_for_paper(visit):
    shown = visit(CHAPTER).page
    shown.evaluate("window.print = () => { window.asked = true; }")
    shown.get_by_role("button", name="Print or save as PDF").click()
    assert shown.evaluate("window.asked") is True
