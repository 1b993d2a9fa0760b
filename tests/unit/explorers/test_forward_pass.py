"""The forward-pass explorer: what it shows is what the layers hand on."""

import numpy as np

from alexnet_course.explorers import ForwardPassExplorer


def test_the_stages_are_those_of_the_network():
    shapes = {ForwardPassExplorer(stage=at).name: ForwardPassExplorer(stage=at).shape for at in range(14)}
    assert shapes["image"] == (1, 227, 227, 3)
    assert shapes["pool5"] == (1, 6, 6, 256)
    assert shapes["flatten"] == (1, 9216)
    assert shapes["softmax"] == (1, 1000)
    names = "image conv1 pool1 conv2 pool2 conv3 conv4 conv5 pool5 flatten fc6 fc7 fc8 softmax"
    assert " ".join(shapes) == names


def test_a_stage_with_fewer_maps_shows_its_last():
    explorer = ForwardPassExplorer(stage=0, map=5)
    np.testing.assert_array_equal(explorer.output, ForwardPassExplorer(stage=0, map=2).output)
    assert explorer._sentence().startswith("image hands on 1 × 227 × 227 × 3, 154,587 numbers")
    assert ForwardPassExplorer(stage=10)._sentence().endswith("numbers without a place.")


def test_the_image_has_the_deviation_of_what_the_network_gets():
    assert ForwardPassExplorer(stage=0).deviation == 39.0
