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


@pytest.mark.parametrize(("kernel_size", "groups", "side"), [(5, 2, 27), (3, 1, 13), (3, 2, 13)])
def test_close_in_float32_with_the_papers_geometry(kernel_size, groups, side):
    layers = [
        Conv2D(
            64, 96, kernel_size, padding="same", groups=groups, algorithm=name, rng=np.random.default_rng(0)
        )
        for name in ("auto", "im2col")
    ]
    rng = np.random.default_rng(1)
    x = rng.standard_normal((12, side, side, 64), np.float32)
    outputs = [layer.forward(x) for layer in layers]
    assert [layer._algorithm(outputs[0].shape) for layer in layers] == [winograd, im2col]
    grad_output = rng.standard_normal(outputs[0].shape, np.float32)
    inputs = [layer.backward(grad_output) for layer in layers]
    weights = [layer.grads["weight"] for layer in layers]
    for fast, plain in (outputs, inputs, weights):
        assert np.linalg.norm(fast - plain) < 1e-5 * np.linalg.norm(plain)


@pytest.mark.parametrize(
    ("kernel", "stride", "channels", "outputs"),
    [((3, 3), (2, 2), 64, 10**4), ((3, 5), (1, 1), 64, 10**4), ((11, 11), (1, 1), 64, 10**4),
     ((3, 3), (1, 1), 1, 10**4), ((3, 3), (1, 1), 64, 169)],
)  # fmt: skip
def test_not_taken_where_it_cannot_or_does_not_pay(kernel, stride, channels, outputs):
    assert winograd.pays(np.empty((3, 3, 64, 64)), (1, 1), 10**4)
    assert not winograd.pays(np.empty((*kernel, channels, 64)), stride, outputs)
