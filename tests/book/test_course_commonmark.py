"""The Markdown of the notebooks: CommonMark whose links lead somewhere, and its way into the book."""

import doctest
import functools
import io
import json
import re

import bs4
import course_commonmark
import nbformat
import pybtex.database
import pytest
import run_notebooks
from course_chapters import chapters
from helpers import ROOT
from markdown_it import MarkdownIt
from pybtex.backends.plaintext import Backend
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace
from sphinxcontrib.bibtex.style.referencing.author_year import AuthorYearReferenceStyle
from sphinxcontrib.bibtex.style.template import join, year

from alexnet_course.practice.quizzes import load, names, spoken

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
WRITTEN = {path.stem for path in NOTEBOOKS}
#: What only the book would read, or not every program; looked for outside code and formulas.
MARKS = (
    (r"\{[\w:+-]+\}`", "a role"),
    (r"^\s*:{3,}", "a directive"),
    (r"^\([^()]+\)=\s*$", "a target"),
    (r"\$\$[ \t]*\([\w-]+\)", "a label of an equation"),
    (r"\A---$", "front matter"),
    (r"\{\{", "a substitution"),
    (r"[\])`]\{", "attributes"),
    (r"\[\^", "a footnote"),
    (r"^(?:%|\+\+\+)", "a comment or a break of blocks"),
    (r"^:\s", "a definition list"),
)
FOLD = re.compile(
    r"(?:\A|\n\n)<details>\n<summary>[^<>\n]+</summary>\n\n(?!\n)((?:(?!</?details>).)+?)(?<!\n)\n\n</details>(?=\n\n|\Z)",
    re.DOTALL,
)


@functools.cache
def references():
    """Return the entries of the bibliography."""
    return pybtex.database.parse_file(ROOT / "book" / "references.bib").entries


def citation(key):
    """Return how a notebook cites, in the words that the book's own style gives."""
    style = AuthorYearReferenceStyle()
    template = join(sep=style.author_year_sep)[style.person.author_or_editor_or_title(full=False), year]
    words = template.format_data({"entry": references()[key], "style": style}).render(Backend())
    return f"[[{words}]](../book/references.md#{key})"


def prose(text):
    """Return a Markdown text without its code; that of a role stays."""
    text = re.sub(r"^\s*(`{3,}|~{3,}).*?^\s*\1", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"(?<![`}])(`+)(?!`)[^`]+?\1(?!`)", "``", text)


def marks(text):
    """Return the names of all marks of MyST in a Markdown text."""
    found = ["a directive"] * any(token.info.startswith("{") for token in tokens(text))
    bare = re.sub(
        r"\$\$.*?\$\$|\$[^$\n]+\$", "$$", prose(text), flags=re.DOTALL
    )  # formulas are full of braces
    return found + [name for pattern, name in MARKS if re.search(pattern, bare, re.MULTILINE)]


def tokens(text):
    """Yield the tokens of a text of CommonMark with tables, those inside lines too."""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        yield token
        yield from token.children or []


def sections(file):
    """Return the fragments of a page's sections, as MyST names them."""
    page = (FOLDER / file).read_text(encoding="utf-8") if file.endswith(".md") else ""
    return {line[3:].lower().replace(" ", "-") for line in page.splitlines() if line.startswith("## ")}


def link_problems(text, written):
    """Return what is wrong with the links of a text, and which mention of a chapter should be one."""
    found = []
    for token in tokens(text):
        address = token.attrGet("href") if token.type == "link_open" else None
        if address is None or address.startswith("https://"):
            continue
        file, _, fragment = address.partition("#")
        if not (FOLDER / file).is_file() and file.removesuffix(".ipynb") not in written:
            found.append(f"{address} leads nowhere")
        elif file == "../book/references.md":
            if fragment not in references():
                found.append(f"references.bib has no {fragment!r}")
            elif citation(fragment) not in text:
                found.append(f"cite it as {citation(fragment)}")
        elif fragment and fragment not in sections(file):
            found.append(f"{address}: the page has no such section")
    for words, file in re.findall(r"\[(chapter \d+[^\]]*)\]\(([^)]*)\)", text, re.IGNORECASE):
        name = file.removesuffix(".ipynb")
        if name not in chapters() or words.lower() not in (spoken(name).lower(), spoken(name).split(",")[0]):
            found.append(f"'{words}' leads to {file}")
    cited = len(re.findall(r"references\.md#", text)) - len(course_commonmark.CITATION.findall(text))
    found += ["a citation in other words"] * (cited > 0)
    unlinked = re.sub(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\([^)]*\)", "", prose(text))
    for number in re.findall(r"\bchapter (\d+)", unlinked, re.IGNORECASE):
        name = next((name for name in written if int(name[:2]) == int(number)), None)
        if name:
            found.append(f"chapter {number} is written: [{spoken(name)}]({name}.ipynb)")
    return found


def problems(text, written=frozenset(WRITTEN)):
    """Return everything in a Markdown cell that some reader would see wrongly."""
    found = marks(text) + link_problems(text, written)
    rest = FOLD.sub(lambda fold: f"\n\n{fold[1]}", text)
    found += [
        f"HTML, or an unfinished fold: {token.content!r}" for token in tokens(rest) if "html" in token.type
    ]
    found += [
        "a heading in a fold"
        for fold in FOLD.findall(text)
        if any(token.type == "heading_open" for token in tokens(fold))
    ]
    return found


def cells(path):
    """Return the Markdown cells of a notebook."""
    every = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [run_notebooks.joined(cell["source"]) for cell in every if cell["cell_type"] == "markdown"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_reads_well_everywhere(path):
    assert [(problem, text[:60]) for text in cells(path) for problem in problems(text)] == []


@pytest.mark.parametrize("name", names())
def test_a_quiz_reads_well_everywhere(name):
    for question in load(name).questions:
        texts = [question.text, *(f"{option.text}\n{option.reason}" for option in question.options)]
        assert [(text, marks(text)) for text in texts if marks(text)] == []


# ---- the tests of the tests ----

GOOD = """\
Text with `code`, `{role}`, $\\sqrt[3]{x}$, a [page](../book/notation.md), [chapter 2](02_convolution.ipynb),
[chapter 4, ReLU](04_relu.ipynb) and chapter 99; [[Krizhevsky et al., 2012]](../book/references.md#K12),
chapters 4 and 6.

$$
y_{n,i} = (x)
$$

| a | b |
|---|---|
| 1 [[He et al., 2015]](../book/references.md#He15) | 2 |

<details>
<summary>Answer</summary>

Text.
```python
{"a": 1}  # chapter 1
```

</details>

<details>
<summary>One answer of many</summary>

- $x$

</details>"""


def test_good_markdown_has_no_problem():
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("See {chapter}`04_relu`.", "a role"),
        ("{cite:p}`K12`", "a role"),
        (":::{dropdown} Answer\nText.\n:::", "a directive"),
        ("```{quiz} 01_images\n```", "a directive"),
        ("~~~{note}\n~~~", "a directive"),
        ("(name)=\n# Title", "a target"),
        ("$$\ny = x\n$$ (name)", "a label"),
        ("---\nkey: 1\n---\n\n# Title", "front matter"),
        ("{{ name }}", "a substitution"),
        ("[a](../book/notation.md){.b}", "attributes"),
        ("`a`{.b}", "attributes"),
        ("a[^1]\n\n[^1]: b", "a footnote"),
        ("% remark", "a comment"),
        ("term\n: meaning", "a definition list"),
        ("Text <b>bold</b>", "HTML"),
        ("<details>\n\nText.\n\n</details>", "unfinished fold"),
        ("<details>\n<summary>A</summary>\nText.\n\n</details>", "unfinished fold"),
        ("<details>\n<summary>A</summary>\n\nText.\n</details>", "unfinished fold"),
        ("<details>\n<summary>A</summary>\n\nText.", "unfinished fold"),
        ("Text.\n\n</details>", "unfinished fold"),
        ("Text.\n<details>\n<summary>A</summary>\n\nText.\n\n</details>", "unfinished fold"),
        ("<details>\n<summary>A</summary>\n\n## B\n\n</details>", "a heading in a fold"),
        ("[a](nowhere.md)", "nowhere.md leads nowhere"),
        ("[chapter 60](60_deeper.ipynb)", "60_deeper.ipynb leads nowhere"),
        ("[chapter 5](04_relu.ipynb)", "'chapter 5' leads to 04_relu.ipynb"),
        ("[chapter 4, relus](04_relu.ipynb)", "'chapter 4, relus' leads to"),
        ("Chapter 4 told you.", "[chapter 4, ReLU](04_relu.ipynb)"),
        ("[[Who, 2012]](../book/references.md#Who12)", "references.bib has no 'Who12'"),
        ("[[Alex, 2012]](../book/references.md#K12)", "cite it as [[Krizhevsky et al., 2012]]"),
        ("[the paper](../book/references.md#K12)", "a citation in other words"),
        ("[a](../book/notation.md#layout)", "the page has no such section"),
    ],
)
def test_each_problem_is_found(text, expected):
    assert expected in "\n".join(problems(text))


def test_a_chapter_that_comes_is_to_be_linked_where_it_was_only_named():
    text = "Chapter 60 tells why."
    assert problems(text) == []
    (problem,) = problems(text, WRITTEN | {"60_deeper"})
    assert problem == "chapter 60 is written: [chapter 60, deeper](60_deeper.ipynb)"


# ---- the extension ----


def test_the_examples_are_true():
    tried = doctest.testmod(course_commonmark)
    assert tried.attempted > 0
    assert tried.failed == 0


def test_the_book_reads_folds_citations_and_tables():
    table = "[A table](../book/data/benchmarks.md)"
    found = course_commonmark.as_myst(f"{GOOD}\n\n{table}")
    assert found.count("\n:::{dropdown} ") == found.count("\n:::\n") == 2
    assert "{cite}`K12`,\nchapters" in found
    assert "| 1 {cite}`He15` | 2 |" in found
    assert "[chapter 4, ReLU](04_relu.ipynb)" in found
    assert found.endswith("```{include} ../book/data/benchmarks.md\n```")
    assert len(found.split("\n")) == len(GOOD.split("\n")) + 3
    assert not re.search(r"details|summary|\[\[", found)


@pytest.mark.parametrize("fence", ["```", "~~~~", "```markdown"])
def test_code_stays_as_it_is(fence):
    text = f"{fence}\n<details>\n[[a]](../book/references.md#K12)\n{fence[:4].rstrip('m')}"
    assert course_commonmark.as_myst(text) == text
    assert course_commonmark.as_myst(f"{text}\n\n<details>").endswith("\n\n")


def for_the_book(source, **metadata):
    """Return what the book reads in the place of a cell of code."""
    cell = {"cell_type": "code", "id": "a", "metadata": metadata, "source": source}
    return course_commonmark.for_the_book(cell)


def test_a_quiz_of_a_notebook_is_the_quiz_of_the_page():
    [shown] = for_the_book('practice.quiz("02")')
    assert shown["source"] == "```{quiz} 02\n```"
    assert shown["cell_type"] == "markdown"
    [printed] = for_the_book('print(practice.quiz("02"))')
    assert printed["cell_type"] == "code"


def test_an_exercise_in_numbers_is_answered_on_the_page():
    [shown] = for_the_book('pooled_map = ...  # two rows of two\n\npractice.check("06.1", pooled_map)')
    assert shown["source"] == "```{exercise} 06.1\n```"


@pytest.mark.parametrize("number", ["06.3", "02.5"])  # a function, and numbers that a function judges
def test_an_exercise_that_needs_python_keeps_its_cell_and_gets_its_hints(number):
    code, hints = for_the_book(f'practice.check("{number}", answer)', tags=["wide"])
    assert code["metadata"]["tags"] == ["wide", "remove-output"]
    assert hints["source"] == f"```{{hints}} {number}\n```"
    assert hints["id"] != code["id"]


def test_a_bug_keeps_its_cell_and_its_symptom_is_answered_on_the_page():
    code, symptom = for_the_book('practice.check("18.10", symptom, test_response, response)')
    assert code["metadata"]["tags"] == ["remove-output"]
    assert symptom["source"] == "```{exercise} 18.10\n```"


def test_a_built_notebook_has_folds_and_citations_and_names_what_is_missing(tmp_path):
    source = tmp_path / "source"
    for folder in ("notebooks", "book"):
        (source / folder).mkdir(parents=True)
    page = '# References\n\n- <a id="K12"></a>What the book lists itself.\n'
    (source / "book" / "references.md").write_text(page)
    page = "# Title\n\n```{toctree}\nnotebooks/one\nbook/references\n```\n"
    (source / "index.md").write_text(page)
    text = "# One\n\nSee [[Krizhevsky et al., 2012]](../book/references.md#K12), "
    text += "[[Who, 2012]](../book/references.md#Who12), "
    text += "[the list](../book/references.md) and [nothing](02_nothing.ipynb).\n\n"
    text += "<details>\n<summary>Answer</summary>\n\n- $x$\n\n</details>"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])
    nbformat.write(notebook, source / "notebooks" / "one.ipynb")
    settings = {
        "extensions": ["myst_nb", "sphinx_design", "sphinxcontrib.bibtex", "course_commonmark"],
        "myst_enable_extensions": ["colon_fence", "dollarmath"],
        "nb_execution_mode": "off",
        "bibtex_bibfiles": [str(ROOT / "book" / "references.bib")],
        "bibtex_reference_style": "author_year",
        "bibtex_cite_id": "{key}",
        "html_theme": "basic",
    }
    warnings = io.StringIO()
    with docutils_namespace():  # what one build registers, the next must not find
        out = tmp_path / "html"
        Sphinx(source, None, out, tmp_path / "doctrees", "html", settings, None, warnings).build()
    built = bs4.BeautifulSoup((out / "notebooks" / "one.html").read_text("utf-8"), "html.parser")
    fold = built.select_one("details.sd-dropdown")
    assert fold.summary.get_text(strip=True) == "Answer"
    assert fold.li.find(class_="math")
    hrefs = [link["href"] for link in built.select(".body a.reference.internal")]
    assert hrefs[:2] == ["../book/references.html#k12", "../book/references.html"]
    listed = (out / "book" / "references.html").read_text("utf-8")
    assert "Hinton" in listed
    assert "What the book lists" not in listed
    assert 'could not find bibtex key "Who12"' in warnings.getvalue()
    assert "02_nothing.ipynb" in warnings.getvalue()
    assert len(re.findall("WARNING", warnings.getvalue())) == 2, warnings.getvalue()


def test_links_lead_where_a_copy_is_read():
    source = [
        "[chapter 4, ReLU](04_relu.ipynb), [[K]](../book/references.md#K12), [a](https://a.org/b.md)\n",
        "```\n[a](04_relu.ipynb)\n```\n",
        "[The table of the benchmark](../book/data/benchmarks.md)",
    ]
    notebook = {"cells": [{"cell_type": "markdown", "source": source}, {"cell_type": "code", "source": "a"}]}
    copy = course_commonmark.with_links(notebook, course_commonmark.page_address)
    assert copy["cells"][0]["source"].startswith(
        "[chapter 4, ReLU](notebooks/04_relu.html), [[K]](book/references.html#k12), [a](https://a.org/b.md)\n"
        "```\n[a](04_relu.ipynb)\n```\n| network | what |"
    )
    assert copy["cells"][1] == notebook["cells"][1]
    assert notebook["cells"][0]["source"] is source
