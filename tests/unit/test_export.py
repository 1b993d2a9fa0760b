import numpy as np
import pytest

from alexnet_course import export
from alexnet_course.layers import Dense, MaxPooling2D, ReLU
from alexnet_course.miniature import Miniature
from alexnet_course.network import Sequential
from alexnet_course.squeezenet import SqueezeNet


@pytest.mark.parametrize("network", [Miniature, SqueezeNet])
def test_every_parameter_is_found_where_its_row_says(network):
    network = network(rng=np.random.default_rng(0))
    numbers, seen = export.numbers_of(network, np.float32), 0
    rows = export.table(network)
    for row in [*rows, *(branch for whole in rows for branch in whole.get("branches", []))]:
        for key in ("weight", "bias"):
            if key in row:
                wanted = network.params[f"{row['name']}.{key}"].ravel()
                np.testing.assert_array_equal(numbers[row[key] : row[key] + wanted.size], wanted)
                seen += wanted.size
    assert seen == numbers.size


def test_the_last_row_has_the_shape_of_the_output():
    assert export.table(SqueezeNet())[-1]["shape"] == [1000]


def test_padding_is_counted_in_pixels():
    (row,) = export.table(Sequential([MaxPooling2D(4, 3, "same")]), (7, 8, 1))
    assert (row["shape"], row["padding"]) == ([3, 3, 1], [1, 1])


def test_a_network_without_a_shape_is_asked_for_one():
    for refused in (export.table, export.packed):
        with pytest.raises(ValueError, match="input_shape must be given"):
            refused(Sequential([ReLU()]))


def test_a_layer_alone_is_no_network():
    for refused in (lambda: export.table(Dense(3, 2), (3,)), lambda: export.packed(Dense(3, 2))):
        with pytest.raises(TypeError, match=r"network must be a Sequential; got Dense\(3, 2\)"):
            refused()


def test_what_half_precision_cannot_hold_is_refused():
    dense = Dense(2, 2)
    dense.weight = [[1, 2], [3, 1e6]]
    with pytest.raises(ValueError, match=r"dense1\.weight must fit in float16; got 1e\+06"):
        export.numbers_of(Sequential([dense]))


def test_a_network_without_parameters_has_no_numbers():
    assert export.numbers_of(Sequential([ReLU()])).size == 0
