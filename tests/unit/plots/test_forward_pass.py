"""The figures of chapter 11, tested through what they draw."""

import numpy as np

from alexnet_course import plots


def test_feature_maps_show_each_layer_in_its_own_scale():
    quiet, loud = np.full((2, 2, 3), 1.0), np.full((3, 3, 3), 50.0)
    figure = plots.feature_maps([quiet, loud], ["relu1", "relu2"], columns=3)
    assert len(figure.axes) == 6
    assert [axes.images[0].get_clim() for axes in figure.axes] == [(0, 1)] * 3 + [(0, 50)] * 3
    assert figure.axes[0].get_title(loc="left") == "relu1"
    assert figure.axes[5].get_title(loc="right") == "3 × 3 × 3"


def test_deviations_are_lines_on_a_logarithmic_axis():
    (axes,) = plots.deviations(["conv1", "fc8"], {"paper": [7.6, 0.8], "N(0, 1)": [760, 1e11]}).axes
    assert axes.get_yscale() == "log"
    drawn = [line.get_ydata().tolist() for line in axes.lines[:2]]
    assert drawn == [[7.6, 0.8], [760, 1e11]]
    assert [text.get_text() for text in axes.texts] == ["paper", "N(0, 1)"]
    assert len({line.get_linestyle() for line in axes.lines[:2]}) == 2
