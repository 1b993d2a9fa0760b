"""Pages made from data: {facts}, {runs} and {corrections} turn TOML files of book/data into lists.

    ```{facts} layers
    ```

The argument is a group of entries. A list of terms needs no width, so it reads on a phone, and the text of an
entry is MyST: it may hold citations, formulas and {chapter}`06_pooling`. The tests read the same files. What
guards an entry of the first version is a test that says so: @pytest.mark.first_version("T01").
"""

import ast
import collections
import functools
import re
import tomllib
from pathlib import Path

from course_quiz import tag
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

DATA = Path(__file__).parent.parent / "data"
TESTS = Path(__file__).parents[2] / "tests"
NUMBER = re.compile(r"\[\[(\w+)\]\]")
#: The lines of an entry on the page about the paper: key, what stands before it.
LINES = (
    ("paper", "Paper"),
    ("code", "Code of 2012"),
    ("elsewhere", "Elsewhere"),
    ("here", "Here"),
    ("why", "Why"),
)
#: The same for an entry of the page about the first version.
CORRECTION = (("said", "Said"), ("right", "Right"), ("source", "Source"))
KINDS = {"text": "What was said", "code": "What was programmed", "presentation": "How it was shown"}


def load(name):
    """Return a data file of the book as a dict."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def filled(text, numbers):
    """Return a text with numbers for the names in double brackets; KeyError for an unknown name."""
    return NUMBER.sub(lambda match: str(numbers[match[1]][0]), text)


def definition(term, lines):
    """Return a term and its lines as a MyST definition list."""
    return "\n".join([term, *(f": {line}\n" for line in lines), ""])


def fact(entry):
    """Return a fact of the paper as MyST."""
    lines = []
    for key, label in LINES:
        if key in entry:
            section = entry.get("section") if key == "paper" else ""
            where = section and f", {'section ' * section[0].isdigit()}{section}"
            lines.append(f"*{label}{where}.* {filled(entry[key], entry.get('numbers', {}))}")
    return definition(entry["about"], lines)


def percent(share):
    """Return a share as a number in per cent, three digits after the point."""
    return f"{100 * share:.3f}"


def run(entry, runs):
    """Return a run of the museum's log as MyST, with its differences from another where it names one."""
    lines = [f"{entry['what']}: " + " and ".join(f"{percent(error)} %" for error in entry["errors"])]
    said = " and ".join(str(number) for number in entry.get("paper", []))
    if "against" in entry:
        other = next(one["errors"] for one in runs if one["name"] == entry["against"])
        gaps = [percent(mine - theirs) for mine, theirs in zip(entry["errors"], other, strict=True)]
        lines.append(f"{gaps[0]} and {gaps[1]} points above run {entry['against']}; the paper says {said}")
    else:
        lines.append(f"the paper says {said}" if said else "not in the paper")
    return definition(f"Run {entry['name']}", lines)


def guarded_by(source):
    """Return {name of a test: the entries that it guards} of a test file's source."""
    found = {}
    for node in ast.parse(source).body:
        for mark in getattr(node, "decorator_list", []):
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.first_version":
                found[node.name] = [ast.literal_eval(argument) for argument in mark.args]
    return found


@functools.cache
def guards():
    """Return {entry: the tests that guard it, as pytest names them}."""
    found = collections.defaultdict(list)
    for file in sorted(TESTS.rglob("test_*.py")):
        for test, entries in guarded_by(file.read_text(encoding="utf-8")).items():
            for entry in entries:
                found[entry].append(f"{file.relative_to(TESTS.parent).as_posix()}::{test}")
    return dict(found)


def held_by(entry):
    """Return what holds a correction today, as MyST: chapters, pages and tests."""
    pages = [f"[{text}]({target})" for target, text in entry.get("pages", {}).items()]
    chapters = [f"{{chapter}}`{name}`" for name in entry.get("chapters", [])]
    return ", ".join([*chapters, *pages, *(f"`{test}`" for test in guards().get(entry["id"], []))])


def correction(entry):
    """Return an error of the first version as MyST."""
    lines = [f"*{label}.* {entry[key]}" for key, label in CORRECTION if key in entry]
    return definition(f"{entry['id']} · {entry['about']}", [*lines, f"*Held by.* {held_by(entry)}"])


class DataDirective(SphinxDirective):
    """What the three directives share: the file, and MyST into nodes."""

    file = ""

    def entries(self):
        """Return the file, noting that the page depends on it."""
        self.env.note_dependency(str(DATA / f"{self.file}.toml"))
        return load(self.file)

    def chosen(self, entries):
        """Return the entries of the group that the argument names; an empty group fails the build."""
        found = [entry for entry in entries if entry["group"] == self.arguments[0]]
        if not found:
            raise self.error(f"{self.file}.toml has no group {self.arguments[0]!r}")
        return found

    def parsed(self, text, name=None):
        """Return the nodes of a MyST text, in a box of class `facts`."""
        box = nodes.container(classes=["facts"] if name is None else ["facts", name])
        self.state.nested_parse(StringList(text.splitlines(), self.file), self.content_offset, box)
        return box


class Facts(DataDirective):
    """{facts}: one group of what the paper says."""

    required_arguments = 1
    file = "paper"

    def run(self):
        """Turn the group into nodes."""
        return [self.parsed("\n".join(fact(entry) for entry in self.chosen(self.entries()["fact"])))]


class Runs(DataDirective):
    """{runs}: the museum's run log."""

    file = "paper"

    def run(self):
        """Turn the log into nodes."""
        runs = self.entries()["run"]
        return [self.parsed("\n".join(run(entry, runs) for entry in runs))]


class Corrections(DataDirective):
    """{corrections}: one group of the first version's errors; without an argument, the choice of kinds."""

    optional_arguments = 1
    file = "first_version"

    def run(self):
        """Turn the group, or the choice, into nodes."""
        entries = self.entries()["error"]
        if self.arguments:
            chosen = self.chosen(entries)
            return [self.parsed(correction(one), f"kind-{one['kind']}") for one in chosen]
        choices = [("all", f"All ({len(entries)})")]
        for kind, label in KINDS.items():
            choices.append((kind, f"{label} ({sum(one['kind'] == kind for one in entries)})"))
        parts = [tag("legend", nodes.Text("Show"))]
        for kind, label in choices:
            chosen = {"checked": "checked"} if kind == "all" else {}
            radio = tag("input", type="radio", name="kind", value=kind, **chosen)
            parts.append(tag("label", radio, nodes.Text(f" {label}")))
        # The style sheet does the rest: no script.
        return [tag("fieldset", *parts, class_="kinds")]


def setup(app):
    app.setup_extension("course_quiz")
    app.add_directive("facts", Facts)
    app.add_directive("runs", Runs)
    app.add_directive("corrections", Corrections)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
