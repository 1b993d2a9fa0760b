"""Running a function on a case, and saying whether two outcomes are the same."""

import copy
import linecache
import traceback
from contextlib import nullcontext
from dataclasses import dataclass
from types import FunctionType
from typing import Any

import numpy as np

from alexnet_course.practice.budget import RanTooLongError, step_budget


@dataclass(frozen=True)
class Outcome:
    """What a function did on a case: returned `value`, or raised `error`, left Python, or ran too long.

    `changed` names the arguments that it wrote into; `line` says where in the learner's code an error arose.
    """

    value: Any = None
    error: BaseException | None = None
    line: str = ""
    changed: tuple[str, ...] = ()

    @property
    def endless(self):
        """Whether the step budget ran out."""
        return isinstance(self.error, RanTooLongError)


def run(functions, case, trusted=False):
    """Run functions on a fresh copy of a case's arguments.

    Parameters
    ----------
    functions : tuple of callable
        The learner's, the solution's or a mutant's.
    case : Case
        What to call them with.
    trusted : bool, optional
        True for the solution and the mutants, which end: counting their steps would only take time.

    Returns
    -------
    Outcome
    """
    arguments = {name: _fresh(value) for name, value in case.arguments.items()}
    try:
        with nullcontext() if trusted else step_budget(), np.errstate(all="ignore"):
            value = case.call(functions, *arguments.values())
    except BaseException as error:  # sys.exit() in an answer must not end the notebook
        return Outcome(error=error, line=_line_of(error, functions))
    return Outcome(value=_kept(value), changed=_changed(case.arguments, arguments))


def _kept(value, depth=3):
    """Copy the arrays in what was returned: a view of an argument would change with it."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if type(value) in (tuple, list) and depth:
        return type(value)(_kept(item, depth - 1) for item in value)
    return value


def _fresh(value):
    """Copy an argument; a copied array can be written to, even when the original cannot."""
    return value.copy() if isinstance(value, np.ndarray) else copy.deepcopy(value)


def _changed(before, after):
    """Name the arrays that differ from what was handed over."""
    return tuple(
        name
        for name, value in before.items()
        if isinstance(value, np.ndarray) and not _same_array(value, after[name])
    )


def _same_array(first, second):
    return first.shape == second.shape and first.dtype == second.dtype and _equal(first, second)


def _equal(first, second):
    return bool(np.array_equal(first, second, equal_nan=first.dtype.kind == "f"))


def _line_of(error, functions):
    """Say which line of the learner's own code raised: 'line 3: y = x[5]'."""
    files = {f.__code__.co_filename for f in functions if isinstance(f, FunctionType)}
    own = [entry for entry in traceback.extract_tb(error.__traceback__) if entry.filename in files]
    if not own:
        return ""
    text = linecache.getline(own[-1].filename, own[-1].lineno).strip()
    return f"line {own[-1].lineno}: {text}" if text else f"line {own[-1].lineno}"


def difference(given, expected):
    """Say how an answer differs from the expected one, in one word; an empty string when it does not.

    Parameters
    ----------
    given, expected : object
        Arrays, numbers, or tuples of them.

    Returns
    -------
    str
        "", "type", "length", "shape", "dtype" or "values".
    """
    given = comparable(given, expected)
    if isinstance(expected, tuple):
        if not isinstance(given, tuple | list):
            return "type"
        if len(given) != len(expected):
            return "length"
        return next(filter(None, map(difference, given, expected)), "")
    if isinstance(expected, np.ndarray) and not isinstance(given, np.ndarray | np.generic):
        return "type"
    if not isinstance(expected, np.ndarray) and not isinstance(given, int | float | np.generic | np.ndarray):
        return "type"
    if isinstance(given, np.ma.MaskedArray):  # what a mask hides is no answer
        return "type"
    given, expected = np.asarray(given), np.asarray(expected)
    if given.dtype.kind not in "biuf":
        return "type"
    if given.shape != expected.shape:
        return "shape"
    if _kind(given) != _kind(expected):
        return "dtype"
    limit = tolerance(given)
    same = np.allclose(given, expected, rtol=limit, atol=limit, equal_nan=True)
    return "" if same else "values"


def tolerance(array):
    """Return how far numbers of this type may be from the expected ones: about a thousand roundings."""
    return {2: 5e-3, 4: 1e-4}.get(array.dtype.itemsize, 1e-8) if array.dtype.kind == "f" else 1e-8


def comparable(given, expected):
    """Return an answer in the form of the expected one: nested lists as an array, a row as a tuple.

    A list has no dtype, so whole numbers in it are floats where floats are expected.
    """
    if isinstance(expected, tuple) and isinstance(given, np.ndarray) and given.ndim == 1:
        return tuple(given)
    if not (isinstance(expected, np.ndarray) and isinstance(given, tuple | list)):
        return given
    try:
        array = np.asarray(given)
    except Exception:  # ragged, or an object that raises whatever it likes
        return given
    if array.dtype.kind not in "biuf":
        return given
    return array.astype(expected.dtype) if expected.dtype.kind == "f" else array


def _kind(array):
    """Treat signed and unsigned whole numbers alike."""
    return "i" if array.dtype.kind in "iu" else array.dtype.kind


def agree(exercise, case, first, second):
    """Say whether two outcomes of a case are the same answer.

    Parameters
    ----------
    exercise : Exercise
        Its `view` decides what is compared.
    case : Case
        The case that both ran.
    first, second : Outcome
        The learner's and the solution's, or the learner's and a mutant's. An error of the first agrees with
        an error of the second that is of the same kind.

    Returns
    -------
    bool
    """
    if first.changed != second.changed:
        return False
    if first.error is not None or second.error is not None:
        return second.error is not None and isinstance(first.error, type(second.error))
    kind = difference(first.value, second.value)
    if kind == "values" and exercise.view is not None:
        given = comparable(first.value, second.value)
        return not difference(exercise.view(case, given), exercise.view(case, second.value))
    return not kind
