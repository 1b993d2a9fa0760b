"""What chapter 12 says in words, measured."""

import copy

import numpy as np
import pytest

from alexnet_course.data import tile
from alexnet_course.data.photographs import load_photograph
from alexnet_course.explorers import BackpropagationExplorer
from alexnet_course.explorers.backpropagation import PARAMETERS
from alexnet_course.gradcheck import numerical_gradient
from alexnet_course.losses import cross_entropy
from alexnet_course.squeezenet import load_squeezenet, preprocess


@pytest.fixture
def learn(tile_network):
    """Return a function: the loss, its gradients and the share of the forecast that a step makes true."""

    def learn_(x, rate):
        loss, grad_logits = cross_entropy(tile_network.forward(x), [0])
        tile_network.backward(grad_logits)
        squares = sum((g**2).sum() for g in tile_network.grads.values())
        better = copy.deepcopy(tile_network)
        for name, array in better.params.items():
            array -= rate * tile_network.grads[name]
        return (loss - cross_entropy(better.forward(x), [0])[0]) / (rate * squares)

    return learn_


def test_the_share_of_the_forecast_stops_short_of_one_only_because_of_the_ties(learn):
    ear = tile.X.astype(float)
    assert [round(learn(ear, rate), 3) for rate in (1e-3, 1e-6)] == [0.853, 0.993]
    shaken = ear + 0.01 * np.random.default_rng(0).standard_normal(ear.shape)
    assert learn(shaken, 1e-6) == pytest.approx(1, abs=2e-4)


def test_of_the_nine_weights_of_filter_one_all_but_one_have_a_corner(tile_network):
    x = tile.X.astype(float)
    tile_network.backward(cross_entropy(tile_network.forward(x), [0])[1])
    weight = tile_network["conv"].weight
    nudged = numerical_gradient(lambda: cross_entropy(tile_network.forward(x), [0])[0], weight)
    off = np.abs(nudged - tile_network["conv"].grads["weight"])[:, :, 0] > 1e-6
    assert not off[..., [0, 2]].any()
    assert np.argwhere(~off[..., 1]).tolist() == [[2, 1]]


def test_a_loser_of_a_tie_has_gradient_zero_and_a_loss_that_is_not_flat():
    loser = int(np.ravel_multi_index((3, 1, 1), tile.MAPS.shape[1:]))
    explorer = BackpropagationExplorer(index=loser)
    assert explorer.gradient == 0
    assert explorer.curve[20] != explorer.curve[30]


def test_the_trained_network_has_26_convolutions():
    weights = [array for name, array in load_squeezenet().params.items() if name.endswith("weight")]
    assert [array.ndim for array in weights] == [4] * 26


def test_of_the_eight_gaps_two_are_above_one(tile_network):
    x = tile.X.astype(float)
    tile_network.backward(cross_entropy(tile_network.forward(x), [0])[1])
    weight = tile_network["conv"].weight
    nudged = numerical_gradient(lambda: cross_entropy(tile_network.forward(x), [0])[0], weight)
    gaps = np.abs(nudged - tile_network["conv"].grads["weight"])
    assert [(gaps > least).sum() for least in (1e-6, 1)] == [8, 2]


def test_from_the_stripe_the_largest_gradient_of_a_parameter_is_much_smaller():
    def largest(picture):
        gradients = BackpropagationExplorer(picture=picture).gradients
        return round(max(float(np.abs(gradients[part]).max()) for part in PARAMETERS), 2)

    assert (largest("ear"), largest("stripe")) == (9.94, 0.29)


def test_the_gradient_of_chelsea_is_darkest_where_the_caption_says():
    trained = load_squeezenet(dtype=np.float64)
    scores = trained.forward(preprocess(load_photograph("chelsea")).astype(np.float64))
    strength = np.abs(trained.backward(np.eye(scores.shape[1])[[285]])[0]).sum(axis=-1)

    def around(row, column):
        return strength[row - 10 : row + 11, column - 10 : column + 11].mean()

    left_eye, cheek, nose, right_eye, forehead, mouth = (
        around(*place) for place in [(86, 68), (166, 172), (188, 148), (104, 190), (22, 155), (212, 145)]
    )
    assert left_eye > max(cheek, nose)
    assert min(cheek, nose) > max(right_eye, forehead)
    assert min(right_eye, forehead) > 1.5 * strength.mean() > strength.mean() > mouth
