"""The explorers of the site: one module each, with what it imports inside."""

import re
import shutil
import types

import course_explorers
import pytest
from course_scripts import without_comments

from alexnet_course.explorers import PoolingExplorer
from alexnet_course.explorers.kit.base import FOLDER, inline


def test_each_explorer_is_one_module_and_what_it_imports_is_gone(tmp_path):
    static = tmp_path / "_static"
    shutil.copytree(FOLDER, static, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    course_explorers.bundle(static)
    modules = {file.name: file.read_text(encoding="utf-8") for file in static.rglob("*.js")}
    assert set(modules) == {file.name for file in FOLDER.glob("*.js")}
    for name, text in modules.items():
        assert text == inline(name, without_comments)
        assert len(text) < len(inline(name))
        assert not re.search(r"^import\b", text, flags=re.MULTILINE)
        assert text.count("\nexport default ") == 1
    assert not (static / "made").exists()
    assert (static / "kit" / "explorer.css").is_file()


@pytest.mark.parametrize(("page", "start"), [("index", ""), ("notebooks/one", "../")])
def test_a_still_picture_is_a_file_of_the_site(tmp_path, page, start):
    app = types.SimpleNamespace(outdir=tmp_path, builder=types.SimpleNamespace(format="html"))
    context = {"body": PoolingExplorer()._figure(), "pathto": lambda name, _: start + name}
    assert "data:" in context["body"]
    course_explorers.put_out(app, page, "", context, None)
    assert "data:image" not in context["body"]
    (address,) = re.findall(r'<img class="static"[^>]* fetchpriority="low" src="([^"]+)"', context["body"])
    assert (tmp_path / address.removeprefix(start)).read_text(encoding="utf-8").startswith("<svg ")
