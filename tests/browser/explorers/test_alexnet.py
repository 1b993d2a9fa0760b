"""The alexnet explorer in a real browser."""

import pytest
from explorer_harness import settle, slide

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page):
    return open_page("AlexNetExplorer.html")


def reached(page):
    settle(page)
    return [text.strip("✓\n") for text in page.locator(".goals .reached").all_inner_texts()]


def test_two_groups_reach_the_goal_and_part_the_towers(page):
    assert reached(page) == []
    assert page.locator(".network .sum .parameters").inner_text() == "62,378,344"
    assert page.locator(".towers .across").count() == 0
    slide(page, "groups", "2")
    assert reached(page) == ["One change: from 62.4 million parameters to 61.0 million – reached"]
    assert page.locator(".network .sum").inner_text().split() == ["sum", "60,965,224", "724,406,816"]
    assert page.locator(".towers .across").count() == 3 * 2  # conv3, fc6, fc7
    slide(page, "size", "227")
    page.locator(".tools button:has-text('Reset')").click()
    assert reached(page) == []


def test_the_other_goals_can_be_reached(page):
    slide(page, "size", "224")
    page.locator(".rows button", has_text="fc6").click()
    settle(page)
    assert "weights made for 9,216 inputs" in page.locator(".sizes").inner_text()  # 5 × 5 come, not 6 × 6
    page.locator(".rows button").first.click()
    settle(page)
    assert "54 × 54 × 96" in page.locator(".rows button").first.inner_text()
    assert "1 row and column are not read" in page.locator(".sizes").inner_text()
    slide(page, "paddings", "2")
    assert reached(page) == ["A picture of 224 × 224, and still 55 × 55 after conv1 – reached"]
    page.locator(".tools button:has-text('Reset')").click()
    page.locator(".rows button", has_text="fc6").click()
    slide(page, "features", "1,024")
    assert reached(page) == ["One change: fewer than 30 million parameters – reached"]
    page.locator(".tools button:has-text('Reset')").click()
    slide(page, "kernel_sizes", "15")
    slide(page, "size", "193")
    assert reached(page) == ["One unit of pool5 sees the whole picture – reached"]


def test_keys_choose_a_layer_and_its_field_is_drawn(page):
    page.locator(".rows button").first.press("End")
    settle(page)
    assert page.evaluate("document.activeElement.textContent").startswith("fc8")
    assert page.locator("[data-name=features]").is_visible()
    assert not page.locator("[data-name=kernel_sizes]").is_visible()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    settle(page)
    sentence = page.locator(".sentence").inner_text()
    assert sentence == (
        "pool5 gives 6 × 6 × 256, with no parameters. "
        "One unit in its middle sees 195 × 195 of 227 × 227 pixels."
    )
    assert page.locator(".view .frame").get_attribute("d") == "M0 0h195v195h-195z"


def test_a_field_is_no_larger_than_the_picture(page):
    page.locator(".rows button", has_text="conv2").click()
    slide(page, "size", "48")
    settle(page)
    assert page.locator(".sentence").inner_text().split(". ")[1] == (
        "One unit in its middle sees 43 × 43 of 48 × 48 pixels; its field of 51 × 51 reaches into the padding"
    )
    assert page.get_by_text("What one unit sees 43 pixels a side").count() == 1


def test_a_network_that_breaks_says_where(page):
    slide(page, "groups", "3")
    settle(page)
    words = page.locator(".sentence").inner_text()
    assert words.endswith(
        "conv2 breaks: 3 groups do not divide its 256 filters, so the network ends before it."
    )
    assert page.locator(".rows button.gone").count() == 9
    assert page.locator(".network .sum .parameters").inner_text() == "–"
    page.locator(".rows button", has_text="conv2").click()
    settle(page)
    assert page.get_by_text("What one unit sees nothing").count() == 1
    assert page.locator(".view .frame").count() == 0
    assert page.locator(".view .veil").get_attribute("d") == "M0 0h227v227h-227z"
    page.locator(".rows button", has_text="fc8").click()
    settle(page)
    assert "conv2 breaks" in page.locator(".sizes").inner_text()
