"""Bugs: a test is told what it does not see, repairs are checked, a wrong part leaves the others alone."""

import inspect
import re
import sys
import textwrap

import numpy as np
import pytest

from alexnet_course import practice
from alexnet_course.practice import bugs, outcomes
from alexnet_course.practice.budget import step_budget
from alexnet_course.practice.bugs import Bug

BUGS = [one for one in map(practice.exercise, practice.numbers()) if isinstance(one, Bug)]
POOL = practice.exercise("18.1")
OPEN = "not written yet."


def by_number(bug):
    return bug.number


def said_of(test, bug=POOL):
    """Return what the checker says of a test."""
    report = practice.check(bug.number, ..., test, ...)
    return report.parts.get("test"), " ".join(
        report.text.partition("test ")[2].partition("\n  repair")[0].split()
    )


def a_test(body):
    """Return a test with this body; it knows np, and max_pool, a function of the page."""
    space = {"np": np, "max_pool": POOL.broken, "sys": sys}
    exec("def test(function):\n" + textwrap.indent(textwrap.dedent(body), "    "), space)
    return space["test"]


# ---- the ten


def test_there_are_ten():
    assert [bug.number for bug in BUGS] == [f"18.{i}" for i in range(1, 11)]


@pytest.mark.parametrize("bug", BUGS, ids=by_number)
def test_the_answer_of_a_bug_passes(bug):
    for symptom in (bug.answer, bug.on_paper):
        report = practice.check(bug.number, symptom, bug.test, bug.right)
        assert report.passed, report
        assert report.parts == {"symptom": True, "test": True, "repair": True}
        assert "passes on two right functions" in report.text
        assert "would do" not in report.text


@pytest.mark.parametrize("bug", BUGS, ids=by_number)
def test_broken_and_right_keep_the_same_shape_wherever_the_right_one_answers(bug):
    differ = 0
    for case in bug.cases(np.random.default_rng(0)):
        broken, right, other = (outcomes.run((f,), case) for f in (bug.broken, bug.right, bug.other))
        if right.error is None:
            assert broken.value.shape == right.value.shape == other.value.shape
            if bug.number != "18.7" or not case.arguments["training"]:  # it tosses coins of its own
                np.testing.assert_allclose(other.value, right.value, rtol=1e-4, atol=1e-5)
            differ += not np.allclose(broken.value, right.value)
        else:
            assert type(other.error) is type(right.error) is ValueError
            differ += broken.error is None
    assert differ


@pytest.mark.parametrize("bug", BUGS, ids=by_number)
def test_a_wrong_repair_is_named(bug):
    for mutant in bug.mutants:
        report = practice.check(bug.number, ..., ..., mutant.function)
        assert report.parts == {"repair": False}
        assert report.hint == mutant.hint, report


@pytest.mark.parametrize("bug", BUGS, ids=by_number)
def test_a_wrong_symptom_is_named(bug):
    for mistake in bug.mistakes:
        report = practice.check(bug.number, mistake.example, ..., ...)
        assert report.parts == {"symptom": False}
        assert report.hint == mistake.hint, report


@pytest.mark.parametrize("bug", BUGS, ids=by_number)
def test_hints_are_distinct_sentences_and_hold_no_line_of_the_repair(bug):
    hints = [*bug.hints, *(one.hint for one in (*bug.mutants, *bug.mistakes))]
    assert len(set(hints)) == len(hints)
    assert all(re.search(r"^\W?[A-Z\d].*[.?]$", hint) or hint.startswith(("n ", "k ")) for hint in hints), (
        hints
    )
    broken = [line.strip() for line in inspect.getsource(bug.broken).splitlines()]
    repaired = [line.strip() for line in inspect.getsource(bug.right).splitlines()[2:]]
    assert [line for line in repaired if line not in broken]
    for line in repaired:
        assert not any(line in hint for hint in hints)
    assert [repr(practice.hint(bug.number, grade)).partition(": ")[2] for grade in (1, 2, 3)] == [*bug.hints]


@pytest.mark.parametrize("bug", BUGS, ids=by_number)
def test_the_solution_shows_test_and_repair(bug):
    text = practice.solution(bug.number)
    assert text.startswith(f"def test_{bug.name}(function):")
    assert f"\ndef {bug.signature}:" in text


# ---- what is not written


def test_the_page_as_it_is_handed_out_is_not_written():
    def untouched(function):
        """Nothing yet."""

    def not_implemented(function):
        raise NotImplementedError

    for test in (..., untouched, not_implemented):
        report = practice.check("18.1", ..., test, POOL.broken)
        assert report.text.startswith("18.1: not written yet.")
        assert report.parts == {}


def test_a_part_is_checked_alone():
    report = practice.check("18.1", ..., POOL.test, POOL.broken)
    assert not report.passed
    assert report.text.splitlines()[1::2] == [
        f"  symptom {OPEN}",
        f"  repair  {OPEN} It does what the broken one does.",
    ]
    assert "numbers" not in practice.check("18.1", [0] * 4, ..., ...).text


@pytest.mark.parametrize("bug", BUGS, ids=by_number)
def test_a_repair_that_repairs_nothing_is_not_written(bug):
    report = practice.check(bug.number, ..., ..., lambda *arguments: bug.broken(*arguments))
    assert report.text.startswith(f"{bug.number}: not written yet.")
    report = practice.check(bug.number, bug.answer, ..., bug.broken)
    assert report.text.endswith("not written yet. It does what the broken one does.")
    assert report.parts == {"symptom": True}


@pytest.mark.parametrize("answers", [(), (1,), (1, 2), (1, 2, 3, 4)])
def test_three_answers_are_taken(answers):
    report = practice.check("18.1", *answers)
    assert (
        f"takes three answers, the symptom, your test and max_pool; you gave {len(answers)}." in report.text
    )


# ---- tests that tell nothing

BLIND = {
    "assert 1 + 1 == 2": "never calls",
    "assert max_pool(np.array([[-1.]]), 2, 1, 1).max() == -1": "never calls",
    "function(np.eye(2), 2, 1, 1)": "asks nothing of the result",
    "assert function(np.eye(2), 2, 1, 1).shape == (3, 3)": "Ten of ten bugs keep the shape",
    "assert function(np.eye(2), 2, 1, 1).dtype == float": "Ten of ten bugs keep the shape",
    "x = -np.eye(2); assert (function(x, 2, 1, 1) == function(x, 2, 1, 1)).all()": "with itself",
    "assert np.allclose(function(-np.eye(2), 2, 1, 1), -1, atol=3)": "tolerance is too wide",
    "assert np.allclose(function(np.ones((2, 2)), 2, 1, 1), 1)": "broken and right agree",
    "assert function(-np.ones((3, 3)), 3, 1, 1)[1, 1] == -1": "broken and right agree",
    "return function(-np.eye(2), 2, 1, 1).max() < 0": "returns a bool",
    "yield function(-np.eye(2), 2, 1, 1)": "never calls",
    "assert function(-np.ones((1, 1)), 2, 1, 1).max() == 0": "the wrong way round",
    "assert False, 'always'": "never calls",
    "function(np.eye(2), 2, 1, 1); assert 0, 'always'": "a right function as well (always)",
    "assert np.allclose(function(-np.ones((1, 1)), 2, 1, 1), -2)": "Are its own numbers right",
    "function(np.eye(2))": "It raises TypeError",
    "assert function(-np.eye(2), 2, 1, 1)[9, 9] < 0": "It raises IndexError",
    "raise KeyError('mine')": "It raises KeyError",
    "function(-np.eye(2), 2, 1, 1)\nsys.exit()": "It raises SystemExit",
    "return test_again(function)": "It raises NameError",
    "function.__defaults__ = (1,)": "changes the function",
    "function.seen = True; assert function(-np.eye(2), 2, 1, 1).max() < 0": "changes the function",
}


@pytest.mark.parametrize("body", BLIND)
def test_a_test_that_tells_nothing_is_told_why(body):
    passed, words = said_of(a_test(body))
    assert passed is False
    assert re.search(BLIND[body].replace("(", r"\(").replace(")", r"\)"), words), words


def test_a_test_that_draws_without_a_seed_is_told():
    flips = iter([True, False] * 20)

    def test(function):
        y = function(-np.ones((1, 1)) if next(flips) else np.ones((1, 1)), 2, 1, 1)
        assert (y != 0).all()

    assert "differently from run to run" in said_of(test)[1]


def test_a_test_that_is_too_strict_is_told():
    def test(function):
        y = function(np.array([0.1, 0.2, 0.3]), 3, 2, 1, 1)
        assert y[0] == 0.1 / (2 + 1 * (0.1**2 + 0.2**2))

    assert "compare with np.allclose" in said_of(test, practice.exercise("18.6"))[1]

    def coins(function):
        rng = np.random.default_rng
        assert (function(np.ones(4), 0.5, False, rng(0)) == 1).all()
        assert function(np.ones(9), 0.5, True, rng(0)).tolist() == [2, 0, 0, 0, 2, 2, 2, 2, 2]

    assert "draws in its own way" in said_of(coins, practice.exercise("18.7"))[1]


def test_a_test_of_an_error_sees_one_that_is_missing():
    bug = practice.exercise("18.10")

    def forgets_to_catch(function):
        function(np.ones((2, 2, 1)), np.ones((2, 2, 3)), 0)
        raise AssertionError

    assert "On a right function: It raises ValueError: x has 1 channels" in said_of(forgets_to_catch, bug)[1]

    def with_pytest(function):
        with pytest.raises(ValueError, match="channels"):
            function(np.ones((2, 2, 1)), np.ones((2, 2, 3)), 0)

    assert said_of(with_pytest, bug)[0] is True


def test_how_many_numbers_a_test_hands_over():
    large = a_test("assert function(-np.ones((4, 5)), 2, 1, 1).max() == -1")
    assert said_of(large)[1].endswith("with 20 numbers; 1 would do.")
    listed = a_test("x = np.array([[-1.0]]); assert function(x, 2, 1, 1).max() == -1")
    assert said_of(listed)[1].endswith("with 1 number.")


def test_what_a_test_does_to_its_own_arrays_changes_nothing():
    body = """
    x = -np.ones((1, 1))
    y = function(x, 2, 1, 1)
    x += 7
    assert y.max() == -1
    """
    assert said_of(a_test(body))[0] is True


# ---- endless, untouchable, of the wrong kind


class Untouchable:
    def __repr__(self):
        raise RuntimeError("no words")

    __str__ = __eq__ = __array__ = __len__ = __iter__ = __float__ = __bool__ = __call__ = __repr__
    __hash__ = None


@pytest.fixture
def short_budget(monkeypatch):
    monkeypatch.setattr(outcomes, "step_budget", lambda: step_budget(20_000))


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("while True: pass", "It runs without end"),
        (
            "while function(-np.ones((1, 1)), 2, 1, 1).max() < 0: pass\nassert 0",
            "On a right function: It runs without end",
        ),
        ("while True:\n try: function\n except: pass", "It runs without end"),
    ],
)
def test_a_test_that_loops_for_ever_is_stopped(body, words, short_budget):
    passed, said = said_of(a_test(body))
    assert passed is False
    assert words in said


def test_an_endless_part_leaves_the_others(short_budget):
    def endless(*arguments):
        while True:
            pass

    report = practice.check("18.1", [0, 0, 0, 0], endless, endless)
    assert report.parts == {"symptom": True, "test": False, "repair": False}
    assert report.text.count("without end") == 2


@pytest.mark.parametrize("bug", BUGS, ids=by_number)
@pytest.mark.parametrize(
    "value", [None, "text", 3, Untouchable(), Untouchable, len, dict, np.zeros(3), np.sum]
)
def test_whatever_is_handed_over_is_answered(bug, value, short_budget):
    report = practice.check(bug.number, value, value, value)
    assert not report.passed
    assert report.text.startswith(f"{bug.number} {bug.name}\n")
    assert set(report.parts) == {"symptom", "test", "repair"}


def test_the_test_of_the_course_is_no_answer_and_neither_is_its_layer():
    from alexnet_course.layers import MaxPooling2D

    layer = MaxPooling2D(3)
    assert "of your own" in practice.check("18.1", ..., layer.forward, layer.forward).text
    assert practice.check("18.1", ..., layer.forward, layer.forward).parts == {"test": False, "repair": False}


def test_what_a_test_prints_is_shown_once(capsys):
    test = a_test("sys.stdout.write('here '); assert function(-np.ones((1, 1)), 2, 1, 1).max() == -1")
    assert said_of(test)[0] is True
    assert capsys.readouterr().out.split() == ["here"]


def test_a_long_report_is_written_in_lines_that_a_page_can_show():
    text = practice.check("18.1", "four", a_test("function(np.eye(2), 2, 1, 1)"), lambda *a: np.zeros(1)).text
    assert max(map(len, text.splitlines())) <= 10 + bugs.WIDTH
    assert re.search(r"\n {12}x = \[\[-4, -2\], \[-3, -1\]\]\n", text), text
    assert all(line.startswith(("18.1", "  ")) for line in text.splitlines())


def test_a_verdict_counts_calls_and_numbers():
    verdict = bugs.judge(lambda f: [f([1, 2]), f(np.zeros((2, 3)), 4)], lambda *arguments: None)
    assert (verdict.calls, verdict.numbers, verdict.passed, verdict.failed) == (2, 8, True, False)
