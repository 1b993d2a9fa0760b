"""Figures are tested through what they draw: the numbers in their cells, their limits, their labels."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from alexnet_course import plots
from alexnet_course.data import tile
from alexnet_course.data.filters import load_kmeans_filters
from alexnet_course.plots import style

rng = np.random.default_rng(0)


def texts(axes):
    """Return the texts inside the axes, in the order in which they were drawn."""
    return [text.get_text() for text in axes.texts]


def images(figure):
    """Return the axes of a figure that show an array."""
    return [axes for axes in figure.axes if axes.images]


@pytest.mark.parametrize(
    ("value", "text"), [(-1, "−1"), (0.04, "0"), (-0.04, "0"), (2.25, "2.2"), (251.7, "252"), (7, "7")]
)
def test_numbers_are_written_as_the_course_prints_them(value, text):
    assert style.number(value) == text


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
    assert sheet.shape == (5, 8, 3)
    np.testing.assert_array_equal(sheet[0, 0], [0.5, 0.5, 0.5])
    np.testing.assert_array_equal(sheet[3, 3], [1, 1, 1])


def test_bank_responses_show_the_chosen_filters():
    weight = rng.standard_normal((3, 3, 3, 4))
    figure = plots.bank_responses(np.zeros((9, 9, 3), np.uint8), weight, np.ones((7, 7, 4)), (2, 0))
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert [title for title in titles if title] == ["filter 2", "filter 0", "photograph"]


def test_text_on_a_cell_is_black_or_white_whichever_contrasts_more():
    assert style.ink_on((1, 1, 1)) == "#000"
    assert style.ink_on((0.176, 0.31, 0.62)) == "#fff"


def test_a_plot_returns_a_closed_figure():
    figure = plots.filter_bank(load_kmeans_filters())
    assert isinstance(figure, Figure)
    assert not plt.get_fignums()


def test_ruler_shows_the_windows_that_fit_and_the_pixel_that_none_covers():
    figure = plots.ruler(24, kernel_size=11, stride=4, skipped=200)
    shown = texts(figure.axes[0])
    assert [text for text in shown if text.startswith("window")] == [f"window {i}" for i in range(50, 54)]
    assert shown[0] == "200"
    assert shown[-1] == "unused: 1"
    hatched = [box for box in figure.axes[0].patches if box.get_hatch()]
    assert [box.get_x() for box in hatched] == [23]


def test_ruler_of_a_size_that_fits_has_nothing_unused():
    shown = texts(plots.ruler(7, kernel_size=3, stride=2, padding=1).axes[0])
    assert not [text for text in shown if text.startswith("unused")]
    assert [text for text in shown if not text.startswith("window")] == [str(i) for i in range(-1, 8)]


def test_receptive_fields_are_framed_in_the_middle():
    figure = plots.receptive_fields(np.zeros((227, 227, 3), np.uint8), ("conv1", "pool5"), (11, 195))
    boxes = {(frame.get_width(), frame.get_x(), frame.get_y()) for frame in figure.axes[0].patches}
    assert boxes == {(11, 107.5, 107.5), (195, 15.5, 15.5)}
    assert texts(figure.axes[0]) == ["conv1: 11 × 11", "pool5: 195 × 195"]
