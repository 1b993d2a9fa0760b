"""The images explorer: a crop of a photograph, and the numbers that a network gets of it."""

import base64
import functools

import numpy as np

from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Flag, Whole
from alexnet_course.explorers.made import made
from alexnet_course.images import MEAN_COLOUR, mirror

CHANNELS = ("red", "green", "blue")


@functools.cache
def thumbnail():
    """Return the small photograph, uint8 of shape (64, 96, 3)."""
    record = made("thumbnail")
    pixels = np.frombuffer(base64.b64decode(record["pixels"]), np.uint8)
    return pixels.reshape(record["height"], record["width"], 3)


class ImagesExplorer(Explorer):
    """A crop moves over Chelsea, a quarter of her size; below are the numbers that a network gets.

    Traits, each a `ValueError` when out of range:

    row, column : int, 0 to 56 and 0 to 88
        The crop's upper left pixel. Where the crop would reach past the edge, it stands at the last place.
    size : int, 8 to 64
        Side of the crop in pixels.
    mirror : bool
        Whether left and right are exchanged.
    mean : bool
        Whether ImageNet's mean colour is subtracted.

    >>> explorer = ImagesExplorer()
    >>> explorer.output.shape, explorer.places
    ((56, 56, 3), 369)
    >>> ImagesExplorer(size=65)
    Traceback (most recent call last):
    ValueError: size is 65; it must be a whole number from 8 to 64
    """

    _module = "images"
    _title = "What a network gets of a photograph"
    _try = "drag the square over an eye, then leave the mean colour in."
    _shown_in_repr = ("row", "column", "size", "mirror", "mean")
    checked = ("place", "places", "crop", "subtracted", "output", "averages")

    row = Whole(4, 0, 56)
    column = Whole(20, 0, 88)
    size = Whole(56, 8, 64)
    mirror = Flag(True)
    mean = Flag(True)

    @property
    def photograph(self):
        """The whole picture, uint8 of shape (64, 96, 3)."""
        return thumbnail()

    @property
    def place(self):
        """The row and column at which the crop stands."""
        height, width, _ = self.photograph.shape
        return min(self.row, height - self.size), min(self.column, width - self.size)

    @property
    def places(self):
        """How many places a crop of this size has."""
        height, width, _ = self.photograph.shape
        return (height - self.size + 1) * (width - self.size + 1)

    @property
    def crop(self):
        """The crop as a picture, uint8 of shape (size, size, 3)."""
        row, column = self.place
        cut = self.photograph[row : row + self.size, column : column + self.size]
        return mirror(cut[np.newaxis])[0] if self.mirror else cut

    @property
    def subtracted(self):
        """What is subtracted from red, green and blue, shape (3,)."""
        return np.array(MEAN_COLOUR) * self.mean

    @property
    def output(self):
        """What a network gets, shape (size, size, 3)."""
        return self.crop - self.subtracted

    @property
    def averages(self):
        """The mean of each channel of the output, shape (3,)."""
        return self.output.mean(axis=(0, 1))

    def _sentence(self):
        (row, column), last = self.place, self.size - 1
        average = ", ".join(
            f"{name} {drawing.label(value)}" for name, value in zip(CHANNELS, self.averages, strict=True)
        )
        exchanged = ", left and right exchanged" if self.mirror else ""
        taken = "the mean colour is subtracted" if self.mean else "nothing is subtracted"
        return (
            f"Rows {row} to {row + last}, columns {column} to {column + last}{exchanged}; {taken}. "
            f"On average the crop is {average}."
        )

    _alt = "A photograph of a cat with a square framed, and the square's red, green and blue channels."

    def _static_picture(self):
        """Return the photograph with the crop framed, and the three channels that a network gets."""
        (row, column), output, size = self.place, self.output, self.size
        height, width, _ = self.photograph.shape
        left, top, unit, side = 24, 40, 2.7, 132
        most = abs(output).max()
        shades = drawing.signed(most) if self.mean else lambda value: drawing.grey(9 * value / 255)
        picture = drawing.Drawing(728, 240)
        picture.title(left, 24, "Photograph", f"{height} × {width} × 3")
        picture.add("image", x=left, y=top, width=width * unit, height=height * unit,
                    href=drawing.colour_png(self.photograph), style="image-rendering:pixelated")  # fmt: skip
        picture.window(left + column * unit, top + row * unit, size * unit)
        for place, name in enumerate(CHANNELS):
            x = 312 + place * (side + 8)
            picture.title(x, 24, name, f"{size} × {size}")
            picture.cells(output[..., place], x, top, side / size, shades, text=lambda v: drawing.label(v, 0))
            picture.frame(x, top, side)
        return picture
