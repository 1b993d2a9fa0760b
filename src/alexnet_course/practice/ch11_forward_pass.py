"""The checked exercises of chapter 11: a forward pass on a photograph."""

import numpy as np

from alexnet_course.practice.exercises import Case, Exercise, Mistake, Mutant, Question, call_second, gives


def ten_crops(image, size):
    """Cut four corners and the centre out of an image `(H, W, C)`, then mirror these five."""
    height, width, _ = image.shape
    bottom, right = height - size, width - size
    places = [(0, 0), (0, right), (bottom, 0), (bottom, right), (bottom // 2, right // 2)]
    five = np.stack([image[top : top + size, left : left + size] for top, left in places])
    return np.concatenate([five, five[:, :, ::-1]])


def average_shares(logits):
    """Give the mean of the probabilities of several crops; `logits` is `(crops, classes)`."""
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (exponentials / exponentials.sum(axis=1, keepdims=True)).mean(axis=0)


# ---- the mistakes that the checker knows


def _upside_down(image, size):
    five = ten_crops(image, size)[:5]
    return np.concatenate([five, five[:, ::-1]])


def _five_twice(image, size):
    five = ten_crops(image, size)[:5]
    return np.concatenate([five, five])


def _crops_of_the_mirror(image, size):
    return np.concatenate([ten_crops(image, size)[:5], ten_crops(image[:, ::-1], size)[:5]])


def _centre_off_by_one(image, size):
    crops = ten_crops(image, size)
    top, left = (image.shape[0] - size + 1) // 2, (image.shape[1] - size + 1) // 2
    crops[4] = image[top : top + size, left : left + size]
    crops[9] = crops[4][:, ::-1]
    return crops


def _height_for_width(image, size):
    height, width, _ = image.shape
    bottom, right = width - size, height - size
    places = [(0, 0), (0, right), (bottom, 0), (bottom, right), (bottom // 2, right // 2)]
    cuts = [image[top : top + size, left : left + size] for top, left in places]
    five = np.stack([np.resize(cut, (size, size, image.shape[2])) for cut in cuts])
    return np.concatenate([five, five[:, :, ::-1]])


def _softmax(scores):
    exponentials = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return exponentials / exponentials.sum(axis=-1, keepdims=True)


def _mean_of_logits(logits):
    return _softmax(logits.mean(axis=0))


def _over_crops(logits):
    exponentials = np.exp(logits - logits.max(axis=0))
    return (exponentials / exponentials.sum(axis=0)).mean(axis=0)


def _unprotected(logits):
    exponentials = np.exp(logits)
    return (exponentials / exponentials.sum(axis=1, keepdims=True)).mean(axis=0)


def _smallest_taken_off(logits):
    return _unprotected(logits - logits.min(axis=1, keepdims=True))


def _summed(logits):
    return _softmax(logits).sum(axis=0)


def _logits_averaged(logits):
    return logits.mean(axis=0)


def _crops(functions, image, size):
    """Give the crops as floats: a list of crops, or another type of number, is right as well."""
    crops = functions[0](image, size)
    try:
        return np.asarray(crops, float) if isinstance(crops, np.ndarray | list | tuple) else crops
    except (TypeError, ValueError):  # crops of different sizes
        return crops


def _crop_cases(rng):
    numbers = np.arange(12).reshape(3, 4, 1)
    cases = [
        Case("crops of 2 out of 3 x 4", {"image": numbers, "size": 2}, _crops),
        Case(
            "crops of 3 out of 4 x 6: one margin is odd",
            {"image": np.arange(24).reshape(4, 6, 1), "size": 3},
            _crops,
        ),
        Case("crops as large as the image", {"image": np.arange(9).reshape(3, 3, 1), "size": 3}, _crops),
    ]
    for height, width, size in ((9, 7, 4), (8, 13, 5)):
        image = rng.integers(0, 256, (height, width, 3)).astype(np.uint8)
        name = f"crops of {size} out of {height} x {width}, colours"
        cases.append(Case(name, {"image": image, "size": size}, _crops))
    certain = np.array([[9.0, 0, 0], [0, 1, 0]])
    cases.append(Case("one certain crop, one undecided", {"logits": certain}, call_second))
    cases.append(Case("two equal crops", {"logits": np.array([[0.0, np.log(3)]] * 2)}, call_second))
    cases.append(Case("large scores", {"logits": np.array([[1000.0, 999], [998, 1000]])}, call_second))
    apart = np.array([[1000.0, 0, 1000], [0, -1000, 1000]])
    cases.append(Case("scores that are far apart", {"logits": apart}, call_second))
    cases.append(Case("ten crops, five classes", {"logits": rng.normal(0, 3, (10, 5))}, call_second))
    return cases


CROPS = Exercise(
    number="11.3",
    signatures=("ten_crops(image, size)", "average_shares(logits)"),
    solutions=(ten_crops, average_shares),
    cases=_crop_cases,
    mutants=(
        Mutant(_upside_down, "Cats on the ceiling: which axis is left and right?"),
        Mutant(_five_twice, "Those are five crops, twice. The second five are mirror images."),
        Mutant(
            _crops_of_the_mirror,
            "You cut the mirrored image. Crop 5 must be the mirror image of crop 0, and so on.",
        ),
        Mutant(_centre_off_by_one, "The centre of 256 less 224 starts at 16; an odd margin is rounded down."),
        Mutant(_height_for_width, "Try an image that is not square: which margin belongs to which axis?"),
        Mutant(
            _mean_of_logits, "You average logits. Average probabilities: one crop may be certain.", replaces=1
        ),
        Mutant(
            _over_crops, "The shares of one crop add up to 1: along which axis do you divide?", replaces=1
        ),
        Mutant(_unprotected, "The exponential of 1000 is more than a float can hold.", replaces=1),
        Mutant(
            _smallest_taken_off,
            "Scores may lie 1000 apart: what is left after your subtraction must not be large.",
            replaces=1,
        ),
        Mutant(
            _logits_averaged,
            "Averaged logits are no probabilities: each crop's softmax comes first.",
            replaces=1,
        ),
        Mutant(_summed, "What do the ten answers add up to together? It should be 1.", replaces=1),
    ),
    hints=(
        "Look at the 3 x 4 image first: which pixel stands first in each of the ten crops?",
        "Compare the second five with the first, and one crop's probabilities with the mean of all.",
        "Five places, five slices, then the same five with their columns reversed; softmax row by row, then "
        "the mean over the rows.",
    ),
)

_UNIFORM = float(np.log(10_184))
_CHELSEA = np.array([0.41, 0.29, 0.29])
_ENTROPY = float(-(_CHELSEA * np.log(_CHELSEA)).sum())


def _about(*expected):
    """Say whether two numbers are right to about two digits: the probabilities have no more."""
    return lambda given: given.shape == (2,) and bool(np.allclose(given, expected, atol=0.01))


ENTROPY = Question(
    number="11.1",
    asks="the entropy of 10,184 equal probabilities, and of 0.41, 0.29 and 0.29",
    answer=(_UNIFORM, _ENTROPY),
    on_paper=(9.2286, 1.0835),
    accepts=_about(_UNIFORM, _ENTROPY),
    hints=(
        "Look at one class of the 10,184: what does it add?",
        "Compare your second number with the entropy of three equal probabilities, 1.10: it must be below.",
        "Each probability adds itself times the logarithm of its inverse. The logarithm is the natural one.",
    ),
    mistakes=(
        Mistake(
            _about(_UNIFORM / np.log(2), _ENTROPY / np.log(2)),
            "That is in bits; this course takes natural logarithms.",
            (13.31, 1.56),
        ),
        Mistake(
            _about(-_UNIFORM, -_ENTROPY),
            "The logarithm of a probability is negative; entropy has a minus before it.",
            (-9.23, -1.08),
        ),
        gives((_UNIFORM / 10_184, _ENTROPY), "That is what one of the 10,184 classes adds."),
        Mistake(
            _about(np.log(1000), _ENTROPY),
            "That is the entropy of 1,000 classes. Here are 10,184.",
            (6.91, 1.08),
        ),
    ),
)

_SWAPPED = 0.6087  # tests/unit/test_squeezenet.py measures it


def _near(value):
    return lambda given: given.ndim == 0 and abs(float(given) - value) < 0.02


SWAPPED = Question(
    number="11.2",
    asks="the probability of espresso for the coffee with two channels of the network's input exchanged",
    answer=_SWAPPED,
    on_paper=0.6087,
    accepts=_near(_SWAPPED),
    hints=(
        "Look at what preprocess gives: which channel comes first?",
        "Compare the answer for the array with the one for the array with its last axis reversed.",
        "Run it: reverse the last axis, subtract nothing else, and apply softmax to the logits.",
    ),
    mistakes=(
        Mistake(_near(0.971), "That is the right order. Which axis holds the channels?", 0.97),
        Mistake(
            _near(0.30),
            "That is the photograph with its colours exchanged before the mean colour is taken away. Here it "
            "is the network's input, after it.",
            0.30,
        ),
        Mistake(
            _near(0.0), "It still sees a coffee: brown is not the only thing that it knows about one.", 0.0
        ),
        Mistake(
            lambda given: given.ndim == 0 and float(given) > 1,
            "A probability lies between 0 and 1. Divide per cent by 100.",
            61,
        ),
    ),
)

ENOUGH = 61.3  # of the weights that the chapter draws; tests/notebooks/test_11_forward_pass.py measures it

SCALE = Question(
    number="11.5",
    asks="the smallest whole number to divide the pixels by",
    answer=np.ceil(ENOUGH),
    on_paper=62,
    hints=(
        "Look at the deviation of the logits: what does dividing the pixels by 2 do to it?",
        "Compare the entropy at 39 and at twice 39.",
        "From 39 on, where the logits have deviation 1.33, they shrink nearly as the pixels do. Logits of "
        "deviation s cost about half of s squared. Then run it: the rule is a rough one.",
    ),
    mistakes=(
        gives(1.0, "That is no change: the logits have a deviation above 20."),
        Mistake(lambda given: given.ndim == 0 and 0 < given < 1, "You make the pixels larger.", 0.01),
        Mistake(
            lambda given: given.ndim == 0 and 1 < given < 39.5,
            "The pixels have deviation 1 or more then, the logits still more, and the entropy is below 6.",
            39.0,
        ),
        Mistake(
            lambda given: given.ndim == 0 and 39.5 <= given < ENOUGH,
            "Close. Run it: at this number the entropy is still below 6.5.",
            60.0,
        ),
        Mistake(
            lambda given: given.ndim == 0 and np.ceil(ENOUGH) < given < np.inf,
            "The entropy is above 6.5 there. A smaller whole number is enough.",
            100.0,
        ),
    ),
)

EXERCISES = (ENTROPY, SWAPPED, CROPS, SCALE)
