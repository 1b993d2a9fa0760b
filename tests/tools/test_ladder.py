"""The program that times the ladder: what it counts, and what it hands over to the clock."""

import json

import numpy as np
import pytest

from alexnet_course import ladder
from benchmarks import ladder as program

SLOW = program.SLOW


@pytest.mark.parametrize("name", SLOW)
@pytest.mark.parametrize("shape", ladder.shapes().values(), ids=lambda shape: shape.name)
def test_the_part_that_is_timed_lies_in_the_layer_and_its_share_is_counted(shape, name):
    (rows, columns, filters), share = program.part_of(shape, name)
    assert 1 <= rows <= shape.side
    assert 1 <= columns <= shape.side
    assert 1 <= filters <= shape.filters
    _, steps = ladder.stages(shape, name, 1)
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
    seconds, share = program.time_slow(shape, SLOW[1], samples=1)
    assert calls == [((1, 11, 47, 3), (11, 11, 3, 96), (4, 4), (1, 1, 10, 96))]
    assert share == 10 / (55 * 55)
    assert seconds == pytest.approx(0.5 / share)


def test_the_first_call_does_not_count():
    calls, clock = [], lambda: len(calls) ** 2
    assert program.undisturbed(lambda: calls.append(1), 2, clocks=(clock, clock)) == [3, 5]
    assert len(calls) == 5


def test_samples_in_which_others_took_the_cores_are_left_out():
    """Of six samples, three were disturbed: the process was not at work all the time that passed."""
    passed, worked = [4, 9, 5, 30, 6, 8], [8, 8, 10, 12, 12, 12]  # on two cores
    wall, own = (iter(np.repeat(np.cumsum([0, *taken]), 2)[1:-1]) for taken in (passed, worked))
    clocks = wall.__next__, own.__next__
    assert program.undisturbed(lambda: None, 3, cores=2, clocks=clocks) == [4, 5, 6]


def test_a_slow_rung_is_timed_once_for_both_numbers_of_images(monkeypatch):
    monkeypatch.setattr(program, "time_slow", lambda shape, name, samples: (0.25, 0.5))
    monkeypatch.setattr(program, "time_fast", lambda *arguments: (0.125, "memory kept"))
    one, many = program.ladder_rows(1, 2)[:2]
    assert (one["seconds"][:3], one["timed"][:3]) == ([0.25] * 3, [0.5] * 3)
    assert (many["seconds"][:3], many["timed"][:3]) == ([4] * 3, [1 / 32] * 3)
    assert many["seconds"][3:] == [0.125] * 4


def test_the_steps_are_timed_in_the_kind_of_numbers_of_the_rungs(monkeypatch):
    kinds = set()

    def rung(padded, weight, stride, out):
        kinds.update((padded.dtype, weight.dtype))

    for name in SLOW:
        monkeypatch.setitem(ladder.RUNGS, name, rung)
    assert set(program.step_seconds(1)) == set(SLOW)
    assert kinds == {np.dtype(np.float32)}


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
    monkeypatch.setattr(program, "median", lambda function, samples, cores: function() or 0.25)
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
