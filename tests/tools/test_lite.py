"""The notebooks that run in the browser: how they, their packages and their pages are written."""

import base64
import hashlib
import json
import zipfile

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


def test_a_wheel_for_the_kernel_has_no_scripts_for_the_page(tmp_path):
    files = {
        "widgets/__init__.py": "VERSION = 1",
        "widgets/labextension/static/main.js": "page()",
        "widgets-1.data/data/share/jupyter/labextensions/widgets/main.js": "page()",
        "widgets-1.dist-info/METADATA": "Name: widgets",
        "widgets-1.dist-info/RECORD": "all of it",
    }
    whole, slim = tmp_path / "whole.whl", tmp_path / "slim.whl"
    with zipfile.ZipFile(whole, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    lite.without_scripts(whole, slim)
    with zipfile.ZipFile(slim) as archive:
        assert set(archive.namelist()) == {name for name in files if "labextension" not in name}
        record = archive.read("widgets-1.dist-info/RECORD").decode().splitlines()
        assert archive.read("widgets/__init__.py") == b"VERSION = 1"
    digest = base64.urlsafe_b64encode(hashlib.sha256(b"VERSION = 1").digest()).decode().rstrip("=")
    assert record[0] == f"widgets/__init__.py,sha256={digest},11"
    assert record[-1] == "widgets-1.dist-info/RECORD,,"
    assert len(record) == 3


def test_an_edition_is_of_the_words_and_the_code_alone(tmp_path):
    def edition(chapter):
        return lite.for_the_browser(chapter)["metadata"]["alexnet_course"]["edition"]

    first, other, run = notebook("1 + 1"), notebook("1 + 2"), notebook("1 + 1")
    run["cells"][0]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "2"}]
    assert edition(first) == edition(run) != edition(other)
    made = lite.for_the_browser(first)
    (tmp_path / "01_one.ipynb").write_text(json.dumps(made), encoding="utf-8")
    (known,) = lite.chapters(tmp_path).items()
    assert known[0] == "01_one.ipynb"
    assert known[1][0] == edition(first)
    assert known[1][1] == len(json.dumps(made)) > known[1][2] > 100


def test_a_wrong_release_is_refused(tmp_path):
    with pytest.raises(SystemExit, match=rf"holds Pyodide not at all; the kernel needs {PYODIDE_VERSION}"):
        lite.release_of(tmp_path)
    (tmp_path / "package.json").write_text('{"version": "0.1.0"}')
    with pytest.raises(SystemExit, match=r"holds Pyodide 0\.1\.0;"):
        lite.release_of(tmp_path)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("<head></head><head></head>", "has </head> 2 times"),
        ("<head></head><script>import('a')</script>", r"has await import\( 0 times"),
    ],
)
def test_a_page_that_is_not_as_known_is_refused(tmp_path, text, fault):
    for name in lite.APPLICATIONS:
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(text)
    with pytest.raises(ValueError, match=fault):
        lite.add_scripts(tmp_path, "./static/pyodide/pyodide.mjs")


def test_the_application_begins_after_the_first_words(tmp_path):
    for name in lite.APPLICATIONS:
        (tmp_path / name).mkdir()
        page = tmp_path / name / "index.html"
        page.write_text("<head><script>await import('application')</script></head><body>")
    lite.add_scripts(tmp_path, "./static/pyodide/pyodide.mjs")
    text = page.read_text()
    assert text.index("requestAnimationFrame") < text.index("await import('application')")
    assert text.index("<body>") < text.index('id="lite-notice"')


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
