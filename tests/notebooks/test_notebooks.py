"""The stored notebooks: executed in order, without an error or a trace of the run, and in the house style."""

import json
import re
import textwrap

import nbclient
import pytest
import run_notebooks
from helpers import ROOT, headings

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LONGEST_CELL = 15  # lines
LONGEST_LINE = 79  # characters of code: what a page 1280 pixels wide shows whole
LONGEST_LINE_IN_A_FOLD = 75
SHORTEST_ALT = 20  # characters: an alt text states the finding
TIMING = re.compile(r"\b\d[\d.,]*\s?(?:ns|µs|us|ms|(?:milli)?seconds?|minutes?)\b|\bper loop\b", re.I)
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b|(?<![\w.])/(?:home|root|tmp|Users)/|(?:127\.0\.0\.1|localhost):")
DEAD = r"\binteract(?:_manual|ive)?\(|\bwidgets\.Output\(|\bimport Output\b|^\s*%%?time"
DEAD_ON_THE_PAGE = re.compile(DEAD, re.MULTILINE)


def printed(output):
    """Return what an output shows as text, pictures left out."""
    if output["output_type"] == "stream":
        return run_notebooks.joined(output["text"])
    return "\n".join(
        run_notebooks.joined(value)
        for mime, value in output.get("data", {}).items()
        if mime in ("text/plain", "text/markdown", "text/latex")
    )


def long_lines(lines, limit):
    """Return what to say of the lines that a page cuts off."""
    return [f"{len(line)} characters, more than {limit}: {line}" for line in lines if len(line) > limit]


def code_problems(cell, count):
    """Return what is wrong with a code cell that should have run as number `count`."""
    found = []
    source = run_notebooks.joined(cell["source"])
    outputs = cell["outputs"]
    if cell["execution_count"] != count:
        found.append(f"ran as number {cell['execution_count']}, not {count}")
    if len(source.splitlines()) > LONGEST_CELL:
        found.append(f"{len(source.splitlines())} lines, more than {LONGEST_CELL}")
    found += long_lines(source.splitlines(), LONGEST_LINE)
    if DEAD_ON_THE_PAGE.search(source):
        found.append("uses interact, Output or a timing magic")
    text = "\n".join(printed(output) for output in outputs)
    found += [f"prints a time: {match[0]!r}" for match in TIMING.finditer(text)]
    found += [f"prints an address: {match[0]!r}" for match in ADDRESS.finditer(text)]
    found += ["holds an error" for output in outputs if output["output_type"] == "error"]
    found += ["writes to stderr" for output in outputs if output.get("name") == "stderr"]
    mimes = {mime for output in outputs for mime in output.get("data", {})}
    found += [f"holds {mime}" for mime in sorted(mimes) if "widget" in mime or mime == "image/svg+xml"]
    if any(mime.startswith("image/") for mime in mimes):
        alt = cell["metadata"].get("mystnb", {}).get("image", {}).get("alt", "")
        if len(alt) < SHORTEST_ALT:
            found.append(f"shows a picture with the alt text {alt!r}: say in words what it shows")
    return found


def problems(notebook):
    """Return everything that is wrong with a notebook, one sentence each."""
    found, count, level = [], 0, 0
    for position, cell in enumerate(notebook["cells"]):
        where = f"cell {position} ({cell['id']})"
        if cell["cell_type"] == "code":
            if run_notebooks.joined(cell["source"]).strip():
                count += 1
                found += [f"{where}: {problem}" for problem in code_problems(cell, count)]
            else:
                found.append(f"{where}: empty")
            continue
        source = run_notebooks.joined(cell["source"])
        blocks = re.findall(r"^```.*?^```$", source, flags=re.MULTILINE | re.DOTALL)
        for problem in long_lines("\n".join(blocks).splitlines(), LONGEST_LINE_IN_A_FOLD):
            found.append(f"{where}: {problem}")
        for next_level in headings(source):
            if next_level > level + 1 or (next_level == 1 and level):
                found.append(f"{where}: a heading of level {next_level} after one of level {level}")
            level = next_level
        if "attachments" in cell or "attachment:" in source or "<img" in source:
            found.append(f"{where}: a picture as attachment or HTML")
    if not level:
        found.append("no title")
    if "widgets" in notebook["metadata"]:
        found.append("stores widget state")
    return found


@pytest.mark.first_version("C27", "P01", "P03")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_in_the_house_style(path):
    assert problems(json.loads(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_begins_with_its_question_its_imports_are_folded(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    imports = next(cell for cell in cells if cell["cell_type"] == "code")
    assert run_notebooks.joined(imports["source"]).startswith("import ")
    folded = [cell for cell in cells if "hide-input" in cell["metadata"].get("tags", [])]
    assert imports in folded
    assert not [cell for cell in folded if cell["outputs"]]  # what a result comes from is never hidden


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_chapter_is_as_long_as_a_lesson(path):
    words = cells = 0
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        text, exercises, _ = run_notebooks.joined(cell["source"]).partition("## Exercises")
        cells += cell["cell_type"] == "code"
        words += len(text.split()) * (cell["cell_type"] == "markdown")
        if exercises:
            break
    assert 1000 <= words <= 2000  # the exercises, which one may leave out, do not count
    assert 15 <= cells <= 26


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_was_saved_by_the_tool(path):
    text = path.read_text(encoding="utf-8")
    again = run_notebooks.as_text(run_notebooks.canonical(json.loads(text)))
    assert text == again, f"save it with: make notebooks, or tools/run_notebooks.py {path.name}"


# ---- the tests of the tests ----


def code(source="1 + 1", count=1, outputs=(), **metadata):
    return {
        "cell_type": "code",
        "id": "code",
        "metadata": metadata,
        "source": source,
        "execution_count": count,
        "outputs": list(outputs),
    }


def text(source="# Title"):
    return {"cell_type": "markdown", "id": "text", "metadata": {}, "source": source}


def notebook(*cells, **metadata):
    return {"cells": list(cells), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def shown(**data):
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {name.replace("_", "/", 1): value for name, value in data.items()},
    }


def stream(words, name="stdout"):
    return {"output_type": "stream", "name": name, "text": words}


ALT = {"image": {"alt": "The left-edge map is bright where dark fur turns light."}}
ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": []}


def test_a_good_notebook_has_no_problem():
    title = text("---\nkey: 1\n---\n# Title")
    cells = [title, code(), text("## Part\n\n### Detail\n\n## Next part\n\n```\n# no heading\n```")]
    figure = code(count=2, outputs=[shown(image_png="AAAA", text_plain="<Figure size 640x480>")], mystnb=ALT)
    assert problems(notebook(*cells, figure)) == []


@pytest.mark.first_version("P01")
@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([text(), code(count=None)], "ran as number None, not 1"),
        ([text(), code(count=1), code(count=3)], "ran as number 3, not 2"),
        ([text(), code(source="\n")], "empty"),
        ([text(), code(source="x = 1\n" * 16)], "16 lines"),
        ([text(), code(source="x" * 80)], "80 characters, more than 79"),
        ([text("# Title\n\n```python\n" + "y" * 76 + "\n```")], "76 characters, more than 75"),
        ([text(), code(outputs=[ERROR])], "holds an error"),
        ([text(), code(outputs=[stream("careful", "stderr")])], "stderr"),
        ([text(), code(outputs=[stream("took 12.5 ms")])], "prints a time: '12.5 ms'"),
        ([text(), code(outputs=[shown(text_plain="<object at 0x7f3a2b1c9d10>")])], "prints an address"),
        ([text(), code(outputs=[stream("/".join(["", "home", "cat.png"]))])], "prints an address"),
        ([text(), code(source="%time f()")], "timing magic"),
        ([text(), code(source="widgets.interact(f, x=3)")], "interact"),
        ([text(), code(outputs=[shown(image_png="AAAA")])], "alt text ''"),
        ([text(), code(outputs=[shown(**{"image_svg+xml": "<svg/>"})], mystnb=ALT)], "holds image/svg+xml"),
        ([text(), code(outputs=[shown(**{run_notebooks.WIDGET_VIEW: {}})])], "holds application"),
        ([code()], "no title"),
        ([text("# A\n\n### C")], "level 3 after one of level 1"),
        ([text("# A"), text("# B")], "level 1 after one of level 1"),
        ([text("# A\n\n![](attachment:a.png)")], "attachment"),
    ],
)
def test_each_problem_is_found(cells, expected):
    assert expected in "\n".join(problems(notebook(*cells)))


def test_stored_widget_state_is_found():
    assert problems(notebook(text(), widgets={"state": {}})) == ["stores widget state"]


# ---- tools/run_notebooks.py ----


def write(path, *cells):
    path.write_text(json.dumps(notebook(*cells, widgets={"state": {}})), encoding="utf-8")
    return path


def without_id(cell):
    return {key: value for key, value in cell.items() if key != "id"}


@pytest.mark.first_version("C27")
def test_running_twice_changes_nothing(tmp_path):
    source = textwrap.dedent(
        """
        import warnings

        print("one")
        print("two")
        {"b": 1, "a": 2}
        """
    )
    untidy = code(source, None, scrolled=True, execution={"a": 1})
    cells = [text("# Title\n"), untidy, code("x = 3", 17), text("End.")]
    path = write(tmp_path / "a.ipynb", *map(without_id, cells))
    assert run_notebooks.run(path)
    first = path.read_text(encoding="utf-8")
    assert not run_notebooks.run(path)
    assert path.read_text(encoding="utf-8") == first
    stored = json.loads(first)
    assert problems(stored) == []
    assert [cell["id"] for cell in stored["cells"]] == ["cell-01", "cell-02", "cell-03", "cell-04"]
    assert stored["metadata"]["language_info"] == {"name": "python"}
    assert stored["cells"][1]["metadata"] == {}
    assert [output["output_type"] for output in stored["cells"][1]["outputs"]] == ["stream", "execute_result"]


def test_jupyter_saves_a_chapter_in_its_form_and_keeps_the_trust_of_its_cells():
    given = notebook(text(), code(trusted=True, scrolled=True), language_info={"version": "3.13.1"})
    saved = {"type": "notebook", "content": given}
    run_notebooks.before_save(saved, "work/06_pooling.ipynb", contents_manager=None)
    assert saved["content"]["metadata"] == run_notebooks.METADATA
    assert [cell["metadata"] for cell in saved["content"]["cells"]] == [{}, {"trusted": True}]
    for kind, name in (("notebook", "own.ipynb"), ("file", "06_pooling.ipynb")):  # what is no chapter stays
        saved = {"type": kind, "content": given}
        run_notebooks.before_save(saved, name)
        assert saved["content"] is given


def test_ids_stay_when_a_cell_is_added():
    kept = code() | {"id": "cell-01"}
    cells = run_notebooks.canonical(notebook(without_id(text()), kept))["cells"]
    assert [cell["id"] for cell in cells] == ["cell-01-new", "cell-01"]


def test_a_failing_cell_stops_the_tool_and_leaves_the_file(tmp_path, capsys):
    path = write(tmp_path / "bad.ipynb", text(), code("raise ValueError('stride is 0')"))
    before = path.read_bytes()
    with pytest.raises(SystemExit, match="stride is 0"):
        run_notebooks.main([str(path)])
    assert "bad.ipynb" in capsys.readouterr().out
    assert path.read_bytes() == before


def test_a_failing_cell_is_an_error_of_its_own(tmp_path):
    with pytest.raises(nbclient.exceptions.CellExecutionError):
        run_notebooks.run(write(tmp_path / "bad.ipynb", text(), code("1 / 0")))


def test_a_name_that_is_no_notebook_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="is not a notebook"):
        run_notebooks.main([str(tmp_path / "missing.ipynb")])
