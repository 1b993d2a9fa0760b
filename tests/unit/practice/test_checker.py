"""The checker answers whatever it is given, soon and in words, and is neither too strict nor too loose."""

import re
import sys

import numpy as np
import pytest

from alexnet_course import practice
from alexnet_course.practice import outcomes, reports
from alexnet_course.practice.budget import step_budget
from alexnet_course.practice.checker import check_exercise
from alexnet_course.practice.exercises import Case, Exercise, Mutant, Question

ALL = [practice.exercise(number) for number in practice.numbers()]
CODING = [exercise for exercise in ALL if isinstance(exercise, Exercise)]
QUESTIONS = [exercise for exercise in ALL if isinstance(exercise, Question)]


def by_number(exercise):
    return exercise.number


def right(x, weight, bias, stride=1):
    return practice.exercise("02.3").solutions[0](x, weight, bias, stride)


# ---- whatever is handed over


class Untouchable:
    """An object that raises when it is shown, compared or turned into an array."""

    def __repr__(self):
        raise RuntimeError("no words")

    __str__ = __eq__ = __array__ = __len__ = __iter__ = __float__ = __bool__ = __repr__
    __hash__ = None


class Endless:
    """An object that never ends when it is shown."""

    def __repr__(self):
        while True:
            pass


class MuteError(Exception):
    def __str__(self):
        raise RuntimeError("no words")


class Interruption(BaseException):
    """Like KeyboardInterrupt, no Exception."""


def leaves(*arguments):
    sys.exit(3)


def interrupts(*arguments):
    raise KeyboardInterrupt


def raises_another(*arguments):
    raise Interruption("stop")


def raises_without_words(*arguments):
    raise MuteError


def recurses(*arguments):
    return recurses(*arguments)


def loops(*arguments):
    while True:
        pass


def loops_and_swallows(*arguments):
    while True:
        try:
            len(arguments)
        except:  # noqa: E722 what a learner may write
            continue


def yields(*arguments):
    yield from arguments


def prints(*arguments):
    sys.stdout.write(f"here {arguments}")


def writes(*arguments):
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            argument[...] = 7
    return arguments[0]


def holds_itself(*arguments):
    answer = []
    answer.append(answer)
    return answer


OF_OBJECTS = np.empty(1, object)
OF_OBJECTS[0] = Untouchable()
FUNCTIONS = [leaves, interrupts, raises_another, raises_without_words, recurses, loops, loops_and_swallows]
FUNCTIONS += [yields, prints, writes, holds_itself, Untouchable, Endless, MuteError, dict, type, len]
VALUES = [np.nan, np.inf, -1, True, 10**400, 1j, "text", b"", object(), Untouchable(), Endless(), dict, None]
VALUES += [{}, {1, 2}, [], (), (1, (2, 3)), ((1, 2), [3], "a"), [[1], [1, 2]], (np.zeros(2), None), range(3)]
VALUES += [(Untouchable(),) * 3, (x for x in "ab"), np.array([np.nan, np.inf]), np.array(["a"]), OF_OBJECTS]
VALUES += [np.zeros((0, 3)), np.zeros((1,) * 5), np.ma.masked_array([1.0, 2], [True, False]), np.float16(1)]
VALUES += [np.datetime64("2012-09-30"), np.full(3, 1e300), np.zeros(2, [("a", int)]), memoryview(b"ab")]


@pytest.fixture
def short_budget(monkeypatch):
    for module in (outcomes, reports):
        monkeypatch.setattr(module, "step_budget", lambda steps=0: step_budget(3000))


@pytest.mark.parametrize("exercise", CODING, ids=by_number)
def test_the_checker_answers_whatever_a_function_does(exercise, short_budget):
    returning = [lambda *arguments, value=value: value for value in VALUES]
    for answer in [*FUNCTIONS, *returning, *VALUES]:
        report = practice.check(exercise.number, *[answer] * len(exercise.names))
        assert not report.passed
        assert re.match(rf"{exercise.number}: (fails check|takes|not written)", report.text), report.text
        said = re.search(r"(?:returns|is) (.*); expected (.*)\.$", report.text, re.MULTILINE)
        assert not said or said[1] != said[2], report.text
        if re.search(r"^(It|Item) ", report.text, re.MULTILINE):
            assert "no mistake that the checker knows" not in report.text


@pytest.mark.parametrize("question", QUESTIONS, ids=by_number)
def test_the_checker_answers_whatever_a_value_is(question, short_budget):
    shape, size = np.shape(question.answer), np.size(question.answer)
    filled = [np.full(shape, value) for value in (np.nan, np.inf, -77, 1e300, 2**62)]
    lists = [[value] * size for value in (np.nan, 10**400, None, "a", Untouchable())]
    for value in [*VALUES, *FUNCTIONS, *filled, *lists]:
        report = practice.check(question.number, value)
        assert report.passed or re.match(rf"{question.number}: (takes|not yet)", report.text), report.text
        assert not report.passed or np.isfinite(value).all()


def test_a_result_that_is_wrong_in_one_item_names_it():
    right = practice.exercise("10.3").solutions[0]

    def told(change):
        return practice.check("10.3", lambda row, shape: change(*right(row, shape))).text

    assert "Item [1] of its result is of float64 numbers; expected int64." in told(
        lambda a, b, c: (a, b / 1, c)
    )
    assert "Item [2] of its result is a list; expected an int." in told(lambda a, b, c: (a, b, [c]))
    assert "Item [0] of its result is a tuple of 2; expected a tuple of 3." in told(
        lambda a, b, c: (a[:2], b, c)
    )
    assert "It returns a tuple of 2; expected a tuple of 3." in told(lambda a, b, c: (a, b))
    assert "It returns an int; expected a tuple of 3." in told(lambda a, b, c: b)


def test_an_interruption_and_an_exit_are_said():
    assert "It raises SystemExit: 3, in line" in practice.check("02.3", leaves).text
    assert "It raises KeyboardInterrupt" in practice.check("02.3", interrupts).text
    text = practice.check("02.3", raises_without_words).text
    assert "It raises MuteError: <MuteError that cannot be shown>" in text
    assert "It returns a generator; expected an array" in practice.check("02.3", yields).text


def test_what_a_function_prints_is_shown_for_the_cases_that_it_is_told_about(capsys):
    def conv2d(x, weight, bias, stride=1):
        sys.stdout.write("called ")
        return right(x, weight, bias, stride) + 1

    practice.check("02.3", conv2d)
    assert capsys.readouterr().out.split() == ["called"]


def test_a_function_that_is_endless_later_costs_few_budgets(monkeypatch):
    calls = []

    def conv2d(x, weight, bias, stride=1):
        calls.append(stride)
        while len(calls) > 1:
            pass

    monkeypatch.setattr(outcomes, "step_budget", lambda: step_budget(3000))
    assert "It returns None" in practice.check("02.3", conv2d).text
    assert len(calls) == 2


def test_a_function_that_is_wrong_only_once_fails_without_a_hint():
    calls = []

    def conv2d(x, weight, bias, stride=1):
        calls.append(stride)
        return right(x, weight, bias, stride) + (len(calls) == 1)

    report = practice.check("02.3", conv2d)
    assert "fails check 1" in report.text
    assert report.hint == ""


@pytest.mark.parametrize("value", [[np.nan, 53], np.inf, [53, np.nan, 55, 56]])
def test_numbers_that_are_none_are_refused(value):
    assert (
        "03.2: takes finite numbers (every n that gives 13 windows of 5 at stride 4)"
        in practice.check("03.2", value).text
    )


# ---- how close is close enough


@pytest.mark.parametrize(
    ("dtype", "off", "passes"),
    [
        (np.float64, 1e-9, True),
        (np.float64, 1e-6, False),
        (np.float32, 3e-5, True),
        (np.float32, 2e-3, False),
    ],
)
def test_digits_of_a_result(dtype, off, passes):
    report = practice.check("02.3", lambda *a: (right(*a) * (1 + off) + off).astype(dtype))
    assert report.passed == passes


@pytest.mark.parametrize(("off", "passes"), [(4e-4, True), (2e-3, False)])
def test_digits_of_a_number_on_paper(off, passes):
    assert practice.check("09.2", practice.exercise("09.2").answer + off).passed == passes


def test_a_mistake_that_explains_half_of_the_failures_is_named():
    def doubled(x):
        return 2 * x

    exercise = Exercise(
        number="99.1",
        signatures=("same(x)",),
        solutions=(lambda x: x,),
        cases=lambda rng: [Case(f"x = {x}", {"x": x}) for x in (1, 2, 3, 4)],
        mutants=(Mutant(doubled, "Twice."),),
        hints=("a", "b", "c"),
    )
    assert check_exercise(exercise, (lambda x: [2, 2, 3, 5][x - 1],)).hint == "Twice."  # one of two
    assert check_exercise(exercise, (lambda x: [2, 3, 4, 4][x - 1],)).hint == ""  # one of three


def test_numbers_are_shown_rounded():
    assert reports.shown(0.123456) == "0.1235"
    assert reports.shown(np.array([0.123456, 1 / 3])) == "[0.1235, 0.3333]"
    assert (
        reports.first_difference(np.array([1, 2.00004]), np.array([1, 3.14159])) == "[1]: 2, expected 3.142"
    )


def test_a_default_of_another_value_is_seen():
    lrn = practice.exercise("05.3").solutions[0]
    for n in (3, 7, 9):
        report = practice.check(
            "05.3", lambda x, n=n, k=2.0, alpha=1e-4, beta=0.75, groups=1: lrn(x, n, k, alpha, beta, groups)
        )
        assert "n, k, alpha, beta and groups left out" in report.text


@pytest.mark.parametrize("shift", [np.min, np.mean, np.median])
def test_a_softmax_that_overflows_is_seen(shift):
    def average_shares(logits):
        exponentials = np.exp(logits - shift(logits, axis=1, keepdims=True))
        return (exponentials / exponentials.sum(axis=1, keepdims=True)).mean(axis=0)

    crops, _ = practice.exercise("11.3").solutions
    assert "scores that are far apart" in practice.check("11.3", crops, average_shares).text


# ---- exercises in two functions

SEVERAL = [exercise for exercise in CODING if len(exercise.names) > 1]


@pytest.mark.parametrize("exercise", SEVERAL, ids=by_number)
def test_the_first_of_two_functions_is_checked_alone(exercise):
    first, second = exercise.solutions
    for answer in ([first], [first, lambda *arguments: ...]):
        report = practice.check(exercise.number, *answer)
        assert report.passed
        assert report.text.endswith(f"Still to write: {exercise.names[1]}.")
    both = practice.check(exercise.number, first, second).text
    checks = [int(text.split("passes ")[1].split()[0]) for text in (report.text, both)]
    assert 0 < checks[0] < checks[1]


@pytest.mark.parametrize("exercise", SEVERAL, ids=by_number)
def test_a_mistake_in_the_first_of_two_functions_is_named_without_the_second(exercise):
    for mutant in exercise.mutants:
        if mutant.replaces == 0:
            report = practice.check(exercise.number, mutant.function)
            assert not report.passed
            assert report.hint == mutant.hint


def masked(value):
    if isinstance(value, tuple):
        return tuple(map(masked, value))
    return np.ma.masked_array(value, mask=True) if isinstance(value, np.ndarray) else value


@pytest.mark.parametrize("number", ["02.3", "05.1", "06.3", "07.1", "09.1"])
def test_what_a_mask_hides_is_no_answer(number):
    exercise = practice.exercise(number)
    if isinstance(exercise, Exercise):
        answers = [lambda *a, right=right: masked(right(*a)) for right in exercise.solutions]
        report = practice.check(number, *answers)
        assert "a masked array of shape" in report.text
    else:
        report = practice.check(number, masked(np.asarray(exercise.answer)))
        assert "; you gave a masked array of shape" in report.text
    assert not report.passed


def test_a_sentence_ends_in_one_mark():
    assert practice.check("02.1", None).text.endswith("; you gave None (is its return missing?).")
    assert "; you gave None (is its return missing?). Hand over" in practice.check("02.3", None).text
    returned = practice.check("02.3", lambda *arguments: [].sort()).text
    assert "It returns None (is its return missing?); expected an array" in returned
