"""The order explorer in a real browser."""

import pytest
from explorer_harness import sentence, slide
from helpers import settle

pytestmark = pytest.mark.browser


def choose(page, name, word):
    page.locator(f"[data-name={name}]").select_option(word)
    settle(page)


def stages(page):
    """Return the tables' titles, and their numbers row by row."""
    settle(page)
    titles = page.locator(".stage .title").all_inner_texts()
    rows = [
        [row.locator("td").all_inner_texts() for row in table.locator("tr:not(.border)").all()]
        for table in page.locator(".stage table").all()
    ]
    return dict(zip((title.strip() for title in titles), rows, strict=True))


def test_the_page_shows_every_number_of_the_chapter(open_page):
    page = open_page("OrderExplorer.html")
    shown = stages(page)
    assert list(shown) == ["Responses", "1 LRN", "2 pool", "3 ReLU", "Paper", "Difference"]
    assert [row[0] for row in shown["Responses"]] == ["−2", "1", "3", "0"]
    assert [row[0] for row in shown["1 LRN"]] == ["−0.25", "0.125", "0.375", "0"]
    assert shown["3 ReLU"] == [["0"], ["0.375"], ["0.375"], ["0.21"]]
    assert sentence(page) == (
        "LRN, pool, ReLU: map 2 ends with 0.375; the paper's order gives 0.4653. "
        "The largest difference is 49.1 %."
    )
    choose(page, "order", "ReLU, LRN, pool")
    assert sentence(page).endswith("the paper's order gives 0.4653. All four maps agree.")
    choose(page, "order", "LRN, ReLU, pool")
    assert "map 2 ends with 0.375;" in sentence(page)


def test_the_number_under_study_is_chosen_by_keys_and_by_a_click(open_page):
    page = open_page("OrderExplorer.html")
    slide(page, "map", 1)
    slide(page, "place", 1)
    settle(page)
    assert page.locator(".stage .here").first.inner_text() == "3"
    assert "LRN: 3 / (2 + 1 · 14) to the power 0.75" in page.locator(".explorer").inner_text()
    page.locator("[data-name=responses]").press("ArrowLeft")
    assert stages(page)["Responses"][1][1] == "2"
    page.locator(".stage td").nth(2).click()
    settle(page)
    assert page.locator("[data-name=map]").input_value() == "0"
    assert page.locator("[data-name=place]").input_value() == "2"


def test_the_border_between_the_cards_is_drawn(open_page):
    page = open_page("OrderExplorer.html")
    assert page.locator(".stage .border").count() == 0
    choose(page, "hears", "its own card")
    assert page.locator(".stage .border").count() == 6
    choose(page, "convention", "sum / n")
    assert "(2 + 0.2 · 9)" in page.locator(".explorer").inner_text()
