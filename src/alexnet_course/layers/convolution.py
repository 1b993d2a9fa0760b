"""Two-dimensional convolution: every filter asks its question at every place of every image."""

import math

import numpy as np

from alexnet_course.geometry import check_padding, output_size, pair, resolve_padding, whole_number
from alexnet_course.layers import im2col, winograd
from alexnet_course.layers.base import (
    Layer,
    Parameter,
    check_dtype,
    check_image_shape,
    check_images,
    initial_weight,
    numbers,
)
from alexnet_course.windows import crop_images, pad_images


class Conv2D(Layer):
    """Convolution as the field understands it: cross-correlation, the kernel is not flipped.

    Each output value is the sum of the products of a window and a filter, over rows, columns and the channels
    of the filter's group, plus the filter's bias.

    Parameters
    ----------
    in_channels : int
        Channels of the input.
    filters : int
        Channels of the output.
    kernel_size, stride : int or pair of int
        Pixels (rows, columns) that a window covers, and from one window to the next.
    padding : int, pair of int, "valid" or "same"
        Zeros on each side; see `geometry.resolve_padding`.
    groups : int
        Channels and filters are split into so many groups; a filter sees the channels of its own group only.
        The paper's conv2, conv4 and conv5 have two, one on each graphics card (section 3.2).
    initial : {"he", "paper"} or float
        Standard deviation of the first weights; see `base.initial_weight`.
    bias : float
        First value of every bias.
    algorithm : {"auto", "im2col"}
        ``"im2col"`` multiplies matrices of windows and filters. ``"auto"`` takes Winograd's method where it
        pays: stride 1, 3x3 or 5x5, many channels and places; the results differ by rounding only.
    rng : numpy.random.Generator, optional
        Draws the weights; None means a fresh generator.
    dtype : dtype
        Floating type of the parameters and the output.

    Attributes
    ----------
    weight : ndarray, shape (kernel_h, kernel_w, in_channels / groups, filters)
    bias : ndarray, shape (filters,)

    Raises
    ------
    TypeError
        If a size is not a whole number, `dtype` not a floating type or `rng` not a Generator.
    ValueError
        If a number is out of range, `groups` does not divide both `in_channels` and `filters`, or a name is
        unknown.

    Examples
    --------
    conv1 of the paper (section 3.5):

    >>> conv1 = Conv2D(3, 96, kernel_size=11, stride=4, rng=np.random.default_rng(0))
    >>> conv1.weight.shape, conv1.output_shape((227, 227, 3))
    ((11, 11, 3, 96), (55, 55, 96))
    >>> conv1.forward(np.zeros((1, 227, 227, 3))).shape
    (1, 55, 55, 96)
    """

    weight = Parameter()
    bias = Parameter()

    def __init__(
        self,
        in_channels,
        filters,
        kernel_size,
        stride=1,
        padding="valid",
        groups=1,
        *,
        initial="he",
        bias=0.0,
        algorithm="auto",
        rng=None,
        dtype=np.float32,
    ):
        super().__init__()
        self.in_channels = whole_number(in_channels, "in_channels", minimum=1)
        self.filters = whole_number(filters, "filters", minimum=1)
        self.kernel_size = pair(kernel_size, "kernel_size", minimum=1)
        self.stride = pair(stride, "stride", minimum=1)
        self.padding = check_padding(padding)
        self.groups = whole_number(groups, "groups", minimum=1)
        if self.in_channels % self.groups or self.filters % self.groups:
            raise ValueError(
                f"groups must divide in_channels {self.in_channels} and filters {self.filters}; got {groups}"
            )
        if algorithm not in ("auto", "im2col"):
            raise ValueError(f'algorithm must be "auto" or "im2col"; got {algorithm!r}')
        self.algorithm = algorithm
        dtype = check_dtype(dtype)
        shape = *self.kernel_size, self.in_channels // self.groups, self.filters
        fan_in = int(np.prod(shape[:3]))
        self.params = {
            "weight": initial_weight(shape, fan_in, initial, rng, dtype),
            "bias": np.full(self.filters, bias, dtype),
        }

    @property
    def window(self):
        """The pixels (rows, columns) of a window, and those from one window to the next."""
        return self.kernel_size, self.stride

    def output_shape(self, input_shape):
        """Return (H', W', filters) for an input of shape (H, W, in_channels)."""
        height, width, _ = check_image_shape(self, input_shape, self.in_channels)
        padding = self._pixels((height, width))
        return *map(output_size, (height, width), self.kernel_size, self.stride, padding), self.filters

    def multiply_accumulates(self, input_shape):
        """Return how many products one image of shape (H, W, in_channels) costs."""
        rows, columns, _ = self.output_shape(input_shape)
        return rows * columns * self.weight.size

    def forward(self, x):
        """Return every filter's response at every place.

        Parameters
        ----------
        x : array_like, shape (N, H, W, in_channels)
            Images; converted to the dtype of the parameters.

        Returns
        -------
        ndarray, shape (N, H', W', filters)

        Raises
        ------
        TypeError
            If `x` does not hold real numbers.
        ValueError
            If `x` has another number of axes or channels, or is smaller than the kernel after padding.
        """
        x = numbers(self, x, self.weight.dtype)
        check_images(self, x.shape, self.in_channels)
        shape = len(x), *self.output_shape(x.shape[1:])
        padding = self._pixels(x.shape[1:3])
        padded = pad_images(x, padding)
        y = np.empty(shape, x.dtype)
        algorithm = self._algorithm(shape)
        for channels, members in self._groups():
            algorithm.responses(
                padded[..., channels], self.weight[..., members], self.stride, out=y[..., members]
            )
        y += self.bias
        self.saved = y.shape, padded, padding
        return y

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient of the input and set those of `weight` and `bias`.

        Parameters
        ----------
        grad_output : array_like, shape (N, H', W', filters)
            How much the loss changes with each output.
        input_gradient : bool
            False leaves out the input's gradient, which nobody needs in a network's first layer.

        Returns
        -------
        ndarray, shape (N, H, W, in_channels), or None

        Raises
        ------
        RuntimeError
            If no `forward` went before.
        ValueError
            If `grad_output` has not the shape of the output.
        """
        padded, padding = self._unpack(grad_output)
        grad_output = numbers(self, grad_output, self.weight.dtype, "grad_output")
        grad_weight, grad_bias = self._gradient("weight"), self._gradient("bias")
        np.sum(grad_output, axis=(0, 1, 2), out=grad_bias)
        grad_weight[...] = 0
        grad_padded = np.zeros_like(padded) if input_gradient else None
        algorithm = self._algorithm(grad_output.shape)
        for channels, members in self._groups():
            algorithm.gradients(
                padded[..., channels],
                self.weight[..., members],
                self.stride,
                grad_output[..., members],
                grad_weight[..., members],
                grad_padded[..., channels] if input_gradient else None,
            )
        return crop_images(grad_padded, padding) if input_gradient else None

    def _pixels(self, image_size):
        """Return ((top, bottom), (left, right)) for images of this size."""
        return resolve_padding(self.padding, image_size, self.kernel_size, self.stride)

    def _algorithm(self, output_shape):
        """Return the module that computes outputs of this shape fastest."""
        group = self.weight[..., : self.filters // self.groups]
        if self.algorithm == "auto" and winograd.pays(group, self.stride, math.prod(output_shape[:3])):
            return winograd
        return im2col

    def _groups(self):
        """Return for each group the channels it reads and the filters that it holds."""
        channels, members = self.in_channels // self.groups, self.filters // self.groups
        for g in range(self.groups):
            yield tuple(slice(g * size, (g + 1) * size) for size in (channels, members))
