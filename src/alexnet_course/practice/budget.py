"""A limit on how long a learner's function may run: lines, not seconds, so that it is the same everywhere."""

import sys
from contextlib import contextmanager

LINES = 200_000  # a loop solution of the largest case runs about 10,000


class RanTooLongError(BaseException):
    """A function ran more lines than its budget. Not an Exception: `except Exception` must not swallow it."""


@contextmanager
def line_budget(lines=LINES):
    """Stop what is called inside after so many lines of Python.

    It counts with `sys.settrace`, which works on every system and in a browser, where there are no signals
    and no threads to stop a loop from outside. A trace function that was set before, a debugger's or a
    coverage tool's, is put back afterwards.

    Parameters
    ----------
    lines : int
        How many lines and calls may run.

    Raises
    ------
    RanTooLongError
        When the budget is spent.

    Notes
    -----
    A bare `except:` inside an endless loop can swallow the one exception that a trace function may raise.

    Examples
    --------
    >>> with line_budget(1000):
    ...     sum(range(10))
    45
    """
    left = lines

    def trace(frame, event, argument):
        nonlocal left
        if event in ("line", "call"):
            left -= 1
            if left < 0:
                raise RanTooLongError(f"more than {lines} lines")
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
