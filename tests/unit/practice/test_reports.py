"""Misuse: the report says which of these happened."""

import inspect

import numpy as np
import pytest

from alexnet_course import practice
from alexnet_course.practice.exercises import Exercise

ALL = [practice.exercise(number) for number in practice.numbers()]
CODING = [exercise for exercise in ALL if isinstance(exercise, Exercise)]


def mutants():
    for exercise in CODING:
        for mutant in exercise.mutants:
            name = mutant.function.__name__.strip("_")
            yield pytest.param(exercise, mutant, id=f"{exercise.number}-{name}")


def right(x, weight, bias, stride=1):
    return practice.exercise("02.3").solutions[0](x, weight, bias, stride)


def test_a_result_instead_of_a_function():
    text = practice.check("02.3", np.zeros((1, 5, 5, 3))).text
    assert "takes a function, conv2d(x, weight, bias, stride=1); you gave an array" in text
    assert "without calling it" in text


def test_two_functions_for_one():
    assert "takes 1 function(s)" in practice.check("02.3", right, right).text


def test_a_function_that_raises_is_told_where():
    def conv2d(x, weight, bias, stride=1):
        size = weight.shape[0]
        return x[size, 99]

    text = practice.check("02.3", conv2d).text
    assert "It raises IndexError: index 2 is out of bounds" in text
    line = inspect.getsourcelines(conv2d)[1] + 2
    assert f"in line {line}: return x[size, 99]" in text


def test_a_function_with_too_few_parameters():
    assert "It raises TypeError" in practice.check("02.3", lambda x: x).text


def test_a_function_without_end_is_stopped():
    def conv2d(x, weight, bias, stride=1):
        while True:
            pass

    report = practice.check("02.3", conv2d)
    assert not report.passed
    assert "It runs without end" in report.text


def test_a_loop_that_swallows_exceptions_is_stopped_too():
    def conv2d(x, weight, bias, stride=1):
        while True:
            try:
                weight = weight + 1
            except Exception:
                weight = 0

    assert "It runs without end" in practice.check("02.3", conv2d).text


def test_recursion_without_end_is_an_error():
    def conv2d(x, weight, bias, stride=1):
        return conv2d(x, weight, bias, stride)

    assert "RecursionError" in practice.check("02.3", conv2d).text


def test_a_function_that_changes_its_input():
    def conv2d(x, weight, bias, stride=1):
        x *= 2
        return right(x / 2, weight, bias, stride)

    assert "It changes its input x" in practice.check("02.3", conv2d).text


def test_the_cases_are_fresh_for_every_check():
    def spoil(x, weight, bias, stride=1):
        x[...] = 0
        return x

    practice.check("02.3", spoil)
    assert practice.check("02.3", right).passed


@pytest.mark.parametrize(
    ("returns", "says"),
    [
        (lambda y: None, "It returns None (is its return missing?); expected an array"),
        (lambda y: [[1], [1, 2]], "It returns a list; expected an array of shape"),
        (lambda y: y[0], "It returns shape (1, 1, 1); expected (1, 1, 1, 1)."),
        (lambda y: y.astype(int), "int64 numbers; expected float64."),
        (lambda y: "no", "It returns a str; expected an array"),
        (lambda y: y + 0.25, "  yours    2.25, in shape (1, 1, 1, 1)\n  expected 2, in shape (1, 1, 1, 1)"),
    ],
)
def test_a_wrong_return_says_how(returns, says):
    report = practice.check("02.3", lambda *a: returns(right(*a)))
    assert not report.passed
    assert says in report.text, report


def test_float32_is_accepted():
    assert practice.check("02.3", lambda *a: right(*a).astype(np.float32)).passed


def test_an_unknown_mistake_gets_the_failed_case_and_the_general_hint():
    report = practice.check("02.3", lambda *a: right(*a) + 1e-3)
    assert "fails check 1 of" in report.text
    assert 'practice.hint("02.3", 1)' in report.text
    assert report.hint == ""


def test_of_two_mistakes_the_one_that_explains_more_is_named():
    mutants = {mutant.function.__name__: mutant for mutant in practice.exercise("02.3").mutants}

    def flipped_and_whole(x, weight, bias, stride=1):
        y = mutants["_kernel_flipped"].function(x, weight, bias, stride)
        return y.astype(x.dtype) if x.dtype.kind == "i" and len(x) > 1 else y

    assert practice.check("02.3", flipped_and_whole).hint == mutants["_kernel_flipped"].hint


def test_eigenvectors_of_either_sign_are_right():
    def colour_shift(pixels, alphas):
        values, vectors = np.linalg.eigh(np.cov(pixels.T, bias=True))
        return pixels + (-vectors * [1, -1, 1]) @ (values * alphas[::-1])

    assert practice.check("01.5", colour_shift).passed


def test_any_order_of_several_numbers_is_right():
    assert practice.check("03.2", 56, 53, 55, 54).passed
    assert "not all" in practice.check("03.2", 55, 56).text


def test_a_kernel_too_large_must_raise():
    report = practice.check("03.3", lambda n, k, s, p: (n + 2 * p - k) // s + 1)
    assert "it must raise ValueError here" in report.text


def test_two_functions_are_checked_together():
    crops, average = practice.exercise("11.3").solutions
    assert practice.check("11.3", crops, average).passed
    assert "takes 2 function(s)" in practice.check("11.3", crops, average, average).text
    assert "takes 2 function(s)" in practice.check("11.3").text
    assert "not written yet" in practice.check("11.3", lambda image, size: ..., average).text


def test_a_report_is_the_same_every_time():
    def wrong(*arguments):
        return right(*arguments) * 2

    assert repr(practice.check("02.3", wrong)) == repr(practice.check("02.3", wrong))
