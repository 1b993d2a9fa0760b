"""The alexnet explorer in Python, against the course's own layers."""

import numpy as np
import pytest

from alexnet_course.alexnet import TABLE, AlexNet, Convolution, FullyConnected
from alexnet_course.explorers import AlexNetExplorer
from alexnet_course.geometry import receptive_field
from alexnet_course.layers import Conv2D, Dense, MaxPooling2D

LAYERS = {row.name: at for at, row in enumerate(TABLE)}


@pytest.mark.parametrize("groups", [1, 2])
def test_it_is_the_network_of_the_course(groups):
    explorer, network = AlexNetExplorer(groups=groups), AlexNet(groups, rng=np.random.default_rng(0))
    layers, shape, stages = network.layers, network.input_shape, []
    for name, layer in layers.items():
        before, shape = shape, layer.output_shape(shape)
        if name in LAYERS:
            row = explorer.rows[LAYERS[name]]
            assert row.shape == shape
            assert row.parameters == sum(array.size for array in layer.params.values())
            assert row.multiply_accumulates == layer.multiply_accumulates(before)
            if len(shape) == 3:
                stages.append((explorer.kernel_sizes[LAYERS[name]], explorer.strides[LAYERS[name]]))
                assert (row.field, row.jump) == receptive_field(stages)
    assert explorer.multiply_accumulates == network.multiply_accumulates(network.input_shape)
    assert explorer.parameters == {1: 62_378_344, 2: 60_965_224}[groups]


@pytest.mark.parametrize(
    ("settings", "reached"),
    [
        ({}, []),
        ({"layer": 3}, []),
        ({"groups": 2}, [0]),
        ({"groups": 2, "size": 224}, []),
        ({"features": [1024, 4096, 1000]}, [1]),
        ({"features": [1024, 1024, 1000]}, []),
        ({"size": 224, "paddings": [2, 2, 1, 1, 1]}, [2]),
        ({"size": 195}, [3]),
        ({"size": 60}, []),
    ],
)
def test_goals(settings, reached):
    explorer = AlexNetExplorer(**settings)
    assert [goal for goal, done in enumerate(explorer.reached) if done] == reached
    assert len(explorer.reached) == 4


def random_settings(rng):
    """Return settings of which about half make a network."""
    start = AlexNetExplorer()
    settings = {"size": int(rng.integers(16, 257)), "groups": int(rng.integers(1, 5))}
    for name, most in [
        ("kernel_sizes", 15),
        ("strides", 8),
        ("paddings", 7),
        ("filters", 24),
        ("features", 40),
    ]:
        numbers = list(getattr(start, name))
        if name in ("filters", "features"):
            numbers = (4 * rng.integers(1, most // 4 + 1, len(numbers)) - (rng.random() < 0.1)).tolist()
        for place in rng.integers(0, len(numbers), rng.integers(0, 3)):
            if name not in ("filters", "features"):
                numbers[place] = int(rng.integers(0 if name == "paddings" else 1, most + 1))
        settings[name] = numbers
    return settings


def by_layers(explorer):
    """Return the rows by real layers, as far as they can be made."""
    shape, rows, windows, convolutions, dense = (explorer.size, explorer.size, 3), [], 0, 0, 0
    for row in TABLE:
        try:
            if isinstance(row, FullyConnected):
                shape = (int(np.prod(shape)),)
                layer = Dense(*shape, explorer.features[dense])
                dense += 1
            elif isinstance(row, Convolution):
                layer = Conv2D(
                    shape[-1], explorer.filters[convolutions], explorer.kernel_sizes[windows],
                    explorer.strides[windows], explorer.paddings[convolutions],
                    groups=explorer.groups if row.groups > 1 else 1,
                )  # fmt: skip
                convolutions += 1
                windows += 1
            else:
                layer = MaxPooling2D(explorer.kernel_sizes[windows], explorer.strides[windows])
                windows += 1
            before, shape = shape, layer.output_shape(shape)
        except ValueError:
            break
        parameters = sum(array.size for array in layer.params.values())
        rows.append((row.name, shape, parameters, layer.multiply_accumulates(before)))
    return rows


def test_rows_are_what_the_layers_give():
    rng, lengths = np.random.default_rng(1), set()
    for _ in range(60):
        explorer = AlexNetExplorer(**random_settings(rng))
        expected = by_layers(explorer)
        assert [row[:4] for row in explorer.rows] == expected
        assert (explorer.broken is None) == (len(expected) == len(TABLE))
        lengths.add(len(expected))
    assert len(lengths) > 3
    assert len(TABLE) in lengths


def test_what_breaks_is_said():
    assert AlexNetExplorer(groups=3).broken == ("conv2", "3 groups do not divide its 256 filters")
    explorer = AlexNetExplorer(filters=[97, 256, 384, 384, 256], groups=2)
    assert explorer.broken == ("conv2", "2 groups do not divide its 97 input channels")
    assert explorer.parameters == explorer.multiply_accumulates == 0
    assert explorer._sentence() == (
        "The network ends before conv2: 2 groups do not divide its 97 input channels."
    )
    assert AlexNetExplorer(size=16, kernel_sizes=[15, *[3] * 7]).broken.name == "pool1"
    assert AlexNetExplorer(size=224).rows[0].unused == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("filters", [96]),
        ("filters", [0] * 5),
        ("paddings", [0.5] * 5),
        ("strides", [9] * 8),
        ("features", "4096"),
        ("kernel_sizes", [float("nan")] * 8),
    ],
)
def test_lists_that_are_none(name, value):
    with pytest.raises(ValueError, match=name):
        AlexNetExplorer(**{name: value})
