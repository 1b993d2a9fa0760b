"""Every core works: the images of a batch, and the features of a dense layer, are shared out to threads.

The network of 2012 was spread over two graphics cards. Krizhevsky's note of 2014, *One weird trick for
parallelizing convolutional neural networks* (arXiv:1404.5997), says how to spread one better, and so it is
done here:

- The convolutions hold most of the products and few of the weights. There each worker takes some of the
  images through all layers (data parallelism), and nobody waits for the others in between.
- The dense layers hold most of the weights. There each worker takes some of the features, for all images
  (model parallelism), and so reads its part of the weights only.

NumPy's products of matrices have threads of their own. While workers are busy, each product is held to one.

A network takes as many workers as the process may use cores, but no more than NumPy's products may use
threads (``OPENBLAS_NUM_THREADS``). `limit` sets another number, and so does the environment variable
``ALEXNET_COURSE_WORKERS``. What is too small to be shared out is computed as ever, one image for example.
"""

import contextvars
import itertools
import os
import sys
import threading
import warnings
from collections import deque
from contextlib import contextmanager
from functools import cache

import numpy as np

from alexnet_course.checks import whole_number
from alexnet_course.workspace import inherited

VARIABLE = "ALEXNET_COURSE_WORKERS"
#: Products with a weight from which on a batch is shared out, and a product of matrices: some 20 milliseconds
#: of one core, and one. With less to do, threads wait for each other longer than they save.
WORTH_WHILE, WORTH_WHILE_HERE = 1 << 29, 1 << 25
#: Products with a weight up to which OpenBLAS counts a product of matrices as small.
SMALL = 1_000_000


class _Thread(threading.local):
    """What a thread is told; None and 1 where no network is at work."""

    share = None  # how many workers it may set to work
    crew = 1  # how many work at the same time, itself among them


class _Process:
    """What all threads of the process share: how many hold BLAS to one thread, and what it had before."""

    def __init__(self):
        self.lock, self.holders, self.before = threading.Lock(), 0, None


_thread, _process = _Thread(), _Process()
_limit = None


class limit:  # noqa: N801 (reads as a function where it is called)
    """Let networks use at most so many workers: from now on, or inside a ``with`` block.

    Parameters
    ----------
    number : int or None
        At least 1; None for the default.

    Raises
    ------
    TypeError, ValueError
        If `number` is not a whole number from 1 up.

    Examples
    --------
    >>> with limit(1):
    ...     count()
    1
    """

    def __init__(self, number):
        global _limit
        self._before = _limit
        _limit = None if number is None else whole_number(number, "number", minimum=1)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        global _limit
        _limit = self._before


def count():
    """Return how many workers a network that is called now may use: 1 inside of a worker.

    Raises
    ------
    ValueError
        If ``ALEXNET_COURSE_WORKERS`` is set to something else than a whole number from 1 up.
    """
    if _thread.share is not None:
        return _thread.share
    wanted = _cores() if _limit is None and VARIABLE not in os.environ else _wanted()
    if wanted == 1 or _blas() is None:
        return 1
    return wanted


def _wanted():
    """Return the number that `limit` or the environment asks for."""
    if _limit is not None:
        return _limit
    text = os.environ[VARIABLE]
    if not text.isdecimal() or not int(text):
        raise ValueError(f"{VARIABLE} must be a whole number from 1 up; got {text!r}")
    return int(text)


def _cores():
    """Return how many cores this process may use, or fewer where NumPy's products are to use fewer."""
    if sys.platform == "emscripten":  # Python in a browser has one thread, whatever it says of cores
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if cores == 1 or _blas() is None:
        return 1
    return min(cores, max(_process.before if _process.holders else _threads()))


@cache
def _blas():
    """Return what sets the threads of NumPy's products; None where nothing does: then one worker is best."""
    try:
        from threadpoolctl import ThreadpoolController
    except ImportError:
        warnings.warn(
            "networks use one worker: more of them need threadpoolctl (pip install threadpoolctl)",
            RuntimeWarning,
            stacklevel=2,
        )
        return None
    return ThreadpoolController().select(user_api="blas").lib_controllers or None  # a Mac may use Apple's own


def _threads():
    """Return how many threads a product may use now, for each library of products that is loaded."""
    return [library.get_num_threads() for library in _blas()]


def _set_threads(numbers):
    """Set how many threads a product may use, in the same order."""
    for library, number in zip(_blas(), numbers, strict=True):
        # From 3.8 on, threadpoolctl lets one thread alone set it, and the others in vain, until that is
        # cleared. Here the first thread that comes sets it and the last one that goes.
        clear = getattr(library, "clear_controlling_thread", lambda force: None)
        clear(force=True)
        library.set_num_threads(number)
        clear(force=True)


@contextmanager
def together():
    """Hold products of matrices to one thread each, and let `run` and `product` share out work meanwhile.

    The first that comes sets this and the last that goes sets it back, whichever thread they are in.
    """
    workers, before = count(), _thread.share
    if workers == 1 or before is not None:
        yield workers
        return
    held = False
    try:
        with _process.lock:
            if not _process.holders:
                _process.before = _threads()
                _set_threads([1] * len(_process.before))
            _process.holders += 1
            held = True
        _thread.share = workers
        yield workers
    finally:
        _thread.share = before
        if held:
            with _process.lock:
                _process.holders -= 1
                if not _process.holders:
                    _set_threads(_process.before)


def run(function, pieces):
    """Return ``[function(piece) for piece in pieces]``, computed by as many threads as there may be workers.

    Whoever is free takes the next piece; this thread works too.

    Raises
    ------
    BaseException
        What the first function raised that failed. No thread is at work any more then.
    """
    waiting, results, errors = deque(enumerate(pieces)), [None] * len(pieces), []
    crew = max(1, min(count(), len(pieces)))

    def work():
        before = _thread.share, _thread.crew
        if crew > 1:
            _thread.share, _thread.crew = 1, crew
        try:
            while True:
                try:
                    place, piece = waiting.popleft()
                except IndexError:
                    return
                results[place] = function(piece)
        except BaseException:
            waiting.clear()
            raise
        finally:
            _thread.share, _thread.crew = before

    def help_out():
        try:
            with inherited():
                work()
        except BaseException as error:
            errors.append(error)

    # A thread of its own for each call: it costs 0.1 ms, and nothing is left that a fork could lose. What the
    # caller has set for this context (np.errstate) holds for the helpers too.
    helpers = []
    try:
        for _ in range(crew - 1):
            helper = threading.Thread(target=contextvars.copy_context().run, args=(help_out,), daemon=True)
            try:
                helper.start()
            except RuntimeError:  # the system gives no more threads: those that are there do it
                break
            helpers.append(helper)
        work()
        for helper in helpers:
            helper.join()
    finally:  # after Ctrl-C too nobody takes up more, and nobody works on unseen
        waiting.clear()
        for helper in helpers:
            helper.join()
    if errors:
        raise errors[0]
    return results


def product(first, second, out=None):
    """Return ``first @ second``, features shared out to the workers where a network is at work.

    Parameters
    ----------
    first, second : ndarray, shapes (n, k) and (k, m)
    out : ndarray, shape (n, m), optional
        Where to write the result.

    Returns
    -------
    ndarray, shape (n, m)

    Examples
    --------
    >>> product(np.array([[1, 2]]), np.array([[3], [4]]))
    array([[11]])
    """
    if _thread.share is None:
        return np.matmul(first, second, out=out, casting="same_kind")
    if out is None:
        out = np.empty((len(first), second.shape[1]), np.result_type(first, second))
    by_row = len(out) >= out.shape[1]  # along the longer side

    def part(features):
        if by_row:
            _by_rows(first[features], second, out[features])
        else:
            _by_terms(first, second[:, features], out[:, features])

    if _thread.share == 1 or len(first) * second.size < WORTH_WHILE_HERE:
        part(slice(None))
    else:
        run(part, equal_parts(max(out.shape), _thread.share))
    return out


def _by_rows(first, second, out):
    """Write ``first @ second`` to `out`, a few rows at a time where a sum has few terms.

    A library of products clears `out` first, then reads and writes it again, all of it in turn: the gradient
    of fc6 travels from memory and back twice. Of small products it copies no operand, nor clears anything.
    """
    rows = SMALL // max(1, second.size)
    if not 4 <= rows < len(first):
        rows = max(1, len(first))
    for start in range(0, len(first), rows):
        block = slice(start, start + rows)
        np.matmul(first[block], second, out=out[block], casting="same_kind")


def _by_terms(first, second, out):
    """Write ``first @ second`` to `out`, a few terms of each sum at a time where there are few rows.

    Otherwise every weight of fc6 is copied before it is used, and used for few rows only.
    """
    terms = SMALL // max(1, out.size)
    if not (2 <= len(first) <= 16 and 15 <= terms < len(second)):
        terms = max(1, len(second))
    np.matmul(first[:, :terms], second[:terms], out=out, casting="same_kind")
    some = np.empty_like(out)
    for start in range(terms, len(second), terms):
        block = slice(start, start + terms)
        out += np.matmul(first[:, block], second[block], out=some, casting="same_kind")


def fair_part(numbers):
    """Return how many numbers a worker may keep at hand, of those that one alone may: together no more."""
    return numbers // _thread.crew


def equal_parts(number, parts):
    """Return slices that share out so many things, as equally as can be; none is empty.

    Examples
    --------
    >>> equal_parts(5, 2)
    [slice(0, 3, None), slice(3, 5, None)]
    """
    parts = min(parts, number)
    bounds = [-(-number * part // parts) for part in range(parts + 1)]
    return [slice(start, stop) for start, stop in itertools.pairwise(bounds)]


def _after_fork():
    """Set a forked process free of what threads were doing that it has not got."""
    held = _process.holders
    _process.lock, _process.holders, _thread.share = threading.Lock(), 0, None
    if held:
        _set_threads(_process.before)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)
