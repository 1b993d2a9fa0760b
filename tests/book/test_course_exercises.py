"""Exercises with code on their pages: what an editor starts with, and what its code is checked with."""

import functools
import json
import subprocess
import sys

import course_exercises
import handout
import pytest
import run_notebooks

from alexnet_course import practice
from alexnet_course.practice import page
from alexnet_course.practice.bugs import Bug

CODING = [
    number for number in practice.numbers() if not course_exercises.answerable(practice.exercise(number))
]
# A page loads neither matplotlib nor what the widgets need; the import of a name that is None raises.
NO_DRAWING = """
import sys
for name in ("matplotlib", "anywidget", "ipywidgets", "traitlets", "IPython", "threadpoolctl"):
    sys.modules[name] = None
from alexnet_course.practice import page
for lines in {!r}:
    exec(lines, {{}})
"""


def checked(task):
    """Return whether a page's code passes, and what is said of it."""
    return tuple(json.loads(page.check(json.dumps(task), str)).values())


@functools.cache
def solved(chapter):
    """Return the cells of a chapter's exercises with their answers, by number."""
    (path,) = handout.chosen([chapter])
    cells = run_notebooks.canonical(json.loads(path.read_text(encoding="utf-8")))["cells"]
    sources = [cell["source"] for cell in handout.teacher(cells) if cell["cell_type"] == "code"]
    return {handout.CHECK.search(text)[1]: text for text in sources if handout.CHECK.search(text)}


@pytest.mark.parametrize("number", CODING)
def test_a_stub_is_not_written_and_a_solution_passes(number):
    task = course_exercises.code_of(number)
    passed, said = checked(task)
    assert not passed
    assert "not written yet" in said
    code = handout.CHECK.sub("", solved(number[:2])[number])
    passed, said = checked(task | {"code": code})
    assert passed, said


def test_an_editor_starts_with_the_cell_less_its_check():
    task = course_exercises.code_of("07.3")
    assert task["code"].startswith("def dense_forward(x, weight, bias):\n    ...  # your line\n\n\ndef")
    assert task["code"].endswith("    ...  # your lines")
    assert task["names"] == ["dense_forward", "dense_backward"]


def test_a_bug_starts_with_its_broken_function_and_the_symptom_stays_a_field():
    task = course_exercises.code_of("18.1")
    broken, test = task["code"].split("\n\n\n")
    assert broken == course_exercises.cells_of("18")[course_exercises.cells_of("18").index(broken)]
    assert test == "def test_max_pool(function):\n    ...  # your lines"
    assert task["names"] == ["symptom", "test_max_pool", "max_pool"]
    assert task["shape"] == (4,)
    assert isinstance(practice.exercise("18.1"), Bug)


def test_the_first_lines_of_every_chapter_need_numpy_and_pillow_alone():
    first = sorted({course_exercises.code_of(number)["first"] for number in CODING})
    command = [sys.executable, "-c", NO_DRAWING.format(first)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
