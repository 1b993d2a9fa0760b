"""The checked exercises of chapter 12: backpropagation and gradient checking."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from alexnet_course.data import tile
from alexnet_course.gradcheck import gradient_gaps
from alexnet_course.layers import MaxPooling2D
from alexnet_course.losses import cross_entropy
from alexnet_course.practice.exercises import Case, Exercise, Mistake, Mutant, Question, gives


def numerical_gradient(f, x, step):
    """Give the gradient of `f` at `x` by central differences, an array with the shape of `x`.

    `f` takes such an array and returns a number; `step` is half the distance of the two points.
    """
    x = np.array(x, float)  # a copy that can hold a nudge: whole numbers cannot
    slopes = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        value = x[place]
        x[place] = value + step
        above = f(x)
        x[place] = value - step
        below = f(x)
        x[place] = value
        slopes[place] = (above - below) / (2 * step)
    return slopes


# ---- the mistakes that the checker knows: numerical_gradient


def _differences(f, x, step, difference):
    """Give one `difference(f, x, place, step)` for each place of a float64 copy."""
    x = np.array(x, float)
    return np.array([difference(f, x, place, step) for place in np.ndindex(x.shape)]).reshape(x.shape)


def _nudged(x, place, by):
    x = x.copy()
    x[place] += by
    return x


def _one_sided(f, x, step):
    return _differences(f, x, step, lambda f, x, place, step: (f(_nudged(x, place, step)) - f(x)) / step)


def _not_restored(f, x, step):
    def difference(f, x, place, step):
        x[place] += step
        above = f(x)
        x[place] -= 2 * step
        return (above - f(x)) / (2 * step)

    return _differences(f, x, step, difference)


def _dtype_kept(f, x, step):
    gradient = np.zeros(x.shape)
    for place in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[place] = x[place] + step
        below[place] = x[place] - step
        gradient[place] = (f(above) - f(below)) / (2 * step)
    return gradient


def _copy_nudged(f, x, step):
    flat = np.array(x, float).flatten()
    gradient = np.zeros(flat.shape)
    for i, value in enumerate(flat):
        flat[i] = value + step
        above = f(x)
        flat[i] = value - step
        gradient[i] = (above - f(x)) / (2 * step)
    return gradient.reshape(np.shape(x))


def _divided_by_the_step(f, x, step):
    return 2 * numerical_gradient(f, x, step)


def _not_divided(f, x, step):
    return 2 * step * numerical_gradient(f, x, step)


def _below_minus_above(f, x, step):
    return -numerical_gradient(f, x, step)


def _all_at_once(f, x, step):
    x = np.array(x, float)
    return np.full(x.shape, (f(x + step) - f(x - step)) / (2 * step))


def _in_one_row(f, x, step):
    return numerical_gradient(f, x, step).ravel()


@dataclass(frozen=True)
class _Function:
    """A function of an array whose repr is its formula: a report shows it."""

    formula: str
    rule: Callable

    def __call__(self, x):
        return float(self.rule(x))

    def __repr__(self):
        return self.formula


_SQUARES = _Function("the sum of the squares of x", lambda x: (x**2).sum())
_CUBES = _Function("the sum of the cubes of x", lambda x: (x**3).sum())
_PRODUCT = _Function("the product of all numbers of x", np.prod)
_FIRST = _Function("3 times the first number of x", lambda x: 3 * x.flat[0])
_EAR_LOSS = _Function("the cross-entropy of the logits x for ear", lambda x: cross_entropy(x, [0])[0])


def _gradient_cases(rng):
    def case(name, f, x, step=1e-4):
        return Case(name, {"f": f, "x": np.array(x), "step": step})

    return [
        case("the sum of squares at (1, 2), with a step of 0.1", _SQUARES, [1.0, 2.0], 0.1),
        case("3 times the first of two numbers", _FIRST, [1.0, 5.0]),
        case("cubes, where the slope itself changes, with a step of 0.1", _CUBES, [1.0, -2.0], 0.1),
        case("a product of two numbers", _PRODUCT, [3.0, 4.0], 0.1),
        case("whole numbers", _SQUARES, [1, 2, 3]),
        case("numbers in float32", _SQUARES, np.array([1.5, -0.7], np.float32)),
        case("two rows of three numbers", _CUBES, rng.standard_normal((2, 3))),
        case("the ear's logits, 1, 2, 0", _EAR_LOSS, tile.LOGITS.astype(float)),
        case("random filters, 3 x 3 x 1 x 2", _PRODUCT, rng.uniform(0.5, 1.5, (3, 3, 1, 2))),
    ]


NUMERICAL_GRADIENT = Exercise(
    number="12.3",
    signatures=("numerical_gradient(f, x, step)",),
    solutions=(numerical_gradient,),
    cases=_gradient_cases,
    mutants=(
        Mutant(
            _one_sided,
            "Try a square: yours is off by the step itself. What does a point on the other side cancel?",
        ),
        Mutant(
            _not_restored,
            "Try a product of two numbers: is the first one back in its place when you nudge the second?",
        ),
        Mutant(
            _dtype_kept,
            "Check the dtype of what you nudge: a whole number cannot hold a small step, and float32 hardly.",
        ),
        Mutant(_copy_nudged, "Your gradient is 0 everywhere. Does `f` ever see the number that you nudge?"),
        Mutant(
            _divided_by_the_step, "Yours is twice as large as it should be. How far apart are the two points?"
        ),
        Mutant(_not_divided, "A smaller step must not make the gradient smaller. What do you divide by?"),
        Mutant(
            _below_minus_above, "Raise a number whose square is summed: the sum rises. Which sign is that?"
        ),
        Mutant(_all_at_once, "Try a function of the first number alone: the second must have gradient 0."),
        Mutant(_in_one_row, "Every number of `x` gets one gradient, in its place. Which shape is that?"),
    ),
    hints=(
        "Look at one number: what does the function give a little above it, and a little below?",
        "Compare your result for the sum of squares at (1, 2) with 2 and 4, and `x` before with `x` after.",
        "Take a copy in float64. For every place, nudge up and call, nudge down and call, put back, and "
        "divide the difference by the distance of the two points.",
    ),
)

# ---- numbers on paper

_, _GRAD_LOGITS = cross_entropy(tile.LOGITS.astype(float), [0])
_ROW = 2 * _GRAD_LOGITS[0]  # h2 said 2
_SHARES = _GRAD_LOGITS[0] + [1, 0, 0]

ROW = Question(
    number="12.1",
    asks="the gradients of the three weights that lead from h2 to ear, stripe and whisker",
    answer=_ROW,
    on_paper=[-1.5106, 1.3304, 0.1800],  # 2 times the rounded −0.7553, 0.6652, 0.0900
    hints=(
        "Look at the three wires that leave h2. Each carries the same number forward.",
        "Compare with the chapter's rule: a weight's gradient is what went in, times what comes back.",
        "What went in is 2. What comes back is prediction minus truth, a number for each class.",
    ),
    mistakes=(
        gives(_GRAD_LOGITS[0], "That is what comes back. What went forward through these wires?"),
        gives(2 * _SHARES, "Those are shares times 2. What is subtracted from the share of the truth?"),
        gives(-_ROW, "Right but for the sign: a gradient says how the loss grows, not where to step."),
        gives(2 * _ROW, "Unit h2 said 2, and h0 said 4. Whose row is this?"),
        gives(_ROW[::-1], "The classes stand in the order ear, stripe, whisker."),
    ),
)

SILENT = Question(
    number="12.2",
    asks="the number of the filter whose gradients are all 0, and of the hidden unit that is to blame",
    answer=np.array([0, 1]),
    on_paper=[0, 1],
    hints=(
        "Look at the hidden units first: one of them hands nothing back.",
        "Compare which features each hidden unit reads, and which map each feature comes from.",
        "Features go round the maps: f0, f3, f6, f9 are of map 0. Who reads any of them?",
    ),
    mistakes=(
        gives((1, 1), "Follow the wires of h1 upwards: f0 and f6. Which map are they from?"),
        gives((2, 1), "Feature number modulo 3 is the map. What is that for f0 and f6?"),
        gives((0, 0), "The filter is right. Which hidden unit was at or below 0?"),
        gives((1, 0), "The two are the other way round: first the filter, then the unit."),
    ),
)


def _gap(window):
    """Return how far the gradient of a 2 x 2 pool is from central differences."""
    x = np.reshape(window, (1, 2, 2, 1)).astype(float)
    return gradient_gaps(MaxPooling2D(2), x, np.random.default_rng(0))["input"]


def _is_one_number(given):
    """Say whether these are four small numbers, all the same."""
    given = np.ravel(given)
    return given.size == 4 and bool((np.abs(given) <= 100).all()) and bool((given == given[0]).all())


def _is_window(given):
    """Say whether these are four numbers as the exercise wants them: small ones, and not all the same."""
    given = np.ravel(given)
    return given.size == 4 and bool((np.abs(given) <= 100).all()) and bool((given != given[0]).any())


TIED = Question(
    number="12.5",
    asks="four numbers from -100 to 100, not all the same: a window on which the pool fails its check",
    answer=np.array([3, 3, 1, 0]),
    on_paper=[3, 3, 1, 0],
    hints=(
        "Look for the places where the largest of four numbers has no slope.",
        "Compare what a nudge up and a nudge down of the winner do to the output.",
        "If a second number is as large as the winner, a nudge down leaves the output where it is.",
    ),
    mistakes=(
        Mistake(
            lambda given: _is_window(given) and _gap(given) <= 1e-3,
            "On these four numbers the check passes: one of them leads alone, and a nudge keeps it in front.",
            (4, 3, 2, 1),
        ),
        Mistake(
            _is_one_number,
            "That ties, too, but all four lead. Give four that are not all the same, so that one loses.",
            (1, 1, 1, 1),
        ),
    ),
    accepts=lambda given: _is_window(given) and _gap(given) > 1e-3,
)

EXERCISES = (ROW, SILENT, NUMERICAL_GRADIENT, TIED)
