"""The converters on arrays small enough to read; against PyTorch itself see tests/parity."""

import numpy as np
import pytest

from alexnet_course import weights
from alexnet_course.layers import LocalResponseNormalization


def test_filters():
    weight = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    ours = weights.filters_from_channels_first(weight)
    assert ours.shape == (4, 5, 3, 2)
    assert ours[3, 1, 2, 1] == weight[1, 2, 3, 1]


@pytest.mark.first_version("C24")
def test_dense_after_a_flattened_image():
    rng = np.random.default_rng(0)
    weight, image = rng.standard_normal((7, 2 * 3 * 4)), rng.standard_normal((3, 4, 2))
    ours = weights.dense_from_channels_first(weight, (3, 4, 2))
    np.testing.assert_allclose(image.ravel() @ ours, weight @ image.transpose(2, 0, 1).ravel(), rtol=1e-12)
    np.testing.assert_array_equal(weights.dense_from_outputs_first(weight), weight.T)


@pytest.mark.parametrize("shape", [(1, 1, 6), (2, 3, 1), (2, 3, 2), (1, 2, 1)])
def test_what_is_converted_is_ours(shape):
    height, width, channels = shape
    filters, outputs = np.ones((1, channels, height, width)), np.ones((1, height * width * channels))
    for theirs, ours in (
        (filters, weights.filters_from_channels_first(filters)),
        (outputs, weights.dense_from_outputs_first(outputs)),
        (outputs, weights.dense_from_channels_first(outputs, shape)),
        (outputs.repeat(4, axis=0), weights.dense_from_channels_first(outputs.repeat(4, axis=0), shape)),
    ):
        assert ours.flags.c_contiguous
        assert not np.shares_memory(ours, theirs)


def test_lrn_alpha_of_pytorch_is_divided_by_its_window():
    assert weights.lrn_from_pytorch(3, alpha=6) == {"n": 3, "k": 1.0, "alpha": 2, "beta": 0.75}


@pytest.mark.first_version("C13", "C14")
def test_lrn_in_three_conventions():
    x = np.array([1.0, 3.0, 2.0]).reshape(1, 1, 1, 3)

    def normalize(**letters):
        return LocalResponseNormalization(**letters).forward(x).ravel().round(4).tolist()

    assert normalize(**weights.lrn_from_pytorch(5, alpha=1, k=2)) == [0.3084, 0.9251, 0.6167]
    assert normalize(**weights.lrn_from_pytorch(5, alpha=5, k=2)) == [0.125, 0.375, 0.25]
    assert normalize(**weights.lrn_from_tensorflow(2, bias=2, alpha=1, beta=0.75)) == [0.125, 0.375, 0.25]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: weights.filters_from_channels_first(np.zeros((3, 3))),
            r"weight must be \(filters, .*\(3, 3\)",
        ),
        (lambda: weights.dense_from_outputs_first(np.zeros(3)), r"weight must be \(out_features, .*\(3,\)"),
        (lambda: weights.dense_from_channels_first(np.zeros((4, 9)), (1, 2, 4)), r"\(out_features, 8\)"),
        (
            lambda: weights.dense_from_channels_first(np.zeros((4, 8)), (2, 4)),
            r"image_shape must be \(H, W, C",
        ),
        (lambda: weights.lrn_from_pytorch(4), "size must be odd, .*; got 4"),
        (lambda: weights.lrn_from_tensorflow(-1), "depth_radius must be at least 0; got -1"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()
