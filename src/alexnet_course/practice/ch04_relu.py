"""The checked exercises of chapter 04: ReLU."""

import numpy as np

from alexnet_course.data import tile
from alexnet_course.practice.ch02_convolution import conv2d
from alexnet_course.practice.exercises import Case, Exercise, Mutant, Question, call_second, gives


def relu_forward(x):
    """Give each number of `x`, or 0 where it is negative."""
    return np.maximum(x, 0)


def relu_backward(x, grad_output):
    """Give the gradient for the input `x`: it passes where `x` is above 0."""
    return grad_output * (x > 0)


# ---- the mistakes that the checker knows


def _gate_by_the_gradient(x, grad_output):
    return grad_output * (grad_output > 0)


def _gate_open_at_zero(x, grad_output):
    return grad_output * (x >= 0)


def _no_gate(x, grad_output):
    return grad_output + 0.0


def _times_its_gate(x):
    return x * (x > 0)


def _written_into_x(x):
    x[x < 0] = 0
    return x


def _written_into_the_gradient(x, grad_output):
    grad_output[x <= 0] = 0
    return grad_output


def _absolute(x):
    return abs(x)


def _cases(rng):
    row = tile.MAPS[0, 2, :, 0].astype(float)
    hidden = tile.HIDDEN.astype(float)
    blame = np.array([[-0.7553, 0.0900, 1.4205, 0.7553]])  # what each hidden unit of the tile is told
    edges = np.array([-2.0, 0.0, 2.0])

    def backward(name, x, grad_output):
        return Case(f"relu_backward, {name}", {"x": x, "grad_output": grad_output}, call_second)

    cases = [
        Case("relu_forward, a row of the tile's left-edge map", {"x": row}),
        Case("relu_forward, the three maps of the tile", {"x": tile.MAPS.astype(float)}),
        Case("relu_forward, minus infinity", {"x": np.array([-np.inf, -1.0, 1.0])}),
        backward("the four hidden units of the tile", hidden, blame),
        backward("an input of exactly 0", edges, np.ones(3)),
        backward("gradients of both signs", edges, np.array([1.0, -1.0, -1.0])),
    ]
    for shape in ((3, 4), (2, 3, 5, 2), (1, 6, 4, 3)):
        x = np.round(rng.standard_normal(shape), 1)  # rounded, so that some are exactly 0
        cases.append(Case(f"relu_forward, random numbers {shape}", {"x": x}))
        cases.append(backward(f"random numbers {shape}", x, rng.standard_normal(shape)))
    return cases


RELU = Exercise(
    number="04.3",
    signatures=("relu_forward(x)", "relu_backward(x, grad_output)"),
    solutions=(relu_forward, relu_backward),
    cases=_cases,
    mutants=(
        Mutant(_gate_by_the_gradient, "Whose sign opens the gate? Use the saved x, not the gradient.", 1),
        Mutant(
            _gate_open_at_zero, "At x = 0 both answers can be defended. Our convention at 0 is gradient 0.", 1
        ),
        Mutant(_no_gate, "Where x was negative, the output did not depend on it. What is its gradient?", 1),
        Mutant(_times_its_gate, "Try minus infinity: what is infinity times 0?"),
        Mutant(_written_into_x, "Print x after your function ran: the caller still needs it as it was."),
        Mutant(_written_into_the_gradient, "Print grad_output afterwards: it was not yours to change.", 1),
        Mutant(_absolute, "What should come out for a negative input?"),
    ),
    hints=(
        "Look at forward with [-2, 0, 2], then at backward with the same x and a gradient of ones.",
        "Compare each gradient that you return with the sign of the x it belongs to.",
        "Forward keeps the larger of two numbers. Backward multiplies by 1 or 0, as x says.",
    ),
)

_AFTER = np.maximum(tile.MAPS, 0)
_ZEROS = (int((tile.MAPS == 0).sum()), int((_AFTER == 0).sum()))

ZEROS = Question(
    number="04.1",
    asks="zeros among the 75 responses, before and after ReLU",
    answer=_ZEROS,
    on_paper=(8, 25),
    hints=(
        "Count map by map: first the zeros, then the negative numbers.",
        "Compare the two counts: they differ by the number of negative responses.",
        "A zero stays a zero, and every negative number becomes one.",
    ),
    mistakes=(
        gives(
            (_ZEROS[0], _ZEROS[1] - _ZEROS[0]),
            "Those are the negatives alone. The old zeros are still there.",
        ),
        gives((_ZEROS[0], _ZEROS[0]), "The negative responses become 0, too."),
    ),
)

_SUM = int(_AFTER[..., 0].sum())

GROWN = Question(
    number="04.2",
    asks="the sum of map 0 after ReLU",
    answer=_SUM,
    on_paper=43,
    hints=(
        "Look at the negative numbers of map 0: what do they take off the sum now?",
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
    """Give h1 for the ear, the stripe and the whisker: (3,)."""
    responses = conv2d(tile.IMAGES - tile.MEAN_IMAGE, tile.KERNELS, tile.BIASES)  # (3, 5, 5, 3)
    windows = np.lib.stride_tricks.sliding_window_view(np.maximum(responses, 0), (3, 3), (1, 2))
    pooled = windows[:, ::2, ::2].max(axis=(-2, -1))  # (3, 2, 2, 3)
    return (pooled.reshape(3, 12) @ tile.HIDDEN_WEIGHT + tile.HIDDEN_BIAS)[:, 1]


_LOUDEST = int(_second_hidden_units().max())

DEAD = Question(
    number="04.5",
    asks="the smallest fall of the bias that silences h1 on all three tiles",
    answer=_LOUDEST,
    on_paper=1,
    hints=(
        "Write down h1 for the three tiles, and then with the bias lowered by a half.",
        "Compare the largest of the three with 0: that tile is the last to fall silent.",
        "The unit is dead once its largest value is no longer above 0.",
    ),
    mistakes=(
        gives(_LOUDEST + 1, "It is dead before that: at exactly 0 no gradient passes either."),
        gives(0, "On one of the tiles h1 still speaks."),
    ),
)

EXERCISES = (ZEROS, GROWN, RELU, DEAD)
