"""The checked exercises of chapter 10: AlexNet, assembled."""

from itertools import pairwise

import numpy as np

from alexnet_course.alexnet import INPUT_SHAPE, TABLE, Convolution, FullyConnected, Pooling
from alexnet_course.geometry import output_size
from alexnet_course.practice.exercises import Case, Exercise, Mistake, Mutant, Question, gives


def layer_cost(row, shape):
    """Give the output's shape, the parameters and the multiply-accumulates. `shape` is (H, W, C)."""
    if isinstance(row, FullyConnected):
        weights = int(np.prod(shape)) * row.out_features
        return (row.out_features,), weights + row.out_features, weights
    height, width, channels = shape
    if isinstance(row, Pooling):
        size = [output_size(n, row.pool_size, row.stride) for n in (height, width)]
        return (*size, channels), 0, 0
    size = [output_size(n, row.kernel_size, row.stride, row.padding) for n in (height, width)]
    weights = row.kernel_size**2 * (channels // row.groups) * row.filters
    return (*size, row.filters), weights + row.filters, size[0] * size[1] * weights


# ---- the mistakes that the checker knows: layer_cost


def _groups_ignored(row, shape):
    return layer_cost(row._replace(groups=1) if isinstance(row, Convolution) else row, shape)


def _groups_twice(row, shape):
    size, parameters, products = layer_cost(row, shape)
    if not isinstance(row, Convolution):
        return size, parameters, products
    return size, (parameters - row.filters) // row.groups + row.filters, products // row.groups


def _without_biases(row, shape):
    size, parameters, products = layer_cost(row, shape)
    return size, parameters - (0 if isinstance(row, Pooling) else size[-1]), products


def _bias_of_every_place(row, shape):
    size, parameters, products = layer_cost(row, shape)
    places = int(np.prod(size[:-1])) if isinstance(row, Convolution) else 1
    return size, parameters + (places - 1) * row.filters if places > 1 else parameters, products


def _places_of_the_input(row, shape):
    size, parameters, products = layer_cost(row, shape)
    if isinstance(row, Convolution):
        products = shape[0] * shape[1] * (parameters - row.filters)
    return size, parameters, products


def _pool_with_weights(row, shape):
    size, parameters, products = layer_cost(row, shape)
    if isinstance(row, Pooling):
        parameters = row.pool_size**2 * shape[2]
    return size, parameters, products


def _pool_with_work(row, shape):
    size, parameters, products = layer_cost(row, shape)
    if isinstance(row, Pooling):
        products = row.pool_size**2 * int(np.prod(size))
    return size, parameters, products


def _biases_in_the_work(row, shape):
    size, parameters, products = layer_cost(row, shape)
    if not isinstance(row, Pooling):
        products += int(np.prod(size))
    return size, parameters, products


def _square_pictures_only(row, shape):
    return layer_cost(row, shape if len(shape) == 1 else (shape[0], shape[0], shape[2]))


def _padding_left_out(row, shape):
    return layer_cost(row._replace(padding=0) if isinstance(row, Convolution) else row, shape)


def _reads_channels_only(row, shape):
    return layer_cost(row, shape[-1:] if isinstance(row, FullyConnected) else shape)


def _whole_numbers_as_floats(row, shape):
    size, parameters, products = layer_cost(row, shape)
    return size, parameters / 1, products / 1


def _parameters_as_floats(row, shape):
    size, parameters, products = layer_cost(row, shape)
    return size, parameters / 1, products


def _cost_cases(rng):
    def convolution(filters, kernel_size, stride=1, padding=0, groups=1):
        return Convolution("conv", filters, kernel_size, stride, padding, groups, 0.0, normalized=False)

    def dense(out_features):
        return FullyConnected("fc", out_features, 0.0, hidden=True)

    def case(name, row, *shape):
        return Case(name, {"row": row, "shape": shape})

    cases = [
        case("3 filters of 3 x 3 on the tile", convolution(3, 3), 7, 7, 1),
        case("a pool of 3, stride 2, on three maps", Pooling("pool", 3, 2), 5, 5, 3),
        case("a dense layer of 4 units on 12 features", dense(4), 12),
        case("a dense layer of 4 units on maps", dense(4), 2, 2, 3),
        case("1 x 1 filters on four channels, two groups", convolution(2, 1, groups=2), 1, 1, 4),
        case("a window with padding 1", convolution(2, 3, padding=1), 5, 5, 2),
        case("a picture that is wider than tall", convolution(2, 3), 5, 9, 1),
        case("a pool on a picture that is taller than wide", Pooling("pool", 2, 2), 9, 4, 2),
        case("conv1 of AlexNet", TABLE[0], *INPUT_SHAPE),
        case("conv2 of AlexNet", TABLE[2], 27, 27, 96),
        case("fc6 of AlexNet", TABLE[8], 6, 6, 256),
    ]
    for number in range(1, 6):
        groups, stride = (int(n) for n in rng.integers(1, 4, 2))
        row = convolution(groups * int(rng.integers(1, 6)), int(rng.integers(1, 5)), stride, 1, groups)
        shape = int(rng.integers(6, 12)), int(rng.integers(12, 20)), groups * int(rng.integers(1, 6))
        cases.append(case(f"random numbers {number}, a convolution", row, *shape))
    return cases


LAYER_COST = Exercise(
    number="10.3",
    signatures=("layer_cost(row, shape)",),
    solutions=(layer_cost,),
    cases=_cost_cases,
    mutants=(
        Mutant(_groups_ignored, "Try conv2: 307,456 parameters. How many channels does one filter read?"),
        Mutant(_groups_twice, "Each filter reads a share of the channels, but all of the filters are there."),
        Mutant(
            _without_biases,
            "The whole network is short by 10,568 then: one for every filter and every unit.",
        ),
        Mutant(_bias_of_every_place, "A filter has one bias, wherever it stands."),
        Mutant(_places_of_the_input, "Conv1 costs 105,415,200. At how many places does a filter stand?"),
        Mutant(_pool_with_weights, "What could a pool learn? It compares, and keeps the largest."),
        Mutant(_pool_with_work, "A pool multiplies nothing, so it has no multiply-accumulates."),
        Mutant(_biases_in_the_work, "Count products with a weight; a bias is only added."),
        Mutant(_square_pictures_only, "Try a picture that is not square: rows and columns each have a size."),
        Mutant(_padding_left_out, "Try a window with padding: the picture grows on both sides first."),
        Mutant(_whole_numbers_as_floats, "Counts are whole numbers: divide with //, which keeps them so."),
        Mutant(
            _parameters_as_floats, "Half a parameter does not exist. Which division gives a whole number?"
        ),
        Mutant(_reads_channels_only, "A dense layer reads every number of the maps, not one per channel."),
    ),
    hints=(
        "Look at the three kinds of row one at a time, the pool first: it only changes the size.",
        "Compare with the table of the chapter, then with a picture that is not square.",
        "The weights of one filter cover a window and the channels of its group. Each weight is used once at "
        "every place of the output.",
    ),
)

# ---- numbers on paper

_CONV6 = layer_cost(Convolution("conv6", 128, 3, 1, 1, 4, 0.0, normalized=False), (6, 6, 256))
_WEIGHTS, _PLACES = 9 * 64 * 128, 36

ROW = Question(
    number="10.1",
    asks="the parameters and the multiply-accumulates of conv6",
    answer=_CONV6[1:],
    on_paper=(73_856, 2_654_208),
    hints=(
        "Write down what one filter reads: its window, and the maps of its group.",
        "Compare with conv4: the same window, stride and padding, but other maps, filters and groups.",
        "Weights are window times channels of one group times filters. Every place uses all of them once.",
    ),
    mistakes=(
        gives(_CONV6[:0:-1], "The two are exchanged: parameters first."),
        gives(
            (4 * _WEIGHTS + 128, _PLACES * 4 * _WEIGHTS),
            "One filter reads the maps of its group only. How many are that?",
        ),
        gives(
            (_WEIGHTS, _PLACES * _WEIGHTS),
            "The multiply-accumulates are right. What else does a filter have?",
        ),
        gives((_CONV6[1], _PLACES * _CONV6[1]), "The parameters are right. A bias is added, not multiplied."),
        gives(
            (_CONV6[1], 169 * _WEIGHTS),
            "The parameters are right. It stands on pool5's maps: how large are they?",
        ),
        gives((_CONV6[1], 16 * _WEIGHTS), "The parameters are right. With padding 1, how many windows fit?"),
        gives(
            (_WEIGHTS // 4 + 128, _PLACES * _WEIGHTS // 4),
            "There are 128 filters in all, 32 in each group. Have you counted all four groups?",
        ),
    ),
)


def _table(edit):
    """Give the rows of a changed network: name, shape, parameters, products."""
    rows, shape = [], INPUT_SHAPE
    for row in map(edit, TABLE):
        shape, parameters, products = layer_cost(row, shape)
        rows.append((row.name, shape, parameters, products))
    return rows


def _ungrouped(row):
    return row._replace(groups=1) if isinstance(row, Convolution) else row


_MORE = {
    one[0]: other[2] - one[2]
    for one, other in zip(_table(lambda row: row), _table(_ungrouped), strict=True)
    if other[2] > one[2]
}
_GAIN = np.array(list(_MORE.values()))

GROUPS = Question(
    number="10.2",
    asks="by how many parameters conv2, conv4 and conv5 grow without groups",
    answer=_GAIN,
    on_paper=(307_200, 663_552, 442_368),
    hints=(
        "Look at what a filter of conv2 reads with two groups, and with one.",
        "Compare the two numbers of parameters. What do they share?",
        "Weights double, biases stay: each layer grows by as many weights as it has.",
    ),
    mistakes=(
        gives(_GAIN + np.array([256, 384, 256]), "A filter keeps its one bias, whatever it reads."),
        gives(2 * _GAIN, "Those are the weights without groups. How many are new?"),
        gives(
            2 * _GAIN + np.array([256, 384, 256]),
            "Those are all parameters without groups. How many are new?",
        ),
        gives(_GAIN * np.array([27**2, 169, 169]), "Those are multiply-accumulates. Asked for: parameters."),
        gives(-_GAIN, "A filter that reads more has more weights, not fewer."),
    ),
)

_COLUMNS = ("filters", "kernel_size", "stride", "padding", "groups")
_PAPER = [[getattr(row, name) for name in _COLUMNS] for row in TABLE if isinstance(row, Convolution)]
_BUDGET = sum(row[3] for row in _table(lambda row: row)) // 2
_FEATURES = 6 * 6 * 256


def _changed(numbers):
    """Give the rows of the network with these convolutions, or None where something does not fit."""
    if numbers.dtype.kind not in "iu" or (numbers[:, [0, 1, 2, 4]] < 1).any() or (numbers[:, 3] < 0).any():
        return None
    channels = [INPUT_SHAPE[-1], *numbers[:, 0]]
    for (read, made), groups in zip(pairwise(channels), numbers[:, 4], strict=True):
        if read % groups or made % groups:
            return None
    convolutions = iter(numbers.tolist())

    def edit(row):
        if not isinstance(row, Convolution):
            return row
        return row._replace(**dict(zip(_COLUMNS, next(convolutions), strict=True)))

    try:
        return _table(edit)
    except ValueError:  # a window larger than what it is laid on
        return None


def _verdict(numbers):
    """Say what a set of convolutions breaks: "", "fit", "conv1", "fc6" or "work"."""
    rows = _changed(np.asarray(numbers))
    if rows is None:
        return "fit"
    shapes = {name: shape for name, shape, _, _ in rows}
    if shapes["conv1"][:2] != (55, 55):
        return "conv1"
    if np.prod(shapes["pool5"]) > _FEATURES:
        return "fc6"
    return "work" if sum(row[3] for row in rows) > _BUDGET else ""


def _with(changes):
    """Give the paper's convolutions with some entries replaced: {(row, column): value}."""
    numbers = np.array(_PAPER)
    for place, value in changes.items():
        numbers[place] = value
    return numbers


def _breaks(what, changes, hint):
    return Mistake(lambda given: given.shape == (5, 5) and _verdict(given) == what, hint, _with(changes))


_HALF = {(0, 0): 48, (1, 0): 128, (2, 0): 192, (3, 0): 192}

BUDGET = Question(
    number="10.5",
    asks="five rows of filters, kernel size, stride, padding and groups: the convolutions of a network with "
    "half the work",
    answer=_with(_HALF),
    accepts=lambda given: given.shape == (5, 5) and not _verdict(given),
    on_paper=[[48, 11, 4, 0, 1], [128, 5, 1, 2, 2], [192, 3, 1, 1, 1], [192, 3, 1, 1, 2], [256, 3, 1, 1, 2]],
    hints=(
        "Look at the bars: which layers do the work?",
        "Compare what one change does to the layer itself and to the layer that reads it.",
        "Fewer filters are saved twice: here as filters, in the next layer as channels.",
    ),
    mistakes=(
        _breaks(
            "fit",
            {(1, 4): 5},
            "Something does not fit: whole numbers, windows no larger than what they read, and groups that "
            "divide the channels that come in and the filters.",
        ),
        _breaks("conv1", {(0, 2): 8}, "Conv1 must still give maps of 55 x 55."),
        _breaks("fc6", _HALF | {(4, 0): 512}, "Fc6 reads more than 9,216 features now."),
        _breaks("work", {(0, 0): 48}, "The work is more than half of the paper's 724,406,816 still."),
    ),
)

EXERCISES = (ROW, GROUPS, LAYER_COST, BUDGET)
