"""The notebooks that run in the browser: how they, their packages and their pages are written."""

import json

import lite
import pytest
from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION


def notebook(*sources):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [cell | {"id": f"cell-{i}", "source": source} for i, source in enumerate(sources)]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


# ---- without a browser ----


def test_the_first_cell_comes_first_and_leaves_the_chapter_as_it_is():
    chapter = notebook("1 + 1")
    changed = lite.with_first_cell(chapter)
    assert changed["cells"][0]["source"] == lite.CELL
    assert changed["cells"][1:] == chapter["cells"]
    assert len(chapter["cells"]) == 1


def test_no_list_of_lines_is_left_and_links_lead_to_pages_of_the_site():
    chapter = notebook("print(1)")
    data = {"text/plain": ["array([[5, 1],\n", "       [7, 2]])"], "image/png": "AAAA"}
    outputs = [
        {"output_type": "execute_result", "data": data, "metadata": {}, "execution_count": 1},
        {"output_type": "stream", "name": "stdout", "text": ["1\n", "2"]},
    ]
    text = ["# Title\n", "[chapter 4](04_relu.ipynb), [[K]](../book/references.md#K12)"]
    chapter["cells"][0]["outputs"] = outputs
    chapter["cells"].insert(0, {"cell_type": "markdown", "id": "a", "metadata": {}, "source": text})
    _, words, code = lite.for_the_browser(chapter)["cells"]
    assert words["source"] == "# Title\n[chapter 4](04_relu.ipynb), [[K]](../book/references.html#k12)"
    assert code["outputs"][0]["data"] == {
        "text/plain": "array([[5, 1],\n       [7, 2]])",
        "image/png": "AAAA",
    }
    assert code["outputs"][1]["text"] == "1\n2"


def test_a_package_without_a_pin_is_named():
    with pytest.raises(ValueError, match=r"requirements\.txt pins no psygnal"):
        lite.pins(["anyio", "psygnal"], "anyio==4\n-e .\n")


def test_what_is_shipped_is_what_the_course_needs_and_pyodide_lacks():
    requirements = (lite.ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert len(lite.pins(lite.SHIPPED, requirements)) == len(lite.SHIPPED)


def test_a_wrong_release_is_refused(tmp_path):
    with pytest.raises(SystemExit, match=rf"holds Pyodide not at all; the kernel needs {PYODIDE_VERSION}"):
        lite.release_of(tmp_path)
    (tmp_path / "package.json").write_text('{"version": "0.1.0"}')
    with pytest.raises(SystemExit, match=r"holds Pyodide 0\.1\.0;"):
        lite.release_of(tmp_path)


def test_a_page_with_two_heads_is_refused(tmp_path):
    for name in lite.APPLICATIONS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text("<head></head><head></head>")
    with pytest.raises(ValueError, match="has 2 heads"):
        lite.add_scripts(tmp_path, "./static/pyodide/pyodide.mjs")


# ---- the exercises of the pages ----


@pytest.fixture
def output(tmp_path):
    """A folder as JupyterLite leaves it, as far as the exercises look."""
    (tmp_path / "pypi").mkdir()
    (tmp_path / "pypi" / "alexnet_course-0.1.0-py3-none-any.whl").write_bytes(bytes(6_660_000))
    return tmp_path


@pytest.mark.parametrize("address", ["./static/pyodide/pyodide.mjs", "https://example.org/pyodide.mjs"])
def test_the_exercises_of_the_pages_find_python_where_the_notebooks_do(output, address):
    lite.add_exercises(output, address, 3.1)
    assert json.loads((output / "lite-python.json").read_text(encoding="utf-8")) == {
        "pyodide": address,
        "packages": ["numpy", "pillow"],
        "wheel": "pypi/alexnet_course-0.1.0-py3-none-any.whl",
        "megabytes": 9.8,
    }
    assert (output / "lite-python.js").is_file()


def test_the_size_of_a_release_is_that_of_what_an_exercise_loads(tmp_path):
    packages = {"numpy": {"file_name": "numpy.whl"}, "scipy": {"file_name": "scipy.whl"}}
    (tmp_path / "pyodide-lock.json").write_text(json.dumps({"packages": packages}))
    for name in ("numpy.whl", "scipy.whl", "pyodide.asm.wasm", "python_stdlib.zip"):
        (tmp_path / name).write_bytes(bytes(1_000_000))
    assert round(lite.python_size(tmp_path), 2) == 3.0
