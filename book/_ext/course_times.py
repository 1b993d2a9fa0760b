"""The role {seconds}: a time that the benchmark measured, read from its output file while the book is built.

{seconds}`paper, forward, 1` reads '0.021 s': the paper's network, a forward pass of one image, two threads.
No page types a time.
"""

import json
from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxRole

FILE = Path(__file__).parent.parent / "data" / "benchmarks.json"


def seconds(structure, what, batch, threads=2):
    """Return our time for a row of the benchmark in seconds; KeyError if there is no such row."""
    for row in json.loads(FILE.read_text(encoding="utf-8"))["rows"]:
        if (row["structure"], row["what"], row["batch"], row["threads"]) == (structure, what, batch, threads):
            return row["ours"]
    raise KeyError(f"{FILE.name} has no row {structure}, {what}, {batch}, {threads} threads")


class Seconds(SphinxRole):
    """The role {seconds}."""

    def run(self):
        """Return the time to two digits, with its unit."""
        self.env.note_dependency(str(FILE))
        structure, what, batch = (part.strip() for part in self.text.split(","))
        return [nodes.Text(f"{seconds(structure, what, int(batch)):.2g} s")], []


def setup(app):
    """Register the role."""
    app.add_role("seconds", Seconds())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
