"""A limit on how long a learner's function may run: steps, not seconds, so that it is the same everywhere."""

import sys
from contextlib import contextmanager

STEPS = 2_000_000  # instructions; a loop solution of the largest case runs about 100,000


class RanTooLongError(BaseException):
    """A function ran more steps than its budget. Not an Exception: `except Exception` must not swallow it."""


@contextmanager
def step_budget(steps=STEPS):
    """Stop what is called inside after so many instructions of Python.

    It counts instructions and not lines: ``while True: pass`` never reaches a second line. It counts with
    `sys.settrace`, which works on every system and in a browser, where there are no signals
    and no threads to stop a loop from outside. A trace function that was set before, a debugger's or a
    coverage tool's, is put back afterwards.

    Parameters
    ----------
    steps : int
        How many instructions of the interpreter may run.

    Raises
    ------
    RanTooLongError
        When the budget is spent.

    Notes
    -----
    A bare `except:` inside an endless loop can swallow the one exception that a trace function may raise.

    Examples
    --------
    >>> with step_budget(1000):
    ...     sum(range(10))
    45
    """
    left = steps

    def trace(frame, event, argument):
        nonlocal left
        if event == "call":
            frame.f_trace_opcodes = True
        left -= 1
        if left < 0:
            raise RanTooLongError(f"more than {steps} steps")
        return trace

    before = sys.gettrace()
    # Python 3.12 and 3.13 send instructions only if a frame asked for them before settrace.
    sys._getframe().f_trace_opcodes = True
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
