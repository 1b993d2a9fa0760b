"""The checkers are fair: right answers in unusual forms pass, and likely mistakes are told what they are."""

import numpy as np
import pytest

from alexnet_course import geometry, images, losses, practice
from alexnet_course.layers import LocalResponseNormalization, MaxPooling2D, ReLU
from alexnet_course.practice.exercises import Exercise, Question

ALL = [practice.exercise(number) for number in practice.numbers()]
CODING = [exercise for exercise in ALL if isinstance(exercise, Exercise)]
QUESTIONS = [exercise for exercise in ALL if isinstance(exercise, Question)]


def by_number(exercise):
    return exercise.number


def deep(change):
    """Make `change`, which is for arrays, reach into tuples."""

    def answer(value):
        if isinstance(value, tuple):
            return tuple(map(answer, value))
        return change(value) if isinstance(value, np.ndarray) else value

    return answer


def floats(change):
    """Make `change` reach the arrays of floats."""
    return deep(lambda array: change(array) if array.dtype.kind == "f" else array)


def strided(array):
    """Return the same numbers as a view with a step in a larger array."""
    wide = np.zeros((*array.shape, 2), array.dtype)
    wide[..., 0] = array
    return wide[..., 0]


FORMS = {
    "a list": deep(lambda array: array.tolist()),
    "float32": floats(lambda array: array.astype(np.float32)),
    "long double": floats(lambda array: array.astype(np.longdouble)),
    "a view": deep(strided),
    "in columns": deep(np.asfortranarray),
    "negative zero": floats(lambda array: np.where(array == 0, -0.0, array)),
    "NumPy scalars": lambda value: np.int64(value) if type(value) is int else value,
    "a list for a tuple": lambda value: list(value) if type(value) is tuple else value,
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("exercise", CODING, ids=by_number)
def test_a_right_answer_passes_in_every_form(exercise, form):
    def reshaped(solution):
        return lambda *arguments: FORMS[form](solution(*arguments))

    report = practice.check(exercise.number, *map(reshaped, exercise.solutions))
    assert report.passed, report


@pytest.mark.parametrize("exercise", CODING, ids=by_number)
def test_an_answer_may_write_into_a_copy(exercise):
    def spoiling(solution):
        def answer(*arguments):
            copies = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
            value = solution(*copies)
            value = value.copy() if isinstance(value, np.ndarray) else value
            for copy in copies:
                if isinstance(copy, np.ndarray):
                    copy[...] = 7
            return value

        return answer

    report = practice.check(exercise.number, *map(spoiling, exercise.solutions))
    assert report.passed, report


def test_half_precision_is_as_exact_as_it_can_be():
    right = practice.exercise("02.3").solutions[0]
    assert practice.check("02.3", lambda *a: right(*a).astype(np.float16)).passed
    assert not practice.check("02.3", lambda *a: (right(*a) * 1.02 + 0.02).astype(np.float16)).passed


@pytest.mark.parametrize("question", QUESTIONS, ids=by_number)
def test_right_numbers_pass_in_every_form(question):
    answer = np.asarray(question.answer)
    if answer.ndim:
        forms = [answer.tolist(), tuple(answer.tolist()), answer.astype(float), strided(answer)]
    else:
        forms = [answer.item(), float(answer), [answer.item()], answer.reshape(1)]
    for form in forms:
        assert practice.check(question.number, form).passed, form


def test_numbers_of_one_row_may_come_in_parts():
    four = [0.8107, 0, 0.3774, 0.7548]
    assert practice.check("05.2", four, 3).passed
    assert practice.check("05.2", (np.array(four), 3.0)).passed
    assert "takes numbers" in practice.check("05.2", (four, "3")).text
    assert practice.check("01.2", np.array([200], np.uint8) + np.uint8(100), 234).passed


def test_two_padding_numbers_may_be_an_array():
    right = practice.exercise("03.4").solutions[0]
    assert practice.check("03.4", lambda *a: np.array(right(*a))).passed
    assert not practice.check("03.4", lambda *a: np.array([right(*a)])).passed


def colour_shift_in_float32(pixels, alphas):
    covariance = np.cov(pixels.T.astype(np.float32), bias=True, dtype=np.float32)
    variances, directions = np.linalg.eigh(covariance)
    return (pixels + directions @ (variances * alphas[::-1])).astype(np.float32)


def test_a_colour_shift_in_float32_is_right():
    assert practice.check("01.5", colour_shift_in_float32).passed
    report = practice.check("01.5", lambda p, a: (colour_shift_in_float32(p, a) + 0.01).astype(np.float32))
    assert not report.passed


def test_dropped_numbers_and_gradients_may_be_lists():
    drop, backward = practice.exercise("08.3").solutions
    forward = [lambda *arguments: list(drop(*arguments)), lambda *arguments: backward(*arguments).tolist()]
    assert practice.check("08.3", *forward).passed


def test_crops_may_be_a_list_of_another_type():
    crops = practice.exercise("11.3").solutions[0]
    assert practice.check("11.3", lambda image, size: list(crops(image, size))).passed
    assert practice.check("11.3", lambda image, size: crops(image.astype(np.float32), size)).passed


@pytest.mark.parametrize(
    ("number", "function"),
    [
        ("01.3", images.centre_crop),
        ("03.3", geometry.output_size),
        ("03.4", geometry.same_padding),
        ("04.3", ReLU().forward),
        ("04.6", ReLU().backward),
        ("05.3", LocalResponseNormalization().forward),
        ("06.6", MaxPooling2D(3).forward),
        ("09.3", losses.cross_entropy),
        ("11.3", images.ten_views),
    ],
)
def test_the_function_of_the_course_is_no_answer(number, function):
    report = practice.check(number, function)
    assert not report.passed
    assert f"takes a function of your own, {practice.exercise(number).signatures[0]}" in report.text
    assert f"{function.__qualname__} is the course's" in report.text


@pytest.mark.parametrize("error", [AssertionError, AssertionError("does not fit"), Exception("no")])
def test_an_error_of_the_wrong_kind_is_told_the_right_one(error):
    def size_after(n, k, s, p):
        if k > n + 2 * p:
            raise error
        return (n + 2 * p - k) // s + 1

    text = practice.check("03.3", size_after).text
    assert "; it must raise ValueError here" in text
    assert "Error: ," not in text


# ---- likely mistakes, as somebody would write them


def chapter_convolution(x, weight, bias, stride=1):
    batch, height, width, _ = x.shape
    k, _, _, filters = weight.shape
    y = np.zeros((batch, (height - k) // stride + 1, (width - k) // stride + 1, filters))
    for n, i, j, f in np.ndindex(y.shape):
        top, left = i * stride, j * stride
        y[n, i, j, f] = (x[n, top : top + k, left : left + k] * weight[..., f]).sum() + bias[f]
    return y


def starts_without_stride(x, weight, bias, stride=1):
    (rows, columns, _, filters), (batch, height, width, _) = weight.shape, x.shape
    y = np.zeros((batch, (height - rows) // stride + 1, (width - columns) // stride + 1, filters))
    for n, i, j, f in np.ndindex(y.shape):
        y[n, i, j, f] = (x[n, i : i + rows, j : j + columns] * weight[..., f]).sum() + bias[f]
    return y


def normalized_by(sums):
    """Normalize by `sums(maps, c, reach)`, in each group."""

    def lrn(x, n=5, k=2.0, alpha=1e-4, beta=0.75, groups=1):
        y = np.zeros(x.shape)
        part = x.shape[-1] // groups
        for c in range(x.shape[-1]):
            maps = x[..., c // part * part :][..., :part]
            y[..., c] = x[..., c] / (k + alpha * sums(maps, c % part, n // 2)) ** beta
        return y

    return lrn


def roots(pixels, alphas):
    variances, directions = np.linalg.eigh(np.cov(pixels.T, bias=True))
    return pixels + directions @ (np.sqrt(variances) * alphas[::-1])


def winner_without_offset(x, grad_output, k, s):
    grad_input = np.zeros(x.shape)
    for n, i, j, c in np.ndindex(grad_output.shape):
        window = x[n, i * s : i * s + k, j * s : j * s + k, c]
        row, column = np.unravel_index(window.argmax(), window.shape)
        grad_input[n, row, column, c] += grad_output[n, i, j, c]
    return grad_input


def same_rounded_down(n, k, s):
    total = max((n // s - 1) * s + k - n, 0)
    return total // 2, total - total // 2


LIKELY = [
    ("01.5", roots, "root|eigenvalue itself"),
    ("02.3", starts_without_stride, "At which pixel does window"),
    ("02.3", chapter_convolution, "How high and how wide"),
    ("03.3", lambda n, k, s, p: (n - k) // s + 1, "Change p"),
    ("03.4", lambda n, k, s: ((k - 1) / 2, (k - 1) / 2), "whole numbers"),
    ("03.4", same_rounded_down, "rounded up"),
    ("04.3", lambda x, slope=0.01: np.maximum(x, 0), "That is ReLU"),
    ("04.3", lambda x, slope=0.01: x * (x > 0) + x * slope * (x <= 0), "minus infinity"),
    ("04.3", lambda x, slope=0.01: (1 + slope) / 2 * x + (1 - slope) / 2 * abs(x), "minus infinity"),
    ("04.6", lambda x, grad_output: grad_output * (x > 0) * (grad_output > 0), "negative one passes"),
    ("04.6", lambda x, grad_output: np.maximum(grad_output, 0), "Whose sign"),
    ("05.3", normalized_by(lambda maps, c, reach: (maps**2).sum(-1)), "all maps"),
    ("05.3", normalized_by(lambda maps, c, r: (maps[..., c - r : c + r + 1] ** 2).sum(-1)), "below 0"),
    ("05.3", normalized_by(lambda maps, c, r: maps[..., max(0, c - r) : c + r + 1].sum(-1) ** 2), "Square"),
    ("06.3", winner_without_offset, "Where does the window lie"),
    ("06.6", lambda x, k, s, p: practice.exercise("06.6").solutions[0](x, k, s, 0), "padding 1"),
    ("13.5", (0.79, 1.59, 9.4), "a product and a sum"),
    ("13.5", (0.79, 1.59, 4.7), "in the miniature, too"),
    ("13.5", (1.587, 3.17, 1.48e8), "seconds"),
    ("13.5", (1.587e12, 3.17e9, 4.7), "units"),
]


@pytest.mark.parametrize(("number", "answer", "words"), LIKELY)
def test_a_likely_mistake_has_a_hint_of_its_own(number, answer, words):
    report = practice.check(number, answer)
    assert not report.passed
    assert any(word in report.hint for word in words.split("|")), report
