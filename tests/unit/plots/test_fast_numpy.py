"""The figures of chapter 15, tested through what they draw."""

import numpy as np
import pytest

from alexnet_course import plots


def test_a_rung_that_is_not_possible_is_left_out_and_the_line_goes_on():
    (axis,) = plots.rungs(("a", "b", "c"), {"conv1": [100, np.nan, 1], "fc6": [10, 5, 2]}).axes
    first, second = axis.lines
    np.testing.assert_array_equal(first.get_xydata(), [[0, 100], [2, 1]])
    assert len(second.get_xydata()) == 3
    assert axis.get_yscale() == "log"
    assert axis.yaxis.get_major_formatter()(0.01) == "10 ms"
    assert axis.yaxis.get_major_formatter()(1000) == "1,000 s"


def test_the_roof_rises_with_memory_and_ends_at_the_products():
    layers = {"many": [[40, 100], [2, 10]], "one": [[1, 9], [1, 8]]}
    (axis,) = plots.roofline(("conv1", "fc6"), {"core": [10, 200]}, layers).axes
    roof = axis.lines[0].get_xydata()
    np.testing.assert_allclose(roof[:, 1], np.minimum(200, 10 * roof[:, 0]))
    assert roof[1].tolist() == [20, 200]
    assert [line.get_xydata().tolist() for line in axis.lines[1:]] == [[[40, 100], [1, 9]], [[2, 10], [1, 8]]]
    names = [text.get_text() for text in axis.texts]
    assert names == ["core", "conv1", "fc6"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.rungs(("a",), {"conv1": [0]}), r"seconds\['conv1'\] must hold numbers above 0; got 0"),
        (lambda: plots.rungs(("a",), {}), "seconds must be a dict of one to 6 arrays by their names"),
        (lambda: plots.roofline(("a",), {"core": [1, 2]}, {"one": [[1, -1]]}), r"layers\['one'\] must hold"),
        (
            lambda: plots.roofline(("a",), {}, {"one": [[1, 1]]}),
            "roofs must be a dict of one to 2 arrays by their names",
        ),
    ],
)
def test_what_cannot_be_drawn_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
