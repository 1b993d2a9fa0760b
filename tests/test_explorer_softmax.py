"""The softmax explorer: in Python, and in a real browser."""

import math

import numpy as np
import pytest
from explorer_harness import page as page_of
from explorer_harness import serve

from alexnet_course.data import tile
from alexnet_course.explorers import SoftmaxExplorer


def test_it_starts_on_the_ear():
    explorer = SoftmaxExplorer()
    assert explorer.scores.tolist() == tile.LOGITS[0].tolist()
    np.testing.assert_array_equal(explorer.probabilities.round(4), tile.PROBABILITIES[0])
    assert round(explorer.loss, 4) == tile.LOSS
    np.testing.assert_array_equal(explorer.gradient.round(4), [-0.7553, 0.6652, 0.09])
    assert explorer._sentence() == (
        "The true class, ear, has a share of 0.2447. The loss is 1.4076; a guess costs 1.0986."
    )


def test_the_answer_of_the_chapter():
    guess = math.log(3)
    losses = [SoftmaxExplorer(stripe=stripe).loss for stripe in (1.5, 1.4)]
    assert [round(loss, 4) for loss in losses] == [1.1041, 1.0507]
    assert losses[0] > guess > losses[1]
    assert SoftmaxExplorer(whisker=-10).loss > guess


def test_a_thousand_more_changes_nothing_as_long_as_the_largest_is_subtracted():
    plain, raised = SoftmaxExplorer(), SoftmaxExplorer(raised=True)
    np.testing.assert_allclose(raised.probabilities, plain.probabilities, rtol=1e-12)
    np.testing.assert_allclose(raised.gradient, plain.gradient, rtol=1e-12)
    assert raised.loss == pytest.approx(plain.loss, rel=1e-12)
    np.testing.assert_allclose(SoftmaxExplorer(shifted=False).probabilities, plain.probabilities)
    assert SoftmaxExplorer(shifted=False).loss == pytest.approx(plain.loss)


def test_overflow_is_shown_as_what_it_is():
    explorer = SoftmaxExplorer(raised=True, shifted=False)
    assert np.isinf(explorer.exponentials).all()
    assert np.isnan(explorer.probabilities).all()
    assert np.isnan(explorer.gradient).all()
    assert explorer.loss == math.inf
    assert "overflow" in explorer._sentence()
    assert explorer._figure().count("The exponentials overflow") == 1


def test_a_temperature_divides_the_logits_and_the_gradient():
    explorer = SoftmaxExplorer(temperature=0.5)
    np.testing.assert_array_equal(explorer.probabilities.round(4), [0.1173, 0.8668, 0.0159])

    def loss(ear):
        return SoftmaxExplorer(ear=ear, temperature=0.5).loss

    slope = (loss(1 + 1e-6) - loss(1 - 1e-6)) / 2e-6
    assert explorer.gradient[0] == pytest.approx(slope, rel=1e-6)


# ---- in a browser


@pytest.fixture
def open_page(browser):
    """Open a page with the explorer; nothing may go wrong on it."""
    errors = []
    with serve({"softmax.html": page_of(SoftmaxExplorer())}) as address:
        page = browser.new_page(viewport={"width": 1000, "height": 900})
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address + "softmax.html")
        page.locator(".explorer .sentence:not(:empty)").wait_for()
        yield page
        page.close()
    assert errors == []


def parts(page):
    """Return what the page shows, once it has drawn: the table, the bars' numbers, the loss, the sentence."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    table = [row.split("\t") for row in page.locator(".explorer tbody").inner_text().splitlines()]
    numbers = page.locator(".explorer .tracks b").all_inner_texts()
    loss = page.locator(".explorer .formula").inner_text().split("\n")
    return table, numbers[:3], numbers[3:], loss, page.locator(".explorer .sentence").inner_text()


@pytest.mark.browser
def test_the_page_shows_the_arithmetic_of_the_chapter(open_page):
    table, shares, slopes, loss, sentence = parts(open_page)
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


@pytest.mark.browser
def test_the_bars_are_as_long_as_their_shares(open_page):
    widths = open_page.evaluate(
        """() => [...document.querySelectorAll('.explorer .track')].map((track) =>
          track.firstElementChild.getBoundingClientRect().width / track.getBoundingClientRect().width)"""
    )
    np.testing.assert_allclose(widths[:3], tile.PROBABILITIES[0], atol=0.01)
    np.testing.assert_allclose(widths[3:], np.abs(SoftmaxExplorer().gradient) / 2, atol=0.01)


@pytest.mark.browser
def test_a_thousand_more_overflows_only_without_the_shift(open_page):
    before = parts(open_page)
    open_page.locator("[data-name=raised]").click()
    table, shares, slopes, loss, sentence = parts(open_page)
    assert (shares, slopes, sentence) == (before[1], before[2], before[4])
    assert table[0] == ["ear", "1001", "−1", "0.3679"]
    assert "1002 + log 1.5032 − 1001" in " ".join(loss)
    open_page.locator("[data-name=shifted]").click()
    table, shares, slopes, loss, sentence = parts(open_page)
    assert table[0] == ["ear", "1001", "∞"]
    assert shares == slopes == ["NaN"] * 3
    assert "log ∞ − 1001" in " ".join(loss)
    assert sentence.startswith("The exponentials overflow")
    open_page.locator("[data-name=raised]").click()
    table, shares, *_ = parts(open_page)
    assert table[0] == ["ear", "1", "2.7183"]
    assert shares == before[1]


@pytest.mark.browser
def test_a_tiny_share_is_written_as_such_and_not_as_zero(open_page):
    open_page.locator("[data-name=temperature]").press("Home")
    open_page.locator("[data-name=truth]").select_option("whisker")
    _, shares, slopes, _, sentence = parts(open_page)
    assert shares == ["4.5·10⁻⁵", "1.0000", "2.1·10⁻⁹"]
    assert slopes == ["0.0005", "9.9995", "−10.0000"]
    assert "has a share of 2.1·10⁻⁹. The loss is 20.0000 nats, more than" in sentence
