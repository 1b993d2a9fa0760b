"""The detective explorer in Python: the functions of the exercises, and what an input shows of them."""

import numpy as np
import pytest

from alexnet_course.explorers import DetectiveExplorer
from alexnet_course.explorers.detective import INPUTS
from alexnet_course.practice.ch18_spot_the_bug import EXERCISES

NAMES = [f"{bug.number} {bug.name}" for bug in EXERCISES]


def shown(name, size, inputs=INPUTS):
    """Return the inputs that show a bug."""
    caught = DetectiveExplorer(bug=name, size=size).caught
    return {ready for ready, sees in zip(INPUTS, caught, strict=True) if sees} & set(inputs)


def test_it_starts_where_the_bug_is_hidden():
    explorer = DetectiveExplorer()
    assert explorer.different == 0
    assert explorer.first == (-1, -1)
    assert explorer._sentence() == (
        "18.1 max_pool on left edge: both return the same 9 numbers. This input hides the bug."
    )
    assert 'stroke-width="2.5"' not in "".join(explorer._static_picture().parts)


def test_the_first_number_that_is_wrong_is_framed_and_said():
    explorer = DetectiveExplorer(bug="18.4 conv2d")
    assert (explorer.first, explorer.different) == ((0, 1), 3)
    assert explorer._sentence().endswith("3 of 9 numbers differ, the first at (0, 1): 4, right is 4.5.")
    assert 'stroke-width="2.5"' in "".join(explorer._static_picture().parts)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("size", range(1, 6))
def test_the_shape_agrees_unless_the_input_is_refused(name, size):
    for ready in INPUTS:
        explorer = DetectiveExplorer(bug=name, size=size, input=ready)
        assert explorer.right.shape in (explorer.broken.shape, (0, 0))
        assert (explorer.first == (-1, -1)) == (explorer.different == 0)
        assert (explorer.right.size == 0) == (name == "18.10 response" and size > 1)


def test_no_input_shows_every_bug_and_two_together_do():
    seen = {
        ready: {name for name in NAMES for size in (2, 3) if ready in shown(name, size)} for ready in INPUTS
    }
    assert all(len(found) < 10 for found in seen.values())
    assert seen["counting"] == set(NAMES) - {"18.2 max_pool_backward"}
    assert seen["counting"] | seen["one bright pixel"] == set(NAMES)
    assert seen["zeros"] == {"18.10 response"}


@pytest.mark.parametrize(
    ("name", "size"),
    [("18.1 max_pool", 1), ("18.2 max_pool_backward", 2), ("18.3 pad_same", 3), ("18.6 normalize", 1)]
    + [("18.5 lrn", 5), ("18.7 dropout", 1), ("18.8 flatten", 1), ("18.9 probabilities", 1)]
    + [("18.10 response", 1)],
)
def test_a_size_that_hides_a_bug_from_all_inputs(name, size):
    assert shown(name, size) == set()


def test_floats_are_not_cut():
    whole, halves = ([[value]] for value in (3, 3.5))
    assert DetectiveExplorer(bug="18.4 conv2d", input=whole, size=1).broken[0, 0] == 1
    assert DetectiveExplorer(bug="18.4 conv2d", input=halves, size=1).different == 0


def test_an_input_that_the_right_one_refuses():
    explorer = DetectiveExplorer(bug="18.10 response", input=[[1, 2], [3, 4]])
    np.testing.assert_array_equal(explorer.broken, [[3, 6], [9, 12]])
    assert (explorer.right.shape, explorer.first, explorer.different) == ((0, 0), (0, 0), 4)
    assert explorer._sentence() == (
        "18.10 response on an input of your own: the right one refuses it, the broken one returns 4 numbers."
    )
    assert "refused" in "".join(explorer._static_picture().parts)


def test_other_settings_are_refused():
    with pytest.raises(ValueError, match="size is 6; it must be a whole number from 1 to 5"):
        DetectiveExplorer(size=6)
    with pytest.raises(ValueError, match="it must be square, with 1 to 6 rows"):
        DetectiveExplorer(input=[[1, 2]])
