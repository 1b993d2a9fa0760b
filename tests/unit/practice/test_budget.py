"""The step budget: it ends what has no end and leaves no trace."""

import sys

import pytest

from alexnet_course.practice.budget import RanTooLongError, step_budget


def test_budget_restores_the_trace_function():
    def trace(frame, event, argument):
        return None

    def count():
        for _ in range(100):
            pass

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with pytest.raises(RanTooLongError), step_budget(10):
            count()
        assert sys.gettrace() is trace
    finally:
        sys.settrace(before)


def test_budget_ends_a_loop_that_swallows_everything():
    def swallow():
        while True:
            try:
                len("abc")
            except:  # noqa: E722
                continue

    before = sys.gettrace()
    with pytest.raises(RanTooLongError), step_budget(1000):
        swallow()
    assert sys.gettrace() is before


def test_budget_ends_a_loop_that_never_leaves_its_line():
    code = {}  # in one line, which a formatter would break: a tracer of lines sees it once
    exec("def forever():\n    while True: pass", code)
    with pytest.raises(RanTooLongError), step_budget(1000):
        code["forever"]()


def test_a_budget_may_end_on_the_way_out():
    def few_steps():
        return [number + 1 for number in range(3)]

    before = sys.gettrace()
    for steps in range(120):  # wherever it ends, before the function, in it or after it
        try:
            with step_budget(steps):
                few_steps()
        except RanTooLongError:
            pass
        assert sys.gettrace() is before, steps
