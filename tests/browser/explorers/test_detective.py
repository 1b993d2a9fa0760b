"""The detective explorer in a real browser: every control, and numbers of one's own."""

import pytest
from explorer_harness import sentence, settle, slide

pytestmark = pytest.mark.browser


def verdicts(page):
    """Return what the page says of each ready-made input."""
    return page.locator(".suspects button").all_inner_texts()


def test_the_controls_lead_from_a_hidden_bug_to_one_that_shows(open_page):
    page = open_page("DetectiveExplorer.html")
    assert sentence(page).startswith("Both return the same 9 numbers: this input hides the bug of max_pool.")
    assert page.locator(".suspects [aria-pressed=true]").inner_text().startswith("left edge")
    page.locator(".suspects button", has_text="all below 0").click()
    settle(page)
    assert sentence(page).startswith(
        "The shape agrees, and 8 of 9 numbers are wrong. The first is at (0, 0): 0, and right is −2."
    )
    assert page.locator("[data-name=input]").input_value() == "all below 0"
    page.locator("[data-name=bug]").select_option("18.2 max_pool_backward")
    settle(page)
    assert sum("shows it" in words.replace("\n", " ") for words in verdicts(page)) == 1
    slide(page, "size", "2")
    settle(page)
    assert all("hides it" in words for words in verdicts(page))
    assert "Inputs that show it 0 of 7" in page.locator(".panels").inner_text()


def test_the_slider_says_what_the_function_makes_of_it(open_page):
    page = open_page("DetectiveExplorer.html")
    value, label = page.locator(".control .value"), page.locator("[data-name=size]")
    for bug, words, shown in (
        ("18.5 lrn", "n (alpha = 1; a row: maps)", "5"),
        ("18.7 dropout", "rate, in a test", "0.4"),
        ("18.8 flatten", "maps (a row: a place)", "3"),
    ):
        page.locator("[data-name=bug]").select_option(bug)
        settle(page)
        assert (label.get_attribute("aria-label"), value.inner_text()) == (words, shown)
        assert label.get_attribute("aria-valuetext") == shown


def test_a_number_that_is_typed_changes_both(open_page):
    page = open_page("DetectiveExplorer.html")
    page.locator("[data-name=bug]").select_option("18.9 probabilities")
    settle(page)
    assert "hides the bug" in sentence(page)
    cell = page.get_by_label("number (0, 1)", exact=True)
    cell.fill("-4")
    cell.press("Enter")
    settle(page)
    assert "3 of 15 numbers are wrong. The first is at (0, 0)" in sentence(page)
    assert page.locator("[data-name=input]").input_value() == ""
    cell.fill("1000")
    cell.press("Enter")
    assert cell.input_value() == "−4"


def test_an_input_that_is_refused_leaves_the_right_map_empty(open_page):
    page = open_page("DetectiveExplorer.html")
    page.locator("[data-name=bug]").select_option("18.10 response")
    settle(page)
    assert "Right refuses this input" in page.locator(".pair").inner_text()
    assert sentence(page).startswith("The right response refuses this input with an error.")
    assert page.locator(".pair .map").nth(0).locator(".texts text").count() == 0
    assert page.locator(".pair .map").nth(1).locator(".texts text").count() == 25
