"""Explorers are found, not listed, and imported when they are asked for."""

import pathlib
import subprocess
import sys

import pytest

from alexnet_course import explorers
from alexnet_course.explorers.kit.base import Explorer

FOLDER = pathlib.Path(explorers.__file__).parent


def test_every_module_that_has_a_page_is_found():
    found = {getattr(explorers, name)._module for name in explorers.__all__}
    assert found == {file.stem for file in FOLDER.glob("*.js")}
    assert dir(explorers) == explorers.__all__ == sorted(explorers.__all__)
    assert all(issubclass(getattr(explorers, name), Explorer) for name in explorers.__all__)


def test_another_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match=r"'alexnet_course\.explorers' has no attribute 'CowExplorer'"):
        _ = explorers.CowExplorer


def test_widgets_are_not_imported_before_an_explorer_is():
    code = "import sys, alexnet_course.explorers as e; e.__all__; print('anywidget' in sys.modules); "
    code += "e.ReLUExplorer; print('anywidget' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]
