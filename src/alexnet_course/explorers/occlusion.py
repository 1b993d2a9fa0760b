"""The occlusion explorer: a cover moves over a photograph, and what a trained network calls it changes."""

import collections
import functools
from typing import NamedTuple

import numpy as np

from alexnet_course.data.classes import class_names
from alexnet_course.data.photographs import NAMES, load_photograph
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Whole, Wholes
from alexnet_course.explorers.made import made
from alexnet_course.images import centre_crop
from alexnet_course.layers import Softmax
from alexnet_course.palette import hexadecimal
from alexnet_course.squeezenet import load_squeezenet, preprocess

SIDE = 227  # pixels of the square that the network looks at
PLACES = 15  # of a map, down and across
SIZES = (31, 45, 59)  # of the covers that were asked about beforehand, on Chelsea
SMALLEST, LARGEST = 11, 113
KINDS = ("mean of ImageNet", "mean of the photograph", "black", "white", "noise")
OWN = "a colour of your own"
CATS = (281, 282, 285)  # tabby, tiger cat, Egyptian cat
TOP = 5
GRAIN = 59  # pixels after which the noise begins again


class Answer(NamedTuple):
    """What the network says to one square."""

    names: list
    """The five most probable classes, the first one first."""
    shares: np.ndarray
    """Their probabilities, float array (5,)."""
    kept: float
    """The probability of the classes that are followed, together."""


class Map(NamedTuple):
    """What the network says behind one cover at 15 by 15 places."""

    falls: np.ndarray
    """How far the probability of what is followed falls: float array (15, 15), below 0 where it rises."""
    leaders: list
    """Each name that comes first somewhere, and at how many of the 225 places: list of (str, int)."""


def places_of(size):
    """Return the rows at which a map's covers begin, and the columns: the last one ends at the edge."""
    last = PLACES - 1
    return [(2 * at * (SIDE - size) + last) // (2 * last) for at in range(PLACES)]


@functools.cache
def square(photograph):
    """Return the square of a photograph that the network looks at: uint8, (227, 227, 3)."""
    return centre_crop(load_photograph(photograph), SIDE)


@functools.cache
def _grain():
    """Return noise, uint8 of shape (59, 59, 3), by a generator that the page has, too."""
    number, values = 1, []
    for _ in range(GRAIN**2 * 3):
        number = (1664525 * number + 1013904223) % 2**32
        values.append(number >> 24)
    return np.array(values, np.uint8).reshape(GRAIN, GRAIN, 3)


def noise(size):
    """Return a cover of noise, uint8 of shape (size, size, 3); after 59 pixels it begins again."""
    at = np.arange(size) % GRAIN
    return _grain()[at[:, np.newaxis], at]


@functools.cache
def _network():
    """Return the trained network, loaded once."""
    return load_squeezenet()


def probabilities(images):
    """Return the probability of each class on some squares: float array (N, 1000)."""
    x = np.concatenate([preprocess(image) for image in images])
    return Softmax().predict(_network().predict(x))


@functools.cache
def answers(cover, size):
    """Return what was answered to Chelsea behind a cover at every place of a map: int array, (15, 15, 11).

    The thousandths of the three cats together; then for each of the five best its class and thousandths.
    """
    return np.array([_numbers(row) for row in made("occlusion")[f"{cover} {size}"]]).reshape(
        PLACES, PLACES, -1
    )


@functools.cache
def uncovered(photograph):
    """Return the same for a photograph without a cover: int array, (11,)."""
    return np.array(_numbers(made("occlusion")["photographs"][photograph]["uncovered"]))


def _numbers(text):
    """Return the whole numbers that a text holds, two base-36 digits each."""
    return [int(text[at : at + 2], 36) for at in range(0, len(text), 2)]


class OcclusionExplorer(Explorer):
    """A cover over a photograph, and what the trained SqueezeNet names, here and wherever the cover may lie.

    What is measured is how much is left of one name: the one that comes first without a cover, and for
    Chelsea her three kinds of cat together. To Chelsea behind covers of 31, 45 and 59 pixels, of the first
    five kinds, at 15 by 15 places, the answers were computed beforehand; all others the network computes when
    they are asked for.

    Traits, each a `ValueError` when out of range:

    photograph : "chelsea", "coffee", "astronaut", "rocket", "china" or "flower"
        What is covered: the middle 227 x 227 pixels.
    row, column : int, 0 to 216
        Pixel of the cover's upper left corner; a cover that would leave the square stays at its edge.
    size : int, 11 to 113
        Side of the cover in pixels.
    cover : str
        What is put there: the mean colour of ImageNet's training photographs or of this one, black, white,
        noise, or "a colour of your own".
    colour : three int, 0 to 255
        Red, green and blue of that colour.

    >>> explorer = OcclusionExplorer(cover="black")
    >>> explorer.place, explorer.names[0]
    ((60, 36), 'Airedale')
    """

    _module = "occlusion"
    _title = "What an answer hangs on"
    _try = "drag the cover over the face, and watch which name comes first."
    _shown_in_repr = ("row", "column", "size", "cover")
    checked = ("place", "patch", "cell", "stored", "mapped", "whole")

    photograph = Choice(*NAMES)
    row = Whole(60, 0, SIDE - SMALLEST)
    column = Whole(36, 0, SIDE - SMALLEST)
    size = Whole(SIZES[-1], SMALLEST, LARGEST)
    cover = Choice(*KINDS, OWN)
    colour = Wholes((214, 39, 40), 0, 255)

    @property
    def place(self):
        """The pixel row and column of the cover's upper left corner."""
        return min(self.row, SIDE - self.size), min(self.column, SIDE - self.size)

    @property
    def cell(self):
        """The row and column of the map that the cover lies on; None between them."""
        places = places_of(self.size)
        return tuple(map(places.index, self.place)) if set(self.place) <= set(places) else None

    @property
    def patch(self):
        """The cover as a picture, uint8 of shape (size, size, 3)."""
        data = made("occlusion")
        match self.cover:
            case "noise":
                return noise(self.size)
            case "mean of the photograph":
                colour = data["photographs"][self.photograph]["colour"]
            case _:
                colour = self.colour if self.cover == OWN else data["colours"][self.cover]
        return np.broadcast_to(np.array(colour, np.uint8), (self.size, self.size, 3))

    @property
    def whole(self):
        """The probability of what is followed, without a cover, to three digits."""
        return float(uncovered(self.photograph)[0] / 1000)

    @property
    def stored(self):
        """The `Answer` that was computed beforehand, to three digits; None if there is none."""
        if self._answers is None or self.cell is None:
            return None
        numbers = self._answers[self.cell]
        names = [made("occlusion")["names"][str(number)] for number in numbers[1::2]]
        return Answer(names, numbers[2::2] / 1000, float(numbers[0] / 1000))

    @property
    def mapped(self):
        """The `Map` that was computed beforehand, to three digits; None if there is none."""
        if self._answers is None:
            return None
        return self._map(self._answers[..., 0] / 1000, self._answers[..., 1])

    @property
    def answer(self):
        """The `Answer` behind the cover."""
        return self.stored or _computed(self.photograph, self.place, self.patch.tobytes())

    @property
    def names(self):
        """The five most probable classes, the first one first."""
        return self.answer.names

    @property
    def shares(self):
        """Their probabilities: float array (5,)."""
        return self.answer.shares

    @property
    def kept(self):
        """The probability of what is followed: the photograph's own name, or the three cats together."""
        return self.answer.kept

    @property
    def falls(self):
        """How far it falls at each place of a map: float array (15, 15), below 0 where it rises."""
        return (self.mapped or self._compute_map()).falls

    @property
    def leaders(self):
        """Each name that comes first somewhere on the map, and at how many of the 225 places."""
        return (self.mapped or self._compute_map()).leaders

    @property
    def _answers(self):
        """What was computed beforehand for this photograph, cover and size, or None."""
        known = self.photograph == NAMES[0] and self.size in SIZES and self.cover != OWN
        return answers(self.cover, self.size) if known else None

    def _compute_map(self):
        places, followed = places_of(self.size), _followed(self.photograph)
        kept, first = np.zeros((PLACES, PLACES)), np.zeros((PLACES, PLACES), int)
        for at, top in enumerate(places):
            shares = probabilities([_covered(self.photograph, (top, left), self.patch) for left in places])
            kept[at], first[at] = shares[:, followed].sum(axis=1), shares.argmax(axis=1)
        return self._map(kept, first)

    def _map(self, kept, first):
        counts = collections.Counter(first.ravel().tolist())
        order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return Map(self.whole - kept, [(class_names()[number], count) for number, count in order])

    @property
    def _told(self):
        """What is followed, in words."""
        followed = _followed(self.photograph)
        return "the three cats" if len(followed) > 1 else class_names()[followed[0]]

    def _sentence(self):
        (row, column), last, answer = self.place, self.size - 1, self.answer
        has = "together have" if self.photograph == NAMES[0] else "has"
        return (
            f"Rows {row} to {row + last}, columns {column} to {column + last} are covered ({self.cover}): "
            f"{answer.names[0]} comes first with {answer.shares[0]:.3f}; {self._told} {has} "
            f"{answer.kept:.3f}, without a cover {self.whole:.3f}."
        )

    _alt = "A photograph with a square covered, the five names that a network gives it, and a map of places."

    def _static_picture(self):
        """Return the covered photograph, the five names with their shares, and the map if there is one."""
        picture, top, side = drawing.Drawing(728, 300), 40, 227
        (row, column), size = self.place, self.size
        picture.title(8, 24, "Photograph", f"{SIDE} × {SIDE}")
        file = made("occlusion")["photograph"]
        if self.photograph != NAMES[0]:
            file = drawing.colour_png(square(self.photograph)[::2, ::2])
        picture.add("image", x=8, y=top, width=side, height=side, href=file)
        if self.cover == "noise":
            picture.add("image", x=8 + column, y=top + row, width=size, height=size,
                        href=drawing.colour_png(self.patch))  # fmt: skip
        else:
            fill = hexadecimal(self.patch[0, 0].tolist())
            picture.add("rect", x=8 + column, y=top + row, width=size, height=size, fill=fill)
        picture.window(8 + column, top + row, size)
        picture.title(259, 24, "Five best names")
        for at, (name, share) in enumerate(zip(self.names, self.shares, strict=True)):
            y = top + 16 + 44 * at
            picture.text(259, y, name, text_anchor="start")
            picture.text(467, y, f"{share:.3f}", text_anchor="end")
            picture.add("rect", x=259, y=y + 6, width=208 * share, height=10, fill=hexadecimal(drawing.PLUS))
            picture.frame(259, y + 6, 208, 10)
        if not self.mapped:
            return picture
        picture.title(493, 24, f"Fall of {self._told}")
        cell, (down, across) = side / PLACES, (at / (SIDE - size) * (PLACES - 1) for at in self.place)
        picture.cells(self.mapped.falls, 493, top, cell, drawing.signed(1))
        picture.frame(493, top, side)
        picture.window(493 + across * cell, top + down * cell, cell)
        return picture


def _followed(photograph):
    """Return the classes whose probabilities are followed on a photograph."""
    return made("occlusion")["photographs"][photograph]["followed"]


def _covered(photograph, place, patch):
    """Return a photograph's square with the patch on it: uint8, (227, 227, 3)."""
    (row, column), size, picture = place, len(patch), square(photograph).copy()
    picture[row : row + size, column : column + size] = patch
    return picture


@functools.lru_cache(maxsize=64)
def _computed(photograph, place, pixels):
    """Return the network's `Answer` behind a square of those bytes; a figure asks several times."""
    patch = np.frombuffer(pixels, np.uint8).reshape(-1, 3)
    size = round(len(patch) ** 0.5)
    shares = probabilities([_covered(photograph, place, patch.reshape(size, size, 3))])[0]
    best = np.argsort(-shares, kind="stable")[:TOP]
    kept = float(shares[_followed(photograph)].sum())
    return Answer([class_names()[number] for number in best], shares[best], kept)
