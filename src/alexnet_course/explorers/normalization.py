"""The normalization explorer: what loud neighbours do to a response."""

import numpy as np

from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Number, Numbers, Whole
from alexnet_course.layers import LocalResponseNormalization


class NormalizationExplorer(Explorer):
    """The responses of neighbouring maps at one place, before and after local response normalization.

    Traits, each a `ValueError` when out of range:

    responses : 2 to 12 numbers from -99 to 99
    n : odd int, 1 to 9
    k, alpha, beta : float
        The paper's letters: k from 0.1 to 10, alpha and beta from 0 to 10 and to 2.
    convention : "paper", "alpha / n" or "half width"
        Whether alpha multiplies the sum of squares over n maps (the paper), or their mean (PyTorch, Caffe,
        ONNX), or n counts the neighbours on each side (TensorFlow's depth radius).
    map : int, 0 to 11
        The map under study; where there are fewer, the last one.

    >>> NormalizationExplorer().output
    array([0.   , 0.125, 0.375, 0.25 , 0.   ])
    >>> NormalizationExplorer(responses=[1, 3, 2], alpha=1, convention="alpha / n").output.round(4)
    array([0.3084, 0.9251, 0.6167])
    >>> NormalizationExplorer(n=4)
    Traceback (most recent call last):
    ValueError: n is 4; it must be an odd number from 1 to 9
    """

    _module = "normalization"
    _title = "Loud maps and their neighbours"
    _try = "raise map 2 and watch the orange bars beside it."
    _shown_in_repr = ("n", "k", "alpha", "beta", "convention")
    checked = ("output", "studied", "neighbours", "sum_of_squares", "scaled_alpha", "base")

    responses = Numbers([0, 1, 3, 2, 0], 2, 12, 99)
    n = Whole(5, 1, 9, step=2)
    k = Number(2, 0.1, 10)
    alpha = Number(1, 0, 10)
    beta = Number(0.75, 0, 2)
    convention = Choice("paper", "alpha / n", "half width")
    map = Whole(2, 0, 11)

    @property
    def layer(self):
        """The course's layer with the same meaning in the paper's letters."""
        n = 2 * self.n + 1 if self.convention == "half width" else self.n
        alpha = self.alpha / self.n if self.convention == "alpha / n" else self.alpha
        return LocalResponseNormalization(n=n, k=self.k, alpha=alpha, beta=self.beta)

    @property
    def output(self):
        """The normalized responses, shape of `responses`."""
        x = np.array(self.responses, dtype=float)
        return self.layer.forward(x.reshape(1, 1, 1, -1)).ravel()

    @property
    def studied(self):
        """The map under study: `map`, or the last one where there are fewer."""
        return min(self.map, len(self.responses) - 1)

    @property
    def neighbours(self):
        """The first and the last map that the map under study is divided by."""
        reach = self.layer.n // 2
        return max(0, self.studied - reach), min(len(self.responses) - 1, self.studied + reach)

    @property
    def sum_of_squares(self):
        """The sum of the squared responses of the neighbours, the map under study among them."""
        first, last = self.neighbours
        return float(np.square(self.responses[first : last + 1], dtype=float).sum())

    @property
    def scaled_alpha(self):
        """What multiplies the sum of squares: alpha, or alpha / n."""
        return self.layer.alpha

    @property
    def base(self):
        """What is raised to the power beta to divide the map under study."""
        return self.k + self.scaled_alpha * self.sum_of_squares

    def _sentence(self):
        at, (first, last) = self.studied, self.neighbours
        joint = "and" if last == first + 1 else "to"
        counted = "itself alone" if first == last else f"maps {first} {joint} {last}"
        return (
            f"{len(self.responses)} neighbouring maps at one place, n = {self.n}, convention "
            f"{self.convention}. Map {at} is divided by a measure of {counted}: "
            f"{drawing.label(self.responses[at], 2)} becomes {drawing.label(self.output[at], 4)}."
        )

    _alt = "Bars of neighbouring maps' responses before and after normalization; a frame marks who counts."

    def _static_picture(self):
        """Return two bars a map, and a frame round the neighbours of the map under study."""
        x, y, count = np.array(self.responses, dtype=float), self.output, len(self.responses)
        low, high = min(0.0, x.min(), y.min()), max(1e-9, x.max(), y.max())
        scale, wide, first = 170 / (high - low), 680 / count, 24
        zero = 48 + high * scale
        picture = drawing.Drawing(728, 270)
        picture.title(first, 22, "Responses of neighbouring maps", "grey: before, orange: after")
        (start, stop), bar = self.neighbours, min(56, wide * 0.36)
        studied = self.studied
        for i in range(count):
            middle = first + (i + 0.5) * wide
            inside = start <= i <= stop
            for value, left, fill in (
                (x[i], middle - bar - 1, drawing.MUTED if inside else drawing.LINE),
                (y[i], middle + 1, drawing.hexadecimal(drawing.PLUS)),
            ):
                top, height = zero - max(value, 0) * scale, abs(value) * scale
                picture.add("rect", x=left, y=top, width=bar, height=height, fill=fill)
                picture.text(
                    left + bar / 2, zero - max(value, 0) * scale - 4, drawing.label(value, 3), font_size=11
                )
            weight = "600" if i == studied else "400"
            picture.text(middle, 250, f"map {i}", fill=drawing.MUTED, font_weight=weight)
        picture.add("path", d=f"M{first} {zero:.5g}h680", stroke=drawing.MUTED)
        picture.frame(
            first + start * wide + 2,
            30,
            (stop - start + 1) * wide - 4,
            228,
            stroke=drawing.ACCENT,
            stroke_width=2.5,
        )
        return picture
