"""The explorers' data: what is stored is what its tool makes from the course's own code."""

import json

import explorer_data
import numpy as np
import pytest

from alexnet_course.explorers.made import FOLDER, made
from alexnet_course.explorers.occlusion import CATS


@pytest.mark.parametrize("name", sorted(set(explorer_data.DATA) - {"occlusion"}))
def test_what_is_stored_is_what_the_tool_makes(name):
    fresh = explorer_data.DATA[name]()
    stored = (FOLDER / f"{name}.json").read_text(encoding="utf-8")
    assert stored == explorer_data.written(json.loads(stored))
    if name == "forward_pass_maps":  # another order of sums may move the last digit
        assert alike(made(name), fresh)
    else:
        assert stored == explorer_data.written(fresh)


def test_a_row_of_covered_answers_is_what_the_network_says():
    """The whole file is 3,375 forward passes; these are fifteen of them."""
    stored = made("occlusion")
    assert (FOLDER / "occlusion.json").read_text(encoding="utf-8") == explorer_data.written(stored)
    length = len(stored["photographs"]["chelsea"]["uncovered"])
    row = stored["black 59"][4]
    texts = [row[at : at + length] for at in range(0, len(row), length)]
    fresh = explorer_data.answers(explorer_data.covered_row("black", 59, 4), CATS)
    for ours, theirs in zip(texts, fresh, strict=True):
        ours, theirs = ([int(text[at : at + 2], 36) for at in range(0, length, 2)] for text in (ours, theirs))
        assert ours[:3:2] == pytest.approx(theirs[:3:2], abs=1)
        assert ours[1] == theirs[1]
    (espresso,) = explorer_data.uncovered("coffee")["followed"]
    assert stored["photographs"]["coffee"]["followed"] == [espresso]
    assert stored["photographs"]["coffee"]["colour"] == explorer_data.mean_colour("coffee").tolist()
    assert stored["colours"] == {kind: one.tolist() for kind, one in explorer_data.flat_colours().items()}


def alike(stored, fresh):
    """Return whether two lists of stages differ by no more than rounding."""
    return len(stored) == len(fresh) and all(
        (ours["name"], ours["chosen"]) == (theirs["name"], theirs["chosen"])
        and ours["limit"] == pytest.approx(theirs["limit"], rel=0.01)
        and ours["deviation"] == pytest.approx(theirs["deviation"], rel=0.01)
        and ours["zeros"] == pytest.approx(theirs["zeros"], abs=0.011)
        and np.abs(levels(ours["maps"]) - levels(theirs["maps"])).max() <= 1
        for ours, theirs in zip(stored, fresh, strict=True)
    )


def levels(maps):
    return np.array([[[int(digit, 36) for digit in row] for row in rows] for rows in maps])


def test_a_difference_in_the_maps_is_seen():
    fresh = [{"name": "image", "chosen": [1], "limit": 2.0, "deviation": 1.0, "zeros": 0.0, "maps": [["05"]]}]
    assert alike(fresh, [{**fresh[0], "maps": [["06"]]}])
    changes = {"name": "conv1", "chosen": [2], "limit": 2.1, "deviation": 1.1, "zeros": 0.1, "maps": [["07"]]}
    for change in ({name: value} for name, value in changes.items()):
        assert not alike([{**fresh[0], **change}], fresh)


def test_every_file_has_its_function():
    measured = {"ladder"}  # by a clock: benchmarks/ladder.py writes it
    assert {file.stem for file in FOLDER.glob("*.json")} == set(explorer_data.DATA) | measured


def test_the_tool_writes_what_it_is_asked_for(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(explorer_data, "FOLDER", tmp_path)
    explorer_data.main(["pictures"])
    assert [file.name for file in tmp_path.iterdir()] == ["pictures.json"]
    assert (tmp_path / "pictures.json").read_bytes() == (FOLDER / "pictures.json").read_bytes()
    assert capsys.readouterr().out.startswith("wrote pictures.json: ")
    with pytest.raises(SystemExit, match="no data called picture; there is pictures, thumbnail"):
        explorer_data.main(["picture"])
