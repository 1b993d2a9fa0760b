"""Code from the editor of a page: run after its chapter's imports, checked, and told in text."""

import json

import pytest

from alexnet_course import practice
from alexnet_course.practice import page

STUB = {"number": "03.3", "first": "import numpy as np", "names": ["size_after"]}
RIGHT = """
def size_after(n, k, s, p):
    if n + 2 * p < k:
        raise ValueError("the window is larger than the input")
    return (n + 2 * p - k) // s + 1
"""


def checked(code, **more):
    """Return what the page is told of a code, and what the code printed."""
    printed = []
    answer = json.loads(page.check(json.dumps(STUB | {"code": code} | more), printed.append))
    return answer["passed"], answer["text"], "".join(printed)


def test_a_right_function_passes_and_a_stub_is_not_written():
    assert checked(RIGHT) == (True, practice.check("03.3", practice.exercise("03.3").solutions[0]).text, "")
    passed, text, _ = checked("def size_after(n, k, s, p):\n    ...\n")
    assert (passed, text) == (
        False,
        "03.3: not written yet. Write your answer in place of ... and check again.",
    )


def test_what_is_printed_is_shown_as_it_comes_and_so_is_the_last_value():
    _, _, printed = checked(f"print('one')\n{RIGHT}size_after(227, 11, 4, 0)")
    assert printed == "one\n55\n"
    assert checked(f"{RIGHT}None")[2] == ""


def test_a_loop_that_prints_ends_in_one_sentence():
    _, _, printed = checked("for i in range(100_000):\n    print(i)")
    assert printed.endswith(page.CUT)
    assert len(printed) <= page.MOST + len(page.CUT)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("x = [1,\ny = 2", 'File "your code", line 1'),
        ("x = 1\nx[0]", 'File "your code", line 2, in <module>\n    x[0]\n'),
        ("def f():\n    raise KeyError('k')\nf()", 'File "your code", line 2, in f\n'),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("import numpy as np\nnp.zeros(3) @ np.zeros(4)", "ValueError: matmul"),
        ("try:\n    1 / 0\nexcept ZeroDivisionError:\n    nothing", "NameError: name 'nothing'"),
        ("def f():\n    f()\nf()", "RecursionError: "),
    ],
)
def test_an_error_shows_the_lines_of_the_reader_alone(code, told):
    passed, text, _ = checked(code)
    assert not passed
    assert told in text
    assert "page.py" not in text
    assert len(text) <= page.MOST + 1


def test_an_error_inside_the_checked_function_names_its_line():
    _, text, _ = checked("def size_after(n, k, s, p):\n    return n[0]\n")
    assert "in line 2: return n[0]" in text
    assert "Where to look: hint 1, below." in text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("", "Your code defines no size_after."),
        ("size_after = 3", "03.3: takes a function, size_after(n, k, s, p); you gave an int."),
        ("practice = 3\n" + RIGHT, "03.3 size_after: passes"),
        ("def size_after(n, k, s, p):\n    while True: pass", "It runs without end"),
    ],
)
def test_what_is_no_answer_is_said(code, said):
    assert said in checked(code)[1]


def test_one_answer_does_not_see_what_another_left():
    checked("left = 1")
    assert "NameError" in checked("left")[1]


BUG = {
    "number": "18.3",
    "first": "import numpy as np",
    "names": ["symptom", "test_pad_same", "pad_same"],
    "shape": [2],
}


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        (None, "symptom not written yet."),
        ([1], "symptom takes numbers of shape (2,)"),
        ([97, 98], "symptom not yet."),
        (practice.exercise("18.3").answer.tolist(), "symptom right."),
    ],
)
def test_the_numbers_of_a_symptom_are_judged_as_a_notebook_judges_them(numbers, said):
    code = "def pad_same(n, k, s):\n    return 0, 0\n\n\ndef test_pad_same(function):\n    ...\n"
    assert said in checked(code, **BUG, symptom=numbers)[1]
