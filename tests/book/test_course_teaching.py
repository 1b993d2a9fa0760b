"""The page for teachers: every chapter's goals and exercises, from the chapters and their checkers."""

import io
import re

import course_teaching
import pytest
from course_chapters import chapters, markdown
from helpers import ROOT
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from alexnet_course import practice


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The text of a page with both directives, built alone."""
    folder = tmp_path_factory.mktemp("teaching")
    (folder / "index.md").write_text("# First\n\n```{goals}\n```\n\n```{graded}\n```\n", encoding="utf-8")
    settings = {"extensions": ["myst_parser", "course_chapters", "course_teaching"], "html_theme": "basic"}
    settings |= {"source_suffix": {".md": "markdown"}, "myst_enable_extensions": ["deflist", "dollarmath"]}
    with pytest.MonkeyPatch.context() as patch, docutils_namespace():
        patch.setattr("course_chapters.check_contents", lambda app: None)  # the page stands alone
        warnings = io.StringIO()
        folders = (folder, None, folder / "html", folder / "doctrees")
        Sphinx(*folders, "html", settings, None, warnings).build()
    assert "directive" not in warnings.getvalue()
    return (folder / "html" / "index.html").read_text(encoding="utf-8")


def test_the_goals_of_every_chapter_are_listed(page):
    listed = re.findall(r"<li><p>(.*?)</p></li>", page)
    assert len(listed) == sum(len(course_teaching.goals(name)) for name in chapters())


def test_every_exercise_has_a_row_that_says_who_judges_it(page):
    rows = re.findall(r"<td><p>(\d\d\.\d+)</p></td>\s*<td><p>(.*?)</p></td>\s*<td><p>(.*?)</p></td>", page)
    numbers = [n for name in chapters() for n in re.findall(r"^\*\*(\d\d\.\d+) ", markdown(name), flags=re.M)]
    assert [number for number, _, _ in rows] == numbers
    for number, _, judge in rows:
        assert (number in practice.numbers()) == ("teacher" not in judge), number


def test_the_lessons_last_as_long_as_they_say():
    text = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
    lessons = re.findall(r"^### (\d+) minutes.*?\n(.*?)(?=^##|\n\n[^|])", text, flags=re.M | re.S)
    assert [int(long) for long, _ in lessons] == [45, 90, 180]
    for long, rows in lessons:
        assert sum(map(int, re.findall(r"^\| (\d+) \|", rows, flags=re.M))) == int(long)
