"""The forward-pass explorer in Python: its stages, where a unit looks, and how it comes to its number."""

import numpy as np
import pytest
from explorer_harness import figure

from alexnet_course.data.photographs import NAMES, load_photograph
from alexnet_course.explorers import ForwardPassExplorer
from alexnet_course.explorers.forward_pass import CLOTHES, STAGES
from alexnet_course.explorers.made import made
from alexnet_course.images import centre_crop
from alexnet_course.miniature import load_miniature
from alexnet_course.miniature import preprocess as preprocess_clothes
from alexnet_course.squeezenet import load_squeezenet, preprocess


def explorer(network, name, **settings):
    at = [stage["name"] for stage in STAGES[network]].index(name)
    return ForwardPassExplorer(network=network, stage=at, **settings)


def test_the_stages_are_those_of_the_network():
    stages = [ForwardPassExplorer(stage=at) for at in range(16)]
    shapes = {stage.name: stage.shape for stage in stages}
    assert shapes["image"] == (1, 227, 227, 3)
    assert shapes["pool5"] == (1, 6, 6, 256)
    assert shapes["flatten"] == (1, 9216)
    assert shapes["softmax"] == (1, 1000)
    names = "image conv1 lrn1 pool1 conv2 lrn2 pool2 conv3 conv4 conv5 pool5 flatten fc6 fc7 fc8 softmax"
    assert " ".join(shapes) == names


def test_what_a_stage_has_not_is_its_last():
    assert ForwardPassExplorer(stage=23).name == "softmax"
    assert ForwardPassExplorer(stage=10, map=9000, row=99, column=5).place == (255, 5, 5)
    assert ForwardPassExplorer(stage=11, map=9000, row=99).place == (9000, 0, 0)


def test_a_map_that_is_not_stored_is_told_by_the_largest():
    chosen = ForwardPassExplorer(stage=1).stored["chosen"]
    assert ForwardPassExplorer(stage=1, map=chosen[2]).stored != ForwardPassExplorer(stage=1).stored
    missing = next(number for number in range(96) if number not in chosen)
    largest = ForwardPassExplorer(stage=1, map=chosen[0]).stored
    assert ForwardPassExplorer(stage=1, map=missing).stored == largest
    assert ForwardPassExplorer(stage=0).stored["deviation"] == 39.0


def test_the_random_network_has_no_outputs_to_give():
    for name in ("output", "order", "arithmetic", "votes"):
        with pytest.raises(ValueError, match="network is 'random AlexNet', of which six maps"):
            getattr(ForwardPassExplorer(), name)


@pytest.mark.parametrize(
    ("network", "name", "settings", "window", "field"),
    [
        ("random AlexNet", "conv1", {"row": 20, "column": 54}, (80, 216, 11), (80, 216, 90, 226)),
        ("random AlexNet", "conv2", {"row": 0, "column": 0}, (-2, -2, 5), (-16, -16, 34, 34)),
        ("random AlexNet", "lrn1", {"row": 1, "column": 2}, None, (4, 8, 14, 18)),
        ("random AlexNet", "fc6", {}, None, (-64, -64, 290, 290)),
        ("SqueezeNet", "fire2.expand", {"map": 63, "row": 1, "column": 0}, (1, 0, 1), (4, 0, 10, 6)),
        ("SqueezeNet", "fire2.expand", {"map": 64, "row": 1, "column": 0}, (0, -1, 3), (0, -4, 14, 10)),
        ("miniature", "pool1", {"row": 12, "column": 0}, (24, 0, 3), (23, -1, 27, 3)),
        ("miniature", "flatten", {"map": (2 * 6 + 3) * 32 + 7}, None, None),
    ],
)
def test_where_a_unit_looks(network, name, settings, window, field):
    found = explorer(network, name, **settings)
    assert found.window == window
    if name == "flatten":  # the number 7 of row 2, column 3
        field = explorer(network, "conv5", row=2, column=3).field
    assert found.field == field


@pytest.mark.parametrize("name", ["conv1", "pool1", "conv2", "conv4"])
def test_no_pixel_outside_its_field_changes_a_unit_and_one_inside_does(name):
    """What the tables say of a unit's field, asked of the network itself."""
    network, rng = load_miniature(dtype=np.float64), np.random.default_rng(0)
    unit = explorer("miniature", name, row=3, column=2, map=9)
    top, left, bottom, right = (min(26, max(0, side)) for side in unit.field)
    x = rng.normal(size=(1, 27, 27, 1))

    def value(x):
        for layer in network.layers.items():
            x = layer[1].predict(x)
            if layer[0] == name:
                return x[0, 3, 2, 9]

    outside = rng.normal(size=x.shape)
    outside[0, top : bottom + 1, left : right + 1] = x[0, top : bottom + 1, left : right + 1]
    assert value(outside) == value(x)
    inside = x.copy()
    inside[0, top : bottom + 1, left : right + 1] += rng.normal(size=(bottom + 1 - top, right + 1 - left, 1))
    assert value(inside) != value(x)


@pytest.mark.parametrize("photograph", NAMES[:2])
def test_what_squeezenet_hands_on_is_what_its_layers_give(photograph):
    image, network = load_photograph(photograph), load_squeezenet()
    last = explorer("SqueezeNet", "average", photograph=photograph)
    np.testing.assert_array_equal(last.picture, centre_crop(image, 227))
    np.testing.assert_allclose(last.output, network.predict(preprocess(image)), rtol=1e-4)
    sums = last.output[0][last.order]
    assert (np.diff(sums) <= 0).all()


def test_what_is_drawn_is_what_the_miniature_sees():
    found = explorer("miniature", "fc8")
    before = found.output
    drawn = np.random.default_rng(0).integers(0, 256, (28, 28), np.uint8)
    found.drawn = memoryview(drawn.tobytes())
    np.testing.assert_array_equal(found.picture[..., 0], drawn[:27, :27])
    x = preprocess_clothes(drawn.reshape(1, 28, 28, 1))[:, :27, :27]
    np.testing.assert_allclose(found.output, load_miniature().predict(x), rtol=1e-4)
    found.drawn = None
    np.testing.assert_array_equal(found.output, before)


def test_a_groups_filter_sees_its_half_of_the_maps():
    for number, first in ((0, 0), (23, 0), (24, 24), (47, 24)):
        found = explorer("miniature", "conv4", map=number, row=2, column=2).arithmetic
        assert (found["first"], found["window"].shape) == (first, (3, 3, 24))
        z = (found["window"] * found["filter"]).sum() + found["bias"]
        assert z == pytest.approx(found["value"], abs=1e-4)
        assert found["passed"] == max(found["value"], 0)


def test_votes_add_up_to_the_score():
    for network in ("SqueezeNet", "miniature"):
        found = explorer(network, "softmax", map=3).votes
        assert found["parts"].sum() + found["bias"] == pytest.approx(found["score"], rel=1e-4)


def test_the_pictures_of_clothes_are_held_out():
    assert len(CLOTHES) == 20
    assert made("clothes")["count"] == 5000


def test_the_caption_says_where_the_unit_looks():
    assert figure(ForwardPassExplorer())[4] == (
        "conv1 hands on 1 × 55 × 55 × 96, 290,400 numbers. Map 91, row 20, column 20 looks at rows 80 to 90, "
        "columns 80 to 90 of the picture."
    )
    assert "Number 5 looks at rows −64 to 290" in figure(ForwardPassExplorer(stage=12, map=5))[4]
