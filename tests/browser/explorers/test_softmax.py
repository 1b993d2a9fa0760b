"""The softmax explorer in a real browser."""

import numpy as np
import pytest
from explorer_harness import settle

from alexnet_course.data import tile
from alexnet_course.explorers import SoftmaxExplorer

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page):
    return open_page("SoftmaxExplorer.html")


def parts(page):
    """Return what the page shows, once it has drawn: the table, the bars' numbers, the loss, the sentence."""
    settle(page)
    table = [row.split("\t") for row in page.locator(".explorer tbody").inner_text().splitlines()]
    numbers = page.locator(".explorer .tracks b").all_inner_texts()
    loss = page.locator(".explorer .formula").inner_text().split("\n")
    return table, numbers[:3], numbers[3:], loss, page.locator(".explorer .sentence").inner_text()


def test_the_page_shows_the_arithmetic_of_the_chapter(page):
    table, shares, slopes, loss, sentence = parts(page)
    assert table == [
        ["ear", "1", "−1", "0.3679"], ["stripe", "2", "0", "1.0000"], ["whisker", "0", "−2", "0.1353"]
    ]  # fmt: skip
    assert shares == ["0.2447", "0.6652", "0.0900"]
    assert slopes == ["−0.7553", "0.6652", "0.0900"]
    joined = " ".join(loss)
    assert "2 + log 1.5032 − 1" in joined
    assert "2.4076 − 1" in joined
    assert "1.4076" in joined
    assert sentence == (
        "The true class, ear, has a share of 0.2447. The loss is 1.4076 nats, more than a guess costs."
    )


def test_the_bars_are_as_long_as_their_shares(page):
    widths = page.evaluate(
        """() => [...document.querySelectorAll('.explorer .track')].map((track) =>
          track.firstElementChild.getBoundingClientRect().width / track.getBoundingClientRect().width)"""
    )
    np.testing.assert_allclose(widths[:3], tile.PROBABILITIES[0], atol=0.01)
    np.testing.assert_allclose(widths[3:], np.abs(SoftmaxExplorer().gradient) / 2, atol=0.01)


def test_a_thousand_more_overflows_only_without_the_shift(page):
    before = parts(page)
    page.locator("[data-name=raised]").click()
    table, shares, slopes, loss, sentence = parts(page)
    assert (shares, slopes, sentence) == (before[1], before[2], before[4])
    assert table[0] == ["ear", "1001", "−1", "0.3679"]
    assert "1002 + log 1.5032 − 1001" in " ".join(loss)
    page.locator("[data-name=shifted]").click()
    table, shares, slopes, loss, sentence = parts(page)
    assert table[0] == ["ear", "1001", "∞"]
    assert shares == slopes == ["NaN"] * 3
    assert "log ∞ − 1001" in " ".join(loss)
    assert sentence.startswith("The exponentials overflow")
    page.locator("[data-name=raised]").click()
    table, shares, *_ = parts(page)
    assert table[0] == ["ear", "1", "2.7183"]
    assert shares == before[1]


def test_a_tiny_share_is_written_as_such_and_not_as_zero(page):
    page.locator("[data-name=temperature]").press("Home")
    page.locator("[data-name=truth]").select_option("whisker")
    _, shares, slopes, _, sentence = parts(page)
    assert shares == ["4.5·10⁻⁵", "1.0000", "2.1·10⁻⁹"]
    assert slopes == ["0.0005", "9.9995", "−10.0000"]
    assert "has a share of 2.1·10⁻⁹. The loss is 20.0000 nats, more than" in sentence
