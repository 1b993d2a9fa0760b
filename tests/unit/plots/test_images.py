"""The figures of chapter 01, tested through what they draw."""

import numpy as np
import pytest

from alexnet_course import plots
from alexnet_course.data import tile
from alexnet_course.data.photographs import MEAN_COLOUR, load_photograph


def drawn(figure):
    """Return the axes that show an array, without colour scales."""
    return [axes for axes in figure.axes if axes.images]


def test_centring_shows_three_arrays_and_frames_the_row():
    figure = plots.centring(tile.EAR, tile.MEAN_IMAGE[..., 0], row=3)
    image, mean, centred = drawn(figure)
    assert [axes.get_title(loc="left") for axes in drawn(figure)] == ["image", "mean image", "centred"]
    np.testing.assert_array_equal(centred.images[0].get_array(), tile.X[0, ..., 0])
    assert image.images[0].get_clim() == mean.images[0].get_clim() == (0, 3)
    assert [text.get_text() for text in centred.texts][21:28] == ["−1", "−1", "1", "0", "1", "−1", "−1"]
    frame = image.patches[-1]
    assert (frame.get_xy(), frame.get_width(), frame.get_height()) == ((-0.5, 2.5), 7, 1)


def test_preparation_cuts_the_centre_and_centres_each_channel():
    photograph = load_photograph("chelsea")
    figure = plots.preparation(photograph, 227, MEAN_COLOUR)
    whole, crop, *channels = drawn(figure)[:5]
    frame = whole.patches[-1]
    assert frame.get_xy() == (78.5, 13.5)
    np.testing.assert_array_equal(crop.images[0].get_array(), photograph[14:241, 79:306])
    for axes, mean, channel in zip(channels, MEAN_COLOUR, range(3), strict=True):
        shown = axes.images[0].get_array()
        np.testing.assert_allclose(shown, photograph[14:241, 79:306, channel] - mean)
    limits = {axes.images[0].get_clim() for axes in channels}
    assert len(limits) == 1
    low, high = limits.pop()
    assert low == -high == pytest.approx(-max(np.abs(axes.images[0].get_array()).max() for axes in channels))


def test_a_gallery_shows_each_image_under_its_name():
    images = [np.full((4, 6, 3), level, np.uint8) for level in (0, 128, 255)]
    figure = plots.gallery(images, ("dark", "middle", "bright"), columns=2)
    assert [axes.get_title(loc="left") for axes in drawn(figure)] == ["dark", "middle", "bright"]
    assert drawn(figure)[1].images[0].get_array()[0, 0].tolist() == [128] * 3


def test_a_gallery_shows_floats_as_matplotlib_reads_them():
    (axes,) = drawn(plots.gallery([np.full((2, 2, 3), 200.0)], columns=1))
    assert axes.images[0].get_array().max() == 1
