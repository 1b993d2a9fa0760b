"""Each of the 76 errors of the course's first version is guarded by a test that names it."""

import ast
import collections
import functools

import pytest
from helpers import FIRST_VERSION, ROOT


def guarded_by(source):
    """Return {name of a test: the errors that it guards} of a test file's source."""
    found = {}
    for node in ast.parse(source).body:
        for mark in getattr(node, "decorator_list", []):
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.first_version":
                found[node.name] = [ast.literal_eval(argument) for argument in mark.args]
    return found


@functools.cache
def guards():
    """Return {error: the tests that guard it, as pytest names them}."""
    found = collections.defaultdict(list)
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for test, errors in guarded_by(file.read_text(encoding="utf-8")).items():
            for error in errors:
                found[error].append(f"{file.relative_to(ROOT).as_posix()}::{test}")
    return dict(found)


def test_there_are_76():
    numbers = {"T": 40, "C": 30, "P": 6}
    expected = [f"{letter}{i:02}" for letter, count in numbers.items() for i in range(1, count + 1)]
    assert sorted(error["id"] for error in FIRST_VERSION) == sorted(expected)
    assert len({error["about"] for error in FIRST_VERSION}) == len(FIRST_VERSION)
    assert all(error["said"] for error in FIRST_VERSION)


@pytest.mark.parametrize("error", FIRST_VERSION, ids=lambda error: error["id"])
def test_a_test_guards_it(error):
    assert guards().get(error["id"]), f"no test is marked with first_version({error['id']!r})"


def test_a_mark_names_errors_that_exist():
    assert set(guards()) <= {error["id"] for error in FIRST_VERSION}


def test_a_mark_is_found_where_it_stands():
    marks = '@pytest.mark.slow\n@pytest.mark.first_version("T01", "C02")\n'
    source = f"import pytest\n\n{marks}def test_one():\n    pass\n\ndef test_two():\n    pass\n"
    assert guarded_by(source) == {"test_one": ["T01", "C02"]}
    assert guards()["P05"] == ["tests/book/test_pages.py::test_every_picture_of_a_notebook_is_made_by_a_cell"]
