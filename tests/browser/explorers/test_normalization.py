"""The normalization explorer in a real browser."""

import pytest
from explorer_harness import sentence, slide

pytestmark = pytest.mark.browser


def test_normalization_prints_the_numbers_of_the_chapter(open_page):
    page = open_page("NormalizationExplorer.html")
    assert (
        sentence(page) == "Map 2: 3 divided by 16 to the power 0.75 is 0.375. Maps 0 to 4 count, all of them."
    )
    slide(page, "n", 3)
    slide(page, "map", 1)
    assert sentence(page).startswith("Map 1: 1 divided by 12 to the power 0.75 is about 0.1551.")
    page.locator("[data-name=responses]").nth(2).press("End")
    assert sentence(page).startswith("Map 1: 1 divided by 147 to the power")
    slide(page, "map", 0)
    assert sentence(page).endswith(" Maps 0 and 1 count, the others do not.")
    slide(page, "n", 1)
    assert sentence(page).endswith(" Map 0 counts, the others do not.")
    assert page.get_by_text("0; no neighbour counts").is_visible()
