"""The quizzes: their rules, and what the directive makes of them."""

import io
import re

import bs4
import pytest
from helpers import ROOT
from markdown_it import MarkdownIt
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace

from alexnet_course import practice
from alexnet_course.practice import quizzes

GOOD = """
[[questions]]
text = "What is $k^2$ for `k = 3`?"
recalls = "01_images"
[[questions.options]]
text = "nine"
reason = "Three times three is $3^2$."
right = true
[[questions.options]]
text = "six"
reason = "That is *twice* three."
[[questions.options]]
text = "three"
reason = "That is k itself."
[[questions.options]]
text = "one < two"
reason = "That is no number."
"""


@pytest.mark.parametrize("name", quizzes.names())
def test_every_quiz_keeps_the_rules(name):
    quiz = quizzes.load(name)
    assert 3 <= len(quiz.questions) <= 4
    chapter = int(name[:2])
    if chapter > 1:  # spaced recall: the first question goes back
        assert quiz.questions[0].recalls[:2] < name[:2]
    for question in quiz.questions:
        assert question.text.endswith(("?", "…"))
        for option in question.options:
            assert option.reason.endswith((".", "?"))


def test_the_right_option_stands_anywhere():
    places = [
        [option.right for option in question.options].index(True)
        for name in quizzes.names()
        for question in quizzes.load(name).questions
    ]
    for place in range(4):
        assert 0.1 < places.count(place) / len(places) < 0.4


def test_a_quiz_is_found_by_chapter_or_name():
    assert practice.quiz("02").name == practice.quiz("02_convolution").name == "02_convolution"
    with pytest.raises(
        ValueError, match=r"name '02_convolutions' is no quiz; the nearest are 02_convolution"
    ):
        practice.quiz("02_convolutions")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("right = true", ""), "question 1: 0 options are right; exactly one must be"),
        (
            ('reason = "That is k itself."', 'reason = "Yes."\nright = true'),
            "question 1: 2 options are right",
        ),
        (('reason = "That is k itself."', ""), "question 1, option 3: no reason"),
        (('"That is k itself."', '"  "'), "question 1, option 3: no reason"),
        (('text = "three"', ""), "question 1, option 3: no text"),
        (('text = "three"', 'text = "Six "'), "question 1: two options are the same"),
        (('"That is k itself."', '"That is *twice* three."'), "question 1: two reasons are the same"),
        (('text = "three"', 'text = "three"\nwhy = "no"'), "question 1, option 3: unknown key 'why'"),
        (('text = "What is $k^2$ for `k = 3`?"', ""), "question 1: no text"),
        (("[[questions", "[[sets"), "unknown key 'sets'"),
        (('text = "three"', "text = three"), "quiz 99_test: not TOML"),
        (('text = "three"', "text = 3"), "question 1, option 3: text must be a string"),
        (("right = true", 'right = "yes"'), "question 1, option 1: right must be true or false"),
        ((GOOD[GOOD.rindex("[[") :], ""), "question 1: it has 3 options; there must be 4"),
        ((GOOD, GOOD + GOOD), "two questions are the same"),
        ((GOOD, ""), "it has no questions"),
    ],
)
def test_a_broken_quiz_says_what_is_wrong(change, message):
    text = GOOD.replace(*change)
    assert text != GOOD
    with pytest.raises(quizzes.QuizError, match=re.escape(message)):
        quizzes.read("99_test", text)


def test_a_notebook_shows_the_quiz_as_folds_of_commonmark():
    quiz = quizzes.read("99_test", GOOD.replace('"three"', '"`k`, *not* $k^2$"'))
    assert repr(quiz) == "Quiz(99_test: 1 question)"
    shown = quiz._repr_markdown_()
    page = bs4.BeautifulSoup(MarkdownIt().render(shown), "html.parser")
    assert "1. From chapter 1, images. What is $k^2$ for k = 3?" in page.get_text()
    folds = page.find_all("details")
    assert [fold.summary.get_text() for fold in folds] == [
        "A. nine",
        "B. six",
        "C. k, not $k^2$",
        "D. one < two",
    ]
    verdicts = [fold.strong.get_text() for fold in folds]
    assert verdicts == ["A is right.", "B is wrong.", "C is wrong.", "D is wrong."]
    assert [element.name for element in folds[2].summary.find_all(True)] == ["code", "em"]
    assert "That is <em>twice</em> three." in str(folds[1])
    assert all(fold.find_all("details") == [] for fold in folds)
    assert len(page.find_all("hr")) == 1


# ---- the directive


@pytest.fixture
def build(tmp_path, monkeypatch):
    """Give a function that builds one page, and the page of another document, into HTML."""
    monkeypatch.syspath_prepend(str(ROOT / "book" / "_ext"))
    monkeypatch.setattr(quizzes, "FOLDER", tmp_path / "quizzes")
    quizzes.FOLDER.mkdir()
    (quizzes.FOLDER / "99_test.toml").write_text(GOOD, encoding="utf-8")
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
    assert re.search(r"index.md:3: ERROR: name '98_test' is no quiz; the nearest are 99_test", warnings)


def test_a_broken_quiz_fails_the_build(build):
    (quizzes.FOLDER / "99_test.toml").write_text(GOOD.replace("right = true", ""), encoding="utf-8")
    _, _, warnings = build("```{quiz} 99_test\n```")
    assert "ERROR: quiz 99_test, question 1: 0 options are right" in warnings
