"""Max pooling: of every neighbourhood only the strongest response goes on."""

import numpy as np

from alexnet_course.geometry import check_padding, output_size, pair, resolve_padding
from alexnet_course.layers.base import Layer, check_image_shape, check_images, numbers
from alexnet_course.windows import crop_images, pad_images


class MaxPooling2D(Layer):
    """The largest value of each window, channel by channel.

    With a stride below `pool_size` windows overlap; the paper pools 3x3 with stride 2 (section 3.4).

    Parameters
    ----------
    pool_size : int or pair of int
        Pixels (rows, columns) that a window covers.
    stride : int or pair of int, optional
        Pixels from one window to the next; None means `pool_size`.
    padding : int, pair of int, "valid" or "same"
        Pixels of minus infinity on each side (the smallest value, for integers), so that padding never wins.

    Raises
    ------
    TypeError
        If a size is not a whole number.
    ValueError
        If a number is out of range, a name is unknown, or the padding is so wide that a window would see
        nothing else.

    Examples
    --------
    >>> pool = MaxPooling2D(pool_size=3, stride=2)
    >>> pool.forward(np.arange(25).reshape(1, 5, 5, 1))[0, :, :, 0]
    array([[12, 14],
           [22, 24]])
    """

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
        height, width, channels = check_image_shape(self, input_shape)
        padding = resolve_padding(self.padding, (height, width), self.pool_size, self.stride)
        return *map(output_size, (height, width), self.pool_size, self.stride, padding), channels

    def forward(self, x):
        """Return the largest value of each window.

        Parameters
        ----------
        x : array_like, shape (N, H, W, C)
            Any dtype of real numbers; it is kept.

        Returns
        -------
        ndarray, shape (N, H', W', C)
            NaN for windows that hold a NaN.

        Raises
        ------
        TypeError
            If `x` does not hold real numbers.
        ValueError
            If `x` has not four axes or is smaller than the window after padding.
        """
        x = numbers(self, x, np.asarray(x).dtype)
        check_images(self, x.shape)
        self.output_shape(x.shape[1:])  # raises when no window fits
        padding = resolve_padding(self.padding, x.shape[1:3], self.pool_size, self.stride)
        padded = pad_images(x, padding, _lowest(x.dtype))
        # Rows first, then columns: overlapping windows share the first step. Pooling 3x3 with stride 2 needs
        # about 6 comparisons an output instead of 8.
        (pool_h, pool_w), (stride_h, stride_w) = self.pool_size, self.stride
        y = _largest(padded, axis=1, size=pool_h, stride=stride_h)  # (N, H', W, C)
        y = _largest(y, axis=2, size=pool_w, stride=stride_w)  # (N, H', W', C)
        self.saved = y.shape, padded, y, padding
        return y

    def backward(self, grad_output):
        """Return the gradient of the input: each window pays its winner.

        A pixel that wins several windows is paid by each of them; of equal winners the first, row by row,
        takes all.

        Parameters
        ----------
        grad_output : array_like, shape (N, H', W', C)

        Returns
        -------
        ndarray, shape (N, H, W, C)
            In the dtype of `grad_output`.

        Raises
        ------
        RuntimeError
            If no `forward` went before.
        ValueError
            If `grad_output` has not the shape of the output.
        """
        padded, y, padding = self._unpack(grad_output)
        grad_output = numbers(self, grad_output, name="grad_output")
        grad_padded = np.zeros(padded.shape, grad_output.dtype)
        (pool_h, pool_w), (stride_h, stride_w) = self.pool_size, self.stride
        down, across = (y.shape[1] - 1) * stride_h + 1, (y.shape[2] - 1) * stride_w + 1
        for n in range(len(padded)):  # one image at a time stays in the cache throughout
            unpaid = grad_output[n].copy()
            for i in range(pool_h):
                for j in range(pool_w):
                    # Pixel (i, j) of every window at once.
                    pixels = np.s_[n, i : i + down : stride_h, j : j + across : stride_w]
                    paid = unpaid * (padded[pixels] == y[n])
                    grad_padded[pixels] += paid
                    unpaid -= paid  # so that a tie is paid once
        return crop_images(grad_padded, padding)


def _largest(x, axis, size, stride):
    """Return the largest of each `size` neighbours along one axis, in steps of `stride`."""
    reach = (output_size(x.shape[axis], size, stride) - 1) * stride + 1
    rows = np.moveaxis(x, axis, 0)
    largest = rows[:reach:stride].copy()
    for i in range(1, size):
        np.maximum(largest, rows[i : i + reach : stride], out=largest)
    return np.moveaxis(largest, 0, axis)


def _lowest(dtype):
    """Return the value of a dtype that never wins."""
    if dtype.kind == "f":
        return -np.inf
    return False if dtype.kind == "b" else np.iinfo(dtype).min
