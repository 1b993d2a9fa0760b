"""The figures of chapter 02, tested through what they draw: numbers in cells, limits, labels."""

import numpy as np
import pytest

from alexnet_course import plots
from alexnet_course.data import tile

rng = np.random.default_rng(0)


def texts(axes):
    """Return the texts inside the axes, in the order in which they were drawn."""
    return [text.get_text() for text in axes.texts]


def images(figure):
    """Return the axes of a figure that show an array."""
    return [axes for axes in figure.axes if axes.images]


def test_window_arithmetic_shows_the_window_the_products_and_the_sum():
    kernel = tile.KERNELS[:, :, 0, 1]
    figure = plots.window_arithmetic(tile.X[0, :, :, 0], kernel, 2, 2, bias=-1)
    image, window, weights, products = images(figure)
    assert len(texts(image)) == 49
    assert texts(window)[:9] == ["0", "1", "0", "1", "0", "1", "2", "1", "2"]
    assert texts(weights)[:3] == ["−1", "−1", "−1"]
    assert texts(products)[:9] == ["0", "−1", "0", "0", "0", "0", "2", "1", "2"]
    assert texts(products)[-1] == "sum 4, bias −1:  4 − 1 = 3"


def test_response_maps_share_one_scale_centred_on_zero():
    figure = plots.response_maps(tile.MAPS[0], tile.FILTERS, marked=(2, 2))
    shown = images(figure)
    assert [axes.get_title(loc="left") for axes in shown] == list(tile.FILTERS)
    assert {axes.images[0].get_clim() for axes in shown} == {(-7, 7)}
    assert texts(shown[0])[:5] == ["1", "2", "1", "0", "1"]


def test_photograph_responses_share_one_scale():
    maps = rng.standard_normal((9, 9, 2)) * [1, 5]
    figure = plots.photograph_responses(np.zeros((11, 11, 3), np.uint8), maps, ("quiet", "loud"))
    limits = {axes.images[0].get_clim() for axes in images(figure)[1:]}
    assert len(limits) == 1
    assert limits.pop()[1] == pytest.approx(np.percentile(np.abs(maps), 99.5))


def test_filter_bank_places_every_filter_and_keeps_zero_grey():
    weight = np.zeros((2, 2, 3, 5))
    weight[..., 4] = 1
    sheet = images(plots.filter_bank(weight, columns=3))[0].images[0].get_array()
    assert sheet.shape == (5, 8, 4)
    np.testing.assert_array_equal(sheet[0, 0], [0.5, 0.5, 0.5, 1])
    np.testing.assert_array_equal(sheet[3, 3], [1, 1, 1, 1])
    assert sheet[2, 0, 3] == sheet[0, 2, 3] == 0  # paper between them, in either theme


def test_bank_responses_show_the_chosen_filters():
    weight = rng.standard_normal((3, 3, 3, 4))
    figure = plots.bank_responses(np.zeros((9, 9, 3), np.uint8), weight, np.ones((7, 7, 4)), (2, 0))
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert [title for title in titles if title] == ["filter 2", "filter 0", "photograph"]
