"""What chapter 11 says in words, measured."""

import numpy as np
import pytest

from alexnet_course import practice
from alexnet_course.alexnet import AlexNet
from alexnet_course.data.classes import class_names
from alexnet_course.data.photographs import MEAN_COLOUR, centre_crop, load_photograph
from alexnet_course.layers import Conv2D, Dense, Softmax
from alexnet_course.practice.ch11_forward_pass import ENOUGH
from alexnet_course.squeezenet import classify


def entropy(shares):
    known = shares[shares > 0].astype(np.float64)
    return float((known * np.log(1 / known)).sum())


def he_network_of_the_chapter():
    """Return AlexNet with the weights of chapter 11 at exercise 11.5, drawn in the chapter's order."""
    rng = np.random.default_rng(0)
    network = AlexNet(groups=2, rng=rng)
    for layer in Conv2D(1, 3, 3, rng=rng), Dense(12, 4, rng=rng), Dense(4, 3, rng=rng):
        assert layer.params  # they draw theirs
    network["conv1"].weight = rng.normal(0, 0.01, network["conv1"].weight.shape)
    for layer in network.layers.values():
        if layer.params:
            layer.weight *= np.sqrt(2 / layer.weight[..., 0].size) / layer.weight.std()
            layer.bias[:] = 0
    return network


def test_the_divisor_of_the_exercise_is_where_the_entropy_passes():
    network = he_network_of_the_chapter()
    photograph = centre_crop(load_photograph("chelsea"), 227) - np.float32(MEAN_COLOUR)

    def answer(divisor):
        return Softmax().predict(network.predict(photograph[np.newaxis] / np.float32(divisor)))[0]

    assert entropy(answer(ENOUGH - 0.3)) < 6.5 < entropy(answer(ENOUGH + 0.2))
    assert 5.7 < entropy(answer(39)) < 6
    assert answer(1).max() > 0.99
    assert practice.check("11.5", 62).passed
    assert "smaller" in practice.check("11.5", 63).text
    assert "still below 6.5" in practice.check("11.5", ENOUGH - 0.1).text


def test_of_people_the_classes_know_three():
    assert class_names()[981:984] == ("ballplayer", "groom", "scuba diver")


def test_espresso_with_red_and_blue_of_the_photograph_exchanged():
    swapped = dict(classify(load_photograph("coffee")[..., ::-1]))
    assert swapped["espresso"] == pytest.approx(0.30, abs=0.005)
