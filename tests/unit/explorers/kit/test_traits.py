"""The kinds of setting: what each accepts, what it makes of it, and what it says of anything else."""

import numpy as np
import pytest
import traitlets

from alexnet_course.explorers.kit import traits


class Holder(traitlets.HasTraits):
    """One setting of each kind."""

    whole = traits.Whole(3, 1, 9, step=2)
    even = traits.Whole(4, 2, 8, step=2)
    number = traits.Number(0.5, 0, 1)
    choice = traits.Choice("same", "valid", default="valid")
    flag = traits.Flag(False)
    numbers = traits.Numbers([1, 2], 2, 4, 99)
    wholes = traits.Wholes((11, 5), 1, 11)
    matrix = traits.NamedMatrix("tile", most=3, limit=9)


@pytest.fixture
def holder():
    return Holder()


@pytest.mark.parametrize(
    ("name", "given", "kept"),
    [
        ("whole", np.int64(5), 5),
        ("number", np.float32(0.25), 0.25),
        ("number", 1, 1.0),
        ("choice", "same", "same"),
        ("flag", np.bool_(True), True),
        ("numbers", np.array([1.0, -99.0, 0.5]), [1.0, -99.0, 0.5]),
        ("numbers", (1.0, 2.0), [1, 2]),
        ("wholes", np.array([3.0, 7.0]), [3, 7]),
        ("matrix", "tile", "tile"),
        ("matrix", np.eye(2), [[1, 0], [0, 1]]),
    ],
)
def test_what_is_right_is_kept_as_plain_python(holder, name, given, kept):
    setattr(holder, name, given)
    found = getattr(holder, name)
    assert found == kept
    assert repr(found) == repr(kept)  # 1, not 1.0 or np.int64(1)


@pytest.mark.parametrize(
    ("name", "given", "words"),
    [
        ("whole", 4, "whole is 4; it must be an odd number from 1 to 9"),
        ("whole", 11, "it must be an odd number from 1 to 9"),
        ("whole", True, "whole is True"),
        ("even", 3, "even is 3; it must be a whole number from 2 to 8"),
        ("number", 1.01, "number is 1.01; it must be a number from 0 to 1"),
        ("number", float("nan"), "it must be a number from 0 to 1"),
        ("number", np.zeros(1), "it must be a number from 0 to 1"),
        ("choice", "full", "choice is 'full'; it must be one of same, valid"),
        ("choice", ["same"], "it must be one of same, valid"),
        ("flag", 1, "flag is 1; it must be True or False"),
        ("numbers", [1], "numbers has shape (1,); it must be 2 to 4 numbers in a row"),
        ("numbers", [[1, 2]], "numbers has shape (1, 2)"),
        ("numbers", [1, 100], "numbers must hold numbers from -99 to 99; got [1, 100]"),
        ("numbers", [1, np.nan], "numbers must hold numbers from -99 to 99"),
        ("numbers", ["a", 1], "it must hold nothing but numbers"),
        ("wholes", [3], "wholes is [3]; it must be 2 whole numbers from 1 to 11"),
        ("wholes", [3, 0], "it must be 2 whole numbers from 1 to 11"),
        ("wholes", [3, 7.5], "it must be 2 whole numbers from 1 to 11"),
        ("matrix", "eye", "matrix is 'eye'; it must be a square matrix or one of tile"),
        ("matrix", [[1, 2]], "matrix has shape (1, 2); it must be square, with 1 to 3 rows"),
        ("matrix", np.zeros((4, 4)), "it must be square, with 1 to 3 rows"),
        ("matrix", np.zeros((0, 0)), "it must be square, with 1 to 3 rows"),
        ("matrix", [[10]], "matrix must hold numbers from -9 to 9"),
    ],
)
def test_anything_else_is_refused_in_words_and_changes_nothing(holder, name, given, words):
    before = getattr(holder, name)
    with pytest.raises(ValueError, match=r"it must|must hold") as error:
        setattr(holder, name, given)
    assert words in str(error.value)
    assert getattr(holder, name) == before


def test_every_kind_is_part_of_the_state_and_starts_at_its_default(holder):
    assert set(holder.traits(state=True, sync=True)) == set(Holder.class_own_traits())
    assert (holder.whole, holder.choice, holder.wholes, holder.matrix) == (3, "valid", [11, 5], "tile")
