"""Files of weights: they come back whole, or nothing changes."""

import hashlib
import io
import os
import pickle
import tracemalloc
import zipfile

import numpy as np
import pytest

from alexnet_course import weights
from alexnet_course.layers import Dense
from alexnet_course.layers.base import Layer
from alexnet_course.network import Sequential


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
        (good | {"bias": np.array([print, 2], object)}, "bias must hold finite .* numbers; got object"),
        (good | {"bias": np.array([1, 1e300])}, r"network's float32 is too small for bias: .* 1e\+300"),
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
    with pytest.raises(ValueError, match="or it is damaged: it is a pickle, which could run a program"):
        weights.load(dense, path)


def header(shape):
    """Return the first bytes of a .npy file of float32."""
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": "<f4", "fortran_order": False, "shape": shape})
    return file.getvalue()


def test_another_file_is_refused(dense, tmp_path):
    names = "one.npy", "text.npz", "huge.npz", "locked.npz"
    single, letters, huge, locked = (tmp_path / name for name in names)
    np.save(single, np.zeros(3))
    with zipfile.ZipFile(letters, "w") as archive:
        for name in ("weight", "bias"):
            archive.writestr(name, b"1, 2, 3")
    with zipfile.ZipFile(huge, "w") as archive:  # an array of 24 bytes that are not there
        for name, shape in (("weight", (3, 2)), ("bias", (2,))):
            archive.writestr(f"{name}.npy", header(shape))
    weights.save(dense, locked)
    content = bytearray(locked.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag of an encrypted member
    locked.write_bytes(content)
    for path, message in [
        (single, "it is a single array"),
        (letters, "bias, weight is no array"),
        (huge, "has [0-9,]+ bytes, and its first ones promise"),
        (locked, "encrypted"),
    ]:
        words = f"no .npz file of plain arrays, or it is damaged: .*({message})"
        with pytest.raises(ValueError, match=words):
            weights.load(dense, path)


def test_values_that_half_precision_cannot_hold_are_refused(dense, tmp_path):
    dense.weight[0, 0] = 1e6
    with pytest.raises(ValueError, match="float16 is too small for weight"):
        weights.save(dense, tmp_path / "weights.npz", dtype=np.float16)


@pytest.mark.parametrize("dtype", [np.int8, bool, complex, "M8[s]", object])
def test_dtypes_that_would_lose_the_weights_are_refused(dense, tmp_path, dtype):
    path = tmp_path / "weights.npz"
    weights.save(dense, path)
    good = path.read_bytes()
    with pytest.raises(TypeError, match="dtype must be a floating type"):
        weights.save(dense, path, dtype=dtype)
    assert path.read_bytes() == good


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_load_would_refuse_is_not_written(dense, tmp_path, value):
    dense.weight[2, 1] = value
    with pytest.raises(ValueError, match="weight holds NaN or infinity"):
        weights.save(dense, tmp_path / "weights.npz")
    dense.params["weight"] = np.ones((3, 2), int)
    with pytest.raises(TypeError, match="weight must be an array of floats; got int64"):
        weights.save(dense, tmp_path / "weights.npz")
    assert not list(tmp_path.iterdir())


def test_a_parameter_may_have_any_name(tmp_path):
    layer = Layer()
    layer.params = {"file": np.ones(3, np.float32), "arr_0.npy": np.full(2, 5.0), "allow_pickle": np.ones(1)}
    layer.params |= {
        name: np.ones(()) for name in ("../up", "/top", "a/", "", " ", "a.npy", "a", "ü", "C:\\x")
    }
    weights.save(layer, tmp_path / "weights.npz")
    for array in layer.params.values():
        array[...] = 0
    weights.load(layer, tmp_path / "weights.npz")
    assert layer.params["arr_0.npy"].tolist() == [5, 5]
    assert all(array.all() for array in layer.params.values())
    assert [path.name for path in tmp_path.iterdir()] == ["weights.npz"]
    for name in ("a\0b", 1):
        layer = Layer()
        layer.params = {name: np.ones(1)}
        with pytest.raises(ValueError, match="would have another name in the file"):
            weights.save(layer, tmp_path / "weights.npz")


def test_all_digits_are_kept_and_zeros_are_compressed(tmp_path):
    dense = Dense(300, 200, dtype=np.float64)
    dense.weight[...] = 0
    dense.weight[1, 1] = 1 / 3
    weights.save(dense, tmp_path / "weights.npz")
    assert (tmp_path / "weights.npz").stat().st_size < 10_000
    fresh = Dense(300, 200, dtype=np.float64)
    weights.load(fresh, tmp_path / "weights.npz")
    assert fresh.weight[1, 1] == 1 / 3


@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_file_that_cannot_be_finished_leaves_the_old_one(dense, tmp_path, monkeypatch, failure):
    path = tmp_path / "weights.npz"
    weights.save(dense, path)
    good, write = path.read_bytes(), np.lib.format.write_array

    def fail(file, array, **options):
        write(file, array, **options)
        raise failure

    monkeypatch.setattr(np.lib.format, "write_array", fail)
    with pytest.raises(type(failure)):
        weights.save(Dense(3, 2), path)
    assert path.read_bytes() == good
    assert list(tmp_path.iterdir()) == [path]


def test_saving_keeps_a_link_and_the_permissions(dense, tmp_path):
    path, link = tmp_path / "weights.npz", tmp_path / "latest"
    try:
        link.symlink_to(path)
    except OSError:
        pytest.skip("this system makes no links")
    weights.save(dense, link)  # the link may point to nothing yet
    path.chmod(0o640)
    weights.save(Dense(3, 2), link)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    weights.load(dense, path)


def test_a_place_that_is_no_file_is_refused(dense, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match=r"path must name a file; .* is none"):
        weights.save(dense, tmp_path)
    with pytest.raises(FileNotFoundError, match=r"there is no folder .*nowhere to save in"):
        weights.save(dense, tmp_path / "nowhere" / "weights.npz")
    weights.save(dense, tmp_path / "weights.npz")
    monkeypatch.setattr("os.access", lambda path, mode: False)  # root may write everywhere
    with pytest.raises(PermissionError, match="is write-protected"):
        weights.save(dense, tmp_path / "weights.npz")


def two_layers():
    return Sequential({"a": Dense(2, 2), "b": Dense(2, 2)})


READ_ONLY = np.frombuffer(bytes(8), np.float32)


@pytest.mark.parametrize(
    ("obstacle", "error", "message"),
    [
        (np.zeros(2, int), TypeError, "must be an array of floats; got int64"),
        ([0.0, 0.0], TypeError, "must be an array of floats; got list"),
        (np.ma.zeros(2, np.float32), TypeError, "must be an array of floats; got MaskedArray"),
        (READ_ONLY, ValueError, "is read-only, and cannot be changed"),
    ],
    ids=str,
)
def test_a_network_that_cannot_take_all_weights_takes_none(tmp_path, obstacle, error, message):
    weights.save(two_layers(), tmp_path / "weights.npz")
    network = two_layers()
    network["b"].params["bias"] = obstacle
    before = network["a"].weight.copy()
    with pytest.raises(error, match=rf"b\.bias of the network {message}"):
        weights.load(network, tmp_path / "weights.npz")
    np.testing.assert_array_equal(network["a"].weight, before)


def test_an_interruption_in_the_middle_of_loading_leaves_what_stood(tmp_path):
    class Interrupted(dict):
        """Raises once, when something is asked for after the first parameter has changed."""

        def __getitem__(self, name):
            if not interruptions and not (self.get("weight") == before["weight"]).all():
                interruptions.append(KeyboardInterrupt)
                raise KeyboardInterrupt
            return super().__getitem__(name)

    interruptions = []
    weights.save(Dense(3, 2, bias=1.0), tmp_path / "weights.npz")
    dense = Dense(3, 2)
    before = {name: array.copy() for name, array in dense.params.items()}
    dense.params = Interrupted(dense.params)
    with pytest.raises(KeyboardInterrupt):
        weights.load(dense, tmp_path / "weights.npz")
    assert interruptions
    for name, array in before.items():
        np.testing.assert_array_equal(dense.params[name], array)


def test_what_a_path_may_be(dense, tmp_path):
    for path in (tmp_path / "a.b.c", str(tmp_path / "none"), os.fsencode(tmp_path / "bytes.npz")):
        weights.save(dense, path)
        weights.load(dense, path)
    for wrong in (io.BytesIO(), None, 5):
        for function in (weights.save, weights.load):
            with pytest.raises(TypeError, match="path must be a path, not an open file; got"):
                function(dense, wrong)
    for function in (weights.save, weights.load):
        with pytest.raises(ValueError, match=r"path must be a path; got 'a\\x00b'"):
            function(dense, "a\0b")
    with pytest.raises(TypeError, match="sha256 must be hexadecimal digits, as text; got 5"):
        weights.load(dense, tmp_path / "a.b.c", sha256=5)


def test_read_only_weights_can_be_saved(dense, tmp_path):
    dense.weight.flags.writeable = False
    weights.save(dense, tmp_path / "weights.npz")
    fresh = Dense(3, 2)
    weights.load(fresh, tmp_path / "weights.npz")
    np.testing.assert_array_equal(fresh.weight, dense.weight)


def archive_of(path, members, **options):
    """Write a zip file of members, of which two may have one name."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **options) as archive:
        for name, content in members:
            archive.writestr(name, content)


@pytest.mark.filterwarnings("ignore:Duplicate name:UserWarning")
def test_doubled_members_are_refused(dense, tmp_path):
    path, bias, weight = tmp_path / "weights.npz", header((2,)) + bytes(8), header((3, 2)) + bytes(24)
    good = [("weight.npy", weight), ("bias.npy", bias)]
    archive_of(path, good)
    weights.load(dense, path)
    for other, message in (
        (("weight.npy", weight), "holds weight more than once"),
        (("weight", weight), "no array"),
    ):
        archive_of(path, [*good, other])
        with pytest.raises(ValueError, match=message):
            weights.load(dense, path)


@pytest.mark.parametrize("bomb", ["another member", "another shape", "trailing bytes", "header", "bzip2"])
def test_nothing_large_is_unpacked_before_it_is_known_to_fit(dense, tmp_path, bomb):
    path, large = tmp_path / "weights.npz", bytes(1 << 25)
    members = {"weight.npy": header((3, 2)) + bytes(24), "bias.npy": header((2,)) + bytes(8)}
    if bomb == "another member":
        members["more.npy"] = header((1 << 23,)) + large
    elif bomb == "another shape":
        members["bias.npy"] = header((1 << 23,)) + large
    elif bomb == "header":
        members["bias.npy"] = b"\x93NUMPY\x02\x00" + len(large).to_bytes(4, "little") + large
    else:
        members["bias.npy"] += large
    archive_of(path, members.items())
    if bomb == "bzip2":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_BZIP2) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
    tracemalloc.start()
    with pytest.raises(ValueError, match=r"weights\.npz"):
        weights.load(dense, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 2_000_000


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "it is empty"),
        ("weight: 1, 2, 3\nbias: Größe".encode(), "it is a text file"),
        (b"\x89HDF\r\n\x1a\n\0\0", "it is an HDF5 file"),
        (b"\x1f\x8b\x08\0\0", "it is packed by gzip"),
        (bytes(100), "not a zip file"),
    ],
)
def test_a_file_of_another_kind_is_called_that(dense, tmp_path, content, kind):
    (tmp_path / "weights").write_bytes(content)
    with pytest.raises(ValueError, match=f"or it is damaged: .*{kind}") as caught:
        weights.load(dense, tmp_path / "weights")
    assert "allow_pickle" not in str(caught.value)


def test_the_digits_of_the_hash_may_be_capitals(dense, tmp_path):
    path = tmp_path / "weights.npz"
    weights.save(dense, path)
    weights.load(dense, path, hashlib.sha256(path.read_bytes()).hexdigest().upper())
    with pytest.raises(ValueError, match="is not the file that was meant"):
        weights.load(dense, path, "0" * 64)
