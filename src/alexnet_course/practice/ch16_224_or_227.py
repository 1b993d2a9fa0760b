"""The checked exercises of chapter 16: rounding up, and what a source shows."""

import numpy as np

from alexnet_course.geometry import output_size
from alexnet_course.practice.exercises import Case, Exercise, Mutant, Question, gives


def ceil_pad(x, k, s):
    """Add to images (N, H, W, C) the zeros with which rounding down gives as many windows as rounding up."""
    below, right = (-(side - k) % s for side in x.shape[1:3])
    return np.pad(x, ((0, 0), (0, below), (0, right), (0, 0)))


def _past(side, k, s):
    return -(side - k) % s


# ---- the mistakes that the checker knows


def _on_all_sides(x, k, s):
    rows, columns = (_past(side, k, s) for side in x.shape[1:3])
    return np.pad(x, ((0, 0), (rows, rows), (columns, columns), (0, 0)))


def _before(x, k, s):
    rows, columns = (_past(side, k, s) for side in x.shape[1:3])
    return np.pad(x, ((0, 0), (rows, 0), (columns, 0), (0, 0)))


def _always_three(x, k, s):
    return np.pad(x, ((0, 0), (0, 3), (0, 3), (0, 0)))


def _wrong_axes(x, k, s):
    columns, channels = (_past(side, k, s) for side in x.shape[2:4])
    return np.pad(x, ((0, 0), (0, 0), (0, columns), (0, channels)))


def _edge_values(x, k, s):
    rows, columns = (_past(side, k, s) for side in x.shape[1:3])
    return np.pad(x, ((0, 0), (0, rows), (0, columns), (0, 0)), mode="edge")


def _what_is_unused(x, k, s):
    rows, columns = ((side - k) % s for side in x.shape[1:3])
    return np.pad(x, ((0, 0), (0, rows), (0, columns), (0, 0)))


def _a_whole_step(x, k, s):
    rows, columns = (s - (side - k) % s for side in x.shape[1:3])
    return np.pad(x, ((0, 0), (0, rows), (0, columns), (0, 0)))


def _rows_for_columns(x, k, s):
    rows, columns = (_past(side, k, s) for side in x.shape[1:3])
    return np.pad(x, ((0, 0), (0, columns), (0, rows), (0, 0)))


def _rows_for_both(x, k, s):
    rows = _past(x.shape[1], k, s)
    return np.pad(x, ((0, 0), (0, rows), (0, rows), (0, 0)))


def _without_window(x, k, s):
    rows, columns = (-side % s for side in x.shape[1:3])
    return np.pad(x, ((0, 0), (0, rows), (0, columns), (0, 0)))


def _cut(x, k, s):
    rows, columns = (side - (side - k) % s for side in x.shape[1:3])
    return x[:, :rows, :columns]


def _ceil_cases(rng):
    def case(name, shape, k, s):
        return Case(name, {"x": rng.integers(1, 10, shape).astype(float), "k": k, "s": s})

    cases = [
        case("a row and a column missing", (1, 4, 4, 1), 3, 2),
        case("nothing missing", (1, 7, 7, 1), 3, 2),
        case("a picture that is wider than high", (1, 4, 7, 1), 3, 3),
        case("rows need two, columns one", (1, 5, 6, 1), 4, 3),
        case("the tile under windows of 3 in steps of 3", (1, 7, 7, 1), 3, 3),
        case("one window as large as the picture", (1, 4, 4, 1), 4, 3),
        case("stride 1", (1, 5, 6, 1), 3, 1),
        case("two pictures of two channels", (2, 5, 8, 2), 2, 4),
        case("five channels", (1, 5, 7, 5), 3, 4),
        case("conv1 on 224 rows and 227 columns", (1, 224, 227, 1), 11, 4),
    ]
    for s in (2, 3, 4):
        for _ in range(3):
            k = int(rng.integers(1, 5))
            height, width, channels = (int(side) for side in rng.integers((k, k, 1), (12, 12, 4)))
            cases.append(case(f"random sizes {len(cases) + 1}", (2, height, width, channels), k, s))
    return cases


CEIL_PAD = Exercise(
    number="16.3",
    signatures=("ceil_pad(x, k, s)",),
    solutions=(ceil_pad,),
    cases=_ceil_cases,
    mutants=(
        Mutant(_on_all_sides, "The first window must stay where it is: zeros go after the picture only."),
        Mutant(_before, "Where does the last window end, and where is your picture now?"),
        Mutant(_always_three, "227 pixels under conv1 need none. What do 3 zeros come from?"),
        Mutant(_wrong_axes, "Images are (N, H, W, C): rows and columns are axes 1 and 2."),
        Mutant(_edge_values, "What lies past the edge is read as zero, not as the last pixel once more."),
        Mutant(_what_is_unused, "224 leaves 1 pixel unused. How many more does the next step of 4 want?"),
        Mutant(_a_whole_step, "Where the division comes out even, nothing may be added."),
        Mutant(_rows_for_columns, "Try a picture that is not square: which number belongs to the rows?"),
        Mutant(_rows_for_both, "Rows and columns are counted apart. Try a picture that is not square."),
        Mutant(_without_window, "The first window takes k pixels before any step is made."),
        Mutant(_cut, "You cut the unused pixels off. Rounding up reads them."),
    ),
    hints=(
        "Look at one axis first: where does the last window end when the steps are rounded up?",
        "Compare that end with the end of the picture, for 6 pixels under windows of 3 in steps of 2.",
        "After the first window the pixels left are to become a multiple of s; a remainder of a negative "
        "number says what is missing.",
    ),
)

# ---- numbers on paper

LAYERS = ((112, 3, 2), (28, 2, 2), (30, 7, 3))  # (n, k, s)

BOTH_WAYS = Question(
    number="16.1",
    asks="for each layer the output size rounded down and rounded up",
    answer=[[output_size(*layer, rounding=way) for way in ("floor", "ceil")] for layer in LAYERS],
    on_paper=[[55, 56], [14, 14], [8, 9]],
    hints=(
        "After the first window, how many pixels are left in each row, and how many steps is that?",
        "Compare the steps with whole numbers: where they are whole, both rules agree.",
        "Steps rounded down, and rounded up; the first window comes on top of either.",
    ),
    mistakes=(
        gives([[54, 55], [13, 13], [7, 8]], "You count steps. The first window needs none."),
        gives([[56, 55], [14, 14], [9, 8]], "Down first, then up."),
        gives([[55, 56], [14, 15], [8, 9]], "One of the divisions comes out even. What is left to round?"),
        gives([[54.5 + 1] * 2, [14] * 2, [23 / 3 + 1] * 2], "A number of windows is whole."),
    ),
)


def _fc6_inputs(size, rounding):
    """Count what fc6 would get: the sides of conv1, pool1, pool2 and pool5; the others keep theirs."""
    for layer in ((11, 4), (3, 2), (3, 2), (3, 2)):
        size = output_size(size, *layer, rounding=rounding)
    return size**2 * 256


FC6_INPUTS = Question(
    number="16.2",
    asks="how many numbers fc6 would get from crops of 228 pixels, all sizes rounded up",
    answer=_fc6_inputs(228, "ceil"),
    on_paper=12_544,
    hints=(
        "Go through the layers one by one; conv2 to conv5 keep the size of their map.",
        "Compare conv1's 228 − 11 with a multiple of 4, then each map less 3 with a multiple of 2.",
        "The last pool leaves a square of places, and each of them has 256 maps.",
    ),
    mistakes=(
        gives(_fc6_inputs(228, "floor"), "That is 228 rounded down, which ends as 227 does."),
        gives(_fc6_inputs(224, "floor"), "That comes of crops of 224, rounded down."),
        gives(49, "Those are the places of one map. How many maps are there?"),
        gives(14**2 * 256, "One more pool stands before fc6."),
    ),
)


MARKS = Question(
    number="16.5",
    asks="a mark for each of the six claims: 1 read, 2 computed, 3 inferred, 4 open",
    answer=[1, 2, 3, 3, 2, 4],
    on_paper=[1, 2, 3, 3, 2, 4],
    hints=(
        "For each claim, ask what you would show to somebody who doubts it: a line, a sum, or a reason.",
        "Compare the third and the first claim: in which year were the lines written that you can open?",
        "Nobody can be shown the authors' reasons, unless they wrote them down.",
    ),
    mistakes=(
        gives([1, 2, 1, 3, 2, 4], "Which file of 2012 would you open to read it?"),
        gives(
            [1, 2, 3, 4, 2, 4],
            "The fourth has something that bears on it: a product that gives the number to the last digit.",
        ),
        gives([1, 2, 3, 2, 2, 4], "The product is computed. That it happened so is not."),
        gives([1, 2, 3, 1, 2, 4], "Where does anybody say how the number came about?"),
        gives([1, 2, 3, 3, 2, 3], "What can be opened or computed that bears on the sixth?"),
        gives([3, 2, 3, 3, 2, 4], "That line can be opened: the release has the file."),
        gives([1, 1, 3, 3, 2, 4], "No source has to say it: two numbers are enough."),
    ),
)

EXERCISES = (BOTH_WAYS, FC6_INPUTS, CEIL_PAD, MARKS)
