"""The exercises of the chapters: each can be reached, and each folded answer is one that passes."""

import ast
import inspect
import json
import re

import numpy as np
import pytest
import run_notebooks
from helpers import ROOT

from alexnet_course import practice
from alexnet_course.practice.bugs import Bug
from alexnet_course.practice.exercises import Exercise

CHAPTERS = {
    path.stem[:2]: [
        (cell["cell_type"], run_notebooks.joined(cell["source"]))
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
    ]
    for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
}
CODING = [number for number in practice.numbers() if isinstance(practice.exercise(number), Exercise)]
BUGS = [number for number in practice.numbers() if isinstance(practice.exercise(number), Bug)]


def place(number):
    """Return the position of the cell that checks an exercise."""
    cells = CHAPTERS[number[:2]]
    found = [i for i, (kind, text) in enumerate(cells) if kind == "code" and f'check("{number}"' in text]
    assert len(found) == 1, f"{number} has {len(found)} cells"
    return found[0]


@pytest.mark.parametrize("number", practice.numbers())
def test_an_exercise_stands_above_its_cell_and_its_answer_below(number):
    cells, at = CHAPTERS[number[:2]], place(number)
    above = " ".join(text for kind, text in cells[:at] if kind == "markdown")
    assert f"**{number} " in above
    below = next(text for kind, text in cells[at + 1 :] if kind == "markdown")
    assert below.startswith("<details>\n<summary>")


@pytest.mark.parametrize("number", CODING)
def test_the_signature_of_an_exercise_is_that_of_its_cell(number):
    text = CHAPTERS[number[:2]][place(number)][1]
    for signature in practice.exercise(number).signatures:
        assert f"def {signature}:" in text


@pytest.mark.parametrize("number", CODING)
def test_the_folded_answer_of_an_exercise_passes(number):
    cells, at = CHAPTERS[number[:2]], place(number)
    below = next(text for kind, text in cells[at + 1 :] if kind == "markdown")
    if f'practice.solution("{number}")' in below:  # the page leaves it to the checker to show the lines
        return
    blocks = re.findall(r"```python\n(.*?)```", below, re.DOTALL)
    names = {"np": np}
    exec(next(text for kind, text in cells if kind == "code"), names)  # the chapter's imports
    exec("\n".join(blocks), names)
    report = practice.check(number, *[names[name] for name in practice.exercise(number).names])
    assert report.passed, report


@pytest.mark.parametrize("number", BUGS)
def test_a_bug_stands_on_its_page_as_the_checker_has_it(number):
    def lines(source):
        (function,) = ast.parse(source).body
        return ast.dump(function.args), *map(ast.dump, function.body)

    bug, (cells, at) = practice.exercise(number), (CHAPTERS[number[:2]], place(number))
    page, handed_in = cells[at - 1][1], cells[at][1]
    assert page.startswith(f"def {bug.signature}:")
    assert lines(page) == lines(inspect.getsource(bug.broken))
    assert f'practice.check("{number}", symptom, test_{bug.name}, {bug.name})' in handed_in


@pytest.mark.parametrize("number", BUGS)
def test_the_folded_answer_of_a_bug_passes(number):
    bug, (cells, at) = practice.exercise(number), (CHAPTERS[number[:2]], place(number))
    names = {"np": np}
    exec("\n".join(re.findall(r"```python\n(.*?)```", cells[at + 1][1], re.DOTALL)), names)
    report = practice.check(number, bug.on_paper, names[f"test_{bug.name}"], names[bug.name])
    assert report.passed, report
    assert "would do" not in report.text
