"""The convolution explorer in Python: its pictures, kernels and maps."""

from xml.etree import ElementTree

import numpy as np
import pytest
from explorer_harness import figure

from alexnet_course import reference
from alexnet_course.data import tile
from alexnet_course.explorers import ConvolutionExplorer
from alexnet_course.explorers.convolution import BIASES, PRESETS, preset, resample
from alexnet_course.explorers.made import made


def test_the_tile_is_the_tile():
    assert ConvolutionExplorer().image.tolist() == tile.X[0, :, :, 0].tolist()
    assert made("pictures")["tile"]["rows"] == tile.X[0, :, :, 0].tolist()


@pytest.mark.parametrize("size", [3, 7, 8, 20, 88, 227])
def test_a_photograph_has_whole_levels_from_0_to_9(size):
    image = resample(made("pictures")["photograph"], size)
    assert image.shape == (size, size)
    assert (image.min(), image.max()) == (0, 9)
    assert image.dtype.kind == "i"


def test_resampling_by_a_whole_factor_is_the_mean_of_blocks():
    rows = np.random.default_rng(0).normal(size=(6, 6))
    expected = rows.reshape(3, 2, 3, 2).mean(axis=(1, 3))
    np.testing.assert_allclose(resample({"kind": "own", "rows": rows.tolist()}, 3), expected)


@pytest.mark.parametrize("at", range(3))
def test_the_three_filters_give_the_maps_of_the_tile(at):
    explorer = ConvolutionExplorer(kernel=tile.FILTERS[at])
    assert explorer.bias == tile.BIASES[at] == BIASES[tile.FILTERS[at]]
    np.testing.assert_array_equal(explorer.weight, tile.KERNELS[:, :, 0, at])
    np.testing.assert_array_equal(explorer.output, tile.MAPS[0, :, :, at])


def test_it_starts_at_the_window_of_the_chapter():
    explorer = ConvolutionExplorer()
    assert (explorer.picture, explorer.kernel, explorer.stride, explorer.bias) == ("tile", "top edge", 1, -1)
    assert (explorer.row, explorer.column) == (2, 2)
    assert explorer.window.tolist() == [[0, 1, 0], [1, 0, 1], [2, 1, 2]]
    assert "Window (2, 2) gives 3." in figure(explorer)[4]


def test_output_equals_the_loop():
    rng = np.random.default_rng(1)
    for _ in range(40):
        k, s, p = int(rng.integers(1, 6)), int(rng.integers(1, 4)), int(rng.integers(0, 3))
        explorer = ConvolutionExplorer(
            picture="photograph", size=9, kernel=rng.normal(size=(k, k)), stride=s, padding=p, bias=0.5
        )
        expected = reference.convolution(
            explorer.image[np.newaxis, :, :, np.newaxis].astype(float),
            explorer.weight[:, :, np.newaxis, np.newaxis], np.array([0.5]), stride=s, padding=p,
        )  # fmt: skip
        np.testing.assert_allclose(explorer.output, expected[0, :, :, 0], atol=1e-9)
        n = explorer.output_size
        product = (explorer.window * explorer.weight).sum() + 0.5
        assert product == pytest.approx(explorer.output[min(2, n - 1), min(2, n - 1)])


def test_alexnet_first_layer_and_what_it_leaves_over():
    first = ConvolutionExplorer(picture="photograph", size=227, kernel="Gabor", kernel_size=11, stride=4)
    assert first.output.shape == (55, 55)
    assert first.unused == 0
    first.size = 224
    assert first.output.shape == (54, 54)
    assert first.unused == 224**2 - 223**2
    ElementTree.fromstring(figure(first)[3])


def test_no_window_fits():
    explorer = ConvolutionExplorer(size=3, kernel_size=7)
    assert explorer.output.shape == (0, 0)
    assert explorer.window.shape == (0, 0)
    assert explorer.unused == 9
    assert figure(explorer)[4].endswith("no window fits.")
    explorer.padding = 2
    assert explorer.output.shape == (1, 1)


def test_a_learners_own_kernel_and_picture():
    explorer = ConvolutionExplorer(picture=np.arange(16).reshape(4, 4), kernel=[[1, 0], [0, -1]])
    assert (explorer.size, explorer.kernel_size, explorer.bias) == (4, 2, 0)
    assert explorer.output.tolist() == [[-5] * 3] * 3
    explorer.kernel = np.eye(3)
    assert explorer.kernel_size == 3
    assert explorer.kernel == [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    explorer.kernel_size = 1  # the middle of it
    assert explorer.weight.tolist() == [[1]]
    assert "your own" in figure(explorer)[4]


def test_what_is_given_with_an_array_stands():
    explorer = ConvolutionExplorer(picture=np.ones((4, 4)), size=8, kernel=np.ones((3, 3)), kernel_size=5)
    assert (explorer.size, explorer.kernel_size) == (8, 5)
    explorer.picture, explorer.kernel = np.ones((6, 6)), np.ones((2, 2))
    assert (explorer.size, explorer.kernel_size) == (6, 2)


@pytest.mark.parametrize("side", [1, 2, 3])
def test_a_picture_may_be_small(side):
    explorer = ConvolutionExplorer(picture=np.full((side, side), 7), kernel=[[2]])
    assert (explorer.output == 14).all()
    assert explorer.output.shape == (side, side)


@pytest.mark.parametrize(
    ("kernel", "message"),
    [
        ([[1, 2]], r"kernel has shape \(1, 2\); it must be square"),
        ([[1, 2], [3]], "kernel is .* it must hold nothing but numbers"),
        ([[float("nan")]], "kernel must hold numbers from -99 to 99"),
        ([[100]], "kernel must hold numbers from -99 to 99"),
        (np.zeros((12, 12)), "with 1 to 11 rows"),
        (np.zeros((0, 0)), "with 1 to 11 rows"),
        ([["a"]], "nothing but numbers"),
    ],
)
def test_kernels_that_are_none(kernel, message):
    with pytest.raises(ValueError, match=message):
        ConvolutionExplorer(kernel=kernel)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_of_every_size(name):
    for k in range(1, 12):
        kernel = preset(name, k)
        assert kernel.shape == (k, k)
        if name in ("identity", "blur", "sharpen"):
            assert kernel.sum() == pytest.approx(1)
        elif name.endswith("edge"):
            assert kernel.sum() == 0
