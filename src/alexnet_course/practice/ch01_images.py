"""The checked exercises of chapter 01: images."""

import numpy as np

from alexnet_course.data import tile
from alexnet_course.practice.exercises import Case, Exercise, Mutant, Question, gives
from alexnet_course.practice.outcomes import tolerance


def centre_crop_of_batch(batch, size):
    """Cut the centre out of images `(N, H, W, C)`; an odd margin leaves its extra pixel at the end."""
    _, height, width, _ = batch.shape
    top, left = (height - size) // 2, (width - size) // 2
    return batch[:, top : top + size, left : left + size]


def colour_shift(pixels, alphas):
    """Shift all pixels `(pixels, 3)` by one colour, along the directions in which the colours vary.

    `alphas` holds one number for each direction, the direction of largest variance first.
    """
    centred = pixels - pixels.mean(axis=0)
    covariance = centred.T @ centred / len(pixels)  # (3, 3)
    eigenvalues, vectors = np.linalg.eigh(covariance)  # ascending; the vectors are columns
    return pixels + vectors @ (eigenvalues * alphas[::-1])


# ---- the mistakes that the checker knows: centre_crop_of_batch


def _top_left(images, size):
    return images[:, :size, :size]


def _height_and_width_swapped(images, size):
    _, height, width, _ = images.shape
    top, left = (width - size) // 2, (height - size) // 2
    return images[:, top : top + size, left : left + size]


def _axes_of_the_batch(images, size):
    height, width = images.shape[:2]
    top, left = max(height - size, 0) // 2, max(width - size, 0) // 2
    return images[top : top + size, left : left + size]


def _margin_rounded_up(images, size):
    _, height, width, _ = images.shape
    top, left = (height - size + 1) // 2, (width - size + 1) // 2
    return images[:, top : top + size, left : left + size]


def _minus_zero(images, size):
    _, height, width, _ = images.shape
    top, left = (height - size) // 2, (width - size) // 2
    return images[:, top : top - height + size, left : left - width + size]


def _crop_cases(rng):
    three = np.arange(9).reshape(1, 3, 3, 1)
    wide = np.arange(24).reshape(1, 4, 6, 1)
    cases = [
        Case("one pixel out of 3x3", {"batch": three, "size": 1}),
        Case("2x2 out of 4x6: the image is not square", {"batch": wide, "size": 2}),
        Case("2x2 out of 3x3: the margin is odd", {"batch": three, "size": 2}),
        Case("4x4 out of 4x6: nothing to cut above and below", {"batch": wide, "size": 4}),
        Case("3x3 out of 3x3: a crop of everything", {"batch": three, "size": 3}),
        Case("the three drawings, 5x5", {"batch": tile.IMAGES, "size": 5}),
        Case("grey levels of type uint8", {"batch": three.astype(np.uint8), "size": 2}),
    ]
    for batch, height, width, size in ((2, 6, 9, 3), (3, 9, 6, 4), (5, 7, 12, 7), (4, 13, 8, 5)):
        images = rng.integers(0, 256, (batch, height, width, 3)).astype(np.float32)
        cases.append(
            Case(f"{batch} images of {height}x{width}, size {size}", {"batch": images, "size": size})
        )
    return cases


CENTRE_CROP = Exercise(
    number="01.3",
    signatures=("centre_crop_of_batch(batch, size)",),
    solutions=(centre_crop_of_batch,),
    cases=_crop_cases,
    mutants=(
        Mutant(_top_left, "Compare the left margin with the right one: are they alike?"),
        Mutant(
            _height_and_width_swapped, "Try an image that is not square: which side gives the top margin?"
        ),
        Mutant(_axes_of_the_batch, "Images are (N, H, W, C). Which axis counts the images?"),
        Mutant(
            _margin_rounded_up,
            "Where a margin is odd, which side gets the extra pixel? Here it is the end.",
        ),
        Mutant(
            _minus_zero, "A crop of everything: what does your slice give when nothing is cut off at its end?"
        ),
    ),
    hints=(
        "Look at a 3x3 image and size 1 first: which row and which column does the crop start at?",
        "Compare the two margins of each axis. Together they are the axis's length less the size.",
        "Each margin's first half is found by whole-number division; the crop is a slice of `size` from "
        "there, on the axes of height and width.",
    ),
)


# ---- the mistakes that the checker knows: colour_shift


def _variation(pixels, bias=True):
    eigenvalues, vectors = np.linalg.eigh(np.cov(pixels.T, bias=bias))
    return eigenvalues, vectors


def _without_eigenvalues(pixels, alphas):
    _, vectors = _variation(pixels)
    return pixels + vectors @ alphas[::-1]


def _square_roots(pixels, alphas):
    eigenvalues, vectors = _variation(pixels)
    return pixels + vectors @ (np.sqrt(np.maximum(eigenvalues, 0)) * alphas[::-1])


def _roots_of_rounding(pixels, alphas):
    eigenvalues, vectors = _variation(pixels)
    below = np.where(eigenvalues < 1e-9, np.nan, eigenvalues)  # 0 may come out as -1e-17, which has no root
    return pixels + vectors @ (np.sqrt(below) * alphas[::-1])


def _rows_for_columns(pixels, alphas):
    eigenvalues, vectors = _variation(pixels)
    return pixels + vectors.T @ (eigenvalues * alphas[::-1])


def _alphas_for_each_pixel(pixels, alphas):
    eigenvalues, vectors = _variation(pixels)
    own = np.arange(1, len(pixels) + 1)[:, np.newaxis] * alphas[::-1]
    return pixels + own * eigenvalues @ vectors.T


def _ascending(pixels, alphas):
    eigenvalues, vectors = _variation(pixels)
    return pixels + vectors @ (eigenvalues * alphas)


def _one_pixel_less(pixels, alphas):
    eigenvalues, vectors = _variation(pixels, bias=False)
    return pixels + vectors @ (eigenvalues * alphas[::-1])


def _not_centred(pixels, alphas):
    eigenvalues, vectors = np.linalg.eigh(pixels.T @ pixels / len(pixels))
    return pixels + vectors @ (eigenvalues * alphas[::-1])


def _without_the_pixels(pixels, alphas):
    return colour_shift(pixels, alphas) - pixels


def _along_each_direction(case, shifted):
    """Give how far the shift goes along each direction, without its sign: eigenvectors have none.

    Where the shift differs from pixel to pixel no direction describes it, and a mark stands in its place:
    -1 when the result is one colour (the shift without the pixels), else -2.
    """
    pixels, shifted = case.arguments["pixels"], np.asarray(shifted)
    shift = shifted.astype(float) - pixels
    limit = tolerance(shifted) * max(1, abs(pixels).max())
    if np.ptp(shift, axis=0).max() > limit:
        return np.full(3, -1.0 if np.ptp(shifted, axis=0).max() < limit else -2.0)
    _, vectors = _variation(pixels)
    return abs(shift.mean(axis=0) @ vectors).astype(shifted.dtype)  # as exact as its type


def _shift_cases(rng):
    pixels = np.array([[2.0, 2, 2], [-2, -2, -2], [1, -1, 0], [-1, 1, 0]])
    cases = [
        Case(
            "four pixels whose colours vary by 6, 1 and 0 (any sign of an eigenvector is right)",
            {"pixels": pixels, "alphas": np.array([0.1, -0.2, 0.3])},
        ),
        Case("the same, and only the second alpha", {"pixels": pixels, "alphas": np.array([0, 1.0, 0])}),
        Case(
            "the same pixels, all 10 brighter", {"pixels": pixels + 10, "alphas": np.array([0.1, -0.2, 0.3])}
        ),
        Case("alphas of 0: nothing moves", {"pixels": pixels, "alphas": np.zeros(3)}),
    ]
    for count in (5, 8, 21, 40):
        mixed = rng.standard_normal((count, 3)) @ rng.standard_normal((3, 3))
        alphas = rng.normal(0, 0.1, 3)
        cases.append(Case(f"{count} random pixels", {"pixels": mixed, "alphas": alphas}))
    return cases


COLOUR_SHIFT = Exercise(
    number="01.5",
    signatures=("colour_shift(pixels, alphas)",),
    solutions=(colour_shift,),
    cases=_shift_cases,
    view=_along_each_direction,
    mutants=(
        Mutant(_without_eigenvalues, "The paper scales each direction by its eigenvalue."),
        Mutant(_square_roots, "The paper scales by the eigenvalue itself: look at that line once more."),
        Mutant(
            _roots_of_rounding,
            "Rounding can leave an eigenvalue a little below 0, with no root. Does the paper take roots?",
        ),
        Mutant(
            _rows_for_columns,
            "`eigh` returns the eigenvectors as columns: which axis do you read them along?",
        ),
        Mutant(
            _alphas_for_each_pixel, "Subtract the input from your result: the shift should be one colour."
        ),
        Mutant(
            _ascending, "The first alpha belongs to the largest eigenvalue. Which one does `eigh` give first?"
        ),
        Mutant(_one_pixel_less, "The four pixels must give the eigenvalue 6, not 8: what do you divide by?"),
        Mutant(_not_centred, "Make all pixels 10 brighter: the shift must stay as it was."),
        Mutant(_without_the_pixels, "You return the shift alone: where are the pixels that it moves?"),
    ),
    hints=(
        "Look at the covariance of the four pixels first: its eigenvalues must be 6, 1 and 0.",
        "Compare the order and the layout of what `eigh` returns with the order of the alphas.",
        "The shift is a sum of three terms, each an alpha times an eigenvalue times its eigenvector. "
        "Every pixel gets the same shift.",
    ),
)

_ROWS = np.stack([tile.EAR[5], tile.STRIPE[5], tile.WHISKER[3]])  # row 5, once the whisker lies there
_MEAN_ROW = _ROWS.sum(axis=0) // 3  # exactly whole
_STRIPE_ROW = tile.STRIPE[5]

MEAN_ROW = Question(
    number="01.1",
    asks="row 5 of the mean image with the whisker in row 5, and row 5 of the stripe less that mean image",
    answer=np.stack([_MEAN_ROW, _STRIPE_ROW - _MEAN_ROW]),
    on_paper=[[1, 2, 2, 3, 2, 2, 1], [-1, -2, -2, 0, -2, -2, -1]],
    hints=(
        "Write row 5 of the three drawings under each other: ear, stripe, and the whisker in its new place.",
        "Compare the two rows that you hand over: added up, they must give the stripe's own row 5.",
        "A number of the mean image is the mean of three pixels at its place, one from each drawing.",
    ),
    mistakes=(
        gives(np.stack([_MEAN_ROW, _MEAN_ROW - _STRIPE_ROW]), "Which of the two is taken from which?"),
        gives(
            np.stack([3 * _MEAN_ROW, _STRIPE_ROW - 3 * _MEAN_ROW]),
            "That is the sum of the drawings, not their mean.",
        ),
        gives(
            np.stack([_MEAN_ROW, _STRIPE_ROW]),
            "The second row is the stripe. Subtract the mean image from it.",
        ),
        gives(
            np.stack([_MEAN_ROW, tile.EAR[5] - _MEAN_ROW]),
            "The second row is the ear's, not the stripe's.",
        ),
        gives(
            np.stack([tile.MEAN_IMAGE[5, :, 0], _STRIPE_ROW - tile.MEAN_IMAGE[5, :, 0]]),
            "That is row 5 before the whisker moved. Now the whisker is bright there.",
        ),
    ),
)

WRAP = Question(
    number="01.2",
    asks="what 200 + 100 and 100 - 122 give in bytes, two numbers",
    answer=np.array([200 + 100, 100 - 122]).astype(np.uint8),
    on_paper=(44, 234),
    hints=(
        "Look at the type: how many different numbers fit into 8 bits without a sign?",
        "Compare with a clock: what comes after its last hour, and what before its first?",
        "Past the largest number of the type counting goes on at its smallest, and the other way round.",
    ),
    mistakes=(
        gives((300, -22), "This type holds no number above 255, and none below 0."),
        gives((255, 0), "It does not stop at 255 or at 0: it wraps round."),
        gives((45, 233), "Close: 8 bits hold 256 different numbers, and the first of them is 0."),
    ),
)

_PLACES = (256 - 227 + 1) * (385 - 227 + 1)  # rows, columns

POSITIONS = Question(
    number="01.4",
    asks="places of a 227x227 crop in a photograph of 256x385, then the views with mirror images",
    answer=_PLACES * np.array([1, 2]),
    on_paper=(4770, 9540),
    hints=(
        "Look at one axis: what are the smallest and the largest row that a crop can start at?",
        "Compare with a 3-pixel crop of 4 pixels: it has two places, not one.",
        "Rows and columns are chosen independently, and each place has one mirror image.",
    ),
    mistakes=(
        gives((29 * 158, 2 * 29 * 158), "A start at row 0 and a start at row 29 both exist."),
        gives(
            (30 + 159, 2 * (30 + 159)),
            "Every row of the start goes with every column, and not with one alone.",
        ),
        gives((30**2, 2 * 30**2), "Those are the places in a square of 256. This photograph is wider."),
        gives((33 * 162, 2 * 33 * 162), "Those are the places of a crop of 224."),
    ),
)

EXERCISES = (MEAN_ROW, WRAP, CENTRE_CROP, POSITIONS, COLOUR_SHIFT)
