"""The checked exercises of chapter 03: geometry."""

import numpy as np

from alexnet_course.practice.exercises import Case, Exercise, Mistake, Mutant, Question, gives


def size_after(n, k, s, p):
    """Count the windows of `k` that fit into `n` with `p` more at either end, one every `s`."""
    padded = n + 2 * p
    if k > padded:
        raise ValueError(f"k {k} exceeds the padded input {padded} (n {n}, p {p})")
    return (padded - k) // s + 1


def pad_same(n, k, s):
    """Give what "same" padding puts before and after, so that ceil(n / s) windows fit."""
    windows = -(-n // s)  # rounded up
    total = max((windows - 1) * s + k - n, 0)
    return total // 2, total - total // 2


# ---- the mistakes that the checker knows: size_after


def _rounded_up(n, k, s, p):
    size_after(n, k, s, p)  # raises where it must
    return -(-(n + 2 * p - k) // s) + 1


def _rounded(n, k, s, p):
    size_after(n, k, s, p)
    return round((n + 2 * p - k) / s) + 1


def _steps(n, k, s, p):
    return size_after(n, k, s, p) - 1


def _padding_once(n, k, s, p):
    size_after(n, k, s, p)
    return (n + p - k) // s + 1


def _no_padding(n, k, s, p):
    size_after(n, k, s, p)
    return (n - k) // s + 1


def _as_float(n, k, s, p):
    return float(size_after(n, k, s, p))


def _parts_of_windows(n, k, s, p):
    size_after(n, k, s, p)
    return (n + 2 * p - k) / s + 1


def _without_error(n, k, s, p):
    return (n + 2 * p - k) // s + 1


def _size_cases(rng):
    def case(name, n, k, s, p):
        return Case(name, {"n": n, "k": k, "s": s, "p": p})

    cases = [
        case("one window as wide as the input", 3, 3, 1, 0),
        case("the tile's convolution", 7, 3, 1, 0),
        case("the tile's pool", 5, 3, 2, 0),
        case("one pixel left over", 6, 3, 2, 0),
        case("padding at both ends", 5, 3, 1, 1),
        case("conv1 on 227", 227, 11, 4, 0),
        case("conv1 on 224", 224, 11, 4, 0),
        case("three of four pixels left over", 226, 11, 4, 0),
        case("conv2 keeps 27", 27, 5, 1, 2),
        case("a kernel larger than the input", 3, 5, 1, 0),
        case("a kernel that fits the padded input only", 3, 5, 1, 1),
        case("a kernel larger than the padded input", 2, 7, 2, 2),
        case("a kernel one too large", 4, 5, 2, 0),
    ]
    for s in (1, 2, 3, 4):
        for _ in range(3):
            k, p = int(rng.integers(1, 8)), int(rng.integers(0, 4))
            cases.append(case(f"random sizes {len(cases) + 1}", int(rng.integers(k, 41)), k, s, p))
    return cases


OUTPUT_SIZE = Exercise(
    number="03.3",
    signatures=("size_after(n, k, s, p)",),
    solutions=(size_after,),
    cases=_size_cases,
    mutants=(
        Mutant(_rounded_up, "224 must give 54: a window that hangs over the edge does not count."),
        Mutant(_rounded, "Three pixels of four are left over. Is that enough for a window?"),
        Mutant(_steps, "How many windows fit when k equals n? You count the steps between windows."),
        Mutant(_padding_once, "Padding is added at both sides."),
        Mutant(_no_padding, "Change p: your result stays as it was."),
        Mutant(_as_float, "The number is right; its type is not. Sizes are whole numbers."),
        Mutant(_parts_of_windows, "224 gives you 54.25 windows. Can a part of a window fit?"),
        Mutant(_without_error, "A kernel larger than the padded input must raise a ValueError."),
    ),
    hints=(
        "Look at the case k = n first: one window fits, and no step can be taken.",
        "Compare your count with windows that you draw one by one on paper, for n = 6, k = 3, s = 2.",
        "After the first window, count how many whole steps the rest of the padded input allows. Before "
        "that, refuse a kernel that does not fit at all.",
    ),
)


# ---- the mistakes that the checker knows: pad_same


def _half_on_both_sides(n, k, s):
    return (k - 1) // 2, (k - 1) // 2


def _halves(n, k, s):
    return (k - 1) / 2, (k - 1) / 2


def _windows_rounded_down(n, k, s):
    total = max((n // s - 1) * s + k - n, 0)
    return total // 2, total - total // 2


def _odd_pixel_before(n, k, s):
    before, after = pad_same(n, k, s)
    return after, before


def _stride_ignored(n, k, s):
    return pad_same(n, k, 1)


def _below_zero(n, k, s):
    total = (-(-n // s) - 1) * s + k - n
    return total // 2, total - total // 2


def _total_only(n, k, s):
    total = sum(pad_same(n, k, s))
    return total, total


def _same_cases(rng):
    def case(name, n, k, s):
        return Case(name, {"n": n, "k": k, "s": s})

    cases = [
        case("an odd kernel", 5, 3, 1),
        case("an even kernel", 6, 2, 1),
        case("a larger even kernel", 6, 4, 1),
        case("a kernel of one pixel", 7, 1, 1),
        case("the tile at stride 2", 7, 3, 2),
        case("conv1's kernel and stride", 227, 11, 4),
        case("a stride larger than the kernel", 8, 1, 4),
        case("conv2", 27, 5, 1),
    ]
    for s in (1, 2, 3, 4):
        for _ in range(3):
            n, k = int(rng.integers(4, 41)), int(rng.integers(1, 8))
            cases.append(case(f"random sizes {len(cases) + 1}", n, k, s))
    return cases


SAME_PADDING = Exercise(
    number="03.4",
    signatures=("pad_same(n, k, s)",),
    solutions=(pad_same,),
    cases=_same_cases,
    mutants=(
        Mutant(
            _half_on_both_sides,
            "Try k = 2 at stride 1: there an even kernel cannot have the same on both sides.",
        ),
        Mutant(
            _halves,
            "Pixels are whole numbers; at stride 1 an even kernel has not the same on both sides.",
        ),
        Mutant(
            _windows_rounded_down, "With n = 7 and s = 2 there are 4 windows: n / s is rounded up, not down."
        ),
        Mutant(_odd_pixel_before, "The total is right. The odd pixel goes after."),
        Mutant(_stride_ignored, "Conv1 on 227 needs 8 in all, not 10: where does the stride come in?"),
        Mutant(_below_zero, "With n = 8, k = 1, s = 4 nothing is needed: padding cannot be negative."),
        Mutant(_total_only, "You give the whole padding to both sides. Share it out."),
    ),
    hints=(
        'Look at what "same" promises: ceil(n / s) windows, whatever the kernel.',
        "Compare where the last of these windows ends with where the input ends.",
        "The last window starts a whole number of strides from the first. What it overhangs is the total, "
        "never below 0, and the smaller half goes before.",
    ),
)

LAYERS = ((12, 4, 3, 0), (7, 2, 2, 0), (32, 5, 1, 2))  # (n, k, s, p)
_SIZES = np.array([size_after(*layer) for layer in LAYERS])
_UNUSED = np.array([(n + 2 * p - k) % s for n, k, s, p in LAYERS])

SIZES = Question(
    number="03.1",
    asks="output size and unused pixels of each of the three layers",
    answer=np.stack([_SIZES, _UNUSED], axis=1),
    on_paper=[[3, 2], [3, 1], [32, 0]],
    hints=(
        "Draw the windows of the first layer: they start at 0, 3, 6 and so on.",
        "Compare the end of the last window with the end of the input: what lies between is unused.",
        "Whole steps after the first window, plus one; the remainder of that division is unused.",
    ),
    mistakes=(
        gives(np.stack([_SIZES - 1, _UNUSED], axis=1), "You count the steps. The first window needs none."),
        gives(
            np.stack([_SIZES + (_UNUSED > 0), _UNUSED], axis=1),
            "A window that hangs over the edge does not count.",
        ),
        gives(
            np.stack([_SIZES, 0 * _UNUSED], axis=1), "The sizes are right. Which pixels does no window reach?"
        ),
    ),
)

_FITTING = tuple(n for n in range(5, 400) if size_after(n, 5, 4, 0) == 13)

INPUTS = Question(
    number="03.2",
    asks="every n that gives 13 windows of 5 at stride 4",
    answer=_FITTING,
    any_length=True,
    accepts=lambda given: given.ndim == 1 and sorted(given.tolist()) == list(_FITTING),
    on_paper=[53, 54, 55, 56],
    hints=(
        "Find the smallest first: 13 windows that use every pixel. What happens to one pixel more?",
        "Compare the sizes just below and just above those that you found: they must not give 13.",
        "The rounding swallows every remainder smaller than the stride.",
    ),
    mistakes=(
        Mistake(
            lambda given: given.size == 1 and int(given.flat[0]) == _FITTING[0],
            "It is not alone: a few more pixels at the end stay unused.",
            [_FITTING[0]],
        ),
        Mistake(
            lambda given: given.size > 0 and given.min() < _FITTING[0],
            "Your smallest n is too small: its last window would hang over the edge.",
            [_FITTING[0] - 1, *_FITTING],
        ),
        Mistake(
            lambda given: given.size > 0 and given.max() > _FITTING[-1],
            "Your largest n is too large: one more window fits.",
            [*_FITTING, _FITTING[-1] + 1],
        ),
        Mistake(
            lambda given: given.size > 0 and set(given.tolist()) < set(_FITTING),
            "These are right, but they are not all.",
            _FITTING[:2],
        ),
    ),
)

EXERCISES = (SIZES, INPUTS, OUTPUT_SIZE, SAME_PADDING)
