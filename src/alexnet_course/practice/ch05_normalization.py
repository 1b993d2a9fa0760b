"""The checked exercises of chapter 05: local response normalization."""

import numpy as np

from alexnet_course.data import tile
from alexnet_course.practice.exercises import Case, Exercise, Mutant, Question, gives


def lrn(x, n=5, k=2.0, alpha=1e-4, beta=0.75, groups=1):
    """Divide each response of `x`, `(N, H, W, C)`, by a measure of `n` neighbouring maps, itself included.

    The maps lie in `groups` equal parts, one after the other; no map hears one of another part.
    """
    y = np.zeros(x.shape)
    part = x.shape[-1] // groups  # maps in one group
    for c in range(x.shape[-1]):
        lowest = c // part * part
        first, last = max(lowest, c - n // 2), min(lowest + part - 1, c + n // 2)
        s = k + alpha * (x[..., first : last + 1] ** 2).sum(axis=-1)  # (N, H, W)
        y[..., c] = x[..., c] / s**beta
    return y


# ---- the mistakes that the checker knows


def _with_sums(sums):
    """Make an answer out of a wrong `sums(x, n)`, which is taken in each group."""

    def answer(x, n=5, k=2.0, alpha=1e-4, beta=0.75, groups=1):
        parts = [part / (k + alpha * sums(part, n)) ** beta for part in np.split(x, groups, axis=-1)]
        return np.concatenate(parts, axis=-1)

    return answer


def _for_each_map(summed):
    """Make `sums(x, n)` out of a wrong `summed(x, c, n)` for map c alone."""
    return _with_sums(lambda x, n: np.stack([summed(x, c, n) for c in range(x.shape[-1])], axis=-1))


def _neighbours(x, c, n):
    return x[..., max(0, c - n // 2) : c + n // 2 + 1]


def _patch_of_one_map(x, n):
    sums = np.zeros(x.shape)
    for i, j in np.ndindex(x.shape[1:3]):
        patch = x[:, max(0, i - n // 2) : i + n // 2 + 1, max(0, j - n // 2) : j + n // 2 + 1]
        sums[:, i, j] = (patch**2).sum(axis=(1, 2))
    return sums


def _wrapped_round(x, n):
    return sum(np.roll(x**2, shift, axis=-1) for shift in range(-(n // 2), n // 2 + 1))


def _across_the_border(x, n=5, k=2.0, alpha=1e-4, beta=0.75, groups=1):
    return lrn(x, n, k, alpha, beta)


def _n_on_each_side(x, n=5, k=2.0, alpha=1e-4, beta=0.75, groups=1):
    return lrn(x, 2 * n + 1, k, alpha, beta, groups)


def _alpha_over_n(x, n=5, k=2.0, alpha=1e-4, beta=0.75, groups=1):
    return lrn(x, n, k, alpha / n, beta, groups)


def _k_of_one(x, n=5, k=2.0, alpha=1e-4, beta=0.75, groups=1):
    return lrn(x, n, 1.0, alpha, beta, groups)


def _whole_numbers(x, n=5, k=2.0, alpha=1e-4, beta=0.75, groups=1):
    return lrn(x, n, k, alpha, beta, groups).astype(x.dtype)


def _without_beta(x, n=5, k=2.0, alpha=1e-4, beta=0.75, groups=1):
    return lrn(x, n, k, alpha, 1.0, groups)


def _cases(rng):
    def case(name, x, n=5, k=2.0, alpha=1.0, beta=0.75, groups=1):
        return Case(name, {"x": x, "n": n, "k": k, "alpha": alpha, "beta": beta, "groups": groups})

    centre = np.maximum(tile.MAPS, 0)[:, 2:3, 2:3].astype(float)  # 1, 3, 2
    cases = [
        case("three maps 1, 3, 2 at one place, alpha 1", centre),
        case("the same, n = 3", centre, n=3),
        case("a single map", np.full((1, 1, 1, 1), 3.0)),
        case("a response so small that the sum hardly counts", np.full((1, 1, 1, 1), 0.001), alpha=1e-4),
        case("whole numbers from 1 to 8", np.arange(1, 9).reshape(1, 1, 1, 8), n=3),
        case("two places side by side", np.array([1.0, 2, 5, 1]).reshape(1, 1, 2, 2), n=3),
        case("seven maps, of which one is loud", np.eye(7)[3].reshape(1, 1, 1, 7) * 9 + 1, n=3),
        Case("n, k, alpha, beta and groups left out", {"x": np.full((1, 1, 1, 9), 50.0)}),
        case("k = 1 and beta = 0.5, as elsewhere", centre, k=1.0, beta=0.5),
        case("maps 1, 3 | 2, 1 in two groups", np.array([1.0, 3, 2, 1]).reshape(1, 1, 1, 4), groups=2),
    ]
    shapes = (3, 1, (2, 3, 4, 6)), (5, 1, (1, 4, 2, 9)), (7, 1, (2, 2, 3, 4)), (5, 2, (2, 5, 3, 12))
    for n, groups, shape in (*shapes, (3, 3, (1, 2, 3, 9))):
        name = f"random numbers {shape}, n = {n}, groups = {groups}"
        cases.append(case(name, 3 * rng.standard_normal(shape), n=n, alpha=0.5, groups=groups))
    return cases


LRN = Exercise(
    number="05.3",
    signatures=("lrn(x, n=5, k=2.0, alpha=1e-4, beta=0.75, groups=1)",),
    solutions=(lrn,),
    cases=_cases,
    mutants=(
        Mutant(_across_the_border, "With two groups of two maps, map 1 and map 2 do not hear each other."),
        Mutant(
            _with_sums(lambda x, n: (x**2).sum(axis=(1, 2), keepdims=True)),
            'You sum over the whole map. Which axis is "across maps"?',
        ),
        Mutant(
            _with_sums(lambda x, n: (x**2).sum(axis=-1, keepdims=True)),
            "You sum over all maps. n says how many of them a map hears.",
        ),
        Mutant(
            _with_sums(_patch_of_one_map),
            "You sum over a patch of one map. The neighbours are other maps, same place.",
        ),
        Mutant(
            _n_on_each_side, "Here n counts maps, the map itself included; it is not the reach to each side."
        ),
        Mutant(_alpha_over_n, "The paper's formula has no 1/n: alpha multiplies the plain sum."),
        Mutant(_k_of_one, "Make x tiny: the factor must be 0.5946, which is k = 2 to the power -0.75."),
        Mutant(
            _for_each_map(lambda x, c, n: (_neighbours(x, c, n) ** 2).sum(axis=-1) - x[..., c] ** 2),
            "Try a single map: does it hear itself?",
        ),
        Mutant(
            _for_each_map(lambda x, c, n: abs(_neighbours(x, c, n)).sum(axis=-1)),
            "The sum is over squares: a loud neighbour counts more than its share.",
        ),
        Mutant(
            _for_each_map(lambda x, c, n: _neighbours(x, c, n).sum(axis=-1) ** 2),
            "Square each response first, then add: 1, 3, 2 give 1 + 9 + 4.",
        ),
        Mutant(_with_sums(_wrapped_round), "Map 0 has no left neighbour. Whose value do you add for it?"),
        Mutant(
            _for_each_map(lambda x, c, n: (x[..., c - n // 2 : c + n // 2 + 1] ** 2).sum(axis=-1)),
            "What does a slice give that starts below 0? Print the neighbours of map 0.",
        ),
        Mutant(
            _for_each_map(lambda x, c, n: (x[..., max(0, c - n // 2) : c + n // 2] ** 2).sum(axis=-1)),
            "With n = 3 a map hears one neighbour on either side. Where does a slice end?",
        ),
        Mutant(_whole_numbers, "The input holds whole numbers, 1 to 8. What type does your result have?"),
        Mutant(_without_beta, "Three maps 1, 3, 2 give s = 16, and 16 to the power 0.75 is 8."),
    ),
    hints=(
        "Look at one place with three maps, 1, 3, 2, and alpha = 1: s must be 16 for each of them.",
        "Compare the maps that you sum over for the first, the middle and the last map of each group.",
        "For each map: cut out its neighbours along the last axis, no further than its group goes; add up "
        "their squares; scale, add k, raise to beta, divide.",
    ),
)

_FOUR = np.array([2.0, 0, 1, 2]).reshape(1, 1, 1, 4)


def _both(**settings):
    return np.stack([lrn(_FOUR, n=n, **settings)[0, 0, 0] for n in (5, 3)])


SHARES = Question(
    number="05.1",
    asks="the four results of (2, 0, 1, 2) for alpha = 1, with n = 5 and with n = 3, two rows of four",
    answer=_both(alpha=1.0),
    on_paper=[[0.4647, 0, 0.1656, 0.4647], [0.5217, 0, 0.2324, 0.4647]],
    hints=(
        "Write down the squares first: which of them does each map add up?",
        "Compare n = 5 with n = 3: with 5 a map hears two on each side, with 3 one.",
        "Start with 2 plus the sum of the squares. The power 0.75 is two square roots, cubed.",
    ),
    mistakes=(
        gives(_both(alpha=1.0, k=1.0), "Your s starts at 1. The paper's k is 2."),
        gives(_both(alpha=1.0, beta=1.0), "You divide by s itself. What is beta for?"),
        gives(_both(alpha=1.0)[::-1], "The two rows are the other way round: n = 5 first."),
        gives(
            np.stack([_both(alpha=1.0)[0]] * 2), "With n = 3 a map hears one map on each side, and itself."
        ),
        gives(
            np.stack([_FOUR[0, 0, 0] / 11**0.75] * 2),
            "With n = 5 a map hears two to each side, not all four.",
        ),
    ),
)


def _narrow(**settings):
    """Give what becomes of the four maps with n = 3."""
    return lrn(_FOUR, n=3, **settings)[0, 0, 0]


CONVENTION = Question(
    number="05.2",
    asks="five numbers: what PyTorch gives for the four maps, then the alpha that makes it equal to the "
    "paper's alpha = 1",
    answer=np.append(_narrow(alpha=1 / 3), 3.0),
    on_paper=[0.8107, 0, 0.3774, 0.7548, 3],
    hints=(
        "Look at PyTorch's formula: what does it do to alpha before it multiplies?",
        "Compare s: for map 0 the paper's is 6, and PyTorch's is closer to k.",
        "PyTorch takes the mean over n where the paper takes the sum. Undo that with alpha.",
    ),
    mistakes=(
        gives(
            np.append(_narrow(alpha=1 / 3), 1 / 3),
            "The four results are right. Alpha goes the other way.",
        ),
        gives(
            np.append(_narrow(alpha=1.0), 3.0),
            "The four results are the paper's. PyTorch divides alpha by n.",
        ),
        gives(np.append(_narrow(alpha=1 / 4), 4.0), "It divides by n, not by the number of maps there are."),
    ),
)

EXERCISES = (SHARES, CONVENTION, LRN)
