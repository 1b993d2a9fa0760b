"""Exercises on their page: the field judges as `practice.check` does, helps, and remembers."""

import json

import course_exercises
import numpy as np
import pytest
from helpers import ROOT
from playwright.sync_api import expect

from alexnet_course import practice
from alexnet_course.practice.bugs import Bug
from alexnet_course.practice.exercises import Exercise

pytestmark = pytest.mark.browser
QUESTIONS = [n for n in practice.numbers() if course_exercises.answerable(practice.exercise(n))]
SCRIPTS = [
    (ROOT / "book" / "assets" / name).read_text(encoding="utf-8") for name in ("memory.js", "exercises.js")
]


@pytest.fixture(scope="module")
def judged(browser):
    """Return a function that gives what the page says of a text as an answer to a question."""
    page = browser.new_page()

    def ask(number, text):
        exercise = practice.exercise(number)
        question = exercise.symptom if isinstance(exercise, Bug) else exercise
        data = json.dumps(course_exercises.for_the_page(question))
        page.set_content("<div class='exercise'></div>")
        page.evaluate("data => { document.querySelector('.exercise').dataset.exercise = data; }", data)
        for script in SCRIPTS:
            page.add_script_tag(content=script)
        page.locator("textarea").fill(text)
        page.get_by_role("button", name="Check").click()
        return page.locator(".exercise").get_attribute("data-verdict"), page.locator(".verdict").inner_text()

    yield ask
    page.close()


def written(value):
    """Return numbers as a reader writes them: rows on lines, a proper minus sign."""
    rows = np.atleast_2d(value).tolist()
    return "\n".join(", ".join(str(number) for number in row) for row in rows).replace("-", "−")


@pytest.mark.parametrize("number", QUESTIONS)
def test_the_page_judges_as_the_checker_does(judged, number):
    question = practice.exercise(number)
    shape = np.shape(question.answer)
    wrong = np.full(shape, 987654)
    values = [question.answer, question.on_paper, wrong]
    values += [mistake.example for mistake in question.mistakes if np.shape(mistake.example) == shape]
    for value in values:
        report = practice.check(number, value)
        verdict, said = judged(number, written(value))
        assert (verdict == "right") == report.passed, value
        known = [mistake for mistake in question.mistakes if mistake.made is None and mistake.shown_by(value)]
        if known and not report.passed:
            assert said == f"Not yet. {report.hint}"


@pytest.mark.parametrize("number", [n for n in practice.numbers() if isinstance(practice.exercise(n), Bug)])
def test_the_page_judges_a_symptom_as_the_checker_does(judged, number):
    bug = practice.exercise(number)
    wrong = np.full(np.shape(bug.answer), 987654)
    for value in [bug.answer, bug.on_paper, wrong, *(mistake.example for mistake in bug.mistakes)]:
        report = practice.check(number, value, ..., ...)
        verdict, said = judged(number, written(value))
        assert (verdict == "right") == report.parts["symptom"], value
        assert said == (f"Not yet. {report.hint}" if report.hint else said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Write one number first."),
        ("thirteen", "“thirteen” is no number. It takes one number."),
        ("12 13", "It takes one number; you gave 2."),
        ("1/0", "“1/0” is no number. It takes one number."),
        (" [13] ", "Right."),
        ("26/2", "Right."),
        ("13.0", "Right."),
        ("1,300", "Not yet. The hints say where to look."),
    ],
)
def test_what_is_written_is_read_or_refused_in_words(judged, text, said):
    assert judged("06.2", text)[1] == said


def test_an_answer_is_kept_and_counted_and_the_hints_open_without_a_script(visit):
    opened = visit("notebooks/06_pooling.html")
    box = opened.page.locator(".exercise").nth(1)
    expect(box.locator("label")).to_have_text("Your answer to 06.2: one number")
    box.locator("textarea").fill("13")
    box.locator("textarea").press("Enter")
    expect(box.locator(".verdict")).to_have_text("Right.")
    expect(opened.page.locator(".bd-links .active .done")).to_contain_text("exercises 1 of 5")
    opened.page.reload()
    opened.wait()
    expect(box.locator("textarea")).to_have_value("13")
    expect(box.locator(".verdict")).to_have_text("Right.")
    assert opened.errors == []
    bare = visit("notebooks/06_pooling.html", java_script_enabled=False)
    hint = bare.page.locator(".exercise").nth(1).locator("details").first
    hint.locator("summary").click()
    expect(hint.locator("p")).to_have_text(practice.exercise("06.2").hints[0])


def test_every_checked_exercise_has_its_hints_on_the_page(visit):
    opened = visit("notebooks/06_pooling.html")
    numbers = [number for number in practice.numbers() if number.startswith("06.")]
    expect(opened.page.locator(".exercise")).to_have_count(len(numbers))
    expect(opened.page.locator(".exercise details")).to_have_count(3 * len(numbers))
    coding = [number for number in numbers if isinstance(practice.exercise(number), Exercise)]
    expect(opened.page.locator(".exercise textarea")).to_have_count(len(numbers) - len(coding))
    expect(opened.page.locator("main")).not_to_contain_text("not written yet")
