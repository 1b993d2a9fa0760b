"""The notebooks that run in the browser: what is built, a reader without Pyodide, and a real kernel.

NumPy for the browser can be had from Pyodide's own address only, which no test asks. So the kernel runs a
notebook of its own that needs none: the names of the classes with a slider, and the module of an explorer.
"""

import json
import re
import zipfile

import lite
import pytest
from helpers import PATIENCE, SITE, settle, until
from playwright.sync_api import expect

from alexnet_course import palette
from alexnet_course.explorers import PoolingExplorer

BUILT = SITE / "lite"
CORE = lite.ROOT / "_build" / "pyodide"
# What npm has of Pyodide is without NumPy, so the smoke test asks a module that needs none.
COLOURS = list(vars(palette.LIGHT).values())
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

    def start(address, home, answers=None, without=(), before=""):
        # Its service worker only serves files to Python, and would hide requests from the guard below.
        context = browser.new_context(service_workers="block")
        contexts.append(context)
        context.set_default_timeout(1000 * PATIENCE)
        context.add_init_script(before)
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
    notice = page.locator("#lite-fault")
    if refused:
        notice.filter(has_text=f"from cdn.jsdelivr.net ({said}").wait_for()
    else:
        page.wait_for_function(
            """performance.getEntriesByType("resource").filter(
                ({ name }) => /cdn.jsdelivr.net.*(mjs|wasm|zip)$/.test(name)).length >= 3"""
        )
        settle(page)
        assert notice.count() == 0


# ---- what loads

CHAPTER = "06_pooling.ipynb"
ADDRESS = f"lite/notebooks/index.html?path={CHAPTER}"
SAID = """addEventListener("DOMContentLoaded", () => {
    globalThis.said = [];
    const doing = document.querySelector("#lite-notice .doing");
    new MutationObserver(() => {
        said.push(doing.textContent);
        if (/^The/.test(doing.textContent))
            globalThis.come = performance.getEntriesByType("resource")
                .filter(({ name }) => name.startsWith(location.origin))
                .reduce(([a, b], one) => [a + one.decodedBodySize, b + one.encodedBodySize], [0, 0]);
    }).observe(doing, { childList: true });
})"""


@pytest.mark.browser
def test_what_loads_and_what_to_do_is_said_before_any_script_has_come(built, site, open_page):
    page = open_page(site + ADDRESS, site, without=(".js",))
    said = page.locator("#lite-notice")
    expect(said).to_be_visible()
    expect(said).to_contain_text(f"from this site: about {lite.APPLICATION_SIZE[1] / 1e6:.1f} MB")
    expect(said).to_contain_text("from cdn.jsdelivr.net: 13 MB")
    assert said.get_by_role("link", name="page of the course").get_attribute("href") == "../../index.html"


@pytest.mark.browser
def test_it_counts_down_what_is_left_and_goes_when_python_is_here(built, site, open_page):
    def answers(url):
        name = url.rsplit("/", 1)[1]
        return {
            "content_type": TYPES.get(name.rsplit(".", 1)[1], "text/plain"),
            "headers": {"access-control-allow-origin": "*"},
            "body": " " * lite.PYTHON_SIZES.get(name, 1),
        }

    page = open_page(site + ADDRESS, site, answers, before=SAID)
    page.wait_for_selector("#lite-notice", state="detached")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    lines = page.evaluate("said")
    pattern = re.compile(
        r"(The notebook application|Python) comes from ([\w. ]+): about ([\d.]+) MB are left\."
    )
    found = [pattern.fullmatch(line).groups() for line in lines]
    _, raw, sent = json.loads(page.locator("script[data-chapters]").get_attribute("data-chapters"))[CHAPTER]
    for what, place, most in (
        ("The notebook application", "this site", lite.APPLICATION_SIZE[1] + sent),
        ("Python", "cdn.jsdelivr.net", sum(lite.PYTHON_SIZES.values())),
    ):
        left = [float(megabytes) for name, where, megabytes in found if (name, where) == (what, place)]
        assert left == sorted(left, reverse=True)
        assert most / 1e6 * 0.7 < left[0] <= most / 1e6 + 0.1
        assert left[-1] < 0.5
    come, travelled = page.evaluate("come")
    assert come - raw == pytest.approx(lite.APPLICATION_SIZE[0], rel=0.15)
    assert travelled - sent == pytest.approx(lite.APPLICATION_SIZE[1], rel=0.15)


# ---- a copy of the reader's own

FILES = """async ([mode, act, argument]) => {
    const opening = indexedDB.open("JupyterLite Storage - /lite/");
    await new Promise((done) => { opening.onsuccess = done; });
    const store = opening.result.transaction("files", mode).objectStore("files");
    const request = act === "put" ? store.put(argument, argument.path) : store[act](argument ?? undefined);
    await new Promise((done) => { request.onsuccess = done; });
    opening.result.close();
    return request.result;
}"""


@pytest.mark.browser
def test_an_old_copy_is_noticed_and_stays_and_the_new_chapter_opens_beside_it(built, site, open_page):
    page = open_page(site + ADDRESS, site)
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    page.locator(".jp-Notebook .jp-Cell").first.click()
    page.keyboard.press("Control+s")
    until("the copy", lambda: CHAPTER in page.evaluate(FILES, ["readonly", "getAllKeys", None]), page)
    page.reload()  # the chapter is as it was when it was saved
    page.wait_for_selector(".jp-Notebook .jp-CodeCell")
    assert page.locator("#lite-copy").count() == 0

    copy = page.evaluate(FILES, ["readonly", "get", CHAPTER])
    assert copy["content"]["metadata"]["alexnet_course"]["edition"]
    copy["content"]["metadata"]["alexnet_course"]["edition"] = "before"
    copy["content"]["cells"][0]["source"] = "mine"
    page.evaluate(FILES, ["readwrite", "put", copy])
    page.reload()
    notice = page.locator("#lite-copy")
    expect(notice).to_contain_text("The chapter has changed since; your copy stays as it is.")
    notice.get_by_role("button", name="Open the new chapter beside it").click()
    page.wait_for_url(re.compile(r"path=06_pooling.{3,20}\.ipynb$"))
    page.locator(".jp-Notebook .jp-CodeCell").filter(has_text="pip install --quiet alexnet-course").wait_for()
    assert page.locator("#lite-copy").count() == 0
    mine, new = sorted(page.evaluate(FILES, ["readonly", "getAllKeys", None]), key=len)
    assert page.evaluate(FILES, ["readonly", "get", mine])["content"]["cells"][0]["source"] == "mine"
    assert page.evaluate(FILES, ["readonly", "get", new])["content"]["cells"][0]["source"] == lite.CELL


@pytest.mark.lite
def test_the_sizes_of_python_are_those_of_its_release():
    sizes = {name: (CORE / name).stat().st_size for name in lite.PYTHON_SIZES}
    assert sizes == lite.PYTHON_SIZES


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
