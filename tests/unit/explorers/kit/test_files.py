"""The files that an explorer loads: what they hold, and where they come from."""

import json

import numpy as np
import pytest

from alexnet_course.data.classes import class_names
from alexnet_course.data.fashion import CLASSES
from alexnet_course.explorers.kit import files
from alexnet_course.explorers.made import made
from alexnet_course.miniature import load_miniature
from alexnet_course.squeezenet import load_squeezenet


def test_the_network_is_all_of_squeezenet():
    line, numbers = files.content("squeezenet.network").split(b"\n", 1)
    about, network = json.loads(line), load_squeezenet()
    assert about["labels"] == list(class_names())
    assert about["input_shape"] == [227, 227, 3]
    assert (len(line) + 1) % 8 == 0
    row = np.frombuffer(numbers, about["dtype"]).astype(np.float32)
    np.testing.assert_array_equal(row, np.concatenate([p.ravel() for p in network.params.values()]))
    assert about["table"][-1]["name"] == "average"


def test_the_miniature_is_all_of_the_miniature():
    line, numbers = files.content("miniature.network").split(b"\n", 1)
    about, network = json.loads(line), load_miniature()
    assert (about["labels"], about["input_shape"]) == (list(CLASSES), [27, 27, 1])
    row = np.frombuffer(numbers, about["dtype"]).astype(np.float32)
    np.testing.assert_array_equal(row, np.concatenate([p.ravel() for p in network.params.values()]))


def test_the_pictures_are_bytes_of_grey():
    grey = np.frombuffer(files.content("clothes.pixels"), np.uint8)
    np.testing.assert_array_equal(grey.reshape(1200, 28, 28), files.clothes())


def test_a_file_that_is_none_is_named():
    with pytest.raises(
        ValueError, match=r"name is '../setup.py'; the files are squeezenet.network, miniature.network"
    ):
        files.content("../setup.py")


def test_what_is_written_comes_with_its_licences(tmp_path):
    files.write(tmp_path / "files")
    written = {path.name for path in (tmp_path / "files").iterdir()}
    assert written == set(made("files")) | set(files.LICENCES)
    assert (tmp_path / "files" / "LICENSE-ndf.md").read_text(encoding="utf-8").strip()
