"""What the course remembers in the reader's browser: the place, the end of a chapter, the quiz."""

import json

import pytest
from helpers import PHONE, settle
from playwright.sync_api import expect

from alexnet_course.practice import quizzes

pytestmark = pytest.mark.browser
FIRST, CHAPTER = "book/intro.html", "notebooks/06_pooling.html"
LINK = ".bd-links a[href$='{}']"
KEPT = "() => JSON.parse(localStorage.getItem('alexnet-course:place:06_pooling'))"


def go(opened, page):
    """Open another page of the site in the same window."""
    opened.page.goto(opened.home + page)
    opened.wait()


def read_to(opened, section):
    """Scroll until a section is in the upper half of the window, and wait until it is kept."""
    opened.page.evaluate(f"document.getElementById('{section}').scrollIntoView()")
    opened.page.wait_for_function(f"() => ({KEPT})()?.id === '{section}'")


def test_the_first_page_leads_on_from_the_last_section(visit):
    opened = visit(FIRST)
    expect(opened.page.locator(".memory a")).to_have_text("Start with chapter 1")
    go(opened, CHAPTER)
    read_to(opened, "by-hand")
    go(opened, FIRST)
    onward = opened.page.locator(".memory a.continue")
    expect(onward).to_have_text("Continue: chapter 6 Max pooling, By hand")
    expect(opened.page.locator(".memory .said")).to_contain_text("Read to the end: 0 of ")
    onward.click()
    opened.page.wait_for_url("**/06_pooling.html#by-hand")
    assert opened.errors == []
    assert opened.outside == []


def test_a_chapter_read_to_its_summary_is_ticked_and_stays_so(visit):
    opened = visit(CHAPTER)
    tick = opened.page.locator(".bd-links .active .done")
    expect(tick).to_have_count(0)
    opened.page.evaluate("document.getElementById('summary').scrollIntoView()")
    expect(tick).to_have_text("✓ (read)")
    go(opened, FIRST)
    expect(opened.page.locator(".memory a.continue")).to_have_text(
        "Continue: chapter 7 Fully connected layers"
    )
    go(opened, CHAPTER)
    read_to(opened, "question")
    expect(tick).to_have_text("✓ (read)")
    go(opened, FIRST)
    expect(opened.page.locator(".memory a.continue")).to_have_text(
        "Continue: chapter 6 Max pooling, Question"
    )
    expect(opened.page.locator(LINK.format("06_pooling.html") + " .done")).to_have_text("✓ (read)")
    expect(opened.page.locator(".memory .said")).to_contain_text("Read to the end: 1 of ")


def test_the_quiz_is_counted_beside_its_chapter(visit):
    opened = visit(CHAPTER)
    asked = quizzes.load("06_pooling").questions
    for number, question in enumerate(asked[:2]):
        right = "ABCD"[[option.right for option in question.options].index(True)]
        field = opened.page.locator(".quiz fieldset").nth(number)
        field.locator(f"input[value='{right}']").check(force=True)
        field.get_by_role("button", name="Check").click()
    done = opened.page.locator(".bd-links .active .done")
    expect(done).to_have_text(f"2/{len(asked)} (quiz 2 of {len(asked)})")
    opened.page.get_by_role("button", name="Clear my answers").click()
    expect(done).to_have_count(0)


def test_everything_can_be_saved_and_forgotten(visit):
    opened = visit(CHAPTER)
    read_to(opened, "by-hand")
    go(opened, FIRST)
    opened.page.locator(".memory summary").click()
    with opened.page.expect_download() as waiting:
        opened.page.get_by_role("button", name="Save as a file").click()
    saved = json.loads(waiting.value.path().read_text(encoding="utf-8"))
    assert json.loads(saved["alexnet-course:place:06_pooling"])["id"] == "by-hand"
    forget = opened.page.locator(".memory button", has_text="Forget")
    forget.click()
    expect(forget).to_contain_text("sure?")
    forget.evaluate("button => button.blur()")
    expect(forget).to_have_text("Forget all")  # a second thought
    forget.click()
    forget.click()
    expect(opened.page.locator(".memory a")).to_have_text("Start with chapter 1")
    assert opened.page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('alexnet'))") == []


BLOCKED = """for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, { get() { throw new DOMException("no", "SecurityError"); } });
}"""
FOREIGN = """localStorage.setItem("alexnet-course:last", '"06_pooling"');
    localStorage.setItem("alexnet-course:place:06_pooling", '{"id": 5}');
    localStorage.setItem("alexnet-course:score:06_pooling", "no JSON");"""


@pytest.mark.parametrize("before", [BLOCKED, FOREIGN], ids=["blocked", "foreign"])
def test_a_storage_that_is_blocked_or_holds_something_else_does_no_harm(visit, before):
    opened = visit(FIRST, before=before)
    expect(opened.page.locator(".memory a")).to_have_text("Start with chapter 1")
    go(opened, CHAPTER)
    opened.page.evaluate("document.getElementById('by-hand').scrollIntoView()")
    settle(opened.page)
    assert opened.errors == []


@pytest.mark.parametrize("size", [{"width": 1280, "height": 720}, PHONE], ids=["laptop", "phone"])
def test_the_first_screen_has_a_promise_the_way_in_and_a_thing_to_drag(visit, size):
    opened = visit(FIRST, viewport=size)
    promise = opened.page.get_by_text("until you can compute each of its layers")
    start = opened.page.get_by_role("link", name="Start with chapter 1")
    gesture = opened.page.get_by_text("Drag the square over the cat’s eye.")
    maps = opened.page.locator("figure[data-explorer] .explorer .panels canvas")
    places = [part.bounding_box() for part in (promise, start, gesture, maps.nth(0), maps.nth(1))]
    assert all(place["y"] + place["height"] <= size["height"] for place in places), places
    go(opened, CHAPTER)
    read_to(opened, "by-hand")
    go(opened, FIRST)
    onward = opened.page.locator(".memory a.continue").bounding_box()
    assert onward["y"] + onward["height"] <= size["height"]


def test_the_page_that_is_open_is_the_current_one(visit):
    opened = visit(CHAPTER)
    current = opened.page.locator(".bd-links [aria-current=page]")
    expect(current).to_have_text("6 Max pooling")
    expect(opened.page.locator(".chapter-number")).to_have_text("Chapter 6")
    expect(opened.page.locator(".prev-next-area .left-prev")).to_contain_text(
        "5 Local response normalization"
    )
    go(opened, FIRST)
    expect(current).to_have_text("AlexNet from scratch")
    go(opened, "book/api/convolution.html")
    expect(current).to_have_count(0)  # the chapters' side bar names the library, no page of it
    expect(opened.page.locator(".bd-links [aria-current=true]")).to_have_text("The library")
