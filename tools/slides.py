"""Turn chapters into slides with nbconvert: a slide for each heading, and its parts one below the other.

Usage: python tools/slides.py NUMBER ...     (`make slides CHAPTERS="06"`)

They are written to _build/slides, one HTML file a chapter, with the stored outputs. Such a file takes
reveal.js and MathJax from the addresses that nbconvert names, so it needs a network when it is shown.
Exercises and quiz are left out: they are for the pages, or for `make handout`.
"""

import json
import re
import sys

import handout
import nbformat
import run_notebooks
from nbconvert import SlidesExporter

TARGET = handout.ROOT / "_build" / "slides"
LEFT_OUT = ("Exercises", "Quiz")


def parts(cells):
    """Yield (where nbconvert is to put it, cell): text is cut at the headings, code stays with its text."""
    section = ""
    for cell in cells:
        if cell["cell_type"] == "code":
            if section not in LEFT_OUT:
                yield "-", cell
            continue
        for part in re.split(r"^(?=##? )", cell["source"], flags=re.M):
            heading = re.match(r"##? (.+)", part)
            section = heading[1] if heading else section
            if section in LEFT_OUT:
                continue
            kind = "slide" if heading else "subslide"
            for text in handout.FOLD.split(part):
                if text.strip():
                    yield kind, {**cell, "source": text.strip("\n")}
                kind = "fragment"  # a folded answer waits for a key, and with it what follows


def slides(path):
    """Return the slides of a chapter as HTML."""
    notebook = run_notebooks.canonical(json.loads(path.read_text(encoding="utf-8")))
    cells = [
        {**cell, "id": f"part-{at}", "metadata": {**cell["metadata"], "slideshow": {"slide_type": kind}}}
        for at, (kind, cell) in enumerate(parts(notebook["cells"]))
    ]
    exporter = SlidesExporter(reveal_scroll=True, reveal_transition="none", reveal_number="c/t")
    title = {"metadata": {"name": path.stem}}
    return exporter.from_notebook_node(nbformat.from_dict({**notebook, "cells": cells}), title)[0]


def main(arguments):
    """Write the slides of the named chapters."""
    if not arguments:
        sys.exit('slides of which chapter? make slides CHAPTERS="06"')
    try:
        paths = handout.chosen(arguments)
    except ValueError as error:
        sys.exit(str(error))
    TARGET.mkdir(parents=True, exist_ok=True)
    for path in paths:
        file = TARGET / f"{path.stem}.html"
        file.write_text(slides(path), encoding="utf-8")
        print(file.relative_to(handout.ROOT))


if __name__ == "__main__":
    main(sys.argv[1:])
