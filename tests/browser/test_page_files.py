"""The built pages as files: what they say of themselves, where they lead, what they leave out."""

import functools
import gzip
import re
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from helpers import EVERY_CHAPTER, EVERY_PAGE, SITE, soup
from text_fonts import CHARACTERS, FILES

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


# ---- what a page loads before it is drawn; what it weighs with all the rest is told in test_pages.py

HELD_UP = 52_000  # bytes, compressed: the text of a page, its sheet, and the script of the theme


@EVERY_PAGE
def test_little_holds_a_page_up(page):
    """One sheet and one script of 1 kB; the rest waits or comes beside them."""
    head = soup(SITE / page).head
    sheets = [link["href"] for link in head.select("link[rel=stylesheet]:not([media]):not(noscript link)")]
    scripts = [script for script in soup(SITE / page).find_all("script") if not script.has_attr("type")]
    blocking = [script["src"] for script in scripts if not script.has_attr("defer")]
    names = [urlsplit(address).path.rsplit("/", 1)[1] for address in sheets + blocking]
    assert names == ["course.css", "theme-mode.js"]
    assert len(scripts) - len(blocking) == 1  # what waits comes as one
    files = [SITE / page, *((SITE / page).parent / urlsplit(name).path for name in sheets + blocking)]
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in files) <= HELD_UP


@EVERY_PAGE
def test_explorers_hold_nothing_up(page):
    shown = soup(SITE / page)
    explorers = shown.find_all("figure", attrs={"data-explorer": True})
    assert [link["media"] for link in shown.select("link[data-later]")] == ["not all"] * bool(explorers)
    for script in shown.find_all("script", type="module"):
        assert script["fetchpriority"] == "low"
    for picture in shown.select("figure[data-explorer] > img.static"):
        assert picture["fetchpriority"] == "low"
        assert not picture["src"].startswith("data:")


#: What the fonts of the text were made from had these: Latin letters, their accents, and punctuation.
OF_TEXT = re.compile(r"[\u00a0-\u024f\u02b9-\u036f\u2010-\u205e]")


@EVERY_PAGE
def test_the_fonts_of_the_text_have_its_letters(page):
    shown = soup(SITE / page)
    for formula in shown.find_all("math"):
        formula.decompose()
    lacking = set(OF_TEXT.findall(shown.get_text())) - set(CHARACTERS)
    assert lacking == set(), "a letter that the fonts lack is added in tools/text_fonts.py"


def test_the_fonts_are_those_that_the_tool_makes():
    made = {path.name for path in (SITE / "_static" / "fonts").glob("*.woff2")}
    assert made == {*FILES, "course-math.woff2"}


#: The characters that a face lacks: with another font behind it each has another width.
LACKED = """async ([face, characters]) => {
    await document.fonts.load(face.replace("FAMILY", '"Course Serif"'));
    await document.fonts.load(face.replace("FAMILY", '"Course Sans"'));
    const pen = document.createElement("canvas").getContext("2d");
    const width = (family, other, text) => {
        pen.font = face.replace("FAMILY", `"${family}", ${other}`);
        return pen.measureText(text).width;
    };
    return ["Course Serif", "Course Sans"].map((family) => [...characters].filter(
        (one) => width(family, "monospace", one) !== width(family, "sans-serif", one)
    ).join(""));
}"""


@pytest.mark.parametrize("face", ["100px FAMILY", "600 100px FAMILY", "italic 100px FAMILY"])
def test_the_files_of_the_fonts_hold_what_the_tool_says(visit, face):
    shown = visit("book/notation.html").page
    assert shown.evaluate(LACKED, [face, CHARACTERS]) == ["", ""], "run tools/text_fonts.py"
    assert shown.evaluate(LACKED, [face, "ñ"]) == ["ñ", "ñ"]  # it would be seen


@EVERY_PAGE
def test_every_picture_keeps_its_place_before_it_is_here(page):
    pictures = soup(SITE / page).select("article img")
    assert [picture for picture in pictures if not (picture.get("width") and picture.get("height"))] == []


@EVERY_PAGE
def test_the_letters_of_the_first_screen_are_asked_for_at_once(page):
    """The bold and the italic ones are made of the regular ones, where theirs are late, and never swapped."""
    shown = soup(SITE / page)
    links = shown.select("link[as=font]")
    asked = [urlsplit(link["href"]).path.rsplit("/", 1)[1] for link in links]
    css = (SITE / "_static" / "course.css").read_text(encoding="utf-8")
    faces = dict(re.findall(r'@font-face\{[^}]*url\("fonts/([^"]+)"\)[^}]*font-display: (\w+)', css))
    idle = {name for name, kind in (("600-normal", "strong"), ("400-italic", "em")) if not shown.find(kind)}
    wanted = {name for name in faces if faces[name] == "optional"}
    assert sorted(asked) == sorted(name for name in wanted if not any(kind in name for kind in idle))
    assert faces.pop("course-math.woff2") == "fallback"
    assert set(faces.values()) == {"optional"}
    family, made = re.search(r'--serif: "([^"]+)", "([^"]+)"', css).groups()
    regular = re.search(rf'@font-face\{{font-family: "{made}"; src: url\("fonts/([^"]+)"\)[^}}]*\}}', css)
    assert made == f"{family} Regular"
    assert regular[1] in asked
    assert "font-weight" not in regular[0]
