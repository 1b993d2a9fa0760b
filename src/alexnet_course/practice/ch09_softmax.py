"""The checked exercises of chapter 09: softmax and cross-entropy."""

import numpy as np

from alexnet_course.data import tile
from alexnet_course.practice.exercises import Case, Exercise, Mutant, Question, call_second, gives


def mean_loss(logits, labels):
    """Give the mean cross-entropy of a batch.

    `logits` is (N, classes), `labels` holds N whole numbers, the true classes, from 0.
    """
    largest = logits.max(axis=1, keepdims=True)
    shifted = logits - largest  # (N, classes), the largest is 0
    log_sums = np.log(np.exp(shifted).sum(axis=1))
    return np.mean(log_sums - shifted[np.arange(len(labels)), labels])


def loss_gradient(logits, labels):
    """Give the gradient of `mean_loss` for the logits, (N, classes)."""
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    gradient = exponentials / exponentials.sum(axis=1, keepdims=True)
    gradient[np.arange(len(labels)), labels] -= 1
    return gradient / len(labels)


def top_k_error(logits, labels, k):
    """Give the share of examples whose label is not among the `k` classes with the largest logits.

    Of equal logits, the class with the smaller number goes first.
    """
    labels = labels[:, np.newaxis]  # (N, 1)
    own = np.take_along_axis(logits, labels, axis=1)
    earlier = np.arange(logits.shape[1]) < labels  # (N, classes)
    ahead = (logits > own) | ((logits == own) & earlier)
    return np.mean(ahead.sum(axis=1) >= k)


# ---- the mistakes that the checker knows: mean_loss


def _shares(logits, highest, axis=1):
    exponentials = np.exp(logits - highest)
    return exponentials / exponentials.sum(axis=axis, keepdims=True)


def _row_shares(logits):
    return _shares(logits, logits.max(axis=1, keepdims=True))


def _from_shares(shares, labels):
    return -np.log(shares[np.arange(len(labels)), labels]).mean()


def _nothing_subtracted(logits, labels):
    return _from_shares(_shares(logits, 0), labels)


def _largest_of_the_batch(logits, labels):
    return _from_shares(_shares(logits, logits.max()), labels)


def _tiny_number_added(logits, labels):
    return _from_shares(_row_shares(logits) + 1e-9, labels)


def _clipped(logits, labels):
    return _from_shares(np.clip(_row_shares(logits), 1e-12, 1), labels)


def _log_of_the_share(logits, labels):
    return _from_shares(_row_shares(logits), labels)


def _shares_down_the_columns(logits, labels):
    return _from_shares(_shares(logits, logits.max(axis=0, keepdims=True), axis=0), labels)


def _everything_summed(logits, labels):
    return mean_loss(logits, labels) * len(labels)


def _negative(logits, labels):
    return -mean_loss(logits, labels)


def _labels_from_one(logits, labels):
    return mean_loss(logits, labels - 1)


def _log_to_base_ten(logits, labels):
    return mean_loss(logits, labels) / np.log(10)


# ---- the mistakes that the checker knows: loss_gradient


def _gradient_without_shift(logits, labels):
    truth = np.zeros(logits.shape)
    truth[np.arange(len(labels)), labels] = 1
    return (_shares(logits, 0) - truth) / len(labels)


def _gradient_of_the_sum(logits, labels):
    return loss_gradient(logits, labels) * len(labels)


def _gradient_is_the_share(logits, labels):
    return _row_shares(logits) / len(labels)


def _gradient_upside_down(logits, labels):
    return -loss_gradient(logits, labels)


def _true_class_alone(logits, labels):
    gradient, rows = np.zeros(logits.shape), np.arange(len(labels))
    gradient[rows, labels] = loss_gradient(logits, labels)[rows, labels]
    return gradient


def _loss_cases(rng):
    cases = []

    def both(name, logits, labels):
        arguments = {"logits": np.array(logits, float), "labels": np.array(labels)}
        cases.append(Case(f"mean_loss, {name}", arguments))
        cases.append(Case(f"loss_gradient, {name}", arguments, call_second))

    ear = tile.LOGITS[0].tolist()
    both("the ear's logits 1, 2, 0, label 0", [ear], [0])
    both("the same logits, label 2", [ear], [2])
    both("two rows alike, of which one is labelled 0 and one 1", [ear, ear], [0, 1])
    both("logits near 1000", [[1001, 1002, 1000]], [0])
    both("two rows, one of them 2000 lower", [[1, 2, 0], [-1999, -1998, -2000]], [0, 0])
    both("a true class with a share of 1e-30", [[0, np.log(1e30), 0]], [0])
    both("a true logit 800 below the largest", [[0, 800, 0]], [0])
    both("equal logits of ten classes", np.zeros((1, 10)), [3])
    both("one class only", [[5]], [0])
    for examples, classes in ((2, 3), (4, 2), (3, 7), (8, 5)):
        logits = 3 * rng.standard_normal((examples, classes))
        labels = rng.integers(0, classes, examples)
        both(f"random logits, {examples} examples of {classes} classes", logits, labels)
    return cases


CROSS_ENTROPY = Exercise(
    number="09.3",
    signatures=("mean_loss(logits, labels)", "loss_gradient(logits, labels)"),
    solutions=(mean_loss, loss_gradient),
    cases=_loss_cases,
    mutants=(
        Mutant(_nothing_subtracted, "Try logits 1000 larger: the loss must stay. What is exp(1000)?"),
        Mutant(
            _largest_of_the_batch,
            "Try a row 2000 lower than the other: whose largest logit do you take away from it?",
        ),
        Mutant(_tiny_number_added, "Try a true share of 1e-30: its loss is 69, and yours stops at 20.7."),
        Mutant(_clipped, "Try a true share of 1e-30: its loss is 69. Where does yours stop, and why?"),
        Mutant(
            _log_of_the_share,
            "Try a true logit 800 below the largest: its share rounds to 0. Must the loss divide at all?",
        ),
        Mutant(
            _shares_down_the_columns, "Try two rows alike: each row is one example, with shares of its own."
        ),
        Mutant(_everything_summed, "Double the batch with the same rows: a mean must stay as it was."),
        Mutant(_negative, "A share below 1 has a negative logarithm. Which sign must a loss have?"),
        Mutant(_labels_from_one, "Try label 0: which column do you read? Here classes count from 0."),
        Mutant(
            _log_to_base_ten, "Equal logits of ten classes must cost 2.3026. Which logarithm do you take?"
        ),
        Mutant(
            _gradient_without_shift, "Shift all logits by 1000: the gradient must not notice.", replaces=1
        ),
        Mutant(
            _gradient_of_the_sum,
            "Double the batch: the loss is a mean. What happens to the gradient?",
            replaces=1,
        ),
        Mutant(
            _gradient_is_the_share,
            "Each row of the gradient must add up to 0. What do yours add up to?",
            replaces=1,
        ),
        Mutant(
            _gradient_upside_down,
            "Raise the true logit a little: the loss falls. Which sign has that slope?",
            replaces=1,
        ),
        Mutant(
            _true_class_alone,
            "Raise a wrong logit a little: the loss rises. Is its slope 0 in yours?",
            replaces=1,
        ),
    ),
    hints=(
        "Look at one row first, the logits 1, 2, 0 with label 0. The loss must be 1.4076.",
        "Compare logits with logits + 1000: neither the loss nor the gradient may change.",
        "Per row: take its largest logit away, and the loss is the log of the summed exponentials minus the "
        "true logit. The gradient is shares minus truth. Both are means over the batch.",
    ),
)

# ---- the mistakes that the checker knows: top_k_error


def _wrong_share(order, labels, k):
    """Give the share of rows without their label in the first `k` places of an order."""
    return np.mean([label not in row[:k] for label, row in zip(labels, order, strict=True)])


def _smallest_first(logits, labels, k):
    return _wrong_share(np.argsort(logits, axis=1, kind="stable"), labels, k)


def _order_reversed(logits, labels, k):
    return _wrong_share(np.argsort(logits, axis=1, kind="stable")[:, ::-1], labels, k)


def _own(logits, labels):
    return logits[np.arange(len(labels)), labels][:, np.newaxis]


def _ties_in_any_order(logits, labels, k):
    return _wrong_share(np.argsort(-logits, axis=1), labels, k)  # kind="stable" is not asked for


def _counts_itself(logits, labels, k):
    return np.mean((logits >= _own(logits, labels)).sum(axis=1) >= k)


def _first_of_all_ties(logits, labels, k):
    return np.mean((logits > _own(logits, labels)).sum(axis=1) >= k)


def _last_of_all_ties(logits, labels, k):
    return np.mean((logits >= _own(logits, labels)).sum(axis=1) > k)


def _one_place_alone(logits, labels, k):
    return np.mean(np.argsort(-logits, axis=1, kind="stable")[:, k] != labels)


def _accuracy(logits, labels, k):
    return 1 - top_k_error(logits, labels, k)


def _a_count(logits, labels, k):
    return top_k_error(logits, labels, k) * len(labels)


def _k_ignored(logits, labels, k):
    return top_k_error(logits, labels, 1)


def _error_cases(rng):
    def case(name, logits, labels, k):
        return Case(name, {"logits": np.array(logits, float), "labels": np.array(labels), "k": k})

    tiles = [tile.LOGITS[0].tolist(), [-4, 3, 0], [0, 0, 1]]
    cases = [
        case("the ear's logits 1, 2, 0, label 0, k = 1", [tiles[0]], [0], 1),
        case("the same, k = 2", [tiles[0]], [0], 2),
        case("the three tiles, k = 1", tiles, [0, 1, 2], 1),
        case("the three tiles, k = 2", tiles, [0, 1, 2], 2),
        case("two equal logits share the lead, the label is the first", [[1, 1, 0]], [0], 1),
        case("two equal logits share the lead, the label is the second", [[1, 1, 0]], [1], 1),
        case("three equal logits, the label is the second, k = 2", [[3, 3, 3, 1]], [1], 2),
        case("three equal logits, the label is the third, k = 2", [[3, 3, 3, 1]], [2], 2),
        case("a row in ascending order, k = 3", [[0, 1, 2, 3, 4, 5]], [2], 3),
    ]
    for k in (1, 2, 3, 5):
        logits = rng.integers(0, 6, (12, 8))  # few values, so that ties happen
        labels = rng.integers(0, 8, 12)
        cases.append(case(f"random whole logits with ties, k = {k}", logits, labels, k))
    logits, labels = (
        rng.integers(0, 3, (20, 60)),
        rng.integers(0, 60, 20),
    )  # long rows: no sort keeps ties by luck
    cases.append(case("60 classes with three different logits, k = 20", logits, labels, 20))
    logits, labels = rng.standard_normal((40, 20)), rng.integers(0, 20, 40)
    cases.append(case("random logits, 20 classes, k = 5", logits, labels, 5))
    return cases


TOP_K_ERROR = Exercise(
    number="09.5",
    signatures=("top_k_error(logits, labels, k)",),
    solutions=(top_k_error,),
    cases=_error_cases,
    mutants=(
        Mutant(_smallest_first, "Look at the order: whose logits come first in yours, the largest?"),
        Mutant(_order_reversed, "An ascending order read backwards reverses its ties, too. Who goes first?"),
        Mutant(
            _ties_in_any_order, "Equal logits come out of argsort in any order, unless you ask kind='stable'."
        ),
        Mutant(_counts_itself, "How many stand before a label that leads alone? Yours counts itself."),
        Mutant(_first_of_all_ties, "Two equal leaders cannot both be first. The smaller class number wins."),
        Mutant(_last_of_all_ties, "Of two equal leaders one is first. Which of them do you send back?"),
        Mutant(_one_place_alone, "With k = 1 the result must equal what argmax says. Does it?"),
        Mutant(_accuracy, "Raise k: an error must fall. Does yours rise?"),
        Mutant(_a_count, "Double the batch with the same rows: a share must stay as it was."),
        Mutant(_k_ignored, "The ear's label comes second. With k = 2 that is good enough."),
    ),
    hints=(
        "Look at one row and ask: how many classes stand before the label?",
        "Compare your count for k = 1 with argmax, which of equal numbers takes the first, too.",
        "A class stands before the label if its logit is larger, or if it is equal and its number smaller. "
        "With k or more of those, the example is an error.",
    ),
)

# ---- numbers on paper


def _paper(logits, label):
    shares = _row_shares(np.array([logits], float))[0]
    return np.append(shares, -np.log(shares[label]))


_LOGITS = np.array([2.0, 0, -1])
_SCORED = _paper(_LOGITS, 1)

SHARES = Question(
    number="09.1",
    asks="the shares of ear, stripe and whisker for the logits 2, 0, -1, then the loss for stripe",
    answer=_SCORED,
    on_paper=[0.8438, 0.1142, 0.0420, 2.1698],
    hints=(
        "Write the three exponentials down first. One of them is 1.",
        "Compare the shares with the exponentials: they stand in the same ratio, and add up to 1.",
        "The loss is the natural logarithm of the sum of the exponentials, minus the true logit.",
    ),
    mistakes=(
        gives(
            np.append(_SCORED[:3], _SCORED[3] / np.log(10)),
            "The shares are right. The loss takes the natural logarithm.",
        ),
        gives(
            np.append(_SCORED[:3], -np.log(_SCORED[0])),
            "The shares are right. The loss is that of the true class, stripe.",
        ),
        gives(
            np.append(_SCORED[:3], np.log(_SCORED[1])),
            "The shares are right. A logarithm of a share is negative, the loss is not.",
        ),
        gives((2, 0, -1, 0), "Those are shares of the logits. Where are the exponentials?"),
        gives(
            np.append(np.exp(_LOGITS), _SCORED[3]), "These are the exponentials. Divide each by their sum."
        ),
        gives(
            _paper((2, 0, 0), 1), "A negative logit stays negative: no ReLU stands between fc8 and softmax."
        ),
    ),
)


def _moved(*rows):
    return _row_shares(np.array(rows))


_MOVED = _moved(2 * _LOGITS, -_LOGITS)

MOVED = Question(
    number="09.2",
    asks="the three shares for the logits 2, 0, -1 doubled, then for the same logits with other signs",
    answer=_MOVED,
    on_paper=[[0.9796, 0.0179, 0.0024], [0.0351, 0.2595, 0.7054]],
    hints=(
        "Look at the differences of the logits, and at what either change does to them.",
        "Compare the ratio of two shares before and after: it is the exponential of a difference.",
        "Doubling squares every ratio of two shares. Another sign turns it upside down.",
    ),
    mistakes=(
        gives(
            _moved(_LOGITS, -_LOGITS), "Doubling changes the differences of the logits, so the ratios change."
        ),
        gives(_MOVED[::-1], "The two rows are the other way round: first the double, then the other signs."),
        gives(
            np.stack([2 * _moved(_LOGITS)[0], _MOVED[1]]),
            "Those cannot be shares: the first row adds up to 2.",
        ),
        gives(_moved(_LOGITS / 2, -_LOGITS), "Halving makes shares more alike. What does doubling do?"),
        gives(
            np.stack([_MOVED[0], _moved(_LOGITS)[0][::-1]]),
            "The first row is right. The second is no row read backwards: the distances are other ones.",
        ),
        gives(
            _moved(2 * _LOGITS, -2 * _LOGITS),
            "The first row is right. The second starts again from 2, 0 and -1.",
        ),
    ),
)

EXERCISES = (SHARES, MOVED, CROSS_ENTROPY, TOP_K_ERROR)
