"""Checking a learner's answer: run it, find the first case that fails, name the mistake it resembles."""

import contextlib
import dis
import io
import itertools
from types import FunctionType, MethodType

import numpy as np

from alexnet_course.practice.exercises import close
from alexnet_course.practice.outcomes import agree, comparable, difference, run
from alexnet_course.practice.reports import (
    LARGEST_SHOWN,
    Report,
    described,
    first_difference,
    in_words,
    shown,
)

NO_KNOWN_MISTAKE = "This is no mistake that the checker knows."


class UnwrittenError(Exception):
    """A case called a function that the learner has not written yet."""


def _unwritten_function(*arguments):
    raise UnwrittenError


def check_exercise(exercise, functions):
    """Check the learner's functions against an exercise.

    Parameters
    ----------
    exercise : Exercise
        Its cases, solution and mutants.
    functions : tuple
        What the learner gave: one callable for each name of the exercise, or for the first of them.

    Returns
    -------
    Report
        Of an exercise in two functions the first can be checked alone: the second is left out, or is a stub.
    """
    problem = _not_functions(exercise, functions)
    if problem:
        return _failed(exercise, problem)
    written = next((at for at, function in enumerate(functions) if is_stub(function)), len(functions))
    if not written or not all(map(is_stub, functions[written:])):
        return unwritten(exercise.number)
    open_names = exercise.names[written:]
    functions = (*functions[:written], *[_unwritten_function] * len(open_names))
    cases = exercise.cases(np.random.default_rng(int(exercise.number.replace(".", ""))))
    passed = 0
    for number, case in enumerate(cases, start=1):
        outcome = run(functions, case)
        if isinstance(outcome.error, UnwrittenError):
            continue
        if outcome.value is Ellipsis or type(outcome.error) is NotImplementedError:
            return unwritten(exercise.number)
        right = run(exercise.solutions, case, trusted=True)
        if outcome.endless or not agree(exercise, case, outcome, right):
            stopped = outcome.endless or isinstance(outcome.error, KeyboardInterrupt)
            hint = "" if stopped else resembled(exercise, cases, functions)
            heading = f"fails check {number} of {len(cases)}: {case.name}."
            what = what_happened(outcome, right)
            lines = [heading, *_arguments(case), *what]
            named = what[0].startswith("It")  # then it would be false that the mistake is not known
            lines.append(f"Hint: {hint}" if hint else _general_hint(exercise, named))
            return _failed(exercise, "\n".join(lines), hint)
        passed += 1
    names, left = " and ".join(exercise.names[:written]), " and ".join(open_names)
    rest = f" Still to write: {left}." if left else ""
    parts = dict.fromkeys(exercise.names[:written], True) if left else {}
    return Report(True, f"{exercise.number} {names}: passes {passed} checks.{rest}", parts=parts)


def check_question(question, value):
    """Check numbers that the learner computed or predicted.

    Parameters
    ----------
    question : Question
        Its answer and the mistakes with a name.
    value : array_like
        The learner's numbers.

    Returns
    -------
    Report
    """
    if value is Ellipsis or (isinstance(value, tuple | list) and any(item is Ellipsis for item in value)):
        return unwritten(question.number)
    expected = np.asarray(question.answer)
    try:
        given = _numbers(value, expected.shape)
        if given.dtype.kind not in "biuf" or isinstance(value, np.ma.MaskedArray):
            raise ValueError
    except Exception:  # a learner's object may raise whatever it likes
        return _failed(question, f"takes numbers ({question.asks}); you gave {described(value)}.")
    if given.shape != expected.shape and not (question.any_length and given.ndim <= 1):
        wanted = f"numbers of shape {expected.shape}" if expected.ndim else "one number"
        return _failed(question, f"takes {wanted} ({question.asks}); yours have shape {given.shape}.")
    if not np.isfinite(given).all():
        return _failed(question, f"takes finite numbers ({question.asks}); yours hold NaN or infinity.")
    whole = given.dtype.kind == "f" and (given % 1 == 0).all() and (abs(given.astype(float)) < 2**53).all()
    if expected.dtype.kind in "iu" and whole:
        given = given.astype(np.int64)  # 3.0 for 3
    if question.accepts(given) if question.accepts else close(given, expected):
        return Report(True, f"{question.number}: right.")
    hint = next((mistake.hint for mistake in question.mistakes if mistake.shown_by(given)), "")
    return _failed(question, f"not yet.\n{f'Hint: {hint}' if hint else _general_hint(question)}", hint)


def _numbers(value, shape):
    """Return a learner's numbers as an array; one number may come in brackets, a row in several parts."""
    if len(shape) == 1 and isinstance(value, tuple | list) and any(np.ndim(item) == 1 for item in value):
        value = np.concatenate([np.ravel(item) for item in value])  # ((1, 2, 3), 4) for a row of four
    given = np.asarray(value)
    return given.reshape(()) if not shape and given.size == 1 else given


def unwritten(number):
    """Give the one line that an exercise gets before it is written; notebooks store it."""
    return Report(False, f"{number}: not written yet. Write your answer in place of ... and run this again.")


def resembled(exercise, cases, functions):
    """Find the mutant that answers as the learner does.

    One that agrees on every case is the mistake. Failing that, there may be two mistakes at once: then it
    is the one that explains the first failure and at least half of all.

    Parameters
    ----------
    exercise : Exercise
        Its mutants are compared.
    cases : list of Case
        What to compare them on.
    functions : tuple of callable
        The learner's.

    Returns
    -------
    str
        The mutant's hint, or an empty string; also when a case runs too long.
    """
    with contextlib.redirect_stdout(io.StringIO()):  # what the functions print was seen once
        outcomes = []
        for case in cases:
            outcomes.append(run(functions, case))
            if outcomes[-1].endless:  # the answer must not take as many budgets as there are cases
                return ""
    reached = [not isinstance(outcome.error, UnwrittenError) for outcome in outcomes]
    cases, outcomes = (list(itertools.compress(items, reached)) for items in (cases, outcomes))
    wrong = [
        not agree(exercise, case, outcome, run(exercise.solutions, case, trusted=True))
        for case, outcome in zip(cases, outcomes, strict=True)
    ]
    if not any(wrong):  # a function that answers differently every time
        return ""
    best, most, first = "", (sum(wrong) + 1) // 2, wrong.index(True)
    for mutant in exercise.mutants:
        mutated = exercise.with_mutant(mutant)
        if not agree(exercise, cases[first], outcomes[first], run(mutated, cases[first], trusted=True)):
            continue
        same = [
            agree(exercise, c, o, run(mutated, c, trusted=True)) for c, o in zip(cases, outcomes, strict=True)
        ]
        if all(same):
            return mutant.hint
        explained = sum(one and failed for one, failed in zip(same, wrong, strict=True))
        if explained >= most:
            best, most = mutant.hint, explained + 1
    return best


def _failed(exercise, text, hint=""):
    return Report(False, f"{exercise.number}: {text}", hint)


def _general_hint(exercise, named=False):
    start = "" if named else f"{NO_KNOWN_MISTAKE} "
    return f'{start}Where to look: practice.hint("{exercise.number}", 1).'


def _not_functions(exercise, functions):
    """Say what is wrong with what was handed in, before anything is called."""
    wanted = " and ".join(exercise.signatures)
    if not 1 <= len(functions) <= len(exercise.names):
        return f"takes {len(exercise.names)} function(s), {wanted}; you gave {len(functions)}."
    for name, function in zip(exercise.names, functions, strict=False):
        if not callable(function):
            return (
                f"takes a function, {wanted}; you gave {described(function)}. "
                f"Hand over {name} itself, without calling it."
            )
        if is_of_the_package(function):
            return f"takes a function of your own, {wanted}; {function.__qualname__} is the course's."
    return ""


def is_of_the_package(function):
    """Say whether a function or method is the package's, and not an exercise's solution."""
    if not isinstance(function, FunctionType | MethodType):
        return False
    module = f"{function.__module__}."
    return module.startswith("alexnet_course.") and not module.startswith("alexnet_course.practice.")


def is_stub(function):
    """Say whether a function's body is `...`, `pass` or a docstring: it computes nothing."""
    if not isinstance(function, FunctionType):
        return False
    steps = {step.opname for step in dis.get_instructions(function)}
    return steps <= {"RESUME", "NOP", "LOAD_CONST", "RETURN_CONST", "RETURN_VALUE"} and not any(
        step.argval is not None and step.argval is not Ellipsis
        for step in dis.get_instructions(function)
        if step.opname in ("LOAD_CONST", "RETURN_CONST")
    )


def _arguments(case):
    """Write the arguments: arrays on lines of their own, then the numbers on one."""
    lines, numbers = [], []
    for name, value in case.arguments.items():
        (lines if isinstance(value, np.ndarray) else numbers).append(f"{name} = {shown(value)}")
    return [f"  {line}" for line in [*lines, ", ".join(numbers)] if line]


def what_happened(outcome, right):
    """Say in which way an outcome is not the right one."""
    if outcome.endless:
        return ["It runs without end, or far too long: does every loop stop?"]
    if outcome.error is not None:
        place = f", in {outcome.line}" if outcome.line else ""
        wanted = f"; it must raise {type(right.error).__name__} here" if right.error is not None else ""
        said = in_words(outcome.error, str)
        words = f": {said}" if said else ""
        return [f"It raises {type(outcome.error).__name__}{words}{place}{wanted}"]
    if outcome.changed:
        names = " and ".join(outcome.changed)
        return [f"It changes its input {names}: the caller's array must stay as it was."]
    if right.error is not None:
        return [f"It returns {shown(outcome.value)}; it must raise {type(right.error).__name__} here."]
    return _difference(outcome.value, right.value)


def _difference(given, expected, item=""):
    """Say how an answer differs; `item` is where it stands in what the function returns, as "[1]"."""
    given = comparable(given, expected)
    kind = difference(given, expected)
    returns, place = (f"Item {item} of its result is", f" in item {item}") if item else ("It returns", "")
    if isinstance(expected, tuple) and isinstance(given, tuple | list):
        apart = kind in ("shape", "dtype") or any(isinstance(value, np.ndarray) for value in expected)
        if len(given) != len(expected):
            return [f"{returns} {_items(given)}; expected {_items(expected)}."]
        if apart or kind in ("type", "length"):
            pairs = enumerate(zip(given, expected, strict=True))
            at, pair = next((at, pair) for at, pair in pairs if difference(*pair))
            return _difference(*pair, f"{item}[{at}]")
    if kind == "type":
        whose = described(given)
        wanted = _items(expected) if isinstance(expected, tuple) else described(expected)
        return [f"{returns} {shown(given) if whose == wanted else whose}; expected {wanted}."]
    if kind == "shape":
        return [f"{returns} {'of ' if item else ''}shape {np.shape(given)}; expected {np.shape(expected)}."]
    if kind == "dtype":
        kinds = [np.asarray(value).dtype for value in (given, expected)]
        return [f"{returns} {'of ' if item else ''}{kinds[0]} numbers; expected {kinds[1]}."]
    if isinstance(expected, tuple) or np.size(expected) <= LARGEST_SHOWN:
        where = [f"The first difference is{place}."] if item else []
        return [*where, f"  yours    {shown(given)}", f"  expected {shown(expected)}"]
    return [f"The first difference is{place} at {first_difference(given, expected)}."]


def _items(value):
    return f"{described(value)} of {len(value)}"
