"""The training explorer in a real browser: a network learns, and the page shows how."""

import re

import numpy as np
import pytest
from explorer_harness import run, sentence, settle, slide
from helpers import HEADER, LAPTOP, Visit
from playwright.sync_api import expect

from alexnet_course.explorers import TrainingExplorer
from alexnet_course.explorers.kit.base import inline
from alexnet_course.explorers.kit.files import clothes
from alexnet_course.explorers.training import BATCH, MASKS, ORDER, Coins, begin, build
from alexnet_course.layers import Dropout
from alexnet_course.losses import cross_entropy
from alexnet_course.optimizers import SGD
from alexnet_course.training import evaluate

pytestmark = pytest.mark.browser
SMALL = "TrainingExplorer.html#explorer-training?network=small"
SAID = "([words]) => new RegExp(words).test(document.querySelector('.sentence').textContent)"


@pytest.fixture
def page(open_page):
    return open_page("TrainingExplorer.html")


def press(page, name):
    page.locator(f".explorer button:text-is('{name}')").click()


def pause(page):
    """Pause a run, which may have paused by itself meanwhile: it does so after some steps."""
    page.evaluate(
        "[...document.querySelectorAll('.explorer button')].find((b) => b.textContent === 'Pause')?.click()"
    )
    page.locator(".explorer button:text-is('Run')").wait_for()


def said(page, words):
    """Wait until the sentence has these words, and return it."""
    page.wait_for_function(SAID, arg=[words])
    return page.locator(".explorer .sentence").inner_text()


def rule(page):
    """Return the lines of the rule for the number that is looked at."""
    settle(page)
    return [text.split("\n") for text in page.locator(".rule .line").all_inner_texts()]


def test_step_by_step_the_tile_network_gives_the_losses_of_the_chapter(page):
    assert sentence(page) == (
        "Ten steps like these take the mean loss from 0.6695 to 0.0150, and it rises on the way, at step 3. "
        "Press Run."
    )
    expect(page.locator(".curves .forecast")).to_have_count(1)
    before = rule(page)
    for step, loss in enumerate(TrainingExplorer().losses[1:4], start=1):
        press(page, "Step")
        text = said(page, f"After {step} step")
        assert f"the loss is {float(f'{loss:.4g}')}" in text
    assert "3 of 3 tiles are right" in text
    expect(page.locator(".curves .forecast")).to_have_count(0)
    assert rule(page) != before


def test_the_rule_is_worked_for_the_number_that_is_clicked(page):
    explorer = TrainingExplorer()
    page.locator(".map").first.click(position={"x": 230, "y": 230})
    page.locator("[aria-label='Filter 2']").click()
    settle(page)
    assert "filter 2, row 2, column 2" in page.locator(".explorer .title:has-text('rule')").inner_text()
    numbers = [float(re.sub("[^−.0-9]", "", text[-1]).replace("−", "-")) for text in rule(page)]
    wanted = [
        values[2, 2, 2] for values in (explorer.filters, explorer.gradient)
    ] + [0, explorer.next_velocity[2, 2, 2], explorer.next_filters[2, 2, 2]]  # fmt: skip
    np.testing.assert_allclose(numbers, wanted, atol=1e-6)
    press(page, "Step")
    said(page, "After 1 step")
    page.locator(".map").first.press("ArrowLeft")
    page.locator(".map").first.press("ArrowRight")
    assert rule(page)[0][-1] == f"{explorer.next_filters[2, 2, 2]:.6f}".replace("-", "−")


def test_a_run_learns_pauses_changes_its_rate_and_starts_again(page):
    first = sentence(page)
    press(page, "Run")
    said(page, r"After (9|[1-9]\d) steps the loss is 0\.0")
    slide(page, "rate", "0.02")
    page.wait_for_function("document.querySelector('.curves').textContent.includes('rate 0.02')")
    pause(page)
    press(page, "Start again")
    slide(page, "rate", "0.01")
    assert sentence(page) == first
    expect(page.locator(".curves .past")).to_have_count(2)
    assert "rate 0.01, momentum 0.9, then changed" in page.locator(".explorer").inner_text()


def test_a_run_that_is_taken_away_while_it_runs_makes_room_for_the_next(page):
    for _ in range(2):
        press(page, "Run")
        said(page, r"After [1-9]\d* steps? the loss")
        press(page, "Start again")
        said(page, "Press Run")
    expect(page.locator(".curves .past")).to_have_count(4)  # two of each run


@pytest.mark.parametrize(
    "leave",
    [
        lambda page: press(page, "Start again"),
        lambda page: page.locator("[data-name=start]").select_option("paper"),
        lambda page: page.locator("[data-name=network]").select_option("tile"),
        lambda page: page.get_by_role("button", name="Undo").click(),
    ],
    ids=["again", "another start", "another network", "undo"],
)
def test_a_run_on_pictures_that_is_left_while_it_learns_makes_room_for_the_next(page, leave):
    page.locator("[data-name=network]").select_option("small")
    press(page, "Run")
    said(page, "After [1-9]")
    leave(page)
    said(page, "Press Run")
    press(page, "Run")
    said(page, "After [1-9]")
    pause(page)
    press(page, "Step")
    said(page, "After [1-9]")


def test_a_run_that_waits_for_its_pictures_can_be_left(page):
    waiting = []
    page.route("**/clothes.pixels", lambda route: waiting.append(route))
    page.locator("[data-name=network]").select_option("small")
    press(page, "Run")
    said(page, "Loading the pictures")
    page.locator("[data-name=network]").select_option("tile")
    said(page, "Ten steps like these")
    press(page, "Step")
    said(page, "After 1 step ")
    (route,) = waiting
    route.continue_()
    page.wait_for_function(
        "performance.getEntriesByType('resource').some(({ name }) => name.includes('clothes.pixels'))"
    )
    press(page, "Step")
    said(page, "After 2 steps .* of 3 tiles")


def test_another_network_takes_the_place_of_a_run(page):
    press(page, "Step")
    said(page, "After 1 step")
    page.locator("[data-name=network]").select_option("small")
    assert "77,194 parameters" in said(page, "Press Run: the pictures, 0.9 MB, come first")
    expect(page.locator(".filters button:visible")).to_have_count(16)
    expect(page.locator(".answers canvas.awaited")).to_have_count(10)
    assert "press Run" in page.locator(".rule").inner_text()


def test_the_small_network_learns_from_pictures_that_come_with_run(open_page):
    page = open_page(SMALL)
    press(page, "Run")
    said(page, r"After (5[1-9]|[6-9]\d|\d{3,}) steps")
    right = int(re.search(r"(\d+) of 200 held-out pictures are right", said(page, "held-out"))[1])
    assert right > 60  # a guess gets 20
    pause(page)
    expect(page.locator(".answers canvas[role=img]")).to_have_count(10)
    press(page, "Start again")
    said(page, "Press Run")
    assert set(page.locator(".answers .said").all_inner_texts()) == {""}  # a run that is gone says nothing


#: How high the figure is, and where its parts stand in it.
PLACES = """() => {
  const figure = document.querySelector(".explorer-figure");
  const { top, height } = figure.getBoundingClientRect();
  const parts = ".panels > *, .filters button, .answers > div, .answers canvas, .rule .line, .foot";
  return [height, ...[...figure.querySelectorAll(parts)].flatMap((part) => {
    const { x, y, width, height } = part.getBoundingClientRect();
    return [x, y - top, width, height];
  })];
}"""
ALL_SAID = "[...document.querySelectorAll('.answers .said')].every((words) => words.textContent)"


@pytest.mark.parametrize("network", ["tile", "small", "miniature"])
@pytest.mark.parametrize("width", [1280, 820, 360])
def test_nothing_moves_when_pictures_and_answers_come(open_page, network, width):
    page = open_page(
        f"TrainingExplorer.html#explorer-training?network={network}", viewport=LAPTOP | {"width": width}
    )
    settle(page)
    before = page.evaluate(PLACES)

    def nothing_moved():
        settle(page)
        np.testing.assert_allclose(page.evaluate(PLACES), before, rtol=0, atol=2)

    if width == LAPTOP["width"]:
        assert before[0] <= LAPTOP["height"] - HEADER
    press(page, "Run")
    said(page, "After [1-9]")
    page.wait_for_function(ALL_SAID)
    nothing_moved()
    pause(page)
    nothing_moved()
    press(page, "Start again")
    said(page, "Press Run")
    nothing_moved()
    page.reload()
    open_page.visits[-1].wait()
    nothing_moved()


def test_a_loss_that_is_no_number_ends_the_run_with_what_to_try(open_page):
    page = open_page("TrainingExplorer.html#explorer-training?rate=10&decay=0.1")
    press(page, "Run")
    text = said(page, "no number")
    assert "the steps were too long" in text
    assert text.endswith("Start again with a rate of 0.01 or less.")
    expect(page.locator("button:text-is('Run')")).to_be_disabled()
    expect(page.locator("button:text-is('Step')")).to_be_disabled()
    press(page, "Start again")
    expect(page.locator("button:text-is('Run')")).to_be_enabled()


def test_units_that_fell_silent_are_told(open_page):
    page = open_page("TrainingExplorer.html#explorer-training?rate=1")
    press(page, "Run")
    text = said(page, "After [4-9] steps .* same answer")
    assert f"Since the loss of {TrainingExplorer(rate=1).losses.max():.0f} at step 2" in text


def test_without_a_worker_or_the_pictures_it_says_so(browser, harness, open_page):
    visit = Visit(browser, harness + "TrainingExplorer.html", before="delete window.Worker;")
    press(visit.page, "Run")
    assert said(visit.page, "This page can start no worker")
    visit.context.close()
    page = open_page(SMALL)
    page.route("**/clothes.pixels", lambda route: route.fulfill(status=200, body="nothing"))
    press(page, "Run")
    assert "clothes.pixels is not the file that was meant" in said(page, "not the file")
    page.unroute("**/clothes.pixels")
    press(page, "Step")
    said(page, "After 1 step")


@pytest.mark.parametrize("name", ["small", "miniature"])
def test_the_steps_on_pictures_are_those_of_numpy(open_page, name):
    settings = {"rate": 0.02, "momentum": 0.9, "decay": 0.001, "dropout": 0.5}
    found = run(
        open_page("empty.html"),
        """const { Run, clothes } = new Function(input.code + "; return { Run, clothes }")();
        const answer = await fetch("/_static/files/clothes.pixels");
        const lesson = clothes(new Uint8Array(await answer.arrayBuffer()));
        const run = new Run({ network: input.name, start: "chapter", seed: 5 }, lesson, input.settings);
        const losses = [run.loss];
        for (let i = 0; i < 3; i++) {
          run.step(input.settings);
          losses.push(run.loss);
        }
        return { losses, right: run.judge(0, 50).right, filters: run.filters().weights };""",
        {"code": inline("kit/learning.js"), "name": name, "settings": settings},
    )
    losses, network, (held_out, labels) = in_numpy(name, settings)
    np.testing.assert_allclose(found["losses"], losses, rtol=1e-4)
    filters = next(iter(network.params.values())).ravel()
    np.testing.assert_allclose(found["filters"], filters, rtol=0, atol=1e-4 * np.abs(filters).max())
    assert abs(found["right"] - 50 * evaluate(network, held_out[:50], labels[:50]).accuracy) <= 1


def in_numpy(name, settings, seed=5, steps=3):
    """Return the losses of a few steps, the network after them, and what is held out."""
    pictures, labels = clothes()[..., np.newaxis].astype(float), np.arange(1200) % 10
    x = ((pictures - pictures[:1000].mean(axis=0)) / 64)[:, :27, :27].astype(np.float32)
    network = build(name)
    begin(network, "chapter", seed)
    network.layers["dropout6"] = Dropout(settings["dropout"])
    network["dropout6"].rng = Coins(seed + MASKS)
    network.training = True
    optimizer = SGD(network, settings["rate"], settings["momentum"], settings["decay"])
    order, coins, losses = list(range(1000)), Coins(seed + ORDER).random(999), []
    for i, coin in zip(range(999, 0, -1), coins, strict=True):
        other = int(coin * (i + 1))
        order[i], order[other] = order[other], order[i]
    for step in range(steps + 1):
        places = order[::-1][BATCH * step : BATCH * (step + 1)]
        loss, grad_logits = cross_entropy(network.forward(x[places]), labels[places])
        losses.append(loss)
        if step < steps:
            network.backward(grad_logits, input_gradient=False)
            optimizer.step()
    return losses, network, (x[1000:], labels[1000:])
