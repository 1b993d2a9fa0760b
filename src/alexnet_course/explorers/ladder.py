"""The ladder explorer: one layer in seven ways, what each asks of a machine, and how long it took on one."""

import math
from typing import NamedTuple

import numpy as np

from alexnet_course import ladder
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Whole
from alexnet_course.explorers.made import made

LAYERS = ("conv1", "conv2", "conv3", "conv4", "conv5", "fc6")
IMAGES = {"16 images": 16, "one image": 1}
LAST = len(ladder.NAMES) - 1  # all cores
#: What a prediction is made of, in the order of `LadderExplorer.parts`.
PARTS = ("steps of Python", "products", "main memory", "cache", "fresh memory")
PEAK = (10**-1.5, 10**2.5, 1e5, 1e12)  # the roofline's chart: products a byte, then products a second


def written(seconds):
    """Write a time with two digits, from microseconds to hours."""
    units = ((3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs"))
    size, unit = next((one for one in units if seconds >= one[0]), units[-1])
    value = seconds / size
    return f"{value:.0f} {unit}" if value >= 9.95 else f"{value:.1f} {unit}"


class Dot(NamedTuple):
    """Where a rung stands on the roofline's chart."""

    reuse: float  #: products for each byte moved
    rate: float  #: products a second


class LadderExplorer(Explorer):
    """A layer of the paper's network, and seven ways to compute it, from loops to all cores.

    Times are those of one machine, measured once by ``python -m benchmarks.ladder``; what it can do at most
    is the best that the same program found, and predicts them.

    Traits, each a `ValueError` when out of range:

    layer : "conv1" to "conv5", or "fc6"
    images : "16 images" or "one image"
        How many go through the layer together.
    rung : int, 0 to 6
        Which of `ladder.NAMES`.

    >>> explorer = LadderExplorer(layer="conv1", images="one image", rung=3)
    >>> explorer.products, round(explorer.reuse, 1)
    (105415200, 5.1)
    """

    _module = "ladder"
    _title = "Seven ways to compute a layer"
    _try = "climb rung by rung: which part of the time is longest?"
    _shown_in_repr = ("layer", "images", "rung")
    checked = (
        "products",
        "moved",
        "reuse",
        "measured",
        "predicted",
        "parts",
        "stages",
        "rate",
        "limit",
        "dots",
        "rates",
        "split",
    )

    layer = Choice(*LAYERS)
    images = Choice(*IMAGES)
    rung = Whole(0, 0, LAST)

    @property
    def shape(self):
        """The layer's sizes, a `ladder.Shape`."""
        return ladder.shapes()[self.layer]

    @property
    def products(self):
        """How many multiply-accumulates the layer is, by its definition."""
        shape = self.shape
        places = IMAGES[self.images] * shape.side**2
        return places * shape.groups * shape.filters * shape.window

    @property
    def measured(self):
        """Seconds of each rung, NaN where it is not possible: float array (7,)."""
        return np.array(self._row["seconds"], float)

    @property
    def predicted(self):
        """What the machine's limits make of each rung's products, bytes and steps, in the same form."""
        parts = map(self._parts, range(LAST + 1))
        return np.array([sum(times) if times else np.nan for times in parts])

    @property
    def parts(self):
        """Of what the rung's prediction is the sum: five times in seconds, in the order of `PARTS`."""
        return self._parts(self.rung)

    @property
    def stages(self):
        """The rung's stages: name, products, bytes of main memory, cache and fresh memory, seconds."""
        return [[*stage, ladder.seconds(stage, self._rates(self.rung))] for stage in self._stages(self.rung)]

    @property
    def moved(self):
        """How many bytes the rung reads and writes, wherever they lie; 0 where it is not possible."""
        return self._bytes(self.rung)

    @property
    def reuse(self):
        """Products for each byte moved; None where the rung is not possible."""
        dot = self._dot(self.rung)
        return dot and dot.reuse

    @property
    def rate(self):
        """Products a second, as measured; None where the rung is not possible."""
        dot = self._dot(self.rung)
        return dot and dot.rate

    @property
    def limit(self):
        """The longest part of the prediction, one of `PARTS`; None where the rung is not possible."""
        return PARTS[self.parts.index(max(self.parts))] if self.parts else None

    @property
    def dots(self):
        """Where every rung stands: a list of `Dot`, None for what is not possible."""
        return list(map(self._dot, range(LAST + 1)))

    @property
    def rates(self):
        """What one core, or all, can do at most, in products and in bytes a second."""
        return self._rates(self.rung)

    @property
    def split(self):
        """Whether the rung does all that it says: all cores do not split one image."""
        return self.rung < LAST or self._spread

    @property
    def _spread(self):
        """Whether all cores can share the layer: they split images, and the weights of a dense layer."""
        return self.layer == "fc6" or IMAGES[self.images] > 1

    @property
    def _row(self):
        return next(
            row
            for row in made("ladder")["rows"]
            if (row["layer"], row["images"]) == (self.layer, IMAGES[self.images])
        )

    def _computed(self, rung):
        """Return the name of a rung, and of the one that is spread in the place of all cores."""
        return self._row["best"] if rung == LAST else ladder.NAMES[rung]

    def _stages(self, rung):
        return ladder.stages(self.shape, self._computed(rung), IMAGES[self.images])[0]

    def _bytes(self, rung):
        return sum(stage.memory + stage.cache + stage.fresh for stage in self._stages(rung))

    def _dot(self, rung):
        moved = self._bytes(rung)
        return Dot(self.products / moved, self.products / self.measured[rung]) if moved else None

    def _rates(self, rung):
        return made("ladder")["rates"]["all" if rung == LAST and self._spread else "one"]

    def _parts(self, rung):
        stages, steps = ladder.stages(self.shape, self._computed(rung), IMAGES[self.images])
        if not stages:
            return []
        rates = self._rates(rung)
        found = [steps * made("ladder")["step_seconds"].get(ladder.NAMES[rung], 0), 0, 0, 0, 0]
        for stage in stages:
            moved = [getattr(stage, kind) / rates[kind] for kind in ("memory", "cache", "fresh")]
            product = stage.products / rates["products"]
            if product >= sum(moved):
                found[1] += product
            else:
                found[2:] = [before + more for before, more in zip(found[2:], moved, strict=True)]
        return found

    _alt = "A bar for the time of each of seven ways, and a chart of products a second over products a byte."

    def _sentence(self):
        start = f"{self.layer}, {self.images}, rung {self.rung + 1}, {ladder.NAMES[self.rung]}: "
        if self.reuse is None:
            return f"{start}not possible here, it needs windows of 3 or 5 pixels in steps of 1."
        alone = "" if self.split else " One image is not split."
        return (
            f"{start}{_short(self.products)} products, {_short(self.moved)}B moved, "
            f"{drawing.label(self.reuse, 2)} products a byte. Predicted {written(sum(self.parts))}, "
            f"measured {written(self.measured[self.rung])}. The longest part: {self.limit}.{alone}"
        )

    def _static_picture(self):
        """Return a bar for every rung, and where each stands below the roofs."""
        picture = drawing.Drawing(728, 330)
        picture.title(8, 24, "Time", f"{self.layer}, {self.images}")
        low, high = np.log10(np.nanmin(self.measured)) - 0.3, np.log10(np.nanmax(self.measured))
        for rung, (name, taken) in enumerate(zip(ladder.NAMES, self.measured, strict=True)):
            y = 44 + 40 * rung
            weight = "600" if rung == self.rung else "400"
            picture.text(8, y + 12, f"{rung + 1} {name}", text_anchor="start", font_weight=weight)
            possible = np.isfinite(taken)
            picture.text(330, y + 12, written(taken) if possible else "not possible", text_anchor="end")
            length = 322 * (math.log10(taken) - low) / (high - low) if possible else 0
            fill = drawing.hexadecimal(drawing.PLUS)
            picture.add("rect", x=8, y=y + 18, width=length, height=10, fill=fill)
            if rung == self.rung:
                picture.frame(5, y - 4, 328, 36, stroke=drawing.ACCENT, stroke_width=2)
        self._roofline(picture, left=400, top=44, width=310, height=250)
        return picture

    def _roofline(self, picture, left, top, width, height):
        """Draw the roofs and a dot for each rung."""
        picture.title(left, 24, "Products a second", "over products a byte")
        first, last, slow, fast = (math.log10(end) for end in PEAK)

        def at(reuse, rate):
            x = left + width * (math.log10(reuse) - first) / (last - first)
            return x, top + height * (1 - (math.log10(rate) - slow) / (fast - slow))

        rates = self.rates
        for kind in ("memory", "cache"):
            x, y = at(PEAK[0], PEAK[0] * rates[kind])
            right, up = at(rates["products"] / rates[kind], rates["products"])
            picture.add("path", d=f"M{x:.5g} {y:.5g}L{right:.5g} {up:.5g}H{left + width:.5g}", fill="none",
                        stroke=drawing.MUTED, stroke_width=1.5)  # fmt: skip
        picture.frame(left, top, width, height)
        for rung, dot in enumerate(self.dots):
            if dot:
                x, y = at(*dot)
                here = rung == self.rung
                picture.add("circle", cx=x, cy=y, r=8, fill=drawing.ACCENT if here else drawing.PAPER,
                            stroke=drawing.ACCENT if here else drawing.INK)  # fmt: skip
                fill = drawing.PAPER if here else drawing.INK
                picture.text(x, y + 4, str(rung + 1), font_size=11, fill=fill)


def _short(number):
    """Write a large number with three digits: 105 M."""
    for size, unit in ((1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= size:
            value = number / size
            return f"{value:.0f} {unit}" if value >= 99.5 else f"{value:.3g} {unit}"
    return f"{number} "
