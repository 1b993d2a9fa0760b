"""The page about notation: its tables name real arguments with their real defaults, and its cells run."""

import inspect
import re

import course_facts
import numpy as np
import pytest

from alexnet_course import layers

PAGE = (course_facts.DATA.parent / "notation.md").read_text(encoding="utf-8")
CELLS = re.findall(r"```\{code-cell\} python\n(.*?)```", PAGE, re.DOTALL)
NAMED = re.compile(r"`(\w+)(?:=([^`]*))?`")


def table(layer):
    """Return the rows below the heading of a layer, each a list of cells."""
    section = PAGE.split(f"\n### {layer}\n", 1)[1].split("\n#", 1)[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return rows[1:]  # without the head


def arguments(cells):
    """Return {name: default as text, or None} of a column."""
    found = [NAMED.fullmatch(cell) for cell in cells]
    return {match[1]: match[2] for match in found if match}


def is_default(parameter, text):
    """Tell whether a signature's default is what the table says."""
    if text is None:
        return parameter.default is inspect.Parameter.empty
    return repr(parameter.default) == text


TABLES = ["Conv2D", "MaxPooling2D", "LocalResponseNormalization", "Dense", "Dropout"]


@pytest.mark.first_version("C30", "T40")
@pytest.mark.parametrize("layer", TABLES)
def test_our_column_is_the_signature(layer):
    (name, *_), *rows = table(layer)
    assert name == f"`{layer}`"
    signature = inspect.signature(getattr(layers, layer)).parameters
    ours = arguments(cells[0] for cells in rows)
    if ours.pop("training", None) is None and layer == "Dropout":
        assert layers.Dropout().training is False  # a mode, set after the layer is made
    for argument, default in ours.items():
        assert is_default(signature[argument], default), argument
    assert set(signature) - set(ours) <= {"rng", "dtype", "algorithm"}


@pytest.mark.parity
@pytest.mark.parametrize("layer", TABLES)
def test_the_column_of_pytorch_is_its_signature(layer):
    torch_layers = pytest.importorskip("torch").nn
    (_, name, *_), *rows = table(layer)
    signature = inspect.signature(getattr(torch_layers, name.strip("`"))).parameters
    theirs = arguments(cells[1] for cells in rows)
    assert theirs
    for argument, default in theirs.items():
        assert is_default(signature[argument], default), argument


@pytest.mark.first_version("T40")
def test_every_cell_runs_and_the_conversions_hold():
    names = {}
    for cell in CELLS:
        exec(cell, names)
    assert len(CELLS) >= 8
    assert names["from_pytorch"] == names["from_tensorflow"]
    paper = inspect.signature(layers.LocalResponseNormalization).parameters
    assert names["from_pytorch"] == {letter: paper[letter].default for letter in names["from_pytorch"]}
    np.testing.assert_allclose(names["ours"], names["theirs"])
    assert not np.array_equal(names["right"], names["wrong"])


def test_a_wrong_default_is_found():
    parameters = inspect.signature(layers.MaxPooling2D).parameters
    assert is_default(parameters["pool_size"], "2")
    assert not is_default(parameters["pool_size"], "3")
    assert not is_default(parameters["pool_size"], None)
