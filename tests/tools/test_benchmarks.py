"""The page about speed shows what was measured: table, data and page agree; the table by layer is right."""

import itertools
import json
import re

import numpy as np
import pytest
from helpers import ROOT

from alexnet_course.layers import Conv2D, Dense, Flatten, ReLU
from alexnet_course.network import Sequential
from benchmarks import scaling
from benchmarks.__main__ import CASES
from benchmarks.layers import METHODS, watched
from benchmarks.table import key, markdown

BOOK = ROOT / "book"
DATA = json.loads((BOOK / "data" / "benchmarks.json").read_text())
SCALING = json.loads((BOOK / "data" / "scaling.json").read_text())


def test_the_table_is_the_data():
    assert (BOOK / "data" / "benchmarks.md").read_text() == markdown(DATA)


def test_the_page_shows_the_table_and_no_ratio_of_its_own():
    page = (BOOK / "speed.md").read_text()
    assert "```{include} data/benchmarks.md" in page
    assert not re.findall(r"\d+\.\d+(?! million)|\d+ (?:ms|MB|seconds|times)", page)


@pytest.mark.first_version("C23")
@pytest.mark.parametrize("case", CASES)
def test_every_case_was_measured_on_its_clocks(case):
    rows = [row for row in DATA["rows"] if key(row) == case]
    assert sorted(row["threads"] for row in rows) == sorted(CASES[case])
    for row in rows:
        assert row["ratio"] == pytest.approx(row["ours"] / row["peer_seconds"])
        assert row["workers"] <= row["threads"]


def test_batches_were_shared_out_where_there_were_two_threads():
    rows = [row for row in DATA["rows"] if row["threads"] == 2]
    assert {row["workers"] for row in rows if row["batch"] > 1} == {2}
    assert {row["workers"] for row in rows if row["batch"] == 1} == {1}


def test_forward_takes_no_more_memory_than_pytorchs_with_up_to_four_workers():
    assert max(DATA["memory"]["ours"].values()) <= DATA["memory"]["torch"]
    assert list(DATA["memory"]["ours"]) == ["1", "2", "4"]


def test_the_figure_and_its_caption_are_the_data():
    assert (BOOK / "data" / "scaling.svg").read_text(encoding="utf-8") == scaling.drawing(SCALING)
    assert (BOOK / "data" / "scaling.md").read_text(encoding="utf-8") == scaling.caption(SCALING)


def test_the_figure_has_every_side_with_every_batch_and_number_of_workers():
    found = {(row["side"], row["workers"], row["batch"]) for row in SCALING["rows"]}
    numbers = [number for number in scaling.WORKERS if number <= SCALING["machine"]["cores"]]
    assert found == set(itertools.product(scaling.SIDES, numbers, scaling.BATCHES))
    page = (BOOK / "speed.md").read_text(encoding="utf-8")
    assert "```{figure} data/scaling.svg" in page
    assert "```{include} data/scaling.md" in page
    assert f"with {SCALING['machine']['cores']} cores" in scaling.caption(SCALING)


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


def test_the_table_by_layer_sees_each_call_of_a_layer_once_and_leaves_the_layers_as_they_were():
    options = {"rng": np.random.default_rng(0)}
    network = Sequential([Conv2D(1, 2, 3, **options), ReLU(), Flatten(), Dense(8, 2, **options)])
    kinds = [type(layer) for layer in network.layers.values()]
    before = [{name: vars(kind).get(name) for name in METHODS} for kind in kinds]
    x = np.ones((3, 4, 4, 1), np.float32)
    with watched(network) as calls:
        expected = network.predict(x)
        predicted = [name for name, _, _ in calls]
        calls.clear()
        y = network.forward(x)
        network.backward(np.ones_like(y))
        trained = [name for name, _, _ in calls]
    np.testing.assert_array_equal(network.predict(x), expected)
    assert predicted == list(network.layers)
    assert trained == [*network.layers, *reversed(network.layers)]
    assert all(seconds >= 0 for _, _, seconds in calls)
    assert [{name: vars(kind).get(name) for name in METHODS} for kind in kinds] == before
