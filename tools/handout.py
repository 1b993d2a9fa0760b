"""Write chapters to hand out in class: without their answers for students, and with them for the teacher.

Usage: python tools/handout.py [NUMBER ...]     (`make handout`, or `make handout CHAPTERS="02 06"`)

_build/handout/students/notebooks   each chapter as it is, but no answer is folded below an exercise, and the
                                    quiz, whose options unfold their reasons, waits until it is run
_build/handout/students/book        the pages that the chapters link to
_build/handout/solutions            the same chapters, solved: run one, and each check passes

What a student's own lines are graded by stays in the course's library, which the notebooks import.
"""

import inspect
import json
import pathlib
import re
import shutil
import sys

import numpy as np
import run_notebooks

from alexnet_course import practice
from alexnet_course.practice.bugs import Bug
from alexnet_course.practice.exercises import Question

ROOT = pathlib.Path(__file__).parent.parent
TARGET = ROOT / "_build" / "handout"
FOLD = re.compile(r"<details>\n<summary>.*?</summary>\n(.*?)</details>\n*", flags=re.DOTALL)
CHECK = re.compile(r'^practice\.check\("(\d\d\.\d+)", (.+)\)$', flags=re.M)
CODE = re.compile(r"```python\n(.*?)```", flags=re.DOTALL)
ROOM = "*Your answer:*\n\n"


def sections(cells):
    """Yield (heading of level 2 that the cell stands below, cell)."""
    heading = ""
    for cell in cells:
        yield heading, cell
        if cell["cell_type"] == "markdown":
            heading = (re.findall(r"^## (.+)$", cell["source"], flags=re.M) or [heading])[-1]


def unrun(cell):
    """Return a cell of code as it is before it is run."""
    return {**cell, "outputs": [], "execution_count": None}


def student_cell(cell):
    """Return a cell of the exercises or the quiz without the answers that it shows, or None."""
    if cell["cell_type"] == "code":
        return unrun(cell) if "practice.quiz(" in cell["source"] else cell
    parts = re.split(r"^(?=\*\*\d\d\.\d+ )", cell["source"], flags=re.M)
    # An answer in the cell of its question, not below a cell of code, is one in words: it gets room.
    parts = [FOLD.sub(ROOM if part.startswith("**") else "", part) for part in parts]
    source = "".join(parts).strip("\n")
    return {**cell, "source": source} if source else None


def student(cells):
    """Return the cells of a chapter as they are handed out."""
    asked = ("Exercises", "Quiz")
    shown = (student_cell(cell) if heading in asked else cell for heading, cell in sections(cells))
    return [cell for cell in shown if cell]


def value(answer):
    """Return what an answer is in Python, so that a cell can hold it.

    Examples
    --------
    >>> value(np.array([[1, 2], [5, 5]])), value(np.float32(0.25)), value((3, "x"))
    ('[[1, 2], [5, 5]]', '0.25', "(3, 'x')")
    """
    return repr(answer.tolist() if isinstance(answer, np.ndarray | np.generic) else answer)


def solved(cell, below):
    """Return the cell of an exercise with its answer in place of the stub.

    Parameters
    ----------
    cell : dict
        The cell, which ends in `practice.check`.
    below : str
        The Markdown after it, which holds the folded answer.
    """
    number, given = CHECK.search(cell["source"]).groups()
    asked = practice.exercise(number)
    if isinstance(asked, Question):
        line = f"{given} = {value(asked.on_paper)}"
        source = re.sub(rf"^{given} = \.\.\..*$", lambda _: line, cell["source"], flags=re.M)
        return {**cell, "source": source}
    blocks = CODE.findall(below)
    if not blocks or "practice.solution(" in below:  # the chapter leaves the lines to the library
        blocks = [inspect.getsource(function) for function in asked.solutions]
    check = CHECK.search(cell["source"])[0]
    if isinstance(asked, Bug):
        blocks.insert(0, f"symptom = {value(asked.on_paper)}")
    return {**cell, "source": "\n\n\n".join([*(block.strip("\n") for block in blocks), check])}


def teacher(cells):
    """Return the cells of a chapter with every exercise solved; outputs of the solved cells go."""
    out = []
    for place, cell in enumerate(cells):
        if cell["cell_type"] == "code" and CHECK.search(cell["source"]):
            below = next(other["source"] for other in cells[place + 1 :] if other["cell_type"] == "markdown")
            cell = unrun(solved(cell, below))
        out.append(cell)
    return out


def chosen(numbers):
    """Return the notebooks of the chapters with these numbers, or all.

    Raises
    ------
    ValueError
        There is no chapter with a number that was named.
    """
    files = {path.name[:2]: path for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))}
    wanted = [number.zfill(2) for number in numbers] or list(files)
    for number in wanted:
        if number not in files:
            raise ValueError(f"CHAPTERS: {number!r} is no chapter; there are {', '.join(files)}")
    return [files[number] for number in wanted]


def write(paths, target):
    """Write both forms of some chapters, and the pages that they link to, into an empty folder."""
    shutil.rmtree(target, ignore_errors=True)
    for path in paths:
        notebook = run_notebooks.canonical(json.loads(path.read_text(encoding="utf-8")))
        for folder, form in (("students/notebooks", student), ("solutions", teacher)):
            file = target / folder / path.name
            file.parent.mkdir(parents=True, exist_ok=True)
            text = run_notebooks.as_text({**notebook, "cells": form(notebook["cells"])})
            file.write_text(text, encoding="utf-8")
    (target / "students" / "book").mkdir()
    for page in (ROOT / "book").glob("*.md"):
        shutil.copy(page, target / "students" / "book")


def main(arguments):
    """Write the chapters, and say where they are."""
    try:
        paths = chosen(arguments)
    except ValueError as error:
        sys.exit(str(error))
    write(paths, TARGET)
    print(
        f"{len(paths)} chapters are in {TARGET.relative_to(ROOT)}: students/ to hand out, solutions/ to keep."
    )


if __name__ == "__main__":
    main(sys.argv[1:])
