"""The page about speed shows what was measured: table, data and page agree."""

import json
import re

import pytest
from helpers import ROOT

from benchmarks.table import markdown

BOOK = ROOT / "book"
DATA = json.loads((BOOK / "data" / "benchmarks.json").read_text())
CASES = [
    (structure, what, batch, peer)
    for structure in ("paper", "torchvision")
    for what, batch in (("forward", 1), ("forward", 16))
    for peer in ("PyTorch", "onnxruntime")
] + [("paper", "training step", 16, "PyTorch")]


def test_the_table_is_the_data():
    assert (BOOK / "data" / "benchmarks.md").read_text() == markdown(DATA)


def test_the_page_shows_the_table_and_no_ratio_of_its_own():
    page = (BOOK / "speed.md").read_text()
    assert "```{include} data/benchmarks.md" in page
    assert not re.findall(r"\d+\.\d+(?! million)|\d+ (?:ms|MB|seconds|times)", page)


@pytest.mark.first_version("C23")
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_case_was_measured_on_both_clocks(case, threads):
    rows = [row for row in DATA["rows"] if (row["structure"], row["what"], row["batch"], row["peer"]) == case]
    (row,) = [row for row in rows if row["threads"] == threads]
    assert row["ratio"] == pytest.approx(row["ours"] / row["peer_seconds"])
    assert DATA["samples"] >= 11


def test_the_machine_is_named_in_the_table():
    table = markdown(DATA)
    for part in ("processor", "cores", "python", "numpy", "torch", "onnxruntime"):
        assert str(DATA["machine"][part]) in table


def test_a_ratio_that_changes_changes_the_table():
    changed = json.loads(json.dumps(DATA))
    changed["rows"][0]["ratio"] += 0.1
    assert markdown(changed) != markdown(DATA)


@pytest.mark.first_version("C16", "C23")
def test_the_loops_were_measured_too():
    rows = [row for row in DATA["rows"] if row["peer"] == "the loops"]
    assert rows
    assert all(row["ratio"] < 0.1 for row in rows)  # whole arrays are worth at least a factor of ten
