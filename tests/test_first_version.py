"""The page about the first version: 76 errors, each with chapters, pages and tests that exist."""

import ast
import functools
import pathlib

import course_facts
import pytest
from course_chapters import chapters, problem

ROOT = pathlib.Path(__file__).parent.parent
PAGE = (ROOT / "book" / "first_version.md").read_text(encoding="utf-8")
ERRORS = course_facts.load("first_version")["error"]
EVERY_ERROR = pytest.mark.parametrize("error", ERRORS, ids=lambda error: error["id"])
TEXTS = ("id", "kind", "group", "about", "said", "right", "source")
KEYS = {*TEXTS, "tests", "chapters", "pages", "false", "sample"}


@functools.cache
def names_in(file):
    """Return the names of a file's tests."""
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


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
    assert error["tests"]
    for test in error["tests"]:
        file, name = test.split("::")
        assert name in names_in(file), test
    for chapter in error.get("chapters", []):
        assert problem(chapter, chapters()) is None
    for page in error.get("pages", {}):
        assert (ROOT / "book" / page).is_file(), page
    shown = course_facts.correction(error)
    assert all(f"`{test}`" in shown for test in error["tests"])


def test_the_choice_counts_every_kind_and_the_style_sheet_knows_them():
    style = (ROOT / "book" / "assets" / "site.css").read_text(encoding="utf-8")
    assert set(course_facts.KINDS) == {error["kind"] for error in ERRORS}
    for kind in course_facts.KINDS:
        assert f'input[value="{kind}"]:checked' in style
        assert f".facts:not(.kind-{kind})" in style


def test_a_test_that_does_not_exist_is_found():
    names = names_in("tests/test_first_version.py")
    assert "test_there_are_76" in names
    assert "test_there_are_77" not in names
