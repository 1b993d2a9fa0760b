"""The convolution explorer: one picture, one kernel, every window."""

import numpy as np

from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import NamedMatrix, Number, Whole
from alexnet_course.explorers.made import made
from alexnet_course.geometry import output_size, pixels_read
from alexnet_course.layers import Conv2D

PRESETS = ("left edge", "top edge", "bright column", "Gabor", "identity", "blur", "sharpen")
BIASES = {"left edge": 1, "top edge": -1, "bright column": 0}  # of the tile network; other presets have 0


def windows_along(size, kernel_size, stride, padding):
    """Return how many windows fit along one side; 0 when not even one does."""
    return output_size(size, kernel_size, stride, padding) if kernel_size <= size + 2 * padding else 0


def reached(size, kernel_size, stride, padding):
    """Return, for each pixel along one side, whether any window reads it: bool array of shape (size,)."""
    if not windows_along(size, kernel_size, stride, padding):
        return np.zeros(size, bool)
    return np.array(pixels_read(size, kernel_size, stride, padding))


def convolve(image, kernel, stride, padding, bias):
    """Return the response map of one square channel, by the course's own layer; (0, 0) if no window fits."""
    if not windows_along(len(image), len(kernel), stride, padding):
        return np.zeros((0, 0))
    layer = Conv2D(1, 1, len(kernel), stride, padding, initial=1.0, dtype=np.float64)
    layer.params["weight"][:, :, 0, 0] = kernel
    layer.params["bias"][:] = bias
    return layer.forward(image[np.newaxis, :, :, np.newaxis])[0, :, :, 0]


def resample(picture, size):
    """Return one of the stored pictures at `size` by `size` pixels, as kit/maths.js does.

    Parameters
    ----------
    picture : dict
        ``kind``: ``"grey"`` (levels stretched to the whole numbers 0 to 9), ``"signed"`` (rounded), ``"dot"``
        (one 9 in the middle of zeros) or ``"own"`` (not rounded); ``rows``: square.
    size : int
        Pixels along a side. Each new pixel is the mean of what it covers.
    """
    if picture["kind"] == "dot":
        image = np.zeros((size, size), int)
        image[(size - 1) // 2, (size - 1) // 2] = 9
        return image
    source = np.array([[int(v, 36) for v in row] if isinstance(row, str) else row for row in picture["rows"]])
    m = len(source)
    i, j = np.arange(size)[:, np.newaxis], np.arange(m)
    overlap = np.maximum(0, np.minimum((i + 1) * m, (j + 1) * size) - np.maximum(i * m, j * size))
    mean = source if m == size else overlap @ source @ overlap.T / (m * m)
    if picture["kind"] == "own":
        return mean
    if picture["kind"] == "signed":
        return np.floor(mean + 0.5).astype(int)
    low, high = mean.min(), mean.max()
    return np.floor(9 * (mean - low) / ((high - low) or 1) + 0.5).astype(int)


def preset(name, kernel_size):
    """Return the ready-made kernel `name`, shape (kernel_size, kernel_size), as kit/maths.js does."""
    k, centre = kernel_size, (kernel_size - 1) // 2
    i, j = np.indices((k, k)) - centre  # whole, from the centre cell
    y, x = np.indices((k, k)) - (k - 1) / 2  # from the middle
    match name:
        case "left edge":
            return np.sign(x)
        case "top edge":
            return np.sign(y)
        case "bright column":
            return (j == 0).astype(float)
        case "Gabor":
            envelope = np.exp(-7 * (y * y + x * x) / (k * k))
            return np.floor(4.4 * envelope * np.sin(2 * np.pi * (x + y) / (0.8 * k + 1)) + 0.5)
        case "identity":
            return ((i == 0) & (j == 0)).astype(float)
        case "blur":
            return np.full((k, k), 1 / (k * k))
        case "sharpen":
            away = abs(i) + abs(j)
            return np.where(away == 0, 1 + min(4, 2 * k - 2), np.where(away == 1, -1.0, 0.0))
    raise ValueError(f"name is {name!r}; the presets are {', '.join(PRESETS)}")


class ConvolutionExplorer(Explorer):
    """A kernel slides over a picture, and every sum can be followed by hand.

    Traits, each a `ValueError` when out of range:

    picture : "tile", "photograph", "digit", "dot", or a square array
        What is convolved. The tile is signed; the others are grey levels 0 to 9.
    size : int, 1 to 227
        Pixels along its side. An array keeps its own size unless you say another.
    kernel : a name of `PRESETS`, or a square array
    kernel_size : int, 1 to 11
    stride : int, 1 to 5
    padding : int, 0 to 5
    bias : float, -99 to 99
        Added to every sum. The presets that are the tile's filters come with the tile network's bias.
    row, column : int, 0 to 236
        The window under study: window (row, column) makes output (row, column). Where there are fewer
        windows, the last one is shown.

    >>> explorer = ConvolutionExplorer()
    >>> explorer.output[2, 2]
    np.float64(3.0)
    >>> ConvolutionExplorer(kernel_size=7, stride=2, padding=1)
    ConvolutionExplorer(kernel_size=7, stride=2, padding=1)
    >>> ConvolutionExplorer(stride=0)
    Traceback (most recent call last):
    ValueError: stride is 0; it must be a whole number from 1 to 5
    """

    _module = "convolution"
    _title = "One kernel, every window"
    _try = "drag the frame over the picture and follow the sum; then press another kernel."
    _shown_in_repr = ("kernel_size", "stride", "padding")
    checked = ("image", "weight", "output_size", "output", "window", "reached", "unused")

    picture = NamedMatrix("tile", "photograph", "digit", "dot", most=227, limit=999)
    size = Whole(7, 1, 227)
    kernel = NamedMatrix(*PRESETS, most=11, limit=99, default="top edge")
    kernel_size = Whole(3, 1, 11)
    stride = Whole(1, 1, 5)
    padding = Whole(0, 0, 5)
    bias = Number(-1, -99, 99)
    row = Whole(2, 0, 236)
    column = Whole(2, 0, 236)

    def __init__(self, **traits):
        """Start with these settings; sizes and bias follow picture and kernel unless they are given."""
        kernel, picture = traits.get("kernel", "top edge"), traits.get("picture", "tile")
        if isinstance(kernel, str):
            traits.setdefault("bias", BIASES.get(kernel, 0))
        else:
            traits.setdefault("bias", 0)
            traits.setdefault("kernel_size", len(kernel))
        if not isinstance(picture, str):
            traits.setdefault("size", len(picture))
        super().__init__(**traits)
        self.observe(self._follow, ["kernel", "picture"])  # only now: what is given with an array stands

    def _follow(self, change):
        """Let the size follow an array that takes the place of a kernel or a picture."""
        if not isinstance(change.new, str):
            setattr(self, {"kernel": "kernel_size", "picture": "size"}[change.name], len(change.new))

    @property
    def image(self):
        """The picture on screen, shape (size, size)."""
        own = not isinstance(self.picture, str)
        picture = {"kind": "own", "rows": self.picture} if own else made("pictures")[self.picture]
        return resample(picture, self.size)

    @property
    def weight(self):
        """The kernel on screen, shape (kernel_size, kernel_size)."""
        k = self.kernel_size
        if isinstance(self.kernel, str):
            return preset(self.kernel, k)
        given = np.array(self.kernel, dtype=float)
        shift = (len(given) - 1) // 2 - (k - 1) // 2
        return np.pad(given, 11)[11 + shift : 11 + shift + k, 11 + shift : 11 + shift + k]

    @property
    def output_size(self):
        """Windows along one side; 0 when not even one fits."""
        return windows_along(self.size, self.kernel_size, self.stride, self.padding)

    @property
    def output(self):
        """The responses on screen, shape (output_size, output_size)."""
        return convolve(self.image, self.weight, self.stride, self.padding, self.bias)

    @property
    def window(self):
        """The pixels under window (row, column), padding included, shape (kernel_size, kernel_size)."""
        n, k = self.output_size, self.kernel_size
        if not n:
            return np.zeros((0, 0), int)
        top, left = (min(at, n - 1) * self.stride for at in (self.row, self.column))
        return np.pad(self.image, self.padding)[top : top + k, left : left + k]

    @property
    def reached(self):
        """Whether any window reads each row, or column, of the picture: bool array (size,)."""
        return reached(self.size, self.kernel_size, self.stride, self.padding)

    @property
    def unused(self):
        """How many pixels of the picture no window reads."""
        return self.size**2 - int(self.reached.sum()) ** 2

    def _sentence(self):
        k, n, unused = self.kernel_size, self.output_size, self.unused
        name = self.kernel if isinstance(self.kernel, str) else "your own"
        shown = f"A {k} by {k} kernel ({name}) on a picture of {self.size} by {self.size} pixels, "
        shown += f"stride {self.stride}, padding {self.padding}: "
        if not n:
            return shown + "no window fits."
        pixels = "pixel is" if unused == 1 else "pixels are"
        lost = f"{unused:,} {pixels} reached by no window" if unused else "every pixel is used"
        row, column = min(self.row, n - 1), min(self.column, n - 1)
        value = drawing.label(self.output[row, column], 2)
        return f"{shown}output {n} by {n}; {lost}. Window ({row}, {column}) gives {value}."

    _alt = "Input, kernel and output of a convolution side by side; one window and its response are framed."

    def _static_picture(self):
        """Return input, kernel and output, with the chosen window and its response framed."""
        image, kernel, output, n = self.image, self.weight, self.output, self.output_size
        k, stride, padding = self.kernel_size, self.stride, self.padding
        total = max(self.size + 2 * padding, (n - 1) * stride + k)
        unit, small = 264 / total, min(30, 128 / k)
        left, middle, right, top = 24, 308, 456, 48
        grey = self.picture != "tile" and image.min() >= 0 and image.max() <= 9
        shades = drawing.grey if grey else drawing.signed(abs(image).max())
        picture = drawing.Drawing(728, 320)
        picture.title(left, 22, "Input", f"{self.size} × {self.size}")
        picture.title(middle, 22, "Kernel", f"{k} × {k}")
        picture.title(right, 22, "Output", f"{n} × {n}")

        if padding:
            picture.frame(left, top, total * unit, stroke=drawing.MUTED, stroke_dasharray="2 3")
        inside = (left + padding * unit, top + padding * unit)
        picture.cells(image, *inside, unit, shades)
        picture.ticks(*inside, unit, self.size, self.size)
        picture.cells(kernel, middle, top, small, drawing.signed(abs(kernel).max()))
        picture.text(middle, top + k * small + 22, f"bias {drawing.label(self.bias, 2)}", text_anchor="start")
        edge = (right + padding * unit, top + padding * unit)
        picture.frame(*edge, self.size * unit, stroke=drawing.MUTED, stroke_dasharray="1.5 4")
        if not n:
            picture.text(right + 132, top + 136, "no window fits", fill=drawing.MUTED)
            return picture

        picture.strike(self.reached, *inside, unit)
        # An output cell is as wide as the stride and lies in the middle of its window.
        shift, gap = (k - stride) / 2 * unit, max(0, stride - k) * unit
        corner, cell = (right + shift, top + shift), stride * unit
        picture.cells(output, *corner, cell, drawing.signed(abs(output).max()), gap=gap)
        picture.ticks(*corner, cell, n, n, gap)
        row, column = (min(at, n - 1) * stride for at in (self.row, self.column))
        cell = min(stride, k)
        inner = (k - cell) / 2
        picture.window(left + column * unit, top + row * unit, k * unit)
        picture.window(right + (column + inner) * unit, top + (row + inner) * unit, cell * unit)
        return picture
