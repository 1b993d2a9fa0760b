"""Checked exercises: `practice.check("06.3", max_pool_backward)` runs your answer and says what it finds.

Each chapter's exercises stand in a module of their own, with solutions, known mistakes and hints as data.
A checker runs your function on cases, small ones worked by hand first, then random ones from a fixed seed. It
never prints the answer: it shows the first case that fails and, when your results equal those of a mistake
that it knows, the hint of that mistake.
"""

import difflib
import importlib
import inspect
import pkgutil
import re

from alexnet_course.practice import records
from alexnet_course.practice.bugs import Bug, check_bug
from alexnet_course.practice.checker import check_exercise, check_question, unwritten
from alexnet_course.practice.exercises import Exercise
from alexnet_course.practice.quizzes import load
from alexnet_course.practice.reports import Report, Text

__all__ = ["Report", "check", "exercise", "hint", "numbers", "quiz", "record", "solution"]

#: The chapters' modules, `chNN_name`: found, not listed.
_CHAPTERS = [
    importlib.import_module(f"{__name__}.{module.name}")
    for module in pkgutil.iter_modules(__path__)
    if re.match(r"ch\d\d_", module.name)
]
_EXERCISES = {exercise.number: exercise for chapter in _CHAPTERS for exercise in chapter.EXERCISES}


def numbers():
    """Give the numbers of all checked exercises, in order.

    Returns
    -------
    tuple of str
    """
    return tuple(sorted(_EXERCISES, key=lambda number: [int(part) for part in number.split(".")]))


def exercise(number):
    """Give the data of an exercise.

    Parameters
    ----------
    number : str
        Chapter and exercise, as "02.3"; "2.3" and 2.3 are understood too.

    Returns
    -------
    Exercise, Question or Bug

    Raises
    ------
    ValueError
        When there is no such exercise; it names the nearest.
    """
    chapter = re.fullmatch(r"(\d{1,2})\.(\d{1,2})", str(number))
    found = chapter and _EXERCISES.get(f"{int(chapter[1]):02}.{chapter[2]}")
    if not found:
        near = difflib.get_close_matches(str(number), numbers(), n=3, cutoff=0.5) or numbers()
        raise ValueError(f"number {number!r} is no checked exercise; the nearest are {', '.join(near)}")
    return found


def check(number, *answer):
    """Check your answer to an exercise.

    Parameters
    ----------
    number : str
        Chapter and exercise, as "02.3".
    *answer : callable or array_like
        Your function (both of them when the exercise asks for two), not its result; or your numbers, when the
        exercise asks for numbers; or, for a bug, your numbers, your test and your repaired function.

    Returns
    -------
    Report
        A notebook shows its text; `passed` says whether everything was right. Whatever the answer is or does,
        nothing is raised: the text says what happened, also when there is no such exercise.

    Examples
    --------
    >>> from alexnet_course import practice
    >>> practice.check("02.1", ...)
    02.1: not written yet. Write your answer in place of ... and run this again.
    """
    try:
        wanted = exercise(number)
    except ValueError as error:
        return Report(False, f"{error}.")
    try:
        report = _checked(wanted, answer)
    except (Exception, SystemExit) as error:  # an object that raises wherever it is touched
        kind = type(error).__name__
        report = Report(False, f"{wanted.number}: your answer cannot be looked at: doing so raises {kind}.")
    if report.text != unwritten(wanted.number).text:
        records.keep(wanted.number, report)
    return report


def _checked(wanted, answer):
    """Check an answer by the kind of exercise that it is for."""
    if isinstance(wanted, Bug):
        return check_bug(wanted, answer)
    if isinstance(wanted, Exercise):
        return check_exercise(wanted, answer)
    return check_question(wanted, answer[0] if len(answer) == 1 else answer)


def hint(number, grade=1):
    """Give one of the three hints of an exercise.

    Parameters
    ----------
    number : str
        Chapter and exercise, as "02.3".
    grade : int
        1 where to look, 2 what to compare, 3 the idea of the line.

    Returns
    -------
    Text
        It says so when there is no such exercise or hint.
    """
    try:
        wanted = exercise(number)
    except ValueError as error:
        return Text(f"{error}.")
    if getattr(grade, "shape", ()) or grade not in (1, 2, 3):
        return Text(f"grade {grade!r} is no hint; an exercise has hints 1, 2 and 3.")
    return Text(f"{wanted.number}, hint {int(grade)} of 3: {wanted.hints[int(grade) - 1]}")


def solution(number):
    """Give the folded answer of a coding exercise: the source of its solution.

    Parameters
    ----------
    number : str
        Chapter and exercise, as "02.3".

    Returns
    -------
    Text
        It says so when there is no such exercise.
    """
    try:
        wanted = exercise(number)
    except ValueError as error:
        return Text(f"{error}.")
    if isinstance(wanted, Exercise | Bug):
        return Text("\n\n".join(inspect.getsource(function).rstrip() for function in wanted.solutions))
    return Text(f"{wanted.number}: {wanted.asks}: {wanted.answer}")


def quiz(name):
    """Give a chapter's quiz, to read in a notebook; the published page shows the same one.

    Parameters
    ----------
    name : str
        The chapter, as "02" or "02_convolution".

    Returns
    -------
    Quiz
        A notebook shows it with every reason folded.

    Raises
    ------
    ValueError
        When the chapter has no quiz; it names the nearest.
    """
    return load(name)


def record():
    """Tell what you have done: the exercises of all chapters that passed, and those that you tried.

    What `check` finds in your answers is kept while Python runs, and in a notebook also in the file
    ``practice_record.json`` beside it, for all chapters. Delete the file to forget it.

    Returns
    -------
    Text
    """
    return Text(records.told([exercise(number) for number in numbers()]))
