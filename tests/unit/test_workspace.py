"""Memory that is used again is never used for two things at once."""

import threading

import numpy as np

from alexnet_course import workspace
from alexnet_course.layers import Conv2D


def test_the_same_name_is_the_same_memory_and_another_name_is_not():
    first = workspace.temporary("one", (4, 5), np.float32)
    assert np.shares_memory(first, workspace.temporary("one", (20,), np.float32))
    assert not np.shares_memory(first, workspace.temporary("two", (4, 5), np.float32))


def test_it_grows_and_gives_the_shape_and_type_that_are_asked_for():
    for shape, dtype in (((2,), np.float64), ((300, 7), np.float32), ((0, 3), np.float16)):
        array = workspace.temporary("grows", shape, dtype)
        assert (array.shape, array.dtype) == (shape, dtype)
        assert array.flags.c_contiguous
        assert array.flags.writeable


def test_what_is_too_large_is_not_kept(monkeypatch):
    monkeypatch.setattr(workspace, "LIMIT", 100)
    first = workspace.temporary("large", (101,), np.uint8)
    assert not np.shares_memory(first, workspace.temporary("large", (101,), np.uint8))


def test_each_thread_has_its_own():
    ours, theirs = workspace.temporary("thread", (4,), np.float32), []
    thread = threading.Thread(target=lambda: theirs.append(workspace.temporary("thread", (4,), np.float32)))
    thread.start()
    thread.join()
    assert not np.shares_memory(ours, theirs[0])


def test_outputs_of_one_layer_do_not_change_when_it_runs_again():
    rng = np.random.default_rng(0)
    for algorithm in ("auto", "im2col"):  # 32 channels and 729 places: Winograd where it may
        layer = Conv2D(32, 32, 5, padding="same", algorithm=algorithm, rng=rng)
        x, other = rng.standard_normal((2, 1, 27, 27, 32), np.float32)
        y = layer.forward(x)
        grad_x, grad_weight = layer.backward(y), layer.grads["weight"].copy()
        kept = y.copy(), grad_x.copy(), grad_weight.copy()
        layer.backward(layer.forward(other))
        for array, before in zip((y, grad_x, grad_weight), kept, strict=True):
            np.testing.assert_array_equal(array, before)
