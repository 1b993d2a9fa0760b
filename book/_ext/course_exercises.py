"""The directives {exercise} and {hints}: exercises that are answered, and helped with, on their page.

    ```{exercise} 06.1
    ```

A notebook asks for numbers in a cell `practice.check("06.1", pooled_map)`; course_commonmark.py puts the
directive in its place. The page gets what `practice` has: the answer, the known mistakes with their hints,
and the three hints as folds, which open without a script; exercises.js makes the field. {hints} gives the
folds alone, for an exercise whose answer is code or is judged by a function.
"""

import json

import numpy as np
from course_quiz import tag
from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from alexnet_course import practice
from alexnet_course.practice.bugs import Bug
from alexnet_course.practice.exercises import Question

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


class Hints(SphinxDirective):
    """{hints}: one argument, the number of an exercise; its three hints as folds."""

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
        """Return the attributes of the box."""
        return {}


class ExerciseDirective(Hints):
    """{exercise}: the same, with what the page judges an answer by; of a bug it is the symptom."""

    def attributes(self, exercise):
        """Return the answer and the mistakes, for exercises.js."""
        question = exercise.symptom if isinstance(exercise, Bug) else exercise
        return {"data_exercise": json.dumps(for_the_page(question))}


def add_script(app, pagename, templatename, context, doctree):
    """Load the script and the style sheet on pages with an exercise."""
    if 'class="exercise"' in context.get("body", ""):
        app.add_css_file("exercises.css")
        if "data-exercise=" in context["body"]:
            app.add_js_file("exercises.js", loading_method="defer")


def setup(app):
    app.add_directive("hints", Hints)
    app.add_directive("exercise", ExerciseDirective)
    app.connect("html-page-context", add_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
