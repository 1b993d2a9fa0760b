"""The notebooks on their way into the book: CommonMark, as every program reads it, becomes MyST.

A notebook is read in Jupyter, in Colab, in an editor and on GitHub, and none of them knows MyST. So its
Markdown is CommonMark with LaTeX formulas, and only what the book reads is changed, line by line, code apart:

    <details>                                    becomes {dropdown}, which opens without a script
    <summary>Answer</summary>
    ...
    </details>
    [[BVLC]](../book/references.md#Caffe)        becomes {cite}, a citation of the bibliography
    [A table](../book/data/benchmarks.md)        alone on its line becomes {include}: the table itself
    practice.quiz("02")                          alone in a code cell becomes {quiz}: the page's own quiz
    practice.check("02.1", answers)              in a code cell becomes {exercise} where numbers are the
                                                 answer, or gets {hints} below it where code is, or both
                                                 where a bug asks for numbers and code

Other links need nothing: MyST turns the address of a notebook or page into a reference, and warns when there
is no such file. `with_links` serves the copies that are read away from the repository.
"""

import json
import pathlib
import re

from course_exercises import answerable

from alexnet_course import practice
from alexnet_course.practice.bugs import Bug

ROOT = pathlib.Path(__file__).parents[2]
FENCE = re.compile(r"\s*(`{3,}|~{3,})")
CITATION = re.compile(r"\[\[([^\[\]]+)\]\]\(\.\./book/references\.md#(\w+)\)")
TABLE = re.compile(r"^\[[^\]]+\]\(\.\./(book/data/\w+\.md)\)$")
#: What a line outside code becomes; the number of lines stays, so that warnings name the right one.
LINES = (
    (re.compile(r"^( *)<details>$"), ""),
    (re.compile(r"^( *)<summary>(.*)</summary>$"), r"\1:::{dropdown} \2"),
    (re.compile(r"^( *)</details>$"), r"\1:::"),
    (TABLE, r"```{include} ../\1" + "\n```"),
    (CITATION, r"{cite}`\2`"),
)
QUIZ = re.compile(r'practice\.quiz\("(\w+)"\)')
CHECK = re.compile(r'^practice\.check\("(\d\d\.\d+)", .+\)$', flags=re.M)
LINK = re.compile(r"\]\(((?:\.\./book/)?\w+\.(?:ipynb|md))((?:#[\w-]+)?)\)")


def outside_code(text, change):
    """Return a Markdown text with every line that is in no fenced code changed by `change`."""
    lines, fence = [], None
    for line in text.split("\n"):
        mark = FENCE.match(line)
        if fence is None:
            fence = mark and mark[1]
            lines.append(line if mark else change(line))
        else:
            fence = None if mark and mark[1].startswith(fence) else fence
            lines.append(line)
    return "\n".join(lines)


def as_myst(text):
    r"""Return the Markdown of a notebook's cell as the book reads it.

    Examples
    --------
    >>> as_myst("see [[BVLC]](../book/references.md#Caffe)")
    'see {cite}`Caffe`'
    >>> as_myst("<details>\n<summary>Answer</summary>\n\n$x$\n\n</details>")
    '\n:::{dropdown} Answer\n\n$x$\n\n:::'
    """

    def change(line):
        for pattern, new in LINES:
            line = pattern.sub(new, line)
        return line

    return outside_code(text, change)


def directive(cell, name, argument, ending=""):
    """Return a cell of Markdown with a directive, in the place of a cell or below it."""
    source = f"```{{{name}}} {argument}\n```"
    return {"cell_type": "markdown", "id": f"{cell['id']}{ending}", "metadata": {}, "source": source}


def for_the_book(cell):
    """Return what the book reads in the place of a notebook's cell: quiz and exercises are the page's own."""
    source = "".join(cell["source"])  # a string or a list of lines
    if cell["cell_type"] == "markdown":
        return [cell | {"source": as_myst(source)}]
    if quiz := QUIZ.fullmatch(source.strip()):
        return [directive(cell, "quiz", quiz[1])]
    if check := CHECK.search(source):
        if answerable(practice.exercise(check[1])):
            return [directive(cell, "exercise", check[1])]
        tags = [*cell["metadata"].get("tags", []), "remove-output"]  # it says that nothing is written yet
        hidden = cell | {"metadata": cell["metadata"] | {"tags": tags}}
        name = "exercise" if isinstance(practice.exercise(check[1]), Bug) else "hints"
        return [hidden, directive(cell, name, check[1], "-hints")]
    return [cell]


def with_links(notebook, address):
    """Return a notebook whose links to notebooks and pages lead elsewhere; it holds the tables themselves.

    Parameters
    ----------
    notebook : dict
        A notebook in format 4.
    address : callable
        Takes the file, as it is seen from notebooks/, and the fragment or an empty text; gives the address.

    Returns
    -------
    dict
    """

    def change(line):
        if table := TABLE.match(line):
            return (ROOT / table[1]).read_text(encoding="utf-8").strip()
        return LINK.sub(lambda found: f"]({address(*found.groups())})", line)

    cells = [
        cell | {"source": outside_code("".join(cell["source"]), change)}
        if cell["cell_type"] == "markdown"
        else cell
        for cell in notebook["cells"]
    ]
    return notebook | {"cells": cells}


def page_address(file, fragment):
    """Return the address of a file's page in the site, from its root; a fragment is an id of HTML there.

    Examples
    --------
    >>> page_address("../book/references.md", "#K12"), page_address("06_pooling.ipynb", "")
    ('book/references.html#k12', 'notebooks/06_pooling.html')
    """
    path = file.removeprefix("../") if file.startswith("../") else f"notebooks/{file}"
    return f"{path.rpartition('.')[0]}.html{fragment.lower()}"


def as_read(text):
    """Return the text of a notebook as the book reads it."""
    notebook = json.loads(text)
    return json.dumps(notebook | {"cells": [new for cell in notebook["cells"] for new in for_the_book(cell)]})


def read(app, docname, source):
    """Change what Sphinx read of a notebook; the file, which readers may download, stays as it is."""
    if app.env.doc2path(docname).endswith(".ipynb"):
        source[0] = as_read(source[0])


def setup(app):
    app.connect("source-read", read)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
