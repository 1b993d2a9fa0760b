"""Dropout: while training, a random part of the numbers is missing."""

from alexnet_course.checks import check_generator, real_number
from alexnet_course.layers.base import Layer, selected


class Dropout(Layer):
    """Set each number to 0 with probability `rate`, in training mode only.

    What stays is divided by ``1 - rate``, and evaluation changes nothing (the inverted convention). The paper
    (section 4.2) multiplies everything by ``1 - rate`` in evaluation instead; on average the two agree.

    Parameters
    ----------
    rate, rng : float, and numpy.random.Generator, optional
        Probability, from 0 to below 1; draws the masks, None being a fresh generator.

    Examples
    --------
    >>> import numpy as np
    >>> dropout = Dropout(rate=0.5, rng=np.random.default_rng(0))
    >>> dropout.forward(np.ones((1, 6)))
    array([[1., 1., 1., 1., 1., 1.]])
    >>> dropout.training = True
    >>> dropout.forward(np.ones((1, 6)))
    array([[2., 0., 0., 0., 2., 2.]])
    """

    _fixed = ("rate",)

    def __init__(self, rate=0.5, *, rng=None):
        super().__init__()
        self.rate = real_number(rate, "rate")
        if self.rate >= 1:
            raise ValueError(f"rate must be from 0 to below 1; got {rate}")
        self.rng = check_generator(rng)

    @property
    def by_image(self):
        """Whether nothing is drawn: several workers would draw in another order."""
        return not self.training

    def forward(self, x):
        """Return `x` with some of its numbers dropped if in training mode, otherwise `x` itself."""
        x = self._numbers(x)
        kept = self.rng.random(x.shape) >= self.rate if self.training else None
        self.saved = x.shape, kept
        return self._through(kept, x)

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient through the mask that `forward` used."""
        grad_output, kept = self._unpack(grad_output)
        return self._through(kept, grad_output)

    def _through(self, kept, values):
        """Return what passes the mask, or everything where there is none."""
        return values if kept is None else selected(values / (1 - self.rate), kept)
