"""Local response normalization: a loud neighbour makes a response quieter."""

import numpy as np

from alexnet_course.geometry import whole_number
from alexnet_course.layers.base import Layer, check_images, numbers, real_number


class LocalResponseNormalization(Layer):
    """Divide each response by a measure of the responses of neighbouring channels at the same place.

    ``y[c] = x[c] / (k + alpha * sum(x[j] ** 2)) ** beta`` with j from ``c - n // 2`` to ``c + n // 2``, cut
    off at the first and the last channel (section 3.3 of the paper, with its letters and defaults). `alpha`
    multiplies the plain sum; Caffe, PyTorch and ONNX divide it by n first, see `weights.lrn_from_pytorch`.

    Parameters
    ----------
    n : int
        How many neighbouring channels are summed, the channel itself included: an odd number, so that it sits
        in the middle.
    k, alpha, beta : float
        At least 0.

    Raises
    ------
    TypeError
        If `n` is not a whole number or another is not a number.
    ValueError
        If one is out of range or `n` is even.

    Examples
    --------
    Three maps that say 1, 3 and 2 (s = 2 + 1 + 9 + 4 = 16, and 16 ** 0.75 = 8):

    >>> lrn = LocalResponseNormalization(n=5, k=2, alpha=1, beta=0.75)
    >>> lrn.forward(np.array([1.0, 3.0, 2.0]).reshape(1, 1, 1, 3)).ravel()
    array([0.125, 0.375, 0.25 ])
    """

    def __init__(self, n=5, k=2.0, alpha=1e-4, beta=0.75):
        super().__init__()
        self.n = whole_number(n, "n", minimum=1)
        if self.n % 2 == 0:
            raise ValueError(
                f"n must be odd, so that a channel sits in the middle of its neighbours; got {n}"
            )
        self.k = real_number(k, "k")
        self.alpha = real_number(alpha, "alpha")
        self.beta = real_number(beta, "beta")

    def forward(self, x):
        """Return the normalized responses.

        Parameters
        ----------
        x : array_like, shape (N, H, W, C)
            Floats keep their dtype, integers become float32.

        Returns
        -------
        ndarray, shape (N, H, W, C)

        Raises
        ------
        TypeError
            If `x` does not hold real numbers.
        ValueError
            If `x` has not four axes.
        """
        x = numbers(self, x)
        check_images(self, x.shape)
        band = self._band(x)
        s, y = np.empty_like(x), np.empty_like(x)
        for n in range(len(x)):  # one image at a time stays in the cache throughout
            s[n] = self.k + self.alpha * _sums(x[n] * x[n], band)
            y[n] = x[n] * self._power(s[n])
        self.saved = y.shape, x, s, band
        return y

    def backward(self, grad_output):
        """Return the gradient of the input.

        A response changes its own output and, through the sums, those of its neighbours:
        ``g[c] * s[c] ** -beta - 2 * alpha * beta * x[c] * sum(g[j] * x[j] * s[j] ** (-beta - 1))``.

        Parameters
        ----------
        grad_output : array_like, shape (N, H, W, C)

        Returns
        -------
        ndarray, shape (N, H, W, C)

        Raises
        ------
        RuntimeError
            If no `forward` went before.
        ValueError
            If `grad_output` has not the shape of the output.
        """
        x, s, band = self._unpack(grad_output)
        grad_output = numbers(self, grad_output, name="grad_output")
        grad_input = np.empty_like(grad_output)
        for n in range(len(x)):
            own = grad_output[n] * self._power(s[n])
            through_sums = _sums(own * x[n] / s[n], band)
            grad_input[n] = own - 2 * self.alpha * self.beta * x[n] * through_sums
        return grad_input

    def _band(self, x):
        """Return the matrix (C, C) that is 1 where two channels are neighbours."""
        channels = np.arange(x.shape[-1])
        return (abs(channels[:, np.newaxis] - channels) <= self.n // 2).astype(x.dtype)

    def _power(self, s):
        """Return ``s ** -beta``; for the paper's beta by two square roots, far faster than a power."""
        if self.beta != 0.75:
            return s**-self.beta
        root = np.sqrt(s)
        factor = np.sqrt(root)
        factor *= root
        return np.reciprocal(factor, out=factor)


def _sums(values, band):
    """Return for each channel of an image the sum over its neighbours, as a product with a band of ones.

    More multiplications than n additions need, and faster, since matrix products run near the speed of the
    processor. (A NaN therefore reaches all channels of its pixel.)
    """
    return (values.reshape(-1, len(band)) @ band).reshape(values.shape)
