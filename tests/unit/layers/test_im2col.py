"""Convolution as one matrix product: any number of images at a time, and sums of many numbers."""

import numpy as np
import pytest

from alexnet_course.layers import Conv2D, im2col


@pytest.mark.parametrize("numbers", [1, 3 * 4 * 4 * 18, 1 << 30])
def test_it_does_not_matter_how_many_images_are_copied_at_a_time(monkeypatch, numbers):
    monkeypatch.setattr(im2col, "PORTION", numbers)
    rng = np.random.default_rng(0)
    conv = Conv2D(2, 3, 3, rng=rng, dtype=np.float64)
    x, grad_output = rng.normal(size=(7, 6, 6, 2)), rng.normal(size=(7, 4, 4, 3))
    y, grad_x = conv.forward(x), conv.backward(grad_output)
    one_by_one = np.concatenate([conv.predict(image[np.newaxis]) for image in x])
    np.testing.assert_allclose(y, one_by_one, rtol=1e-12)
    assert np.vdot(y - conv.bias, grad_output) == pytest.approx(np.vdot(x, grad_x))
    assert np.vdot(y - conv.bias, grad_output) == pytest.approx(np.vdot(conv.weight, conv.grads["weight"]))


def test_a_bias_gradient_loses_no_number():
    conv = Conv2D(1, 4, 1)
    y = conv.forward(np.zeros((16, 55, 55, 1)))
    conv.backward(np.full(y.shape, 0.1, np.float32), input_gradient=False)
    np.testing.assert_allclose(conv.grads["bias"], 48_400 * np.float64(np.float32(0.1)), rtol=1e-6)


def test_half_precision_is_right_to_three_digits():
    rng = np.random.default_rng(0)
    half, truth = (Conv2D(8, 4, 3, rng=np.random.default_rng(1), dtype=t) for t in (np.float16, np.float64))
    truth.weight = half.weight
    x = rng.random((4, 60, 60, 8)).astype(np.float16)
    y, expected = half.forward(x), truth.forward(x)
    grad_output = np.full(y.shape, 0.1, np.float16)
    results = [y, half.backward(grad_output), *half.grads.values()]
    wanted = [expected, truth.backward(grad_output), *truth.grads.values()]
    for ours, theirs in zip(results, wanted, strict=True):
        assert ours.dtype == np.float16
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-3 * np.abs(theirs).max())


@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize("padding", ["valid", "same", 1, (0, 2)])
@pytest.mark.parametrize("kernel_size", [3, (4, 3), (3, 5)])
def test_the_gradient_of_images_by_turned_filters_is_the_sum_over_windows(
    monkeypatch, groups, padding, kernel_size
):
    rng = np.random.default_rng(0)
    conv = Conv2D(2 * groups, groups, kernel_size, 1, padding, groups, rng=rng, dtype=np.float64)
    y = conv.forward(rng.standard_normal((3, 6, 7, 2 * groups)))
    turned, calls = im2col.turned, []
    monkeypatch.setattr(im2col, "turned", lambda *args, **options: calls.append(turned(*args, **options)))
    found, gradient = conv.backward(np.sin(y)), conv.grads["weight"].copy()
    assert len(calls) == groups
    monkeypatch.setattr(im2col, "turning_pays", lambda *_: False)
    np.testing.assert_allclose(found, conv.backward(np.sin(y)), rtol=1e-10, atol=1e-12)
    np.testing.assert_array_equal(gradient, conv.grads["weight"])


@pytest.mark.parametrize(
    ("stride", "padding", "weight"), [(2, 0, 1.0), (1, 3, 1.0), (1, 0, np.inf), (1, 0, np.nan)]
)
def test_filters_are_not_turned_where_that_would_be_wrong(monkeypatch, stride, padding, weight):
    monkeypatch.setattr(im2col, "turned", lambda *_, **__: pytest.fail("turned"))
    conv = Conv2D(2, 1, 3, stride, padding)
    conv.weight[...] = weight
    conv.backward(conv.forward(np.ones((1, 6, 6, 2), np.float32)))
