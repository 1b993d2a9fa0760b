"""Exercises with code on their page: an editor, and one Python beside the page that runs and checks it.

NumPy for the browser can be had from Pyodide's own address only, which no test asks. So Python here is what
npm has of Pyodide, with a small package in NumPy's place, and the course a stand-in of the same form: the
real `page.py` and `budget.py` of `practice`, and a check that asks whether the last function gives the sum of
its arguments. What the real check says of the real answers, tests/book/test_course_exercises.py holds.
"""

import json
import re
import shutil
import zipfile

import pytest
from helpers import AXE, AXE_IN, PHONE, ROOT, SITE, Visit, until
from playwright.sync_api import expect

from alexnet_course.practice import budget
from alexnet_course.practice import page as page_module

CHAPTER, BUGS = "notebooks/06_pooling.html", "notebooks/18_spot_the_bug.html"
CORE = ROOT / "_build" / "pyodide"
STAND_IN = {
    "alexnet_course/__init__.py": "",
    "numpy.py": "prod = lambda shape, dtype: 1\nreshape = lambda numbers, shape: numbers\narray = list\n",
    "alexnet_course/practice/__init__.py": """
import typing_extensions
from alexnet_course.practice.budget import RanTooLongError, step_budget

class Report:
    def __init__(self, passed, text):
        self.passed, self.text = passed, text

def check(number, *answer):
    try:
        with step_budget():
            passed = answer[-1](1, 2, 3, 4) == 10
    except RanTooLongError:
        return Report(False, f"{number}: runs without end")
    words = "passes" if passed else f'no sum. practice.hint("{number}", 1)'
    return Report(passed, f"{number}: {words}, of {[one for one in answer if not callable(one)]}")
""",
}
RIGHT = (
    "def max_pool_backward(x, grad_output, k, s):\n    print('so far')\n    return x + grad_output + k + s"
)


def copy_of_the_site(folder, change_policy):
    """Put what two chapters need into a folder, under a policy that is changed."""
    if not (SITE / "lite" / "lite-python.json").is_file():
        pytest.fail("JupyterLite is not built: run `make book` before `make test-book`.", pytrace=False)
    (folder / "notebooks").mkdir()
    (folder / "lite").mkdir()
    for name in ("_static", "_images"):
        (folder / name).symlink_to(SITE / name)
    for name in ("lite-python.js", "lite-python.json"):
        shutil.copy(SITE / "lite" / name, folder / "lite")
    policies = (SITE / "_headers").read_text(encoding="utf-8")
    (folder / "_headers").write_text(change_policy(policies), encoding="utf-8")
    for name in (CHAPTER, BUGS):
        text = (SITE / name).read_text(encoding="utf-8")
        # the imports of the chapter would ask for NumPy
        text = re.sub(r"(&quot;first&quot;: &quot;).*?(?=&quot;, &quot;)", r"\1", text)
        (folder / name).write_text(change_policy(text), encoding="utf-8")


@pytest.fixture(scope="module")
def with_python(tmp_path_factory):
    """A folder with two chapters, Pyodide and the stand-in for the course."""
    if not (CORE / "pyodide-lock.json").is_file():
        pytest.fail("Pyodide is not there: run `make test-lite`.", pytrace=False)
    folder = tmp_path_factory.mktemp("site")
    copy_of_the_site(folder, lambda text: text.replace(" https://cdn.jsdelivr.net", ""))
    (folder / "lite" / "static").mkdir()
    (folder / "lite" / "static" / "pyodide").symlink_to(CORE)
    with zipfile.ZipFile(folder / "lite" / "course-0-py3-none-any.whl", "w") as wheel:
        for name, text in STAND_IN.items():
            wheel.writestr(name, text)
        for module in (page_module, budget):
            wheel.write(module.__file__, module.__name__.replace(".", "/") + ".py")
    found = {"pyodide": "./static/pyodide/pyodide.mjs", "packages": ["typing-extensions"], "megabytes": 12.3}
    found["wheel"] = "course-0-py3-none-any.whl"
    (folder / "lite" / "lite-python.json").write_text(json.dumps(found), encoding="utf-8")
    return folder


class Exercise:
    """An exercise with code on an open page."""

    def __init__(self, page, number):
        self.page, self.number = page, number
        self.box = page.locator(f".exercise[data-code*='\"{number}\"']")
        self.said, self.told = self.box.locator(".code > .verdict"), self.box.locator(".told")
        self.content = self.box.locator(".cm-content")

    def open(self):
        self.box.get_by_role("button", name=f"here: {self.number}").press("Enter")
        expect(self.content).to_be_focused()
        return self

    def write(self, code):
        self.content.focus()
        self.page.keyboard.press("Control+A")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(code)
        return self

    def check(self):
        self.box.locator(".buttons").get_by_role("button", name="Check").click()
        return self

    def text(self):
        return "\n".join(self.content.locator(".cm-line").all_inner_texts()).replace("\u200b", "")


def faults(page, theme):
    """Return what axe finds in the exercises of a page."""
    page.evaluate(AXE)
    found = page.evaluate("(options) => axe.run('.exercise', options)", AXE_IN[theme])
    return [(one["id"], one["nodes"][0]["html"]) for one in found["violations"]]


@pytest.fixture
def running(browser, serve, with_python):
    """Return a function that opens an exercise on a page with Python."""
    visits = []
    home = serve(with_python)

    def start(page, number):
        visits.append(Visit(browser, home + page))
        return visits[-1], Exercise(visits[-1].page, number).open()

    yield start
    for opened in visits:
        opened.context.close()


# ---- before and without Python ----


@pytest.mark.browser
def test_nothing_is_asked_for_before_the_reader_asks(visit):
    opened = visit(CHAPTER)
    late = ("_static/exercise_code.js", "_static/codemirror/codemirror.js", "lite/lite-python.json")
    assert opened.answers.isdisjoint(late)
    exercise = Exercise(opened.page, "06.3").open()
    expect(exercise.said).to_have_text(
        re.compile(r"Check starts Python on this page: about \d\d MB from cdn.jsdelivr.net, once.")
    )
    assert opened.answers.issuperset(late)
    assert "lite/lite-python.js" not in opened.answers
    assert opened.outside == []
    assert opened.errors == []


@pytest.mark.browser
def test_a_python_that_does_not_arrive_is_said_and_can_be_asked_for_again(visit):
    opened = visit(CHAPTER)
    exercise = Exercise(opened.page, "06.3").open().write(RIGHT)
    for _ in range(2):
        exercise.check()
        expect(exercise.said).to_have_text(
            re.compile("Python is asked|Python did not arrive from cdn.jsdelivr")
        )
        expect(exercise.said).to_contain_text(
            "Your code is kept. Write your answer in the notebook meanwhile."
        )
    assert exercise.text() == RIGHT
    opened.page.reload()
    opened.wait()
    assert Exercise(opened.page, "06.3").open().text() == RIGHT


@pytest.mark.browser
def test_a_site_without_python_says_so(visit):
    opened = visit(CHAPTER)
    opened.page.route("**/lite-python.json", lambda route: route.fulfill(status=404))
    exercise = Exercise(opened.page, "06.3").open()
    expect(exercise.said).to_have_text(
        "This copy of the site comes without Python: write your answer in the notebook."
    )
    opened.page.unroute("**/lite-python.json")
    exercise.check()  # asks again
    expect(exercise.said).to_contain_text("Python did not arrive from cdn.jsdelivr.net")


@pytest.mark.browser
def test_where_the_policy_forbids_it_the_page_says_so(browser, serve, tmp_path):
    copy_of_the_site(tmp_path, lambda text: text.replace("worker-src 'self' blob:", "worker-src blob:"))
    opened = Visit(browser, serve(tmp_path) + CHAPTER)
    exercise = Exercise(opened.page, "06.3").open().check()
    expect(exercise.said).to_have_text(
        "This page may start no Python in this browser. Write your answer in the notebook meanwhile."
    )
    assert any("worker-src" in error for error in opened.errors)
    opened.context.close()


@pytest.mark.browser
def test_the_keyboard_writes_leaves_and_goes_back_to_the_start(visit):
    opened = visit(CHAPTER)
    exercise = Exercise(opened.page, "06.3").open()
    stub = exercise.text()
    assert stub == "def max_pool_backward(x, grad_output, k, s):\n    ...  # your lines"
    assert not opened.page.locator(".cell.in-editor").is_visible()
    keys = opened.page.keyboard
    keys.press("Control+Home")
    keys.press("Tab")
    assert exercise.text() == f"    {stub}"
    exercise.box.get_by_role("button", name="Reset").click()
    assert exercise.text() == stub
    keys.press("Control+z")
    assert exercise.text() == f"    {stub}"
    keys.press("Escape")
    keys.press("Tab")
    expect(exercise.box.locator(".buttons").get_by_role("button", name="Check")).to_be_focused()


@pytest.mark.browser
@pytest.mark.parametrize("theme", AXE_IN)
def test_an_open_editor_is_accessible_and_fits_a_phone(visit, theme):
    opened = visit(CHAPTER, viewport=PHONE, color_scheme=theme)
    Exercise(opened.page, "06.3").open().write(f"# {'long ' * 40}\n'text', 1\n{RIGHT}").check()
    assert faults(opened.page, theme) == []
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


# ---- with Python ----


@pytest.mark.lite
def test_code_is_run_checked_counted_and_kept(running):
    opened, exercise = running(CHAPTER, "06.3")
    exercise.check()
    expect(exercise.box.locator(".waiting")).to_contain_text("of about 12 MB")
    expect(exercise.told).to_have_text("06.3: no sum. hint 1, below, of []")
    exercise.write(RIGHT).page.keyboard.press("Control+Enter")
    expect(exercise.said).to_have_text("Right.")
    expect(exercise.told).to_have_text("06.3: passes, of []")
    expect(exercise.box.locator(".printed")).to_have_text("so far\n")
    expect(opened.page.locator(".bd-links .active .done")).to_contain_text("exercises 1 of 5")
    assert faults(opened.page, "light") == []
    assert opened.outside == []
    assert opened.errors == []
    opened.page.reload()
    opened.wait()
    expect(exercise.said).to_have_text("Passed.")
    assert exercise.open().text() == RIGHT


@pytest.mark.lite
def test_what_goes_wrong_is_shown_and_nothing_is_lost(running):
    opened, exercise = running(CHAPTER, "06.3")
    for code, told in [
        ("def max_pool_backward(x:\n    pass", 'File "your code", line 1'),
        ("x = 1\nx[0]", 'File "your code", line 2, in <module>'),
        ("def f():\n    f()\nf()", "RecursionError"),
        ("def max_pool_backward(*x):\n    while True: pass", "06.3: runs without end"),
        ("y = 3", "Your code defines no max_pool_backward."),
    ]:
        exercise.write(code).check()
        expect(exercise.told).to_contain_text(told)
        expect(exercise.told).not_to_contain_text("page.py")
        assert exercise.text() == code
    exercise.write("print('here')\nwhile True:\n    pass").check()
    expect(exercise.box.locator(".printed")).to_have_text("here\n")
    assert len(opened.page.workers) == 1
    other = Exercise(opened.page, "06.6").open().check()
    expect(other.said).to_have_text("Python is busy with 06.3: wait for it, or stop it there.")
    exercise.box.get_by_role("button", name="Stop").click()
    expect(exercise.said).to_have_text("Stopped; your code is kept. The next check starts Python anew.")
    expect(exercise.box.locator(".buttons").get_by_role("button", name="Check")).to_be_focused()
    until("the end of Python", lambda: not opened.page.workers, opened.page)
    other.write("def max_pool(x, k, s, p):\n    return x + k + s + p").check()
    expect(other.said).to_have_text("Right.")
    exercise.write(RIGHT).check()
    expect(exercise.said).to_have_text("Right.")
    assert len(opened.page.workers) == 1
    assert opened.errors == []


@pytest.mark.lite
def test_a_bug_is_checked_with_the_symptom_of_its_field_the_test_and_the_repair(running):
    opened, exercise = running(BUGS, "18.1")
    assert exercise.text().startswith("def max_pool(x, k, s, p):")
    field = exercise.box.locator("textarea")
    field.fill("1, 2; 3 4")
    code = "def max_pool(x, k, s, p):\n    return x + k + s + p\n\n\ndef test_max_pool(function):\n    ..."
    exercise.write(code).check()
    expect(exercise.told).to_have_text("18.1: passes, of [[1, 2, 3, 4]]")
    expect(opened.page.locator(".bd-links .active .done")).to_contain_text("exercises 1 of 10")
    field.fill("none")
    exercise.check()
    expect(exercise.told).to_have_text("18.1: passes, of [Ellipsis]")


@pytest.mark.lite
def test_it_runs_in_firefox_too(in_firefox, serve, with_python):
    code = """async () => {
        const until = async (ready) => {
            while (!ready()) await new Promise(requestAnimationFrame);
            return ready();
        };
        const box = await until(() => document.querySelector(".exercise[data-code]"));
        (await until(() => box.querySelector(".code button"))).click();
        (await until(() => box.querySelector(".buttons button"))).click();
        return until(() => box.querySelector(".told").textContent);
    }"""
    assert in_firefox(serve(with_python) + CHAPTER, code) == "06.3: no sum. hint 1, below, of []"
