"""The banks of filters that ship with the course."""

import numpy as np
import pytest

from alexnet_course.data import filters


@pytest.mark.parametrize("load", [filters.load_kmeans_filters, filters.load_learned_filters])
def test_a_bank_has_the_shape_of_conv1_and_the_dtype_that_is_asked_for(load):
    bank = load()
    assert bank.shape == (11, 11, 3, 96)
    assert bank.dtype == np.float32
    assert np.isfinite(bank).all()
    assert load(dtype=np.float16).dtype == np.float16
    with pytest.raises(TypeError, match="dtype must be a floating type"):
        load(dtype=np.int8)


def test_filters_by_k_means_have_length_1_and_learned_ones_have_not():
    lengths = [
        np.sqrt((load(dtype=np.float64) ** 2).sum(axis=(0, 1, 2)))
        for load in (filters.load_kmeans_filters, filters.load_learned_filters)
    ]
    np.testing.assert_allclose(lengths[0], 1, atol=1e-2)
    assert lengths[1].max() > 5 * lengths[1].min()


def test_an_altered_file_is_refused(tmp_path):
    copy = tmp_path / "learned.npz"
    copy.write_bytes(filters.LEARNED.read_bytes() + b"0")
    with pytest.raises(ValueError, match="SHA-256"):
        filters.load_learned_filters(copy)
    with pytest.raises(FileNotFoundError):
        filters.load_learned_filters(tmp_path / "missing.npz")
