"""Exercises by number: found in any spelling, in order, and never an error in the reader's notebook."""

import pytest

from alexnet_course import practice


def test_numbers_are_in_the_order_of_the_chapters():
    numbers = practice.numbers()
    keys = [tuple(map(int, number.split("."))) for number in numbers]
    assert keys == sorted(set(keys))
    assert {chapter for chapter, _ in keys} == set(range(1, 19))


@pytest.mark.parametrize("number", ["02.3", "2.3", 2.3])
def test_an_exercise_is_found_in_any_spelling(number):
    assert practice.exercise(number).number == "02.3"


@pytest.mark.parametrize("number", ["2.33", "02", None, "../02.3"])
def test_what_is_no_exercise_is_told_and_the_nearest_named(number):
    with pytest.raises(ValueError, match=r"is no checked exercise; the nearest are \d\d\.\d") as error:
        practice.exercise(number)
    for answer in (practice.check(number, 1).text, practice.hint(number), practice.solution(number)):
        assert str(answer) == f"{error.value}."


def test_hints_have_three_grades():
    wanted = practice.exercise("02.3")
    for grade in (1, 2, 3):
        assert str(practice.hint("02.3", grade)) == f"02.3, hint {grade} of 3: {wanted.hints[grade - 1]}"
    for grade in (0, 4, "1", None):
        assert str(practice.hint("02.3", grade)).startswith(f"grade {grade!r} is no hint")


def test_a_solution_is_source_that_can_be_read():
    text = str(practice.solution("02.3"))
    assert text.startswith("def ")
    assert compile(text, "solution", "exec")


def test_an_answer_that_raises_when_it_is_touched_is_told_so():
    class Touchy:
        def __getattribute__(self, name):
            raise RuntimeError

    report = practice.check("02.3", Touchy())
    assert not report.passed
    assert "02.3" in report.text
