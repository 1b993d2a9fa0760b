"""The converters on arrays small enough to read; against PyTorch itself see test_parity.py."""

import io
import pickle
import zipfile

import numpy as np
import pytest

from alexnet_course import weights
from alexnet_course.layers import Dense, LocalResponseNormalization
from alexnet_course.network import Sequential


def test_filters():
    weight = np.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    ours = weights.filters_from_channels_first(weight)
    assert ours.shape == (4, 5, 3, 2)
    assert ours[3, 1, 2, 1] == weight[1, 2, 3, 1]


def test_dense_after_a_flattened_image():
    rng = np.random.default_rng(0)
    weight, image = rng.standard_normal((7, 2 * 3 * 4)), rng.standard_normal((3, 4, 2))
    ours = weights.dense_from_channels_first(weight, (3, 4, 2))
    np.testing.assert_allclose(image.ravel() @ ours, weight @ image.transpose(2, 0, 1).ravel(), rtol=1e-12)
    np.testing.assert_array_equal(weights.dense_from_outputs_first(weight), weight.T)


def test_lrn_in_three_conventions():
    x = np.array([1.0, 3.0, 2.0]).reshape(1, 1, 1, 3)

    def normalize(**letters):
        return LocalResponseNormalization(**letters).forward(x).ravel().round(4).tolist()

    assert normalize(**weights.lrn_from_pytorch(5, alpha=1, k=2)) == [0.3084, 0.9251, 0.6167]
    assert normalize(**weights.lrn_from_pytorch(5, alpha=5, k=2)) == [0.125, 0.375, 0.25]
    assert normalize(**weights.lrn_from_tensorflow(2, bias=2, alpha=1, beta=0.75)) == [0.125, 0.375, 0.25]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: weights.filters_from_channels_first(np.zeros((3, 3))),
            r"weight must be \(filters, .*\(3, 3\)",
        ),
        (lambda: weights.dense_from_outputs_first(np.zeros(3)), r"weight must be \(out_features, .*\(3,\)"),
        (lambda: weights.dense_from_channels_first(np.zeros((4, 9)), (1, 2, 4)), r"\(out_features, 8\)"),
        (lambda: weights.lrn_from_pytorch(4), "size must be odd, .*; got 4"),
        (lambda: weights.lrn_from_tensorflow(-1), "depth_radius must be at least 0; got -1"),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.fixture
def dense():
    return Dense(3, 2, rng=np.random.default_rng(0))


def test_saved_weights_come_back(dense, tmp_path):
    network = Sequential({"first": dense, "second": Dense(2, 1, rng=np.random.default_rng(1))})
    weights.save(network, tmp_path / "weights")
    fresh = Sequential({"first": Dense(3, 2, dtype=np.float64), "second": Dense(2, 1)})
    weights.load(fresh, tmp_path / "weights")
    for name, array in network.params.items():
        np.testing.assert_array_equal(fresh.params[name], array)
    assert fresh["first"].weight.dtype == np.float64


def test_weights_that_do_not_fit_change_nothing(dense, tmp_path):
    path, before = tmp_path / "weights.npz", {name: array.copy() for name, array in dense.params.items()}
    good = {"weight": np.ones((3, 2), np.float32), "bias": np.ones(2, np.float32)}
    for arrays, message in [
        ({"weight": good["weight"]}, r"lacks \['bias'\] and has nothing more"),
        (good | {"extra": np.ones(1)}, r"lacks nothing and has \['extra'\] more"),
        (good | {"bias": np.ones(3)}, r"bias must have shape \(2,\); got \(3,\)"),
        (good | {"bias": np.array([1, np.nan])}, "bias must hold finite floating-point numbers"),
        (good | {"bias": np.array([1, 2])}, "bias must hold finite floating-point numbers; got int64"),
        (good | {"bias": np.array([print, 2], object)}, "no .npz file of plain arrays, or it is damaged"),
    ]:
        np.savez(path, **arrays)
        with pytest.raises(ValueError, match=message):
            weights.load(dense, path)
        for name, array in before.items():
            np.testing.assert_array_equal(dense.params[name], array)


@pytest.mark.parametrize("cut", [0, 10, 100, 400, -1])
def test_a_truncated_file_is_refused(dense, tmp_path, cut):
    path = tmp_path / "weights.npz"
    weights.save(dense, path)
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(ValueError, match="or it is damaged"):
        weights.load(dense, path)


def test_a_program_in_place_of_weights_is_not_run(dense, tmp_path):
    path = tmp_path / "weights.npz"
    path.write_bytes(pickle.dumps(print))
    with pytest.raises(ValueError, match="or it is damaged"):
        weights.load(dense, path)


def test_another_file_is_refused(dense, tmp_path):
    names = "one.npy", "text.npz", "huge.npz", "locked.npz"
    single, letters, huge, locked = (tmp_path / name for name in names)
    np.save(single, np.zeros(3))
    with zipfile.ZipFile(letters, "w") as archive:
        for name in ("weight", "bias"):
            archive.writestr(name, b"1, 2, 3")
    header = io.BytesIO()  # an array of four terabytes that is not there
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f4", "fortran_order": False, "shape": (10**6,) * 2}
    )
    with zipfile.ZipFile(huge, "w") as archive:
        archive.writestr("weight.npy", header.getvalue())
    weights.save(dense, locked)
    content = bytearray(locked.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag of an encrypted member
    locked.write_bytes(content)
    for path, message in [
        (single, "context manager|no .npz"),
        (letters, "weight, bias is no array"),
        (huge, "allocate|memory"),
        (locked, "encrypted"),
    ]:
        words = f"no .npz file of plain arrays, or it is damaged: .*({message})"
        with pytest.raises(ValueError, match=words):
            weights.load(dense, path)


def test_values_that_half_precision_cannot_hold_are_refused(dense, tmp_path):
    dense.weight[0, 0] = 1e6
    with pytest.raises(ValueError, match="float16 is too small for weight"):
        weights.save(dense, tmp_path / "weights.npz", dtype=np.float16)
