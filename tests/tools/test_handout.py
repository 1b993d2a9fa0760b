"""`make handout`: what students get holds no answer, and what the teacher keeps passes every check."""

import functools
import json
import re

import handout
import nbformat
import numpy as np
import pytest
import run_notebooks

from alexnet_course import practice
from alexnet_course.practice.bugs import Bug

#: What stands in a cell of its own above that of a bug, to be repaired there.
BROKEN = {bug.name: bug.broken for bug in map(practice.exercise, practice.numbers()) if isinstance(bug, Bug)}
PATHS = {path.name[:2]: path for path in handout.chosen([])}


def cells(path):
    return run_notebooks.canonical(json.loads(path.read_text(encoding="utf-8")))["cells"]


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The folder with all chapters in both forms."""
    target = tmp_path_factory.mktemp("handout")
    handout.write(PATHS.values(), target)
    return target


def checking(path):
    """Return the source of each cell that checks an exercise, by its number."""
    sources = (cell["source"] for cell in cells(path) if cell["cell_type"] == "code")
    return {handout.CHECK.search(source)[1]: source for source in sources if handout.CHECK.search(source)}


@functools.cache
def begun(chapter):
    """Return the names that the first cell of a chapter makes; who runs more in them takes a copy."""
    names = {"np": np} | BROKEN
    exec(next(cell["source"] for cell in cells(PATHS[chapter]) if cell["cell_type"] == "code"), names)
    return names


def answered(chapter, source):
    """Return the report of the cell of an exercise, run after the chapter's imports."""
    names = dict(begun(chapter))
    body, _, check = source.rpartition("\n")
    exec(body, names)
    return eval(check, names)


@pytest.mark.parametrize("number", practice.numbers())
def test_a_solution_passes_and_a_stub_does_not(written, number):
    solution = checking(written / "solutions" / PATHS[number[:2]].name)[number]
    assert answered(number[:2], solution).passed
    stub = checking(written / "students" / "notebooks" / PATHS[number[:2]].name)[number]
    report = answered(number[:2], stub)
    assert not report.passed
    assert "not written yet" in str(report)


@pytest.mark.parametrize("chapter", PATHS)
def test_a_student_gets_every_exercise_and_no_answer(written, chapter):
    path = written / "students" / "notebooks" / PATHS[chapter].name
    nbformat.validate(nbformat.read(path, as_version=4))
    text = "\n".join(cell["source"] for cell in cells(path) if cell["cell_type"] == "markdown")
    part = text[text.index("## Exercises") : text.index("## Summary")]
    assert "<details>" not in part
    before = "\n".join(cell["source"] for cell in cells(PATHS[chapter]) if cell["cell_type"] == "markdown")
    numbers = re.findall(r"^\*\*(\d\d\.\d+) ", before, flags=re.M)
    assert re.findall(r"^\*\*(\d\d\.\d+) ", part, flags=re.M) == numbers
    checked = checking(path)
    in_words = [number for number in numbers if number not in checked]
    assert part.count(handout.ROOM.strip()) == len(in_words)
    shown = [cell for cell in cells(path) if "practice.quiz(" in cell["source"]]
    assert [cell["outputs"] for cell in shown] == [[]]


@pytest.mark.parametrize("chapter", PATHS)
def test_the_chapter_above_its_exercises_is_handed_out_as_it_is(written, chapter):
    given = cells(written / "students" / "notebooks" / PATHS[chapter].name)
    own = cells(PATHS[chapter])
    end = next(i for i, cell in enumerate(own) if "## Exercises" in cell["source"])
    assert given[:end] == own[:end]
    assert given[-1] == own[-1]


def test_the_pages_that_chapters_link_to_come_along(written):
    for path in (written / "students" / "notebooks").glob("*.ipynb"):
        for target in re.findall(r"\]\((\.\./book/\w+\.md)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).resolve().is_file()


def test_some_chapters_alone_and_a_wrong_number():
    assert [path.name[:2] for path in handout.chosen(["2", "06"])] == ["02", "06"]
    with pytest.raises(ValueError, match="CHAPTERS: '60' is no chapter; there are 01, 02"):
        handout.chosen(["60"])
