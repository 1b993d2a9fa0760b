"""Normalization within a map: a response among loud places of the same map becomes quieter.

The paper has no such layer. The code of 2012 has one behind its second local response normalization, and
chapter 17 puts it there.
"""

import numpy as np

from alexnet_course.checks import real_number, whole_number
from alexnet_course.layers.base import Layer, working


class MapNormalization(Layer):
    """Divide each response by a measure of its surroundings, the places around it in the same channel.

    ``y[i, j] = x[i, j] / (k + alpha * sum(x[a, b] ** 2)) ** beta``, the sum over the `size` by `size` places
    with (i, j) in their middle, cut off at the edges. The defaults are those of the run that the paper
    reports (``layers-145.cfg`` and ``layer-params-145.cfg``, ``cnorm2a``): its scale of 0.001 is divided by
    the 25 places before it is used (``layer.py``, line 1183). Its k stands in no file of the release; 1 is
    the default of the successor of 2014 (cuda-convnet2, ``layer.py``, line 1333).

    Parameters
    ----------
    size : int
        Places along a side of the window, an odd number.
    k, alpha, beta : float
        At least 0. With a `k` of 0, surroundings that are all 0 give NaN: 0 / 0.

    Examples
    --------
    A row of three places (s = 7 + 4 + 4 + 1 = 16 for the place in the middle, and 16 ** 0.75 = 8):

    >>> normalization = MapNormalization(size=3, k=7, alpha=1)
    >>> normalization.forward(np.array([2.0, 2.0, 1.0]).reshape(1, 1, 3, 1))[0, 0, 1]
    array([0.25])
    """

    by_image = True
    _fixed = ("size", "k", "alpha", "beta")

    def __init__(self, size=5, k=1.0, alpha=4e-5, beta=0.75):
        super().__init__()
        self.size = whole_number(size, "size", minimum=1)
        if self.size % 2 == 0:
            raise ValueError(f"size must be odd, so that a place sits in the middle; got {size}")
        self.k = real_number(k, "k")
        self.alpha = real_number(alpha, "alpha")
        self.beta = real_number(beta, "beta")

    def forward(self, x):
        """Return the normalized responses, (N, H, W, C)."""
        x = self._images(x)
        exact = working(x)  # squares of half precision would overflow from 256 on
        s = self.k + self.alpha * self._sums(exact * exact)
        y = (exact / s**self.beta).astype(x.dtype, copy=False)
        self.saved = y.shape, x, s
        return y

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient of the input.

        As in `LocalResponseNormalization`, with the sums over places in place of channels:
        ``g[i, j] * s[i, j] ** -beta - 2 * alpha * beta * x[i, j] * sum(g * x * s ** (-beta - 1))``.
        """
        grad_output, x, s = self._unpack(grad_output)
        x = working(x)
        own = working(grad_output) / s**self.beta
        grad_input = own - 2 * self.alpha * self.beta * x * self._sums(own * x / s)
        return grad_input.astype(grad_output.dtype, copy=False)

    def _sums(self, values):
        """Return for each place the sum over its window: along the columns first, then along the rows."""
        for axis in (1, 2):
            length = values.shape[axis]
            reach = min(self.size // 2, length - 1)
            margin = [(0, 0)] * 4
            margin[axis] = (reach, reach)
            padded = np.moveaxis(np.pad(values, margin), axis, 0)
            sums = padded[:length].copy()
            for shift in range(1, 2 * reach + 1):
                sums += padded[shift : shift + length]
            values = np.moveaxis(sums, 0, axis)
        return values
