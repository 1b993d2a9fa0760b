"""Cross-entropy: the numbers of chapter 09, stability, the gradient, the refusals."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexnet_course import reference
from alexnet_course.data import tile
from alexnet_course.gradcheck import numerical_gradient, relative_gap
from alexnet_course.layers import Softmax
from alexnet_course.losses import cross_entropy


@given(st.integers(1, 4), st.integers(1, 6), st.floats(0.1, 100))
def test_equal_to_the_loop(examples, classes, scale):
    rng = np.random.default_rng(0)
    logits = scale * rng.standard_normal((examples, classes))
    labels = rng.integers(0, classes, examples)
    loss, _ = cross_entropy(logits, labels)
    assert loss == pytest.approx(reference.cross_entropy(logits, labels), rel=1e-9, abs=1e-12)


def test_the_tile():
    loss, grad_logits = cross_entropy(tile.LOGITS.astype(float), [0])
    assert round(loss, 4) == tile.LOSS
    np.testing.assert_allclose(grad_logits[0], tile.PROBABILITIES[0] - [1, 0, 0], atol=1e-4)


def test_gradient():
    rng = np.random.default_rng(0)
    logits, labels = rng.standard_normal((3, 5)), np.array([4, 0, 2])
    _, analytic = cross_entropy(logits, labels)
    numeric = numerical_gradient(lambda: cross_entropy(logits, labels)[0], logits)
    assert relative_gap(analytic, numeric) < 1e-6
    np.testing.assert_allclose(analytic.sum(axis=1), 0, atol=1e-12)


def test_gradient_equals_the_chain_through_softmax():
    rng = np.random.default_rng(0)
    logits, labels = rng.standard_normal((2, 3)), np.array([1, 2])
    softmax = Softmax()
    probabilities = softmax.forward(logits)
    grad_probabilities = np.zeros((2, 3))
    grad_probabilities[[0, 1], labels] = -1 / probabilities[[0, 1], labels] / 2
    np.testing.assert_allclose(
        softmax.backward(grad_probabilities), cross_entropy(logits, labels)[1], atol=1e-12
    )


def test_a_guess_costs_the_logarithm_of_the_number_of_classes():
    assert cross_entropy(np.zeros((2, 1000)), [0, 999])[0] == pytest.approx(math.log(1000))


def test_nothing_overflows_and_rows_are_apart():
    loss, grad_logits = cross_entropy(np.array([[1000.0, -1000.0], [-5000.0, -5000.0]]), [1, 0])
    assert loss == pytest.approx((2000 + math.log(2)) / 2)
    np.testing.assert_allclose(grad_logits, [[0.5, -0.5], [-0.25, 0.25]])


def test_dtypes_and_nothing_changed():
    logits, labels = np.array([[1, 2, 0]]), np.array([0], np.uint8)
    loss, grad_logits = cross_entropy(logits, labels)
    assert type(loss) is float
    assert grad_logits.dtype == np.float32
    assert logits.tolist() == [[1, 2, 0]]
    assert cross_entropy(logits.astype(np.float64), labels)[1].dtype == np.float64
    assert math.isnan(cross_entropy([[np.nan, 1.0]], [1])[0])


@pytest.mark.first_version("T32")
@pytest.mark.parametrize(
    ("logits", "labels", "error", "message"),
    [
        (np.zeros((0, 3)), [], ValueError, r"logits must be .*; got shape \(0, 3\)"),
        (np.zeros(3), [0], ValueError, r"logits must be \(N, classes\) .*; got shape \(3,\)"),
        (np.zeros((2, 3)), [0], ValueError, r"labels must be .* \(2,\); got shape \(1,\)"),
        (np.zeros((1, 3)), [[1, 0, 0]], ValueError, r"labels must be .* \(1,\); got shape \(1, 3\)"),
        (np.zeros((2, 3)), [0, 3], ValueError, "labels must be from 0 to 2; got 3"),
        (np.zeros((2, 3)), [-1, 0], ValueError, "labels must be from 0 to 2; got -1"),
        (np.zeros((1, 3)), np.ma.array([0], mask=[1]), TypeError, "labels must not be masked"),
        (np.zeros((1, 3)), [0.0], TypeError, "labels must hold integers; got dtype float64"),
        (np.zeros((1, 3), complex), [0], TypeError, "logits must hold real numbers; got dtype complex128"),
    ],
)
def test_refusals(logits, labels, error, message):
    with pytest.raises(error, match=message):
        cross_entropy(logits, labels)


@pytest.mark.parametrize(("dtype", "tolerance"), [(np.float16, 1e-3), (np.float32, 1e-6)])
@pytest.mark.parametrize("shape", [(70_000, 2), (2, 70_000)])
def test_many_examples_or_classes(dtype, tolerance, shape):
    # More than half precision can count.
    logits, labels = np.zeros(shape, dtype), np.zeros(shape[0], int)
    for array in (logits, np.asfortranarray(logits)):
        loss, grad_logits = cross_entropy(array, labels)
        assert loss == pytest.approx(np.log(shape[1]), rel=tolerance)
        assert grad_logits.dtype == dtype
        expected = (1 / shape[1] - 1) / shape[0]
        np.testing.assert_allclose(grad_logits[:, 0], expected, rtol=max(tolerance, 5e-3 * (shape[0] > 2)))


def test_labels_that_are_truth_values_and_logits_without_a_class_are_refused():
    with pytest.raises(TypeError, match="labels must hold integers; got dtype bool"):
        cross_entropy(np.zeros((2, 3)), np.array([True, False]))
    for shape in [(2, 0), (0, 3)]:
        with pytest.raises(ValueError, match="with at least one of each"):
            cross_entropy(np.zeros(shape), np.zeros(shape[0], int))
    with pytest.raises(TypeError, match="logits must hold real numbers; got dtype complex128"):
        cross_entropy(np.zeros((1, 2), complex), [0])
