"""Pages made from data: {facts}, {differences}, {runs} and {mistakes} turn TOML files into lists.

    ```{facts} layers
    ```

The argument is a group of entries. A list of terms needs no width, so it reads on a phone, and the text of an
entry is MyST: it may hold citations, formulas and {chapter}`06_pooling`. The files are those of
book/data, and the package's museum.toml for {differences} and {runs}; the tests read them as well.
"""

import re
import tomllib
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from alexnet_course import museum

DATA = Path(__file__).parent.parent / "data"
NUMBER = re.compile(r"\[\[(\w+)\]\]")
#: The lines of an entry on the page about the paper: key, what stands before it.
LINES = (
    ("paper", "Paper"),
    ("code", "Code of 2012"),
    ("elsewhere", "Elsewhere"),
    ("here", "Here"),
    ("why", "Why"),
)
#: The same for an entry of the page about common mistakes.
MISTAKE = (("tempting", "Why it is tempting"), ("right", "What is right"), ("source", "Source"))


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


def sentence(words):
    """Return the words of a table's cell as a sentence; a letter that stands for a number stays as it is."""
    first = words.split()[0]
    return (words if len(first) == 1 else words[0].upper() + words[1:]) + "."


def difference(row):
    """Return a difference between paper and code as MyST."""
    section = f", section {row.section}" if row.section else ""
    lines = [
        f"*Paper{section}.* {sentence(row.paper)}",
        f"*Code of 2012* (`{row.source}`)*.* {sentence(row.code)}",
        f"*Here.* {sentence(row.here)}",
        f"*More.* {row.detail}",
    ]
    return definition(row.about, lines)


def run(entry):
    """Return a run of the museum's log as MyST, with its differences from another where it names one."""
    lines = [f"{entry.what}: " + " and ".join(f"{percent(error)} %" for error in entry.errors)]
    said = " and ".join(str(number) for number in entry.paper)
    says = f"the paper says {said}" if said else "not in the paper"
    if entry.against:
        gaps = museum.points_above(entry.name)
        side = "above" if gaps[0] > 0 else "below"
        one, five = (f"{abs(gap):.3f}" for gap in gaps)
        says = f"{one} and {five} points {side} run {entry.against}; {says}"
    return definition(f"Run {entry.name}", [*lines, says])


def mistake(entry):
    """Return a common mistake as MyST: the claim, why one believes it, what is right, where it is shown."""
    numbers = entry.get("numbers", {})
    lines = [f"*{label}.* {filled(entry[key], numbers)}" for key, label in MISTAKE]
    chapters = [f"{{chapter}}`{name}`" for name in entry.get("chapters", [])]
    pages = [f"[{text}]({target})" for target, text in entry.get("pages", {}).items()]
    return definition(f"“{entry['claim']}”", [*lines, f"*More.* {', '.join([*chapters, *pages])}"])


class DataDirective(SphinxDirective):
    """What the directives share: the file, and MyST into nodes."""

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

    def parsed(self, text):
        """Return the nodes of a MyST text, in a box of class `facts`."""
        box = nodes.container(classes=["facts"])
        self.state.nested_parse(StringList(text.splitlines(), self.file), self.content_offset, box)
        return box


class Facts(DataDirective):
    """{facts}: one group of what the paper says."""

    required_arguments = 1
    file = "paper"

    def run(self):
        """Turn the group into nodes."""
        return [self.parsed("\n".join(fact(entry) for entry in self.chosen(self.entries()["fact"])))]


class Museum(DataDirective):
    """What two directives share: they read the package's file."""

    def run(self):
        """Turn the entries into nodes."""
        self.env.note_dependency(str(museum.FILE))
        return [self.parsed("\n".join(self.told()))]


class Differences(Museum):
    """{differences}: where paper and code part, those that need more than a row of chapter 17's table."""

    def told(self):
        """Return each as MyST."""
        return [difference(row) for row in museum.differences() if row.detail]


class Runs(Museum):
    """{runs}: the museum's run log."""

    def told(self):
        """Return each as MyST."""
        return [run(entry) for entry in museum.runs().values()]


class Mistakes(DataDirective):
    """{mistakes}: one group of the common mistakes."""

    required_arguments = 1
    file = "mistakes"

    def run(self):
        """Turn the group into nodes."""
        chosen = self.chosen(self.entries()["mistake"])
        return [self.parsed("\n".join(mistake(entry) for entry in chosen))]


def setup(app):
    app.add_directive("facts", Facts)
    app.add_directive("differences", Differences)
    app.add_directive("runs", Runs)
    app.add_directive("mistakes", Mistakes)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
