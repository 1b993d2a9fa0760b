"""The fully connected layer, where every feature votes on every output, and the flattening before it."""

import math

import numpy as np

from alexnet_course.checks import check_dtype, check_shape, whole_number
from alexnet_course.geometry import layer_cost
from alexnet_course.layers.base import Layer, Parameter, exact_sum, initial_bias, initial_weight, working
from alexnet_course.workers import product


class Flatten(Layer):
    """Each image's numbers in one row, in the order rows, columns, channels. Every dtype is kept.

    Other libraries flatten channels first: their weights need `weights.dense_from_channels_first`.

    Examples
    --------
    >>> Flatten().forward(np.arange(8).reshape(2, 1, 2, 2))
    array([[0, 1, 2, 3],
           [4, 5, 6, 7]])
    """

    by_image = True
    window = None

    def output_shape(self, input_shape):
        """Return (H * W * C,) for an input of shape (H, W, C)."""
        return (math.prod(self._image_shape(input_shape)),)

    def forward(self, x):
        """Return one row an image, (N, H * W * C): a view where memory allows."""
        x = self._images(x, "own")
        y = x.reshape(len(x), math.prod(x.shape[1:]))
        self.saved = y.shape, x.shape[1:]
        return y

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient in the shape of the images."""
        grad_output, shape = self._unpack(grad_output)
        return grad_output.reshape(len(grad_output), *shape)


class Dense(Layer):
    """``x @ weight + bias``, of shapes (N, in_features), (in_features, out_features) and (out_features,).

    Parameters
    ----------
    in_features, out_features : int
        Numbers in and out, for each example.
    initial, bias, rng, dtype
        As in `Conv2D`.

    Examples
    --------
    >>> dense = Dense(3, 2, bias=1.0)
    >>> dense.weight = [[1, 0], [0, 1], [1, 1]]
    >>> dense.forward([[1, 2, 3]])
    array([[5., 6.]], dtype=float32)
    """

    gives_new = True
    weight = Parameter()
    bias = Parameter()
    window = None
    _fixed = ("in_features", "out_features")

    def __init__(self, in_features, out_features, *, initial="he", bias=0.0, rng=None, dtype=np.float32):
        super().__init__()
        self.in_features = whole_number(in_features, "in_features", minimum=1)
        self.out_features = whole_number(out_features, "out_features", minimum=1)
        dtype, shape = check_dtype(dtype), (self.in_features, self.out_features)
        self.params = {
            "weight": initial_weight(shape, self.in_features, initial, rng, dtype),
            "bias": initial_bias(self.out_features, bias, dtype),
        }

    @property
    def dtype(self):
        """The dtype of the parameters."""
        return self.weight.dtype

    def output_shape(self, input_shape):
        """Return (out_features,) for an input of shape (in_features,)."""
        return self._cost(input_shape).output_shape

    def multiply_accumulates(self, input_shape):
        """Return how many products one example costs."""
        return self._cost(input_shape).multiply_accumulates

    def forward(self, x):
        """Return the weighted sums, (N, out_features)."""
        self._check_params((self.in_features, self.out_features))
        weight = working(self.weight)
        x = self._numbers(x, weight.dtype)
        if x.ndim != 2:
            hint = {1: " For one example pass x[np.newaxis].", 4: " Put Flatten() before it."}.get(x.ndim, "")
            raise ValueError(f"{self.name}: x must be (N, in_features); got shape {x.shape}.{hint}")
        if x.shape[1] != self.in_features:
            raise ValueError(f"{self.name}: x must have {self.in_features} features; got {x.shape[1]}")
        y = product(x, weight)
        y += self.bias
        self.saved = y.shape, x
        return y.astype(self.dtype, copy=False)

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient of the input and set those of `weight` and `bias`."""
        weight = working(self.weight)
        grad_output, x = self._unpack(grad_output, weight.dtype)
        product(x.T, grad_output, out=self._gradient("weight"))
        self._gradient("bias")[...] = exact_sum(grad_output, axis=0)
        if not input_gradient:
            return None
        # Transposed twice, so that the large matrix is read in the order in which it lies in memory.
        return np.ascontiguousarray(product(weight, grad_output.T).T, self.dtype)

    def _cost(self, input_shape):
        """Return the shape and the products of the output of one example."""
        shape = check_shape(input_shape, f"{self.name}: input_shape", (self.in_features,))
        return layer_cost(shape, self.out_features)
