"""A broken function to see through: predict its symptom, write a test that fails on it, repair it.

The reader's test is a function of the function under test. It is run on the broken one, where it must fail,
and on two right ones, where it must pass. A test that tells nothing is run on functions that are wrong in
known ways: it lets them pass, which says what it does not look at.
"""

import contextlib
import io
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from alexnet_course.practice.checker import (
    check_exercise,
    check_question,
    is_of_the_package,
    is_stub,
    unwritten,
    what_happened,
)
from alexnet_course.practice.exercises import Case, Exercise, Mistake, Mutant, Question
from alexnet_course.practice.outcomes import Outcome, run
from alexnet_course.practice.reports import Report, described, in_words

RUNS = 3  # of a test on each function: one that draws numbers without a seed shows it
WIDTH = 66  # characters of a line behind the name of a part
OPEN = "not written yet."
_AS_IT_WAS = "It does what the broken one does."
FAILURES = ("AssertionError", "Failed")  # of assert and numpy.testing, and of pytest


@dataclass(frozen=True)
class Bug:
    """A broken function, and what is needed to check a symptom, a test and a repair.

    Parameters
    ----------
    number : str
        Chapter and exercise, as "18.1".
    signature : str
        Of the broken function, as "max_pool(x, k, s, p)".
    broken, right : callable
        The function as the reader finds it, and repaired.
    other : callable
        Right as well, but computed in another way: a test that refuses it asks for too much.
    asks, answer, on_paper, mistakes
        The symptom, as in `Question`.
    test : callable
        `test(function)` raises AssertionError on `broken`, and nothing on `right` and `other`.
    cases, mutants
        Of the repair, as in `Exercise`.
    hints : tuple of str
        Three: for the symptom, the test and the repair.
    """

    number: str
    signature: str
    broken: Callable
    right: Callable
    other: Callable
    asks: str
    answer: Any
    on_paper: Any
    mistakes: tuple[Mistake, ...]
    test: Callable
    cases: Callable[[np.random.Generator], list[Case]]
    mutants: tuple[Mutant, ...]
    hints: tuple[str, str, str]

    parts = ("symptom", "test", "repair")

    @property
    def name(self):
        """Name of the broken function: "max_pool"."""
        return self.signature.partition("(")[0]

    @property
    def symptom(self):
        """The prediction, as a `Question`."""
        return Question(self.number, self.asks, self.answer, self.on_paper, self.hints, self.mistakes)

    @property
    def repair(self):
        """The repair, as an `Exercise`; to leave the function as it was is one of its mistakes."""
        same = Mutant(self.broken, _AS_IT_WAS)
        return Exercise(
            self.number, (self.signature,), (self.right,), self.cases, (same, *self.mutants), self.hints
        )

    @property
    def solutions(self):
        """What `practice.solution` shows: the test and the repaired function."""
        return self.test, self.right


def check_bug(bug, answers):
    """Check the three parts of an answer; what is wrong with one does not touch the others.

    Parameters
    ----------
    bug : Bug
        What the answer is for.
    answers : tuple
        The numbers of the symptom, the test and the repaired function; `...` for what is still to write.

    Returns
    -------
    Report
        Its `parts` names those that are written, and whether they passed.
    """
    if len(answers) != len(bug.parts):
        wanted = f"the symptom, your test and {bug.name}"
        return Report(False, f"{bug.number}: takes three answers, {wanted}; you gave {len(answers)}.")
    checks = (_check_symptom, check_test, _check_repair)
    reports = [_safely(check, bug, answer) for check, answer in zip(checks, answers, strict=True)]
    if all(report.text.startswith(OPEN) for report in reports):
        return unwritten(bug.number)
    parts = {
        part: report.passed
        for part, report in zip(bug.parts, reports, strict=True)
        if not report.text.startswith(OPEN)
    }
    lines = [_wrapped(f"  {part:7} ", report.text) for part, report in zip(bug.parts, reports, strict=True)]
    hint = next((report.hint for report in reports if report.hint), "")
    passed = all(report.passed for report in reports)
    return Report(passed, "\n".join([f"{bug.number} {bug.name}", *lines]), hint, parts)


def _wrapped(head, text):
    """Write a report's text behind its head, in lines that a page can show."""
    first, *others = text.splitlines()
    told = textwrap.wrap(first, WIDTH, break_long_words=False)
    for line in others:
        indented = line.startswith(" ")  # arrays and code stay as they are
        told += [line] if indented else textwrap.wrap(line, WIDTH, break_long_words=False)
    return head + f"\n{' ' * len(head)}".join(told)


def _safely(check, bug, answer):
    """Run one check; an object that raises wherever it is touched ends no other."""
    if answer is Ellipsis:
        return Report(False, OPEN)
    try:
        return check(bug, answer)
    except (Exception, SystemExit) as error:
        return Report(False, f"cannot be looked at: doing so raises {type(error).__name__}.")


def _check_symptom(bug, value):
    return _without_number(bug, check_question(bug.symptom, value))


def _check_repair(bug, function):
    report = check_exercise(bug.repair, (function,))
    if report.hint == _AS_IT_WAS:  # the page shows the broken function, to be repaired there
        return Report(False, f"{OPEN} {_AS_IT_WAS}")
    return _without_number(bug, report)


def _without_number(bug, report):
    """Return a report without its head, which names the exercise; `unwritten` in its short form."""
    if report.text == unwritten(bug.number).text:
        return Report(False, OPEN)
    text = report.text.removeprefix(bug.number).removeprefix(f" {bug.name}").removeprefix(": ")
    return Report(report.passed, text, report.hint)


# ---- the reader's test


@dataclass(frozen=True)
class Verdict:
    """What a test did on a function: it passed, it failed, or something else happened.

    `calls` counts how often it called the function, `numbers` what it handed over; `changed` says whether it
    wrote into the function that it was given.
    """

    outcome: Outcome
    calls: int
    numbers: int
    changed: bool

    @property
    def passed(self):
        """Whether nothing was raised."""
        return self.outcome.error is None

    @property
    def failed(self):
        """Whether the test says that the function is wrong."""
        return any(kind.__name__ in FAILURES for kind in type(self.outcome.error).__mro__)


def judge(test, function, name="function"):
    """Run a test on a function.

    Parameters
    ----------
    test : callable
        Takes the function under test.
    function : callable
        What it is handed, inside a function of its own: whatever the test does to that, this one stays.
    name : str, optional
        The name that the test finds on it, the same for broken and right ones.

    Returns
    -------
    Verdict
    """
    calls, numbers = 0, 0

    def under_test(*arguments, **options):
        nonlocal calls, numbers
        calls += 1
        numbers += sum(np.size(value) for value in arguments if isinstance(value, np.ndarray | list | tuple))
        return function(*arguments, **options)

    under_test.__name__ = under_test.__qualname__ = name
    before = under_test.__code__, under_test.__defaults__, dict(vars(under_test))
    case = Case("a test", {}, lambda functions: functions[0](under_test))
    outcome = run((test,), case)
    changed = before != (under_test.__code__, under_test.__defaults__, dict(vars(under_test)))
    return Verdict(outcome, calls, numbers, changed)


def check_test(bug, test):
    """Check a test: it must fail on the broken function and pass on the right ones.

    Parameters
    ----------
    bug : Bug
        Its functions are what the test is run on.
    test : callable
        The reader's.

    Returns
    -------
    Report
    """
    if not callable(test):
        return Report(False, f"takes a function, test_{bug.name}(function); you gave {described(test)}.")
    if is_of_the_package(test):
        return Report(False, f"takes a function of your own; {test.__qualname__} is the course's.")
    if is_stub(test):
        return Report(False, OPEN)
    first = judge(test, bug.broken, bug.name)
    if type(first.outcome.error) is NotImplementedError or first.outcome.value is Ellipsis:
        return Report(False, OPEN)
    with contextlib.redirect_stdout(io.StringIO()):  # what the test prints was seen once
        problem = _problem(bug, test, first)
        smallest = judge(bug.test, bug.broken, bug.name).numbers
    if problem:
        return Report(False, problem, problem)
    size = f"{first.numbers:,} number{'s' * (first.numbers != 1)}"
    ours = "." if first.numbers <= smallest else f"; {smallest} would do."
    return Report(True, f"fails on the bug, passes on two right functions, with {size}{ours}")


def _problem(bug, test, first):
    """Return what is wrong with a test, or an empty string; `first` is its verdict on the broken function."""
    if not (first.passed or first.failed):
        return f"{_other_end(first)} On the broken function a test fails by assert."
    if first.changed:
        return "It changes the function that it is given: a test calls it, and leaves it as it is."
    if not first.calls:
        return "It never calls the function that it is given. Call it by the name of your argument."
    rights = []
    for function in (bug.right, bug.other):
        verdict = judge(test, function, bug.name)
        if not (verdict.passed or verdict.failed):
            return f"On a right function: {_other_end(verdict)}"
        rights.append(verdict)
    again = [judge(test, bug.broken, bug.name).passed for _ in range(RUNS - 1)]
    again_right = [judge(test, bug.right, bug.name).passed for _ in range(RUNS - 1)]
    if {*again} != {first.passed} or {*again_right} != {rights[0].passed}:
        return "It answers differently from run to run. Write the numbers, or draw them with a seed."
    if first.failed:
        return _too_strict(rights)
    if rights[0].failed:
        return (
            "It is the wrong way round: it passes on the broken function and fails on a right one. "
            "Expect what would be right."
        )
    if first.outcome.value is not None:
        return (
            f"It passes on the bug: it returns {described(first.outcome.value)}, and nobody reads that. "
            "A test speaks by assert."
        )
    return _blind(bug, test)


def _too_strict(rights):
    ours, other = rights
    if ours.failed:
        said = in_words(ours.outcome.error, str).strip().partition("\n")[0]
        words = f" ({said})" if said else ""
        return f"It fails on the bug, and on a right function as well{words}. Are its own numbers right?"
    if other.failed:
        return (
            "It fails on the bug and passes on one right function, but refuses another, which rounds or "
            "draws in its own way. Ask only for what the question fixes, and compare with np.allclose."
        )
    return ""


def _blind(bug, test):
    """Say what a test does not look at, though it passes on the broken function and on right ones."""
    calls = 0

    def shifted(by):
        def function(*arguments, **options):
            return _plus(bug.right(*arguments, **options), by)

        return function

    def restless(*arguments, **options):
        nonlocal calls
        calls += 1
        return _plus(bug.right(*arguments, **options), 1000 * calls)

    def gets_past(function):
        return judge(test, function, bug.name).passed

    if gets_past(lambda *arguments, **options: None):
        return "It passes on the bug, and on a function that returns nothing: it asks nothing of the result."
    if gets_past(shifted(1000)):
        if gets_past(restless):
            return (
                "It passes on the bug, and on numbers that are wrong by 1000: it looks at a shape or a type. "
                "Ten of ten bugs keep the shape."
            )
        return (
            "It passes on the bug: it compares the function with itself, and what is wrong twice is equal. "
            "Write the right numbers."
        )
    if gets_past(shifted(0.5)):
        return "It passes on the bug, and on numbers that are wrong by 0.5: its tolerance is too wide."
    return (
        "It passes on the bug: on what it hands over and looks at, broken and right agree. "
        f'Which input parts the two? practice.hint("{bug.number}", 2) says where to look.'
    )


def _plus(value, by):
    return tuple(_plus(item, by) for item in value) if isinstance(value, tuple) else value + by


def _other_end(verdict):
    """Say how a test ended that neither passed nor failed."""
    return what_happened(verdict.outcome, Outcome())[0].removesuffix(".") + "."
