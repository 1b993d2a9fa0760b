"""Several workers: how many, what they return, what they raise, and that BLAS gets its threads back."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from alexnet_course import workers


def blas():
    """Return how many threads each BLAS library may use now."""
    return [library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"]


@pytest.fixture(autouse=True)
def _blas_gets_its_threads_back():
    before = blas()
    yield
    assert blas() == before
    assert workers._thread.share is None


# ---- how many


def test_the_limit_holds_inside_its_block():
    with workers.limit(3):
        assert workers.count() == 3
        with workers.limit(2):
            assert workers.count() == 2
        assert workers.count() == 3
    with workers.limit(1):
        assert workers.count() == 1


def test_a_limit_stays_until_another_comes():
    try:
        workers.limit(5)
        assert workers.count() == 5
    finally:
        workers.limit(None)


@pytest.mark.parametrize(
    ("number", "error", "message"),
    [(0, ValueError, "number must be at least 1; got 0"), (2.0, TypeError, "number must be a whole number")],
)
def test_limits_that_are_refused(number, error, message):
    with pytest.raises(error, match=message):
        workers.limit(number)


def test_the_environment_sets_it_and_the_limit_goes_before(monkeypatch):
    monkeypatch.setenv(workers.VARIABLE, "4")
    assert workers.count() == 4
    with workers.limit(2):
        assert workers.count() == 2


@pytest.mark.parametrize("text", ["", "0", "-1", "two", "1.5"])
def test_an_environment_that_is_refused(monkeypatch, text):
    monkeypatch.setenv(workers.VARIABLE, text)
    with pytest.raises(ValueError, match="ALEXNET_COURSE_WORKERS must be a whole number from 1 up; got"):
        workers.count()


def test_by_default_the_cores_of_the_process_but_no_more_than_blas_may_use(monkeypatch):
    monkeypatch.delenv(workers.VARIABLE, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: range(3), raising=False)
    with threadpool_limits(2, user_api="blas"):
        assert workers.count() == 2
    monkeypatch.setattr(workers, "_threads", lambda: [8])
    assert workers.count() == 3


def test_in_a_browser_there_is_one_and_nothing_is_said(monkeypatch, recwarn):
    monkeypatch.delenv(workers.VARIABLE, raising=False)
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setattr(workers, "_blas", lambda: pytest.fail("asked for BLAS"))
    assert workers.count() == 1
    assert not recwarn.list


def test_without_threadpoolctl_there_is_one_and_it_is_said_once():
    code = (
        "import sys, warnings; sys.modules['threadpoolctl'] = None;"
        "from alexnet_course import workers; workers._cores = lambda: 2;"
        "warnings.simplefilter('always');"
        "print(workers.count(), workers.count());"
        "from alexnet_course.workers import together;"
        "print([workers.run(str, [1, 2]) for _ in together.__wrapped__()])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1 1\n[['1', '2']]\n"
    assert done.stderr.count("more of them need threadpoolctl (pip install threadpoolctl)") == 1


def test_importing_the_layers_does_not_look_for_blas():
    code = "import sys, alexnet_course.alexnet; print('threadpoolctl' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


# ---- sharing out


def test_results_come_in_the_order_of_the_pieces_from_several_threads():
    at_work = threading.Barrier(3)

    def function(piece):
        if piece < 3:
            at_work.wait(30)  # three at a time, or nobody goes on
        return piece, threading.get_ident()

    with workers.limit(3):
        results = workers.run(function, range(9))
    assert [piece for piece, _ in results] == list(range(9))
    assert len({thread for _, thread in results}) == 3


def test_where_no_thread_can_be_had_the_caller_does_it_all(monkeypatch):
    def refused(thread):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    with workers.limit(3):
        assert workers.run(lambda piece: 2 * piece, range(5)) == [0, 2, 4, 6, 8]


def test_who_comes_while_others_work_may_use_as_many(monkeypatch):
    monkeypatch.delenv(workers.VARIABLE, raising=False)
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: range(3), raising=False)
    counts = []
    with threadpool_limits(2, user_api="blas"), workers.together():
        thread = threading.Thread(target=lambda: counts.append(workers.count()))
        thread.start()
        thread.join()
    assert counts == [2]


def test_a_worker_shares_out_no_more():
    with workers.limit(2), workers.together() as number:
        assert number == 2
        assert workers.run(lambda piece: workers.count(), range(2)) == [1, 1]
        assert workers.run(lambda piece: workers.run(lambda x: x, [piece]), range(2)) == [[0], [1]]


def test_blas_is_held_to_one_thread_until_the_last_has_gone():
    first_is_in, second_is_out = threading.Event(), threading.Event()
    seen = []

    def first():
        with workers.together():
            first_is_in.set()
            second_is_out.wait(30)
            seen.append(blas())

    with threadpool_limits(2, user_api="blas"), workers.limit(2):
        thread = threading.Thread(target=first)
        thread.start()
        first_is_in.wait(30)
        with workers.together():
            assert set(blas()) == {1}
        second_is_out.set()
        thread.join()
        assert set(seen[0]) == {1}
        assert set(blas()) == {2}


def test_what_a_caller_sets_for_numpy_holds_for_the_helpers():
    with workers.limit(2), np.errstate(divide="raise"), pytest.raises(FloatingPointError):
        workers.run(lambda piece: (time.sleep(0.01), np.ones(1) / np.zeros(1)), range(2))
    with workers.limit(2), np.errstate(divide="ignore"):
        at_work = threading.Barrier(2)
        results = workers.run(lambda piece: (at_work.wait(30), np.geterr()["divide"])[1], range(2))
    assert results == ["ignore", "ignore"]


@pytest.mark.parametrize("failing", [0, 1])
def test_an_error_ends_the_work_and_reaches_the_caller(failing):
    at_work, done = threading.Barrier(2), []

    def function(piece):
        if piece < 2:
            at_work.wait(30)
        if piece == failing:
            raise KeyError(f"piece {piece}")
        time.sleep(0.05)
        done.append(piece)

    threads = threading.active_count()
    with workers.limit(2), pytest.raises(KeyError, match=f"piece {failing}"), workers.together():
        workers.run(function, range(100))
    assert threading.active_count() == threads
    assert len(done) < 50  # nobody took up what was left


@pytest.mark.parametrize("shape", [(2, 3, 5), (7, 3, 2), (1, 4, 9), (9, 4, 1), (41, 3, 5), (2, 50, 7)])
@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("small", [0, 70, 230, 5000])  # the whole, four rows, terms of few rows, the whole
def test_a_product_is_the_product(monkeypatch, shape, number, small):
    monkeypatch.setattr(workers, "WORTH_WHILE_HERE", 0)
    monkeypatch.setattr(workers, "SMALL", small)
    rng = np.random.default_rng(0)
    rows, between, columns = shape
    first, second = rng.standard_normal((rows, between)), rng.standard_normal((between, columns))
    out = np.empty((rows, columns), np.float32)
    with workers.limit(number), workers.together():
        np.testing.assert_allclose(workers.product(first, second), first @ second, rtol=1e-12)
        np.testing.assert_allclose(workers.product(first.T.copy().T, second), first @ second, rtol=1e-12)
        assert workers.product(first, second, out) is out
    np.testing.assert_allclose(out, first @ second, rtol=1e-5, atol=1e-6)


def test_a_product_by_itself_is_left_to_blas(monkeypatch):
    monkeypatch.setattr(workers, "WORTH_WHILE_HERE", 0)
    monkeypatch.setattr(workers, "run", lambda *_: pytest.fail("shared out"))
    assert workers.product(np.ones((1, 2)), np.ones((2, 1))) == 2


@pytest.mark.parametrize("number", range(1, 8))
@pytest.mark.parametrize("parts", range(1, 6))
def test_equal_parts(number, parts):
    slices = workers.equal_parts(number, parts)
    assert [i for part in slices for i in range(number)[part]] == list(range(number))
    sizes = [part.stop - part.start for part in slices]
    assert max(sizes) - min(sizes) <= 1
    assert len(sizes) == min(parts, number)


# ---- forks and interruptions


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # of forks beside threads, from 3.12 on
def test_a_fork_while_others_work_computes_and_has_blas_as_it_was():
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()

    def child():
        before = blas()
        with workers.limit(2), workers.together():
            result = workers.run(lambda piece: 2 * piece, range(4))
        answers.put((before, blas(), result))

    with threadpool_limits(2, user_api="blas"), workers.limit(2):
        at_work, forked = threading.Event(), threading.Event()

        def busy():
            with workers.together():
                at_work.set()
                forked.wait(30)

        thread = threading.Thread(target=busy)
        thread.start()
        at_work.wait(30)
        process = context.Process(target=child)
        process.start()
        process.join(30)
        forked.set()
        thread.join()
        assert process.exitcode == 0
        before, after, result = answers.get()
    assert set(before) == set(after) == {2}
    assert result == [0, 2, 4, 6]


INTERRUPTED = """
import signal, threading, time, numpy as np
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell lets its background processes ignore it
from threadpoolctl import threadpool_info
from alexnet_course import workers
blas = lambda: [library["num_threads"] for library in threadpool_info()]
before = blas()
both = threading.Barrier(2)
def slow(piece):
    both.wait()
    if piece == 1:
        print("at work", flush=True)
    for _ in range(300):
        time.sleep(0.01)
try:
    with workers.limit(2), workers.together():
        workers.run(slow, range(2))
except KeyboardInterrupt:
    print("interrupted", before == blas(), threading.active_count(), workers._thread.share)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal can be sent there")
def test_control_c_reaches_the_caller_when_everybody_has_stopped():
    command = [sys.executable, "-c", INTERRUPTED]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "at work\n"
        process.send_signal(signal.SIGINT)
        rest, _ = process.communicate(timeout=60)
    assert rest.splitlines()[-1] == "interrupted True 1 None"
