"""Arrays in one file: whole or not at all, read only where they are what is wanted, replaced all or none."""

import os

import numpy as np
import pytest

from alexnet_course import archive

ARRAYS = {
    "weight": np.arange(6, dtype=np.float32).reshape(3, 2),
    "bias": np.array([0.1, 1e300]),
}


@pytest.fixture
def path(tmp_path):
    archive.write(tmp_path / "file.npz", ARRAYS)
    return tmp_path / "file.npz"


def like(**others):
    """Return zeros in the shapes and dtypes of the arrays, some of them others."""
    return {name: np.zeros_like(array) for name, array in ARRAYS.items()} | others


def test_what_was_written_is_read_to_the_last_bit(path):
    found, notes = archive.read(path, like())
    assert notes is None
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_arrays_come_in_the_dtypes_that_are_wanted(path):
    found, _ = archive.read(path, like(weight=np.zeros((3, 2), np.float16)))
    assert found["weight"].dtype == np.float16
    with pytest.raises(ValueError, match=r"float32 is too small for bias: its largest value is 1e\+300"):
        archive.read(path, like(bias=np.zeros(2, np.float32)))


def test_notes_keep_all_digits_and_are_asked_for(path, tmp_path):
    notes = {"losses": [1 / 3, 2.5e-308], "epoch": 3}
    archive.write(tmp_path / "run.npz", ARRAYS, notes)
    assert archive.read(tmp_path / "run.npz", like(), notes=True)[1] == notes
    with pytest.raises(ValueError, match="it is a checkpoint of a run, not weights alone"):
        archive.read(tmp_path / "run.npz", like())
    with pytest.raises(ValueError, match="it holds weights without the run"):
        archive.read(path, like(), notes=True)
    with pytest.raises(ValueError, match="weight must be float64, to go on with the same digits"):
        archive.read(tmp_path / "run.npz", like(weight=np.zeros((3, 2))), notes=True)


def test_what_is_missing_and_what_is_too_much_is_named(path):
    wanted = like(scale=np.zeros(1))
    del wanted["bias"]
    with pytest.raises(ValueError, match=r"it lacks \['scale'\] and has \['bias'\] more"):
        archive.read(path, wanted)
    with pytest.raises(ValueError, match=r"weight must have shape \(2, 3\); got \(3, 2\)"):
        archive.read(path, like(weight=np.zeros((2, 3))))


@pytest.mark.parametrize(
    ("array", "error"),
    [(np.array([np.nan]), "holds NaN or infinity"), (np.array([1]), "weight must"), ([0.5], "weight must")],
)
def test_what_cannot_be_read_again_is_not_written(path, array, error):
    before = path.read_bytes()
    with pytest.raises((TypeError, ValueError), match=error):
        archive.write(path, {"weight": array})
    assert path.read_bytes() == before


def test_an_interruption_leaves_the_old_file_and_nothing_else(path, monkeypatch):
    before = path.read_bytes()

    def interrupt(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        archive.write(path, {"weight": np.ones(3)})
    assert [file.name for file in path.parent.iterdir()] == ["file.npz"]
    assert path.read_bytes() == before


def test_a_link_stays_a_link_and_permissions_stay(path):
    path.chmod(0o640)
    link = path.with_name("link.npz")
    link.symlink_to(path)
    archive.write(link, {"weight": np.ones(3)})
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    np.testing.assert_array_equal(archive.read(path, {"weight": np.zeros(3)})[0]["weight"], 1)


@pytest.mark.parametrize("length", [64, 8])
def test_a_file_is_known_by_its_sha_256_or_its_beginning(path, length):
    with pytest.raises(ValueError, match="its SHA-256 is") as error:
        archive.weight_file(path, 64 * "0")
    digits = str(error.value).split("SHA-256 is ")[1][:length]
    assert archive.weight_file(path, digits.upper()) == path
    with pytest.raises(ValueError, match="is not the file that was meant"):
        archive.weight_file(path, "")


def test_arrays_are_replaced_in_place():
    present = like()
    kept = dict(present)
    archive.replace(present, {name: array.copy() for name, array in ARRAYS.items()})
    for name, array in ARRAYS.items():
        assert present[name] is kept[name]
        np.testing.assert_array_equal(present[name], array)


def test_all_arrays_are_replaced_or_none():
    present = like()
    with pytest.raises(KeyError):
        archive.replace(present, {"weight": ARRAYS["weight"]})
    assert not any(array.any() for array in present.values())
