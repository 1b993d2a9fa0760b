"""The training explorer in Python, and the networks and pictures that its page trains with."""

import math

import numpy as np
import pytest
from explorer_harness import figure

from alexnet_course.data import tile
from alexnet_course.data.fashion import load_fashion
from alexnet_course.explorers import TrainingExplorer
from alexnet_course.explorers.kit.files import clothes
from alexnet_course.explorers.training import Coins, begin, build, deviations


def test_it_starts_on_the_ten_steps_of_the_chapter():
    explorer = TrainingExplorer()
    assert explorer.losses.round(4).tolist() == [
        0.6695, 0.2613, 0.2361, 0.2783, 0.2844, 0.2068, 0.11, 0.0527, 0.0308, 0.0199, 0.015
    ]  # fmt: skip
    np.testing.assert_array_equal(explorer.filters, tile.KERNELS[:, :, 0])
    assert explorer._sentence() == (
        "Ten steps with rate 0.01 and momentum 0.9 take the mean loss of the three tiles "
        "from 0.6695 to 0.0150."
    )


def test_the_answer_of_the_chapter():
    worse_before_better = TrainingExplorer(rate=0.05).losses
    assert worse_before_better[1] > worse_before_better[0] > worse_before_better[-1]
    assert np.argmax(TrainingExplorer().losses) == 0


def test_the_first_step_is_the_rule():
    explorer = TrainingExplorer(rate=0.02, momentum=0.5, decay=0.1)
    velocity = -0.02 * (0.1 * explorer.filters + explorer.gradient)
    np.testing.assert_allclose(explorer.next_velocity, velocity, atol=1e-15)
    np.testing.assert_allclose(explorer.next_filters, explorer.filters + velocity, atol=1e-15)


def test_what_momentum_and_decay_come_to():
    explorer = TrainingExplorer()
    assert explorer.steady_step == pytest.approx(0.1)
    assert round(explorer.half_life) == 13_863
    assert TrainingExplorer(decay=0).half_life == math.inf


def test_dropout_and_seed_change_the_steps_and_the_same_seed_does_not():
    def losses(**settings):
        return TrainingExplorer(**settings).losses.tolist()

    assert losses(dropout=0.5) == losses(dropout=0.5)
    assert losses(dropout=0.5) != losses(dropout=0.5, seed=2) != losses(seed=2)
    assert losses(seed=2) == losses()  # nothing is drawn


def test_the_pictures_networks_have_no_steps_in_python():
    explorer = TrainingExplorer(network="small")
    assert explorer.losses.size == explorer.gradient.size == 0
    assert explorer.filters.shape == (5, 5, 16)
    assert "1,000 pictures of clothes, 16 a step" in explorer._sentence()
    assert "Filters at the start" in figure(explorer)[3]


@pytest.mark.parametrize(("name", "parameters"), [("tile", 97), ("small", 77_194), ("miniature", 182_602)])
def test_the_networks_start_as_they_say(name, parameters):
    network = build(name)
    assert sum(array.size for array in network.params.values()) == parameters
    last = list(deviations(network, "he"))[-1]
    assert deviations(network, "chapter")[last] == 0.01 != deviations(network, "he")[last]
    assert set(deviations(network, "paper").values()) == {0.01}
    begin(network, "paper", 3)
    ones = [key for key, array in network.params.items() if key.endswith("bias") and array.all()]
    assert (
        ones
        == {
            "tile": ["hidden.bias"],
            "small": ["conv2.bias", "fc6.bias"],
            "miniature": ["conv2.bias", "conv4.bias", "conv5.bias", "fc6.bias"],
        }[name]
    )


def test_coins_are_fair_and_normal_numbers_normal():
    coins = Coins(7)
    both = coins.random((3, 2)).ravel().tolist() + coins.random(4).tolist()
    assert both == Coins(7).random(10).tolist()
    normal = Coins(1).normal(20_000)
    assert abs(normal.mean()) < 0.03
    assert normal.std() == pytest.approx(1, abs=0.02)


def test_the_pictures_of_the_page_are_those_of_the_course_class_by_class():
    pictures, fashion = clothes(), load_fashion()
    assert pictures.shape == (1200, 28, 28)
    for n in (0, 13, 999):
        np.testing.assert_array_equal(pictures[n], fashion.images[n % 10 * 500 + n // 10, :, :, 0])
    np.testing.assert_array_equal(pictures[1199], fashion.held_out_images[919, :, :, 0])


def test_a_run_that_ends_early_is_drawn_and_said(monkeypatch):
    run = TrainingExplorer(rate=10, decay=0.1)
    short = run._run._replace(losses=run._run.losses[:4])
    monkeypatch.setattr("alexnet_course.explorers.training._run", lambda *settings: short)
    assert run._sentence() == "With rate 10 the loss is no number after 4 steps. Try a tenth of it."
    assert figure(run)[3].count("<circle") == 4
