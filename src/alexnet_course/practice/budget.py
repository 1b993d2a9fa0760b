"""A limit on how long a learner's function may run: steps, not seconds, so that it is the same everywhere."""

import contextlib
import sys

STEPS = 2_000_000  # instructions; a loop solution of the largest case runs about 100,000


class RanTooLongError(BaseException):
    """A function ran more steps than its budget. Not an Exception: `except Exception` must not swallow it."""

    def __init__(self, message, thrown_away):
        super().__init__(message)
        self._thrown_away = thrown_away

    def __del__(self):
        self._thrown_away()


@contextlib.contextmanager
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
    Python drops a trace function that raises. A bare `except:` inside an endless loop can swallow what it
    raised; the error, when it is thrown away, sets the trace function again, which raises the next one.
    What never comes back to Python, such as ``sum(itertools.count())``, cannot be stopped.

    Examples
    --------
    >>> with step_budget(1000):
    ...     sum(range(10))
    45
    """
    left, over = steps, False

    def trace(frame, event, argument):
        nonlocal left
        if frame is own or frame.f_code.co_filename == contextlib.__file__:
            return None  # the way out stays open, however little is left
        if event == "call":
            frame.f_trace_opcodes = True
        left -= 1
        if left < 0:
            raise RanTooLongError(
                f"more than {steps} steps", again
            )  # no name: it must be gone when swallowed
        return trace

    def again():
        frame = None if over else sys._getframe(2)
        while frame is not None and frame is not own:
            frame.f_trace = trace
            frame = frame.f_back
        if not over:
            sys.settrace(trace)

    before, own = sys.gettrace(), sys._getframe()
    # Python 3.12 and 3.13 send instructions only if a frame asked for them before settrace.
    sys._getframe().f_trace_opcodes = True
    sys.settrace(trace)
    try:
        yield
    finally:
        over = True
        sys.settrace(before)
