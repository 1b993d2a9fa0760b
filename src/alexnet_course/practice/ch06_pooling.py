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


def _place_in_the_window(x, grad_output, k, s):
    grad_input = np.zeros(x.shape)
    for image, i, j, c in np.ndindex(grad_output.shape):
        window = x[image, i * s : i * s + k, j * s : j * s + k, c]
        row, column = divmod(window.argmax(), k)
        grad_input[image, row, column, c] += grad_output[image, i, j, c]
    return grad_input


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
        Mutant(
            _place_in_the_window,
            "You know the winner's place in its window. Where does the window lie in the picture?",
        ),
        Mutant(_averaged, "Only the winner moved the output. What should the others be told?"),
        Mutant(_without_gradient, "Double grad_output: your result must double, too."),
    ),
    hints=(
        "Look at one window alone: which pixel made its output?",
        "Compare the total of what you return with the total of grad_output: nothing gets lost or made.",
        "For every window, find the place of its first maximum and add its gradient there; another "
        "window may have left something at that place already.",
    ),
)


def max_pool(x, k, s, p):
    """Give the largest number of every window of `x`, with `p` pixels on each side that never win.

    `x` is (N, H, W, C); windows are `k` wide, one every `s`.
    """
    padded = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)), constant_values=-np.inf)
    batch, height, width, channels = padded.shape
    y = np.zeros((batch, (height - k) // s + 1, (width - k) // s + 1, channels))
    for i, j in np.ndindex(y.shape[1:3]):
        y[:, i, j] = padded[:, i * s : i * s + k, j * s : j * s + k].max(axis=(1, 2))
    return y


# ---- the mistakes that the checker knows: max_pool


def _padded(x, p, value):
    return np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)), constant_values=value)


def _zeros_win(x, k, s, p):
    return max_pool(_padded(x, p, 0.0), k, s, 0)


def _smallest_of_all(x, k, s, p):
    return max_pool(_padded(x, p, -1.0), k, s, 0)


def _without_padding(x, k, s, p):
    return max_pool(x, k, s, 0)


def _padding_once(x, k, s, p):
    return max_pool(np.pad(x, ((0, 0), (p, 0), (p, 0), (0, 0)), constant_values=-np.inf), k, s, 0)


def _steps_of_one(x, k, s, p):
    return max_pool(x, k, 1, p)


def _steps_of_the_window(x, k, s, p):
    return max_pool(x, k, k, p)


def _start_of_one(x, k, s, p):
    rows, columns = max_pool(x, k, s, p).shape[1:3]
    return max_pool(x, k, 1, p)[:, :rows, :columns]


def _channels_together(x, k, s, p):
    return np.broadcast_to(max_pool(x, k, s, p).max(axis=-1, keepdims=True), max_pool(x, k, s, p).shape)


def _means(x, k, s, p):
    windows = np.lib.stride_tricks.sliding_window_view(_padded(x, p, np.nan), (k, k), axis=(1, 2))
    return np.nanmean(windows[:, ::s, ::s], axis=(-2, -1))


def _pool_cases(rng):
    def case(name, x, k, s, p):
        return Case(name, {"x": x, "k": k, "s": s, "p": p})

    square = np.array([[1.0, 3], [2, 0]]).reshape(1, 2, 2, 1)
    after = np.maximum(tile.MAPS, 0).astype(float)
    cases = [
        case("one window", square, 2, 1, 0),
        case("the same below 0, padding 1", square - 9, 2, 1, 1),
        case("a row of six, windows of one, stride 2", np.arange(6.0).reshape(1, 1, 6, 1), 1, 2, 0),
        case("the tile's maps, 3/2", after, 3, 2, 0),
        case("the tile's maps, 2/2", after, 2, 2, 0),
        case("the tile's maps before ReLU, 3/2, padding 1", tile.MAPS.astype(float), 3, 2, 1),
    ]
    for k, s, p in ((2, 1, 1), (3, 1, 1), (2, 2, 0), (3, 2, 1), (2, 3, 1), (4, 2, 2)):
        height, width = k + 2 * s + 1, k + 3 * s
        x = rng.standard_normal((2, height, width, 2)) - 2  # most of them below 0
        cases.append(case(f"random numbers, {height}x{width}, pool {k}/{s}, padding {p}", x, k, s, p))
    return cases


MAX_POOL = Exercise(
    number="06.6",
    signatures=("max_pool(x, k, s, p)",),
    solutions=(max_pool,),
    cases=_pool_cases,
    mutants=(
        Mutant(_zeros_win, "All numbers of the picture are below 0. Where does your 0 come from?"),
        Mutant(_smallest_of_all, "Your padding is small, but the picture may hold something smaller still."),
        Mutant(_without_padding, "Look at the output's shape with padding 1. Yours is that of no padding."),
        Mutant(_padding_once, "Padding is added at both sides."),
        Mutant(_steps_of_one, "Look at the output's shape at stride 2. Yours is that of stride 1."),
        Mutant(_steps_of_the_window, "The windows may overlap: they start every s pixels, not every k."),
        Mutant(_start_of_one, "The shape is right at stride 2. At which pixel does window (0, 1) start?"),
        Mutant(_channels_together, "Every map is pooled alone. Over which axes do you take the maximum?"),
        Mutant(_means, "One strong answer is enough: the largest number, and not the mean."),
    ),
    hints=(
        "Take the chapter's loop, and look at a picture whose numbers are all below 0.",
        "Compare what the padding holds with the smallest number that there is.",
        "Put the picture into a larger array that is full of minus infinity, and pool that one.",
    ),
)

_RELU_MAP = np.maximum(tile.MAPS[0, :, :, 2], 0)  # bright column


def _pooled(responses, k):
    return max_pool(responses[np.newaxis, :, :, np.newaxis].astype(float), k, 2, 0)[0, :, :, 0].astype(int)


POOLED = Question(
    number="06.1",
    asks="the bright-column map after 2x2 pooling with stride 2, two rows of two",
    answer=_pooled(_RELU_MAP, 2),
    on_paper=[[1, 2], [5, 5]],
    hints=(
        "Look at the four windows: they start at rows 0 and 2, and at columns 0 and 2.",
        "Compare neighbouring windows: they share no pixel.",
        "Each number is the largest of four.",
    ),
    mistakes=(
        gives(_pooled(np.maximum(tile.MAPS[0, :, :, 0], 0), 2), "That is the left-edge map."),
        gives(_pooled(_RELU_MAP, 3), "Those are windows of 3x3. Here they are 2x2."),
        gives(_pooled(_RELU_MAP, 2).T, "Rows and columns are exchanged."),
    ),
)

_UNREAD = 6 * 8 - 5 * 7  # two windows reach over 5 rows, three over 7 columns

UNREAD = Question(
    number="06.2",
    asks="how many of the 48 pixels no 3x3 window at stride 2 reads",
    answer=_UNREAD,
    on_paper=13,
    hints=(
        "Draw the windows on a grid of 6 rows and 8 columns: where do they start?",
        "Compare the end of the last window with the last row and the last column.",
        "A whole row and a whole column are left over. They share one pixel.",
    ),
    mistakes=(
        gives(_UNREAD + 1, "You counted one pixel twice: the corner."),
        gives(8, "That is the row. What about the columns?"),
        gives(6, "That is the column. What about the rows?"),
        gives(0, "Another window would start at row 4 and end outside."),
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


_SHIFTED = np.array([_changes(2, raw) for raw in (False, True)])
_BY_ONE = np.array([_changes(1, raw) for raw in (False, True)])

SHIFTED = Question(
    number="06.5",
    asks="changed responses of 75 and changed pooled numbers of 12, in two rows: the centred tile slid by 2, "
    "then the raw ear slid by 2 under the fixed mean image",
    answer=_SHIFTED,
    on_paper=[[51, 5], [52, 12]],
    hints=(
        "Slide the picture to the right, and let zeros come in at the left.",
        "Compare after ReLU for the 75 responses, and after the 3/2 pool for the 12 numbers.",
        "Sliding the tile moves the centred picture. Sliding the raw ear moves it under a mean image that "
        "stays.",
    ),
    mistakes=(
        gives(_SHIFTED[::-1], "The two experiments are exchanged: the centred tile first, then the raw ear."),
        gives(_SHIFTED.T, "One row for each experiment: responses first, then pooled numbers."),
        gives(
            np.stack([_SHIFTED[0]] * 2), "The raw ear moves, its mean image does not: subtract after sliding."
        ),
        gives(_BY_ONE, "That is a shift by 1."),
    ),
)

EXERCISES = (POOLED, UNREAD, MAX_POOL_BACKWARD, SHIFTED, MAX_POOL)
