"""The ablation: what each change builds, and that the file holds what the tool would write."""

import json

import ablate_miniature
import numpy as np
import pytest

from alexnet_course import gradcheck
from alexnet_course.layers import Dropout, LocalResponseNormalization, MaxPooling2D, ReLU
from alexnet_course.miniature import ABLATION, Miniature


def built(**changes):
    return ablate_miniature.build(np.random.default_rng(0), **{"dropout": 0.25} | changes)


def kinds(network, kind):
    return [layer for layer in network.layers.values() if isinstance(layer, kind)]


def test_without_a_change_it_is_the_miniature():
    network, miniature = built(), Miniature(rng=np.random.default_rng(0))
    assert list(network.layers) == list(miniature.layers)
    assert network["fc8"].weight.std() == pytest.approx(0.01)
    for name in ("conv1", "conv5", "fc6"):
        np.testing.assert_array_equal(network[name].weight, miniature[name].weight)
    assert [layer.rate for layer in kinds(network, Dropout)] == [0.25]


def test_each_change_changes_its_part():
    assert not kinds(built(normalized=False), LocalResponseNormalization)
    assert {layer.pool_size for layer in kinds(built(pool_size=2), MaxPooling2D)} == {(2, 2)}
    tanh = built(tanh=True)
    assert len(kinds(tanh, ablate_miniature.Tanh)) == 6
    assert not kinds(tanh, ReLU)
    one = built(groups=1)
    assert {one[f"conv{i}"].groups for i in range(1, 6)} == {1}
    paper = built(initial="paper", bias=1.0)
    biases = {name: float(array[0]) for name, array in paper.params.items() if name.endswith("bias")}
    assert [name[:5] for name, value in biases.items() if value] == ["conv2", "conv4", "conv5", "fc6.b"]
    assert set(biases.values()) == {0, 1}
    assert paper["conv3"].weight.std() == pytest.approx(0.01, rel=0.05)


def test_the_gradient_of_tanh_is_right():
    x = np.random.default_rng(0).standard_normal((2, 3, 3, 1))
    assert max(gradcheck.gradient_gaps(ablate_miniature.Tanh(), x).values()) < 1e-7


def test_the_file_holds_every_change_with_as_many_seeds_as_the_tool_runs():
    found = {(row["regime"], row["change"]): len(row["right"]) for row in json.loads(ABLATION.read_text())}
    wanted = {}
    for regime, change, _, _ in ablate_miniature.jobs(None, None):
        wanted[regime, change] = wanted.get((regime, change), 0) + 1
    assert found == wanted


def test_a_line_of_the_file_is_what_the_tool_writes():
    lines = ABLATION.read_text().splitlines()[1:-1]
    row = json.loads(lines[0].rstrip(","))
    results = [(right, row["training_right"], row["held_out_loss"]) for right in row["right"]]
    assert ablate_miniature.summary((("short", "as it is"), results)) == lines[0].rstrip(",")
