"""The quizzes: their rules, and how a notebook shows them."""

import re

import bs4
import pytest
from helpers import GOOD_QUIZ
from markdown_it import MarkdownIt

from alexnet_course import practice
from alexnet_course.practice import quizzes


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
        ((GOOD_QUIZ[GOOD_QUIZ.rindex("[[") :], ""), "question 1: it has 3 options; there must be 4"),
        ((GOOD_QUIZ, GOOD_QUIZ + GOOD_QUIZ), "two questions are the same"),
        ((GOOD_QUIZ, ""), "it has no questions"),
    ],
)
def test_a_broken_quiz_says_what_is_wrong(change, message):
    text = GOOD_QUIZ.replace(*change)
    assert text != GOOD_QUIZ
    with pytest.raises(quizzes.QuizError, match=re.escape(message)):
        quizzes.read("99_test", text)


def test_a_notebook_shows_the_quiz_as_folds_of_commonmark():
    quiz = quizzes.read("99_test", GOOD_QUIZ.replace('"three"', '"`k`, *not* $k^2$"'))
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
