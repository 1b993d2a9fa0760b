"""The formulas of the book: all convert to MathML, in letters that the font has."""

import json
import re

import math_core
import pytest
import run_notebooks
import yaml
from course_mathematics import KeepPunctuation, to_mathml
from docutils import nodes
from docutils.utils import new_document
from helpers import ROOT, SOURCES
from markdown_it.renderer import RendererHTML
from math_font import characters, italic
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))


def formulas(text):
    """Return (source, is on lines of its own) of every formula of a Markdown text."""
    extensions = set(CONFIG["parse"]["myst_enable_extensions"])
    parser = create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)

    def walk(tokens):
        for token in tokens:
            if token.type in ("math_inline", "math_single"):
                yield token.content, False
            elif token.type in ("math_block", "math_block_label", "amsmath", "math_inline_double"):
                yield token.content, True
            elif token.type == "myst_role" and token.meta.get("name") == "math":
                yield token.content, False
            elif token.type in ("fence", "colon_fence"):
                name = re.match(r"\{([\w-]+)\}", token.info.strip())
                body = re.sub(r"\A(?::[\w-]+:.*\n)+", "", token.content)
                if name and name[1] == "math":
                    yield body, True
                elif name and name[1] not in ("code", "code-cell", "code-block", "literalinclude"):
                    yield from walk(parser.parse(body))
            yield from walk(token.children or [])

    return list(walk(parser.parse(text)))


def markdown_texts():
    """Return (file, Markdown text) of everything the book reads as Markdown."""
    for path in SOURCES:
        if path.suffix == ".md":
            yield path, path.read_text(encoding="utf-8")
            continue
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                yield path, run_notebooks.joined(cell["source"])


def test_every_formula_of_the_book_converts_and_finds_its_letters():
    allowed = {chr(point) for point in characters()}
    wrong = []
    for path, text in markdown_texts():
        for latex, display in formulas(text):
            try:
                drawn = re.sub(r"<mi>(.)</mi>", lambda found: italic(found[1]), to_mathml(latex, display))
                shown = re.sub(r"<[^>]*>|&\w+;", "", drawn)
            except math_core.LatexError as error:
                wrong.append(f"{path.name}: {latex}: {error}")
                continue
            missing = "".join(sorted(set(shown) - allowed))
            wrong += [f"{path.name}: {latex}: the font has no {missing!r}"] if missing else []
    assert wrong == [], "a letter that the font lacks is added in tools/math_font.py"


def test_every_way_to_write_a_formula_is_found():
    text = "$a$ and {math}`b`\n\n$$\nc\n$$\n\n$$d$$ (eq-d)\n\n```{math}\n:label: x\ne\n```\n\n"
    text += "\\begin{align}f\\end{align}\n"
    folded = "\n```{dropdown} Answer\n$g$\n```\n\n```python\n'$h$'\n```\n"
    found = [(latex.strip(), display) for latex, display in formulas(text + folded)]
    assert [latex for latex, _ in found] == ["a", "b", "c", "d", "e", "\\begin{align}f\\end{align}", "g"]
    assert [display for _, display in found] == [False, False, True, True, True, True, False]


@pytest.mark.parametrize("latex", [r"\unknown{x}", r"\frac{1}", r"{a", r"\left( a"])
def test_a_wrong_formula_does_not_convert(latex):
    with pytest.raises(math_core.LatexError):
        to_mathml(latex, display=True)


def test_formulas_become_mathml():
    size = to_mathml(r"o = \left\lfloor\frac{n - k}{s}\right\rfloor + 1", display=False)
    assert size.startswith("<math>")
    assert "<mfrac>" in size
    lines = to_mathml(r"a &= b \\ c &= d", display=True)
    assert lines.startswith('<math display="block">')
    assert lines.count("<mtr>") == 2
    # Sphinx numbers the equations
    assert "(1)" not in to_mathml(r"\begin{align} a &= b \end{align}", display=True)


def test_no_line_is_broken_between_a_formula_and_the_mark_that_touches_it():
    paragraph = nodes.paragraph("", "", nodes.Text("so ("))
    for formula, text in (("a", "), and "), ("b", " or "), ("c", "."), ("d", "")):
        paragraph += [nodes.math("", formula), nodes.Text(text)]
    document = new_document("page")
    document += paragraph
    KeepPunctuation(document).run()
    assert paragraph.astext() == "so (a), and b or c.d"
    kept = [node.astext() for node in paragraph.findall(nodes.inline) if "math-kept" in node["classes"]]
    assert kept == ["(a),", "c."]
