"""The softmax explorer: three scores, the shares that they become, and what the loss charges."""

import numpy as np

from alexnet_course.data import tile
from alexnet_course.explorers.kit import drawing
from alexnet_course.explorers.kit.base import Explorer
from alexnet_course.explorers.kit.traits import Choice, Flag, Number
from alexnet_course.layers import Softmax
from alexnet_course.losses import cross_entropy

RAISE = 1000  # what one of the controls adds to every logit


class SoftmaxExplorer(Explorer):
    """Three logits, their softmax at a temperature, the cross-entropy loss and its gradient.

    Traits, each a `ValueError` when out of range:

    ear, stripe, whisker : float, -10 to 10
        The logits.
    truth : "ear", "stripe" or "whisker"
        The true class.
    temperature : float, 0.1 to 10
        The logits are divided by it; 1 is softmax as the course has it.
    raised : bool
        Whether 1000 is added to every logit first.
    shifted : bool
        Whether the largest score is subtracted before the exponentials. Without it they may overflow, and
        then the results are infinite or no numbers, as in any float64 program.

    >>> explorer = SoftmaxExplorer()
    >>> explorer.probabilities.round(4), round(explorer.loss, 4)
    (array([0.2447, 0.6652, 0.09  ]), 1.4076)
    >>> explorer.raised, explorer.shifted = True, False
    >>> explorer.probabilities, explorer.loss
    (array([nan, nan, nan]), inf)
    """

    _module = "softmax"
    _title = "From scores to a loss"
    _try = "raise the logit of the ear until its share is larger than the stripe’s."
    _shown_in_repr = (*tile.CLASSES, "truth")
    checked = (
        "scores",
        "largest",
        "exponentials",
        "exponential_sum",
        "probabilities",
        "log_sum_exp",
        "loss",
        "gradient",
        "gradient_limit",
    )

    ear = Number(1, -10, 10)
    stripe = Number(2, -10, 10)
    whisker = Number(0, -10, 10)
    truth = Choice(*tile.CLASSES)
    temperature = Number(1, 0.1, 10)
    raised = Flag(False)
    shifted = Flag(True)

    @property
    def scores(self):
        """What softmax is given, raised and divided by the temperature: shape (3,)."""
        logits = np.array([getattr(self, name) for name in tile.CLASSES])
        return (logits + RAISE * self.raised) / self.temperature

    @property
    def largest(self):
        """What is subtracted before the exponentials: the largest score, or 0 when nothing is."""
        return float(self.scores.max()) if self.shifted else 0.0

    @property
    def exponentials(self):
        """The exponentials of the scores less the largest: shape (3,)."""
        with np.errstate(over="ignore"):
            return np.exp(self.scores - self.largest)

    @property
    def exponential_sum(self):
        """The sum of the exponentials."""
        return float(self.exponentials.sum())

    @property
    def probabilities(self):
        """The share of each class, shape (3,); NaN where infinity is divided by infinity."""
        if self.shifted:
            return Softmax().forward(self.scores)
        with np.errstate(over="ignore", invalid="ignore"):
            return self.exponentials / self.exponential_sum

    @property
    def log_sum_exp(self):
        """The logarithm of the sum of the scores' exponentials; infinite where they overflow."""
        return self.largest + float(np.log(self.exponential_sum))

    @property
    def loss(self):
        """The cross-entropy, in nats."""
        label = tile.CLASSES.index(self.truth)
        if self.shifted:
            return cross_entropy(self.scores[np.newaxis], [label])[0]
        return self.log_sum_exp - float(self.scores[label])

    @property
    def gradient(self):
        """How much the loss changes per unit of each logit: (p - truth) / temperature, shape (3,)."""
        return (self.probabilities - (np.array(tile.CLASSES) == self.truth)) / self.temperature

    @property
    def gradient_limit(self):
        """The largest magnitude that a logit's gradient can have: 1 / temperature."""
        return 1 / self.temperature

    _alt = "Three scores, the bars of the shares that softmax makes of them, and the gradient of each score."

    def _sentence(self):
        share = self.probabilities[tile.CLASSES.index(self.truth)]
        if not np.isfinite(self.loss):
            return "The exponentials overflow, and the shares are no numbers. Subtract the largest first."
        return (
            f"The true class, {self.truth}, has a share of {share:.4f}. "
            f"The loss is {self.loss:.4f}; a guess costs {np.log(3):.4f}."
        )

    def _static_picture(self):
        """Return a row for each class: score, bar of its share, gradient."""
        picture, colour = drawing.Drawing(728, 190), drawing.hexadecimal(drawing.PLUS)
        for x, title in ((8, "Class"), (130, "Score"), (210, "Share"), (560, "Gradient")):
            picture.title(x, 24, title)
        columns = zip(tile.CLASSES, self.scores, self.probabilities, self.gradient, strict=True)
        for i, (name, score, share, slope) in enumerate(columns):
            y = 62 + 44 * i
            left = {"text_anchor": "start"}
            picture.text(8, y, name, **left)
            if name == self.truth:
                picture.text(8, y + 16, "true class", fill=drawing.MUTED, font_size=11, **left)
            picture.text(130, y, drawing.label(score, 4), **left)
            length = 0 if np.isnan(share) else 240 * share
            picture.add("rect", x=210, y=y - 14, width=length, height=20, fill=colour)
            for at, value in ((218 + length, share), (560, slope)):
                text = "no number" if np.isnan(value) else f"{value:.4f}".replace("-", "−")
                picture.text(at, y, text, **left)
        return picture
