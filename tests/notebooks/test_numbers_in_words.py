"""What chapters 1 to 6 say in words and no cell of theirs prints, measured."""

import numpy as np
import pytest

from alexnet_course import reference
from alexnet_course.alexnet import AlexNet
from alexnet_course.data import photographs, tile
from alexnet_course.data.filters import load_kmeans_filters
from alexnet_course.explorers import ImagesExplorer
from alexnet_course.geometry import field_span
from alexnet_course.layers import Conv2D


@pytest.fixture(scope="module")
def centred():
    """Return Chelsea as the chapters hand her to conv1: (227, 227, 3)."""
    crop = photographs.centre_crop(photographs.load_photograph("chelsea"), 227)
    return crop - np.float32(photographs.MEAN_COLOUR)


def test_five_pixels_of_six_have_more_red_than_usual_and_as_many_less_blue():
    output = ImagesExplorer(row=4, column=20, size=56, mirror=True, mean=True).output
    assert (output[..., 0] > 0).mean() == pytest.approx(5 / 6, abs=0.02)
    assert (output[..., 2] < 0).mean() == pytest.approx(5 / 6, abs=0.02)
    assert (ImagesExplorer(row=56, column=88, size=20, mean=True).averages > 0).all()


def test_any_two_components_of_the_four_pixels_are_uncorrelated():
    pixels = np.array([[2, 2, 2], [-2, -2, -2], [1, -1, 0], [-1, 1, 0]])
    along = pixels @ np.array([[1, 1, 1], [1, -1, 0], [1, 1, -2]]).T
    products = along.T @ along
    assert not (products - np.diag(products.diagonal())).any()
    assert not along[:, 2].any()


def test_the_biases_of_alexnet():
    params = AlexNet(groups=2, rng=np.random.default_rng(0)).params
    biases = sum(array.size for name, array in params.items() if name.endswith(".bias"))
    assert (biases, sum(array.size for array in params.values()) - biases) == (10_568, 60_954_656)


def test_the_gradient_of_the_input_is_a_window_with_the_kernel_flipped():
    rng = np.random.default_rng(0)
    conv = Conv2D(2, 3, 3, rng=rng, dtype=np.float64)
    conv.forward(rng.standard_normal((1, 6, 7, 2)))
    grad_output = rng.standard_normal((1, 4, 5, 3))
    flipped = conv.weight[::-1, ::-1].swapaxes(2, 3)
    slid = reference.convolution(np.pad(grad_output, ((0, 0), (2, 2), (2, 2), (0, 0))), flipped, np.zeros(2))
    np.testing.assert_allclose(conv.backward(grad_output), slid)


def test_a_unit_of_pool5_sees_three_quarters_of_the_picture():
    layers = [(11, 4, 0), (3, 2, 0), (5, 1, 2), (3, 2, 0), *[(3, 1, 1)] * 3, (3, 2, 0)]
    (first, last), neighbour = (field_span(layers, unit) for unit in (2, 3))
    assert (first, last) == (0, 194)
    assert neighbour == (32, 226)  # 32 pixels further, up to the last of 227
    share = (last + 1) ** 2 / 227**2
    assert share == pytest.approx(0.75, abs=0.02)


def test_eight_of_ten_responses_on_the_right_of_the_left_edge_map_are_cut():
    right = tile.MAPS[0, :, 3:, 0]
    assert (right <= 0).sum() == 8
    assert (right < 0).sum() == 6


def test_merged_layers_have_one_bias():
    (a, b), x = np.array([[1.0, 2, 3, 4], [5, 6, 7, 0]]), tile.POOLED.reshape(1, 12)
    first, second = tile.HIDDEN_WEIGHT, tile.OUTPUT_WEIGHT
    two = (x @ first + a) @ second + b[:3]
    assert np.array_equal(two, x @ (first @ second) + (a @ second + b[:3]))


def test_what_normalization_meets(centred):
    assert (round(float(centred.min())), round(float(centred.max()))) == (-119, 94)
    lengths = np.sqrt((load_kmeans_filters().astype(float) ** 2).sum(axis=(0, 1, 2)))
    np.testing.assert_allclose(lengths, 1, rtol=1e-3)
    least = (2.36 / 2) ** -0.75  # at the largest s, in parts of what k alone gives
    assert least == pytest.approx(1 - 0.12, abs=0.005)
    loud = np.linspace(0, 10, 10_001)
    answer = loud / (2 + 1 + loud**2 + 2**2) ** 0.75  # map 1 of (1, m, 2), with alpha = 1
    assert loud[answer.argmax()] == pytest.approx(3.7, abs=0.05)


def test_the_accuracy_behind_the_1_4_points():
    with_lrn, without = 100 - 40.66, 100 - 42.03
    assert (round(without, 1), round(with_lrn, 1), round(with_lrn / without, 2)) == (58.0, 59.3, 1.02)
