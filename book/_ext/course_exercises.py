"""The directives {exercise} and {hints}: exercises that are answered, and helped with, on their page.

    ```{exercise} 06.1
    ```

A notebook asks for numbers in a cell `practice.check("06.1", pooled_map)`; course_commonmark.py puts the
directive in its place. The page gets what `practice` has: the answer, the known mistakes with their hints,
and the three hints as folds, which open without a script; exercises.js makes the field. {hints} is for an
exercise whose answer is code or is judged by a function: it stands below its cell, in whose place
exercises.js can put an editor. Then Python runs beside the page, with what the cell needs of its chapter.
"""

import ast
import functools
import json
import pathlib

import numpy as np
from course_quiz import tag
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from alexnet_course import practice
from alexnet_course.practice.bugs import Bug
from alexnet_course.practice.exercises import Question

ROOT = pathlib.Path(__file__).parents[2]
#: What a page has no place for, and would have to load: figures and widgets.
DRAWN = ("alexnet_course.plots", "alexnet_course.explorers")
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def form(shape):
    """Return in words how many numbers an answer has, and how they stand.

    Examples
    --------
    >>> form(()), form((4,)), form((2, 3)), form((12,))
    ('one number', 'four numbers', 'two rows of three numbers', '12 numbers')
    """
    words = [NUMBERS[size] if size < len(NUMBERS) else str(size) for size in shape]
    if len(shape) == 2:
        return f"{words[0]} rows of {words[1]} numbers"
    return f"{words[0]} numbers" if shape else "one number"


def answerable(question):
    """Say whether a page can judge the answer: whether it is compared with numbers, and not by a function."""
    return isinstance(question, Question) and question.accepts is None


def for_the_page(question):
    """Return what exercises.js needs to judge an answer as `practice.check` does."""
    answer = np.asarray(question.answer)
    return {
        "number": question.number,
        "answer": answer.ravel().tolist(),
        "whole": answer.dtype.kind in "iu",
        "form": form(answer.shape),
        "mistakes": [
            {"value": np.ravel(mistake.example).tolist(), "hint": mistake.hint}
            for mistake in question.mistakes
            if mistake.made is None and np.shape(mistake.example) == answer.shape
        ],
    }


def without_drawing(cell):
    r"""Return the lines of a chapter's first cell that an exercise may need.

    Those are its imports, less what draws, and its random numbers; a whole network would take too long.

    Examples
    --------
    >>> without_drawing("from alexnet_course import plots, tile\nrng = f(0)\nnetwork = AlexNet(rng=rng)")
    'from alexnet_course import tile\nrng = f(0)'
    """
    kept = []
    for line in ast.parse(cell).body:
        if isinstance(line, ast.ImportFrom):
            line.names = [name for name in line.names if not f"{line.module}.{name.name}".startswith(DRAWN)]
            kept += [line] if line.names else []
        elif isinstance(line, ast.Import) or ast.unparse(line).startswith("rng = "):
            kept.append(line)
    return "\n".join(map(ast.unparse, kept))


@functools.cache
def cells_of(chapter):
    """Return the sources of the cells of code of a chapter, such as "06"."""
    (path,) = (ROOT / "notebooks").glob(f"{chapter}_*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def code_of(number):
    """Return what the editor of an exercise starts with, and what its code is checked with.

    Parameters
    ----------
    number : str
        Of an exercise whose cell ends in `practice.check`. A bug's editor holds the broken function, too,
        which the cell above shows; the numbers of its symptom have a field of their own.

    Returns
    -------
    dict
        The ``number``, the ``code``, the ``first`` lines of the chapter, the ``names`` of what is handed in,
        and of a bug the ``shape`` of its symptom: what `practice.page.check` takes.
    """
    cells = cells_of(number[:2])
    place = next(i for i, cell in enumerate(cells) if f'practice.check("{number}"' in cell)
    check = ast.parse(cells[place]).body[-1]
    code = "\n".join(cells[place].splitlines()[: check.lineno - 1]).strip()
    task = {"number": number, "first": without_drawing(cells[0])}
    exercise = practice.exercise(number)
    if isinstance(exercise, Bug):
        code = f"{cells[place - 1].strip()}\n\n\n{code[code.index('def ') :]}"
        task["shape"] = np.shape(exercise.answer)
    return task | {"code": code, "names": [name.id for name in check.value.args[1:]]}


class Hints(SphinxDirective):
    """{hints}: one argument, the number of an exercise; its three hints as folds, and an editor's code."""

    required_arguments = 1

    def run(self):
        """Return the folds."""
        try:
            exercise = practice.exercise(self.arguments[0])
        except ValueError as error:
            raise self.error(str(error)) from error
        return [tag("div", *self.children(exercise), class_="exercise", **self.attributes(exercise))]

    def children(self, exercise):
        """Return what stands in the box."""
        return [
            tag("details", tag("summary", nodes.Text(f"Hint {grade}")), tag("p", nodes.Text(hint)))
            for grade, hint in enumerate(exercise.hints, start=1)
        ]

    def attributes(self, exercise):
        """Return the attributes of the box, for exercises.js."""
        return {"data_code": json.dumps(code_of(exercise.number))}


class ExerciseDirective(Hints):
    """{exercise}: the same, with what the page judges an answer by; of a bug it is the symptom."""

    def attributes(self, exercise):
        """Return the answer and the mistakes, for exercises.js; a bug needs an editor as well."""
        if isinstance(exercise, Bug):
            symptom = json.dumps(for_the_page(exercise.symptom))
            return {"data_exercise": symptom} | super().attributes(exercise)
        return {"data_exercise": json.dumps(for_the_page(exercise))}


def add_script(app, pagename, templatename, context, doctree):
    """Load the script and the style sheet on pages with an exercise."""
    if 'class="exercise"' in context.get("body", ""):
        app.add_css_file("exercises.css")
        app.add_js_file("exercises.js", loading_method="defer")


def setup(app):
    app.add_directive("hints", Hints)
    app.add_directive("exercise", ExerciseDirective)
    app.connect("html-page-context", add_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
