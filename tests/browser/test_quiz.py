"""A quiz in a real browser: mouse, keyboard, memory, blocked storage, a file, no script."""

import io
import re

import pytest
from helpers import ROOT
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from alexnet_course.practice import quizzes

pytestmark = pytest.mark.browser

QUIZ = quizzes.load("02_convolution")
RIGHT = ["ABCD"[[option.right for option in question.options].index(True)] for question in QUIZ.questions]
WRONG = ["A" if letter != "A" else "B" for letter in RIGHT]


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """A folder with one page that holds the quiz of chapter 02."""
    root = tmp_path_factory.mktemp("quiz")
    (root / "source").mkdir()
    (root / "source" / "index.md").write_text("# Quiz\n\n```{quiz} 02_convolution\n```\n", encoding="utf-8")
    settings = {
        "extensions": ["myst_parser", "course_mathematics", "course_chapters", "course_quiz"],
        "html_math_renderer": "mathml",
        "myst_enable_extensions": ["dollarmath"],
        "html_theme": "basic",
        "html_static_path": [
            str(ROOT / "book" / "assets"),
            str(ROOT / "src" / "alexnet_course" / "palette.css"),
        ],
        "html_css_files": ["palette.css", "site.css"],
    }
    warnings = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, docutils_namespace():
        patch.syspath_prepend(str(ROOT / "book" / "_ext"))
        out = root / "html"
        Sphinx(root / "source", None, out, root / "doctrees", "html", settings, None, warnings).build()
    assert warnings.getvalue() == ""
    return out


@pytest.fixture
def open_page(browser, serve, folder):
    """Give a function that opens the page in a context of its own; page errors fail the test."""
    contexts, errors = [], []

    def start(address=None, before="", **options):
        context = browser.new_context(**options)
        contexts.append(context)
        if before:
            context.add_init_script(before)
        page = context.new_page()
        # The theme's own scripts do not expect blocked storage; ours must. On the site they are one.
        ours = re.compile(r"quiz\.js|course-\w+\.js")
        page.on("pageerror", lambda error: errors.append(error.stack) if ours.search(error.stack) else None)
        page.goto(address or serve(folder))
        return page

    yield start
    for context in contexts:
        context.close()
    assert errors == []


def question(page, index):
    return page.locator(".quiz fieldset").nth(index)


def answer(page, index, letter):
    question(page, index).locator(f"input[value={letter}]").check()
    question(page, index).get_by_role("button", name="Check").click()


def verdict(page, index):
    return question(page, index).get_by_role("status").inner_text()


def reason(index, letter):
    option = QUIZ.questions[index].options["ABCD".index(letter)]
    return re.sub(r"[*`]", "", option.reason)


def tally(page):
    return page.locator(".quiz .tally").inner_text()


def test_every_answer_shows_its_own_reason(open_page):
    page = open_page()
    for i in range(len(QUIZ.questions)):
        for letter in "ABCD":
            answer(page, i, letter)
            result = "right" if letter == RIGHT[i] else "wrong"
            assert (
                verdict(page, i).replace("\u00a0", " ").endswith(f"{letter} is {result}. {reason(i, letter)}")
            )
            assert question(page, i).get_attribute("data-verdict") == result
        answer(page, i, RIGHT[i])
    assert tally(page) == "4 of 4 right. Your answers stay in this browser."


def test_choosing_alone_gives_nothing_away(open_page):
    page = open_page()
    question(page, 0).locator(f"input[value={RIGHT[0]}]").check()
    assert verdict(page, 0) == ""
    assert question(page, 0).get_attribute("data-verdict") is None


def test_check_without_a_choice_asks_for_one(open_page):
    page = open_page()
    question(page, 0).get_by_role("button", name="Check").click()
    assert verdict(page, 0) == "Choose an answer first."


def test_another_choice_withdraws_the_verdict(open_page):
    page = open_page()
    answer(page, 0, RIGHT[0])
    assert tally(page).startswith("1 of 4")
    question(page, 0).locator(f"input[value={WRONG[0]}]").check()
    assert verdict(page, 0) == ""
    assert tally(page).startswith("0 of 4")


def test_the_keyboard_is_enough(open_page):
    page = open_page()
    question(page, 1).locator("input").first.focus()
    page.keyboard.press("Space")
    for _ in range("ABCD".index(RIGHT[1])):
        page.keyboard.press("ArrowDown")
    assert verdict(page, 1) == ""
    page.keyboard.press("Enter")
    assert question(page, 1).get_attribute("data-verdict") == "right"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Check"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the reasons are a native disclosure
    assert question(page, 1).locator("details").get_attribute("open") is not None


def test_names_and_roles_for_screen_readers(open_page):
    page = open_page()
    group = page.get_by_role("group", name=re.compile(re.escape(QUIZ.questions[1].text)))
    assert group.get_by_role("radio").count() == 4
    assert group.get_by_role("radio", name="D 34,848").count() == 1
    assert group.get_by_role("status").count() == 1


def test_answers_are_remembered_here_and_cleared(open_page):
    page = open_page()
    answer(page, 0, RIGHT[0])
    answer(page, 2, WRONG[2])
    page.reload()
    assert question(page, 0).get_attribute("data-verdict") == "right"
    assert question(page, 2).get_attribute("data-verdict") == "wrong"
    assert tally(page).startswith("1 of 4")
    assert page.context.cookies() == []
    page.get_by_role("button", name="Clear my answers").click()
    assert page.locator(".quiz input:checked").count() == 0
    assert tally(page).startswith("0 of 4")
    assert page.evaluate("localStorage.length") == 0
    page.reload()
    assert page.locator(".quiz input:checked").count() == 0


@pytest.mark.parametrize("kept", ["{", "null", "[1]", '{"1": "Z", "9": "A"}', '{"1": "\\"]"}', "3"])
def test_a_spoilt_memory_is_ignored(open_page, kept):
    page = open_page(before=f"localStorage.setItem('alexnet-course:quiz:02_convolution', {kept!r})")
    assert page.locator(".quiz input:checked").count() == 0
    answer(page, 1, RIGHT[1])
    assert tally(page).startswith("1 of 4")


def test_blocked_storage_is_said_and_harmless(open_page):
    block = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked'); } });"
    page = open_page(before=block)
    answer(page, 0, RIGHT[0])
    assert question(page, 0).get_attribute("data-verdict") == "right"
    assert tally(page) == "1 of 4 right. This browser does not keep your answers."


def test_it_works_from_a_file(open_page, folder):
    page = open_page((folder / "index.html").as_uri())
    answer(page, 0, RIGHT[0])
    assert question(page, 0).get_attribute("data-verdict") == "right"


def test_it_reads_without_a_script(open_page):
    page = open_page(java_script_enabled=False)
    assert page.locator(".quiz button").count() == 0  # nothing that would do nothing
    assert page.get_by_role("radio").count() == 16
    details = question(page, 0).locator("details")
    assert not details.locator("li").first.is_visible()
    details.locator("summary").click()
    assert details.locator("li.right").inner_text().endswith(reason(0, RIGHT[0]))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_phone(open_page, site, scheme):
    page = open_page(
        site + "notebooks/02_convolution.html", viewport={"width": 360, "height": 700}, color_scheme=scheme
    )
    answer(page, 0, WRONG[0])
    box = page.locator(".quiz").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    for label in page.locator(".quiz label, .quiz button").all():
        assert label.bounding_box()["height"] >= 24


def test_the_chapter_holds_its_quiz(open_page, site):
    page = open_page(site + "notebooks/02_convolution.html")
    for i, letter in enumerate(RIGHT):
        answer(page, i, letter)
    assert tally(page).startswith("4 of 4 right.")
