"""The kinds of setting that an explorer has; traits.js has the same ones for the page."""

import numpy as np
import traitlets


class Whole(traitlets.Int):
    """A whole number from `low` to `high`; anything else is a ValueError that says what would be right."""

    def __init__(self, default, low, high, step=1):
        self.what = "an odd number" if step == 2 and low % 2 else "a whole number"
        super().__init__(default, help=f"{self.what} from {low} to {high}")
        self.low, self.high, self.step = low, high, step
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return `value` as an int."""
        whole = hasattr(value, "__index__") and not isinstance(value, (bool, np.bool_))
        if not whole or not self.low <= value <= self.high or (value - self.low) % self.step:
            raise ValueError(
                f"{self.name} is {value!r}; it must be {self.what} from {self.low} to {self.high}"
            )
        return value.__index__()


class Number(traitlets.Float):
    """A number from `low` to `high`."""

    def __init__(self, default, low, high):
        super().__init__(default, help=f"a number from {low} to {high}")
        self.low, self.high = low, high
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return `value` as a float."""
        number = hasattr(value, "__float__") and not isinstance(value, (bool, np.bool_))
        if not number or np.ndim(value) or not self.low <= value <= self.high:
            raise ValueError(f"{self.name} is {value!r}; it must be a number from {self.low} to {self.high}")
        return float(value)


class Choice(traitlets.Unicode):
    """One of a few words; the first is where it starts unless `default` says another."""

    def __init__(self, *words, default=None):
        super().__init__(default or words[0], help=", ".join(words))
        self.words = words
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return the word."""
        if not isinstance(value, str) or value not in self.words:
            raise ValueError(f"{self.name} is {value!r}; it must be one of {', '.join(self.words)}")
        return value


class Flag(traitlets.Bool):
    """True or False."""

    def __init__(self, default):
        super().__init__(default, help="True or False")
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return the truth value."""
        if not isinstance(value, (bool, np.bool_)):
            raise ValueError(f"{self.name} is {value!r}; it must be True or False")
        return bool(value)


class Numbers(traitlets.TraitType):
    """A row of `shortest` to `longest` numbers of magnitude at most `limit`."""

    def __init__(self, default, shortest, longest, limit):
        super().__init__(list(default), help=f"{shortest} to {longest} numbers")
        self.shortest, self.longest, self.limit = shortest, longest, limit
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return the numbers as a list."""
        row = _array(self, value)
        if row.ndim != 1 or not self.shortest <= len(row) <= self.longest:
            raise ValueError(
                f"{self.name} has shape {row.shape}; "
                f"it must be {self.shortest} to {self.longest} numbers in a row"
            )
        return _plain(row)


class Wholes(traitlets.TraitType):
    """So many whole numbers as `default` has, each from `low` to `high`."""

    def __init__(self, default, low, high):
        super().__init__(list(default), help=f"{len(default)} whole numbers from {low} to {high}")
        self.length, self.low, self.high = len(default), low, high
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return the numbers as a list of int."""
        row = _array(self, value, max(abs(self.low), abs(self.high)))
        if row.shape != (self.length,) or np.any(row != np.rint(row)) or np.any(row < self.low):
            raise ValueError(f"{self.name} is {value!r}; it must be {self.help}")
        return row.astype(int).tolist()


class NamedMatrix(traitlets.TraitType):
    """One of a few words, or a square matrix: at most `most` rows of numbers of magnitude at most `limit`."""

    def __init__(self, *words, most, limit, default=None):
        super().__init__(default or words[0], help=f"{', '.join(words)}, or a square matrix")
        self.words, self.most, self.limit = words, most, limit
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return the word, or the matrix as a list of rows."""
        if isinstance(value, str):
            if value in self.words:
                return value
            raise ValueError(
                f"{self.name} is {value!r}; it must be a square matrix or one of {', '.join(self.words)}"
            )
        matrix = _array(self, value)
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not 1 <= len(matrix) <= self.most:
            raise ValueError(
                f"{self.name} has shape {matrix.shape}; it must be square, with 1 to {self.most} rows"
            )
        return _plain(matrix)


def _array(trait, value, limit=None):
    """Return `value` as an array of finite numbers within the trait's limit, or another."""
    limit = trait.limit if limit is None else limit
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{trait.name} is {value!r}; it must hold nothing but numbers") from None
    if not np.all(np.abs(array) <= limit):  # also false for NaN
        raise ValueError(f"{trait.name} must hold numbers from {-limit} to {limit}; got {value!r}")
    return array


def _plain(array):
    """Return an array as lists, whole numbers as int, so that the state reads 1 and not 1.0."""
    return array.astype(int).tolist() if np.all(array == np.rint(array)) else array.tolist()
