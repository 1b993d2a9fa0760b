"""Two-dimensional convolution: every filter asks its question at every place of every image."""

import math

import numpy as np

from alexnet_course.checks import check_dtype, check_padding, pair, whole_number
from alexnet_course.geometry import layer_cost, weight_shape, window_grid
from alexnet_course.layers import im2col, winograd
from alexnet_course.layers.base import (
    Layer,
    Parameter,
    exact_sum,
    initial_bias,
    initial_weight,
    working,
)
from alexnet_course.windows import crop_images, pad_images


class Conv2D(Layer):
    """Convolution as the field understands it: cross-correlation, the kernel is not flipped.

    Each output value is the sum of the products of a window and a filter, over rows, columns and the channels
    of the filter's group, plus the filter's bias. The filters are `weight`, of shape (kernel_h, kernel_w,
    in_channels / groups, filters).

    Parameters
    ----------
    in_channels, filters : int
        Channels of the input and of the output.
    kernel_size, stride : int or pair of int
        Pixels (rows, columns) that a window covers, and from one window to the next.
    padding : int, pair of int, "valid" or "same"
        Zeros on each side; see `geometry.resolve_padding`.
    groups : int
        Parts of the channels and of the filters; a filter sees its own part only. The paper's conv2, conv4
        and conv5 have two, one on each graphics card (section 3.2).
    initial, bias : {"he", "paper"} or float, float
        Standard deviation of the first weights, see `initial_weight`, and first value of every bias.
    algorithm : {"auto", "im2col"}
        ``"auto"`` takes Winograd's method where it pays; the results differ by rounding, see `winograd`.
    rng, dtype : numpy.random.Generator, optional, and dtype
        Draws the weights, None being a fresh generator; type of parameters and output, computed in float32 or
        better.

    Examples
    --------
    conv1 of the paper (section 3.5):

    >>> conv1 = Conv2D(3, 96, kernel_size=11, stride=4, rng=np.random.default_rng(0))
    >>> conv1, conv1.weight.shape, conv1.output_shape((227, 227, 3))
    (Conv2D(3, 96, kernel_size=11, stride=4), (11, 11, 3, 96), (55, 55, 96))
    """

    by_image = gives_new = True
    weight = Parameter()
    bias = Parameter()
    _fixed = ("in_channels", "filters", "kernel_size", "stride", "padding", "groups", "algorithm")

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
        shape = weight_shape(self.in_channels, self.filters, self.kernel_size, self.groups)
        if algorithm not in ("auto", "im2col"):
            raise ValueError(f'algorithm must be "auto" or "im2col"; got {algorithm!r}')
        self.algorithm = algorithm
        dtype = check_dtype(dtype)
        self.params = {
            "weight": initial_weight(shape, math.prod(shape[:3]), initial, rng, dtype),
            "bias": initial_bias(self.filters, bias, dtype),
        }

    @property
    def dtype(self):
        """The dtype of the parameters."""
        return self.weight.dtype

    @property
    def window(self):
        """The pixels (rows, columns) of a window, and those from one window to the next."""
        return self.kernel_size, self.stride

    def output_shape(self, input_shape):
        """Return (H', W', filters) for an input of shape (H, W, in_channels)."""
        return self._cost(input_shape).output_shape

    def multiply_accumulates(self, input_shape):
        """Return how many products one image of shape (H, W, in_channels) costs."""
        return self._cost(input_shape).multiply_accumulates

    def forward(self, x):
        """Return every filter's response at every place, (N, H', W', filters)."""
        self._check_params((*self.kernel_size, self.in_channels // self.groups, self.filters))
        weight = working(self.weight)
        x = self._images(x, weight.dtype, self.in_channels)
        counts, padding = self._windows(x.shape[1:3])
        padded = pad_images(x, padding)
        y = np.empty((len(x), *counts, self.filters), x.dtype)
        algorithm = self._algorithm(y.shape, padded, weight)
        for channels, members in self._groups():
            algorithm.responses(padded[..., channels], weight[..., members], self.stride, out=y[..., members])
        y += self.bias
        self.saved = y.shape, padded, padding
        return y.astype(self.dtype, copy=False)

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient of the input and set those of `weight` and `bias`."""
        weight = working(self.weight)
        grad_output, padded, padding = self._unpack(grad_output, weight.dtype)
        self._gradient("bias")[...] = exact_sum(grad_output, axis=(0, 1, 2))
        grad_weight = self._gradient("weight")
        working_grad = working(grad_weight)
        working_grad[...] = 0
        algorithm = self._algorithm(grad_output.shape, padded, weight, grad_output)
        turns = input_gradient and algorithm is im2col
        turns = turns and im2col.turning_pays(padded, weight, self.stride, padding)
        grad_padded = np.zeros_like(padded) if input_gradient and not turns else None
        grad_x = np.empty_like(crop_images(padded, padding), order="C") if turns else None
        for channels, members in self._groups():
            grads = grad_output[..., members]
            algorithm.gradients(
                padded[..., channels],
                weight[..., members],
                self.stride,
                grads,
                working_grad[..., members],
                None if grad_padded is None else grad_padded[..., channels],
            )
            if turns:
                im2col.turned(grads, weight[..., members], padding, out=grad_x[..., channels])
        if working_grad is not grad_weight:
            grad_weight[...] = working_grad
        if grad_padded is not None:
            grad_x = crop_images(grad_padded, padding)
        return grad_x.astype(self.dtype, copy=False) if input_gradient else None

    def _cost(self, input_shape):
        """Return the shape and the products of the output of one image."""
        shape = self._image_shape(input_shape, self.in_channels)
        return layer_cost(shape, self.filters, self.kernel_size, self.stride, self.padding, self.groups)

    def _windows(self, image_size):
        """Return how many windows fit in an image of this size, and the padding around it."""
        return window_grid(image_size, self.kernel_size, self.stride, self.padding)

    def _algorithm(self, output_shape, *operands):
        """Return the module that computes outputs of this shape fastest, and right."""
        group = operands[1][..., : self.filters // self.groups]
        if (
            self.algorithm == "auto"
            and winograd.pays(group, self.stride, output_shape[:3])
            and all(map(winograd.is_quiet, operands))  # it would spread infinity over whole tiles
        ):
            return winograd
        return im2col

    def _groups(self):
        """Return for each group the channels it reads and the filters that it holds."""
        channels, members = self.in_channels // self.groups, self.filters // self.groups
        for g in range(self.groups):
            yield tuple(slice(g * size, (g + 1) * size) for size in (channels, members))
