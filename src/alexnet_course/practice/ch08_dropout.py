"""The checked exercises of chapter 08: dropout.

Nobody can say which numbers a right answer to 08.3 drops, so its cases look at what must hold for any coins:
shares, scales, repetition, and whether both directions agree.
"""

import itertools

import numpy as np

from alexnet_course.data import tile
from alexnet_course.practice.ch02_convolution import conv2d
from alexnet_course.practice.exercises import Case, Exercise, Mutant, Question, gives


def drop(x, rate, training, rng):
    """Drop numbers of `x` with probability `rate` in training; give the result and what backward needs."""
    factors = np.ones(x.shape)
    if training:
        factors = (rng.random(x.shape) >= rate) / (1 - rate)
    return x * factors, factors


def drop_backward(grad_output, saved):
    """Give the gradient of the input from that of the output and from what `drop` saved."""
    return grad_output * saved


# ---- the mistakes that the checker knows


def _always_on(x, rate, training, rng):
    return drop(x, rate, True, rng)


def _scaled_by_the_rate(x, rate, training, rng):
    y, factors = drop(x, rate, training, rng)
    ratio = (1 - rate) / rate if training else 1
    return y * ratio, factors * ratio


def _kept_with_the_rate(x, rate, training, rng):
    factors = (rng.random(x.shape) < rate) / (1 - rate) if training else np.ones(x.shape)
    return x * factors, factors


def _one_mask_for_the_batch(x, rate, training, rng):
    _, factors = drop(x[:1], rate, training, rng)
    return x * factors, np.broadcast_to(factors, x.shape)


def _scaled_at_test_too(x, rate, training, rng):
    y, factors = drop(x, rate, training, rng)
    ratio = 1 if training else 1 - rate
    return y * ratio, factors * ratio


def _not_scaled(x, rate, training, rng):
    y, factors = drop(x, rate, training, rng)
    ratio = 1 - rate if training else 1
    return y * ratio, factors * ratio


def _of_2012(x, rate, training, rng):
    y, factors = drop(x, rate, training, rng)
    return y * (1 - rate), factors * (1 - rate)


def _seed_of_its_own(x, rate, training, rng):
    return drop(x, rate, training, np.random.default_rng(0))


def _generator_of_its_own(x, rate, training, rng):
    return drop(x, rate, training, np.random.default_rng())


def _exact_share(x, rate, training, rng):
    factors = np.ones(x.size)
    if training:
        factors[:] = 1 / (1 - rate)
        factors[rng.permutation(x.size)[: round(rate * x.size)]] = 0
    factors = factors.reshape(x.shape)
    return x * factors, factors


def _result_alone(x, rate, training, rng):
    return drop(x, rate, training, rng)[0]


def _new_coins(grad_output, saved):
    kept = saved.max()  # 1 / (1 - rate) in training, 1 in evaluation
    return drop(grad_output, 1 - 1 / kept, kept > 1, np.random.default_rng(0))[0]


def _passed_on(grad_output, saved):
    return grad_output * 1.0


def _without_scale(grad_output, saved):
    return grad_output * (saved > 0)


def _scale_undone(grad_output, saved):
    return np.where(saved > 0, grad_output / np.where(saved > 0, saved, 1), 0)


# ---- what the cases look at


def _both(functions, *arguments):
    """Call `drop`, and say so when it does not return two things."""
    returned = functions[0](*arguments)
    if not isinstance(returned, tuple | list) or len(returned) != 2:
        raise TypeError("drop must return two things: its result, and what drop_backward needs")
    return returned


def _array(value):
    """Give a list as an array, and anything else as it is."""
    return np.asarray(value, float) if isinstance(value, list) else value


def _evaluated(functions, x, rate, seed):
    """Give two evaluations of the same x, one after the other."""
    rng = np.random.default_rng(seed)
    return np.stack([_both(functions, x, rate, False, rng)[0] for _ in range(2)])


def _trained(functions, x, rate, seed):
    return _both(functions, x, rate, True, np.random.default_rng(seed))[0]


def _levels(functions, x, rate, seed):
    """Give the different numbers in the output."""
    return np.unique(np.asarray(_trained(functions, x, rate, seed), float).round(6))


def _share_of_zeros(functions, x, rate, seed):
    return round(float(np.mean(np.asarray(_trained(functions, x, rate, seed)) == 0)), 1)


def _number_of_zeros_varies(functions, x, rate, seed):
    """Say whether twenty masks of one generator drop different numbers of numbers."""
    rng = np.random.default_rng(seed)
    zeros = [np.count_nonzero(_both(functions, x, rate, True, rng)[0]) for _ in range(20)]
    return int(len(set(zeros)) > 1)


def _mean(functions, x, rate, seed):
    return round(float(np.mean(_trained(functions, x, rate, seed))), 1)


def _different_rows(functions, x, rate, seed):
    y = np.asarray(_trained(functions, x, rate, seed), float)
    return len({row.tobytes() for row in y})


def _repetition(functions, x, rate, seed):
    """Say whether two generators of one seed agree, and whether one generator asked twice does."""
    rng = np.random.default_rng(seed)
    first, second = (_both(functions, x, rate, True, rng)[0] for _ in range(2))
    again = _trained(functions, x, rate, seed)
    return int(np.array_equal(first, again)), int(np.array_equal(first, second))


def _both_directions(functions, x, grad_output, rate, seed):
    """Say whether a place is silent in one direction only, and give the factors that the gradient met."""
    y, saved = _both(functions, x, rate, True, np.random.default_rng(seed))
    y, gradient = _array(y), _array(functions[1](grad_output, saved))
    return int(np.any((gradient == 0) != (y == 0))), np.unique((gradient / grad_output).round(6))


def _evaluated_backward(functions, x, grad_output, rate, seed):
    _, saved = _both(functions, x, rate, False, np.random.default_rng(seed))
    gradient = _array(functions[1](grad_output, saved))
    return gradient * np.ones(x.shape, getattr(gradient, "dtype", float))  # as exact as its type


def _cases(rng):
    def case(name, call, x, rate, seed, **more):
        return Case(name, {"x": x, **more, "rate": rate, "seed": seed}, call)

    hidden = np.maximum(tile.HIDDEN, 0).astype(float)
    few, many, ones = np.ones((10, 10)), np.ones((50, 80)), np.ones((2, 3, 4, 5))
    cases = [
        case("the tile's hidden units, evaluated twice", _evaluated, hidden, 0.5, 0),
        case("ones at rate 0.5: which numbers come out of training", _levels, np.ones((4, 5)), 0.5, 1),
        case("ones at rate 0.2: which numbers come out of training", _levels, np.ones((4, 5)), 0.2, 2),
        case("4000 ones at rate 0.2: the share of zeros", _share_of_zeros, many, 0.2, 3),
        case("4000 ones at rate 0.8: the share of zeros", _share_of_zeros, many, 0.8, 4),
        case("4000 ones at rate 0.5: the mean, which must stay 1", _mean, many, 0.5, 5),
        case("a batch of 50 rows: how many different rows come out", _different_rows, many, 0.5, 6),
        case(
            "1 if generators of one seed drop the same, and 1 if one generator drops the same twice",
            _repetition,
            many,
            0.5,
            7,
        ),
        case("1 if the number of zeros varies from mask to mask", _number_of_zeros_varies, few, 0.5, 21),
        case("rate 0: nothing is dropped", _trained, rng.standard_normal((2, 7)), 0.0, 8),
        case("maps of shape (2, 3, 4, 5): which numbers come out", _levels, ones, 0.5, 9),
        case("evaluation at rate 0.8", _evaluated, rng.standard_normal((2, 5, 3)), 0.8, 10),
    ]
    for rate, shape in ((0.5, (6, 40)), (0.2, (4, 5, 6, 3)), (0.8, (3, 100))):
        x = rng.uniform(1, 2, shape)  # nothing is 0 before it is dropped
        name = f"rate {rate}: whether other places are silent backward, and the gradient's factors"
        grad_output = rng.uniform(1, 2, shape)
        cases.append(case(name, _both_directions, x, rate, len(cases), grad_output=grad_output))
    x, grad_output = rng.standard_normal((2, 2, 5))
    cases.append(case("backward after evaluation", _evaluated_backward, x, 0.5, 20, grad_output=grad_output))
    return cases


DROP = Exercise(
    number="08.3",
    signatures=("drop(x, rate, training, rng)", "drop_backward(grad_output, saved)"),
    solutions=(drop, drop_backward),
    cases=_cases,
    mutants=(
        Mutant(_always_on, "Evaluate the same x twice: both results must be x itself."),
        Mutant(_scaled_by_the_rate, "At rate 0.5 two formulas give 2. Try yours at rate 0.2."),
        Mutant(_kept_with_the_rate, "Count the zeros at rate 0.2: the rate is the share that goes."),
        Mutant(_one_mask_for_the_batch, "Compare the rows of a batch: every example tosses its own coins."),
        Mutant(_scaled_at_test_too, "You scale in training and again in evaluation: once is enough."),
        Mutant(_not_scaled, "Take the mean of many ones in training. What makes it 1 again?"),
        Mutant(_of_2012, "That is the convention of 2012. In the inverted one, evaluation leaves x alone."),
        Mutant(_seed_of_its_own, "Call it twice: with a seed inside, the same units are dropped forever."),
        Mutant(
            _generator_of_its_own, "Two runs with the same seed must agree: toss with the generator given."
        ),
        Mutant(_exact_share, "Your masks always drop equally many. Each number tosses a coin of its own."),
        Mutant(_result_alone, "Return two things: the result, and whatever drop_backward will need."),
        Mutant(_new_coins, "What was silent forward must be silent backward: the same coins.", replaces=1),
        Mutant(_passed_on, "A dropped number had no say. Should it receive a gradient?", replaces=1),
        Mutant(_without_scale, "Forward scaled what stayed. By how much does the output move?", replaces=1),
        Mutant(_scale_undone, "Backward multiplies by the same factor; it does not undo it.", replaces=1),
    ),
    hints=(
        "Look at one number alone: with which probability does it stay, and what must it be then, so that "
        "its mean is what it was?",
        "Compare training and evaluation on ones: the means must agree, and evaluation must change nothing.",
        "Draw one number from 0 to 1 for each number of x, compare them with the rate, and turn the "
        "comparison into factors, 0 or the scale. Those factors are all that backward needs.",
    ),
)

# ---- the questions about the tile

_MASK = np.array([0, 1, 1, 1])
_AFTER = np.maximum(tile.HIDDEN[0], 0)
_RATE = 0.2  # at 0.5, 1 / rate and 1 / (1 - rate) are equal


def _four(training, test, inverted_training, inverted_test):
    """Give the four rows from what multiplies the masked or the full hidden units in each."""
    return np.array([_AFTER * factor for factor in (training, test, inverted_training, inverted_test)])


CONVENTIONS = Question(
    number="08.1",
    asks="four rows of four: 2012 in training, 2012 at test, inverted in training, inverted at test",
    answer=_four(_MASK, 1 - _RATE, _MASK / (1 - _RATE), 1.0),
    on_paper=[[0, 0, 2, 1], [3.2, 0, 1.6, 0.8], [0, 0, 2.5, 1.25], [4, 0, 2, 1]],
    hints=(
        "Look at the units that stay, and leave a 0 in the place of the one that goes.",
        "Compare the two rows of each convention: one of them is scaled, the other is not.",
        "A share of 0.8 stays. 2012 multiplies by it at test; the inverted convention divides by it in "
        "training.",
    ),
    mistakes=(
        gives(_four(_MASK / (1 - _RATE), 1.0, _MASK, 1 - _RATE), "The two conventions are exchanged."),
        gives(
            _four(_MASK, _MASK * (1 - _RATE), _MASK / (1 - _RATE), _MASK),
            "At test no unit is missing: the mask belongs to training.",
        ),
        gives(
            _four(_MASK, 1 - _RATE, _MASK / (1 - _RATE), 1 - _RATE),
            "Scaled twice: inverted training already divides.",
        ),
        gives(
            _four(_MASK, 1 - _RATE, _MASK / _RATE, 1.0),
            "On average a fifth of the units is missing: by how much must the others speak up?",
        ),
        gives(
            _four(_MASK, _RATE, _MASK / (1 - _RATE), 1.0),
            "At test, 2012 multiplies by the share that stays in training, not by the share that goes.",
        ),
    ),
)


def _softmax(logits):
    shares = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shares / shares.sum(axis=-1, keepdims=True)


_STRIPE = np.array([-4, 3, 0])  # the stripe tile's logits

MIXED = Question(
    number="08.2",
    asks="two rows of three for the stripe tile: the logits, and their probabilities to three digits",
    answer=np.array([_STRIPE / 2, _softmax(_STRIPE / 2)]),
    on_paper=[[-2, 1.5, 0], [0.024, 0.798, 0.178]],
    hints=(
        "Look at the last layer: its biases are 0, so what happens to the logits when its inputs are halved?",
        "Compare with the full network's (-4, 3, 0): the order stays. What about the distances?",
        "Exponentiate the halved logits and divide by their sum.",
    ),
    mistakes=(
        gives(np.array([_STRIPE, _softmax(_STRIPE)]), "That is the full network, not halved."),
        gives(
            np.array([_STRIPE / 2, _softmax(_STRIPE) / 2]),
            "Halving the logits does not halve the probabilities: they must still add up to 1.",
        ),
        gives(
            np.array([_STRIPE * 2.0, _softmax(_STRIPE * 2.0)]),
            "Training has doubled already. What does the test do to the units: halve or double?",
        ),
    ),
)


def _relu(z):
    return np.maximum(z, 0)


def _winners(images, activation=_relu, ties=True):
    """Count, for each tile, how often each class wins over the 16 masks; the last count is ties.

    Without `ties` the first of equals wins, as in `argmax`.
    """
    maps = _relu(conv2d(images, tile.KERNELS, tile.BIASES))
    windows = np.lib.stride_tricks.sliding_window_view(maps, (3, 3), axis=(1, 2))[:, ::2, ::2]
    flat = windows.max(axis=(-2, -1)).reshape(len(images), -1)
    hidden = activation(flat @ tile.HIDDEN_WEIGHT + tile.HIDDEN_BIAS)
    masks = np.array(list(itertools.product([0, 1], repeat=4)))
    logits = (hidden[:, np.newaxis] * masks) @ tile.OUTPUT_WEIGHT  # (tiles, 16 masks, 3 classes)
    best = logits == logits.max(axis=-1, keepdims=True)
    winner = np.where(ties & (best.sum(axis=-1) > 1), 3, best.argmax(axis=-1))
    return (winner[..., np.newaxis] == np.arange(4)).sum(axis=1)


_CENTRED = (tile.IMAGES - tile.MEAN_IMAGE)[1:]  # the chapter's first figure counts the ear's
_VOTES = _winners(_CENTRED)

VOTES = Question(
    number="08.5",
    asks="two rows of four: for the stripe and the whisker tile, how many of the 16 masks vote for ear, "
    "stripe, whisker, and how many tie",
    answer=_VOTES,
    on_paper=[[0, 8, 0, 8], [2, 0, 6, 8]],
    hints=(
        "Look at one tile's hidden units after ReLU, and go through the 16 masks.",
        "Compare the largest of the three logits with the second largest: equal means a tie.",
        "Multiply the hidden units by all masks at once, (16, 4), then by the last layer's weights, and "
        "count which column is largest, alone.",
    ),
    mistakes=(
        gives(_winners(_CENTRED, lambda z: z), "Unit 2 of the whisker says -3: dropout comes after ReLU."),
        gives(_winners(_CENTRED, ties=False), "A tie has no winner. argmax names the first of equals."),
    ),
)

EXERCISES = (CONVENTIONS, MIXED, DROP, VOTES)
