"""Memory that is used again: arrays for what stands between the steps of a layer.

The system hands out fresh memory page by page and clears each page first, which can cost more time than what
is then computed there. So arrays that are needed for a moment only are kept for the next time.
"""

import math
import threading

import numpy as np

#: What is larger than this (in bytes) is not kept.
LIMIT = 1 << 25

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
