"""The loops themselves: right for any type of number, and careful where the layers are."""

import numpy as np
import pytest

from alexnet_course import reference

rng = np.random.default_rng(0)


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.int64, np.float16, np.float64])
def test_results_are_those_of_float64(dtype):
    x = rng.integers(90, 120, (1, 4, 4, 2)).astype(dtype)
    weight, bias = rng.integers(90, 120, (2, 2, 2, 3)).astype(dtype), np.zeros(3)
    rows = x.reshape(4, 8)
    cases = [
        (reference.convolution, (x, weight, bias)),
        (reference.relu, (x,)),
        (reference.local_response_normalization, (x,)),
        (reference.map_normalization, (x,)),
        (reference.max_pooling, (x, 2)),
        (reference.global_average, (x,)),
        (reference.flatten, (x,)),
        (reference.dense, (rows, weight.reshape(8, 3), bias)),
        (reference.softmax, (rows,)),
        (reference.cross_entropy, (rows, [0, 1, 2, 3])),
    ]
    for function, arguments in cases:
        floats = [a.astype(float) if isinstance(a, np.ndarray) else a for a in arguments]
        np.testing.assert_array_equal(function(*arguments), function(*floats), err_msg=function.__name__)


@pytest.mark.parametrize(("channels", "filters", "groups"), [(3, 2, 1), (1, 2, 1), (2, 3, 2)])
def test_channels_and_groups_that_do_not_fit_are_refused(channels, filters, groups):
    with pytest.raises(ValueError, match="does not fit images"):
        reference.convolution(
            np.zeros((1, 3, 3, 2 * groups)),
            np.zeros((2, 2, channels, filters)),
            np.zeros(filters),
            groups=groups,
        )


def test_padding_is_never_paid():
    x = np.full((1, 4, 4, 1), -np.inf)
    paid = reference.max_pooling_backward(x, np.ones((1, 2, 2, 1)), 3, 2, padding=1)
    assert paid.sum() == 4
