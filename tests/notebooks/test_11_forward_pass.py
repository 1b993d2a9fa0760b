"""What chapter 11 says in words, measured."""

import numpy as np
import pytest

from alexnet_course import practice
from alexnet_course.alexnet import AlexNet
from alexnet_course.data.classes import class_names
from alexnet_course.data.fashion import CLASSES
from alexnet_course.data.photographs import MEAN_COLOUR, centre_crop, load_photograph
from alexnet_course.explorers import ForwardPassExplorer
from alexnet_course.explorers.forward_pass import CLOTHES
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


def test_the_cat_is_a_sum_of_votes():
    egyptian, tiger = (
        ForwardPassExplorer(network="SqueezeNet", stage=23, map=number).votes for number in (285, 282)
    )
    largest = np.sort(egyptian["parts"])[::-1]
    assert largest[:4] == pytest.approx([3.81, 2.40, 1.44, 1.38], abs=0.005)
    assert egyptian["parts"].argmax() == 426
    assert egyptian["bias"] == pytest.approx(0.02, abs=0.005)
    assert largest[0] + 35 < largest[largest > 0].sum()
    assert egyptian["score"] - tiger["score"] == pytest.approx(0.34, abs=0.005)
    eights = [set(np.argsort(-found["parts"])[:8].tolist()) for found in (egyptian, tiger)]
    assert 426 in eights[1]
    assert len(eights[0] & eights[1]) == 7
    assert class_names()[285] == "Egyptian cat"


@pytest.mark.parametrize(
    ("photograph", "scores"), [("flower", {"brain coral": 26.7, "orange": 26.5}), ("rocket", {})]
)
def test_how_near_the_wrong_answers_are(photograph, scores):
    found = ForwardPassExplorer(network="SqueezeNet", photograph=photograph, stage=22)
    names = [class_names()[number] for number in found.order[:3]]
    for name, score in scores.items():
        assert found.output[0, found.order[names.index(name)]] == pytest.approx(score, abs=0.05)
    if photograph == "rocket":
        assert names == ["missile", "pole", "crane"]
        three = found.output[0, found.order[:3]]
        assert three.max() - three.min() < 0.5


def test_the_second_ten_pictures_are_such_as_the_miniature_gets_wrong():
    for number, picture in enumerate(CLOTHES):
        found = ForwardPassExplorer(network="miniature", clothes=number, stage=13)
        assert (CLASSES[found.order[0]] == picture["label"]) is (number < 10)
