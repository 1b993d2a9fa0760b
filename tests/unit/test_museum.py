"""The table of differences, one test a row: what it says of this course, and the museum's network."""

import ablate_miniature
import numpy as np
import pytest

from alexnet_course import museum
from alexnet_course.alexnet import INPUT_SHAPE, TABLE, AlexNet
from alexnet_course.data import photographs
from alexnet_course.geometry import output_size, overhang
from alexnet_course.images import colour_noise, random_views
from alexnet_course.layers import Conv2D, Dense, Dropout, LocalResponseNormalization, MaxPooling2D, ReLU
from alexnet_course.layers.map_normalization import MapNormalization
from alexnet_course.museum import rearranged
from alexnet_course.network import Sequential
from alexnet_course.optimizers import SGD

ROWS = {row.key: row for row in museum.differences()}


@pytest.fixture(scope="module")
def paper():
    """AlexNet of this course, without weights: its layers are looked at, not run."""
    return AlexNet(initial=0.0)


@pytest.fixture(scope="module")
def code(paper):
    return rearranged(paper)


def behind(network, name, until):
    """Return the kinds of the layers from behind one to another, as the table writes them."""
    names, words = list(network.layers), {"relu": "ReLU", "lrn": "LRN", "pool": "pool"}
    return ", ".join(words[other[:-1]] for other in names[names.index(name) + 1 : names.index(until)])


def responses(*shape):
    return 60 * np.random.default_rng(0).standard_normal(shape)


@pytest.mark.parametrize("key", ROWS)
def test_a_row_has_a_test_and_a_source(key):
    row = ROWS[key]
    assert callable(globals().get(f"test_{key}"))
    assert ".py, line" in row.source or ".cfg" in row.source or ".cu, line" in row.source
    assert all((row.about, row.paper, row.code, row.here))
    assert len({row.paper, row.code, row.here}) > 1


# ---- the rows: the network


def test_order(paper, code):
    row = ROWS["order"]
    assert behind(paper, "conv1", "conv2") == row.here == row.paper
    assert behind(code, "conv1", "conv2") == row.code
    assert behind(code, "conv2", "cnorm2") == "ReLU, LRN"


def test_order_of_conv5(paper, code):
    row = ROWS["order_of_conv5"]
    assert behind(paper, "conv5", "flatten") == row.here
    assert behind(code, "conv5", "flatten") == row.code
    x, pool, relu = responses(1, 13, 13, 8), MaxPooling2D(3, 2), ReLU()
    np.testing.assert_array_equal(pool.predict(relu.predict(x)), relu.predict(pool.predict(x)))


@pytest.mark.first_version("C14")
def test_alpha(paper, code):
    ours, theirs = paper["lrn1"], code["lrn1"]["a"]
    x = np.array([1.0, 3, 2]).reshape(1, 1, 1, 3)
    plain = x.ravel() / (2 + 1e-4 * 14) ** 0.75
    np.testing.assert_allclose(ours.predict(x).ravel(), plain, rtol=1e-12)
    divided = x.ravel() / (2 + 1e-4 * 14 / 5) ** 0.75
    np.testing.assert_allclose(theirs.predict(x).ravel(), divided, rtol=1e-12)


def test_cards(paper, code):
    assert isinstance(paper["lrn2"], LocalResponseNormalization)
    assert [len(code[name].layers) for name in ("lrn1", "lrn2")] == [2, 2]
    x, alone = responses(1, 2, 2, 96), rearranged(paper, ["per card"])
    other = x.copy()
    other[..., 48:] *= 2  # the other card gets louder
    heard = paper["lrn1"].predict(x) != paper["lrn1"].predict(other)
    assert np.flatnonzero(heard[..., :48].any(axis=(0, 1, 2))).tolist() == [46, 47]
    quiet = alone["lrn1"].predict(x) != alone["lrn1"].predict(other)
    assert not quiet[..., :48].any()


def test_within_maps(paper, code):
    assert not any(isinstance(layer, MapNormalization) for layer in paper.layers.values())
    names = list(code.layers)
    assert names[names.index("lrn2") : names.index("pool2") + 1] == ["lrn2", "cnorm2", "pool2"]
    assert sum(isinstance(layer, MapNormalization) for layer in code.layers.values()) == 1


def test_even_window():
    with pytest.raises(ValueError, match="n must be odd"):
        LocalResponseNormalization(n=4)


def test_rounding():
    assert [output_size(224, 11, 4), output_size(224, 11, 4, rounding="ceil")] == [54, 55]
    assert [55**2 % 5, 54**2 % 5] == [0, 1]


def test_input():
    assert ROWS["input"].here == f"{INPUT_SHAPE[0]} pixels a side"
    assert overhang(224, 11, 4) == museum.PAST == INPUT_SHAPE[0] - museum.CROP
    crops = responses(2, 224, 224, 3)
    padded = museum.with_edge(crops)
    assert padded.shape == (2, *INPUT_SHAPE)
    np.testing.assert_array_equal(padded[:, :224, :224], crops)
    assert not padded[:, 224:].any()
    assert not padded[:, :, 224:].any()
    with pytest.raises(ValueError, match=r"crops must have shape \(N, 224, 224, C\)"):
        museum.with_edge(np.zeros((1, 227, 227, 3)))


def test_logits(paper):
    assert list(paper.layers)[-1] == "fc8"
    assert isinstance(paper["fc8"], Dense)


@pytest.mark.first_version("T24")
def test_dropout():
    x = np.abs(responses(2, 50))
    ours, next_layer = Dropout(0.5, rng=np.random.default_rng(0)), Dense(50, 4, dtype=float)
    ours.training = True
    y = ours.forward(x)
    kept = y != 0
    np.testing.assert_array_equal(y, 2 * x * kept)  # the code's training: x * kept
    ours.training = False
    np.testing.assert_array_equal(ours.forward(x), x)  # the code's test: x / 2
    # a network trained by the code's rule is ours once the next layer's weights are halved
    of_2012 = next_layer.predict(x / 2), next_layer.predict(x * kept)
    next_layer.weight /= 2
    np.testing.assert_allclose(next_layer.predict(x), of_2012[0], rtol=1e-12)
    np.testing.assert_allclose(next_layer.predict(y), of_2012[1], rtol=1e-12)


# ---- the rows: training


def test_deviations(code):
    network = museum.museum_network(rng=np.random.default_rng(0))
    assert list(network.layers) == list(code.layers)
    for name, wanted in {"conv1": 0.01, "conv2": 0.01, **museum.DEVIATIONS, "fc6": 0.01, "fc8": 0.01}.items():
        assert network[name].weight.std() == pytest.approx(wanted, rel=0.02)
        bias = next(row.bias for row in TABLE if row.name == name)
        assert (network[name].bias == bias).all()
    ours = Conv2D(256, 384, 3, initial="paper", rng=np.random.default_rng(0))
    assert ours.weight.std() == pytest.approx(0.01, rel=0.02)


def small():
    """A network with a weight and a bias, all of 1, and gradients of 0."""
    network = Sequential({"fc": Dense(2, 3, initial=0.0, bias=1.0, dtype=float)})
    network["fc"].weight += 1
    network.forward(np.zeros((1, 2)))
    network.backward(np.zeros((1, 3)))
    return network


def test_decay():
    network = small()
    SGD(network).step()
    assert {name: array.max() < 1 for name, array in network.params.items()} == {
        "fc.weight": True,
        "fc.bias": True,
    }
    network = small()
    for optimizer in museum.optimizers(network):
        optimizer.step()
    assert network["fc"].weight == pytest.approx(1 - 0.0005 * 0.01)
    assert (network["fc"].bias == 1).all()


def test_rates():
    network = small()
    network["fc"].grads["weight"][...] = network["fc"].grads["bias"][...] = 1
    for optimizer in museum.optimizers(network, weight_rate=0.1, bias_rate=0.3):
        optimizer.weight_decay = 0
        optimizer.step()
    assert network["fc"].weight == pytest.approx(0.9)
    assert network["fc"].bias == pytest.approx(0.7)
    network = small()
    network["fc"].grads["weight"][...] = network["fc"].grads["bias"][...] = 1
    SGD(network, 0.1, weight_decay=0).step()
    assert [float(array.flat[0]) for array in network.params.values()] == pytest.approx([0.9, 0.9])


def test_endgame():
    network = small()
    weights, _ = museum.optimizers(network)
    before = network["fc"].weight.copy()
    weights.learning_rate = 0  # how the code holds a layer still: decay is multiplied by the rate, too
    weights.step()
    np.testing.assert_array_equal(network["fc"].weight, before)
    assert ROWS["endgame"].here == "AlexNet is not trained"


# ---- the rows: pictures


def test_centring():
    assert len(photographs.MEAN_COLOUR) == 3


def test_crops():
    places = 256 - museum.CROP + 1
    assert ROWS["crops"].code == f"{2 * places**2:,}, for a border of {(256 - museum.CROP) // 2}"
    assert ROWS["crops"].here == f"{2 * places**2:,} of 224 pixels"
    assert ROWS["crops"].paper == f"{2 * (places - 1) ** 2:,}"
    ramp = np.arange(33 * 33.0).reshape(1, 33, 33, 1).repeat(2000, axis=0)
    corner = random_views(ramp, 1, np.random.default_rng(0)).ravel()
    assert {0.0, 33 * 33 - 1.0} <= set(corner)  # the first and the last place count


def test_chunks():
    images = np.arange(8 * 8.0).reshape(1, 8, 8, 1).repeat(70, axis=0)
    alike = museum.chunked_views(images, 5, np.random.default_rng(0))
    firsts = alike[:, 0, 0, 0]
    assert [len(set(part)) for part in (firsts[:32], firsts[32:64], firsts[64:])] == [1, 1, 1]
    assert len(set(firsts)) > 1
    assert len(set(random_views(images, 5, np.random.default_rng(0))[:32, 0, 0, 0])) > 5


def test_colours():
    pixels = np.zeros((2, 1, 1, 3))
    one = colour_noise(pixels, [1.0, 2, 3], np.eye(3), np.random.default_rng(0))
    two = colour_noise(pixels, [1.0, 4, 9], np.eye(3), np.random.default_rng(0))
    np.testing.assert_allclose(two / one, [[[[1, 2, 3]]]] * 2)  # scales are what the caller says


# ---- the rows: comparisons


@pytest.mark.first_version("T11")
def test_without_overlap():
    def sizes(pool_size, padding2, padding5, rounding):
        def pooled(size):
            return output_size(size, pool_size, 2, rounding=rounding)

        pool1 = pooled(55)
        pool2 = pooled(output_size(pool1, 5, padding=padding2))
        return pool1, pool2, pooled(output_size(pool2, 3, padding=padding5))

    assert sizes(3, 2, 1, "ceil") == sizes(3, 2, 1, "floor") == (27, 13, 6)
    assert sizes(2, 2, 1, "floor") == (27, 13, 6)  # here: nothing else changes
    assert sizes(2, 2, 1, "ceil") == (28, 14, 7)
    assert sizes(2, 1, 0, "ceil") == (28, 13, 6)  # run 147


def test_without_normalization(paper, code):
    network = ablate_miniature.build(np.random.default_rng(0), dropout=0.0, normalized=False)
    assert not [name for name in network.layers if name.startswith("lrn")]
    assert [name for name in code.layers if "norm" in name or "lrn" in name] == ["lrn1", "lrn2", "cnorm2"]


def test_without_crossing():
    options = {"initial": 0.0}
    conv2 = Conv2D(96, 320, 5, groups=2, **options)
    conv3 = Conv2D(320, 384, 3, groups=2, **options)
    fc6 = [Dense(6 * 6 * 128, 4096, **options) for _ in "ab"]
    fc7 = [Dense(4096, 2048, **options) for _ in "ab"]
    ours = AlexNet(**options)
    layers = [ours["conv1"], conv2, conv3, ours["conv4"], ours["conv5"], *fc6, *fc7, ours["fc8"]]
    assert sum(layer.weight.size for layer in layers) == 60_699_680  # "60.7 million"
    assert sum(layer.weight.size for layer in ours.layers.values() if layer.params) == 60_954_656
    assert sum(layer.weight.size for layer in fc6) == ours["fc6"].weight.size
    assert sum(layer.weight.size for layer in fc7) == ours["fc7"].weight.size
