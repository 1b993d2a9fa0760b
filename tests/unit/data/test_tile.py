"""The tile's written-out values follow from its pixels, by arithmetic that uses none of our layers."""

import numpy as np
import pytest

from alexnet_course.data import tile


def responses(image):
    """Correlate one (7, 7) image with the three filters, window by window."""
    windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3))
    return np.einsum("ijab,abf->ijf", windows, tile.KERNELS[:, :, 0]) + tile.BIASES


def test_the_mean_image_is_whole():
    np.testing.assert_array_equal(3 * tile.MEAN_IMAGE, tile.IMAGES.sum(axis=0))
    assert (tile.EAR > 0).sum() == 18


def test_the_ear_is_symmetric():
    np.testing.assert_array_equal(tile.X, tile.X[:, :, ::-1])


def test_maps():
    np.testing.assert_array_equal(responses(tile.X[0, :, :, 0]), tile.MAPS[0])
    np.testing.assert_array_equal(tile.MAPS[0, 2, 2], [1, 3, 2])


def test_a_colour_window():
    products = tile.COLOUR_WINDOW * tile.COLOUR_KERNEL
    np.testing.assert_array_equal(products.sum(axis=(0, 1)), [3, 1, -1])


def test_pooled_hidden_and_logits():
    maps = np.maximum(tile.MAPS[0], 0)
    pooled = [[maps[i : i + 3, j : j + 3].max(axis=(0, 1)) for j in (0, 2)] for i in (0, 2)]
    np.testing.assert_array_equal(pooled, tile.POOLED[0])
    hidden = tile.POOLED.reshape(1, 12) @ tile.HIDDEN_WEIGHT + tile.HIDDEN_BIAS
    np.testing.assert_array_equal(hidden, tile.HIDDEN)
    logits = np.maximum(hidden, 0) @ tile.OUTPUT_WEIGHT + tile.OUTPUT_BIAS
    np.testing.assert_array_equal(logits, tile.LOGITS)


def test_probabilities_and_loss():
    shares = np.exp(tile.LOGITS) / np.exp(tile.LOGITS).sum()
    np.testing.assert_allclose(shares, tile.PROBABILITIES, atol=5e-5)
    assert -np.log(shares[0, 0]) == pytest.approx(tile.LOSS, abs=5e-5)


def test_the_network_has_97_parameters():
    arrays = ["KERNELS", "BIASES", "HIDDEN_WEIGHT", "HIDDEN_BIAS", "OUTPUT_WEIGHT", "OUTPUT_BIAS"]
    assert sum(getattr(tile, name).size for name in arrays) == 97


def test_no_chapter_can_change_the_tile():
    with pytest.raises(ValueError, match="read-only"):
        tile.X[0, 0, 0, 0] = 1
