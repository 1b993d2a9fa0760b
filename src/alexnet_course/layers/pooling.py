"""Max pooling: of every neighbourhood only the strongest response goes on."""

import math

import numpy as np

from alexnet_course.checks import check_padding, pair
from alexnet_course.geometry import output_size, window_grid
from alexnet_course.layers.base import Layer, is_finite, selected
from alexnet_course.windows import crop_images, pad_images, portions

#: How many numbers of the images `backward` works on at a time: what it needs stays in the cache.
PORTION = 1 << 17


class MaxPooling2D(Layer):
    """The largest value of each window, channel by channel. Every dtype is kept.

    With a stride below `pool_size` windows overlap; the paper pools 3x3 with stride 2 (section 3.4).

    Parameters
    ----------
    pool_size, stride : int or pair of int
        Pixels (rows, columns) that a window covers, and from one to the next; by default both are the same.
    padding : int, pair of int, "valid" or "same"
        Pixels of minus infinity on each side (the smallest value, for integers), which never win; fewer than
        `pool_size`, so that every window sees a pixel of the image.

    Examples
    --------
    >>> pool = MaxPooling2D(pool_size=3, stride=2)
    >>> pool.forward(np.arange(25).reshape(1, 5, 5, 1))[0, :, :, 0]
    array([[12, 14],
           [22, 24]])
    """

    by_image = gives_new = True
    _as_other = {"stride": "pool_size"}
    _fixed = ("pool_size", "stride", "padding")

    def __init__(self, pool_size=2, stride=None, padding="valid"):
        super().__init__()
        self.pool_size = pair(pool_size, "pool_size", minimum=1)
        self.stride = self.pool_size if stride is None else pair(stride, "stride", minimum=1)
        self.padding = check_padding(padding)
        if not isinstance(self.padding, str) and any(map(int.__ge__, self.padding, self.pool_size)):
            raise ValueError(f"padding must be smaller than pool_size {self.pool_size}; got {self.padding}")

    @property
    def window(self):
        """The pixels (rows, columns) of a window, and those from one window to the next."""
        return self.pool_size, self.stride

    def output_shape(self, input_shape):
        """Return (H', W', C) for an input of shape (H, W, C)."""
        *image_size, channels = self._image_shape(input_shape)
        counts, _ = self._windows(image_size)
        return *counts, channels

    def forward(self, x):
        """Return the largest value of each window, (N, H', W', C): NaN for windows that hold one."""
        x = self._images(x, "own")
        _, padding = self._windows(x.shape[1:3])
        padded = pad_images(x, padding, _lowest(x.dtype))
        # Rows first, then columns: overlapping windows share the first step. Pooling 3x3 with stride 2 needs
        # about 6 comparisons an output instead of 8.
        (pool_h, pool_w), (stride_h, stride_w) = self.pool_size, self.stride
        y = _largest(padded, axis=1, size=pool_h, stride=stride_h)  # (N, H', W, C)
        y = _largest(y, axis=2, size=pool_w, stride=stride_w)  # (N, H', W', C)
        self.saved = y.shape, padded, y, padding
        return y

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient of the input: each window pays its winner.

        A pixel that wins several windows is paid by each of them; of equal winners the first, row by row,
        takes all, and a NaN wins over every number.
        """
        grad_output, padded, y, padding = self._unpack(grad_output)
        (pool_h, pool_w), (stride_h, stride_w) = self.pool_size, self.stride
        down, across = (y.shape[1] - 1) * stride_h + 1, (y.shape[2] - 1) * stride_w + 1
        grad_padded = np.zeros(padded.shape, grad_output.dtype)
        inside = np.zeros((*padded.shape[1:3], 1), bool)
        crop_images(inside[np.newaxis], padding)[...] = True
        finite, everywhere = is_finite(grad_output), inside.all()
        for images in portions(len(padded), math.prod(padded.shape[1:]), PORTION):
            largest, grads = y[images], grad_output[images]
            unpaid, nan = np.ones(largest.shape, bool), largest != largest
            nan = nan if nan.any() else None
            for i in range(pool_h):
                for j in range(pool_w):
                    # Pixel (i, j) of every window at once.
                    pixels = np.s_[i : i + down : stride_h, j : j + across : stride_w]
                    seen = padded[images][:, *pixels]
                    won = seen == largest if nan is None else (seen == largest) | (nan & (seen != seen))
                    won &= unpaid if everywhere else unpaid & inside[pixels]  # padding never wins
                    grad_padded[images][:, *pixels] += selected(grads, won, finite)
                    unpaid ^= won  # so that a tie is paid once
        return crop_images(grad_padded, padding)

    def _windows(self, image_size):
        """Return how many windows fit in an image of this size, and the padding around it."""
        return window_grid(image_size, self.pool_size, self.stride, self.padding, "pool_size")


def _largest(x, axis, size, stride):
    """Return the largest of each `size` neighbours along one axis, in steps of `stride`."""
    reach = (output_size(x.shape[axis], size, stride) - 1) * stride + 1
    before = (slice(None),) * axis
    first, *others = (x[(*before, slice(i, i + reach, stride))] for i in range(size))
    largest = np.maximum(first, others.pop()) if others else first.copy()
    for other in others:
        np.maximum(largest, other, out=largest)
    return largest


def _lowest(dtype):
    """Return the value of a dtype that never wins."""
    if dtype.kind == "f":
        return -np.inf
    return False if dtype.kind == "b" else np.iinfo(dtype).min
