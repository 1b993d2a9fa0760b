"""The dense explorer in a real browser."""

import pytest
from explorer_harness import sentence, settle

pytestmark = pytest.mark.browser


def test_a_unit_lights_its_two_wires(open_page):
    page = open_page("DenseExplorer.html")
    assert sentence(page) == (
        "Unit 0: 3·(−1) + 6·1 + 1 = 4. The scores are ear 1, stripe 2, whisker 0; the largest: stripe."
    )
    lit = page.locator(".wires .here:not(.zero)")
    assert [lit.nth(i).get_attribute("class") for i in range(2)] == ["minus here", "plus here"]
    page.locator(".hidden-units button").nth(1).hover()
    assert sentence(page).startswith("Unit 1: 5·1 + 7·(−1) + 1 = −1.")
    page.mouse.move(5, 5)
    assert sentence(page).startswith("Unit 0: ")
    page.locator(".hidden-units button").nth(3).press("Enter")
    assert sentence(page).startswith("Unit 3: 4·(−1) + 4·1 + 1 = 1.")
    assert page.locator(".hidden-units [aria-pressed=true]").inner_text().startswith("unit 3")
    features = page.locator(".features .here input")
    assert features.evaluate_all("all => all.map((el) => el.value)") == ["4", "4"]
    assert lit.count() == 2


def test_a_key_chooses_a_unit_while_the_mouse_rests_on_another(open_page):
    page = open_page("DenseExplorer.html")
    page.locator(".hidden-units button").nth(3).hover()
    page.locator(".hidden-units button").nth(1).press("Enter")
    assert sentence(page).startswith("Unit 1: ")
    page.locator(".hidden-units button").nth(3).click()
    assert sentence(page).startswith("Unit 3: ")


def test_the_answers_of_the_dense_chapter_are_on_screen(open_page):
    page = open_page("DenseExplorer.html")
    page.locator("[data-name=order]").select_option("C, H, W")
    assert sentence(page).endswith("The scores are ear −7, stripe 4, whisker 2; the largest: stripe.")
    assert page.locator(".hidden-units b").all_inner_texts() == ["−3", "2", "4", "3"]
    page.locator("[data-name=order]").select_option("H, W, C")
    silent = []
    for name in ("ear", "stripe", "whisker"):
        page.locator("[data-name=picture]").select_option(name)
        settle(page)
        silent.append(page.locator(".hidden-units b").nth(1).inner_text())
    assert silent == ["−1", "0", "1"]


def test_features_are_typed(open_page):
    page = open_page("DenseExplorer.html")
    page.locator("[data-name=order]").select_option("C, H, W")
    cells = page.locator(".features input")
    cells.first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.type("-2.5")
    page.keyboard.press("Enter")
    settle(page)
    assert cells.nth(1).input_value() == "−2.5"
    assert page.locator("[data-name=picture] option:checked").inner_text() == "your own"
    page.locator("[data-name=order]").select_option("H, W, C")
    settle(page)
    assert cells.nth(3).input_value() == "−2.5"  # map 0, place (0, 1), whatever the order
    for nonsense in ("cow", "1e9", "", "1/0", "100"):
        cells.nth(3).fill(nonsense)
        cells.nth(3).press("Enter")
        settle(page)
        assert cells.nth(3).input_value() == "−2.5"
    page.locator("button:has-text('Copy link')").click()
    page.locator(".foot .address, button:has-text('Copied')").wait_for()
    again = open_page(page.url.split("/")[-1])
    assert again.locator(".features input").nth(3).input_value() == "−2.5"


def test_features_look_like_fields_and_are_said_to_be(open_page):
    page = open_page("DenseExplorer.html")
    feature = page.locator(".features input").first
    assert feature.evaluate("el => getComputedStyle(el).borderBottomWidth") == "2px"
    assert "Type another number over a feature." in page.locator(".explorer").inner_text()
