"""The checked exercises of chapter 04: ReLU."""

import numpy as np

from alexnet_course.data import tile
from alexnet_course.practice.ch02_convolution import conv2d
from alexnet_course.practice.exercises import Case, Exercise, Mutant, Question, gives


def leaky_relu(x, slope=0.01):
    """Give each number of `x`, or `slope` times it where it is negative; `slope` is from 0 to 1."""
    return np.where(x > 0, x, slope * x)


# ---- the mistakes that the checker knows: leaky_relu


def _relu(x, slope=0.01):
    return np.maximum(x, 0)


def _slope_above_zero(x, slope=0.01):
    return np.where(x > 0, slope * x, x)


def _slope_for_all(x, slope=0.01):
    return slope * x


def _slope_as_value(x, slope=0.01):
    return np.maximum(x, slope)


def _minus_slope(x, slope=0.01):
    return np.where(x > 0, x, -slope * x)


def _default_slope(x, slope=0.01):
    return leaky_relu(x)


def _times_its_gate(x, slope=0.01):
    return x * (x > 0) + slope * x * (x <= 0)


def _written_into_x(x, slope=0.01):
    x[x < 0] *= slope
    return x


def _leaky_cases(rng):
    row = tile.MAPS[0, 2, :, 0].astype(float)
    cases = [
        Case("the numbers -2, 0 and 2", {"x": np.array([-2.0, 0, 2]), "slope": 0.1}),
        Case("a row of the tile's left-edge map", {"x": row, "slope": 0.1}),
        Case("a slope of 0, which is ReLU", {"x": row, "slope": 0.0}),
        Case("a slope of 1, which changes nothing", {"x": row, "slope": 1.0}),
        Case("slope left out, so it is 0.01", {"x": row}),
        Case("minus infinity", {"x": np.array([-np.inf, -1.0, 1.0]), "slope": 0.5}),
        Case("whole numbers", {"x": tile.MAPS[0, 2], "slope": 0.25}),
    ]
    for shape in ((3, 4), (2, 3, 5, 2), (1, 6, 4, 3)):
        x = np.round(rng.standard_normal(shape), 1)  # rounded, so that some are exactly 0
        slope = round(float(rng.uniform(0.05, 0.9)), 2)
        cases.append(Case(f"random numbers {shape}", {"x": x, "slope": slope}))
    return cases


LEAKY_RELU = Exercise(
    number="04.3",
    signatures=("leaky_relu(x, slope=0.01)",),
    solutions=(leaky_relu,),
    cases=_leaky_cases,
    mutants=(
        Mutant(_relu, "That is ReLU. Here a negative number is made smaller, and not thrown away."),
        Mutant(_slope_above_zero, "Which half of the numbers stays as it is: those above 0, or those below?"),
        Mutant(_slope_for_all, "Numbers above 0 stay as they are."),
        Mutant(_slope_as_value, "The slope is what a negative number is multiplied by, not what it becomes."),
        Mutant(_minus_slope, "Print what comes out for -2: it is still below 0, or 0."),
        Mutant(_default_slope, "Change the slope: your result stays as it was."),
        Mutant(
            _times_its_gate,
            "At minus infinity: infinity times 0, and infinity less infinity, are no numbers.",
        ),
        Mutant(_written_into_x, "Print x after your function ran: the caller still needs it as it was."),
    ),
    hints=(
        "Look at -2, 0 and 2 with a slope of 0.1: -0.2, 0 and 2 must come out.",
        "Compare each number with slope times itself: for which numbers is the larger of the two right?",
        "Two answers for every number, itself and slope times itself; choose place by place.",
    ),
)


def relu_backward(x, grad_output):
    """Give the gradient for the input `x`: it passes where `x` is above 0."""
    return grad_output * (x > 0)


# ---- the mistakes that the checker knows: relu_backward


def _gate_by_the_gradient(x, grad_output):
    return grad_output * (grad_output > 0)


def _gate_by_both(x, grad_output):
    return grad_output * (x > 0) * (grad_output > 0)


def _gate_open_at_zero(x, grad_output):
    return grad_output * (x >= 0)


def _gate_reversed(x, grad_output):
    return grad_output * (x < 0)


def _no_gate(x, grad_output):
    return grad_output + 0.0


def _times_x(x, grad_output):
    return grad_output * np.maximum(x, 0)


def _gate_alone(x, grad_output):
    return (x > 0).astype(float)


def _written_into_the_gradient(x, grad_output):
    grad_output[x <= 0] = 0
    return grad_output


def _backward_cases(rng):
    hidden = tile.HIDDEN.astype(float)
    blame = np.array([[-0.7553, 0.0900, 1.4205, 0.7553]])  # what each hidden unit of the tile is told
    edges = np.array([-2.0, 0.0, 2.0])

    def case(name, x, grad_output):
        return Case(name, {"x": x, "grad_output": grad_output})

    cases = [
        case("the four hidden units of the tile", hidden, blame),
        case("an input of exactly 0", edges, np.ones(3)),
        case("gradients of both signs", edges, np.array([1.0, -1.0, -1.0])),
        case("a gradient below 0 for an input above 0", np.array([3.0]), np.array([-1.0])),
        case("a row of the tile's left-edge map", tile.MAPS[0, 2, :, 0].astype(float), np.arange(-2.0, 3)),
    ]
    for shape in ((3, 4), (2, 3, 5, 2), (1, 6, 4, 3)):
        x = np.round(rng.standard_normal(shape), 1)  # rounded, so that some are exactly 0
        cases.append(case(f"random numbers {shape}", x, rng.standard_normal(shape)))
    return cases


RELU_BACKWARD = Exercise(
    number="04.6",
    signatures=("relu_backward(x, grad_output)",),
    solutions=(relu_backward,),
    cases=_backward_cases,
    mutants=(
        Mutant(_gate_by_the_gradient, "Whose sign opens the gate? Use the saved x, not the gradient."),
        Mutant(_gate_by_both, "The sign of the gradient closes nothing: a negative one passes, too."),
        Mutant(
            _gate_open_at_zero, "At x = 0 both answers can be defended. Our convention at 0 is gradient 0."
        ),
        Mutant(_gate_reversed, "The gate is open where x is above 0."),
        Mutant(_no_gate, "Where x was negative, the output did not depend on it. What is its gradient?"),
        Mutant(_times_x, "Above 0 the slope of ReLU is 1, however large x is."),
        Mutant(_gate_alone, "That is the slope alone. What has grad_output to do with it?"),
        Mutant(_written_into_the_gradient, "Print grad_output afterwards: it was not yours to change."),
    ),
    hints=(
        "Look at x = [-2, 0, 2] with a gradient of ones.",
        "Compare each gradient that you return with the sign of the x it belongs to.",
        "Each gradient is multiplied by the slope of ReLU at its x: 1 or 0.",
    ),
)

_LEFT_EDGE = tile.MAPS[..., 0]
_ZEROS = (int((_LEFT_EDGE == 0).sum()), int((_LEFT_EDGE <= 0).sum()))

ZEROS = Question(
    number="04.1",
    asks="zeros among the 25 responses of the left-edge map, before and after ReLU",
    answer=_ZEROS,
    on_paper=(3, 9),
    hints=(
        "Count row by row: first the zeros, then the negative numbers.",
        "Compare the two counts: they differ by the number of negative responses.",
        "A zero stays a zero, and every negative number becomes one.",
    ),
    mistakes=(
        gives(
            (_ZEROS[0], _ZEROS[1] - _ZEROS[0]),
            "Those are the negatives alone. The old zeros are still there.",
        ),
        gives((_ZEROS[0], _ZEROS[0]), "The negative responses become 0, too."),
        gives((8, 25), "Those are the zeros of all three maps. The left-edge map alone is asked."),
    ),
)

_SUM = int(np.maximum(_LEFT_EDGE, 0).sum())

GROWN = Question(
    number="04.2",
    asks="the sum of the left-edge map after ReLU",
    answer=_SUM,
    on_paper=43,
    hints=(
        "Look at the negative numbers of the map: what do they take off the sum now?",
        "Compare with the sum before: it can only grow.",
        "Take the sum before, and give back what the negative numbers took.",
    ),
    mistakes=(
        gives(int(tile.MAPS[..., 0].sum()), "That is the sum before ReLU."),
        gives(
            int(abs(tile.MAPS[..., 0]).sum()), "You count the negative numbers as positive. They become 0."
        ),
    ),
)


def _second_hidden_units():
    """Give hidden unit 1, before ReLU, for the ear, the stripe and the whisker: (3,)."""
    responses = conv2d(tile.IMAGES - tile.MEAN_IMAGE, tile.KERNELS, tile.BIASES)  # (3, 5, 5, 3)
    windows = np.lib.stride_tricks.sliding_window_view(np.maximum(responses, 0), (3, 3), (1, 2))
    pooled = windows[:, ::2, ::2].max(axis=(-2, -1))  # (3, 2, 2, 3)
    return (pooled.reshape(3, 12) @ tile.HIDDEN_WEIGHT + tile.HIDDEN_BIAS)[:, 1]


_LOUDEST = int(_second_hidden_units().max())

DEAD = Question(
    number="04.5",
    asks="the smallest fall of the bias that silences hidden unit 1 on all three drawings",
    answer=_LOUDEST,
    on_paper=1,
    hints=(
        "Write down the unit's value for each of the three drawings, then with the bias lowered by a half.",
        "Compare the largest of the three with 0: that drawing is the last on which it falls silent.",
        "The unit is dead once its largest value is no longer above 0.",
    ),
    mistakes=(
        gives(_LOUDEST + 1, "It is dead before that: at exactly 0 no gradient passes either."),
        gives(0, "On one of the drawings the unit still speaks."),
    ),
)

EXERCISES = (ZEROS, GROWN, LEAKY_RELU, DEAD, RELU_BACKWARD)
