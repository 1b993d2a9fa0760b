"""What an exercise is made of: cases, mutants, hints. The chapters' modules hold them as data."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


def call_first(functions, *arguments):
    """Call the only function of an exercise: what most cases do."""
    return functions[0](*arguments)


def call_second(functions, *arguments):
    """Call the second function of an exercise that asks for two."""
    return functions[1](*arguments)


@dataclass(frozen=True)
class Case:
    """One check of a learner's function.

    Parameters
    ----------
    name : str
        What the case looks at, in words that a learner understands.
    arguments : dict
        The arguments, by the name that a report gives them; passed by position, in this order.
    call : callable, optional
        `call(functions, *arguments)` gives what is compared. The default calls the first function.
    """

    name: str
    arguments: dict[str, Any]
    call: Callable = call_first


@dataclass(frozen=True)
class Mutant:
    """A known mistake: a wrong function, and the hint for whoever makes the same mistake.

    Parameters
    ----------
    function : callable
        The wrong function; it stands in for the exercise's function number `replaces`.
    hint : str
        A sentence or two that leads to the mistake without repairing it.
    replaces : int, optional
        Which of the exercise's functions it replaces, from 0.
    """

    function: Callable
    hint: str
    replaces: int = 0


@dataclass(frozen=True)
class Exercise:
    """A coding exercise, checked by calling the learner's function on cases.

    Parameters
    ----------
    number : str
        Chapter and exercise, as "06.3".
    signatures : tuple of str
        The functions that the learner writes, as `("conv2d(x, weight, bias, stride=1)",)`.
    solutions : tuple of callable
        The same functions, right.
    cases : callable
        `cases(rng)` gives the list of `Case`, small ones worked by hand first.
    mutants : tuple of Mutant
        The mistakes that the checker knows by name.
    hints : tuple of str
        Three: where to look, what to compare, the idea of the line.
    view : callable, optional
        `view(case, value)` gives what is compared in place of the value, for exercises with several right
        answers, such as eigenvectors of either sign.
    """

    number: str
    signatures: tuple[str, ...]
    solutions: tuple[Callable, ...]
    cases: Callable[[np.random.Generator], list[Case]]
    mutants: tuple[Mutant, ...]
    hints: tuple[str, str, str]
    view: Callable | None = None

    @property
    def names(self):
        """Names of the functions: `("conv2d",)`."""
        return tuple(signature.partition("(")[0] for signature in self.signatures)

    def with_mutant(self, mutant):
        """Give the solutions with one of them replaced by a mutant."""
        functions = list(self.solutions)
        functions[mutant.replaces] = mutant.function
        return tuple(functions)


@dataclass(frozen=True)
class Mistake:
    """A wrong value that has a name.

    Parameters
    ----------
    made : callable or None
        `made(value)` says whether a value shows this mistake; None compares it with the example.
    hint : str
        A sentence that leads to the mistake without giving the answer.
    example : array_like
        A value that shows it; the tests use it.
    """

    made: Callable[[np.ndarray], bool] | None
    hint: str
    example: Any

    def shown_by(self, value):
        """Say whether a value shows this mistake."""
        return close(value, self.example) if self.made is None else self.made(value)


@dataclass(frozen=True)
class Question:
    """An exercise whose answer is numbers, computed or predicted on paper.

    Parameters
    ----------
    number : str
        Chapter and exercise, as "02.1".
    asks : str
        What the numbers are, as "z at window (3, 1), one number a filter".
    answer : array_like
        A right answer, computed.
    on_paper : array_like
        The same, worked by hand, apart from the code, and rounded as a learner would; the tests check it.
    hints : tuple of str
        Three, as for `Exercise`.
    mistakes : tuple of Mistake, optional
        The wrong values that the checker knows by name.
    accepts : callable, optional
        `accepts(value)` for a question with several right answers; the default compares with `answer`.
    any_length : bool, optional
        True when how many numbers there are is part of the question.
    """

    number: str
    asks: str
    answer: Any
    on_paper: Any
    hints: tuple[str, str, str]
    mistakes: tuple[Mistake, ...] = field(default=())
    accepts: Callable[[np.ndarray], bool] | None = None
    any_length: bool = False


def gives(value, hint):
    """Make a `Mistake` out of one wrong value.

    Parameters
    ----------
    value : array_like
        The wrong value, rounded as a learner would round it.
    hint : str
        What leads to it.

    Returns
    -------
    Mistake
    """
    return Mistake(None, hint, value)


def close(given, expected):
    """Say whether numbers agree: whole numbers exactly, others to three digits, as rounded on paper."""
    given, expected = np.asarray(given), np.asarray(expected)
    if given.shape != expected.shape:
        return False
    if expected.dtype.kind in "iu":
        return bool((given == expected).all())
    return bool(np.allclose(given, expected, rtol=1e-3, atol=6e-4))
