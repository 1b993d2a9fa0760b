"""Sizes against windows placed one by one, the numbers of chapter 03, and every refusal."""

import math
import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_course import geometry
from alexnet_course.geometry import (
    layer_cost,
    output_size,
    overhang,
    receptive_field,
    same_padding,
    unused_pixels,
)
from alexnet_course.layers import Conv2D, Dense

SIZES = st.tuples(st.integers(1, 40), st.integers(1, 9), st.integers(1, 5), st.integers(0, 4))


@pytest.mark.first_version("C07", "C29", "T05", "T27")
@given(SIZES)
def test_output_size_counts_windows_placed_one_by_one(sizes):
    size, kernel_size, stride, padding = sizes
    padded = size + 2 * padding
    if kernel_size > padded:
        with pytest.raises(ValueError, match=f"kernel_size {kernel_size} exceeds the padded input {padded} "):
            output_size(size, kernel_size, stride, padding)
        return
    starts = [start for start in range(0, padded, stride) if start + kernel_size <= padded]
    assert output_size(size, kernel_size, stride, padding) == len(starts)
    assert unused_pixels(size, kernel_size, stride, padding) == padded - (starts[-1] + kernel_size)


@pytest.mark.first_version("T25")
@given(SIZES)
def test_ceil_is_floor_after_padding_the_overhang(sizes):
    size, kernel_size, stride, padding = sizes
    if kernel_size > size + 2 * padding:
        return
    extra = overhang(size, kernel_size, stride, padding)
    assert 0 <= extra < stride
    rounded_up = output_size(size, kernel_size, stride, padding, rounding="ceil")
    assert rounded_up == output_size(size, kernel_size, stride, (padding, padding + extra))
    assert rounded_up == 1 + math.ceil((size + 2 * padding - kernel_size) / stride)
    assert (extra == 0) == (unused_pixels(size, kernel_size, stride, padding) == 0)


@pytest.mark.first_version("C03", "C04", "T06")
@given(SIZES)
def test_same_padding_is_the_least_that_gives_a_window_every_stride(sizes):
    size, kernel_size, stride, _ = sizes
    before, after = same_padding(size, kernel_size, stride)
    assert after - before in (0, 1)
    total = before + after
    wanted = math.ceil(size / stride)
    if total or kernel_size <= size:
        counted = (size + total - kernel_size) // stride + 1
        assert counted >= wanted
        assert counted == wanted or total == 0
    if total:
        assert size + total - 1 - kernel_size < (wanted - 1) * stride  # one pixel less is one window less


@pytest.mark.first_version("T01")
def test_numbers_of_the_paper():
    chain = [227]
    for kernel_size, stride, padding in [(11, 4, 0), (3, 2, 0), (5, 1, 2), (3, 2, 0), (3, 1, 1), (3, 2, 0)]:
        assert unused_pixels(chain[-1], kernel_size, stride, padding) == 0
        chain.append(output_size(chain[-1], kernel_size, stride, padding))
    assert chain == [227, 55, 27, 27, 13, 13, 6]
    assert [size for size in range(200, 250) if output_size(size, 11, 4) == 55] == [227, 228, 229, 230]
    assert overhang(224, 11, 4) == 3
    assert output_size(224, 11, 4, rounding="ceil") == 55


@pytest.mark.first_version("T11")
def test_pools_of_two_agree_with_pools_of_three_only_when_rounded_down():
    for size in (55, 27, 13):
        assert output_size(size, 2, 2) == output_size(size, 3, 2)
        assert output_size(size, 2, 2, rounding="ceil") == output_size(size, 3, 2, rounding="ceil") + 1


def test_receptive_fields_of_the_paper():
    layers = [(11, 4), (3, 2), (5, 1), (3, 2), (3, 1), (3, 1), (3, 1), (3, 2)]
    fields = [receptive_field(layers[: i + 1]) for i in range(8)]
    assert fields == [(11, 4), (19, 8), (51, 8), (67, 16), (99, 16), (131, 16), (163, 16), (195, 32)]
    assert receptive_field([]) == (1, 1)
    assert receptive_field([(3, 1)] * 3) == (7, 1)


def test_resolve_padding():
    assert geometry.resolve_padding("valid", (5, 6), 3) == ((0, 0), (0, 0))
    assert geometry.resolve_padding((1, 2), (5, 6), 3) == ((1, 1), (2, 2))
    assert geometry.resolve_padding("same", (5, 6), (2, 3), (1, 2)) == ((0, 1), (0, 1))


def test_sizes_are_ints_whatever_integer_went_in():
    assert type(output_size(np.int64(7), np.uint8(3))) is int
    assert geometry.pair([np.int32(3), 5], "stride") == (3, 5)


@pytest.mark.first_version("C06")
@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: output_size(5, 0), ValueError, "kernel_size must be at least 1; got 0"),
        (lambda: output_size(5, 3, 0), ValueError, "stride must be at least 1; got 0"),
        (lambda: output_size(5, 3, 1.5), TypeError, "stride must be a whole number; got 1.5"),
        (lambda: output_size(5, 3, 2.0), TypeError, "stride must be a whole number; got 2.0"),
        (lambda: output_size(5, True), TypeError, "kernel_size must be a whole number; got True"),
        (lambda: output_size("5", 3), TypeError, "size must be a whole number; got '5'"),
        (lambda: output_size(0, 1), ValueError, "size must be at least 1; got 0"),
        (lambda: output_size(5, 3, 1, -1), ValueError, "padding must be at least 0; got -1"),
        (lambda: output_size(5, 3, rounding="up"), ValueError, "rounding must be .*; got 'up'"),
        (
            lambda: output_size(3, 7, 1, (1, 2)),
            ValueError,
            r"kernel_size 7 exceeds the padded input 6 \(input 3, padding 1 \+ 2\)",
        ),
        (lambda: unused_pixels(3, 5), ValueError, r"exceeds the padded input 3 \(input 3, padding 0\)"),
        (lambda: overhang(3, 5), ValueError, r"exceeds the padded input 3 \(input 3, padding 0\)"),
        (lambda: same_padding(5, 3, 0), ValueError, "stride must be at least 1; got 0"),
        (lambda: geometry.pair((1, 2, 3), "stride"), ValueError, r"a pair \(rows, .*; got \(1, 2, 3\)"),
        (
            lambda: geometry.check_padding("full"),
            ValueError,
            'padding must be a whole number, a pair, "valid" or "same"; got \'full\'',
        ),
        (lambda: geometry.check_padding(None), TypeError, "padding must be a whole number; got None"),
        (lambda: receptive_field([(3, 0)]), ValueError, "stride must be at least 1; got 0"),
        (lambda: receptive_field([(0, 1)]), ValueError, "kernel_size must be at least 1; got 0"),
    ],
)
def test_refusals_name_the_argument_its_value_and_the_limit(call, error, message):
    with pytest.raises(error, match=message):
        call()


@given(SIZES, SIZES, st.sampled_from(["valid", "same"]) | st.tuples(st.integers(0, 4), st.integers(0, 4)))
def test_a_window_grid_is_both_axes_and_the_padding(rows, columns, padding):
    (height, kernel_h, stride_h, _), (width, kernel_w, stride_w, _) = rows, columns
    kernel, stride = (kernel_h, kernel_w), (stride_h, stride_w)
    sides = geometry.resolve_padding(padding, (height, width), kernel, stride)
    if kernel_h > height + sum(sides[0]) or kernel_w > width + sum(sides[1]):
        with pytest.raises(ValueError, match=r"pool_size . exceeds the padded input"):
            geometry.window_grid((height, width), kernel, stride, padding, "pool_size")
        return
    counts = tuple(map(output_size, (height, width), kernel, stride, sides))
    assert geometry.window_grid((height, width), kernel, stride, padding) == (counts, sides)


@given(SIZES, st.sampled_from(["floor", "ceil"]))
def test_which_pixels_the_windows_read(sizes, rounding):
    size, kernel_size, stride, padding = sizes
    if kernel_size > size + 2 * padding:
        return
    spans = geometry.window_spans(size, kernel_size, stride, padding, rounding)
    assert len(spans) == output_size(size, kernel_size, stride, padding, rounding)
    assert spans[0] == (-padding, kernel_size - 1 - padding)
    assert all(last - first == kernel_size - 1 for first, last in spans)
    assert all(b[0] - a[0] == stride for a, b in pairwise(spans))
    read = geometry.pixels_read(size, kernel_size, stride, padding, rounding)
    expected = [any(first <= pixel <= last for first, last in spans) for pixel in range(size)]
    assert read == expected
    last = max(last for _, last in spans)
    if rounding == "floor":
        assert last + unused_pixels(size, kernel_size, stride, padding) == size + padding - 1


LAYER = st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(0, 2))


@given(st.lists(LAYER, max_size=4), st.integers(0, 5))
def test_the_pixels_of_a_field_layer_by_layer(layers, unit):
    first = last = unit
    for kernel_size, stride, padding in reversed(layers):  # from the unit back to the image
        first, last = first * stride - padding, last * stride - padding + kernel_size - 1
    assert geometry.field_span(layers, unit) == (first, last)


def test_small_integers_of_numpy_do_not_wrap():
    eleven, four, two = np.uint8(11), np.uint8(4), np.uint8(2)
    assert geometry.window_spans(300, eleven, four) == geometry.window_spans(300, 11, 4)
    assert geometry.pixels_read(300, eleven, four) == geometry.pixels_read(300, 11, 4)
    plain = [(11, 4, 0)] + 8 * [(3, 2, 1)]
    assert geometry.field_span([(eleven, four, 0)] + 8 * [(3, two, 1)], unit=3) == geometry.field_span(
        plain, unit=3
    )


@given(st.tuples(st.integers(1, 9), st.integers(1, 9)), st.integers(1, 3), SIZES, st.integers(1, 3))
def test_what_a_layer_costs_is_what_the_layer_says(image_size, groups, sizes, filters):
    in_channels, kernel_size, stride, padding = sizes
    filters, shape = filters * groups, (*image_size, in_channels * groups)
    try:
        conv = Conv2D(shape[2], filters, kernel_size, stride, padding, groups, initial=0.0)
        made = conv.predict(np.zeros((1, *shape))).shape[1:]
    except ValueError as error:
        with pytest.raises(ValueError, match=re.escape(str(error).partition(": ")[2] or str(error))):
            layer_cost(shape, filters, kernel_size, stride, padding, groups)
        return
    cost = layer_cost(shape, filters, kernel_size, stride, padding, groups)
    assert cost == (made, conv.weight.size + filters, conv.multiply_accumulates(shape))
    assert cost.multiply_accumulates == made[0] * made[1] * conv.weight.size
    assert layer_cost(shape, None, kernel_size, stride, padding) == ((*made[:2], shape[2]), 0, 0)
    dense = Dense(math.prod(shape), filters, initial=0.0)
    assert layer_cost(shape, filters) == ((filters,), dense.weight.size + filters, dense.weight.size)
    assert all(type(number) is int for number in (*cost.output_shape, *cost[1:]))


def test_a_layer_that_no_memory_holds_has_a_cost():
    assert layer_cost((10**6,), 10**9).multiply_accumulates == 10**15
    assert layer_cost((10**5, 10**5, 10**4), 10**6, kernel_size=3, padding=1).parameters == 90_001_000_000


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (((227, 227, 3),), TypeError, "outputs must be a whole number; got None"),
        ((None, 2), TypeError, "input_shape must be the shape of one example"),
        (((227, 3), 2, 11), ValueError, r"input_shape must be \(H, W, C\), without N; got \(227, 3\)"),
        (((9, 9, 3), 4, 3, 1, 0, 2), ValueError, "groups must divide in_channels 3 and filters 4; got 2"),
        (((9, 9, 3), 0, 3), ValueError, "filters must be at least 1; got 0"),
        (((2, 9, 3), 4, 3), ValueError, "kernel_size 3 exceeds the padded input 2"),
    ],
)
def test_refusals_of_a_cost(arguments, error, message):
    with pytest.raises(error, match=message):
        layer_cost(*arguments)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: receptive_field(5), TypeError, r"layers must be a list of \(kernel_size, stride\); got 5"),
        (lambda: receptive_field((3, 1)), TypeError, r"list of \(kernel_size, stride\); got \(3, 1\)"),
        (lambda: receptive_field([(3,)]), ValueError, r"\(kernel_size, stride\); got \(3,\) among them"),
        (
            lambda: geometry.field_span([(3, 1)]),
            ValueError,
            r"\(kernel_size, stride, padding\); got \(3, 1\)",
        ),
        (lambda: geometry.field_span(None), TypeError, r"\(kernel_size, stride, padding\); got None"),
    ],
)
def test_layers_that_are_none(call, error, message):
    with pytest.raises(error, match=message):
        call()
