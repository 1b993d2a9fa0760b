"""The evidence explorer: a hypothesis about AlexNet's input, and what each piece of evidence says of it."""

import functools

from alexnet_course.alexnet import TABLE, FullyConnected
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Flag, Whole
from alexnet_course.geometry import layer_cost, output_size, weight_shape
from alexnet_course.palette import hexadecimal

ROWS = {row.name: row for row in TABLE}
SIZES = range(220, 233)
#: Each rule: zeros before and after the row in conv1, and how convolutions and pools round.
RULES = {
    "rounded down": ((0, 0), "floor", "floor"),
    "rounded up": ((0, 0), "ceil", "ceil"),
    "only pools rounded up": ((0, 0), "floor", "ceil"),
    "2 zeros on each side": ((2, 2), "floor", "floor"),
    "3 zeros on each side": ((3, 3), "floor", "floor"),
    "3 zeros at the end": ((0, 3), "floor", "floor"),
}
#: Each piece of evidence: who says so, and what.
PIECES = (
    ("paper", "150,528 numbers go in"),
    ("paper", "2,048 views of an image"),
    ("paper", "conv1 has 55 × 55 places"),
    ("paper", "conv2 has 186,624 units"),
    ("paper", "650,000 neurons (± 25,000)"),
    ("paper", "60 million parameters (± 5 million)"),
    ("files", "no padding in conv1"),
    ("files", "5 divides the places of conv1"),
    ("files", "run 147: 4 divides those of conv2"),
    ("program", "a crop is 256 − 2 · border"),
    ("program", "convolutions round up"),
    ("program", "pools round up"),
)


def map_sides(size, rule, pool_size=3, paddings=(2, 1)):
    """Return the side of a map after conv1, pool1, conv2, pool2, conv5 and pool5.

    `pool_size` and the `paddings` of conv2 and conv5 are those of run 145, the paper's network, or of another
    run; conv3 and conv4 keep their size.
    """
    zeros, convolutions, pools = RULES[rule]
    layers = (
        (ROWS["conv1"].kernel_size, ROWS["conv1"].stride, zeros, convolutions),
        (pool_size, 2, 0, pools),
        (ROWS["conv2"].kernel_size, 1, paddings[0], convolutions),
        (pool_size, 2, 0, pools),
        (ROWS["conv5"].kernel_size, 1, paddings[1], convolutions),
        (pool_size, 2, 0, pools),
    )
    sides = []
    for layer in layers:
        size = output_size(size, *layer)
        sides.append(size)
    return sides


def _units(sides):
    """Return how many units all layers have together."""
    conv1, _, conv2, pool2, conv5, _ = sides
    places = {"conv1": conv1, "conv2": conv2, "conv3": pool2, "conv4": pool2, "conv5": conv5}
    maps = sum(side**2 * ROWS[name].filters for name, side in places.items())
    return maps + sum(row.out_features for row in TABLE if isinstance(row, FullyConnected))


def _parameters(sides):
    """Return the parameters of the network, in two groups as in the paper."""
    channels, total = 3, 0
    for name in ("conv1", "conv2", "conv3", "conv4", "conv5"):
        row = ROWS[name]
        height, width, read, filters = weight_shape(channels, row.filters, row.kernel_size, row.groups)
        total += (height * width * read + 1) * filters
        channels = filters
    shape = (sides[-1], sides[-1], channels)
    for name in ("fc6", "fc7", "fc8"):
        cost = layer_cost(shape, ROWS[name].out_features)
        shape, total = cost.output_shape, total + cost.parameters
    return total


@functools.cache
def weighed(size, rule):
    """Return what a hypothesis says to each piece of evidence, and whether they agree: two lists."""
    zeros, convolutions, pools = RULES[rule]
    sides, others = map_sides(size, rule), map_sides(size, rule, pool_size=2, paddings=(1, 0))
    units, parameters = _units(sides), _parameters(sides)
    says = [
        size**2 * 3,
        2 * (256 - size) ** 2,  # as the paper counts: chapter 1
        sides[0],
        sides[2] ** 2 * ROWS["conv2"].filters,
        units,
        parameters,
        max(zeros),
        sides[0] ** 2 % 5,
        others[2] ** 2 % 4,
        (256 - size) / 2,
        int(convolutions == "ceil"),
        int(pools == "ceil"),
    ]
    agrees = [
        says[0] == 150_528,
        says[1] == 2048,
        says[2] == 55,
        says[3] == 186_624,
        abs(units - 650_000) <= 25_000,
        abs(parameters - 60e6) <= 5e6,
        says[6] == 0,
        says[7] == 0,
        says[8] == 0,
        says[9] % 1 == 0,
        says[10] == 1,
        says[11] == 1,
    ]
    return says, agrees


class EvidenceExplorer(Explorer):
    """A hypothesis about AlexNet's input, weighed: which evidence agrees, and which hypotheses are left.

    Traits, each a `ValueError` when out of range:

    size : int, 220 to 232
        Pixels of a crop along each side.
    rule : str
        How the number of windows is rounded, or what is padded; with zeros it is rounded down.
    paper, files, program : bool
        Whether that source is trusted: the paper, the files of runs 145 and 147, the program.

    >>> typo = EvidenceExplorer(size=227)
    >>> typo.agreed, typo.trusted
    (4, 6)
    >>> len(typo.left), EvidenceExplorer(files=True).left
    (4, [('rounded up', 224)])
    """

    _module = "evidence"
    _shown_in_repr = ("size", "rule")
    checked = ("sides", "sides_147", "says", "agrees", "trusted", "agreed", "agreeing", "left")

    size = Whole(224, SIZES[0], SIZES[-1])
    rule = Choice(*RULES)
    paper = Flag(True)
    files = Flag(False)
    program = Flag(False)

    @property
    def sides(self):
        """The side of a map after conv1, pool1, conv2, pool2, conv5 and pool5."""
        return map_sides(self.size, self.rule)

    @property
    def sides_147(self):
        """The same in run 147: pools of 2, padding 1 in conv2 and none in conv5."""
        return map_sides(self.size, self.rule, pool_size=2, paddings=(1, 0))

    @property
    def says(self):
        """What the hypothesis says to each of the twelve pieces: a list of numbers."""
        return weighed(self.size, self.rule)[0]

    @property
    def agrees(self):
        """Whether each piece agrees with it: a list of bool."""
        return weighed(self.size, self.rule)[1]

    @property
    def trusted(self):
        """How many pieces come from sources that are trusted."""
        return sum(self._trusts)

    @property
    def agreed(self):
        """How many of these agree with the hypothesis."""
        return self._count(self.rule, self.size)

    @property
    def agreeing(self):
        """How many of these agree with each hypothesis: a row for each rule, a column for each size."""
        return [[self._count(rule, size) for size in SIZES] for rule in RULES]

    @property
    def left(self):
        """The hypotheses with which all of these agree: a list of (rule, size)."""
        return [(rule, size) for rule in RULES for size in SIZES if self._count(rule, size) == self.trusted]

    @property
    def _trusts(self):
        return [getattr(self, source) for source, _ in PIECES]

    def _count(self, rule, size):
        agrees = weighed(size, rule)[1]
        return sum(yes for yes, trusted in zip(agrees, self._trusts, strict=True) if trusted)

    def _sentence(self):
        left, trusted, hypotheses = self.left, self.trusted, len(RULES) * len(SIZES)
        if not trusted:
            return f"Nothing is trusted, so all {hypotheses} hypotheses are left."
        shown = f"{self.size} pixels, {self.rule}: {self.agreed} of {trusted} pieces agree. Of {hypotheses} "
        shown += f"hypotheses {len(left)} {'agrees' if len(left) == 1 else 'agree'} with all that is trusted"
        return f"{shown}: {left[0][1]} pixels, {left[0][0]}." if len(left) == 1 else f"{shown}."

    _alt = "A table of hypotheses, sizes by rules, with how many pieces of evidence agree; and the pieces."

    def _static_picture(self):
        """Return the table of all hypotheses, and what each piece says of the one under study."""
        picture, cell, left, top = drawing.Drawing(728, 400), 40, 200, 56
        picture.title(8, 22, "Hypotheses", f"how many of {self.trusted} pieces agree")
        colour = drawing.signed(self.trusted)
        for column, size in enumerate(SIZES):
            picture.text(left + (column + 0.5) * cell, top - 8, str(size), fill=drawing.MUTED, font_size=11)
        for row, (rule, counts) in enumerate(zip(RULES, self.agreeing, strict=True)):
            y = top + 26 * row
            picture.text(8, y + 18, rule, text_anchor="start")
            for column, (size, count) in enumerate(zip(SIZES, counts, strict=True)):
                x, fill = left + column * cell, colour(count)
                here = (rule, size) == (self.rule, self.size)
                picture.add("rect", x=x, y=y, width=cell - 2, height=24, fill=hexadecimal(fill))
                picture.text(x + cell / 2 - 1, y + 17, str(count), fill=drawing.ink_on(fill),
                             font_weight="700" if count == self.trusted else "400")  # fmt: skip
                if here:
                    picture.frame(x, y, cell - 2, 24, stroke=drawing.ACCENT, stroke_width=2.5)
        picture.title(8, 240, "Evidence", f"{self.size} pixels, {self.rule}")
        for at, ((_, words), yes, trusted) in enumerate(zip(PIECES, self.agrees, self._trusts, strict=True)):
            x, y = 8 + 364 * (at // 6), 264 + 22 * (at % 6)
            ink = drawing.INK if trusted else drawing.FAINT
            picture.text(x, y, f"{'✓' if yes else '✗'}  {words}", text_anchor="start", fill=ink)
        return picture
