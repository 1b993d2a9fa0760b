"""A chapter in a real JupyterLab: every cell runs, and an explorer and Python change each other.

The server listens on loopback, reads no settings of the user's, and asks no other host for anything.
"""

import contextlib
import json
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import sys

import lab as lab_tool
import psutil
import pytest
from helpers import PATIENCE, ROOT, until
from playwright.sync_api import expect

from alexnet_course.explorers import PoolingExplorer
from alexnet_course.practice import quizzes

pytestmark = pytest.mark.browser
NOTEBOOKS = ROOT / "notebooks"
CHAPTER = "06_pooling.ipynb"
UNCHANGED = "02_convolution.ipynb"
SETTINGS = NOTEBOOKS.parent / "tools" / "lab_config.py"  # those of `make lab`
OPTIONS = ("--no-browser", "--ServerApp.ip=127.0.0.1", "--ServerApp.port=0")  # any port that is free
# Every cell is drawn: with windowing those out of sight leave the page while a test reads it.
CHOSEN = {"notebook-extension/tracker": {"windowingMode": "none"}}
WIDGET = "application/vnd.jupyter.widget-view+json"
# jupyterlite-pyodide-kernel brings an extension for JupyterLite; JupyterLab finds it too, and cannot load it.
NOT_OURS = "Shared module @jupyterlite/services doesn't exist"
FAILED = '.jp-Notebook [data-mime-type="application/vnd.jupyter.stderr"]'


def stored():
    """Return the chapter as the repository holds it."""
    return json.loads((NOTEBOOKS / CHAPTER).read_text(encoding="utf-8"))


def code_cells(notebook):
    """Return the cells of a notebook that can be run."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


# ---- the server ----


def own_environment(folder):
    """Return this environment, with everything that Jupyter and IPython keep in `folder`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
        environment[name] = str(folder / name.lower())
    settings = folder / "jupyter_config_dir" / "lab" / "user-settings" / "@jupyterlab"
    for name, chosen in CHOSEN.items():
        path = settings / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(chosen), encoding="utf-8")
    return environment | {
        "JUPYTER_TOKEN": secrets.token_hex(16),
        "JUPYTER_CONFIG_PATH": str(lab_tool.SETTINGS),
    }


def address_of(server, runtime, log):
    """Wait until the server listens; return its address, ending in a slash."""

    def written():
        texts = [path.read_text(encoding="utf-8") for path in runtime.glob("jpserver-*.json")]
        whole = [text for text in texts if text.endswith("}")]  # it may be half written
        return whole or server.poll() is not None

    found = until(f"JupyterLab, whose log is {log}", written)
    if found is True:
        pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-3000:]}", pytrace=False)
    return json.loads(found[0])["url"]


def stop(server):
    """Ask the server to end, and end what is left of it and its kernels; return what had to be killed."""
    try:
        family = psutil.Process(server.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        family = []
    server.terminate()
    try:
        server.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    _, left = psutil.wait_procs(family, timeout=10)
    for process in left:
        process.kill()
    return left


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a folder with the chapter, which has no outputs yet: the folder, address and token."""
    folder = tmp_path_factory.mktemp("lab")
    chapters, log = folder / "notebooks", folder / "log.txt"
    chapters.mkdir()
    notebook = stored()
    for cell in code_cells(notebook):
        cell.update(outputs=[], execution_count=None)
    (chapters / CHAPTER).write_text(json.dumps(notebook), encoding="utf-8")
    environment = own_environment(folder)
    shutil.copytree(NOTEBOOKS.parent / "book", folder / "book", ignore=shutil.ignore_patterns("_*"))
    shutil.copy(NOTEBOOKS / UNCHANGED, chapters)
    options = [*OPTIONS, f"--config={SETTINGS}", f"--ServerApp.root_dir={folder}"]
    command = [sys.executable, "-m", "jupyterlab", *options]
    with log.open("w", encoding="utf-8") as lines:
        server = subprocess.Popen(
            command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, stdout=lines, stderr=lines
        )
    try:
        address = address_of(server, pathlib.Path(environment["JUPYTER_RUNTIME_DIR"]), log)
        yield chapters, address, environment["JUPYTER_TOKEN"]
    finally:
        left = stop(server)
    assert left == []


# ---- the reader ----


@contextlib.contextmanager
def opened(browser, lab, name, workspace):
    """Open a chapter alone in JupyterLab; at the end, nothing may have gone wrong or left the machine."""
    _, address, token = lab
    outside, errors = [], []
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    context.set_default_timeout(1000 * PATIENCE)

    def guard(route):
        if route.request.url.startswith((address, "data:", "blob:")):
            route.continue_()
        else:
            outside.append(route.request.url)
            route.abort()

    def listen(line):
        if line.type == "error" and NOT_OURS not in line.text:
            errors.append(f"{line.text} {line.location}")

    context.route("**/*", guard)
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", listen)
    channel = address.replace("http:", "ws:")
    page.on("websocket", lambda socket: socket.url.startswith(channel) or outside.append(socket.url))
    try:
        page.goto(f"{address}lab/workspaces/{workspace}/tree/notebooks/{name}?token={token}")
        page.locator(".jp-Notebook .jp-CodeCell").first.wait_for()
        until("a kernel", lambda: connected(page, address, token), page)
        yield page
    finally:
        context.close()
    assert outside == []
    assert errors == []


@pytest.fixture(scope="module")
def page(browser, lab):
    """The chapter in JupyterLab."""
    with opened(browser, lab, CHAPTER, "run") as page:
        yield page


def connected(page, address, token):
    """Return whether the page has a kernel that waits for it."""
    # An indicator of JupyterLab says 'idle' before there is a kernel, so ask the server.
    kernels = page.request.get(f"{address}api/kernels?token={token}").json()
    return any(kernel["connections"] and kernel["execution_state"] == "idle" for kernel in kernels)


def use(page, command):
    """Click a button of the notebook's toolbar."""
    page.locator(f'.jp-NotebookPanel-toolbar [data-command="{command}"]').click()


def test_a_chapter_saved_unchanged_is_the_same_file(browser, lab):
    path = lab[0] / UNCHANGED
    before, saved = path.read_bytes(), path.stat().st_mtime_ns
    assert before == (NOTEBOOKS / UNCHANGED).read_bytes()
    with opened(browser, lab, UNCHANGED, "save") as page:
        page.locator(".jp-mod-dirty").first.wait_for()  # JupyterLab has written the kernel into it
        use(page, "docmanager:save")
        until("the saved notebook", lambda: path.stat().st_mtime_ns > saved and path.read_bytes(), page)
        page.locator(".jp-mod-dirty").first.wait_for(state="detached")
    assert path.read_bytes() == before


def test_a_chapter_reads_well(browser, lab):
    """Answers are folded, the quiz can be answered, and links lead to files that JupyterLab opens."""
    with opened(browser, lab, UNCHANGED, "read") as page:
        text = page.locator(".jp-Notebook")
        quiz = text.locator(".jp-OutputArea-output").filter(has_text="Choose an option")
        expect(quiz.locator("details")).to_have_count(4 * len(quizzes.load("02").questions))
        option = quiz.locator("details").first
        expect(option.get_by_text("A is")).to_be_hidden()
        option.locator("summary").click()
        expect(option.get_by_text(re.compile("^A is (right|wrong)\\.$"))).to_be_visible()
        answer = text.locator(".jp-MarkdownCell details").last
        expect(answer.locator("summary")).to_have_text("One answer of many")
        expect(answer.locator("code")).to_be_hidden()
        summary = text.locator(".jp-MarkdownCell").filter(has=page.locator("h2", has_text="Summary"))
        expect(summary.locator("mjx-container, .MathJax")).to_have_count(2)
        expect(summary).to_contain_text("[Krizhevsky et al., 2012], section 3.5.")
        summary.get_by_role("link", name="[Krizhevsky et al., 2012]").click()
        page.locator(".lm-DockPanel .lm-TabBar-tabLabel", has_text="references.md").wait_for()


@pytest.fixture(scope="module")
def chapter(page):
    """The page after *Run All Cells*."""
    for name in ("Run", "Run All Cells"):
        page.get_by_role("menuitem", name=name, exact=True).click()
    page.wait_for_function(
        r"""(failed) => document.querySelector(failed) || Array.from(
          document.querySelectorAll(".jp-Notebook .jp-CodeCell .jp-InputPrompt"),
          (prompt) => /^\[\d+\]:$/.test(prompt.textContent)).every(Boolean)""",
        arg=FAILED,
    )
    assert page.locator(FAILED).all_text_contents() == []
    return page


def run(page, code):
    """Type code into a new cell at the end and run it; return the locator of what it gives."""
    cells = page.locator(".jp-Notebook .jp-Cell")
    cells.last.locator(".jp-InputPrompt").click()
    new = cells.nth(cells.count())
    use(page, "notebook:insert-cell-below")
    new.locator(".cm-content").click()
    page.keyboard.insert_text(code)
    page.keyboard.press("Control+Enter")
    return new.locator(".jp-OutputArea-output")


def answer(page, code):
    """Run code that prints a line, and return the line."""
    output = run(page, code)
    output.wait_for()
    return output.inner_text().strip()


def texts(notebook):
    """Return what each code cell gave: its text, and the kinds of everything shown."""
    found = []
    for cell in code_cells(notebook):
        parts = [output.get("text") or output["data"]["text/plain"] for output in cell["outputs"]]
        kinds = {kind for output in cell["outputs"] for kind in output.get("data", {})}
        found.append(("".join(map("".join, parts)), kinds - {WIDGET}))
    return found


def test_every_cell_of_a_chapter_runs_and_gives_what_is_stored(chapter, lab):
    use(chapter, "docmanager:save")

    def saved():
        text = (lab[0] / CHAPTER).read_text(encoding="utf-8")
        if not text.strip():  # the server is just writing it
            return False
        notebook = json.loads(text)
        return all(cell["execution_count"] for cell in code_cells(notebook)) and notebook

    notebook = until("the saved notebook", saved, chapter)
    counts = [cell["execution_count"] for cell in code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1))
    assert texts(notebook) == texts(stored())
    # A saved chapter shows the still picture, and names no widget whose kernel will be gone.
    kinds = [set(output.get("data", {})) for cell in code_cells(notebook) for output in cell["outputs"]]
    assert {"text/html", "text/plain"} in kinds
    assert all(WIDGET not in kind for kind in kinds)
    assert notebook["metadata"] == stored()["metadata"]


def shows(output, explorer):
    """Wait until a live explorer says what `explorer` holds."""
    row, column, size = explorer.row, explorer.column, explorer.output_size
    window = f"Window ({row}, {column}): the largest of {explorer.pool_size**2} values "
    window += f"is {explorer.output[row, column]:g}, "
    words = re.compile(f"^{re.escape(window)}.* Output {size} by {size}\\.$")
    output.locator(".explorer .sentence").filter(has_text=words).wait_for()


def press(output, selector, key):
    """Press a key on a part of an explorer."""
    part = output.locator(selector).first
    part.focus()
    part.press(key)


def test_the_explorer_of_a_chapter_is_alive(chapter):
    output = chapter.locator(".jp-OutputArea-output", has=chapter.locator(".explorer"))
    output.scroll_into_view_if_needed()
    shows(output, PoolingExplorer())
    # anywidget's view stands in the place of the still picture, which is for readers without Python.
    assert chapter.locator("figure.explorer-figure").count() == 0
    press(output, "[data-name=pool_size]", "ArrowLeft")
    shows(output, PoolingExplorer(pool_size=2))


def test_python_reads_what_the_reader_set_and_the_reader_sees_what_python_set(chapter):
    output = run(chapter, "explorer = PoolingExplorer(column=1)\nexplorer")
    shows(output, PoolingExplorer(column=1))
    press(output, "[data-name=stride]", "ArrowLeft")
    assert answer(chapter, "print(explorer.stride, explorer.output.shape)") == "1 (3, 3)"
    press(output, ".map[tabindex]", "ArrowDown")
    shows(output, PoolingExplorer(stride=1, row=2, column=1))
    assert answer(chapter, "print(explorer.row, explorer.column)") == "2 1"
    run(chapter, "explorer.pool_size = 2")
    shows(output, PoolingExplorer(pool_size=2, stride=1, row=2, column=1))
    assert output.locator("[data-name=pool_size]").get_attribute("aria-valuetext") == "2"


def test_two_explorers_of_a_notebook_share_no_id(chapter):
    # What describes a control and what fills an area is found by its id, anywhere in the document.
    ids = chapter.locator(".explorer [id]").evaluate_all("parts => parts.map((part) => part.id)")
    assert len(ids) >= 8
    assert len(set(ids)) == len(ids)
