"""Checking what was written in the editor of a page, in the Python that runs beside the page.

A notebook runs cell after cell and shows what went wrong in its own way. A page has one editor for an
exercise: its code is run after the imports of its chapter, then the functions and numbers that the exercise
asks for are handed to `check`. What is shown is text; an error shows the reader's lines alone.
"""

import ast
import contextlib
import io
import json
import linecache
import re
import traceback

import numpy as np

from alexnet_course import practice

FILE = "your code"  # what an error calls it, as in: File "your code", line 3
MOST = 20_000  # characters that are shown of what is printed: a loop may print without end
CUT = "\n… and more, which is not shown.\n"


class _Shown(io.TextIOBase):
    """What is printed, handed on as it comes, up to a limit."""

    def __init__(self, show):
        self.show, self.left = show, MOST

    def write(self, text):
        if self.left >= 0:
            self.show(text if len(text) <= self.left else text[: self.left] + CUT)
            self.left -= len(text)
        return len(text)


def check(task, show):
    """Run the code of an exercise and check what it defines.

    Parameters
    ----------
    task : str
        JSON of an object: the ``number`` of the exercise, the ``code``, the ``first`` lines of its chapter
        and the ``names`` of what is handed in, in order. Of a bug also the ``symptom``, numbers as they were
        given on the page or null, and the ``shape`` in which they are meant.
    show : callable
        Gets each text that the code prints, while it runs.

    Returns
    -------
    str
        JSON of an object: whether the exercise ``passed``, and the ``text`` to show. Whatever the code does,
        nothing is raised.
    """
    task = json.loads(task)
    given = {"__name__": "__main__"}
    exec(compile(task["first"], "the first lines of the chapter", "exec", dont_inherit=True), given)
    if "shape" in task:
        given["symptom"] = _in_shape(task.get("symptom"), task["shape"])
    printed = _Shown(show)
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
        try:
            _run(task["code"], given)
        except BaseException as error:  # SystemExit, too
            return json.dumps({"passed": False, "text": told(error)})
        missing = [name for name in task["names"] if name not in given]
        if missing:
            names = " and ".join(missing)
            return json.dumps({"passed": False, "text": f"Your code defines no {names}."})
        report = practice.check(task["number"], *[given[name] for name in task["names"]])
    return json.dumps({"passed": report.passed, "text": for_a_page(report.text)})


def _in_shape(numbers, shape):
    """Return the numbers of a symptom as the exercise asks for them; `...` where there are none."""
    if numbers is None:
        return ...
    return np.reshape(numbers, shape) if len(numbers) == np.prod(shape, dtype=int) else np.array(numbers)


def _run(code, given):
    """Run code as a notebook's cell: the value of an expression at its end is printed."""
    linecache.cache[FILE] = len(code), None, code.splitlines(keepends=True), FILE
    body = compile(code, FILE, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    last = body.body.pop() if body.body and isinstance(body.body[-1], ast.Expr) else None
    exec(compile(body, FILE, "exec", dont_inherit=True), given)
    if last is not None:
        value = eval(compile(ast.Expression(last.value), FILE, "eval", dont_inherit=True), given)
        if value is not None:
            print(repr(value))  # noqa: T201


def told(error):
    """Return an error as Python tells it, without the frames above the reader's code.

    Parameters
    ----------
    error : BaseException
        What the code raised, or what its text is no Python for.

    Returns
    -------
    str
        The last `MOST` characters of it.
    """
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename != FILE:
        frames = frames.tb_next
    text = "".join(traceback.format_exception(type(error), error, frames)).rstrip()
    return text if len(text) <= MOST else f"…{text[-MOST:]}"


def for_a_page(text):
    """Return a report's text for a page, where the hints stand below the editor.

    Examples
    --------
    >>> for_a_page('Where to look: practice.hint("06.3", 1).')
    'Where to look: hint 1, below.'
    """
    text = text.replace("run this again", "check again")
    return re.sub(r'practice\.hint\("\d\d\.\d+", (\d)\)', r"hint \1, below", text)
