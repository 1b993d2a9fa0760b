"""The tile: a 7 by 7 sketch of a cat's ear that travels through every chapter, with its expected values.

Small enough for paper, and whole numbers from the pixels to the logits. Prose, tests and explorers all read
the numbers from here; none of them is typed a second time. Arrays are in the course's order, batch first and
channels last, and read-only, so that no chapter changes another chapter's tile.
"""

import numpy as np


def _array(values, *shape):
    """Return `values` as a read-only array, in `shape` when one is given."""
    array = np.array(values)
    array = array.reshape(shape) if shape else array
    array.flags.writeable = False
    return array


def _drawing(rows, bright=3):
    """Turn rows of `.` (0) and `#` (`bright`) into a 7 by 7 array of grey levels."""
    return _array([[bright if mark == "#" else 0 for mark in row] for row in rows.split()])


CLASSES = ("ear", "stripe", "whisker")

EAR = _drawing("""
    .......
    ...#...
    ...#...
    ..###..
    ..###..
    .#####.
    .#####.
""")  # (7, 7)
STRIPE = _drawing("...#... " * 7)  # (7, 7): column 3
WHISKER = _drawing("....... " * 3 + "####### " + "....... " * 3)  # (7, 7): row 3

IMAGES = _array([EAR, STRIPE, WHISKER], 3, 7, 7, 1)  # the training set, (N, H, W, C)
LABELS = _array([0, 1, 2])  # (N,): which of CLASSES
MEAN_IMAGE = _array(IMAGES.sum(axis=0) // 3)  # (7, 7, 1), exactly whole
X = _array(IMAGES[:1] - MEAN_IMAGE)  # the centred ear, (1, 7, 7, 1)

# ---- the network: 97 parameters

FILTERS = ("left edge", "top edge", "bright column")
_LEFT_EDGE = [[-1, 0, 1]] * 3
_TOP_EDGE = [[-1, -1, -1], [0, 0, 0], [1, 1, 1]]
_BRIGHT_COLUMN = [[0, 1, 0]] * 3
_bank = np.stack([_LEFT_EDGE, _TOP_EDGE, _BRIGHT_COLUMN], axis=-1)
KERNELS = _array(_bank, 3, 3, 1, 3)  # (kh, kw, C, filters)
BIASES = _array([1, -1, 0])  # (filters,)

_hidden = np.zeros((12, 4), int)  # hidden unit h compares two pooled features: plus one, minus the other
for _unit, (_plus, _minus) in enumerate([(8, 2), (0, 6), (7, 1), (10, 7)]):
    _hidden[_plus, _unit], _hidden[_minus, _unit] = 1, -1
HIDDEN_WEIGHT = _array(_hidden)  # (12 features, 4 units)
HIDDEN_BIAS = _array([1, 1, 1, 1])  # (4,)
OUTPUT_WEIGHT = _array([[1, 0, 0], [0, 0, 1], [-1, 1, 0], [-1, 0, 0]])  # (4 units, 3 classes)
OUTPUT_BIAS = _array([0, 0, 0])  # (3,)

# ---- one window of a colour picture, for the sum over channels

COLOUR_WINDOW = _array([[[1, 0, 2], [0, 1, 1]], [[2, 1, 0], [1, 1, 1]]])  # (2, 2, 3)
COLOUR_KERNEL = _array([[[1, 0, -1], [0, 2, 0]], [[1, -1, 0], [0, 0, 1]]])  # (2, 2, 3)

# ---- what it computes for the ear, written out so that code can be checked against paper

MAPS = _array(
    np.stack(
        [
            [[1, 2, 1, 0, 1], [3, 4, 1, -2, -1], [5, 4, 1, -2, -3], [7, 2, 1, 0, -5], [7, 0, 1, 2, -5]],
            [[-1, 1, 1, 1, -1], [-2, -2, 0, -2, -2], [1, 1, 3, 1, 1], [4, 4, 2, 4, 4], [1, 1, -1, 1, 1]],
            [[0, 0, 1, 0, 0], [-1, 1, 2, 1, -1], [-1, 3, 2, 3, -1], [1, 5, 2, 5, 1], [4, 6, 3, 6, 4]],
        ],
        axis=-1,
    ),
    *(1, 5, 5, 3),
)  # z, the responses of the three filters, (1, 5, 5, 3)
POOLED = _array(
    np.stack([[[5, 1], [7, 2]], [[3, 3], [4, 4]], [[3, 3], [6, 6]]], axis=-1),
    *(1, 2, 2, 3),
)  # after ReLU and 3x3 pooling with stride 2, (1, 2, 2, 3)
HIDDEN = _array([[4, -1, 2, 1]])  # before ReLU, (1, 4)
LOGITS = _array([[1, 2, 0]])  # (1, 3): the untrained network calls the ear a stripe
PROBABILITIES = _array([[0.2447, 0.6652, 0.0900]])  # (1, 3), to four digits
LOSS = 1.4076  # cross-entropy of LOGITS for the true class, ear, in nats, to four digits
