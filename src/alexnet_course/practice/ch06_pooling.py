"""The checked exercises of chapter 06: max pooling."""

import numpy as np

from alexnet_course.data import tile
from alexnet_course.practice.ch02_convolution import conv2d
from alexnet_course.practice.exercises import Case, Exercise, Mutant, Question, gives


def max_pool_backward(x, grad_output, k, s):
    """Send each number of `grad_output` back to the first maximum of its window in `x`.

    `x` is (N, H, W, C), `grad_output` (N, rows, columns, C); windows are `k` wide, one every `s`.
    """
    grad_input = np.zeros(x.shape)
    for image, i, j, c in np.ndindex(grad_output.shape):
        window = x[image, i * s : i * s + k, j * s : j * s + k, c]
        row, column = divmod(window.argmax(), k)  # argmax gives the first of equals
        grad_input[image, i * s + row, j * s + column, c] += grad_output[image, i, j, c]
    return grad_input


# ---- the mistakes that the checker knows


def _shared(x, grad_output, k, s, share):
    """Send gradients back with `share(window)` saying how much each pixel of a window gets."""
    grad_input = np.zeros(x.shape)
    for image, i, j, c in np.ndindex(grad_output.shape):
        place = (image, slice(i * s, i * s + k), slice(j * s, j * s + k), c)
        grad_input[place] += share(x[place]) * grad_output[image, i, j, c]
    return grad_input


def _overwritten(x, grad_output, k, s):
    grad_input = np.zeros(x.shape)
    for image, i, j, c in np.ndindex(grad_output.shape):
        window = x[image, i * s : i * s + k, j * s : j * s + k, c]
        row, column = divmod(window.argmax(), k)
        grad_input[image, i * s + row, j * s + column, c] = grad_output[image, i, j, c]
    return grad_input


def _every_maximum(x, grad_output, k, s):
    return _shared(x, grad_output, k, s, lambda window: window == window.max())


def _split_among_maxima(x, grad_output, k, s):
    def share(window):
        winners = window == window.max()
        return winners / winners.sum()

    return _shared(x, grad_output, k, s, share)


def _last_maximum(x, grad_output, k, s):
    def share(window):
        winner = np.zeros(window.size)
        winner[window.size - 1 - window.ravel()[::-1].argmax()] = 1
        return winner.reshape(window.shape)

    return _shared(x, grad_output, k, s, share)


def _column_by_column(x, grad_output, k, s):
    return max_pool_backward(x.transpose(0, 2, 1, 3), grad_output.transpose(0, 2, 1, 3), k, s).transpose(
        0, 2, 1, 3
    )


def _start_without_stride(x, grad_output, k, s):
    return max_pool_backward(x, grad_output, k, 1)


def _averaged(x, grad_output, k, s):
    return _shared(x, grad_output, k, s, lambda window: np.full(window.shape, 1 / window.size))


def _without_gradient(x, grad_output, k, s):
    return max_pool_backward(x, np.ones(grad_output.shape), k, s)


def _sizes(height, width, k, s):
    return (height - k) // s + 1, (width - k) // s + 1


def _cases(rng):
    def case(name, x, grad_output, k, s):
        return Case(name, {"x": x, "grad_output": grad_output, "k": k, "s": s})

    after = np.maximum(tile.MAPS, 0).astype(float)
    square = np.array([[1.0, 3], [2, 0]]).reshape(1, 2, 2, 1)
    equal = np.ones((1, 2, 2, 1))
    row = np.array([0.0, 5, 1, 2, 4, 3]).reshape(1, 1, 6, 1)
    ties = np.array([[0.0, 7], [7, 0]]).reshape(1, 2, 2, 1)
    cases = [
        case("one window, gradient 2", square, np.full((1, 1, 1, 1), 2.0), 2, 1),
        case("one window of equal numbers", equal, np.ones((1, 1, 1, 1)), 2, 1),
        case("two equal maxima, at (0, 1) and (1, 0)", ties, np.ones((1, 1, 1, 1)), 2, 1),
        case("a row of six, windows of one, stride 2", row, np.array([1.0, 2, 3]).reshape(1, 1, 3, 1), 1, 2),
        case("map 1 of the tile, 3/2, a gradient of ones", after[..., 1:2], np.ones((1, 2, 2, 1)), 3, 2),
        case("map 0 of the tile, 3/2, a gradient of ones", after[..., 0:1], np.ones((1, 2, 2, 1)), 3, 2),
        case(
            "all three maps, 2/2: the last row and column are never read", after, np.ones((1, 2, 2, 3)), 2, 2
        ),
    ]
    for k, s in ((2, 1), (3, 1), (2, 2), (3, 2), (3, 3), (2, 3)):
        height, width = k + 2 * s + 1, k + 3 * s
        rows, columns = _sizes(height, width, k, s)
        x = rng.integers(-4, 5, (2, height, width, 2)).astype(float)  # few values, so that ties happen
        grad_output = np.round(rng.standard_normal((2, rows, columns, 2)), 2)
        cases.append(case(f"random numbers, {height}x{width}, pool {k}/{s}", x, grad_output, k, s))
    return cases


MAX_POOL_BACKWARD = Exercise(
    number="06.3",
    signatures=("max_pool_backward(x, grad_output, k, s)",),
    solutions=(max_pool_backward,),
    cases=_cases,
    mutants=(
        Mutant(_overwritten, "One pixel can win twice: the gradient of map 1 must total 4."),
        Mutant(
            _every_maximum, "Add up all that goes in and all that comes out: the two totals must be equal."
        ),
        Mutant(_split_among_maxima, "Ties are not shared here. Our rule: the first maximum gets it all."),
        Mutant(_last_maximum, "Of equal numbers the first one wins, in the order in which you read a page."),
        Mutant(_column_by_column, "Rows come first: of two equal maxima, (0, 1) stands before (1, 0)."),
        Mutant(_start_without_stride, "With s = 2, at which row does window (1, 1) start?"),
        Mutant(_averaged, "Only the winner moved the output. What have the others to be told?"),
        Mutant(_without_gradient, "Double grad_output: your result must double, too."),
    ),
    hints=(
        "Look at one window alone: which pixel made its output?",
        "Compare the total of what you return with the total of grad_output: nothing gets lost or made.",
        "For every window, find the place of its first maximum and add its gradient there; another "
        "window may have left something at that place already.",
    ),
)

_POOLED = tile.POOLED[0, :, :, 1]
_RELU_MAP = np.maximum(tile.MAPS[0, :, :, 1], 0)

POOLED = Question(
    number="06.1",
    asks="map 1 after 3x3 pooling with stride 2, two rows of two",
    answer=_POOLED,
    on_paper=[[3, 3], [4, 4]],
    hints=(
        "Look at the four windows: they start at rows 0 and 2, and at columns 0 and 2.",
        "Compare neighbouring windows: they share a row or a column.",
        "Each number is the largest of nine.",
    ),
    mistakes=(
        gives(tile.POOLED[0, :, :, 0], "That is map 0."),
        gives(
            _RELU_MAP[:4, :4].reshape(2, 2, 2, 2).max(axis=(1, 3)),
            "Those are windows of 2x2. Here they are 3x3, and they overlap.",
        ),
        gives(_POOLED.T, "Rows and columns are exchanged."),
    ),
)

_UNREAD = 25 - (5 // 2 * 2) ** 2

UNREAD = Question(
    number="06.2",
    asks="how many of the 25 pixels no 2x2 window at stride 2 reads",
    answer=_UNREAD,
    on_paper=9,
    hints=(
        "Draw the windows on a 5x5 grid: at which rows do they start?",
        "Compare the end of the last window with the last row and the last column.",
        "A whole row and a whole column are left over. They share one pixel.",
    ),
    mistakes=(
        gives(_UNREAD + 1, "You counted one pixel twice: the corner."),
        gives(5, "That is one side. There are two."),
        gives(0, "The third window would start at row 4 and end outside."),
    ),
)


def _through(x):
    """Give the tile's responses after ReLU, and pooled, for a centred picture (7, 7)."""
    after = np.maximum(conv2d(x[np.newaxis, :, :, np.newaxis], tile.KERNELS, tile.BIASES), 0)
    windows = np.lib.stride_tricks.sliding_window_view(after, (3, 3), axis=(1, 2))
    return after, windows[:, ::2, ::2].max(axis=(-2, -1))


def _slid(picture, step):
    moved = np.zeros_like(picture)
    moved[:, step:] = picture[:, :-step]
    return moved


def _changes(step, raw):
    x, mean = tile.X[0, :, :, 0], tile.MEAN_IMAGE[:, :, 0]
    moved = _slid(tile.EAR, step) - mean if raw else _slid(x, step)
    return [int((a != b).sum()) for a, b in zip(_through(x), _through(moved), strict=True)]


_SHIFTED = np.array([[_changes(step, raw) for step in (1, 2)] for raw in (False, True)])

SHIFTED = Question(
    number="06.5",
    asks="changed responses of 75 and changed pooled values of 12, for shifts of 1 and 2; first x slid, "
    "then the raw ear slid under the fixed mean image",
    answer=_SHIFTED,
    on_paper=[[[51, 3], [51, 5]], [[47, 12], [52, 12]]],
    hints=(
        "Slide the picture to the right, and let zeros come in at the left.",
        "Compare after ReLU for the 75 responses, and after the 3/2 pool for the 12 values.",
        "Sliding x moves the centred picture. Sliding the raw ear moves it under a mean image that stays.",
    ),
    mistakes=(
        gives(_SHIFTED[::-1], "The two experiments are exchanged: x first, then the raw ear."),
        gives(_SHIFTED.swapaxes(1, 2), "One row for each shift: responses first, then pooled values."),
        gives(
            np.stack([_SHIFTED[0]] * 2), "The raw ear moves, its mean image does not: subtract after sliding."
        ),
    ),
)

EXERCISES = (POOLED, UNREAD, MAX_POOL_BACKWARD, SHIFTED)
