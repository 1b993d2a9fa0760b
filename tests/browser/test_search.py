"""The search: the right section first, live while typing, and its words marked where it leads."""

import tomllib

import pytest
from helpers import ASSETS, PAGES, PHONE
from playwright.sync_api import expect

#: How many queries of each kind may lead elsewhere first.
WRONG = {"asked": 3, "more": 6, "sizes": 1, "words": 3, "work": 2, "slips": 1, "untried": 14}
QUERIES = tomllib.loads((ASSETS / "search_queries.toml").read_text(encoding="utf-8"))
SPELLINGS = [
    ("normalise", "normalize"),
    ("initialisation", "initialization"),
    ("colour", "color"),
    ("centre", "center"),
    ("labelled", "labeled"),
    ("neighbouring", "neighboring"),
    ("grey", "gray"),
    ("licence", "license"),
    ("analyse", "analyze"),
]
EXACT = ["Conv2D pool_size backward", "constructor __proto__", "zqx", "mlq", "3049", "99 × 99999"]
EXACT += ["11 × 11", "11 X 11", "11*11", "11 by 11", *(word for pair in SPELLINGS for word in pair)]
FIRST = """async (queries) => {
    const load = (name) => new Promise((resolve) => {
        const script = document.createElement("script");
        Object.assign(script, { src: `./_static/${name}`, async: false, onload: resolve });
        document.head.append(script);
    });
    await Promise.all(["minisearch/minisearch.js", "search_data.js", "search_engine.js"].map(load));
    const find = await courseSearch.build(courseSearchData);
    return queries.map((query) => find(query).map(({ section }) => section.address));
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def answers(browser, site):
    """The addresses that answer each query, best first."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(site + "search.html")
    asked = [query for queries in QUERIES.values() for query in queries] + EXACT
    yield dict(zip(asked, page.evaluate(FIRST, asked), strict=True))
    context.close()


def wrong(answers, queries):
    """Return the queries whose first answer lies on no page that is right for them."""
    first = {query: (answers[query] or [""])[0] for query in queries}
    return {
        query: first[query] for query, pages in queries.items() if not any(p in first[query] for p in pages)
    }


@pytest.mark.parametrize("kind", list(QUERIES))
def test_the_right_page_comes_first(answers, kind):
    missed = wrong(answers, QUERIES[kind])
    assert len(missed) <= WRONG[kind], missed


def test_one_section_is_found_by_every_spelling_of_a_size(answers):
    first = [answers[query][0] for query in ("11 × 11", "11x11", "11 X 11", "11*11", "11 by 11")]
    assert len(set(first)) == 1, first


@pytest.mark.parametrize(("british", "american"), SPELLINGS)
def test_british_and_american_spelling_find_the_same(answers, british, american):
    assert answers[british]
    assert answers[british] == answers[american]


@pytest.mark.parametrize("query", ["zqx", "mlq", "3049", "99 × 99999"])
def test_short_words_and_numbers_stand_for_nothing_else(answers, query):
    assert answers[query] == []


def test_the_library_comes_after_the_chapters(answers):
    places = ["book/api" in address for address in answers["Conv2D pool_size backward"]]
    assert places == sorted(places)
    assert not places[0]


def test_names_of_the_language_are_words_like_others(answers):
    assert isinstance(answers["constructor __proto__"], list)


def test_results_come_while_typing_and_lead_to_the_marked_words(visit):
    shown = visit(PAGES[0]).page
    shown.keyboard.press("Control+k")
    field = shown.locator("#pst-search-dialog input")
    expect(field).to_be_focused()
    field.press_sequentially("overlap pools")
    results = shown.locator("#pst-search-dialog .search-results a")
    expect(results.first).to_contain_text("Max pooling")
    expect(results.first.locator("mark").first).to_be_visible()
    expect(shown.get_by_role("status").filter(has_text="sections")).to_be_visible()
    field.press("ArrowDown")
    expect(results.first).to_be_focused()
    shown.keyboard.press("Enter")
    shown.wait_for_url("**/notebooks/06_pooling.html?find=*")
    marks = shown.locator("section mark")
    expect(marks.first).to_be_in_viewport()
    assert "pool" in " ".join(marks.all_inner_texts()).lower()
    shown.keyboard.press("Escape")
    expect(marks).to_have_count(0)


@pytest.mark.parametrize("asked", ["", "?find=pooling"])
def test_a_link_with_a_broken_encoding_opens_the_page(visit, asked):
    assert visit(f"notebooks/06_pooling.html{asked}#%E0%A4%A").errors == []


def test_enter_opens_the_first_result(visit):
    shown = visit("search.html?q=224").page
    first = shown.locator(".search-results a").first
    expect(first).to_contain_text("224")
    target = first.get_attribute("href").split("?")[0].removeprefix("./")
    shown.locator("article input, .bd-article-container input").first.press("Enter")
    shown.wait_for_url(f"**/{target}?find=*")


def test_what_is_not_there_is_said(visit):
    shown = visit("search.html?q=zebrafish xylophone", viewport=PHONE).page
    expect(shown.get_by_role("status").filter(has_text="Nothing about")).to_be_visible()
    expect(shown.locator(".search-results a")).to_have_count(0)


def test_a_search_that_does_not_load_says_where_the_chapters_are(visit):
    shown = visit("search.html").page
    shown.route("**/search_data.js", lambda route: route.abort())  # asked for on focus
    shown.locator(".bd-article-container input").first.fill("padding")
    expect(shown.get_by_role("status").filter(has_text="could not be loaded")).to_be_visible()
