"""The source: functions that fit a screen, and a test file for every file."""

import ast
import re

import pytest
from helpers import ROOT

PACKAGE = ROOT / "src" / "alexnet_course"

LONGEST = 80  # lines of a function, as eslint.config.mjs has it for JavaScript


def too_long(text):
    """Return the functions of a Python source that have more lines than they may, with their lines."""
    functions = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef))
    lines = [(function.name, function.end_lineno - function.lineno + 1) for function in functions]
    return [(name, count) for name, count in lines if count > LONGEST]


def test_no_function_has_more_lines_than_a_screen():
    files = [file for folder in ("src", "book/_ext", "tools") for file in (ROOT / folder).rglob("*.py")]
    found = {file.relative_to(ROOT).as_posix(): too_long(file.read_text(encoding="utf-8")) for file in files}
    assert len(found) > 100
    assert {name: functions for name, functions in found.items() if functions} == {}


@pytest.mark.parametrize(("lines", "found"), [(80, []), (81, [("method", 81)])])
def test_a_function_that_is_too_long_is_found(lines, found):
    body = "        pass\n" * (lines - 1)
    assert too_long(f"class Layer:\n    def method(self):\n{body}\n\ndef method():\n    pass\n") == found


def home_of(source):
    """Return where a file of the package has its tests; None for an `__init__` that defines nothing."""
    if source.suffix == ".js":
        return ROOT / "tests" / "browser" / source.relative_to(PACKAGE).with_name(f"test_{source.stem}.py")
    if source.stem == "__init__":
        if not re.search(r"^def ", source.read_text(encoding="utf-8"), flags=re.MULTILINE):
            return None
        source = source.parent
    folder = source.relative_to(PACKAGE).parent
    return ROOT / "tests" / "unit" / folder / f"test_{source.stem.strip('_')}.py"


def test_every_source_file_has_a_test_file_of_its_name():
    sources = [file for file in PACKAGE.rglob("*") if file.suffix in (".py", ".js")]
    assert len(sources) > 150
    wanted = {source.relative_to(PACKAGE).as_posix(): home_of(source) for source in sources}
    missing = sorted(name for name, test in wanted.items() if test and not test.is_file())
    together = re.compile(r"practice/ch\d\d_\w+\.py|explorers/kit/\w+\.js|multiply_bytes\.js")
    assert [name for name in missing if not together.fullmatch(name)] == []
