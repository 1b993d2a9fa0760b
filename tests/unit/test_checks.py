"""What callers hand over: taken in its plain form, or refused with its name, the limit and what came."""

import numpy as np
import pytest

from alexnet_course import checks, weights
from alexnet_course.layers import Dense
from alexnet_course.optimizers import SGD


@pytest.mark.parametrize("value", [3, np.int8(3), np.uint64(3)])
def test_whole_numbers_of_any_type(value):
    number = checks.whole_number(value, "stride")
    assert type(number) is int
    assert number == 3


@pytest.mark.parametrize("value", [True, 1.0, "1", None, np.float64(2), [1]])
def test_what_is_no_whole_number(value):
    with pytest.raises(TypeError, match="stride must be a whole number; got"):
        checks.whole_number(value, "stride")


def test_pairs():
    assert checks.pair([2, np.int64(3)], "stride") == (2, 3)
    with pytest.raises(ValueError, match=r"stride must be one .* pair \(rows, columns\); got \(1, 2, 3\)"):
        checks.pair((1, 2, 3), "stride")
    with pytest.raises(TypeError, match="stride must be a whole number; got 'ab'"):
        checks.pair("ab", "stride")


def test_real_numbers():
    assert checks.real_number(np.float32(0.5), "rate") == 0.5
    assert checks.real_number(-2, "bias", minimum=-np.inf) == -2
    for value in (np.nan, np.inf, -0.1):
        with pytest.raises(ValueError, match="rate must be a finite number from 0 up; got"):
            checks.real_number(value, "rate")
    for value in (np.nan, np.inf, -np.inf):
        with pytest.raises(ValueError, match="bias must be a finite number; got"):
            checks.real_number(value, "bias", minimum=-np.inf)
    for value in (None, True, "1.5", 1j, [1]):
        with pytest.raises(TypeError, match="rate must be a number; got"):
            checks.real_number(value, "rate")


@pytest.mark.parametrize("dtype", ["banana", None, int, "U3", complex, object, np.datetime64, 3])
def test_what_is_no_floating_type(dtype):
    with pytest.raises(TypeError, match=r"dtype must be a floating type such as np\.float32; got"):
        checks.check_dtype(dtype)


def test_floating_types():
    for dtype in (float, "float32", np.float16, np.dtype(">f8"), np.longdouble):
        assert checks.check_dtype(dtype) == np.dtype(dtype)


@pytest.mark.parametrize(
    "value",
    [None, "1", [None], ["1"], 1j, [np.datetime64("2020-01-01")], np.ma.masked_array([1.0], [True])],
)
def test_what_holds_no_real_numbers(value):
    with pytest.raises(
        TypeError, match=r"^x must (hold real numbers; got dtype|not be masked: fill it first)"
    ):
        checks.numbers(value, "x")


def test_numbers_keep_floats_and_make_float32_of_integers():
    for dtype in (np.float16, np.float32, np.float64):
        x = np.zeros(2, dtype)
        assert checks.numbers(x, "x") is x
    assert checks.numbers([True], "x").dtype == checks.numbers([1], "x").dtype == np.float32
    assert checks.numbers([1], "x", np.float64).dtype == np.float64


def test_held_numbers_are_a_copy_in_c_order():
    given = np.asfortranarray(np.ones((2, 3)))
    held = checks.held(given, "weight", np.float64)
    assert held.flags.c_contiguous
    held[...] = 2
    assert (given == 1).all()
    special = checks.held([np.inf, np.nan], "weight", np.float16)
    np.testing.assert_array_equal(special, [np.inf, np.nan])
    with pytest.raises(ValueError, match="weight must fit in float16; got 70000"):
        checks.held([1, 70_000], "weight", np.float16)


@pytest.mark.parametrize(
    ("shape", "error", "message"),
    [
        (None, TypeError, r"input_shape must be \(H, W, 3\), without N, in whole numbers from 1; got None"),
        (8, TypeError, "got 8"),
        ((8, 8.0, 3), TypeError, r"got \(8, 8.0, 3\)"),
        ((8, 0, 3), ValueError, r"got \(8, 0, 3\)"),
        ((8, 8), ValueError, r"input_shape must be \(H, W, 3\), without N; got \(8, 8\)"),
        ((8, 8, 1), ValueError, r"got \(8, 8, 1\)"),
    ],
)
def test_shapes_of_one_image(shape, error, message):
    assert checks.check_shape([8, np.int64(9), 3], "input_shape", ("H", "W", 3)) == (8, 9, 3)
    with pytest.raises(error, match=message):
        checks.check_shape(shape, "input_shape", ("H", "W", 3))


def test_a_shape_of_any_kind():
    assert checks.check_shape((5,), "input_shape") == (5,)
    with pytest.raises(TypeError, match="input_shape must be the shape of one example, without N"):
        checks.check_shape(None, "input_shape")
    with pytest.raises(ValueError, match=r"input_shape must be \(4,\), without N; got \(5,\)"):
        checks.check_shape((5,), "input_shape", (4,))


@pytest.mark.parametrize(
    ("shape", "message"),
    [
        ((8, 8, 3), r"x must have shape \(N, H, W, 3\); got \(8, 8, 3\)\. For .* image\[np\.newaxis\]"),
        ((2, 3, 8, 8), r"got \(2, 3, 8, 8\)\. Channels come last: x\.transpose\(0, 2, 3, 1\)"),
        ((2, 8, 8, 1), r"got \(2, 8, 8, 1\)\.$"),
        ((2, 8, 0, 3), r"got \(2, 8, 0, 3\)\. There is no pixel in it"),
        ((), r"got \(\)\.$"),
    ],
)  # fmt: skip
def test_batches_of_images(shape, message):
    checks.check_images((0, 8, 8, 3), "x", ("H", "W", 3))
    with pytest.raises(ValueError, match=message):
        checks.check_images(shape, "x", ("H", "W", 3))


def test_generators():
    rng = np.random.default_rng(0)
    assert checks.check_generator(rng) is rng
    assert isinstance(checks.check_generator(None), np.random.Generator)
    for value in (0, np.random.RandomState(0), np.random):
        with pytest.raises(TypeError, match="rng must be a Generator"):
            checks.check_generator(value)


def test_masks_and_rows_of_different_lengths_are_refused():
    masked = np.ma.array([[1.0, 2.0]], mask=[[True, False]])
    for check in (checks.numbers, checks.real_array):
        with pytest.raises(TypeError, match="x must not be masked: fill it first"):
            check(masked, "x")
        with pytest.raises(ValueError, match="x must be an array; its rows have different lengths"):
            check([[1, 2], [3]], "x")


@pytest.mark.parametrize("model", ["file.npz", None, [Dense(1, 1)], 3])
def test_what_is_no_layer_is_named(tmp_path, model):
    with pytest.raises(TypeError, match="network must be a layer or a network; got"):
        weights.save(model, tmp_path / "a.npz")
    with pytest.raises(TypeError, match="network must be a layer or a network; got"):
        weights.load(model, tmp_path / "a.npz")
    with pytest.raises(TypeError, match="model must be a layer or a network; got"):
        SGD(model)
