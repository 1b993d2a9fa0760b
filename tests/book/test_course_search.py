"""What the search looks through: the sections of the pages, and what each defines."""

import pkgutil
import tomllib

import course_search
import pytest
from course_chapters import documents
from helpers import ROOT

import alexnet_course

PAGE = """<article><section id="pools"><h1>Pools<a class="headerlink">#</a></h1>
<p>A <strong>map</strong> shrinks.</p><p>It does.</p>
<figure data-explorer="pooling" data-state="{}"><img alt=""></figure><fieldset>A wrong option</fieldset>
<section id="ties"><h2>Ties</h2><p>The first of 3,025 wins.</p></section></section></article>"""
GLOSSARY = """<article><section id="glossary"><h1>Glossary</h1><dl>
<dt>map</dt><dd>Responses. <a href="../notebooks/06_pooling.html">chapter 6</a></dd>
<dt>feature map</dt><dd>See <em>map</em>.</dd></dl></section></article>"""


@pytest.fixture
def found():
    """What the search makes of a chapter, the glossary and a page of the library."""
    pages = {"notebooks/06_pooling": PAGE, "book/glossary": GLOSSARY, "book/api/pooling": PAGE}
    words = {"subsampling": "pool", "shrinking": ["map", "pool"]}
    return course_search.data(pages, words, {"book/glossary": 0.7})


def test_a_section_has_its_own_text_alone(found):
    pools, ties = found["sections"][:2]
    assert (pools["address"], pools["heading"], pools["text"]) == (
        "notebooks/06_pooling.html#pools",
        "Pools",
        "A map shrinks. It does.",
    )
    assert (ties["page"], ties["heading"], ties["text"]) == ("Pools", "Ties", "The first of 3,025 wins.")


def test_the_glossary_says_where_a_term_is_defined_and_where_a_word_leads(found):
    assert [entry["defines"] for entry in found["sections"][:2]] == ["map", ""]
    leads = [["feature map", "map"], ["subsampling", "pool"], ["shrinking", "map"], ["shrinking", "pool"]]
    assert found["synonyms"] == leads


def test_the_library_comes_last_and_chapters_weigh_most(found):
    sections = {entry["address"]: (entry["reference"], entry["weight"]) for entry in found["sections"]}
    assert sections["notebooks/06_pooling.html#ties"] == (False, 1)
    assert sections["book/glossary.html#glossary"] == (False, 0.7)
    assert sections["book/api/pooling.html#ties"] == (True, course_search.OTHER_PAGES)


def test_a_page_without_sections_has_none():
    assert course_search.sections("<article><p>Nothing</p></article>", "a.html") == []
    assert course_search.sections("<p>No article</p>", "a.html") == []


def test_the_weighted_pages_exist():
    said = tomllib.loads((ROOT / "book/data/synonyms.toml").read_text(encoding="utf-8"))
    assert set(said["pages"]) <= set(documents())


# Made for the pages and explorers themselves; what a reader calls of practice stands on its page.
INSIDE = ("explorers", "plots", "practice.", "palette", "pieces", "workspace", "__main__")
MODULES = sorted(
    name
    for module in pkgutil.walk_packages(alexnet_course.__path__, "alexnet_course.")
    if not (name := module.name.removeprefix("alexnet_course.")).startswith(INSIDE)
    and name not in ("data", "layers")
)


@pytest.mark.parametrize("module", MODULES)
def test_a_module_has_a_page_in_the_library(module):
    page = f"book/api/{module.removeprefix('layers.').removeprefix('data.')}"
    text = (ROOT / f"{page}.md").read_text(encoding="utf-8") if page in documents() else ""
    assert f"automodule:: alexnet_course.{module}\n" in text, f"write {page}.md and list it in _toc.yml"
    index = (ROOT / "book/api.md").read_text(encoding="utf-8")
    assert f"<{page.removeprefix('book/')}>`:" in index, f"name {page} in book/api.md"
