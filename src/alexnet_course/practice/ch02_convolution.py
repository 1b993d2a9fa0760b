"""The checked exercises of chapter 02: convolution."""

import numpy as np

from alexnet_course.data import tile
from alexnet_course.practice.exercises import Case, Exercise, Mistake, Mutant, Question, gives


def conv2d(x, weight, bias, stride=1):
    """Give the responses of a bank of filters.

    `x` is (N, H, W, C), `weight` (kernel rows, kernel columns, C, filters), `bias` (filters,).
    """
    batch, height, width, _ = x.shape
    kernel_rows, kernel_columns, _, filters = weight.shape
    rows, columns = (height - kernel_rows) // stride + 1, (width - kernel_columns) // stride + 1
    y = np.zeros((batch, rows, columns, filters))
    for i, j in np.ndindex(rows, columns):
        top, left = i * stride, j * stride
        window = x[:, top : top + kernel_rows, left : left + kernel_columns]  # (N, rows, columns, C)
        y[:, i, j] = np.tensordot(window, weight, axes=3) + bias
    return y


# ---- the mistakes that the checker knows


def _without_bias(x, weight, bias, stride=1):
    return conv2d(x, weight, np.zeros_like(bias), stride)


def _kernel_flipped(x, weight, bias, stride=1):
    return conv2d(x, weight[::-1, ::-1], bias, stride)


def _first_channel_only(x, weight, bias, stride=1):
    return conv2d(x[..., :1], weight[:, :, :1], bias, stride)


def _stride_on_rows_only(x, weight, bias, stride=1):
    return conv2d(x, weight, bias)[:, ::stride]


def _stride_ignored(x, weight, bias, stride=1):
    return conv2d(x, weight, bias)


def _start_without_stride(x, weight, bias, stride=1):
    rows, columns = conv2d(x, weight, bias, stride).shape[1:3]
    return conv2d(x, weight, bias)[:, :rows, :columns]


def _square_kernel(x, weight, bias, stride=1):
    batch, height, width, _ = x.shape
    k, _, _, filters = weight.shape
    y = np.zeros((batch, (height - k) // stride + 1, (width - k) // stride + 1, filters))
    for n, i, j, f in np.ndindex(y.shape):
        top, left = i * stride, j * stride
        window = x[n, top : top + k, left : left + k]  # a window of one column is broadcast without a word
        y[n, i, j, f] = (window * weight[..., f]).sum() + bias[f]
    return y


def _last_window_missing(x, weight, bias, stride=1):
    return conv2d(x, weight, bias, stride)[:, :-1, :-1]


def _filters_first(x, weight, bias, stride=1):
    *kernel, channels, filters = weight.shape
    return conv2d(x, weight.reshape(filters, *kernel, channels).transpose(1, 2, 3, 0), bias, stride)


def _whole_numbers(x, weight, bias, stride=1):
    return conv2d(x, weight, bias, stride).astype(x.dtype)


def _batch_summed(x, weight, bias, stride=1):
    return np.repeat(conv2d(x, weight, 0 * bias, stride).sum(axis=0, keepdims=True), len(x), axis=0) + bias


def _bias_in_every_product(x, weight, bias, stride=1):
    return conv2d(x, weight, weight[..., 0].size * bias, stride)


def _cases(rng):
    half = np.array([[[1, 2], [3, 4]]])[..., np.newaxis]  # (1, 2, 2, 1), whole numbers
    one = np.ones((1, 1, 1, 1), int)
    cases = [
        Case(
            "the window [[1, 2], [3, 4]] under the kernel [[0, 1], [0, 0]]",
            {
                "x": half,
                "weight": np.array([[0, 1], [0, 0]]).reshape(2, 2, 1, 1),
                "bias": np.array([0.0]),
                "stride": 1,
            },
        ),
        Case(
            "whole numbers in, bias 0.5, one 1x1 kernel",
            {"x": half, "weight": one, "bias": np.array([0.5]), "stride": 1},
        ),
        Case(
            "stride left out, so it is 1",
            {"x": half, "weight": one, "bias": np.array([0.0])},
        ),
        Case(
            "two images, of which the second is all zeros",
            {"x": np.concatenate([half, 0 * half]), "weight": one, "bias": np.array([0.0]), "stride": 1},
        ),
        Case(
            "a window of two channels",
            {
                "x": np.array([1.0, 10.0]).reshape(1, 1, 1, 2),
                "weight": np.array([1.0, 2.0]).reshape(1, 1, 2, 1),
                "bias": np.array([0.0]),
                "stride": 1,
            },
        ),
        Case(
            "a row of four pixels, one 1x1 kernel, stride 2",
            {
                "x": np.array([1, 2, 3, 4]).reshape(1, 1, 4, 1),
                "weight": one,
                "bias": np.array([0.0]),
                "stride": 2,
            },
        ),
        Case(
            "a kernel of one row and two columns",
            {
                "x": np.array([[1, 2, 3], [4, 5, 6]]).reshape(1, 2, 3, 1),
                "weight": np.array([1, 10]).reshape(1, 2, 1, 1),
                "bias": np.array([0.0]),
                "stride": 1,
            },
        ),
        Case(
            "the tile with its three filters",
            {"x": tile.X, "weight": tile.KERNELS, "bias": tile.BIASES.astype(float), "stride": 1},
        ),
        Case(
            "the tile at stride 2",
            {"x": tile.X, "weight": tile.KERNELS, "bias": tile.BIASES.astype(float), "stride": 2},
        ),
    ]
    for stride in (1, 2, 3):
        for kernel, channels in (((1, 1), 2), ((2, 2), 3), ((2, 3), 2), ((3, 1), 4)):
            height, width = kernel[0] + 3 + stride, kernel[1] + 6
            cases.append(
                Case(
                    f"random numbers, {height}x{width}x{channels}, kernel {kernel[0]}x{kernel[1]}, "
                    f"stride {stride}",
                    {
                        "x": rng.standard_normal((2, height, width, channels)),
                        "weight": rng.standard_normal((*kernel, channels, 3)),
                        "bias": rng.standard_normal(3),
                        "stride": stride,
                    },
                )
            )
    return cases


CONV2D = Exercise(
    number="02.3",
    signatures=("conv2d(x, weight, bias, stride=1)",),
    solutions=(conv2d,),
    cases=_cases,
    mutants=(
        Mutant(_without_bias, "Set x to 0 everywhere: each map must then hold its filter's bias."),
        Mutant(_kernel_flipped, "Turn the kernel by half a turn: which corner of it meets the first pixel?"),
        Mutant(
            _square_kernel, "The kernel has one row and two columns. How high and how wide is your window?"
        ),
        Mutant(
            _start_without_stride, "The shape is right at stride 2. At which pixel does window (0, 1) start?"
        ),
        Mutant(_first_channel_only, "Change a number in channel 1 of x. Your result stays as it was."),
        Mutant(_stride_on_rows_only, "Look at the output's shape at stride 2: are rows and columns alike?"),
        Mutant(_stride_ignored, "Look at the output's shape at stride 2. Yours is that of stride 1."),
        Mutant(
            _last_window_missing, "The last window ends at the picture's edge. Count the windows that fit."
        ),
        Mutant(_filters_first, "Filters lie along the last axis of weight: weight[..., f] is one filter."),
        Mutant(_whole_numbers, "Whole pixels and a bias of 0.5: what type of number can your result hold?"),
        Mutant(_batch_summed, "Try two images, one of them zeros: what does the zero image answer?"),
        Mutant(_bias_in_every_product, "The bias joins once a window. How often do you add it?"),
    ),
    hints=(
        "Look at one output number first: image 0, window (0, 0), filter 0. Which numbers of x does it read?",
        "Compare the shape of one window with the shape of one filter. Both have rows, columns and "
        "channels, so their products do, too.",
        "Output (i, j) multiplies a filter with the window that starts at i times the stride and j times the "
        "stride, sums over all three axes, then adds the bias of that filter.",
    ),
)

_WINDOW = (tile.IMAGES[1] - tile.MEAN_IMAGE)[3:6, 1:4, 0]  # window (3, 1) of the centred stripe


def _answers(window, biases=tile.BIASES):
    """Give what the three filters answer to one 3x3 window."""
    return conv2d(window.reshape(1, 3, 3, 1), tile.KERNELS, biases)[0, 0, 0].astype(int)


_RESPONSES = _answers(_WINDOW)

RESPONSES = Question(
    number="02.1",
    asks="z at window (3, 1) of the centred stripe, one number for each filter",
    answer=_RESPONSES,
    on_paper=(5, 1, -4),
    hints=(
        "Write the window down as three rows, and each kernel beside it.",
        "Compare what the left edge takes off, the window's left column, with what it adds, the right one.",
        "For each filter: sum the pixels where it holds 1, take off those where it holds -1, add its bias.",
    ),
    mistakes=(
        gives(
            _answers(_WINDOW, 0 * tile.BIASES),
            "These are the sums alone. What does each filter add at the end?",
        ),
        gives(_answers(_WINDOW.T), "Rows and columns are exchanged: the inner brackets hold rows."),
        gives(tile.MAPS[0, 3, 1], "Those are the ear's responses. The stripe's are asked."),
        gives(
            _answers(_WINDOW[::-1, ::-1]), "The sums have the wrong sign: do you lay the kernel down flipped?"
        ),
    ),
)


def _apex_responses(weight):
    """Give the responses of one 3x3 filter, without a bias, to the tile."""
    return conv2d(tile.X, np.reshape(weight, (3, 3, 1, 1)), np.zeros(1))[0, :, :, 0]


def _largest_at_apex(weight):
    responses = _apex_responses(weight)
    return bool(responses[0, 2] == responses.max())


def _alone_at_apex(weight):
    responses = _apex_responses(weight)
    return int((responses == responses.max()).sum()) == 1


def _of_three_values(weight):
    return bool(np.isin(weight, (-1, 0, 1)).all())


APEX = Question(
    number="02.5",
    asks="a 3x3 kernel of -1, 0 and 1",
    answer=np.array([[-1, -1, -1], [0, 1, 0], [-1, 1, -1]]),
    accepts=lambda weight: _of_three_values(weight) and _largest_at_apex(weight) and _alone_at_apex(weight),
    on_paper=[[-1, -1, -1], [0, 1, 0], [-1, 1, -1]],
    hints=(
        "Look at window (0, 2) of the centred tile: where does it hold something that no other window holds?",
        "Compare it with the windows below it, in column 2: a kernel that only likes the bright column "
        "likes them, too.",
        "Reward what the tip has, and punish what the windows beside and below it have in addition.",
    ),
    mistakes=(
        Mistake(
            lambda weight: not _of_three_values(weight),
            "Only -1, 0 and 1 are allowed as weights.",
            np.array([[-2, -2, -2], [0, 2, 0], [-2, 2, -2]]),
        ),
        Mistake(
            lambda weight: not _largest_at_apex(weight),
            "Another window answers louder than (0, 2). Compute the whole map and look for its maximum.",
            np.array([[0, 1, 0]] * 3),
        ),
        Mistake(
            lambda weight: not _alone_at_apex(weight),
            "Window (0, 2) has the largest response, but it shares it with another window.",
            np.zeros((3, 3), int),
        ),
    ),
)

EXERCISES = (RESPONSES, CONV2D, APEX)
