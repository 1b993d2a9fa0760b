"""Local response normalization: a loud neighbour makes a response quieter."""

import numpy as np

from alexnet_course.checks import real_number, whole_number
from alexnet_course.layers.base import Layer, working

#: Pixels that are normalized at a time: with all their channels they stay in the cache throughout.
BLOCK = 256


class LocalResponseNormalization(Layer):
    """Divide each response by a measure of its neighbours, the channels beside it at the same place.

    ``y[c] = x[c] / (k + alpha * sum(x[j] ** 2)) ** beta`` with j from ``c - n // 2`` to ``c + n // 2``, cut
    off at the first and the last channel (section 3.3 of the paper, with its letters and defaults). `alpha`
    multiplies the plain sum; Caffe, PyTorch and ONNX divide it by n first, see `weights.lrn_from_pytorch`.

    Parameters
    ----------
    n : int
        Neighbouring channels that are summed, the channel itself in their middle: an odd number.
    k, alpha, beta : float
        At least 0. With a `k` of 0, neighbours that are all 0 give NaN: 0 / 0.

    Examples
    --------
    Three maps that say 1, 3 and 2 (s = 2 + 1 + 9 + 4 = 16, and 16 ** 0.75 = 8):

    >>> lrn = LocalResponseNormalization(n=5, k=2, alpha=1, beta=0.75)
    >>> lrn.forward(np.array([1.0, 3.0, 2.0]).reshape(1, 1, 1, 3)).ravel()
    array([0.125, 0.375, 0.25 ])
    """

    by_image = gives_new = True
    _fixed = ("n", "k", "alpha", "beta")

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
        """Return the normalized responses, (N, H, W, C)."""
        x = self._images(x)
        s = np.empty(x.shape, working(x[:0]).dtype)  # in one piece, whatever x is
        y = self._divided(x, np.empty(x.shape, x.dtype), s)
        self.saved = y.shape, x, s
        return y

    def predict_over(self, x):
        """Return the normalized responses, in the place of `x`; what `backward` needs is nowhere kept."""
        x = self._images(x)
        return self._divided(x, x if x.flags.c_contiguous else np.empty(x.shape, x.dtype))

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient of the input.

        A response changes its own output and, through the sums, those of its neighbours:
        ``g[c] * s[c] ** -beta - 2 * alpha * beta * x[c] * sum(g[j] * x[j] * s[j] ** (-beta - 1))``.
        """
        grad_output, x, s = self._unpack(grad_output)
        grad_input = np.empty(grad_output.shape, grad_output.dtype)
        for x_block, s_block, grad_block, result in _blocks(x, s, grad_output, grad_input):
            x_block = working(x_block)
            own = grad_block / self._power(s_block)
            through_sums = self._sums(own, x_block / s_block)
            through_sums *= x_block
            through_sums *= 2 * self.alpha * self.beta
            np.subtract(own, through_sums, out=result, casting="same_kind")
        return grad_input

    def _divided(self, x, y, s=None):
        """Write the normalized responses to `y`, which may be `x`, and what they are the powers of to `s`."""
        for x_block, y_block, *kept in _blocks(x, y, *(() if s is None else (s,))):
            x_block = working(x_block)  # squares of half precision would overflow from 256 on
            sums = self._sums(x_block, x_block)
            sums *= self.alpha
            sums += self.k
            if kept:
                kept[0][...] = sums
            np.divide(x_block, self._power(sums), out=y_block, casting="same_kind")
        return y

    def _sums(self, first, second):
        """Return for each channel the sum of products over its neighbours: no more than there are."""
        return _sums(first, second, reach=min(self.n // 2, first.shape[-1] - 1))

    def _power(self, s):
        """Return ``s ** beta``; for the paper's beta by two square roots, far faster than a power."""
        if self.beta != 0.75:
            return s**self.beta
        root = np.sqrt(s)
        power = np.sqrt(root)
        power *= root
        return power


def _blocks(*arrays):
    """Return in turn the same few pixels of each array, as views of shape (pixels, C)."""
    rows = [array.reshape(-1, array.shape[-1]) for array in arrays]
    for start in range(0, len(rows[0]), BLOCK):
        yield [row[start : start + BLOCK] for row in rows]


def _sums(first, second, reach):
    """Return for each channel the sum of products over so many neighbours on each side, (pixels, C)."""
    # All pixels lie in one long row, with zeros between them, and the row is added to itself, shifted: few
    # long additions are faster than many short ones.
    pixels, channels = first.shape
    width = channels + 2 * reach
    row = np.zeros(pixels * width + 2 * reach, np.result_type(first, second))
    places = row[: pixels * width].reshape(pixels, width)[:, reach : reach + channels]
    np.multiply(first, second, out=places)
    sums = row[: pixels * width].copy()
    for shift in range(1, 2 * reach + 1):
        sums += row[shift : shift + sums.size]
    return sums.reshape(pixels, width)[:, :channels]
