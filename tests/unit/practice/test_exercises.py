"""The checkers accept each solution, reject each mutant with its own hint, and give no answer away."""

import inspect
import re

import numpy as np
import pytest

from alexnet_course import practice
from alexnet_course.practice.exercises import Exercise, Question

EVERY = [practice.exercise(number) for number in practice.numbers()]
CODING = [exercise for exercise in EVERY if isinstance(exercise, Exercise)]
QUESTIONS = [exercise for exercise in EVERY if isinstance(exercise, Question)]
ALL = [*CODING, *QUESTIONS]  # bugs have a file of their own


def by_number(exercise):
    return exercise.number


def mutants():
    for exercise in CODING:
        for mutant in exercise.mutants:
            name = mutant.function.__name__.strip("_")
            yield pytest.param(exercise, mutant, id=f"{exercise.number}-{name}")


def mistakes():
    for question in QUESTIONS:
        for i, mistake in enumerate(question.mistakes):
            yield pytest.param(question, mistake, id=f"{question.number}-{i}")


def texts(exercise):
    """Everything that a learner may read before looking at the solution."""
    known = exercise.mutants if isinstance(exercise, Exercise) else exercise.mistakes
    return [*exercise.hints, *(mistake.hint for mistake in known)]


@pytest.mark.parametrize("exercise", CODING, ids=by_number)
def test_solution_passes(exercise):
    report = practice.check(exercise.number, *exercise.solutions)
    assert report.passed, report
    assert re.fullmatch(r"\d\d\.\d .+: passes \d+ checks\.", repr(report))


@pytest.mark.parametrize(("exercise", "mutant"), list(mutants()))
def test_mutant_is_rejected_with_its_own_hint(exercise, mutant):
    report = practice.check(exercise.number, *exercise.with_mutant(mutant))
    assert not report.passed
    assert report.hint == mutant.hint, report
    assert mutant.hint in report.text


@pytest.mark.parametrize("exercise", ALL, ids=by_number)
def test_hints_are_distinct_sentences(exercise):
    everything = texts(exercise)
    assert len(exercise.hints) == 3
    assert len(set(everything)) == len(everything)
    for text in everything:
        assert re.search(r"[.?]$", text), text
        assert text[0].isupper() or not text[0].isalpha(), text


@pytest.mark.parametrize("exercise", CODING, ids=by_number)
def test_no_hint_holds_a_line_of_the_solution(exercise):
    # A line that computes: the def line, the docstring and bare returns of a name are no secret.
    lines = [
        re.sub(r"\s+", "", line.partition("#")[0])
        for function in exercise.solutions
        for line in inspect.getsource(function).splitlines()
        if "=" in line or "return" in line
    ]
    lines = [line for line in lines if not line.startswith("def") and len(line) > 12]
    assert lines
    for text in texts(exercise):
        squeezed = re.sub(r"\s+", "", text)
        for line in lines:
            assert line not in squeezed
            assert line.removeprefix("return") not in squeezed


@pytest.mark.parametrize("exercise", CODING, ids=by_number)
def test_cases_start_small_and_reach_awkward_shapes(exercise):
    def largest(case):
        return max([a.size for a in case.arguments.values() if isinstance(a, np.ndarray)], default=1)

    cases = exercise.cases(np.random.default_rng(0))
    assert len(cases) >= 8
    assert largest(cases[0]) <= 24
    assert len({case.name for case in cases}) == len(cases)


@pytest.mark.parametrize("question", QUESTIONS, ids=by_number)
def test_numbers_worked_on_paper_are_right(question):
    report = practice.check(question.number, question.on_paper)
    assert report.passed, report


@pytest.mark.parametrize("question", QUESTIONS, ids=by_number)
def test_answer_of_a_question_is_accepted(question):
    assert practice.check(question.number, question.answer).passed


@pytest.mark.parametrize(("question", "mistake"), list(mistakes()))
def test_mistake_is_named(question, mistake):
    report = practice.check(question.number, mistake.example)
    assert not report.passed
    assert report.hint == mistake.hint


@pytest.mark.parametrize("question", QUESTIONS, ids=by_number)
def test_wrong_numbers_without_a_name_get_the_general_hint(question):
    report = practice.check(question.number, np.full(np.shape(question.answer), -77))
    assert not report.passed
    assert report.hint or f'practice.hint("{question.number}", 1)' in report.text


@pytest.mark.parametrize("exercise", ALL, ids=by_number)
def test_unwritten_exercise_prints_one_fixed_line(exercise):
    line = f"{exercise.number}: not written yet. Write your answer in place of ... and run this again."

    def dots(*arguments):
        """A stub."""
        ...

    def returns_dots(*arguments):
        return ...

    def not_implemented(*arguments):
        raise NotImplementedError

    for stub in (dots, returns_dots, not_implemented):
        answers = [stub] * len(exercise.names) if isinstance(exercise, Exercise) else [...]
        report = practice.check(exercise.number, *answers)
        assert repr(report) == line
        assert not report.passed


# ---- misuse: the report says which of these happened


def right(x, weight, bias, stride=1):
    return practice.exercise("02.3").solutions[0](x, weight, bias, stride)


def test_unknown_exercise_names_the_nearest():
    words = "number '02.30' is no checked exercise; the nearest are 02.3"
    with pytest.raises(ValueError, match=words):
        practice.exercise("02.30")
    for report in (practice.check("02.30", right), practice.hint("02.30"), practice.solution("02.30")):
        assert repr(report).startswith(words)
    assert not practice.check("02.30", right).passed
    assert "is no checked exercise" in practice.hint(None)


def test_a_number_may_be_written_without_its_zero():
    for number in ("6.3", 6.3):
        assert practice.exercise(number).number == "06.3"
        assert practice.hint(number, 2) == practice.hint("06.3", 2)
        assert practice.solution(number) == practice.solution("06.3")
        assert practice.check(number, ...) is not None
    assert practice.exercise(10.3).number == "10.3"


def test_exercises_stand_in_the_order_of_their_numbers():
    numbers = [tuple(map(int, number.split("."))) for number in practice.numbers()]
    assert numbers == sorted(numbers)
    assert (18, 10) in numbers


def test_hint_has_three_grades():
    graded = [repr(practice.hint("02.3", grade)) for grade in (1, 2, 3)]
    assert graded[0].startswith("02.3, hint 1 of 3: ")
    assert len(set(graded)) == 3
    assert repr(practice.hint("02.3", 9)) == "grade 9 is no hint; an exercise has hints 1, 2 and 3."


def test_solution_shows_the_source():
    assert repr(practice.solution("02.3")).startswith("def conv2d(x, weight, bias, stride=1):")


@pytest.mark.parametrize("answer", ["2, 4, 5", None, [1, "a", 2], {1, 2}])
def test_a_question_wants_numbers(answer):
    assert "takes numbers" in practice.check("02.1", answer).text


def test_a_question_says_which_shape():
    assert "takes numbers of shape (3,)" in practice.check("02.1", [1, 2]).text


def test_any_grade_of_a_hint_is_answered():
    assert "is no hint" in practice.hint("02.3", np.array([1, 2]))
    assert practice.hint("02.3", 1.0) == practice.hint("02.3", 1)
