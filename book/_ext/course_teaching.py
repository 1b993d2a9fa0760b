"""The page for teachers, made from the chapters and their checkers: {goals} and {graded}.

    ```{goals}
    ```

lists what a reader of each chapter will be able to do, in the chapter's own words; {graded} is a table of all
exercises: what each asks for, and who judges the answer.
"""

import re

from course_chapters import FOLDER, ROOT, chapters, markdown
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from alexnet_course import practice
from alexnet_course.practice.bugs import Bug
from alexnet_course.practice.exercises import Exercise
from alexnet_course.practice.quizzes import spoken

GOALS = re.compile(r"^\*\*You will be able to\*\*\n\n((?:- .+\n?)+)", flags=re.M)
#: '**06.3 Change (second reading).** …'
ASKED = re.compile(r"^\*\*(\d\d\.\d+) ([^.*]+)\.\*\*", flags=re.M)


def goals(name):
    """Return what a chapter says its reader will be able to do, as a list in Markdown."""
    return GOALS.search(markdown(name))[1].rstrip("\n").split("\n")


def judged(number):
    """Return who judges the answer to an exercise, in words.

    Examples
    --------
    >>> judged("06.3")
    'your function is run; 9 mistakes are known by name'
    >>> judged("06.4")
    'the teacher, beside the folded answer'
    """
    if number not in practice.numbers():
        return "the teacher, beside the folded answer"
    asked = practice.exercise(number)
    if isinstance(asked, Bug):
        what = "symptom, test and repair are checked apart"
        known = len(asked.mistakes) + len(asked.mutants)
    elif isinstance(asked, Exercise):
        what, known = "your function is run", len(asked.mutants)
    else:
        what, known = "numbers are compared", len(asked.mistakes)
    return f"{what}; {known} mistake{'s are' if known != 1 else ' is'} known by name" if known else what


class Goals(SphinxDirective):
    """{goals}: what each chapter teaches."""

    def lines(self, name):
        """Return the lines for one chapter."""
        return [
            f"{int(name[:2])} {{chapter}}`{spoken(name).partition(', ')[2]} <{name}>`",
            "",
            *goals(name),
            "",
        ]

    def run(self):
        """Turn the notebooks into nodes."""
        content = self.opening()
        for name in chapters():
            self.env.note_dependency(str(ROOT / FOLDER / f"{name}.ipynb"))
            content += self.lines(name)
        box = nodes.container()
        self.state.nested_parse(StringList(content, FOLDER), self.content_offset, box)
        return box.children

    def opening(self):
        """Return the lines before the first chapter."""
        return []


class Graded(Goals):
    """{graded}: who judges which exercise."""

    def lines(self, name):
        """Return a row for each exercise of a chapter."""
        link = f"{{chapter}}`{spoken(name)} <{name}>`"
        return [
            f"| {link if at == 0 else ''} | {number} | {kind} | {judged(number)} |"
            for at, (number, kind) in enumerate(ASKED.findall(markdown(name)))
        ]

    def opening(self):
        """Return the head of the table."""
        return ["| chapter | exercise | asks to | judged by |", "|---|---|---|---|"]


def setup(app):
    app.add_directive("goals", Goals)
    app.add_directive("graded", Graded)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
