"""The checked exercises of chapter 17: what paper and code do differently, and what runs compare."""

import numpy as np

from alexnet_course import museum
from alexnet_course.layers import LocalResponseNormalization, ReLU
from alexnet_course.practice.exercises import Case, Exercise, Mutant, Question, gives

#: The conventions that divide the sum of squares by the n maps in it.
DIVIDE = ("caffe", "pytorch", "code of 2012")
CONVENTIONS = ("paper", "tensorflow", *DIVIDE)


def convert_alpha(alpha, n, source, target):
    """Give the alpha with which `target` computes what `source` computes with `alpha`.

    `n` is the number of maps in the sum. The conventions are "paper", "tensorflow", "caffe", "pytorch" and
    "code of 2012"; the last three divide the sum by n.
    """
    if source in DIVIDE:
        alpha = alpha / n
    if target in DIVIDE:
        alpha = alpha * n
    return alpha


# ---- the mistakes that the checker knows


def _wrong_way_round(alpha, n, source, target):
    return convert_alpha(alpha, n, target, source)


def _with(divide, width=lambda n: n):
    """Make an answer that takes other conventions for those that divide, or another number for n."""

    def answer(alpha, n, source, target):
        alpha = alpha / width(n) if source in divide else alpha
        return alpha * width(n) if target in divide else alpha

    return answer


def _tensorflow_divides(alpha, n, source, target):
    return _with((*DIVIDE, "tensorflow"))(alpha, n, source, target)


def _code_sums(alpha, n, source, target):
    return _with(("caffe", "pytorch"))(alpha, n, source, target)


def _half_width(alpha, n, source, target):
    return _with(DIVIDE, lambda n: 2 * n + 1)(alpha, n, source, target)


def _always_five(alpha, n, source, target):
    return _with(DIVIDE, lambda n: 5)(alpha, n, source, target)


def _target_alone(alpha, n, source, target):
    return alpha * n if target in DIVIDE else alpha


def _source_alone(alpha, n, source, target):
    return alpha / n if source in DIVIDE else alpha


def _whole_division(alpha, n, source, target):
    alpha = alpha // n if source in DIVIDE else alpha
    return alpha * n if target in DIVIDE else alpha


def _nothing_to_do(alpha, n, source, target):
    return alpha


def _alpha_cases(rng):
    def case(alpha, n, source, target):
        arguments = {"alpha": alpha, "n": n, "source": source, "target": target}
        return Case(f"from {source} to {target}, n = {n}", arguments)

    cases = [
        case(1.0, 5, "paper", "caffe"),
        case(1.0, 5, "caffe", "paper"),
        case(1e-4, 5, "paper", "pytorch"),
        case(1e-4, 5, "code of 2012", "paper"),
        case(1e-4, 5, "code of 2012", "caffe"),
        case(1e-4, 5, "paper", "tensorflow"),
        case(0.6, 3, "pytorch", "tensorflow"),
        case(2.0, 7, "tensorflow", "code of 2012"),
        case(0.5, 9, "paper", "paper"),
        case(0.5, 9, "pytorch", "pytorch"),
    ]
    for _ in range(4):
        source, target = map(str, rng.choice(CONVENTIONS, 2))
        cases.append(
            case(round(float(rng.uniform(0.1, 9)), 2), int(2 * rng.integers(1, 6) + 1), source, target)
        )
    return cases


CONVERT_ALPHA = Exercise(
    number="17.3",
    signatures=("convert_alpha(alpha, n, source, target)",),
    solutions=(convert_alpha,),
    cases=_alpha_cases,
    mutants=(
        Mutant(
            _wrong_way_round,
            "Caffe divides by n first. Must it then get a larger alpha than the paper's, or a smaller one?",
        ),
        Mutant(
            _tensorflow_divides, "Read TensorFlow's row in chapter 5 again: what does its alpha multiply?"
        ),
        Mutant(_code_sums, "Three conventions divide. Which of them prints no formula, but has a line 1183?"),
        Mutant(_half_width, "Is n here how many maps are summed, or how many lie on one side?"),
        Mutant(_always_five, "Try n = 3. Does your answer know it?"),
        Mutant(
            _target_alone, "What does the alpha that you are given mean? Look at where it comes from, too."
        ),
        Mutant(_source_alone, "Where does the alpha go? Look at what the target does to it."),
        Mutant(_whole_division, "Alphas are small. What is left of 0.0001 after a whole division?"),
        Mutant(_nothing_to_do, "Is the same alpha the same factor everywhere?"),
    ),
    hints=(
        "Look at what multiplies the plain sum of squares in each convention: alpha, or alpha / n.",
        "Compare the way from the source to the paper with the way from the paper to the target.",
        "Take two steps: to the paper's alpha first, dividing where the source divides; then to the target.",
    ),
)

# ---- numbers on paper

_COLUMN = np.array([2.0, -2.0, 1.0]).reshape(1, 1, 1, 3)


def _through(*layers):
    """Return what layers in this order make of the column."""
    x = _COLUMN
    for layer in layers:
        x = layer.forward(x)
    return x.ravel()


_LRN, _DIVIDED = (LocalResponseNormalization(alpha=alpha) for alpha in (1, 1 / 5))
_CODE, _PAPER = _through(_LRN, ReLU()), _through(ReLU(), _LRN)

TWO_ORDERS = Question(
    number="17.1",
    asks="what LRN and then ReLU make of (2, −2, 1), and then what ReLU and then LRN make of it: six numbers",
    answer=[*_CODE, *_PAPER],
    on_paper=[0.331, 0, 0.166, 0.465, 0, 0.232],
    hints=(
        "Look at who is heard: is the −2 still there when the squares are summed?",
        "Compare the two sums s: 2 and all three squares, or 2 and the squares of what is above 0.",
        "With s = 11 the divisor is 11 to the power 0.75, about 6.04; with s = 7 it is about 4.30.",
    ),
    mistakes=(
        gives([*_PAPER, *_CODE], "Each half is right, in the other's place. Which order comes first?"),
        gives([*_CODE, *_CODE], "When ReLU comes first, does the −2 still count in the sum?"),
        gives([*_PAPER, *_PAPER], "When LRN comes first, does the −2 count in the sum?"),
        gives([*_through(_LRN), *_PAPER], "ReLU still follows: what becomes of what is below 0?"),
        gives(
            [*_through(_DIVIDED, ReLU()), *_through(ReLU(), _DIVIDED)],
            "You have divided the sums by 5. Here alpha multiplies the plain sum.",
        ),
    ),
)


def _run(*printed, against=""):
    """Return the number of the run whose errors, or differences, the paper prints so."""
    (name,) = [run.name for run in museum.runs().values() if run.paper == printed and run.against == against]
    return int(name)


RUN_OF_A_SENTENCE = Question(
    number="17.2",
    asks="the numbers of the runs behind the three sentences",
    answer=[_run(0.4, 0.3, against="145"), _run(1.4, 1.2, against="145"), _run(40.7, 18.2)],
    on_paper=[147, 148, 145],
    hints=(
        "Look at the log: which errors, less those of run 145, come to 0.4 and 0.3 points?",
        "Compare differences with differences. The last sentence gives errors, and no difference.",
        "41.058 − 40.664 and 42.034 − 40.664 are the first two.",
    ),
    mistakes=(
        gives([148, 147, 145], "Which of the two has the larger error?"),
        gives([147, 150, 145], "The paper does not mention run 150; its differences are 1.2 and 1.1 points."),
        gives([150, 148, 145], "The paper does not mention run 150. Which run has pools of 2?"),
    ),
)

EXERCISES = (TWO_ORDERS, RUN_OF_A_SENTENCE, CONVERT_ALPHA)
