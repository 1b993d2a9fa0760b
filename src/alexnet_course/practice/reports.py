"""What the checker says: one small text, never the answer."""

from dataclasses import dataclass, field

import numpy as np

from alexnet_course.practice.budget import step_budget

LARGEST_SHOWN = 25  # numbers; a larger array is described by its shape


class Text(str):
    """A text that a notebook shows as it is, without quotation marks."""

    def __repr__(self):
        return str(self)


@dataclass(frozen=True)
class Report:
    """What `check` found.

    Attributes
    ----------
    passed : bool
        Whether every check passed.
    text : str
        The sentences that a notebook shows.
    hint : str
        The hint of the mistake that the answer resembles; empty when it resembles none.
    parts : dict
        Of an answer in several parts, those that are written: name to whether it passed. Empty for others.
    """

    passed: bool
    text: str
    hint: str = ""
    parts: dict = field(default_factory=dict)

    def __repr__(self):
        return self.text


def shown(value):
    """Write a value small and rounded: whole when it has few numbers, else its shape.

    Parameters
    ----------
    value : object
        An array, a number, a tuple of them, or anything that a function may return.

    Returns
    -------
    str

    Examples
    --------
    >>> shown(np.array([[0.5, 2.0]])), shown(np.zeros((9, 9))), shown(2.0), shown("a")
    ('[[0.5, 2]]', 'shape (9, 9), float64', '2.0', "'a'")
    >>> shown(np.zeros((1, 2, 2, 1)))
    '[[0, 0], [0, 0]], in shape (1, 2, 2, 1)'
    """
    if isinstance(value, tuple) and hasattr(value, "_fields"):  # a row: its fields say what the numbers are
        return in_words(value)
    if isinstance(value, tuple):
        return "(" + ", ".join(map(shown, value)) + ")"
    if not isinstance(value, np.ndarray):
        rounded = round(float(value), 4) if isinstance(value, float | np.floating) else value
        text = in_words(rounded.item() if isinstance(rounded, np.generic) else rounded)
        return text if len(text) <= 80 else text[:77] + "..."
    if value.size > LARGEST_SHOWN:
        return f"shape {value.shape}, {value.dtype}"
    if value.size == 0:
        return f"an empty array, shape {value.shape}"
    if value.ndim > 2:  # axes of length 1 would only add brackets
        return f"{_list(value.squeeze())}, in shape {value.shape}"
    return _list(value)


def in_words(value, write=repr):
    """Return ``repr(value)``, or `write` of it, or say that there is none: it may raise, or loop."""
    try:
        with step_budget(100_000):
            return write(value)
    except BaseException:
        return f"<{type(value).__name__} that cannot be shown>"


def _list(array):
    if array.ndim == 0:
        return f"{float(array) + 0.0:.4g}" if array.dtype.kind in "biuf" else in_words(array.item())
    return "[" + ", ".join(_list(row) for row in array) + "]"


def described(value):
    """Say what kind of thing a value is: 'a list', 'None', 'an array of shape (2, 3), float64'."""
    if value is None:
        return "None (is its return missing?)"
    if isinstance(value, np.ndarray):
        kind = "a masked array" if isinstance(value, np.ma.MaskedArray) else "an array"
        return f"{kind} of shape {value.shape}, {value.dtype}"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def first_difference(given, expected):
    """Name the first number that differs between two arrays of one shape, as `[0, 1]: 3, expected 4`."""
    wrong = np.argwhere(~np.isclose(given, expected, rtol=1e-4, atol=1e-6, equal_nan=True))
    place = tuple(int(i) for i in (wrong[0] if len(wrong) else np.zeros(given.ndim, int)))
    return f"{list(place)}: {float(given[place]):.4g}, expected {float(expected[place]):.4g}"
