"""What chapter 11 says in words, measured."""

import numpy as np
import pytest

from alexnet_course import practice
from alexnet_course.alexnet import AlexNet
from alexnet_course.data.photographs import MEAN_COLOUR, centre_crop, load_photograph
from alexnet_course.layers import Softmax
from alexnet_course.practice.ch11_forward_pass import ENOUGH
from alexnet_course.squeezenet import classify


def entropy(shares):
    known = shares[shares > 0].astype(np.float64)
    return float((known * np.log(1 / known)).sum())


def test_the_divisor_of_the_exercise_is_where_the_entropy_passes():
    network = AlexNet(initial="he", rng=np.random.default_rng(0))
    photograph = centre_crop(load_photograph("chelsea"), 227) - np.float32(MEAN_COLOUR)

    def answer(divisor):
        return Softmax().predict(network.predict(photograph[np.newaxis] / np.float32(divisor)))[0]

    assert entropy(answer(ENOUGH)) > 6.5 > entropy(answer(ENOUGH - 5))
    assert 5.7 < entropy(answer(39)) < 6
    assert answer(1).max() > 0.99
    assert practice.check("11.5", 100).passed
    assert not practice.check("11.5", ENOUGH - 1).passed


def test_espresso_with_red_and_blue_of_the_photograph_exchanged():
    swapped = dict(classify(load_photograph("coffee")[..., ::-1]))
    assert swapped["espresso"] == pytest.approx(0.30, abs=0.005)
