"""A picture of the reader's own, or one of the six photographs, named by a trained network."""

import functools

import numpy as np
import traitlets

from alexnet_course.data.photographs import NAMES, load_photograph
from alexnet_course.data.pictures import SHORTER_SIDE
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Flag, Whole
from alexnet_course.images import mirror, ten_views
from alexnet_course.squeezenet import INPUT_SHAPE, classify_views, preprocess

SIDE = INPUT_SHAPE[0]


class OwnPictureExplorer(Explorer):
    """A crop moves over a picture, and SqueezeNet 1.1, trained on ImageNet, names what is in it.

    In a notebook, what the reader drops, pastes, chooses or photographs becomes `picture`.

    Traits, each a `ValueError` when out of range:

    photograph : "chelsea", "coffee", "astronaut", "rocket", "china" or "flower"
        What is named until the reader brings a picture.
    down, across : int, 0 to 100
        Where the crop of 227 x 227 pixels stands, in percent of the way from the top and from the left.
    ten : bool
        Whether the probabilities of ten views are averaged. They are cut out of a square of 256 x 256 pixels,
        which stands in the crop's place; in the middle, at 50 percent, they are the paper's.

    >>> explorer = OwnPictureExplorer(photograph="coffee")
    >>> explorer.place, explorer.views, explorer.inputs.shape
    ((14, 78), [(14, 78, False)], (1, 227, 227, 3))
    >>> [(name, round(probability, 2)) for name, probability in explorer.names[:1]]
    [('espresso', 0.97)]
    """

    _module = "own_picture"
    _title = "A picture, named by a trained network"
    _try = "press Name it, then drag the square to another part of the picture."
    _shown_in_repr = ("photograph", "down", "across", "ten")
    checked = ("shape", "side", "place", "views")

    photograph = Choice(*NAMES)
    down = Whole(50, 0, 100)
    across = Whole(50, 0, 100)
    ten = Flag(False)
    #: The reader's picture as the page hands it over: its height, width and pixels; None for the photograph.
    own = traitlets.Any(None).tag(sync=True)

    @property
    def picture(self):
        """The picture on screen, its shorter side 256 pixels: uint8 array (H, W, 3)."""
        if self.own is None:
            return load_photograph(self.photograph)
        pixels = np.frombuffer(self.own["pixels"], np.uint8)
        return pixels.reshape(self.own["height"], self.own["width"], 3)

    @property
    def shape(self):
        """Shape of the picture."""
        return self.picture.shape

    @property
    def side(self):
        """Side of the square that is looked at, in pixels: the crop, or what ten views are cut out of."""
        return SHORTER_SIDE if self.ten else SIDE

    @property
    def place(self):
        """The row and column at which that square stands."""
        height, width, _ = self.shape
        return (height - self.side) * self.down // 100, (width - self.side) * self.across // 100

    @property
    def views(self):
        """What the network is shown: a list of row, column, and whether left and right are exchanged."""
        row, column = self.place
        if not self.ten:
            return [(row, column, False)]
        square = np.mgrid[row : row + self.side, column : column + self.side]
        corners = ten_views(np.stack(square, axis=-1)[np.newaxis], SIDE)[0, :5, 0, 0].tolist()
        return [(row, column, mirrored) for mirrored in (False, True) for row, column in corners]

    @property
    def inputs(self):
        """What the network gets, shape (views, 227, 227, 3): blue, green and red, less the mean colour."""
        return np.concatenate([preprocess(crop) for crop in self._crops])

    @property
    def names(self):
        """The five most probable names and their probabilities, computed by Python."""
        return classify_views(self._crops)

    @property
    def _crops(self):
        """The views as pictures."""
        cut = [(self.picture[row : row + SIDE, column : column + SIDE], m) for row, column, m in self.views]
        return [mirror(crop[np.newaxis])[0] if mirrored else crop for crop, mirrored in cut]

    _alt = "A photograph with a square framed, and the five names that a trained network gives to the square."

    def _sentence(self):
        (row, column), (height, width, _), last = self.place, self.shape, self.side - 1
        (first, most), (second, less), *_ = self._rounded()
        seen = f"rows {row} to {row + last}, columns {column} to {column + last} of {height} × {width}"
        seen = f"Ten views of {seen}" if self.ten else seen.capitalize()
        return f"{seen}: the network says {first}, {most:.2f}, then {second}, {less:.2f}."

    def _static_picture(self):
        """Return the picture with the crop framed, and bars of the five names."""
        left, right, top, most = 8, 352, 40, 320
        height, width, _ = self.shape
        unit = most / max(height, width)
        drawn = drawing.Drawing(728, 280)
        drawn.title(left, 24, "Picture", f"{height} × {width} × 3")
        drawn.add("image", x=left, y=top, width=width * unit, height=height * unit,
                  href=drawing.colour_png(_small(self.picture)), preserveAspectRatio="none")  # fmt: skip
        for row, column, _ in self.views:
            drawn.window(left + column * unit, top + row * unit, SIDE * unit)
        drawn.title(right, 24, "SqueezeNet 1.1", "on ten views" if self.ten else "on the crop")
        for at, (name, probability) in enumerate(self._rounded()):
            y, length = 58 + 44 * at, 300 * probability
            drawn.text(right, y, name, text_anchor="start")
            drawn.add("rect", x=right, y=y + 6, width=length, height=14,
                      fill=drawing.hexadecimal(drawing.PLUS))  # fmt: skip
            drawn.text(right + length + 8, y + 18, f"{probability:.2f}", text_anchor="start")
        return drawn

    def _rounded(self):
        """Return the names, with probabilities of two decimals: the same on every machine."""
        if self.own is None:
            return _names_of(self.photograph, self.down, self.across, self.ten)
        return [(name, round(probability, 2)) for name, probability in self.names]


def _small(picture, factor=4):
    """Return a picture with `factor` by `factor` pixels averaged into one: a still one need not hold more."""
    height, width = (side // factor for side in picture.shape[:2])
    blocks = picture[: height * factor, : width * factor].reshape(height, factor, width, factor, 3)
    return np.rint(blocks.mean(axis=(1, 3))).astype(np.uint8)


@functools.cache
def _names_of(photograph, down, across, ten):
    """Return what `_rounded` does of a photograph; a figure asks several times."""
    explorer = OwnPictureExplorer(photograph=photograph, down=down, across=across, ten=ten)
    return [(name, round(probability, 2)) for name, probability in explorer.names]
