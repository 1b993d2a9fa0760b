"""The bugs of chapter 18: ten short functions that run, keep the shape, and are wrong.

Each stands here broken, as the page shows it; right; right in another way, with other rounding; and with the
mistakes that a repair may make. Its test is the smallest that we know.
"""

import numpy as np

from alexnet_course.practice.bugs import Bug
from alexnet_course.practice.exercises import Case, Mutant, gives


def _rounded(function):
    """Make a right function that rounds otherwise: on numbers of float32, as far as they go in."""

    def other(*arguments):
        return function(*[_single(argument) for argument in arguments]).astype(np.float32)

    return other


def _single(value):
    floats = isinstance(value, np.ndarray) and value.dtype.kind == "f"
    return value.astype(np.float32) if floats else value


# ---- 18.1 a max pool that pads with zeros


def _max_pool_broken(x, k, s, p):
    padded = np.pad(x, p)
    rows = (padded.shape[0] - k) // s + 1
    columns = (padded.shape[1] - k) // s + 1
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        y[i, j] = padded[i * s : i * s + k, j * s : j * s + k].max()
    return y


def max_pool(x, k, s, p):
    """Give the largest number of each window of k by k, in steps of s, with p pixels of padding."""
    padded = np.pad(x.astype(float), p, constant_values=-np.inf)
    rows = (padded.shape[0] - k) // s + 1
    columns = (padded.shape[1] - k) // s + 1
    y = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        y[i, j] = padded[i * s : i * s + k, j * s : j * s + k].max()
    return y


def test_max_pool(function):
    """One number below 0, with padding all round."""
    np.testing.assert_allclose(function(np.array([[-1.0]]), 2, 1, 1), -np.ones((2, 2)))


def _other_max_pool(x, k, s, p):
    lowest = x - x.min() + 1.0  # above 0, so that zeros never win
    return (_max_pool_broken(lowest, k, s, p) + (x.min() - 1.0)).astype(np.float32)


def _padded_with_minus_one(x, k, s, p):
    shifted = np.pad(x, p, constant_values=-1.0)
    return _max_pool_broken(shifted, k, s, 0)


def _padding_forgotten(x, k, s, p):
    return _max_pool_broken(x, k, s, 0)


def _largest_magnitude(x, k, s, p):
    padded = np.pad(x, p)
    y = _max_pool_broken(x, k, s, p)
    for i, j in np.ndindex(y.shape):
        window = padded[i * s : i * s + k, j * s : j * s + k].ravel()
        y[i, j] = window[np.abs(window).argmax()]
    return y


def _max_pool_cases(rng):
    def case(name, x, k, s, p):
        return Case(name, {"x": np.array(x, float), "k": k, "s": s, "p": p})

    return [
        case("four numbers below 0, a ring of padding", [[-4, -2], [-3, -1]], 2, 2, 1),
        case("without padding", [[1, -5, 2], [0, 3, -1]], 2, 1, 0),
        case("positive numbers", [[1, 5], [2, 3]], 2, 1, 1),
        case("both signs", rng.normal(size=(4, 6)), 3, 2, 1),
        case("all far below 0", rng.normal(size=(5, 4)) - 9, 3, 2, 1),
        case("a window of 5, padding 2", -rng.random((7, 6)) - 2, 5, 3, 2),
        case("one number", [[-7]], 2, 1, 1),
        case("fractions below 0", -rng.random((6, 5)) / 3, 3, 3, 1),
    ]


MAX_POOL = Bug(
    number="18.1",
    signature="max_pool(x, k, s, p)",
    broken=_max_pool_broken,
    right=max_pool,
    other=_other_max_pool,
    asks="what the broken max_pool returns for [[-4, -2], [-3, -1]] with k = 2, s = 2, p = 1, row by row",
    answer=_max_pool_broken(np.array([[-4, -2], [-3, -1]]), 2, 2, 1).ravel(),
    on_paper=[0, 0, 0, 0],
    mistakes=(
        gives([-4, -2, -3, -1], "That is right, and so it is not what the broken one returns."),
        gives([-1, -1, -1, -1], "No window sees all four numbers: with s = 2 and p = 1 each sees one."),
    ),
    test=test_max_pool,
    cases=_max_pool_cases,
    mutants=(
        Mutant(_padded_with_minus_one, "What if the whole map is lower than your padding?"),
        Mutant(_padding_forgotten, "The padding is part of the shape: count the windows with p = 1."),
        Mutant(_largest_magnitude, "The largest number is wanted, not the one farthest from 0."),
    ),
    hints=(
        "Look at one window in the corner: how many of its numbers come from x, and what are the others?",
        "Compare maps of positive numbers with maps of negative ones. In which can a padded 0 win?",
        "What stands outside the map must lose against every number, whatever x holds.",
    ),
)

# ---- 18.2 a gradient that is overwritten


def _max_pool_backward_broken(x, grad_output, k, s):
    grad_input = np.zeros(x.shape)
    for i, j in np.ndindex(grad_output.shape):
        window = x[i * s : i * s + k, j * s : j * s + k]
        row, column = np.unravel_index(window.argmax(), window.shape)
        grad_input[i * s + row, j * s + column] = grad_output[i, j]
    return grad_input


def max_pool_backward(x, grad_output, k, s):
    """Give each pixel the gradients of all windows in which it is the largest, the first of equals."""
    grad_input = np.zeros(x.shape)
    for i, j in np.ndindex(grad_output.shape):
        window = x[i * s : i * s + k, j * s : j * s + k]
        row, column = np.unravel_index(window.argmax(), window.shape)
        grad_input[i * s + row, j * s + column] += grad_output[i, j]
    return grad_input


def test_max_pool_backward(function):
    """Two windows with one winner."""
    x = np.array([[0, 9, 0], [0, 0, 0]])
    np.testing.assert_allclose(function(x, np.ones((1, 2)), 2, 1).max(), 2)


def _equal_winners(x, grad_output, k, s):
    grad_input = np.zeros(x.shape)
    for i, j in np.ndindex(grad_output.shape):
        part = np.s_[i * s : i * s + k, j * s : j * s + k]
        grad_input[part] += (x[part] == x[part].max()) * grad_output[i, j]
    return grad_input


def _without_window(x, grad_output, k, s):
    grad_input = np.zeros(x.shape)
    for i, j in np.ndindex(grad_output.shape):
        window = x[i * s : i * s + k, j * s : j * s + k]
        row, column = np.unravel_index(window.argmax(), window.shape)
        grad_input[row, column] += grad_output[i, j]
    return grad_input


def _counts_windows(x, grad_output, k, s):
    return max_pool_backward(x, np.ones(grad_output.shape), k, s)


def _max_pool_backward_cases(rng):
    def case(name, x, k, s):
        x = np.array(x, float)
        rows, columns = ((side - k) // s + 1 for side in x.shape)
        grad_output = rng.integers(1, 9, (rows, columns)).astype(float)
        return Case(name, {"x": x, "grad_output": grad_output, "k": k, "s": s})

    return [
        case("a peak in the middle of four windows", [[1, 2, 1], [2, 9, 2], [1, 2, 1]], 2, 1),
        case("windows side by side", [[1, 2, 5, 4], [3, 0, 1, 2]], 2, 2),
        case("a tie: the first of equals wins", [[3, 3, 0], [3, 1, 3]], 2, 1),
        case("3 by 3, stride 2", rng.normal(size=(5, 7)), 3, 2),
        case("one window", rng.normal(size=(3, 3)), 3, 1),
        case("3 by 3, stride 1", rng.normal(size=(6, 5)), 3, 1),
        case("a remainder below", rng.normal(size=(8, 6)), 3, 2),
        case("all numbers equal", np.ones((4, 5)), 2, 1),
        case("windows of one pixel", rng.normal(size=(2, 3)), 1, 1),
    ]


_PEAK = np.array([[1, 2, 1], [2, 9, 2], [1, 2, 1]])
_GRADIENT = np.array([[1, 2], [3, 4]])

MAX_POOL_BACKWARD = Bug(
    number="18.2",
    signature="max_pool_backward(x, grad_output, k, s)",
    broken=_max_pool_backward_broken,
    right=max_pool_backward,
    other=_rounded(max_pool_backward),
    asks="what the broken max_pool_backward gives the 9 in the middle",
    answer=int(_max_pool_backward_broken(_PEAK, _GRADIENT, 2, 1)[1, 1]),
    on_paper=4,
    mistakes=(
        gives(10, "That is what should arrive. What does the broken one leave of the four?"),
        gives(1, "The windows come one after the other. Whose number stands there at the end?"),
    ),
    test=test_max_pool_backward,
    cases=_max_pool_backward_cases,
    mutants=(
        Mutant(_equal_winners, "If two pixels are equal, one of them wins: the first."),
        Mutant(_without_window, "Where does the window lie in x? Its winner is counted from there."),
        Mutant(_counts_windows, "Let the windows have different gradients: do yours arrive?"),
    ),
    hints=(
        "Look at a pixel that wins in two windows. The loop comes to it twice.",
        "Compare windows that lie side by side with windows that overlap. In which can a pixel win twice?",
        "The gradients of all the windows that a pixel wins add up.",
    ),
)

# ---- 18.3 the odd pixel on the wrong side


def _pad_same_broken(x, k):
    before, after = k // 2, (k - 1) // 2
    return np.pad(x, ((before, after), (before, after)))


def pad_same(x, k):
    """Add zeros so that a window of k by k, in steps of 1, has as many places as x pixels."""
    before, after = (k - 1) // 2, k // 2
    return np.pad(x, ((before, after), (before, after)))


def test_pad_same(function):
    """One pixel, and an even window."""
    np.testing.assert_allclose(function(np.array([[1]]), 2), [[1, 0], [0, 0]])


def _other_pad_same(x, k):
    y = np.zeros((x.shape[0] + k - 1, x.shape[1] + k - 1), np.float32)
    first = (k - 1) // 2
    y[first : first + x.shape[0], first : first + x.shape[1]] = x
    return y


def _both_halves(x, k):
    return np.pad(x, k // 2)


def _all_after(x, k):
    return np.pad(x, ((0, k - 1), (0, k - 1)))


def _columns_only(x, k):
    return np.pad(x, ((k // 2, (k - 1) // 2), ((k - 1) // 2, k // 2)))


def _pad_same_cases(rng):
    def case(name, x, k):
        return Case(name, {"x": np.array(x, float), "k": k})

    return [
        case("one pixel, k = 2", [[5]], 2),
        case("one pixel, k = 3", [[5]], 3),
        case("two rows, k = 2", [[1, 2, 3], [4, 5, 6]], 2),
        case("k = 4", rng.normal(size=(3, 5)), 4),
        case("k = 5", rng.normal(size=(4, 3)), 5),
        case("k = 1: nothing to add", rng.normal(size=(2, 3)), 1),
        case("k = 6, larger than the picture", rng.normal(size=(3, 2)), 6),
        case("k = 3", rng.normal(size=(6, 4)), 3),
    ]


_PIXEL = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]])

PAD_SAME = Bug(
    number="18.3",
    signature="pad_same(x, k)",
    broken=_pad_same_broken,
    right=pad_same,
    other=_other_pad_same,
    asks="row and column of the bright pixel after the broken pad_same with k = 4",
    answer=np.argwhere(_pad_same_broken(_PIXEL, 4))[0],
    on_paper=[3, 3],
    mistakes=(
        gives(
            [2, 2], "That is where it belongs, with the odd pixel of padding after. Where does it lie here?"
        ),
        gives([1, 1], "That is its place before any padding."),
        gives([4, 4], "Count what stands before it: k // 2 pixels of padding, and one pixel of the picture."),
    ),
    test=test_pad_same,
    cases=_pad_same_cases,
    mutants=(
        Mutant(_both_halves, "An even k has an odd number of pixels to add. Is your shape one too large?"),
        Mutant(_all_after, "The picture belongs in the middle, as far as that goes."),
        Mutant(_columns_only, "Rows and columns follow the same rule."),
    ),
    hints=(
        "Look at k = 4: three pixels are to be added along a side. How many stand before the picture?",
        "Compare an even k with an odd one. In which is there an odd pixel to place?",
        "As chapter 3 and TensorFlow have it, the odd pixel goes after: below, and to the right.",
    ),
)

# ---- 18.4 whole numbers out


def _conv2d_broken(x, weight, bias):
    k = len(weight)
    y = np.zeros((x.shape[0] - k + 1, x.shape[1] - k + 1), x.dtype)
    for i, j in np.ndindex(y.shape):
        y[i, j] = (x[i : i + k, j : j + k] * weight).sum() + bias
    return y


def conv2d(x, weight, bias):
    """Give the response of a map (H, W) to a square kernel (k, k) at every place."""
    k = len(weight)
    y = np.zeros((x.shape[0] - k + 1, x.shape[1] - k + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = (x[i : i + k, j : j + k] * weight).sum() + bias
    return y


def test_conv2d(function):
    """A whole pixel under half a weight."""
    np.testing.assert_allclose(function(np.array([[1]]), np.array([[0.5]]), 0), [[0.5]])


def _other_conv2d(x, weight, bias):
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.float32), weight.shape)
    return np.einsum("ijab,ab->ij", windows, weight.astype(np.float32)) + np.float32(bias)


def _rounds(x, weight, bias):
    return np.rint(conv2d(x, weight, bias)).astype(x.dtype)


def _type_of_weight(x, weight, bias):
    return conv2d(x, weight, bias).astype(weight.dtype)


def _bias_forgotten(x, weight, bias):
    return conv2d(x, weight, 0)


def _floats_that_were_cut(x, weight, bias):
    return _conv2d_broken(x, weight, bias).astype(float)


def _conv2d_cases(rng):
    def case(name, x, weight, bias):
        return Case(name, {"x": np.array(x), "weight": np.array(weight), "bias": bias})

    whole = rng.integers(-9, 9, (5, 4))
    return [
        case("four ones, a bias of 0.5", [[1, 1], [1, 1]], [[1, 0], [0, 1]], 0.5),
        case("a bias below 0", [[1, 1], [1, 1]], [[-1.0, 0], [0, -1]], -0.5),
        case("floats", rng.normal(size=(4, 3)), rng.normal(size=(2, 2)), 0.25),
        case("a mean of nine", whole, np.full((3, 3), 1 / 9), 0.0),
        case("whole numbers throughout", whole, [[1, -1], [2, 0]], 1),
        case("whole pixels, fractions as weights", whole, rng.normal(size=(2, 2)), 1),
        case("a kernel of one number", whole, [[0.1]], 0.0),
        case("whole numbers, a bias of 1/3", whole.T, [[1, 2], [3, 4]], 1 / 3),
    ]


_ONES = np.ones((2, 2), int)

CONV2D = Bug(
    number="18.4",
    signature="conv2d(x, weight, bias)",
    broken=_conv2d_broken,
    right=conv2d,
    other=_other_conv2d,
    asks="what the broken conv2d makes of four whole ones under four weights of 0.7, and of -0.7",
    answer=[int(_conv2d_broken(_ONES, np.full((2, 2), w), 0.0)[0, 0]) for w in (0.7, -0.7)],
    on_paper=[2, -2],
    mistakes=(
        gives([2.8, -2.8], "That is right, and so it is not what the broken one returns. What may y hold?"),
        gives([3, -3], "It does not round: what stands after the point is cut off."),
        gives([2, -3], "Cut off means towards 0, on both sides of it."),
    ),
    test=test_conv2d,
    cases=_conv2d_cases,
    mutants=(
        Mutant(_rounds, "Rounded is not right either: 0.5 is a response."),
        Mutant(_type_of_weight, "What if pixels and weights are whole and the bias is not?"),
        Mutant(_bias_forgotten, "Is the bias still part of the sum?"),
        Mutant(_floats_that_were_cut, "What is cut off cannot be had back. When is it cut off?"),
    ),
    hints=(
        "Look at the line that makes y. What kind of numbers can it hold when x holds pixels?",
        "Compare an x of floats with an x of whole numbers. Which of the two does a test usually have?",
        "The type of y follows from what is computed, and not from what came in.",
    ),
)

# ---- 18.5 a width for a radius


def _lrn_broken(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    y = np.zeros(x.shape)
    for c in range(x.shape[-1]):
        neighbours = x[..., max(0, c - n) : c + n + 1]
        s = k + alpha * (neighbours**2).sum(axis=-1)
        y[..., c] = x[..., c] / s**beta
    return y


def lrn(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    """Normalize the maps, the last axis of x, by n neighbours each."""
    y = np.zeros(x.shape)
    for c in range(x.shape[-1]):
        neighbours = x[..., max(0, c - n // 2) : c + n // 2 + 1]
        s = k + alpha * (neighbours**2).sum(axis=-1)
        y[..., c] = x[..., c] / s**beta
    return y


def test_lrn(function):
    """With n = 1 a map has no neighbour but itself."""
    np.testing.assert_allclose(function(np.array([1, 1]), 1, 0, 1, 1), [1, 1])


def _other_lrn(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    channels = np.arange(x.shape[-1])
    near = np.abs(channels[:, None] - channels) <= n // 2
    x = x.astype(np.float32)
    return x / ((k + alpha * (x**2 @ near)) ** beta).astype(np.float32)


def _lrn_radius(reach):
    def wrong(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
        return lrn(x, 2 * reach(n) + 1, k, alpha, beta)

    return wrong


def _one_short(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    y = np.zeros(x.shape)
    for c in range(x.shape[-1]):
        s = k + alpha * (x[..., max(0, c - n // 2) : c + n // 2] ** 2).sum(axis=-1)
        y[..., c] = x[..., c] / s**beta
    return y


def _itself_left_out(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    y = np.zeros(x.shape)
    for c in range(x.shape[-1]):
        sums = (x[..., max(0, c - n // 2) : c + n // 2 + 1] ** 2).sum(axis=-1) - x[..., c] ** 2
        y[..., c] = x[..., c] / (k + alpha * sums) ** beta
    return y


def _lrn_cases(rng):
    def case(name, x, n=5, k=2.0, alpha=1.0, beta=0.75):
        return Case(name, {"x": np.array(x, float), "n": n, "k": k, "alpha": alpha, "beta": beta})

    return [
        case("three maps, n = 5", [1, 3, 2]),
        case("three maps, n = 1", [1, 3, 2], 1),
        case("three maps, n = 3", [1, 3, 2], 3),
        case("a loud map far away", [1, 0, 0, 0, 9, 0, 0, 0, 0, 1]),
        case("two places", rng.normal(size=(1, 2, 1, 7)), 3),
        case("a batch", rng.normal(size=(2, 3, 2, 8)), 5, 1.0, 0.5, 1.0),
        case("n = 7", rng.normal(size=(2, 9)), 7, 2.0, 0.3, 0.5),
        case("the paper's constants", 100 * rng.normal(size=(2, 12)), 5, 2.0, 1e-4, 0.75),
        case("one map", [4], 5),
    ]


LRN = Bug(
    number="18.5",
    signature="lrn(x, n=5, k=2.0, alpha=1e-4, beta=0.75)",
    broken=_lrn_broken,
    right=lrn,
    other=_other_lrn,
    asks="how many maps the broken lrn with n = 5 sums over for map 20 of 96, and for map 0",
    answer=[11, 6],
    on_paper=[11, 6],
    mistakes=(
        gives([5, 3], "That is what n = 5 should mean. What do the limits of the slice say?"),
        gives([10, 5], "A slice leaves out its end, and here the end has a + 1."),
        gives([11, 11], "Before map 0 there are no maps."),
    ),
    test=test_lrn,
    cases=_lrn_cases,
    mutants=(
        Mutant(
            _lrn_radius(lambda n: n - 1),
            "Count the maps of an inner sum: n of them, the map itself included.",
        ),
        Mutant(_lrn_radius(lambda n: n // 2 + 1), "One map too many on each side: count them for n = 1."),
        Mutant(_one_short, "Where does a slice end? The last neighbour belongs to the sum."),
        Mutant(_itself_left_out, "A map is its own neighbour, too: look at n = 1."),
    ),
    hints=(
        "Look at the limits of the slice for an inner map. How many maps lie between them?",
        "Compare few maps with many: with n = 5 and three maps, both sums run over all of them.",
        "n is the whole width, with the map itself in the middle. Half of it lies on each side.",
    ),
)

# ---- 18.6 alpha over n


def _normalize_broken(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    squares = np.pad(x**2, n // 2)
    s = k + alpha / n * np.convolve(squares, np.ones(n), "valid")
    return x / s**beta


def normalize(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    """Normalize a row of maps at one place, (C,), by n neighbours each."""
    squares = np.pad(x**2, n // 2)
    s = k + alpha * np.convolve(squares, np.ones(n), "valid")
    return x / s**beta


def test_normalize(function):
    """One map alone, whatever n is."""
    np.testing.assert_allclose(function(np.array([1]), 3, 0, 1, 1), [1])


def _times_n(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    return normalize(x, n, k, alpha * n, beta)


def _mean_of_those_there(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    sums, counts = (np.convolve(np.pad(row, n // 2), np.ones(n), "valid") for row in (x**2, np.ones(x.shape)))
    return x / (k + alpha * sums / counts) ** beta


def _alpha_lost(x, n=5, k=2.0, alpha=1e-4, beta=0.75):
    return normalize(x, n, k, 1.0, beta)


def _normalize_cases(rng):
    def case(name, x, n=5, k=2.0, alpha=1.0, beta=0.75):
        return Case(name, {"x": np.array(x, float), "n": n, "k": k, "alpha": alpha, "beta": beta})

    return [
        case("three maps, n = 5", [1, 3, 2]),
        case("three maps, n = 3", [1, 3, 2], 3),
        case("one map, n = 5", [4]),
        case("n = 1", [1, 3, 2], 1),
        case("another k and beta", rng.normal(size=6), 3, 1.0, 1.0, 1.0),
        case("another alpha", rng.normal(size=9), 5, 2.0, 0.3, 0.5),
        case("n = 7", rng.normal(size=5), 7),
        case("the paper's constants", 100 * rng.normal(size=12), 5, 2.0, 1e-4),
    ]


NORMALIZE = Bug(
    number="18.6",
    signature="normalize(x, n=5, k=2.0, alpha=1e-4, beta=0.75)",
    broken=_normalize_broken,
    right=normalize,
    other=_other_lrn,
    asks="s of map 1 in the broken normalize of (1, 3, 2) with n = 5, k = 2 and alpha = 1",
    answer=(3 / _normalize_broken(np.array([1.0, 3.0, 2.0]), 5, 2, 1, 0.75)[1]) ** (1 / 0.75),
    on_paper=4.8,
    mistakes=(
        gives(16, "That is the paper's s. By what does the broken one divide first?"),
        gives(round(2 + 14 / 3, 3), "It divides by n, whatever number of maps there is."),
        gives(0.9251, "That is the output. s is what is raised to the power beta."),
        gives(2.8, "k is part of s."),
    ),
    test=test_normalize,
    cases=_normalize_cases,
    mutants=(
        Mutant(_times_n, "The other way round: alpha meets n nowhere in the paper's formula."),
        Mutant(_mean_of_those_there, "The paper's formula has a sum, and no mean."),
        Mutant(_alpha_lost, "Does another alpha change what yours returns?"),
    ),
    hints=(
        "Look at the line of s, letter by letter, beside the formula of section 3.3.",
        "Compare one map with n = 1 and with n = 5: what must not change then?",
        "Here, as in the paper, alpha multiplies the plain sum of squares.",
    ),
)

# ---- 18.7 dropout that never rests


def _dropout_broken(x, rate, training, rng):
    mask = rng.random(x.shape) >= rate
    return x * mask / (1 - rate)


def dropout(x, rate, training, rng):
    """Drop numbers in training, and divide the others by 1 - rate."""
    if not training:
        return x
    mask = rng.random(x.shape) >= rate
    return x * mask / (1 - rate)


def test_dropout(function):
    """A one in a test, at a rate that would drop it."""
    np.testing.assert_allclose(function(np.ones(1), 0.9, False, np.random.default_rng(0)), 1)


def _other_dropout(x, rate, training, rng):
    kept = rng.integers(0, 1000, x.shape) >= 1000 * rate if training else 1 - rate  # its own coins
    return (x * kept / (1 - rate)).astype(np.float32)


def _test_alone(x, rate, training, rng):
    return dropout(x, rate, not training, rng)


def _never_drops(x, rate, training, rng):
    return x


def _scaled_at_test(x, rate, training, rng):
    return dropout(x, rate, True, rng) if training else x * (1 - rate)


def _silent_at_test(x, rate, training, rng):
    return dropout(x, rate, True, rng) if training else 0 * x


def _with_generator(functions, x, rate, training, seed):
    return functions[0](x, rate, training, np.random.default_rng(seed))


def _dropout_cases(rng):
    def case(name, x, rate, training, seed=1):
        arguments = {"x": np.array(x, float), "rate": rate, "training": training, "seed": seed}
        return Case(name, arguments, _with_generator)

    return [
        case("four ones in a test, rate 0.5", [1, 1, 1, 1], 0.5, False),
        case("four ones in training, rate 0.5", [1, 1, 1, 1], 0.5, True),
        case("a test, rate 0.9", rng.normal(size=(2, 5)), 0.9, False),
        case("training, rate 0.2", rng.normal(size=(3, 7)), 0.2, True),
        case("training, rate 0", rng.normal(size=(2, 3)), 0.0, True),
        case("a test, other coins", rng.normal(size=(4, 3)), 0.5, False, 7),
        case("training, other coins", rng.normal(size=(4, 3)), 0.5, True, 7),
        case("a test of maps", rng.normal(size=(1, 2, 3, 2)), 0.3, False),
    ]


DROPOUT = Bug(
    number="18.7",
    signature="dropout(x, rate, training, rng)",
    broken=_dropout_broken,
    right=dropout,
    other=_other_dropout,
    asks="the two numbers that the broken dropout can make of a 3 in a test, at a rate of 0.75",
    answer=[0, 12],
    on_paper=[0, 12],
    mistakes=(
        gives([3, 3], "A test should leave it at 3. Where does the broken one ask whether it is one?"),
        gives([0, 3], "What stays is divided by 1 - rate."),
        gives([0, 4], "4 is what it makes of a 1."),
    ),
    test=test_dropout,
    cases=_dropout_cases,
    mutants=(
        Mutant(_test_alone, "The other way round: when are coins to be tossed?"),
        Mutant(_never_drops, "In training something has to be missing."),
        Mutant(_scaled_at_test, "What stays is scaled up in training already. What is left to do in a test?"),
        Mutant(_silent_at_test, "In a test every unit speaks."),
    ),
    hints=(
        "Look for the arguments that no line reads.",
        "Compare two calls in a test with different generators. What must they have in common?",
        "In a test nothing is dropped and nothing is scaled: the numbers go through.",
    ),
)

# ---- 18.8 channels before rows


def _flatten_broken(x):
    return x.transpose(0, 3, 1, 2).reshape(len(x), -1)


def flatten(x):
    """Give each picture (H, W, C) as a row, in the order in which it is stored."""
    return x.reshape(len(x), -1)


def test_flatten(function):
    """Two places with two maps."""
    x = np.array([[1, 2], [3, 4]])
    np.testing.assert_allclose(function(x.reshape(1, 2, 1, 2)), x.reshape(1, 4))


def _other_flatten(x):
    return np.stack([image.ravel() for image in x]).astype(np.float32)


def _columns_first(x):
    return x.transpose(0, 2, 1, 3).reshape(len(x), -1)


def _fortran(x):
    return x.reshape(len(x), -1, order="F")


def _all_in_one(x):
    return x.reshape(1, -1)


def _flatten_cases(rng):
    def case(name, *shape):
        numbers = rng.permutation(int(np.prod(shape))).astype(float)
        return Case(name, {"x": numbers.reshape(shape)})

    return [
        case("2 by 2 places, 2 maps", 1, 2, 2, 2),
        case("one map", 1, 3, 2, 1),
        case("one place", 2, 1, 1, 4),
        case("one row of places", 1, 1, 3, 2),
        case("one column of places", 1, 3, 1, 2),
        case("a batch", 3, 2, 4, 3),
        case("more maps than places", 2, 3, 2, 8),
        case("a larger one", 2, 5, 4, 6),
    ]


FLATTEN = Bug(
    number="18.8",
    signature="flatten(x)",
    broken=_flatten_broken,
    right=flatten,
    other=_other_flatten,
    asks="the row that the broken flatten makes of 0, 1, ... 7 in shape (1, 2, 2, 2)",
    answer=_flatten_broken(np.arange(8).reshape(1, 2, 2, 2))[0],
    on_paper=[0, 2, 4, 6, 1, 3, 5, 7],
    mistakes=(
        gives(np.arange(8), "That is the order in which they are stored, rows, columns, maps."),
        gives(
            [0, 4, 2, 6, 1, 5, 3, 7],
            "That has columns before rows. Which axis does the broken one put first?",
        ),
        gives([0, 4, 1, 5, 2, 6, 3, 7], "Only the maps move: rows stay before columns."),
    ),
    test=test_flatten,
    cases=_flatten_cases,
    mutants=(
        Mutant(_columns_first, "Rows stand before columns: try one column of places."),
        Mutant(_fortran, "The last axis is the one that moves fastest."),
        Mutant(_all_in_one, "Each picture keeps a row of its own."),
    ),
    hints=(
        "Look at where the numbers of one place, (0, 0), stand in the row: together, or far apart?",
        "Compare one map with two, and one place with two. What does a test need of both?",
        "Rows, columns, maps is the order in which they are stored. Nothing has to move.",
    ),
)

# ---- 18.9 ReLU on the logits


def _probabilities_broken(x, weight, bias):
    logits = np.maximum(0, x @ weight + bias)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def probabilities(x, weight, bias):
    """Give the probabilities of a last layer, one row for each row of x."""
    logits = x @ weight + bias
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def test_probabilities(function):
    """A logit below 0, whose exponential is a third."""
    y = function(np.array([[-1.0]]), np.array([[0, np.log(3)]]), np.zeros(2))
    np.testing.assert_allclose(y, [[0.75, 0.25]], rtol=1e-5)


def _other_probabilities(x, weight, bias):
    logits = (x @ weight + bias).astype(np.float32)
    return np.exp(logits - np.logaddexp.reduce(logits, axis=1, keepdims=True))


def _relu_on_input(x, weight, bias):
    return probabilities(np.maximum(0, x), weight, bias)


def _magnitudes(x, weight, bias):
    logits = np.abs(x @ weight + bias)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def _bias_after(x, weight, bias):
    return probabilities(np.maximum(0, x @ weight), np.eye(weight.shape[1]), bias)


def _over_the_batch(x, weight, bias):
    exponentials = np.exp(x @ weight + bias)
    return exponentials / exponentials.sum()


def _probabilities_cases(rng):
    def case(name, x, weight, bias):
        return Case(name, {"x": np.array(x, float), "weight": np.array(weight), "bias": np.array(bias)})

    few = rng.normal(size=(4, 3))
    return [
        case("logits 0, -1, -2", [[1]], [[0, -1, -2]], [0, 0, 0]),
        case("no logit below 0", [[1]], [[1, 2, 0]], [0, 0, 0]),
        case("all logits below 0", [[1, 2]], [[-1, -2], [-1, -3]], [0, 0]),
        case("numbers below 0 as input", [[-1, 2]], [[3, -2], [1, -1]], [0.5, 0]),
        case("two pictures", rng.normal(size=(2, 4)), few, [0, 0, 0]),
        case("a bias", rng.normal(size=(3, 4)), few, [-1, 0.5, 2]),
        case("many classes", rng.normal(size=(2, 4)), rng.normal(size=(4, 9)), rng.normal(size=9)),
        case("five pictures", 2 * rng.normal(size=(5, 4)), few, [-3, -3, -3]),
    ]


PROBABILITIES = Bug(
    number="18.9",
    signature="probabilities(x, weight, bias)",
    broken=_probabilities_broken,
    right=probabilities,
    other=_other_probabilities,
    asks="what the broken probabilities says of the logits (-1, -2, -5, -4), to three digits",
    answer=[0.25] * 4,
    on_paper=[0.25, 0.25, 0.25, 0.25],
    mistakes=(
        gives([0.696, 0.256, 0.013, 0.035], "That is right, and so it is not what the broken one says."),
        gives([0, 0, 0, 0], "Probabilities add up to 1, even here. What is exp(0)?"),
        gives([1, 0, 0, 0], "After ReLU these four logits are all the same."),
    ),
    test=test_probabilities,
    cases=_probabilities_cases,
    mutants=(
        Mutant(_relu_on_input, "What comes in is another layer's business: look at an input below 0."),
        Mutant(_magnitudes, "A logit of -5 is no logit of 5."),
        Mutant(_bias_after, "Is there still a number that may not be below 0?"),
        Mutant(_over_the_batch, "Each picture's probabilities add up to 1: look at two pictures."),
    ),
    hints=(
        "Look at what the first line makes of a logit below 0.",
        "Compare logits of 0 or more with logits below 0. In which does ReLU change something?",
        "A class may be unlikely: its logit may be as low as it likes.",
    ),
)

# ---- 18.10 channels that nobody asked for


def _response_broken(x, weight, bias):
    k = len(weight)
    y = np.zeros((x.shape[0] - k + 1, x.shape[1] - k + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = (x[i : i + k, j : j + k] * weight).sum() + bias
    return y


def response(x, weight, bias):
    """Give the response of a picture (H, W, C) to one filter (k, k, C) at every place."""
    if x.shape[2] != weight.shape[2]:
        raise ValueError(f"x has {x.shape[2]} channels, weight has {weight.shape[2]}")
    k = len(weight)
    y = np.zeros((x.shape[0] - k + 1, x.shape[1] - k + 1))
    for i, j in np.ndindex(y.shape):
        y[i, j] = (x[i : i + k, j : j + k] * weight).sum() + bias
    return y


def test_response(function):
    """One channel under a kernel for two is refused."""
    try:
        function(np.ones((1, 1, 1)), np.ones((1, 1, 2)), 0)
    except ValueError:
        return
    raise AssertionError("one channel under a kernel for two was accepted")


def _other_response(x, weight, bias):
    if x.shape[2] != weight.shape[2]:
        raise ValueError("another number of channels")
    windows = np.lib.stride_tricks.sliding_window_view(x.astype(np.float32), weight.shape)
    return np.einsum("ijzabc,abc->ij", windows, weight.astype(np.float32)) + np.float32(bias)


def _grey_alone(x, weight, bias):
    if x.shape[2] == 1 != weight.shape[2]:
        raise ValueError("a grey picture")
    return _response_broken(x, weight, bias)


def _any_grey(x, weight, bias):
    if x.shape[2] == 1:
        raise ValueError("a grey picture")
    return _response_broken(x, weight, bias)


def _first_channel(x, weight, bias):
    return _response_broken(x[..., :1], weight[..., :1], bias)


def _type_error(x, weight, bias):
    if x.shape[2] != weight.shape[2]:
        raise TypeError("another number of channels")
    return _response_broken(x, weight, bias)


def _response_cases(rng):
    def case(name, x, weight, bias=0.0):
        return Case(name, {"x": np.array(x, float), "weight": np.array(weight, float), "bias": bias})

    colour = rng.normal(size=(4, 5, 3))
    return [
        case("a grey picture, a kernel for colours", np.ones((2, 2, 1)), np.ones((2, 2, 3))),
        case("a grey picture, a grey kernel", np.ones((2, 3, 1)), np.ones((2, 2, 1)), 0.5),
        case("a colour picture, a kernel for colours", colour, rng.normal(size=(2, 2, 3)), -1.0),
        case("a colour picture, a grey kernel", colour, rng.normal(size=(2, 2, 1))),
        case("two channels, a kernel for three", colour[..., :2], rng.normal(size=(2, 2, 3))),
        case("two channels", colour[..., :2], rng.normal(size=(3, 3, 2)), 1.0),
        case("a kernel of one pixel", colour, rng.normal(size=(1, 1, 3))),
        case("one channel, a kernel for 96", colour[..., :1], rng.normal(size=(1, 1, 96))),
    ]


RESPONSE = Bug(
    number="18.10",
    signature="response(x, weight, bias)",
    broken=_response_broken,
    right=response,
    other=_other_response,
    asks="what the broken response returns for a grey 2 x 2 picture of ones under 2 x 2 x 3 weights of 0.5",
    answer=_response_broken(np.ones((2, 2, 1)), np.full((2, 2, 3), 0.5), 0)[0, 0],
    on_paper=6,
    mistakes=(
        gives(
            2, "That is the sum over one channel. NumPy repeats an axis of length 1 as often as is needed."
        ),
        gives(12, "The weights are 0.5, and not 1."),
        gives(
            0,
            "Nothing is refused, and nothing is 0: what does NumPy make of the shapes (2, 2, 1), (2, 2, 3)?",
        ),
    ),
    test=test_response,
    cases=_response_cases,
    mutants=(
        Mutant(_grey_alone, "A colour picture under a grey kernel is as wrong."),
        Mutant(_any_grey, "A grey picture under a grey kernel is right."),
        Mutant(_first_channel, "A wrong number of channels is refused, and not made to fit."),
        Mutant(_type_error, "The value is wrong, and not the type: which error says so?"),
    ),
    hints=(
        "Look at the product of a window and the weights: which shapes does NumPy let pass?",
        "Compare one channel with two under a kernel for three. Which of them does NumPy itself refuse?",
        "Compare the two numbers of channels first, and raise a ValueError that names both.",
    ),
)

EXERCISES = (
    MAX_POOL,
    MAX_POOL_BACKWARD,
    PAD_SAME,
    CONV2D,
    LRN,
    NORMALIZE,
    DROPOUT,
    FLATTEN,
    PROBABILITIES,
    RESPONSE,
)
