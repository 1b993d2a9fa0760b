"""What a function did on a case, and whether two of them did the same."""

import dataclasses

import numpy as np
import pytest

from alexnet_course.practice import outcomes
from alexnet_course.practice.budget import step_budget
from alexnet_course.practice.exercises import Case

CASE = Case("a row", {"x": np.array([1.0, 2.0]), "stride": 2})


@dataclasses.dataclass
class Judged:
    """What `agree` asks of an exercise."""

    view: object = None


def test_a_value_is_kept_as_it_was_returned():
    def view(x, stride):
        return x[:1]

    found = outcomes.run((view,), CASE)
    assert found.value.base is None
    np.testing.assert_array_equal(found.value, [1.0])
    assert (found.error, found.changed, found.endless) == (None, (), False)


def test_the_case_stays_and_what_an_answer_writes_into_is_named():
    def spoil(x, stride):
        x[0] = np.nan
        return x

    assert outcomes.run((spoil,), CASE).changed == ("x",)
    np.testing.assert_array_equal(CASE.arguments["x"], [1.0, 2.0])


def test_an_error_has_its_line():
    def beyond(x, stride):
        return x[5]

    found = outcomes.run((beyond,), CASE)
    assert isinstance(found.error, IndexError)
    assert found.line.endswith(": return x[5]")
    assert not found.endless


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_nothing_that_an_answer_raises_gets_out(error):
    def leave(x, stride):
        raise error

    assert isinstance(outcomes.run((leave,), CASE).error, error)


def test_an_answer_without_end_is_stopped(monkeypatch):
    def forever(x, stride):
        while True:
            stride += 1

    monkeypatch.setattr(outcomes, "step_budget", lambda: step_budget(1000))
    assert outcomes.run((forever,), CASE).endless


@pytest.mark.parametrize(
    ("given", "expected", "kind"),
    [
        (np.array([1.0, 2.0]), np.array([1.0, 2.0]), ""),
        ([1, 2], np.array([1.0, 2.0]), ""),
        (np.array([1, 2]), np.array([1.0, 2.0]), "dtype"),
        (np.array([1, 2], np.uint8), np.array([1, 2]), ""),
        (np.array([[1.0, 2.0]]), np.array([1.0, 2.0]), "shape"),
        (np.array([1.0, 2.1]), np.array([1.0, 2.0]), "values"),
        (np.array([np.nan]), np.array([np.nan]), ""),
        (np.array([1.0]) + 1e-7, np.array([1.0]), "values"),
        (np.float32([1.0]) + np.float32(1e-6), np.float32([1.0]), ""),
        (np.ma.masked_array([1.0], [True]), np.array([1.0]), "type"),
        ("1", 1, "type"),
        (None, np.array([1.0]), "type"),
        (1.0, np.array([1.0]), "type"),
        ((1, 2), (1, 2), ""),
        ([1, 2, 3], (1, 2), "length"),
        (3, (1, 2), "type"),
        ((1, np.array([2.5])), (1, np.array([2.0])), "values"),
        (np.array([1, 2]), (1, 2), ""),
        ([[1], [2, 3]], np.array([1.0]), "type"),
    ],
)
def test_answers_differ_in_one_word(given, expected, kind):
    assert outcomes.difference(given, expected) == kind


def test_numbers_may_be_a_thousand_roundings_away():
    limits = [outcomes.tolerance(np.zeros(1, dtype)) for dtype in ("f2", "f4", "f8", "i8")]
    assert limits == [5e-3, 1e-4, 1e-8, 1e-8]


def test_outcomes_agree_in_value_error_and_what_they_changed():
    one = outcomes.Outcome(value=1.0)
    error, other = outcomes.Outcome(error=ValueError("a")), outcomes.Outcome(error=ValueError("b"))
    assert outcomes.agree(Judged(), CASE, one, outcomes.Outcome(value=1.0))
    assert not outcomes.agree(Judged(), CASE, one, outcomes.Outcome(value=2.0))
    assert not outcomes.agree(Judged(), CASE, one, outcomes.Outcome(value=1.0, changed=("x",)))
    assert outcomes.agree(Judged(), CASE, error, other)
    assert not outcomes.agree(Judged(), CASE, error, outcomes.Outcome(error=TypeError("a")))
    assert not outcomes.agree(Judged(), CASE, error, one)
    assert not outcomes.agree(Judged(), CASE, one, error)


def test_a_view_decides_what_is_compared():
    first, second = outcomes.Outcome(value=np.array([1.0, 2.0])), outcomes.Outcome(value=np.array([2.0, 1.0]))
    assert not outcomes.agree(Judged(), CASE, first, second)
    assert outcomes.agree(Judged(view=lambda case, value: np.sort(value)), CASE, first, second)
