"""The occlusion explorer: a cover moves over Chelsea, and what a trained network calls her changes."""

import collections
import functools

import numpy as np

from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Whole
from alexnet_course.explorers.made import made
from alexnet_course.palette import hexadecimal

SIDE = 227  # pixels of the square that the network looks at
PLACES = 15  # of a cover, down and across
SIZES = (31, 45, 59)
KINDS = ("mean of ImageNet", "mean of the photograph", "black", "white", "noise")
CATS = (281, 282, 285)  # tabby, tiger cat, Egyptian cat
TOP = 5


def step_of(size):
    """Return the pixels from one place of a cover to the next: the last place ends at the edge."""
    return (SIDE - size) // (PLACES - 1)


@functools.cache
def noise():
    """Return a cover of noise, uint8 of shape (59, 59, 3), by a generator that the page has, too."""
    number, values = 1, []
    for _ in range(SIZES[-1] ** 2 * 3):
        number = (1664525 * number + 1013904223) % 2**32
        values.append(number >> 24)
    return np.array(values, np.uint8).reshape(SIZES[-1], SIZES[-1], 3)


@functools.cache
def answers(kind, size):
    """Return what the network answers behind a cover at every place: int array, (15, 15, 11).

    The thousandths of the three cats together; then for each of the five best its class and thousandths.
    """
    return np.array([_numbers(row) for row in made("occlusion")[f"{kind} {size}"]]).reshape(
        PLACES, PLACES, -1
    )


@functools.cache
def uncovered():
    """Return the same for the photograph without a cover: int array, (11,)."""
    return np.array(_numbers(made("occlusion")["uncovered"]))


def _numbers(text):
    """Return the whole numbers that a text holds, two base-36 digits each."""
    return [int(text[at : at + 2], 36) for at in range(0, len(text), 2)]


class OcclusionExplorer(Explorer):
    """A cover over Chelsea: what the trained SqueezeNet names, there and at every other place of the cover.

    The answers were computed once, for three sizes, five kinds of cover and 15 by 15 places.

    Traits, each a `ValueError` when out of range:

    row, column : int, 0 to 14
        Which of the places the cover has; the last one ends at the photograph's edge.
    size : int, 31, 45 or 59
        Side of the cover in pixels; the photograph has 227.
    cover : str
        What is put there: the mean colour of ImageNet's training photographs or of this one, black, white,
        or noise.

    >>> explorer = OcclusionExplorer(cover="black")
    >>> explorer.place, explorer.names[0]
    ((60, 36), 'Airedale')
    """

    _module = "occlusion"
    _title = "What an answer hangs on"
    _try = "drag the cover over the face, and watch which name comes first."
    _shown_in_repr = ("row", "column", "size", "cover")
    checked = ("place", "patch", "names", "shares", "cats", "falls", "leaders")

    row = Whole(5, 0, PLACES - 1)
    column = Whole(3, 0, PLACES - 1)
    size = Whole(SIZES[-1], SIZES[0], SIZES[-1], SIZES[1] - SIZES[0])
    cover = Choice(*KINDS)

    @property
    def place(self):
        """The pixel row and column of the cover's upper left corner."""
        step = step_of(self.size)
        return step * self.row, step * self.column

    @property
    def patch(self):
        """The cover as a picture, uint8 of shape (size, size, 3)."""
        if self.cover == "noise":
            return noise()[: self.size, : self.size]
        colour = np.array(made("occlusion")["colours"][self.cover], np.uint8)
        return np.broadcast_to(colour, (self.size, self.size, 3))

    @property
    def names(self):
        """The five most probable classes, the first one first."""
        return [made("occlusion")["names"][str(number)] for number in self._answer[1::2]]

    @property
    def shares(self):
        """Their probabilities, to three digits: float array (5,)."""
        return self._answer[2::2] / 1000

    @property
    def cats(self):
        """The probability of the three kinds of house cat together, to three digits."""
        return float(self._answer[0] / 1000)

    @property
    def falls(self):
        """How far it falls at each place of the cover: float array (15, 15), below 0 where it rises."""
        return (uncovered()[0] - answers(self.cover, self.size)[..., 0]) / 1000

    @property
    def leaders(self):
        """Each name that comes first somewhere, and at how many of the 225 places."""
        counts = collections.Counter(answers(self.cover, self.size)[..., 1].ravel().tolist())
        order = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        return [(made("occlusion")["names"][str(number)], count) for number, count in order]

    @property
    def _answer(self):
        return answers(self.cover, self.size)[self.row, self.column]

    def _sentence(self):
        (row, column), last = self.place, self.size - 1
        first = f"{self.names[0]} comes first with {self.shares[0]:.3f}"
        return (
            f"Rows {row} to {row + last}, columns {column} to {column + last} are covered ({self.cover}): "
            f"{first}; the three cats together have {self.cats:.3f}, without a cover "
            f"{uncovered()[0] / 1000:.3f}."
        )

    _alt = "A cat's face with a square covered, the five names that a network gives it, and a map of places."

    def _static_picture(self):
        """Return the covered photograph, the five names with their shares, and the map of all places."""
        picture, top, side = drawing.Drawing(728, 300), 40, 227
        (row, column), size = self.place, self.size
        picture.title(8, 24, "Photograph", f"{SIDE} × {SIDE}")
        picture.add("image", x=8, y=top, width=side, height=side, href=made("occlusion")["photograph"])
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
        picture.title(493, 24, "Fall of the three cats")
        falls = self.falls
        picture.cells(falls, 493, top, side / PLACES, drawing.signed(1))
        picture.frame(493, top, side)
        picture.window(493 + self.column * side / PLACES, top + self.row * side / PLACES, side / PLACES)
        return picture
