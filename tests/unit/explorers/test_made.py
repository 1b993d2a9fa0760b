"""The explorers' data files: each is described, and read once."""

import re

import pytest

from alexnet_course.explorers import made


def test_every_file_is_described():
    described = re.findall(r"^(\w+)\n    \S", made.__doc__, flags=re.MULTILINE)
    assert sorted(described) == sorted(file.stem for file in made.FOLDER.glob("*.json"))


def test_a_file_is_read_once_and_another_is_missed():
    assert made.made("pictures") is made.made("pictures")
    with pytest.raises(FileNotFoundError, match=r"cow\.json"):
        made.made("cow")
