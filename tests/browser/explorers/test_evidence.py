"""The evidence explorer in a real browser."""

import pytest
from explorer_harness import sentence

pytestmark = pytest.mark.browser


def test_sources_keys_and_clicks_change_what_is_left(open_page):
    page = open_page("EvidenceExplorer.html")
    table = page.locator(".hypotheses")
    assert sentence(page) == (
        "224 pixels, rounded down: 2 of 6 pieces agree. Of 78 hypotheses 4 agree with all that is trusted."
    )
    assert table.locator(".all").count() == 4
    assert page.locator(".piece.out").count() == 6
    page.get_by_label("trust the files of the runs").check()
    assert sentence(page) == (
        "224 pixels, rounded down: 3 of 9 pieces agree. "
        "Of 78 hypotheses 1 agrees with all that is trusted: 224 pixels, rounded up."
    )
    table.press("ArrowDown")
    assert sentence(page).startswith("224 pixels, rounded up: 9 of 9 pieces agree.")
    table.press("End")
    table.press("PageDown")
    table.press("ArrowRight")
    assert sentence(page).startswith("232 pixels, 3 zeros at the end")
    table.locator("b").nth(7).click()
    assert sentence(page).startswith("227 pixels, rounded down")
    assert page.locator(".piece", has_text="run 147").inner_text().split("\n")[-1] == "25² = 625, remainder 1"
    assert page.locator(".piece [aria-label=contradicts]").count() == 3
    for words in ("the paper", "the files of the runs"):
        page.get_by_label(f"trust {words}").uncheck()
    assert sentence(page) == "Nothing is trusted, so all 78 hypotheses are left."
