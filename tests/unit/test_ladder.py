"""The ladder: seven ways to the same responses, and what each asks of a machine."""

import numpy as np
import pytest

from alexnet_course import ladder, reference, workers
from alexnet_course.alexnet import AlexNet
from alexnet_course.layers import im2col, winograd

RNG = np.random.default_rng(0)
PICTURES = RNG.standard_normal((3, 9, 9, 4), np.float32)
WEIGHT = RNG.standard_normal((3, 3, 2, 6), np.float32)
LOOPS = reference.convolution(PICTURES, WEIGHT, np.zeros(6), groups=2)
NETWORK = AlexNet(groups=2, rng=np.random.default_rng(0))


@pytest.mark.parametrize("name", ladder.NAMES)
def test_every_rung_gives_what_the_loops_give(name):
    y = ladder.responses(ladder.RUNGS[name], PICTURES, WEIGHT, 1, groups=2)
    assert (y.shape, y.dtype) == (LOOPS.shape, np.float32)
    np.testing.assert_allclose(y, LOOPS, atol=1e-4)


@pytest.mark.parametrize("name", [name for name in ladder.NAMES if name != "Winograd"])
def test_every_rung_takes_strides_and_kernels_that_are_not_square(name):
    weight = RNG.standard_normal((3, 2, 4, 5), np.float32)
    y = ladder.responses(ladder.RUNGS[name], PICTURES, weight, 2)
    np.testing.assert_allclose(y, reference.convolution(PICTURES, weight, np.zeros(5), 2), atol=1e-4)


@pytest.mark.parametrize("name", [name for name in ladder.NAMES if name != "Winograd"])
def test_a_dense_layer_is_a_convolution_with_one_window(name):
    x, weight = (RNG.standard_normal(shape, np.float32) for shape in ((3, 1, 1, 40), (1, 1, 40, 7)))
    y = ladder.responses(ladder.RUNGS[name], x, weight, 1)
    np.testing.assert_allclose(y[:, 0, 0], x[:, 0, 0] @ weight[0, 0], atol=1e-4)


@pytest.mark.parametrize("number", [1, 2, 3, 5])
@pytest.mark.parametrize("piece", [im2col.responses, winograd.responses])
def test_all_cores_give_the_same_however_many_there_are(number, piece):
    with workers.limit(number):
        y = ladder.responses(ladder.all_cores, PICTURES, WEIGHT, 1, groups=2, piece=piece)
    np.testing.assert_allclose(y, LOOPS, atol=1e-4)


def test_images_are_split_in_a_convolution_and_features_in_a_dense_layer():
    pieces = []

    def piece(padded, weight, stride, out):
        pieces.append((len(padded), weight.shape[-1]))
        im2col.responses(padded, weight, stride, out)

    with workers.limit(2):
        ladder.responses(ladder.all_cores, PICTURES, WEIGHT, 1, groups=2, piece=piece)
        assert sorted(pieces) == [(1, 3), (1, 3), (2, 3), (2, 3)]
        pieces.clear()
        ladder.responses(ladder.all_cores, PICTURES[:, :1, :1], WEIGHT[:1, :1].repeat(2, 2), 1, piece=piece)
        assert sorted(pieces) == [(3, 3), (3, 3)]


def test_it_writes_where_it_is_told():
    out = np.empty(LOOPS.shape, np.float32)
    assert ladder.responses(ladder.fresh_matrix, PICTURES, WEIGHT, 1, 2, out) is out
    np.testing.assert_allclose(out, LOOPS, atol=1e-4)


def test_the_shapes_are_those_of_the_network():
    inputs = NETWORK.input_shape
    for name, layer in NETWORK.layers.items():
        outputs = layer.output_shape(inputs)
        if name in ladder.shapes():
            shape = ladder.shapes()[name]
            padded, weight, out = shape.arrays(1, RNG)
            assert weight.size == layer.weight.size
            assert out.size == np.prod(outputs)
            products = layer.multiply_accumulates(inputs)
            assert shape.side**2 * shape.filters * shape.groups * shape.window == products
            if name == "conv2":
                assert (padded.shape, weight.shape) == ((1, 31, 31, 96), layer.weight.shape)
        inputs = outputs
    assert list(ladder.shapes()) == ["conv1", "conv2", "conv3", "conv4", "conv5", "fc6"]


def test_the_demands_of_the_network():
    one, many = ladder.demands(1), ladder.demands(16)
    layers = [name for name in NETWORK.layers if not name.startswith(("relu", "drop", "flat"))]
    assert sorted(one) == sorted(layers)
    weighted = [name for name in one if name.startswith(("conv", "fc"))]
    assert sum(one[name][0] for name in weighted) == NETWORK.multiply_accumulates(NETWORK.input_shape)
    inputs = NETWORK.input_shape
    for name, layer in NETWORK.layers.items():
        outputs = layer.output_shape(inputs)
        weights = layer.weight.size if name in weighted else 0
        if name in one:
            assert one[name][1] == 4 * (np.prod(inputs) + weights + np.prod(outputs))
            assert many[name] == (16 * one[name][0], 16 * one[name][1] - 15 * 4 * weights)
        inputs = outputs
    assert (one["pool1"][0], one["lrn1"][0]) == (9 * 27 * 27 * 96, 10 * 55 * 55 * 96)


@pytest.mark.parametrize("name", ladder.shapes())
def test_the_stages_of_a_rung_hold_all_products(name):
    shape = ladder.shapes()[name]
    products = 3 * shape.side**2 * shape.filters * shape.groups * shape.window
    for rung in ladder.NAMES[:5]:
        assert sum(stage.products for stage in ladder.stages(shape, rung, 3)[0]) == products
    steps = [ladder.stages(shape, rung, 3)[1] for rung in ladder.NAMES[:5]]
    windows = 3 * shape.side**2 * shape.groups
    assert steps == [products, windows * shape.filters, windows, 0, 0]


def test_bytes_are_counted_as_arrays_have_them():
    shape = ladder.shapes()["conv2"]
    padded, weight, out = shape.arrays(2, RNG)
    matrix = 2 * 27 * 27 * 25 * 96 * 4
    copy, product = ladder.stages(shape, "matrix product", 2)[0]
    assert (copy.memory, copy.cache, copy.fresh) == (padded.nbytes + matrix, matrix, matrix)
    assert (product.memory, product.fresh) == (matrix + weight.nbytes + out.nbytes, out.nbytes)
    copy, product = ladder.stages(shape, "memory kept", 2)[0]
    assert (copy.memory, copy.cache, copy.fresh, product.fresh) == (padded.nbytes, 2 * matrix, 0, 0)
    assert product.memory + product.cache == weight.nbytes + out.nbytes + matrix


def test_the_first_reading_of_the_filters_is_the_memorys_and_all_others_are_the_caches():
    fc6 = ladder.shapes()["fc6"]
    weights = 4 * fc6.window * fc6.filters
    for images in (1, 2):
        [stage], _ = ladder.stages(fc6, "window by window", images)
        vectors = 4 * images * (fc6.window + fc6.filters)
        assert stage.memory == weights + vectors
        assert stage.cache == (images - 1) * weights + vectors
        for rung, others in (("product by product", 1), ("window by filter", 3)):
            [stage], _ = ladder.stages(fc6, rung, images)
            assert stage.cache == (others * images + images - 1) * weights


def test_winograds_products_are_those_of_its_matrices():
    shape = ladder.shapes()["conv2"]
    stages = {stage.name: stage for stage in ladder.stages(shape, "Winograd", 2)[0]}
    padded, weight, _ = shape.arrays(2, RNG)
    values, grid = winograd.tiles(padded[..., :48], 5)
    assert grid == (2, 9, 9)
    assert stages["products"].products == 2 * values.size * 128  # two groups
    assert stages["tiles to the points"].products == 2 * values.size * 49
    assert stages["filters to the points"].products == 49 * weight.size
    assert stages["back to responses"].products == 2 * 49 * 9 * 162 * 128


def test_what_is_not_possible_has_no_stages():
    assert ladder.stages(ladder.shapes()["conv1"], "Winograd", 1) == ([], 0)
    with pytest.raises(ValueError, match=r"rung must be one of product by product, .* got 'all cores'"):
        ladder.stages(ladder.shapes()["conv1"], "all cores", 1)


def test_a_stage_takes_as_long_as_the_longer_of_products_and_bytes():
    rates = {"products": 10, "memory": 2, "cache": 4, "fresh": 1}
    assert ladder.seconds(ladder.Stage("", 50, 4, 4), rates) == 5
    assert ladder.seconds(ladder.Stage("", 20, 4, 4), rates) == 3
    assert ladder.seconds(ladder.Stage("", 20, 4, 4, 2), rates) == 5
