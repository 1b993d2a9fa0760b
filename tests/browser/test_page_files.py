"""The built pages as files: what they say of themselves, where they lead, what they leave out."""

import functools
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from helpers import EVERY_CHAPTER, EVERY_PAGE, SITE, soup

pytestmark = pytest.mark.browser


@EVERY_CHAPTER
def test_page_says_what_it_is_about(site, page):
    described = soup(SITE / page).find("meta", attrs={"name": "description"})
    assert described, "a page needs a first paragraph, or myst: html_meta: description"
    assert 20 <= len(described["content"]) <= 300
    assert soup(SITE / page).find("meta", property="og:title")["content"]


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


@EVERY_PAGE
def test_no_page_asks_the_browser_to_fetch_another_ahead(site, page):
    """Firefox would, and the policy forbids it: an error on every page."""
    assert soup(SITE / page).find_all("link", rel=["next", "prev", "prefetch", "prerender"]) == []


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


@EVERY_PAGE
def test_page_carries_the_policy_of_the_site_itself(site, page):
    """A host may send no headers, and a reader's picture must not leave there either."""
    headers = (SITE / "_headers").read_text(encoding="utf-8")
    sent = headers.split("/\n  Content-Security-Policy: ", 1)[1].split("\n")[0]
    metas = soup(SITE / page).find_all("meta", attrs={"http-equiv": "Content-Security-Policy"})
    assert [meta["content"] for meta in metas] == [sent.removesuffix("; frame-ancestors 'self'")]
    assert "connect-src 'self';" in metas[0]["content"]
