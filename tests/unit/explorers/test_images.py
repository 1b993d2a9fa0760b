"""The images explorer in Python."""

import numpy as np

from alexnet_course.data.photographs import MEAN_COLOUR, load_photograph
from alexnet_course.explorers import ImagesExplorer


def test_the_photograph_is_the_mean_of_blocks_of_pixels():
    first = load_photograph("chelsea")[:4, :4].mean(axis=(0, 1))
    np.testing.assert_allclose(ImagesExplorer().photograph[0, 0], first, atol=0.5)


def test_it_starts_with_a_mirrored_crop_less_the_mean():
    explorer = ImagesExplorer()
    expected = explorer.photograph[4:60, 20:76][:, ::-1] - np.array(MEAN_COLOUR)
    np.testing.assert_allclose(explorer.output, expected)
    assert explorer.places == 9 * 41


def test_mirror_and_mean_can_be_switched_off():
    explorer = ImagesExplorer(mirror=False, mean=False)
    np.testing.assert_array_equal(explorer.output, explorer.photograph[4:60, 20:76])


def test_a_place_past_the_last_one_is_the_last_one():
    explorer = ImagesExplorer(row=56, column=88, size=64, mirror=False)
    assert explorer.place == (0, 32)
    assert explorer.output.shape == (64, 64, 3)
    assert explorer.places == 33
    assert explorer._sentence().startswith("Rows 0 to 63, columns 32 to 95; the mean colour is subtracted.")
