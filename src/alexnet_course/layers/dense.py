"""The fully connected layer, where every feature votes on every output, and the flattening before it."""

import math

import numpy as np

from alexnet_course.geometry import whole_number
from alexnet_course.layers.base import (
    Layer,
    Parameter,
    check_dtype,
    check_image_shape,
    check_images,
    initial_weight,
    numbers,
)


class Flatten(Layer):
    """Each image's numbers in one row, in the order rows, columns, channels.

    Dense weights only make sense with the order they were made with; other libraries flatten channels first
    (see `weights.dense_from_channels_first`).

    Examples
    --------
    >>> Flatten().forward(np.arange(8).reshape(2, 1, 2, 2))
    array([[0, 1, 2, 3],
           [4, 5, 6, 7]])
    """

    def output_shape(self, input_shape):
        """Return (H * W * C,) for an input of shape (H, W, C)."""
        return (math.prod(check_image_shape(self, input_shape)),)

    def forward(self, x):
        """Return one row an image.

        Parameters
        ----------
        x : array_like, shape (N, H, W, C)
            Any dtype of real numbers; it is kept.

        Returns
        -------
        ndarray, shape (N, H * W * C)
            A view where memory allows.

        Raises
        ------
        TypeError
            If `x` does not hold real numbers.
        ValueError
            If `x` has not four axes.
        """
        x = numbers(self, x, np.asarray(x).dtype)
        check_images(self, x.shape)
        y = x.reshape(len(x), math.prod(x.shape[1:]))
        self.saved = y.shape, x.shape
        return y

    def backward(self, grad_output):
        """Return the gradient in the shape of the images.

        Parameters
        ----------
        grad_output : array_like, shape (N, H * W * C)

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
        (shape,) = self._unpack(grad_output)
        return numbers(self, grad_output, name="grad_output").reshape(shape)


class Dense(Layer):
    """``x @ weight + bias``.

    Parameters
    ----------
    in_features, out_features : int
        Numbers in and out, for each example.
    initial : {"he", "paper"} or float
        Standard deviation of the first weights; see `base.initial_weight`.
    bias : float
        First value of every bias.
    rng : numpy.random.Generator, optional
        Draws the weights; None means a fresh generator.
    dtype : dtype
        Floating type of the parameters and the output.

    Attributes
    ----------
    weight : ndarray, shape (in_features, out_features)
    bias : ndarray, shape (out_features,)

    Raises
    ------
    TypeError
        If a size is not a whole number, `dtype` not a floating type or `rng` not a Generator.
    ValueError
        If a number is out of range or `initial` has another name.

    Examples
    --------
    >>> dense = Dense(3, 2, bias=1.0)
    >>> dense.weight = [[1, 0], [0, 1], [1, 1]]
    >>> dense.forward([[1, 2, 3]])
    array([[5., 6.]], dtype=float32)
    """

    weight = Parameter()
    bias = Parameter()

    def __init__(self, in_features, out_features, *, initial="he", bias=0.0, rng=None, dtype=np.float32):
        super().__init__()
        self.in_features = whole_number(in_features, "in_features", minimum=1)
        self.out_features = whole_number(out_features, "out_features", minimum=1)
        dtype, shape = check_dtype(dtype), (self.in_features, self.out_features)
        self.params = {
            "weight": initial_weight(shape, self.in_features, initial, rng, dtype),
            "bias": np.full(self.out_features, bias, dtype),
        }

    def output_shape(self, input_shape):
        """Return (out_features,) for an input of shape (in_features,)."""
        if tuple(input_shape) != (self.in_features,):
            raise ValueError(
                f"{self.name}: input_shape must be ({self.in_features},), without N; got {tuple(input_shape)}"
            )
        return (self.out_features,)

    def multiply_accumulates(self, input_shape):
        """Return how many products one example costs."""
        self.output_shape(input_shape)
        return self.in_features * self.out_features

    def forward(self, x):
        """Return the weighted sums.

        Parameters
        ----------
        x : array_like, shape (N, in_features)
            Converted to the dtype of the parameters.

        Returns
        -------
        ndarray, shape (N, out_features)

        Raises
        ------
        TypeError
            If `x` does not hold real numbers.
        ValueError
            If `x` has not two axes or another number of features.
        """
        x = numbers(self, x, self.weight.dtype)
        if x.ndim != 2:
            hint = {1: " For one example pass x[np.newaxis].", 4: " Put Flatten() before it."}.get(x.ndim, "")
            raise ValueError(f"{self.name}: x must be (N, in_features); got shape {x.shape}.{hint}")
        if x.shape[1] != self.in_features:
            raise ValueError(f"{self.name}: x must have {self.in_features} features; got {x.shape[1]}")
        y = x @ self.weight
        y += self.bias
        self.saved = y.shape, x
        return y

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient of the input and set those of `weight` and `bias`.

        Parameters
        ----------
        grad_output : array_like, shape (N, out_features)
            How much the loss changes with each output.
        input_gradient : bool
            False leaves out the input's gradient, which nobody needs in a network's first layer.

        Returns
        -------
        ndarray, shape (N, in_features), or None

        Raises
        ------
        RuntimeError
            If no `forward` went before.
        ValueError
            If `grad_output` has not the shape of the output.
        """
        (x,) = self._unpack(grad_output)
        grad_output = numbers(self, grad_output, self.weight.dtype, "grad_output")
        np.matmul(x.T, grad_output, out=self._gradient("weight"))
        np.sum(grad_output, axis=0, out=self._gradient("bias"))
        # Transposed twice, so that the large matrix is read in the order in which it lies in memory.
        return np.ascontiguousarray((self.weight @ grad_output.T).T) if input_gradient else None
