"""The figures of chapter 14, tested through what they draw."""

import numpy as np

from alexnet_course import plots


def test_covered_shares_frames_the_cover_and_its_share():
    shares = np.array([[0.25, 1], [0, 0.5]])
    image, left = plots.covered_shares(np.arange(9).reshape(3, 3), shares, (1, 0)).axes
    assert [text.get_text() for text in left.texts] == ["0.250", "1.000", "0.000", "0.500"]
    assert left.images[0].get_clim() == (0, 1)
    frame = image.patches[-1]
    assert (frame.get_xy(), frame.get_width()) == ((-0.5, 0.5), 2)
    assert image.get_title(loc="right") == "cover 2 × 2"


def test_each_bank_has_a_scale_of_its_own():
    quiet = np.zeros((2, 2, 3, 4))
    quiet[..., 0] = 0.01
    figure = plots.filter_banks({"quiet": quiet, "loud": 1000 * quiet}, columns=2)
    first, second = (axes.images[0].get_array() for axes in figure.axes)
    assert first.shape == (5, 5, 4)
    np.testing.assert_allclose(first, second)
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["quiet", "loud"]
