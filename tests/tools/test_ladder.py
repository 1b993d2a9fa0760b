"""The program that times the ladder: what it counts, and what it hands over to the clock."""

import json

import numpy as np
import pytest

from alexnet_course import ladder
from benchmarks import ladder as program

SLOW = ladder.NAMES[:3]


@pytest.mark.parametrize("name", SLOW)
@pytest.mark.parametrize("shape", ladder.shapes().values(), ids=lambda shape: shape.name)
def test_the_part_that_is_timed_lies_in_the_layer_and_its_share_is_counted(shape, name):
    (rows, columns, filters), share = program.part_of(shape, name, images=16)
    assert 1 <= rows <= shape.side
    assert 1 <= columns <= shape.side
    assert 1 <= filters <= shape.filters
    _, steps = ladder.stages(shape, name, 16)
    per_window = {SLOW[0]: shape.window * filters, SLOW[1]: filters, SLOW[2]: 1}[name]
    whole = steps * (filters / shape.filters if name == SLOW[2] else 1)
    assert share * steps == pytest.approx(rows * columns * per_window * steps / whole)


def test_the_time_of_a_part_becomes_that_of_the_layer(monkeypatch):
    calls = []

    def median(function, samples):
        function()
        return 0.5

    def rung(padded, weight, stride, out):
        calls.append((padded.shape, weight.shape, stride, out.shape))

    monkeypatch.setattr(program, "median", median)
    monkeypatch.setitem(ladder.RUNGS, SLOW[1], rung)
    monkeypatch.setitem(program.STEPS, "rung", 960)
    shape = ladder.shapes()["conv1"]
    seconds, share = program.time_slow(shape, SLOW[1], 16, samples=1)
    assert calls == [((1, 11, 47, 3), (11, 11, 3, 96), (4, 4), (1, 1, 10, 96))]
    assert share == 10 / (16 * 55 * 55)
    assert seconds == pytest.approx(0.5 / share)


def test_the_first_call_does_not_count():
    clock, times = [], iter([0, 5, 10, 11, 20, 29])
    assert program.median(lambda: clock.append(1), 3, lambda: next(times)) == 5
    assert len(clock) == 4


def test_the_file_has_a_line_for_each_row():
    text = program.written({"machine": {"cores": 2}, "rows": [{"seconds": [1 / 3, None]}, {"seconds": [2]}]})
    assert text.splitlines() == [
        "{",
        '  "machine": {"cores": 2},',
        '  "rows": [',
        '    {"seconds": [0.3333, null]},',
        '    {"seconds": [2]}',
        "  ]",
        "}",
    ]


def test_winograd_is_timed_where_it_is_possible(monkeypatch):
    monkeypatch.setattr(program, "median", lambda function, samples, clock: function() or 0.25)
    assert program.time_fast(ladder.shapes()["conv1"], "Winograd", 1, 1, 2) == (None, "memory kept")
    assert program.time_fast(ladder.shapes()["conv5"], "Winograd", 1, 1, 2) == (0.25, "memory kept")
    assert program.time_fast(ladder.shapes()["conv5"], "all cores", 16, 1, 2) == (0.25, "Winograd")


def test_the_rates_are_numbers_of_a_machine(monkeypatch):
    monkeypatch.setattr(program, "LARGE", 1 << 14)
    monkeypatch.setattr(program, "SMALL", 1 << 12)
    for cores in (1, 2):
        found = program.rates(1, cores)
        assert list(found) == ["products", "memory", "cache", "fresh"]
        assert all(np.isfinite(value) and value > 0 for value in found.values())


def test_the_machine_is_named_in_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(program, "FOLDER", tmp_path)
    monkeypatch.setattr(program, "child", lambda *arguments, threads: json.dumps({"samples": arguments[2]}))
    program.main(3)
    data = json.loads((tmp_path / "ladder.json").read_text(encoding="utf-8"))
    assert list(data) == ["machine", "samples"]
    assert data["samples"] == 3
    assert list(data["machine"]) == ["processor", "cores", "python", "numpy"]
    assert all(data["machine"].values())
