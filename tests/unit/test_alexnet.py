"""The paper's network to the last digit, its start, and the riddle of 224."""

import math

import numpy as np
import pytest

from alexnet_course.alexnet import TABLE, AlexNet
from alexnet_course.layers import LocalResponseNormalization, MaxPooling2D, Softmax

# name, output, (parameters, multiply-accumulates) with two groups and with one, receptive field
PAPER = [
    ("conv1", (55, 55, 96), (34_944, 105_415_200), (34_944, 105_415_200), 11),
    ("pool1", (27, 27, 96), (0, 0), (0, 0), 19),
    ("conv2", (27, 27, 256), (307_456, 223_948_800), (614_656, 447_897_600), 51),
    ("pool2", (13, 13, 256), (0, 0), (0, 0), 67),
    ("conv3", (13, 13, 384), (885_120, 149_520_384), (885_120, 149_520_384), 99),
    ("conv4", (13, 13, 384), (663_936, 112_140_288), (1_327_488, 224_280_576), 131),
    ("conv5", (13, 13, 256), (442_624, 74_760_192), (884_992, 149_520_384), 163),
    ("pool5", (6, 6, 256), (0, 0), (0, 0), 195),
    ("fc6", (4096,), (37_752_832, 37_748_736), (37_752_832, 37_748_736), None),
    ("fc7", (4096,), (16_781_312, 16_777_216), (16_781_312, 16_777_216), None),
    ("fc8", (1000,), (4_097_000, 4_096_000), (4_097_000, 4_096_000), None),
]
TOTALS = {2: (60_965_224, 724_406_816), 1: (62_378_344, 1_135_256_096)}


@pytest.fixture(scope="module")
def network():
    return AlexNet(rng=np.random.default_rng(0))


@pytest.fixture(scope="module")
def image():
    return np.random.default_rng(1).normal(0, 60, (1, 227, 227, 3)).astype(np.float32)


@pytest.mark.first_version("C11", "C21", "T01", "T02", "T15", "T29", "T37")
@pytest.mark.parametrize("groups", [2, 1])
def test_every_row_of_the_paper(groups, capsys):
    # Deviation 0 draws as many numbers; only the shapes matter here.
    rows = AlexNet(groups, initial=0.0, rng=np.random.default_rng(0)).summary()
    printed = capsys.readouterr().out
    by_name = {row.name: row for row in rows}
    assert len(rows) == 23
    for name, output, grouped, single, field in PAPER:
        counts = grouped if groups == 2 else single
        assert by_name[name] == (name, output, *counts, field and (field, field))
        assert " x ".join(map(str, output)) in printed
    totals = sum(row.parameters for row in rows), sum(row.multiply_accumulates for row in rows)
    assert totals == TOTALS[groups]
    assert printed.splitlines()[-1].split() == ["total", *(f"{total:,}" for total in totals)]
    assert max(map(len, printed.splitlines())) <= 74  # what the column of a page holds


@pytest.mark.first_version("T16", "T23", "T31")
def test_order_of_the_layers(network):
    order = "conv1 relu1 lrn1 pool1 conv2 relu2 lrn2 pool2 conv3 relu3 conv4 relu4 conv5 relu5 pool5 flatten"
    dense = "fc6 relu6 dropout6 fc7 relu7 dropout7 fc8"
    assert list(network.layers) == f"{order} {dense}".split()
    assert len(TABLE) == 11
    assert [name for name, _, *_ in PAPER] == [row.name for row in TABLE]


@pytest.mark.first_version("C12", "T10", "T23", "T37")
def test_settings_of_the_paper(network):
    for name in ("pool1", "pool2", "pool5"):
        assert isinstance(network[name], MaxPooling2D)
        assert network[name].window == ((3, 3), (2, 2))
    for name in ("lrn1", "lrn2"):
        lrn = network[name]
        assert isinstance(lrn, LocalResponseNormalization)
        assert (lrn.n, lrn.k, lrn.alpha, lrn.beta) == (5, 2, 1e-4, 0.75)
    assert network["dropout6"].rate == network["dropout7"].rate == 0.5
    assert [network[f"conv{i}"].groups for i in range(1, 6)] == [1, 2, 1, 2, 2]


@pytest.mark.first_version("T33")
def test_start_of_the_paper(network):
    ones = {name for name, array in network.params.items() if name.endswith("bias") and (array == 1).all()}
    assert ones == {"conv2.bias", "conv4.bias", "conv5.bias", "fc6.bias", "fc7.bias"}
    for name, array in network.params.items():
        if name.endswith("weight"):
            assert array.std() == pytest.approx(0.01, rel=0.02), name
            assert array.dtype == np.float32
        elif name not in ones:
            assert not array.any(), name


@pytest.mark.first_version("C28", "T38")
def test_untrained_it_guesses(network, image):
    p = Softmax().forward(network.predict(image).astype(np.float64))
    entropy = -(p * np.log(p)).sum()
    assert math.log(1000) - 1 < entropy < math.log(1000)
    assert p.max() < 0.05


@pytest.mark.first_version("C11", "T29")
def test_where_the_numbers_of_parameters_come_from():
    sizes = {groups: AlexNet(groups, initial=0.0, rng=np.random.default_rng(0)) for groups in (1, 2)}
    counts = {groups: {name: a.size for name, a in net.params.items()} for groups, net in sizes.items()}
    saved = sum(counts[1][f"{name}.weight"] // 2 for name in ("conv2", "conv4", "conv5"))
    assert sum(counts[1].values()) - sum(counts[2].values()) == saved == 1_413_120
    biases = sum(size for name, size in counts[1].items() if name.startswith("conv") and "bias" in name)
    assert sum(counts[1].values()) - biases == 62_376_968  # what one group without these biases would have
    assert sum(size for name, size in counts[2].items() if name.startswith("fc")) == 58_631_144


@pytest.mark.first_version("T09")
def test_pooling_changes_the_weights_of_fc6_alone(network):
    layers = [layer for name, layer in network.layers.items() if "conv" in name or "pool" in name]
    features = {}
    for pooled in (True, False):
        shape = (227, 227, 3)
        for layer in layers:
            if pooled or not isinstance(layer, MaxPooling2D):
                shape = layer.output_shape(shape)  # every convolution takes it as it is
        features[pooled] = math.prod(shape)
    assert features == {True: 6 * 6 * 256, False: 55 * 55 * 256}
    assert not any(layer.params for layer in layers if isinstance(layer, MaxPooling2D))
    assert network["fc6"].weight.shape[0] == features[True]


@pytest.mark.first_version("C10")
def test_hes_rule_keeps_the_size_of_responses():
    he = AlexNet(classes=10, initial="he", rng=np.random.default_rng(0))
    x = np.random.default_rng(1).standard_normal((1, 227, 227, 3)).astype(np.float32)
    deviations = {}
    for name, layer in he.layers.items():
        x = layer.predict(x)
        if layer.params:
            deviations[name] = x.std()
    assert len(deviations) == 8
    assert 0.1 < min(deviations.values()) < max(deviations.values()) < 10, deviations


@pytest.mark.first_version("T16")
def test_logits_have_both_signs(network, image):
    logits = network.predict(image)
    assert (logits < 0).any()
    assert (logits > 0).any()


@pytest.mark.first_version("C17", "C20", "C28")
def test_evaluating_twice_gives_the_same(network, image):
    logits = network.predict(image)
    assert logits.shape == (1, 1000)
    assert logits.dtype == np.float32
    np.testing.assert_array_equal(network.predict(image), logits)
    np.testing.assert_allclose(network.forward(image), logits, rtol=1e-5, atol=1e-6)


@pytest.mark.first_version("C20")
def test_equal_generators_build_equal_networks():
    first, second = (AlexNet(classes=10, rng=np.random.default_rng(3)) for _ in range(2))
    for name, array in first.params.items():
        np.testing.assert_array_equal(array, second.params[name])
    assert first["fc8"].weight.shape == (4096, 10)


def test_other_starts():
    he = AlexNet(initial="he", rng=np.random.default_rng(0))
    assert he["fc6"].weight.std() == pytest.approx(math.sqrt(2 / 9216), rel=0.01)
    assert not any(array.any() for name, array in he.params.items() if name.endswith("bias"))


@pytest.mark.first_version("C22")
@pytest.mark.parametrize("method", ["forward", "predict"])
def test_224_is_explained(network, method):
    told = r"\(N, 227, 227, 3\); got \(1, 224, 224, 3\).*need 227.* 3 pixels past.*3 rows of 0 .* 3 columns"
    with pytest.raises(ValueError, match=told):
        getattr(network, method)(np.zeros((1, 224, 224, 3)))


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((227, 227, 3), r"got \(227, 227, 3\)\. For one image pass image\[np.newaxis\]"),
        ((224, 224, 3), r"image\[np.newaxis\].*need 227"),
        ((1, 227, 227, 1), r"got \(1, 227, 227, 1\)"),
        ((1, 3, 227, 227), r"got \(1, 3, 227, 227\)"),
        ((227,), r"got \(227,\)"),
    ],
)
def test_other_shapes_are_refused(network, shape, message):
    with pytest.raises(ValueError, match=message):
        network.predict(np.zeros(shape))


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"groups": 0}, ValueError, "groups must be at least 1; got 0"),
        ({"groups": 5}, ValueError, "groups must divide in_channels 96 and filters 256; got 5"),
        ({"groups": 1.0}, TypeError, "groups must be a whole number; got 1.0"),
        ({"classes": 0}, ValueError, "classes must be at least 1; got 0"),
        ({"initial": "xavier"}, ValueError, "initial must be .*; got 'xavier'"),
        ({"rng": 1}, TypeError, "rng must be a Generator"),
        ({"dtype": int}, TypeError, "dtype must be a floating type"),
    ],
)
def test_constructor_refuses(options, error, message):
    with pytest.raises(error, match=message):
        AlexNet(**options)


def test_channels_first_is_told():
    network = AlexNet(classes=2, initial=0.0)
    with pytest.raises(ValueError, match=r"got \(1, 3, 227, 227\)\. Channels come last: x\.transpose"):
        network.predict(np.zeros((1, 3, 227, 227)))
