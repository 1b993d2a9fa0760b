"""The directive that puts a quiz on a page."""

import io
import re

import pytest
from helpers import GOOD_QUIZ, ROOT
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from alexnet_course.practice import quizzes


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Give a function that builds one page, and the page of another document, into HTML."""
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    monkeypatch.setattr(quizzes, "FOLDER", tmp_path / "quizzes")
    quizzes.FOLDER.mkdir()
    (quizzes.FOLDER / "99_test.toml").write_text(GOOD_QUIZ, encoding="utf-8")
    source, out = tmp_path / "source", tmp_path / "html"
    source.mkdir()
    settings = {
        "extensions": ["myst_parser", "course_mathematics", "course_chapters", "course_quiz"],
        "source_suffix": {".md": "markdown"},  # a build of notebooks in this process makes them its own
        "html_math_renderer": "mathml",
        "myst_enable_extensions": ["dollarmath"],
        "html_theme": "basic",
        "html_static_path": [str(ROOT / "book" / "assets")],
    }

    def build(page):
        (source / "index.md").write_text(f"# Quiz\n\n{page}\n", encoding="utf-8")
        (source / "other.md").write_text("---\norphan: true\n---\n# No quiz\n", encoding="utf-8")
        warnings = io.StringIO()
        with docutils_namespace():  # what one build registers, the next must not find
            Sphinx(source, None, out, tmp_path / "doctrees", "html", settings, None, warnings).build()
        return (
            (out / "index.html").read_text("utf-8"),
            (out / "other.html").read_text("utf-8"),
            warnings.getvalue(),
        )

    return build


def test_a_formula_keeps_the_mark_that_touches_it(build):
    html, _, warnings = build("Take $n = 5$, or ($k$) else.")
    assert warnings == ""
    assert re.findall(r'<span class="math-kept">(?:(?!</span>).)*</math>(.)</span>', html) == [",", ")"]


def test_directive_makes_questions_that_need_no_script(build):
    html, _, warnings = build("```{quiz} 99_test\n```")
    assert warnings == ""
    assert html.count("<fieldset>") == html.count("<legend>") == html.count("<details>") == 1
    assert html.count('type="radio"') == html.count("<label>") == 4
    assert len(set(re.findall(r'<input name="([^"]+)"', html))) == 1
    assert '<li class="right" data-letter="A"><strong>A is right.</strong>' in html
    assert html.count('<li class="wrong"') == 3
    assert "From chapter 1, images" in html


def test_formulas_and_code_look_as_in_the_rest_of_the_book(build):
    html, _, _ = build("```{quiz} 99_test\n```")
    assert html.count("<math") == 2
    assert "$" not in html[html.index("<fieldset") : html.index("</fieldset")]
    assert re.search(r"<code[^>]*>.*k.*=.*3", html)
    assert "one &lt; two" in html


def test_script_and_style_come_only_with_a_quiz(build):
    html, other, _ = build("```{quiz} 99_test\n```")
    assert re.search(r'<script defer="defer" src="_static/quiz.js', html)
    assert "_static/quiz.css" in html
    assert "quiz.js" not in other
    assert "quiz.css" not in other


def test_an_unknown_quiz_fails_the_build(build):
    _, _, warnings = build("```{quiz} 98_test\n```")  # make book turns a warning into an error
    assert re.search(
        r"index.md:3: ERROR: name '98_test' is no quiz; the nearest are 99_test .*practice/quizzes", warnings
    )


def test_a_broken_quiz_fails_the_build(build):
    (quizzes.FOLDER / "99_test.toml").write_text(GOOD_QUIZ.replace("right = true", ""), encoding="utf-8")
    _, _, warnings = build("```{quiz} 99_test\n```")
    assert "ERROR: quiz 99_test, question 1: 0 options are right" in warnings
