"""The dropout explorer in a real browser."""

import pytest
from explorer_harness import sentence, settle, slide

from alexnet_course.explorers import (
    DropoutExplorer,
)

pytestmark = pytest.mark.browser


def test_coins_are_tossed_again_and_the_mean_moves(open_page):
    page = open_page("DropoutExplorer.html")
    start = (
        "Draw 5 at rate 0.5, convention inverted: unit 2 is dropped. In training (8, 0, 0, 2); "
        "mean of 5 draws (3.2, 0, 3.2, 1.2); at test (4, 0, 2, 1)."
    )
    assert sentence(page) == start == DropoutExplorer()._sentence()
    page.locator("button:has-text('Draw again')").click()
    assert sentence(page) == DropoutExplorer(seed=6)._sentence()
    page.locator("button:has-text('100 more')").click()
    assert sentence(page) == DropoutExplorer(seed=106)._sentence()
    page.locator("[data-name=convention]").select_option("2012")
    slide(page, "rate", 0.2)
    assert sentence(page) == DropoutExplorer(seed=106, rate=0.2, convention="2012")._sentence()
    page.locator("[data-name=seed]").press("End")
    settle(page)
    assert page.locator("button:has-text('Draw again')").is_disabled()
    page.locator("[data-name=convention]").select_option("inverted")
    settle(page)
    assert "what stays is times 1.25" in page.locator(".title").first.inner_text()


def test_units_are_typed(open_page):
    page = open_page("DropoutExplorer.html")
    field = page.locator(".units input").nth(3)
    field.fill("-3/2")
    field.press("Enter")
    assert "In training (8, 0, 0, −3)" in sentence(page)
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "unit 3 before dropout"
    for nonsense in ("cow", "100", "", "1/0"):
        field.fill(nonsense)
        field.press("Enter")
        settle(page)
        assert field.input_value() == "−1.5"
    assert "In training (8, 0, 0, −3)" in sentence(page)


def test_the_curve_of_each_unit_can_be_told_from_the_others(open_page):
    page = open_page("DropoutExplorer.html")
    settle(page)
    drawn = page.locator(".means path.curve").evaluate_all(
        "all => all.map((el) => [el.getAttribute('class'), getComputedStyle(el).stroke])"
    )
    curves, samples = drawn[:4], drawn[4:]
    assert len({stroke for _, stroke in curves}) == 4
    assert samples == curves  # beside each name
