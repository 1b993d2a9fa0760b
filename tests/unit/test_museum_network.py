"""The network as the code of 2012 has it: changes one by one, towers, crops that are shared, the run log."""

import numpy as np
import pytest

from alexnet_course import museum
from alexnet_course.alexnet import INPUT_SHAPE, AlexNet
from alexnet_course.gradcheck import gradient_gaps
from alexnet_course.images import random_views
from alexnet_course.layers import Conv2D, Dense, LocalResponseNormalization, MaxPooling2D, ReLU
from alexnet_course.miniature import Miniature
from alexnet_course.museum import CHANGES, Towers, rearranged
from alexnet_course.network import Sequential


@pytest.fixture(scope="module")
def paper():
    """AlexNet of this course, without weights: its layers are looked at, not run."""
    return AlexNet(initial=0.0)


@pytest.fixture(scope="module")
def code(paper):
    return rearranged(paper)


def responses(*shape):
    return 60 * np.random.default_rng(0).standard_normal(shape)


def test_the_changes_come_one_by_one_and_share_the_weights(paper, code):
    alike = rearranged(paper, [])
    assert [*alike.layers] == [*paper.layers]
    assert repr(alike["lrn1"]) == repr(LocalResponseNormalization())
    for name, layer in paper.layers.items():
        if layer.params:
            assert code[name] is layer
    assert rearranged(paper, ["alpha / n"])["lrn1"].alpha == pytest.approx(2e-5)
    assert rearranged(paper, ["per card"])["lrn2"]["b"].alpha == 1e-4
    assert [*rearranged(paper, ["order"]).layers][:4] == ["conv1", "lrn1", "pool1", "relu1"]
    with pytest.raises(ValueError, match=r"changes must be among order, alpha / n, .*; got colour"):
        rearranged(paper, ["colour"])
    with pytest.raises(ValueError, match="network must have AlexNet's layers; it lacks relu1, lrn1"):
        rearranged(Sequential({"fc": Dense(2, 3)}))


def test_the_museums_shapes_are_the_papers(paper, code):
    ours = {row.name: row.output_shape for row in paper._rows(INPUT_SHAPE)}
    theirs = {row.name: row.output_shape for row in code._rows(INPUT_SHAPE)}
    for name in ("conv1", "pool1", "conv2", "pool2", "conv3", "conv5", "pool5", "fc6", "fc8"):
        assert ours[name] == theirs[name]


def test_where_the_two_part():
    """A small AlexNet: equal until the first normalization, and equal without any change."""
    network = Miniature(rng=np.random.default_rng(0), dtype=float)
    x = 3 * np.abs(responses(2, 27, 27, 1))
    assert set(museum.relative_differences(network, rearranged(network, []), x).values()) == {0.0}
    found = museum.relative_differences(network, rearranged(network), x)
    assert list(found) == ["conv1", "pool1", "conv2", "pool2", "conv3", "conv4", "conv5", "fc6", "fc8"]
    assert found["conv1"] == 0
    assert min(value for name, value in found.items() if name != "conv1") > 0.01
    only = museum.relative_differences(network, rearranged(network, ["within maps"]), x)
    assert [only[name] > 0 for name in ("conv1", "pool1", "conv2", "pool2")] == [False, False, False, True]


def test_a_relu_behind_a_pool_belongs_to_its_stage():
    network = Sequential({"conv1": ReLU(), "relu1": ReLU(), "pool1": MaxPooling2D(3, 2)})
    other = Sequential({"conv1": ReLU(), "pool1": MaxPooling2D(3, 2), "relu1": ReLU()})
    assert museum.relative_differences(network, other, responses(1, 5, 5, 2)) == {"conv1": 0.0, "pool1": 0.0}


def test_the_museums_network_learns():
    """Forward and backward through all rearranged layers, against differences."""
    rng = np.random.default_rng(0)
    network = Sequential(
        {
            "conv1": Conv2D(2, 4, 3, dtype=float, rng=rng),
            "relu1": ReLU(),
            "lrn1": LocalResponseNormalization(alpha=0.1),
            "pool1": MaxPooling2D(3, 2),
            "conv2": Conv2D(4, 4, 1, groups=2, dtype=float, rng=rng),
            "relu2": ReLU(),
            "lrn2": LocalResponseNormalization(alpha=0.1),
            "relu5": ReLU(),
        }
    )
    gaps = gradient_gaps(rearranged(network), rng.standard_normal((2, 9, 9, 2)), rng)
    assert len(gaps) == 5
    assert max(gaps.values()) < 1e-6, gaps


# ---- towers


def test_a_convolution_in_two_groups_is_two_towers():
    rng = np.random.default_rng(0)
    whole = Conv2D(4, 6, 3, padding=1, groups=2, dtype=float, rng=rng)
    halves = {card: Conv2D(2, 3, 3, padding=1, dtype=float) for card in "ab"}
    for half, weight in zip(halves.values(), np.split(whole.weight, 2, axis=-1), strict=True):
        half.weight = weight
    towers, x = Towers(halves), responses(2, 5, 4, 4)
    np.testing.assert_allclose(towers.forward(x), whole.forward(x), rtol=1e-10)
    grad_output = responses(2, 5, 4, 6)
    np.testing.assert_allclose(towers.backward(grad_output), whole.backward(grad_output), rtol=1e-10)
    np.testing.assert_allclose(towers.grads["b.weight"], whole.grads["weight"][..., 3:], rtol=1e-10)
    assert towers.backward(grad_output, input_gradient=False) is None
    np.testing.assert_array_equal(towers.predict(x), towers.forward(x))
    assert towers.output_shape((5, 4, 4)) == whole.output_shape((5, 4, 4))
    assert towers.multiply_accumulates((5, 4, 4)) == whole.multiply_accumulates((5, 4, 4))
    assert towers.window == whole.window


def test_towers_refuse_what_they_cannot_share():
    towers = Towers({"a": ReLU(), "b": ReLU()})
    with pytest.raises(ValueError, match="channels that 2 towers can share equally; got 3"):
        towers.forward(np.zeros((1, 2, 2, 3)))
    uneven = Towers({"a": ReLU(), "b": MaxPooling2D(2)})
    with pytest.raises(ValueError, match="towers must give equal rows and columns"):
        uneven.forward(np.zeros((1, 2, 2, 4)))


# ---- crops, log


def test_a_chunk_is_one_picture_for_random_views():
    images = np.random.default_rng(0).random((3, 6, 7, 2)).astype(np.float32)
    views = museum.chunked_views(images, 4, np.random.default_rng(1))
    alone = random_views(images[:1], 4, np.random.default_rng(1))
    np.testing.assert_array_equal(views[:1], alone)
    assert views.shape == (3, 4, 4, 2)
    assert views.dtype == np.float32
    assert museum.chunked_views(images[:0], 4, None).shape == (0, 4, 4, 2)
    with pytest.raises(ValueError, match=r"images must have shape \(N, H, W, C\)"):
        museum.chunked_views(images[0], 4, None)


@pytest.mark.first_version("T10", "T21")
@pytest.mark.parametrize("name", [run.name for run in museum.runs().values() if run.paper])
def test_the_run_log_rounds_to_what_the_paper_prints(name):
    run = museum.runs()[name]
    gaps = museum.points_above(run.name) if run.against else 100 * np.array(run.errors)
    assert [f"{gap:.1f}" for gap in gaps] == [f"{number:.1f}" for number in run.paper]


def test_a_run_or_group_that_is_not_there():
    with pytest.raises(ValueError, match=r"name must be one of 145, longer, .*; got '145'"):
        museum.points_above("145")
    with pytest.raises(ValueError, match=r"group must be one of network, .*; got 'weather'"):
        museum.differences("weather")


def test_a_notebook_shows_the_table():
    table = museum.differences("pictures")
    lines = table._repr_markdown_().splitlines()
    assert lines[0] == "| detail | paper | code of 2012 | this course |"
    assert len(lines) == 2 + len(table)
    assert repr(table) == f"Table({len(table)} differences)"
    assert len(CHANGES) == 4
