"""Winograd's method equals im2col, forward and backward, and is taken only where it can be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alexnet_course.layers import Conv2D, im2col, winograd


@pytest.mark.parametrize("kernel_size", [3, 5])
def test_one_axis_equals_sliding_by_hand(kernel_size):
    rng = np.random.default_rng(0)
    pixels, kernel = rng.standard_normal(7), rng.standard_normal(kernel_size)
    to_outputs, from_kernel, from_pixels = winograd.transforms(kernel_size)
    outputs = to_outputs @ ((from_kernel @ kernel) * (from_pixels @ pixels))
    np.testing.assert_allclose(outputs, np.correlate(pixels, kernel, "valid"), atol=1e-12)


GEOMETRY = st.tuples(
    st.sampled_from([3, 5]),
    st.integers(1, 2),  # images
    st.tuples(st.integers(5, 16), st.integers(5, 16)),
    st.tuples(st.integers(1, 4), st.integers(1, 4)),  # channels and filters
)


@given(GEOMETRY)
@settings(deadline=None)
def test_equal_to_im2col(geometry):
    kernel_size, examples, size, (channels, filters) = geometry
    rng = np.random.default_rng(0)
    x = rng.standard_normal((examples, *size, channels))
    weight = rng.standard_normal((kernel_size, kernel_size, channels, filters))
    places = (examples, size[0] - kernel_size + 1, size[1] - kernel_size + 1, filters)
    grad_output = rng.standard_normal(places)
    results = []
    for algorithm in (winograd, im2col):
        y, grad_weight, grad_x = np.full(places, np.nan), np.zeros(weight.shape), np.zeros(x.shape)
        algorithm.responses(x, weight, (1, 1), y)
        algorithm.gradients(x, weight, (1, 1), grad_output, grad_weight, grad_x)
        alone = np.zeros(weight.shape)
        algorithm.gradients(x, weight, (1, 1), grad_output, alone)
        results.append((y, grad_weight, grad_x, alone))
    for ours, expected in zip(*results, strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-10)


@pytest.mark.parametrize("algorithm", [winograd, im2col])
def test_portions_do_not_change_the_result(algorithm, monkeypatch):
    rng = np.random.default_rng(0)
    x, weight = rng.standard_normal((5, 9, 9, 2)), rng.standard_normal((3, 3, 2, 4))
    grad_output = rng.standard_normal((5, 7, 7, 4))
    results = []
    for portion in (1 << 22, 2000, 1):  # all five images, some, one at a time
        monkeypatch.setattr(algorithm, "PORTION", portion)
        y, grad_weight, grad_x = np.empty(grad_output.shape), np.zeros(weight.shape), np.zeros(x.shape)
        algorithm.responses(x, weight, (1, 1), y)
        algorithm.gradients(x, weight, (1, 1), grad_output, grad_weight, grad_x)
        results.append((y, grad_weight, grad_x))
    for parts in results[1:]:
        for ours, expected in zip(parts, results[0], strict=True):
            np.testing.assert_allclose(ours, expected, atol=1e-12)


@pytest.mark.parametrize(
    ("kernel_size", "groups", "side", "channels"), [(5, 2, 27, 96), (3, 1, 13, 192), (3, 2, 13, 384)]
)
def test_close_in_float32_with_the_papers_geometry(kernel_size, groups, side, channels):
    layers = [
        Conv2D(
            channels,
            channels,
            kernel_size,
            padding="same",
            groups=groups,
            algorithm=name,
            rng=np.random.default_rng(0),
        )
        for name in ("auto", "im2col")
    ]
    rng = np.random.default_rng(1)
    x = rng.standard_normal((12, side, side, channels), np.float32)
    outputs = [layer.forward(x) for layer in layers]
    chosen = [layer._algorithm(outputs[0].shape, x, layer.weight) for layer in layers]
    assert chosen == [winograd, im2col]
    grad_output = rng.standard_normal(outputs[0].shape, np.float32)
    inputs = [layer.backward(grad_output) for layer in layers]
    weights = [layer.grads["weight"] for layer in layers]
    for fast, plain in (outputs, inputs, weights):
        assert np.linalg.norm(fast - plain) < 1e-5 * np.linalg.norm(plain)


@pytest.mark.parametrize(
    ("kernel", "stride", "channels", "places", "dtype"),
    [((3, 3), (2, 2), 64, (16, 55, 55), np.float32), ((3, 3), (1, 2), 64, (16, 55, 55), np.float32),
     ((3, 3), (2, 1), 64, (16, 55, 55), np.float32), ((3, 5), (1, 1), 64, (16, 55, 55), np.float32),
     ((11, 11), (1, 1), 64, (16, 55, 55), np.float32), ((3, 3), (1, 1), 1, (16, 55, 55), np.float32),
     ((3, 3), (1, 1), 64, (16, 55, 55), np.float16), ((3, 3), (1, 1), 64, (16, 55, 55), np.longdouble),
     # Few places, one output a tile, tiles that are mostly edge:
     ((3, 3), (1, 1), 192, (1, 13, 13), np.float32), ((3, 3), (1, 1), 64, (1600, 1, 1), np.float32),
     ((3, 3), (1, 1), 64, (2000, 3, 3), np.float32), ((3, 3), (1, 1), 64, (64, 6, 6), np.float32),
     ((5, 5), (1, 1), 64, (100, 4, 4), np.float32), ((5, 5), (1, 1), 64, (64, 2, 2), np.float32),
     ((3, 3), (1, 1), 64, (0, 55, 55), np.float32)],
)  # fmt: skip
def test_not_taken_where_it_cannot_or_does_not_pay(kernel, stride, channels, places, dtype):
    assert winograd.pays(np.empty((3, 3, 64, 64)), (1, 1), (16, 55, 55))
    assert not winograd.pays(np.empty((*kernel, channels, 64), dtype), stride, places)


@pytest.mark.parametrize(
    ("kernel", "channels", "filters", "places"),
    [(5, 48, 128, (1, 27, 27)), (5, 48, 128, (16, 27, 27)), (3, 256, 384, (16, 13, 13)),
     (3, 192, 192, (16, 13, 13)), (3, 192, 128, (16, 13, 13)), (3, 64, 64, (1, 224, 224))],
)  # fmt: skip
def test_taken_where_the_paper_spends_its_time(kernel, channels, filters, places):
    assert winograd.pays(np.empty((kernel, kernel, channels, filters), np.float32), (1, 1), places)


def pairs_of_layers(dtype=np.float32):
    return [
        Conv2D(96, 96, 3, padding=1, algorithm=name, rng=np.random.default_rng(1), dtype=dtype)
        for name in ("auto", "im2col")
    ]


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("where", ["x", "grad_output", "weight"])
def test_what_is_not_finite_marks_what_sees_it_and_no_others(value, where):
    rng = np.random.default_rng(0)
    x, grad_output = rng.standard_normal((2, 2, 45, 45, 96)).astype(np.float32)
    found = []
    for layer in pairs_of_layers():
        given = {"x": x.copy(), "grad_output": grad_output.copy(), "weight": layer.weight}
        place = (0, 1, 2, 3) if where == "weight" else (0, 20, 20, 3)
        given[where][place] = value
        with np.errstate(invalid="ignore"):
            y = layer.forward(given["x"])
            grad_input = layer.backward(given["grad_output"])
        found.append([y, grad_input, layer.grads["weight"], layer.grads["bias"]])
    for auto, plain in zip(*found, strict=True):
        np.testing.assert_array_equal(np.isfinite(auto), np.isfinite(plain))
    if where == "x":
        assert (~np.isfinite(found[0][0])).any(axis=-1).sum() == 9
    if where == "grad_output":
        assert (~np.isfinite(found[0][1])).any(axis=-1).sum() == 9


def test_nothing_overflows_that_does_not_without_it():
    rng = np.random.default_rng(0)
    x = rng.standard_normal((1, 45, 45, 96)).astype(np.float32) * np.float32(1e37)
    auto, plain = (layer.forward(x) for layer in pairs_of_layers())
    np.testing.assert_array_equal(np.isfinite(auto), np.isfinite(plain))


@pytest.mark.parametrize("where", ["x", "grad_output", "weight"])
def test_one_huge_number_makes_no_neighbour_infinite(where):
    rng = np.random.default_rng(0)
    x, grad_output = rng.standard_normal((2, 1, 45, 45, 96)).astype(np.float32)
    found = []
    for layer in pairs_of_layers():
        given = {"x": x.copy(), "grad_output": grad_output.copy(), "weight": layer.weight}
        given[where][(0, 1, 2, 3) if where == "weight" else (0, 20, 20, 3)] = 2e38
        with np.errstate(over="ignore", invalid="ignore"):
            y = layer.forward(given["x"])
            found.append([y, layer.backward(given["grad_output"])])
    for auto, plain in zip(*found, strict=True):
        np.testing.assert_array_equal(np.isfinite(auto), np.isfinite(plain))


@pytest.mark.parametrize("scale", [1, 1000])
def test_half_precision_is_right_to_three_digits(scale):
    rng = np.random.default_rng(5)
    x = (rng.standard_normal((1, 45, 45, 96)) * scale).astype(np.float16)
    half, truth = pairs_of_layers(np.float16)[0], pairs_of_layers(np.float64)[1]
    truth.weight = half.weight
    y, expected = half.forward(x), truth.forward(x)
    assert y.dtype == np.float16
    assert np.abs(y - expected).max() < 1e-3 * np.abs(expected).max()
    grad_output = rng.standard_normal(y.shape).astype(np.float16)
    grads = [half.backward(grad_output), *half.grads.values()]
    wanted = [truth.backward(grad_output), *truth.grads.values()]
    for ours, theirs in zip(grads, wanted, strict=True):
        assert ours.dtype == np.float16
        if np.abs(theirs).max() < 65504:
            assert np.abs(ours - theirs).max() < 1e-3 * np.abs(theirs).max()


def test_a_loud_pixel_costs_its_neighbours_digits_and_im2col_keeps_them():
    # The numbers of the module's docstring.
    x = np.random.default_rng(0).standard_normal((1, 45, 45, 96)).astype(np.float32)
    x[0, 20, 20, 0] = 1e4
    unseen = np.ones((45, 45), bool)
    unseen[19:22, 19:22] = False
    truth = pairs_of_layers(np.float64)[1]
    auto, plain = pairs_of_layers()
    truth.weight = plain.weight
    expected = truth.forward(x)[0][unseen]
    assert np.abs(plain.forward(x)[0][unseen] - expected).max() < 1e-5
    assert 1e-4 < np.abs(auto.forward(x)[0][unseen] - expected).max() < 0.02


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_tiles_are_in_the_type_of_the_images(dtype):
    values, _ = winograd.tiles(np.ones((1, 9, 9, 2), dtype), 3)
    assert values.dtype == dtype
