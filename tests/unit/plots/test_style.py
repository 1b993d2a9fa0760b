"""What all figures share: numbers as the course prints them, text that can be read, closed figures."""

import matplotlib.pyplot as plt
import pytest
from matplotlib.figure import Figure

from alexnet_course import plots
from alexnet_course.data.filters import load_kmeans_filters
from alexnet_course.plots import style


@pytest.mark.parametrize(
    ("value", "text"), [(-1, "−1"), (0.04, "0"), (-0.04, "0"), (2.25, "2.2"), (251.7, "252"), (7, "7")]
)
def test_numbers_are_written_as_the_course_prints_them(value, text):
    assert style.number(value) == text


def test_text_on_a_cell_is_black_or_white_whichever_contrasts_more():
    assert style.ink_on((1, 1, 1)) == "#000"
    assert style.ink_on((0.176, 0.31, 0.62)) == "#fff"


def test_a_plot_returns_a_closed_figure():
    figure = plots.filter_bank(load_kmeans_filters())
    assert isinstance(figure, Figure)
    assert not plt.get_fignums()
