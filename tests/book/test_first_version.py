"""The page about the first version: 76 errors, each with chapters, pages and tests that exist."""

import course_facts
import pytest
from course_chapters import CHAPTERS
from helpers import ROOT

PAGE = (ROOT / "book" / "first_version.md").read_text(encoding="utf-8")
ERRORS = course_facts.load("first_version")["error"]
EVERY_ERROR = pytest.mark.parametrize("error", ERRORS, ids=lambda error: error["id"])
TEXTS = ("id", "kind", "group", "about", "said", "right", "source")
KEYS = {*TEXTS, "chapters", "pages", "false", "sample"}


def test_there_are_76():
    numbers = {"T": 40, "C": 30, "P": 6}
    expected = [f"{letter}{i:02}" for letter, count in numbers.items() for i in range(1, count + 1)]
    assert sorted(error["id"] for error in ERRORS) == sorted(expected)
    assert len({error["about"] for error in ERRORS}) == len(ERRORS)


@EVERY_ERROR
def test_an_error_is_complete(error):
    assert set(error) <= KEYS
    assert all(error.get(key) for key in TEXTS)
    assert error["kind"] == {"T": "text", "C": "code", "P": "presentation"}[error["id"][0]]
    assert f"```{{corrections}} {error['group']}\n" in PAGE


@EVERY_ERROR
def test_what_holds_it_exists(error):
    tests = course_facts.guards().get(error["id"])
    assert tests, f"no test is marked with first_version({error['id']!r})"
    for chapter in error.get("chapters", []):
        assert chapter in CHAPTERS
    for page in error.get("pages", {}):
        assert (ROOT / "book" / page).is_file(), page
    shown = course_facts.correction(error)
    assert all(f"`{test}`" in shown for test in tests)


def test_a_mark_names_errors_that_exist():
    assert set(course_facts.guards()) <= {error["id"] for error in ERRORS}


def test_the_choice_counts_every_kind_and_the_style_sheet_knows_them():
    style = (ROOT / "book" / "assets" / "site.css").read_text(encoding="utf-8")
    assert set(course_facts.KINDS) == {error["kind"] for error in ERRORS}
    for kind in course_facts.KINDS:
        assert f'input[value="{kind}"]:checked' in style
        assert f".facts:not(.kind-{kind})" in style


def test_a_mark_is_found_where_it_stands():
    marks = '@pytest.mark.slow\n@pytest.mark.first_version("T01", "C02")\n'
    source = f"import pytest\n\n{marks}def test_one():\n    pass\n\ndef test_two():\n    pass\n"
    assert course_facts.guarded_by(source) == {"test_one": ["T01", "C02"]}
    assert course_facts.guards()["P05"] == [
        "tests/book/test_pages.py::test_every_picture_of_a_notebook_is_made_by_a_cell"
    ]
