"""The checked exercises of chapter 15: windows as rows, and what products and bytes say of a time."""

import numpy as np

from alexnet_course import ladder
from alexnet_course.alexnet import TABLE
from alexnet_course.practice.exercises import Case, Exercise, Mutant, Question, gives


def im2col(x, kernel_size, stride):
    """Give the windows of images (N, H, W, C) as rows of a matrix that may be written to.

    The rows go through images, then places down, then places across; in a row the numbers go through the
    window's rows, its columns, then channels.
    """
    shape = kernel_size, kernel_size
    windows = np.lib.stride_tricks.sliding_window_view(x, shape, axis=(1, 2))  # (N, ., ., C, k, k)
    windows = windows[:, ::stride, ::stride].transpose(0, 1, 2, 4, 5, 3)
    rows = windows.shape[0] * windows.shape[1] * windows.shape[2]
    return windows.reshape(rows, -1).copy()


def _windows(x, kernel_size, stride):
    """Return the windows, (N, H', W', C, k, k), a view."""
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel_size, kernel_size), axis=(1, 2))
    return windows[:, ::stride, ::stride]


# ---- the mistakes that the checker knows


def _in_order(*axes):
    """Make an answer that lays the axes (N, H', W', C, k, k) out in another order."""

    def answer(x, kernel_size, stride):
        windows = _windows(x, kernel_size, stride)
        return windows.transpose(*axes).reshape(np.prod(windows.shape[:3]), -1).copy()

    return answer


def _channels_first(x, kernel_size, stride):
    return _in_order(0, 1, 2, 3, 4, 5)(x, kernel_size, stride)


def _window_on_its_side(x, kernel_size, stride):
    return _in_order(0, 1, 2, 5, 4, 3)(x, kernel_size, stride)


def _columns_before_rows(x, kernel_size, stride):
    return _in_order(0, 2, 1, 4, 5, 3)(x, kernel_size, stride)


def _images_last(x, kernel_size, stride):
    return _in_order(1, 2, 0, 4, 5, 3)(x, kernel_size, stride)


def _stride_ignored(x, kernel_size, stride):
    return im2col(x, kernel_size, 1)


def _side_by_side(x, kernel_size, stride):
    return im2col(x, kernel_size, kernel_size)


def _last_missing(x, kernel_size, stride):
    side = stride * max(1, (x.shape[1] - kernel_size) // stride) + kernel_size - 1
    across = stride * max(1, (x.shape[2] - kernel_size) // stride) + kernel_size - 1
    return im2col(x[:, :side, :across], kernel_size, stride)


def _a_row_an_image(x, kernel_size, stride):
    return im2col(x, kernel_size, stride).reshape(len(x), -1)


def _a_column_a_window(x, kernel_size, stride):
    return im2col(x, kernel_size, stride).T.copy()


def _flipped(x, kernel_size, stride):
    windows = _windows(x, kernel_size, stride)[..., ::-1, ::-1].transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(np.prod(windows.shape[:3]), -1).copy()


def _a_view(x, kernel_size, stride):
    windows = _windows(x, kernel_size, stride).transpose(0, 1, 2, 4, 5, 3)
    return windows.reshape(np.prod(windows.shape[:3]), -1)


def _call(functions, *arguments):
    """Call the learner's function, and write to what it gives, as a gradient would."""
    rows = np.asarray(functions[0](*arguments))
    rows[...] = rows  # a view of windows is read-only
    return rows


def _im2col_cases(rng):
    def case(name, x, kernel_size, stride=1):
        return Case(name, {"x": x, "kernel_size": kernel_size, "stride": stride}, _call)

    small = np.arange(9.0).reshape(1, 3, 3, 1)
    colour = np.arange(24.0).reshape(1, 2, 4, 3)
    return [
        case("one image of 3 by 3, windows of 2", small, 2),
        case("the same, a window as large as the image", small, 3),
        case("three channels", colour, 2),
        case("an image that is wider than high", rng.integers(-9, 10, (1, 3, 5, 1)), 2),
        case("stride 2", rng.integers(-9, 10, (1, 5, 7, 2)), 3, 2),
        case("stride 2, windows of 2", rng.integers(-9, 10, (1, 6, 6, 1)), 2, 2),
        case("stride 3, a remainder", rng.integers(-9, 10, (1, 8, 6, 1)), 2, 3),
        case("two images", rng.integers(-9, 10, (2, 3, 4, 1)), 2),
        case("three images, two channels, stride 2", rng.standard_normal((3, 7, 6, 2)), 3, 2),
        case("a window of one pixel", rng.integers(-9, 10, (1, 4, 3, 2)), 1),
        case("many windows, too many for a loop", rng.integers(0, 256, (1, 400, 400, 1), np.uint8), 2),
    ]


IM2COL = Exercise(
    number="15.3",
    signatures=("im2col(x, kernel_size, stride)",),
    solutions=(im2col,),
    cases=_im2col_cases,
    mutants=(
        Mutant(_channels_first, "The filters are (k, k, C, filters). What changes fastest within your rows?"),
        Mutant(_window_on_its_side, "Within a window, do you go along its rows or down its columns first?"),
        Mutant(_columns_before_rows, "Which window comes second: the one to the right, or the one below?"),
        Mutant(_images_last, "With two images, whose window is your second row?"),
        Mutant(_stride_ignored, "With stride 2, where does the second window begin?"),
        Mutant(_side_by_side, "Windows may overlap: is the way to the next one the stride, or the kernel?"),
        Mutant(_last_missing, "The last window ends at the edge. Does it have a row?"),
        Mutant(_a_row_an_image, "How many rows: one for each image, or one for each window?"),
        Mutant(_a_column_a_window, "Does a window lie in a row of your matrix, or in a column?"),
        Mutant(_flipped, "Is the first number of a row the window's upper left pixel?"),
        Mutant(_a_view, "Windows as wide as the image, or of one pixel, are no copy. May one write to them?"),
    ),
    hints=(
        "Look at the shape of NumPy's sliding windows: which axes are places, which lie within a window?",
        "Compare the order of the last three axes with that of weight, (k, k, C).",
        "Take every stride-th place, put the channels last, and join three axes on either side.",
    ),
)

# ---- numbers on paper

_CONV2 = ladder.shapes()["conv2"]
_NUMBERS = _CONV2.side**2 * _CONV2.window * _CONV2.groups

MATRIX = Question(
    number="15.1",
    asks="rows and columns of the matrix of one group, and the bytes of both groups' matrices",
    answer=[_CONV2.side**2, _CONV2.window, _NUMBERS * ladder.BYTES],
    on_paper=[729, 1200, 6_998_400],
    hints=(
        "Look at what a row stands for, and what a column.",
        "Compare the window of one group, 5 by 5 by 48, with that of all 96 channels.",
        "Rows times columns are the numbers of one matrix. There are two, and four bytes a number.",
    ),
    mistakes=(
        gives([1200, 729, 6_998_400], "A row is a window. Which of your two numbers counts windows?"),
        gives([729, 2400, 6_998_400], "One group sees half of the 96 channels."),
        gives([729, 1200, 3_499_200], "That is one group's matrix. How many groups are there?"),
        gives([729, 1200, 1_749_600], "Those are numbers. How many bytes has a float32?"),
        gives([729, 1200, 13_996_800], "Eight bytes are a float64's."),
        gives([529, 1200, 5_078_400], "The layer has padding: there are 27 by 27 places."),
    ),
)

_FC7 = next(row for row in TABLE if row.name == "fc7").out_features ** 2
_READ, _MULTIPLY = _FC7 * ladder.BYTES / 10e9, _FC7 / 40e9

BATCH = Question(
    number="15.2",
    asks="from how many images on the products decide, and the milliseconds of such a batch",
    answer=[_READ / _MULTIPLY, 1e3 * _READ],
    on_paper=[16, 6.71],
    hints=(
        "Look at what grows with the number of images: the products, the weights' bytes, or both?",
        "Compare the time that reading all weights takes with the time of one image's products.",
        "One image's products take 0.419 ms. The weights are 4 bytes each, at 10 G bytes a second.",
    ),
    mistakes=(
        gives([4, 1.68], "Those are weights a second. How many bytes has a weight?"),
        gives([16, 0.419], "That is how long one image's products take. And those of the batch?"),
        gives([16, 107], "Are the weights read again for every image of a batch?"),
        gives([16, 0.00671], "Right in seconds. Milliseconds are asked for."),
        gives([32, 13.4], "Eight bytes a weight are a float64's."),
        gives([1 / 16, 6.71], "Divided the wrong way round: which of the two takes longer for one image?"),
        gives([16, 7.13], "Does the reading come before the products, or at the same time?"),
    ),
)

EXERCISES = (MATRIX, BATCH, IM2COL)
