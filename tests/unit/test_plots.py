"""Figures are found: each public function of a chapter's module, and nothing else."""

import ast
import pathlib

from alexnet_course import plots

FOLDER = pathlib.Path(plots.__file__).parent


def test_every_public_function_of_a_chapter_is_a_figure():
    modules = [file for file in FOLDER.glob("*.py") if file.stem not in ("__init__", "style", "svg")]
    functions = {
        node.name
        for file in modules
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    }
    assert set(plots.__all__) == functions
    assert all(getattr(plots, name).__name__ == name for name in functions)


def test_no_two_figures_share_a_name():
    files = (file.read_text(encoding="utf-8") for file in FOLDER.glob("*.py"))
    heads = [line for text in files for line in text.splitlines() if line.startswith("def ")]
    for name in plots.__all__:
        assert len([head for head in heads if head.startswith(f"def {name}(")]) == 1, name
