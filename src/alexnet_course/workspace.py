"""Memory that is used again: arrays for what stands between the steps of a layer.

The system hands out fresh memory page by page and clears each page first, which can cost more time than what
is then computed there. So arrays that are needed for a moment only are kept for the next time.
"""

import math
import threading
from contextlib import contextmanager, suppress

import numpy as np

#: What is larger than this (in bytes) is not kept.
LIMIT = 1 << 25

#: What threads that ended have left, for the next ones that begin.
_left = []
_kept = threading.local()


def temporary(name, shape, dtype):
    """Return an array to write to, the thread's own, valid until the same name is asked for again.

    Examples
    --------
    >>> first = temporary("squares", (2, 3), np.float32)
    >>> np.shares_memory(first, temporary("squares", (3,), np.float64))
    True
    """
    size = math.prod(shape) * np.dtype(dtype).itemsize
    if size > LIMIT:
        return np.empty(shape, dtype)
    memory = _kept.__dict__.get(name)
    if memory is None or memory.size < size:
        memory = _kept.__dict__[name] = np.empty(size, np.uint8)
    return memory[:size].view(dtype).reshape(shape)


@contextmanager
def inherited():
    """Let a thread that lives for one task take over the arrays of one before it, and leave them behind."""
    with suppress(IndexError):  # there are none; to ask first would not do: another thread may be faster
        _kept.__dict__.update(_left.pop())
    try:
        yield
    finally:
        _left.append(dict(_kept.__dict__))
        _kept.__dict__.clear()
