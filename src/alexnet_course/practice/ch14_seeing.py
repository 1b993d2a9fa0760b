"""The checked exercises of chapter 14: what the network sees."""

import functools

import numpy as np

from alexnet_course.data import tile
from alexnet_course.layers import Conv2D, Dense, Flatten, MaxPooling2D, ReLU, Softmax
from alexnet_course.losses import cross_entropy
from alexnet_course.network import Sequential
from alexnet_course.optimizers import SGD
from alexnet_course.practice.exercises import Case, Exercise, Mutant, Question, gives


def occlusion_map(predict, image, label, size, stride, fill):
    """Give what is left of a class at every place of a cover.

    `predict` takes (N, H, W, C) and gives shares (N, classes); `image` is (H, W, C). The cover is a square of
    `size` pixels that moves by `stride`, and is set to `fill`, a number or a colour (C,).
    """
    rows = (image.shape[0] - size) // stride + 1
    columns = (image.shape[1] - size) // stride + 1
    left = np.zeros((rows, columns))
    for i, j in np.ndindex(rows, columns):
        covered = image.copy()
        covered[i * stride : i * stride + size, j * stride : j * stride + size] = fill
        left[i, j] = predict(covered[np.newaxis])[0, label]
    return left


def _places(image, size, stride):
    rows, columns = ((side - size) // stride + 1 for side in image.shape[:2])
    return rows, columns


def _covered(image, row, column, size, fill):
    copy = image.copy()
    copy[row : row + size, column : column + size] = fill
    return copy


# ---- the mistakes that the checker knows


def _not_restored(predict, image, label, size, stride, fill):
    left, covered = np.zeros(_places(image, size, stride)), image.copy()
    for i, j in np.ndindex(left.shape):
        covered = _covered(covered, i * stride, j * stride, size, fill)
        left[i, j] = predict(covered[np.newaxis])[0, label]
    return left


def _added(predict, image, label, size, stride, fill):
    left = np.zeros(_places(image, size, stride))
    for i, j in np.ndindex(left.shape):
        covered = image.copy()
        covered[i * stride : i * stride + size, j * stride : j * stride + size] += fill
        left[i, j] = predict(covered[np.newaxis])[0, label]
    return left


def _one_number_a_pixel(predict, image, label, size, stride, fill):
    left = np.zeros(image.shape[:2])
    for i, j in np.ndindex(left.shape):
        left[i, j] = predict(_covered(image, i, j, size, fill)[np.newaxis])[0, label]
    return left


def _each(reads):
    """Make a function that reads something else from the shares of each covered image."""

    def wrong(predict, image, label, size, stride, fill):
        left = np.zeros(_places(image, size, stride))
        for i, j in np.ndindex(left.shape):
            shares = predict(_covered(image, i * stride, j * stride, size, fill)[np.newaxis])[0]
            left[i, j] = reads(shares, label)
        return left

    return wrong


def _largest_share(predict, image, label, size, stride, fill):
    return _each(lambda shares, label: shares.max())(predict, image, label, size, stride, fill)


def _which_class(predict, image, label, size, stride, fill):
    return _each(lambda shares, label: shares.argmax())(predict, image, label, size, stride, fill)


def _what_is_lost(predict, image, label, size, stride, fill):
    whole = predict(image[np.newaxis])[0, label]
    return whole - occlusion_map(predict, image, label, size, stride, fill)


def _without_batch_axis(predict, image, label, size, stride, fill):
    return predict(_covered(image, 0, 0, size, fill))[label]


def _stride_ignored(predict, image, label, size, stride, fill):
    left = np.zeros(_places(image, size, stride))
    for i, j in np.ndindex(left.shape):
        left[i, j] = predict(_covered(image, i, j, size, fill)[np.newaxis])[0, label]
    return left


def _last_place_missing(predict, image, label, size, stride, fill):
    return occlusion_map(predict, image, label, size, stride, fill)[:-1, :-1]


def _rows_for_columns(predict, image, label, size, stride, fill):
    return occlusion_map(predict, image, label, size, stride, fill).T


def _always_black(predict, image, label, size, stride, fill):
    return occlusion_map(predict, image, label, size, stride, 0)


def _first_channel_alone(predict, image, label, size, stride, fill):
    left = np.zeros(_places(image, size, stride))
    for i, j in np.ndindex(left.shape):
        covered = image.copy()
        covered[i * stride : i * stride + size, j * stride : j * stride + size, 0] = np.ravel(fill)[0]
        left[i, j] = predict(covered[np.newaxis])[0, label]
    return left


def _predict(images):
    """Give shares of three classes: bright all over, on the right, and below in the last channel."""
    images = np.asarray(images)
    if images.ndim != 4:
        raise ValueError(f"predict takes images of shape (N, H, W, C); got {images.shape}")
    rows, columns = np.indices(images.shape[1:3])
    logits = [images.mean(axis=(1, 2, 3)), (images.mean(axis=3) * columns).mean(axis=(1, 2))]
    logits = np.stack([*logits, (images[..., -1] * rows).mean(axis=(1, 2))], axis=1)
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    return exponentials / exponentials.sum(axis=1, keepdims=True)


def _call(functions, *arguments):
    """Call the learner's function with the network that all cases share."""
    return functions[0](_predict, *arguments)


def _occlusion_cases(rng):
    def case(name, image, label=0, size=2, stride=1, fill=0.0):
        arguments = {"image": image, "label": label, "size": size, "stride": stride, "fill": fill}
        return Case(name, arguments, _call)

    small = np.arange(9.0).reshape(3, 3, 1) / 4
    plain = rng.random((5, 5, 1)) * 3
    wide, colour = rng.random((4, 7, 1)) * 3, rng.random((7, 6, 3)) * 3
    return [
        case("a 3 by 3 image, a black cover of 2 by 2", small),
        case("the same, the class on the right", small, label=1),
        case("the same, a cover of 5", small, label=1, fill=5.0),
        case("a cover of one pixel", plain, label=2, size=1),
        case("a cover as large as the image", plain, label=1, size=5),
        case("an image that is wider than high", wide, label=1),
        case("a wide image, stride 2", wide, label=1, stride=2, fill=1.0),
        case("size 3, stride 2, a remainder below", rng.random((6, 7, 1)) * 3, label=2, size=3, stride=2),
        case("three channels, a grey cover", colour, label=2, size=3, fill=0.5),
        case("three channels, a colour", colour, label=0, size=3, stride=2, fill=np.array([0.1, 2.0, 0.6])),
        case("a class that is not the largest", 2 - plain, label=0, size=2, stride=3, fill=-1.0),
        case("stride larger than the cover", rng.random((9, 8, 2)) * 3, label=1, size=2, stride=3, fill=2.0),
    ]


OCCLUSION_MAP = Exercise(
    number="14.3",
    signatures=("occlusion_map(predict, image, label, size, stride, fill)",),
    solutions=(occlusion_map,),
    cases=_occlusion_cases,
    mutants=(
        Mutant(_not_restored, "Each place starts from the whole image. Does yours, after the first cover?"),
        Mutant(_added, "A cover hides what was there. Is the old value still part of yours?"),
        Mutant(
            _one_number_a_pixel,
            "How many places does a cover of this size have? Compare the shape of your map with geometry's.",
        ),
        Mutant(_largest_share, "Which class is asked about? The largest share may be another's."),
        Mutant(_which_class, "A map of class numbers says who leads, not how much is left of one class."),
        Mutant(_what_is_lost, "Cover nothing: the map must show the share itself, and not 0."),
        Mutant(_without_batch_axis, "What shape does predict take, and what shape do you hand over?"),
        Mutant(_stride_ignored, "With stride 2, where does the second place begin?"),
        Mutant(_last_place_missing, "The last place ends at the edge. Is it in your map?"),
        Mutant(_rows_for_columns, "Try a wide image: which of the two counts goes down your map?"),
        Mutant(_always_black, "Try a cover that is not black: does your map notice?"),
        Mutant(_first_channel_alone, "A cover hides all channels. Which of them still shows through?"),
    ),
    hints=(
        "Look at one place first: which pixels does the cover hide there, and what does predict then say?",
        "Compare the number of places with chapter 3's formula for a window of that size and stride.",
        "For each place: copy the image, set the square, ask for the shares, keep the one of the label.",
    ),
)

# ---- numbers on paper


def _hidden_by_nothing(size):
    """Count the places at which a cover finds nothing but zeros on the centred ear."""
    windows = np.lib.stride_tricks.sliding_window_view(tile.X[0, :, :, 0], (size, size))
    return int((windows == 0).all(axis=(2, 3)).sum())


PLACES = Question(
    number="14.1",
    asks="how many places a cover of 2 by 2 has on the tile, and how many of them hide nothing but zeros",
    answer=[6 * 6, _hidden_by_nothing(2)],
    on_paper=[36, 8],
    hints=(
        "Look at the centred ear in the figure above: where are two zeros beside each other, twice over?",
        "Compare rows 0 and 1, then 1 and 2, then 2 and 3. Row 3 ends it.",
        "A cover of 2 pixels has 7 − 2 + 1 places in each direction. Above row 3 only column 3 is not 0.",
    ),
    mistakes=(
        gives([25, 8], "25 places are those of a cover of 3 by 3."),
        gives([25, 2], "Those are the numbers of a cover of 3 by 3."),
        gives([49, 8], "49 is the number of pixels. Does a cover of 2 fit below the last row?"),
        gives([36, 4], "One pair of rows has four such places. How many pairs of rows are there?"),
        gives([36, 2], "Two such places are those of a cover of 3 by 3."),
        gives([36, 12], "Row 3 holds a single 0, so no cover that reaches it hides nothing."),
    ),
)


@functools.cache
def _trained():
    """Return the tile's network after chapter 13's ten steps."""
    options = {"rng": np.random.default_rng(0), "dtype": np.float64}
    conv, hidden, output = Conv2D(1, 3, 3, **options), Dense(12, 4, **options), Dense(4, 3, **options)
    conv.weight, conv.bias = tile.KERNELS, tile.BIASES
    hidden.weight, hidden.bias = tile.HIDDEN_WEIGHT, tile.HIDDEN_BIAS
    output.weight, output.bias = tile.OUTPUT_WEIGHT, tile.OUTPUT_BIAS
    network = Sequential([conv, ReLU(), MaxPooling2D(3, 2), Flatten(), hidden, ReLU(), output])
    optimizer, x = SGD(network), (tile.IMAGES - tile.MEAN_IMAGE).astype(float)
    for _ in range(10):
        network.backward(cross_entropy(network.forward(x), tile.LABELS)[1], input_gradient=False)
        optimizer.step()
    return network


def _ear(image):
    return Softmax().predict(_trained().predict(image))[0, 0]


_EAR = tile.X[0].astype(float)
_COVERED = _covered(_EAR, 2, 1, 3, 0)
_MIRRORED = [
    _ear(_COVERED[np.newaxis, :, ::-1]),
    _ear(_covered(_EAR[:, ::-1], 2, 1, 3, 0)[np.newaxis]),
]

MIRRORED = Question(
    number="14.2",
    asks="the ear's share if the tile is covered at (2, 1) and then mirrored, and if it is mirrored first",
    answer=_MIRRORED,
    on_paper=[0.499, 0.126],
    hints=(
        "Look at where the cover lies after the mirror: a cover in columns 1 to 3 of 0 to 6 goes somewhere.",
        "Compare the ear with its mirror image. What does mirroring alone change?",
        "Both answers stand in the map above: one at the same place, one at the place's mirror image.",
    ),
    mistakes=(
        gives(_MIRRORED[::-1], "The other way round: which of the two mirrors moves the cover?"),
        gives([_MIRRORED[1]] * 2, "A mirror image takes its cover along. Where does it lie then?"),
        gives([_MIRRORED[0]] * 2, "The ear alone is its own mirror image. What is left to change then?"),
        gives([0.990, 0.990], "That is the whole ear. Something is covered here."),
    ),
)

EXERCISES = (PLACES, MIRRORED, OCCLUSION_MAP)
