"""The notebooks that run in the browser: what is built, a reader without Pyodide, and a real kernel.

NumPy for the browser can be had from Pyodide's own address only, which no test asks. So the kernel runs a
notebook of its own that needs none: the names of the classes with a slider, and the module of an explorer.
"""

import json
import re
import zipfile

import lite
import pytest
from helpers import SITE, settle
from playwright.sync_api import expect

from alexnet_course import palette
from alexnet_course.explorers import PoolingExplorer

BUILT = SITE / "lite"
CORE = lite.ROOT / "_build" / "pyodide"
# What npm has of Pyodide is without NumPy, so the smoke test asks a module that needs none.
COLOURS = list(vars(palette.LIGHT).values())
PATIENCE = 120_000  # ms; a busy machine takes its time to compile Python
SMOKE = (
    'import piplite\nawait piplite.install("alexnet-course", deps=False)\n'
    'await piplite.install(["anywidget", "comm", "ipywidgets"])',
    "import ipywidgets\nfrom alexnet_course import palette\ncolours = list(vars(palette.LIGHT).values())\n"
    'place, answer = ipywidgets.IntSlider(11, 1, 11), ipywidgets.Label("first")\n'
    "def show(change):\n    answer.value = f'colour {colours[place.value]}'\n"
    'place.observe(show, "value")\nipywidgets.VBox([place, answer])',
    # An explorer's class needs NumPy; what the browser gets of it are a module, a style sheet and traits.
    f"import anywidget, traitlets\nstate = {PoolingExplorer()._state()!r}\n"
    f"state['about'] = {PoolingExplorer().about!r}\n"
    "traits = {name: traitlets.Any(value).tag(sync=True) for name, value in state.items()}\n"
    f"code = {{'_esm': {PoolingExplorer._esm!r}, '_css': {PoolingExplorer._css!r}}}\n"
    "explorer = type('Pooling', (anywidget.AnyWidget,), traits | code)()\n"
    "explorer.observe(lambda change: setattr(answer, 'value', f'stride {change.new}'), 'stride')\nexplorer",
)


def notebook(*sources):
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [cell | {"id": f"cell-{i}", "source": source} for i, source in enumerate(sources)]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture(scope="session")
def built():
    """The folder that `make book` made."""
    if not (BUILT / "jupyter-lite.json").is_file():
        pytest.fail("JupyterLite is not built: run `make book` before `make test-book`.", pytrace=False)
    return BUILT


@pytest.mark.browser
def test_the_course_and_what_it_needs_come_with_the_site(built):
    index = json.loads((built / "pypi" / "all.json").read_text(encoding="utf-8"))
    assert {name.replace("_", "-") for name in index} == {"alexnet-course", *lite.SHIPPED}
    (wheel,) = (built / "pypi").glob("alexnet_course-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    package = lite.ROOT / "src" / "alexnet_course"
    wanted = [
        path for path in package.rglob("*") if path.suffix in (".py", ".js", ".css", ".toml", ".png", ".npz")
    ]
    missing = {f"alexnet_course/{path.relative_to(package).as_posix()}" for path in wanted} - names
    assert missing == set()


@pytest.mark.browser
def test_every_chapter_is_there_with_its_first_cell(built):
    listed = {path.name for path in (built / "files").glob("*.ipynb")}
    assert listed == {path.name for path in (lite.ROOT / "notebooks").glob("*.ipynb")}
    for name in listed:
        text = (built / "files" / name).read_text(encoding="utf-8")
        chapter = json.loads(text)
        assert chapter["cells"][0]["source"] == lite.CELL
        assert not re.search(r"\]\(\.\./book/\S*\.md", text)
        shown = [output.get("data", {}) for cell in chapter["cells"] for output in cell.get("outputs", [])]
        assert all(isinstance(value, str) for data in shown for value in data.values())


@pytest.mark.browser
def test_links_of_a_chapter_open_pages_and_chapters(built, site, open_page):
    page = open_page(f"{site}lite/notebooks/index.html?path=06_pooling.ipynb", site)
    for name, address in (
        ("[Krizhevsky et al., 2012]", f"{site}book/references.html#k12"),
        ("chapter 4, ReLU", f"{site}lite/notebooks/index.html?path=04_relu.ipynb"),
    ):
        with page.context.expect_page() as new:
            page.locator(".jp-Notebook").get_by_role("link", name=name).first.click()
        expect(new.value).to_have_url(address)


@pytest.fixture
def open_page(browser):
    """Return a function that opens a page and lets nothing leave the machine."""
    contexts = []

    def start(address, home, answers=None, without=()):
        # Its service worker only serves files to Python, and would hide requests from the guard below.
        context = browser.new_context(service_workers="block")
        contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.outside, page.refused = [], []

        def guard(route):
            if route.request.url.split("?")[0].endswith(without):
                route.abort()
            elif route.request.url.startswith((home, "data:", "blob:")):
                route.continue_()
            else:
                page.outside.append(route.request.url)
                route.fulfill(**answers(route.request.url)) if answers else route.abort()

        context.route("**/*", guard)
        page.on(
            "console",
            lambda line: page.refused.append(line.text) if "Content Security Policy" in line.text else None,
        )
        page.goto(address)
        return page

    yield start
    for context in contexts:
        context.close()


@pytest.mark.browser
def test_a_chapter_opens_and_a_missing_python_is_said(built, site, open_page):
    page = open_page(f"{site}lite/notebooks/index.html?path=03_geometry.ipynb", site)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.locator(".jp-Notebook .jp-CodeCell").filter(has_text="pip install --quiet alexnet-course").wait_for()
    notice = page.get_by_role("alert").filter(has_text="Python did not arrive from cdn.jsdelivr.net")
    notice.wait_for()
    assert notice.get_by_role("link").get_attribute("href") == f"{site}notebooks/03_geometry.html"
    assert {address.split("/")[2] for address in page.outside} == {"cdn.jsdelivr.net"}
    notice.get_by_role("button", name="Close").click()
    expect(notice).to_have_count(0)
    assert page.refused == []


# The notice needs nothing of JupyterLite itself, which takes its time.
APPLICATION = ("config-utils.js", "bundle.js")
TYPES = {"mjs": "text/javascript", "wasm": "application/wasm", "zip": "application/zip"}


@pytest.mark.browser
@pytest.mark.parametrize(
    ("refused", "status", "kind", "said"),
    [
        ("pyodide.mjs", 200, "text/html", "pyodide.mjs came as text/html"),  # a filter's own page
        ("pyodide.mjs", 451, "text/html", "pyodide.mjs: error 451"),
        ("pyodide.asm.wasm", 403, "text/html", "pyodide.asm.wasm: error 403"),
        ("pyodide.asm.wasm", 200, "application/octet-stream", "pyodide.asm.wasm came as application/octet"),
        ("python_stdlib.zip", 404, "text/html", "python_stdlib.zip: error 404"),
        ("", 200, "", ""),
    ],
)
def test_a_filter_that_answers_is_no_python(built, site, open_page, refused, status, kind, said):
    def answers(url):
        name = url.rsplit("/", 1)[1]
        wrong = name == refused
        return {
            "status": status if wrong else 200,
            "content_type": kind if wrong else TYPES.get(name.rsplit(".", 1)[1], "text/plain"),
            "headers": {"access-control-allow-origin": "*"},
            "body": "",
        }

    address = f"{site}lite/notebooks/index.html?path=03_geometry.ipynb"
    page = open_page(address, site, answers, without=APPLICATION)
    notice = page.locator("#lite-notice")
    if refused:
        notice.filter(has_text=f"from cdn.jsdelivr.net ({said}").wait_for()
    else:
        page.wait_for_function(
            """performance.getEntriesByType("resource").filter(
                ({ name }) => /cdn.jsdelivr.net.*(mjs|wasm|zip)$/.test(name)).length >= 3"""
        )
        settle(page)
        assert notice.count() == 0


@pytest.fixture(scope="session")
def with_python(tmp_path_factory, built):
    """A site whose JupyterLite has Python, but no NumPy, beside it, and one notebook more."""
    if not (CORE / "pyodide-lock.json").is_file():
        pytest.fail("Pyodide is not there: run `make test-lite`.", pytrace=False)
    folder = tmp_path_factory.mktemp("site")
    output = folder / "lite"
    lite.build(output, CORE)
    # With Pyodide on the site itself, its address need not be in the policy (book/hosting.md).
    policies = (SITE / "_headers").read_text(encoding="utf-8")
    assert policies.count(" https://cdn.jsdelivr.net") == 2
    (folder / "_headers").write_text(policies.replace(" https://cdn.jsdelivr.net", ""), encoding="utf-8")
    (output / "files" / "smoke.ipynb").write_text(json.dumps(notebook(*SMOKE)))
    listing = output / "api" / "contents" / "all.json"
    contents = json.loads(listing.read_text(encoding="utf-8"))
    contents["content"].append(contents["content"][0] | {"name": "smoke.ipynb", "path": "smoke.ipynb"})
    listing.write_text(json.dumps(contents))
    return folder


@pytest.mark.lite
def test_a_kernel_starts_installs_the_course_and_answers_a_slider_and_an_explorer(
    with_python, serve, open_page
):
    home = serve(with_python)
    page = open_page(f"{home}lite/notebooks/index.html?path=smoke.ipynb", home)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    handle = page.locator(".widget-hslider .noUi-handle").first
    handle.wait_for()
    handle.press("ArrowLeft")
    page.locator(".widget-label").filter(has_text=f"colour {COLOURS[10]}").wait_for()
    for _ in range(5):
        handle.press("ArrowLeft")
    page.locator(".widget-label").filter(has_text=f"colour {COLOURS[5]}").wait_for()
    page.locator(".explorer [data-name=stride]").press("ArrowLeft")
    page.locator(".widget-label").filter(has_text="stride 1").wait_for()
    page.locator(".explorer .sentence").filter(has_text="Output 3 by 3.").wait_for()
    assert page.outside == []
    assert page.refused == []
    assert page.get_by_role("alert").filter(has_text="Python did not arrive").count() == 0
