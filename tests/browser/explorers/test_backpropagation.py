"""The backpropagation explorer in a real browser."""

import pytest
from explorer_harness import sentence, settle, slide

from alexnet_course.explorers import BackpropagationExplorer

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_page):
    return open_page("BackpropagationExplorer.html")


def board(page, label):
    """Return the board whose label starts so."""
    return page.locator(f".explorer .board[aria-label^='{label}']")


def lines(page):
    """Return the lines that say what a number is told."""
    settle(page)
    return page.locator(".explorer .panels > section").last.locator(".line").all_inner_texts()


def origin(page):
    settle(page)
    return page.locator(".explorer .panels > section").nth(1).inner_text()


def test_it_starts_on_the_response_that_two_pools_pay(page):
    assert sentence(page) == (
        "Response (2, 2) of map 1: 3, gradient −1.4205. Moved by 0.1, it should change the loss by −0.1421, "
        "and changes it by −0.1383."
    )
    assert "1·(−1) + 2·1 + 1·1 + 2·1 + bias (−1) = 3. (5 other products are 0.)" in origin(page)
    assert [line.split("\n") for line in lines(page)] == [
        ["f1, pool (0, 0) of map 1", "−1.4205"],
        ["f4, pool (0, 1) of map 1", "0"],
        ["ReLU at 3 lets it pass", "· 1"],
        ["Gradient", "−1.4205"],
    ]
    assert page.locator(".board .here").inner_text() == "−1.4"
    assert page.locator(".board .source").count() == 9 + 9 + 1
    assert page.locator(".board .user").count() == 2


def test_with_an_assignment_it_is_told_nothing_and_seven_parameters_are_struck_out(page):
    page.locator("[data-name=assign]").check()
    assert "gradient 0. Moved by 0.1, it should change the loss by 0, and changes it" in sentence(page)
    assert "= keeps the last of them" in " ".join(lines(page))
    assert page.locator(".controls .note").inner_text() == (
        "7 of the 97 parameters have a wrong gradient, struck out."
    )
    assert board(page, "Filter 1").locator(".wrong").count() == 7
    assert board(page, "Weights of").locator(".wrong").count() == 0
    page.locator("[data-name=show]").select_option("forward")
    settle(page)
    assert page.locator(".board .wrong").count() == 0


def test_a_click_chooses_and_a_mouse_that_passes_only_looks(page):
    cells = board(page, "Hidden units").locator("b")
    cells.nth(1).hover()
    assert sentence(page).startswith("H1 before ReLU: −1, gradient 0.")
    assert lines(page)[:2] == ["h1 after ReLU\n0.09", "ReLU at −1 stops it\n· 0"]
    page.mouse.move(2, 2)
    assert sentence(page).startswith("Response (2, 2)")
    cells.nth(2).click()
    page.mouse.move(2, 2)
    assert sentence(page).startswith("H2 before ReLU: 2, gradient 1.4205.")
    assert "3·(−1) + 4·1 + bias 1 = 2" in origin(page)


def test_keys_walk_inside_a_board_and_enter_another(page):
    board(page, "Responses of filter 1").press("ArrowDown")
    assert sentence(page).startswith("Response (3, 2) of map 1: 2, gradient 0.")
    for _ in range(3):
        page.keyboard.press("ArrowLeft")
    assert sentence(page).startswith("Response (3, 0) of map 1: 4, gradient 0.6652.")
    kernel = board(page, "Filter 1")
    kernel.press("ArrowRight")
    assert sentence(page).startswith("Weight (0, 0) of filter 1")
    kernel.press("PageDown")
    kernel.press("ArrowRight")
    assert sentence(page).startswith("Bias of filter 1")  # a row of one


def test_the_curve_has_its_dots_and_follows_the_nudge(page):
    plot = page.locator(".plot")
    still, here = plot.locator(".still"), plot.locator(".here")
    slide(page, "nudge", 0.5)
    settle(page)
    assert float(here.get_attribute("cx")) > float(still.get_attribute("cx"))
    explorer = BackpropagationExplorer(nudge=0.5)
    change = f"{explorer.moved_loss - explorer.loss:.4f}".replace("-", "−")
    assert f"Moved by 0.5, it should change the loss by −0.7103, and changes it by {change}." in sentence(
        page
    )
    assert page.locator(".told").inner_text().split() == ["Forecast", "−0.7103", "Change", change]


def test_where_the_loss_has_no_logarithm_it_says_so(page):
    board(page, "Logits and shares").locator("b").nth(3).click()
    slide(page, "nudge", -1)
    assert sentence(page).endswith("and changes it by no number.")
    assert "no number" in page.locator(".told").inner_text()


def test_every_number_of_the_network_says_where_it_comes_from_and_what_it_is_told(page):
    cells = page.locator(".board b")
    assert cells.count() == 49 + 27 + 3 + 75 + 12 + 48 + 4 + 4 + 4 + 12 + 3 + 3 + 3 + 1
    told = page.evaluate(
        """async () => {
          const said = [];
          for (const cell of document.querySelectorAll('.board b')) {
            cell.click();
            await new Promise(requestAnimationFrame);
            said.push(document.querySelector('.explorer').innerText);
          }
          return said;
        }"""
    )
    assert not [text for text in told if "undefined" in text or "NaN" in text]
    assert len({text.split("What it is told")[1].split("Copy link")[0] for text in told}) == len(told)
