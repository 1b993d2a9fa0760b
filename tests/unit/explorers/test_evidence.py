"""The evidence explorer in Python: its numbers against the network's own, and what each source leaves."""

import math

import numpy as np
import pytest

from alexnet_course.alexnet import AlexNet
from alexnet_course.explorers import EvidenceExplorer
from alexnet_course.explorers.evidence import RULES, SIZES, map_sides
from alexnet_course.geometry import output_size


def left(*sources):
    """Return the hypotheses that agree with everything that these sources say."""
    trusts = {source: source in sources for source in ("paper", "files", "program")}
    return EvidenceExplorer(**trusts).left


@pytest.mark.parametrize(("size", "rule"), [(227, "rounded down"), (224, "rounded up")])
def test_the_numbers_are_those_of_the_network(size, rule):
    network = AlexNet(groups=2, rng=np.random.default_rng(0))
    shapes, shape = {}, (227, 227, 3)
    for name, layer in network.layers.items():
        shape = shapes[name] = layer.output_shape(shape)
    explorer = EvidenceExplorer(size=size, rule=rule)
    names = ("conv1", "pool1", "conv2", "pool2", "conv5", "pool5")
    assert explorer.sides == [shapes[name][0] for name in names]
    units = [math.prod(shapes[name]) for name in shapes if name.startswith(("conv", "fc"))]
    assert explorer.says[3] == math.prod(shapes["conv2"])
    assert explorer.says[4] == sum(units)
    assert explorer.says[5] == sum(array.size for array in network.params.values())


@pytest.mark.parametrize("size", SIZES)
def test_zeros_at_the_end_make_a_row_as_long(size):
    longer = map_sides(size + 3, "rounded down")[0] if size + 3 in SIZES else output_size(size + 3, 11, 4)
    assert map_sides(size, "3 zeros at the end")[0] == longer


@pytest.mark.first_version("T25", "C22")
def test_224_rounded_down_gives_fc6_6400_numbers_and_contradicts_eight_pieces():
    explorer = EvidenceExplorer(size=224, rule="rounded down", files=True, program=True)
    assert explorer.sides == [54, 26, 26, 12, 12, 5]
    assert explorer.sides[-1] ** 2 * 256 == 6400
    assert explorer.says == [150_528, 2048, 54, 173_056, 609_640, 49_430_888, 0, 1, 1, 16, 0, 0]
    assert (explorer.agreed, explorer.trusted) == (4, 12)


def test_what_each_source_leaves():
    zeros = [(rule, 224) for rule in RULES if "zeros" in rule]
    assert left("paper") == [("rounded up", 224), *zeros]
    assert left("files") == [
        *(("rounded up", size) for size in (224, 225, 226, 227)),
        *(("only pools rounded up", size) for size in (227, 228, 229, 230)),
    ]
    assert left("program") == [("rounded up", size) for size in SIZES if size % 2 == 0]
    assert left("paper", "files") == left("paper", "program") == [("rounded up", 224)]
    assert left("files", "program") == [("rounded up", 224), ("rounded up", 226)]
    assert left("paper", "files", "program") == [("rounded up", 224)]
    assert len(left()) == len(RULES) * len(SIZES) == 78


def test_run_147_tells_rounding_up_from_227_rounded_down():
    up, down = EvidenceExplorer(rule="rounded up"), EvidenceExplorer(size=227)
    assert up.sides == down.sides == [55, 27, 27, 13, 13, 6]
    assert up.sides_147 == [55, 28, 26, 13, 11, 6]
    assert down.sides_147 == [55, 27, 25, 12, 10, 5]
    assert (up.says[8], down.says[8]) == (0, 1)


def test_the_sentence_counts():
    assert EvidenceExplorer()._sentence() == (
        "224 pixels, rounded down: 2 of 6 pieces agree. Of 78 hypotheses 4 agree with all that is trusted."
    )
    assert (
        EvidenceExplorer(program=True)
        ._sentence()
        .endswith("1 agrees with all that is trusted: 224 pixels, rounded up.")
    )
    nothing = EvidenceExplorer(paper=False)
    assert nothing._sentence() == "Nothing is trusted, so all 78 hypotheses are left."
    assert nothing._figure()
