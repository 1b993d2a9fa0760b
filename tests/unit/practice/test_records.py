"""The record: what has passed stays passed, here and in a notebook's file, and nothing breaks it."""

import json
import sys
import types

import pytest

from alexnet_course import practice
from alexnet_course.practice import records

ANSWER = practice.exercise("02.1").answer


@pytest.fixture(autouse=True)
def empty(monkeypatch, tmp_path):
    monkeypatch.setattr(records, "_done", {})
    monkeypatch.chdir(tmp_path)
    return tmp_path / records.FILE


@pytest.fixture
def notebook(monkeypatch, empty):
    """Act as if a notebook's kernel ran this, and return the record's file."""
    monkeypatch.delenv("ALEXNET_COURSE_RECORD", raising=False)
    monkeypatch.setitem(sys.modules, "IPython", types.SimpleNamespace(get_ipython=object))
    return empty


def forget(monkeypatch):
    """Act as if Python had been started again."""
    monkeypatch.setattr(records, "_done", {})


def test_an_empty_record_says_so():
    assert repr(practice.record()).startswith("Nothing is recorded yet.")
    practice.check("02.1", ...)
    practice.check("99.1", 3)
    bug = practice.exercise("18.1")
    practice.check("18.1", ..., ..., bug.broken)
    assert repr(practice.record()).startswith("Nothing is recorded yet.")


def test_outside_a_notebook_no_file_is_written(empty):
    practice.check("02.1", ANSWER)
    assert "You have passed 1 of" in practice.record()
    assert not empty.exists()


def test_what_passed_and_what_is_open_is_told_by_chapter():
    practice.check("02.1", ANSWER)
    practice.check("02.3", lambda *arguments: 0)
    bug = practice.exercise("18.1")
    practice.check("18.1", bug.answer, bug.test, lambda *arguments: 0)
    practice.check("18.2", practice.exercise("18.2").answer, ..., ...)
    told = practice.record().splitlines()
    total = len(practice.numbers())
    assert (
        told[0] == f"You have passed 1 of {total} checked exercises. Tried and still open: 02.3, 18.1, 18.2."
    )
    assert told[1].startswith("  chapter  2: 1 of ")
    assert told[2:] == [
        "  chapter 18: 0 of 10 checked exercises passed",
        "    symptom: 2 of 10",
        "    test: 1 of 10",
        "    repair: 0 of 10",
    ]


def test_what_passed_once_stays_passed():
    practice.check("02.1", ANSWER)
    practice.check("02.1", [0, 0, 0])
    assert "You have passed 1 of" in practice.record()


def test_the_first_of_two_functions_is_not_the_whole_exercise():
    first, second = practice.exercise("08.3").solutions
    practice.check("08.3", first)
    assert "You have passed 0 of" in practice.record()
    assert "open: 08.3." in practice.record()
    practice.check("08.3", first, second)
    assert "You have passed 1 of" in practice.record()


def test_a_notebook_keeps_it_in_a_file_that_another_notebook_reads(notebook, monkeypatch):
    practice.check("02.1", ANSWER)
    forget(monkeypatch)
    practice.check("01.1", [0])
    assert json.loads(notebook.read_text()) == {"01.1": {"": False}, "02.1": {"": True}}
    forget(monkeypatch)
    assert "You have passed 1 of" in practice.record()
    assert [path.name for path in notebook.parent.iterdir()] == [notebook.name]


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"02.1": true}', '{"02.1": {"": 3}}', "\x00"])
def test_a_file_that_is_no_record_is_named_and_left_as_it_is(notebook, text):
    notebook.write_text(text)
    assert practice.check("02.1", ANSWER).passed
    assert notebook.read_text() == text
    assert repr(practice.record()).startswith("The record in practice_record.json cannot be read (")


def test_a_chapter_that_is_built_or_tested_does_not_tell_what_its_maker_did(notebook, monkeypatch):
    practice.check("02.1", ANSWER)
    forget(monkeypatch)
    monkeypatch.setenv("ALEXNET_COURSE_RECORD", "no")
    assert repr(practice.record()).startswith("Nothing is recorded yet.")


def test_a_folder_that_cannot_be_written_spoils_no_check(notebook, monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError

    monkeypatch.setattr(type(records.FILE), "write_text", refuse)
    assert practice.check("02.1", ANSWER).passed
    assert "You have passed 1 of" in practice.record()


def test_a_number_that_no_exercise_has_any_more_is_passed_over(notebook):
    notebook.write_text('{"77.7": {"": true}}')
    assert repr(practice.record()).startswith("Nothing is recorded yet.")
