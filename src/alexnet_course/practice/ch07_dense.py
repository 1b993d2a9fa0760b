"""The checked exercises of chapter 07: fully connected layers."""

import numpy as np

from alexnet_course.data import tile
from alexnet_course.practice.ch02_convolution import conv2d
from alexnet_course.practice.exercises import Case, Exercise, Mistake, Mutant, Question, call_second, gives


def dense_forward(x, weight, bias):
    """Give the weighted sums. `x` is (N, in), `weight` (in, out), `bias` (out,)."""
    return x @ weight + bias


def dense_backward(x, weight, grad_output):
    """Give the gradients of the input, of the weights and of the biases."""
    grad_input = grad_output @ weight.T
    grad_weight = x.T @ grad_output
    grad_bias = grad_output.sum(axis=0)
    return grad_input, grad_weight, grad_bias


# ---- the mistakes that the checker knows


def _without_bias(x, weight, bias):
    return x @ weight


def _batch_in_one_row(x, weight, bias):
    return x.ravel()[: len(weight)] @ weight + bias


def _bias_in_every_product(x, weight, bias):
    return x @ weight + len(weight) * bias


def _with_relu(x, weight, bias):
    return np.maximum(x @ weight + bias, 0)


def _bias_not_summed(x, weight, grad_output):
    return grad_output @ weight.T, x.T @ grad_output, grad_output + 0.0


def _averaged(x, weight, grad_output):
    grad_input, grad_weight, grad_bias = dense_backward(x, weight, grad_output)
    return grad_input, grad_weight / len(x), grad_bias / len(x)


def _bias_averaged(x, weight, grad_output):
    return grad_output @ weight.T, x.T @ grad_output, grad_output.mean(axis=0)


def _weights_turned_round(x, weight, grad_output):
    return grad_output @ weight.T, grad_output.T @ x, grad_output.sum(axis=0)


def _bias_summed_over_outputs(x, weight, grad_output):
    return grad_output @ weight.T, x.T @ grad_output, grad_output.sum(axis=1)


def _input_summed_over_the_batch(x, weight, grad_output):
    grad_input, grad_weight, grad_bias = dense_backward(x, weight, grad_output)
    return grad_input.sum(axis=0), grad_weight, grad_bias


def _input_left_out(x, weight, grad_output):
    grad_input, _, grad_bias = dense_backward(x, weight, grad_output)
    return grad_input, np.ones_like(x).T @ grad_output, grad_bias


# ---- the cases

_ERROR = np.array([[-0.7553, 0.6652, 0.0900]])  # what the tile's three logits are told


def _cases(rng):
    def forward(name, x, weight, bias):
        return Case(f"dense_forward, {name}", {"x": x, "weight": weight, "bias": bias})

    def backward(name, x, weight, grad_output):
        return Case(
            f"dense_backward, {name}", {"x": x, "weight": weight, "grad_output": grad_output}, call_second
        )

    small = np.array([[1.0, 0], [0, 1], [1, 1]])
    features = tile.POOLED.reshape(1, -1).astype(float)
    hidden_weight, hidden_bias = tile.HIDDEN_WEIGHT.astype(float), tile.HIDDEN_BIAS.astype(float)
    active, output_weight = np.maximum(tile.HIDDEN, 0).astype(float), tile.OUTPUT_WEIGHT.astype(float)
    three = np.array([[1.0, 2, 3], [0, 0, 0], [-1, 0, 1]])
    cases = [
        forward("one example, three features, two outputs", three[:1], small, np.array([10.0, 20])),
        forward("three examples, one of them zeros", three, small, np.array([0.5, -1])),
        forward("the hidden units of the tile", features, hidden_weight, hidden_bias),
        backward("one example", three[:1], small, np.array([[1.0, -2]])),
        backward("three examples, one of them zeros", three, small, np.array([[1.0, -2], [3, 4], [0, 5]])),
        backward("the output layer of the tile", active, output_weight, _ERROR),
    ]
    for examples, inputs, outputs in ((2, 5, 3), (4, 1, 6), (3, 7, 2)):
        x, weight = rng.standard_normal((examples, inputs)), rng.standard_normal((inputs, outputs))
        name = f"random numbers, {examples} examples, {inputs} features, {outputs} outputs"
        cases.append(forward(name, x, weight, rng.standard_normal(outputs)))
        cases.append(backward(name, x, weight, rng.standard_normal((examples, outputs))))
    return cases


DENSE = Exercise(
    number="07.3",
    signatures=("dense_forward(x, weight, bias)", "dense_backward(x, weight, grad_output)"),
    solutions=(dense_forward, dense_backward),
    cases=_cases,
    mutants=(
        Mutant(_without_bias, "Try x = 0: what should a layer answer that reads nothing but zeros?"),
        Mutant(_batch_in_one_row, "Try three examples: how many rows must come out?"),
        Mutant(_bias_in_every_product, "The bias joins once per output, not once per product."),
        Mutant(_with_relu, "A dense layer may answer below 0. ReLU is a layer of its own."),
        Mutant(
            _bias_not_summed,
            "Look at the shape of the bias's gradient: one number per output, whatever the batch.",
            1,
        ),
        Mutant(_averaged, "The loss has already averaged over the batch; its share is in grad_output.", 1),
        Mutant(_bias_averaged, "A bias was added to every example: do its gradients average, or add up?", 1),
        Mutant(_weights_turned_round, "Compare the shape of the weights' gradient with the weights.", 1),
        Mutant(_bias_summed_over_outputs, "A bias belongs to an output. Over which axis is its sum?", 1),
        Mutant(
            _input_summed_over_the_batch,
            "Each example has an input of its own, and so a gradient of its own.",
            1,
        ),
        Mutant(_input_left_out, "A weight matters as much as the feature that it multiplies.", 1),
    ),
    hints=(
        "Write down the shape of everything: x, weight, bias, grad_output, and of the three gradients.",
        "Compare each gradient with what it belongs to: the two have the same shape, with one example "
        "and with three.",
        "Two of the gradients are matrix products in which one factor is transposed; the third is a sum "
        "over the batch.",
    ),
)


def _network(features, relu=True, bias=True):
    """Give the tile network's hidden units before ReLU and its logits, one after the other."""
    hidden = features @ tile.HIDDEN_WEIGHT + bias * tile.HIDDEN_BIAS
    logits = (np.maximum(hidden, 0) if relu else hidden) @ tile.OUTPUT_WEIGHT + tile.OUTPUT_BIAS
    return np.concatenate([hidden, logits])


def _pooled(image):
    """Give the pooled maps (2, 2, 3) of a raw tile (7, 7, 1)."""
    maps = np.maximum(conv2d((image - tile.MEAN_IMAGE)[np.newaxis], tile.KERNELS, tile.BIASES), 0)
    windows = np.lib.stride_tricks.sliding_window_view(maps[0], (3, 3), axis=(0, 1))[::2, ::2]
    return windows.max(axis=(-2, -1)).astype(int)


_TURNED = _pooled(tile.IMAGES[0][::-1])  # the ear, upside down
_TURNED_ANSWER = _network(_TURNED.ravel())

TURNED = Question(
    number="07.1",
    asks="seven numbers for the ear upside down: four hidden units before ReLU, then three logits",
    answer=_TURNED_ANSWER,
    on_paper=(-5, 6, 1, 1, -2, 1, 6),
    hints=(
        "Each hidden unit reads two features. Find their indices in the row, counted from 0.",
        "Compare your hidden units with the upright ear's, 4, -1, 2 and 1: same weights, other features.",
        "A hidden unit is one feature less another, plus 1. Then cut the negative one, and only then "
        "compute the logits.",
    ),
    mistakes=(
        gives(
            _network(_TURNED.ravel(), relu=False),
            "The hidden units are right. What do they pass through before the output layer reads them?",
        ),
        gives(_network(_TURNED.ravel(), bias=False), "Every hidden unit has a bias of 1."),
        gives(
            np.concatenate([np.maximum(_TURNED_ANSWER[:4], 0), _TURNED_ANSWER[4:]]),
            "The logits are right. The hidden units are asked for before ReLU.",
        ),
        gives(_network(tile.POOLED.ravel()), "Those are the upright ear's numbers."),
        gives(
            _network(_TURNED.transpose(2, 0, 1).ravel()),
            "Those are the features in another order: rows, then columns, then channels.",
        ),
    ),
)

_OTHER_ORDER = _network(_TURNED.transpose(2, 0, 1).ravel())[4:]

ORDER = Question(
    number="07.2",
    asks="the three logits of the ear upside down when it is flattened C, H, W and the weights stay",
    answer=_OTHER_ORDER,
    on_paper=(1, 0, 11),
    hints=(
        "Write the twelve features down again, one map after the other, and number them from 0.",
        "Compare with 07.1: the weights are the same, so only the hidden units differ.",
        "The ear's logit is unit 0 less unit 2 less unit 3, after ReLU; the stripe's is unit 2, the "
        "whisker's unit 1.",
    ),
    mistakes=(
        gives(_TURNED_ANSWER[4:], "Those are the logits of the right order. Do the hidden units differ?"),
        gives(
            _network(_TURNED.transpose(2, 0, 1).ravel(), relu=False)[4:],
            "One of the units is negative here. What does ReLU make of it?",
        ),
        gives(
            _network(_TURNED.transpose(1, 0, 2).ravel())[4:],
            "That is the order columns, rows, channels.",
        ),
        gives(
            _network(tile.POOLED[0].transpose(2, 0, 1).ravel())[4:],
            "Those are the upright ear's logits in that order.",
        ),
    ),
)

_FAN_IN = 4096
_SCALES = np.array([0.01, np.sqrt(2 / _FAN_IN), 1.0])  # the paper's, He's, N(0, 1)
_MEAN_SQUARE = 0.5  # of numbers from N(0, 1) after ReLU: half of the squares are left
_DEVIATIONS = _SCALES * np.sqrt(_FAN_IN * _MEAN_SQUARE)


def _in_proportion(given):
    """Say whether the three numbers are right for inputs of another mean square."""
    ratios = given / _DEVIATIONS if given.shape == (3,) else np.zeros(1)
    return bool(np.allclose(ratios, ratios[0], rtol=0.03) and ratios[0] > 0)


def _scaled_by(factor):
    return lambda given: bool(np.allclose(given, _DEVIATIONS * factor, rtol=0.02))


DEVIATIONS = Question(
    number="07.5",
    asks="the standard deviation of fc7's sums for numbers from N(0, 1) after ReLU: the paper's start, He's, "
    "N(0, 1)",
    answer=_DEVIATIONS,
    # An experiment with 512 units is off by 2 % now and then: what they have in common does not average out.
    accepts=lambda given: given.shape == (3,) and bool(np.allclose(given, _DEVIATIONS, rtol=0.05)),
    on_paper=(0.45, 1, 45.25),
    hints=(
        "Look at one output: how many products does it sum, and what is the mean square of each?",
        "Compare the mean square of the numbers before the ReLU and after it.",
        "Mean squares of independent products add up. The deviation is the square root of their sum.",
    ),
    mistakes=(
        Mistake(
            lambda given: bool(np.allclose(given, _DEVIATIONS**2, rtol=0.03)),
            "Those are variances. The deviation is the square root.",
            _DEVIATIONS**2,
        ),
        Mistake(
            lambda given: bool(np.allclose(given, _SCALES * _FAN_IN, rtol=0.02)),
            "4,096 products of random sign partly cancel: their sum does not grow as fast as their number.",
            _SCALES * _FAN_IN,
        ),
        Mistake(
            lambda given: bool(np.allclose(given, _SCALES, rtol=0.02)),
            "Those are the deviations of the weights. How many of them does one output sum?",
            _SCALES,
        ),
        Mistake(
            lambda given: bool(np.allclose(np.sort(given), np.sort(_DEVIATIONS), rtol=0.05)),
            "The three are right, their order is not: the paper's start, He's, N(0, 1).",
            _DEVIATIONS[[1, 0, 2]],
        ),
        Mistake(
            _scaled_by(np.sqrt(2)),
            "Those belong to inputs of mean square 1. What does ReLU leave of it?",
            _DEVIATIONS * np.sqrt(2),
        ),
        Mistake(
            _scaled_by(np.sqrt(1 - 1 / np.pi)),
            "That follows from the deviation of the cut numbers. Take their mean square.",
            _DEVIATIONS * np.sqrt(1 - 1 / np.pi),
        ),
        Mistake(
            _in_proportion,
            "Each is wrong by the same factor. How many features has fc7, and what is their mean square?",
            _DEVIATIONS * 1.5,
        ),
    ),
)

EXERCISES = (TURNED, ORDER, DENSE, DEVIATIONS)
