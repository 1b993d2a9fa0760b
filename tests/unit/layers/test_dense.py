"""Dense and Flatten: the tile's two dense layers, the loops, the gradients, the refusals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_course import reference
from alexnet_course.data import tile
from alexnet_course.gradcheck import gradient_gaps
from alexnet_course.layers import Conv2D, Dense, Flatten

SIZES = st.tuples(st.integers(1, 4), st.integers(1, 5), st.integers(1, 5))


def layer_and_batch(sizes):
    examples, in_features, out_features = sizes
    rng = np.random.default_rng(0)
    dense = Dense(in_features, out_features, bias=0.5, rng=rng, dtype=np.float64)
    return dense, rng.standard_normal((examples, in_features))


@given(SIZES)
def test_equal_to_the_loop(sizes):
    dense, x = layer_and_batch(sizes)
    np.testing.assert_allclose(dense.forward(x), reference.dense(x, dense.weight, dense.bias), atol=1e-12)


@given(SIZES)
def test_gradients(sizes):
    dense, x = layer_and_batch(sizes)
    assert max(gradient_gaps(dense, x).values()) < 1e-6


def test_the_tile():
    hidden = Dense(12, 4, dtype=np.float64)
    hidden.weight, hidden.bias = tile.HIDDEN_WEIGHT, tile.HIDDEN_BIAS
    output = Dense(4, 3, dtype=np.float64)
    output.weight, output.bias = tile.OUTPUT_WEIGHT, tile.OUTPUT_BIAS
    features = Flatten().forward(tile.POOLED)
    np.testing.assert_array_equal(features, [[5, 3, 3, 1, 3, 3, 7, 4, 6, 2, 4, 6]])
    np.testing.assert_array_equal(hidden.forward(features), tile.HIDDEN)
    np.testing.assert_array_equal(output.forward(np.maximum(tile.HIDDEN, 0)), tile.LOGITS)


def test_a_dense_layer_is_a_convolution_with_one_window():
    rng = np.random.default_rng(0)
    conv = Conv2D(3, 5, kernel_size=(2, 4), rng=rng, dtype=np.float64)
    dense = Dense(24, 5, dtype=np.float64)
    dense.weight = conv.weight.reshape(24, 5)
    x = rng.standard_normal((2, 2, 4, 3))
    np.testing.assert_allclose(dense.forward(Flatten().forward(x)), conv.forward(x)[:, 0, 0], atol=1e-12)


def test_one_example_at_a_time_gives_the_same():
    dense, x = layer_and_batch((3, 4, 5))
    singles = np.concatenate([dense.forward(x[n : n + 1]) for n in range(3)])
    np.testing.assert_allclose(dense.forward(x), singles, atol=1e-12)


@pytest.mark.first_version("C24")
@given(st.tuples(st.integers(0, 4), *[st.integers(1, 4)] * 3))
def test_flatten_equals_the_loop_and_back(shape):
    x = np.random.default_rng(0).standard_normal(shape)
    flatten = Flatten()
    y = flatten.forward(x)
    np.testing.assert_array_equal(y, reference.flatten(x))
    np.testing.assert_array_equal(flatten.backward(y), x)
    assert flatten.output_shape(shape[1:]) == y.shape[1:]


def test_dtypes():
    for dtype in (bool, np.uint8, np.float16, np.float64):
        assert Flatten().forward(np.zeros((1, 2, 2, 1), dtype)).dtype == dtype
    dense = Dense(2, 3, bias=0.5)
    y = dense.forward(np.array([[1, 2]]))
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y, dense.forward(np.array([[1.0, 2.0]])))
    assert dense.backward(y.astype(float)).dtype == dense.grads["weight"].dtype == np.float32


def test_empty_batch():
    dense = Dense(4, 3)
    y = dense.forward(np.zeros((0, 4)))
    assert y.shape == (0, 3)
    assert dense.backward(y).shape == (0, 4)
    assert not dense.grads["weight"].any()


@pytest.mark.first_version("T33", "T34")
def test_initial_weights():
    def deviation(initial):
        return Dense(400, 100, initial=initial, rng=np.random.default_rng(0)).weight.std()

    assert deviation("paper") == pytest.approx(0.01, rel=0.02)
    assert deviation("he") == pytest.approx(np.sqrt(2 / 400), rel=0.02)
    assert deviation(1.5) == pytest.approx(1.5, rel=0.02)


def test_nothing_given_is_changed_and_gradients_are_overwritten():
    dense, x = layer_and_batch((2, 3, 4))
    before, weight = x.copy(), dense.weight.copy()
    y = dense.forward(x)
    grad_output = np.ones_like(y)
    dense.backward(grad_output)
    once = dense.grads["weight"].copy()
    dense.backward(grad_output)
    np.testing.assert_array_equal(dense.grads["weight"], once)
    np.testing.assert_array_equal(x, before)
    np.testing.assert_array_equal(dense.weight, weight)
    np.testing.assert_array_equal(grad_output, 1)
    assert dense.backward(grad_output, input_gradient=False) is None


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: Dense(0, 3), ValueError, "in_features must be at least 1; got 0"),
        (lambda: Dense(3, 2.5), TypeError, "out_features must be a whole number; got 2.5"),
        (lambda: Dense(3, 2, initial="xavier"), ValueError, "initial must be .*; got 'xavier'"),
        (lambda: Dense(3, 2, dtype=np.int32), TypeError, "dtype must be a floating type"),
        (lambda: Dense(3, 2).forward(np.zeros(3)), ValueError, r"got shape \(3,\)\. .* x\[np.newaxis\]"),
        (lambda: Dense(3, 2).forward(np.zeros((1, 1, 1, 3))), ValueError, r"Put Flatten\(\) before it"),
        (lambda: Dense(3, 2).forward(np.zeros((1, 4))), ValueError, "Dense: x must have 3 features; got 4"),
        (lambda: Dense(3, 2).forward([["a", "b", "c"]]), TypeError, "must hold real numbers; got dtype <U1"),
        (lambda: Dense(3, 2).output_shape((4,)), ValueError, r"input_shape must be \(3,\), .*; got \(4,\)"),
        (lambda: Dense(3, 2).backward(np.zeros((1, 2))), RuntimeError, "Dense: backward needs a forward"),
        (lambda: Flatten().forward(np.zeros((2, 2, 3))), ValueError, r"pass image\[np.newaxis\]"),
        (lambda: Flatten().backward(np.zeros((1, 2))), RuntimeError, "Flatten: backward needs a forward"),
    ],
)
def test_refusals(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_bias_gradient_loses_no_number():
    dense = Dense(1, 2)
    dense.forward(np.zeros((200_000, 1)))
    dense.backward(np.full((200_000, 2), 0.1, np.float32), input_gradient=False)
    np.testing.assert_allclose(dense.grads["bias"], 200_000 * np.float64(np.float32(0.1)), rtol=1e-6)


def test_half_precision_is_right_to_three_digits():
    rng = np.random.default_rng(0)
    half, truth = (Dense(40, 30, rng=np.random.default_rng(1), dtype=t) for t in (np.float16, np.float64))
    truth.weight = half.weight
    x = rng.random((5000, 40)).astype(np.float16)
    y, expected = half.forward(x), truth.forward(x)
    grad_output = np.full(y.shape, 0.1, np.float16)
    results = [y, half.backward(grad_output), *half.grads.values()]
    wanted = [expected, truth.backward(grad_output), *truth.grads.values()]
    for ours, theirs in zip(results, wanted, strict=True):
        assert ours.dtype == np.float16
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-3 * np.abs(theirs).max())


def test_images_without_a_pixel_are_refused():
    with pytest.raises(ValueError, match=r"Flatten: x .* got \(2, 0, 3, 1\)\. There is no pixel in it"):
        Flatten().forward(np.zeros((2, 0, 3, 1)))
    with pytest.raises(TypeError, match=r"Dense: input_shape must be \(3,\), without N, .*; got None"):
        Dense(3, 2).output_shape(None)
