"""The figure of chapter 18, tested through what it draws."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from alexnet_course import plots


def test_each_input_says_what_it_shows_and_how_often():
    shown = np.array([[True, False, True], [False, False, False]])
    (axes,) = plots.inputs_and_bugs(shown, ["some", "none"], ["a", "b", "c"]).axes
    words = [text.get_text() for text in axes.texts]
    assert words == ["shows", "hides", "shows", "2 of 3", "hides", "hides", "hides", "0 of 3"]
    fills = [to_hex(patch.get_facecolor()) for patch in axes.patches]
    assert [fill != fills[1] for fill in fills] == [True, False, True, False, False, False]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["a", "b", "c"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["some", "none"]


def test_every_row_and_column_has_a_name():
    with pytest.raises(ValueError, match="bugs and columns must have equal lengths"):
        plots.inputs_and_bugs([[1, 0]], ["a"], ["b"])
