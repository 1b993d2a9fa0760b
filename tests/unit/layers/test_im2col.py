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
