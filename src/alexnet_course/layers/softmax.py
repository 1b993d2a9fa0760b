"""Softmax: from scores to shares of 1."""

import numpy as np

from alexnet_course.layers.base import Layer, working


class Softmax(Layer):
    """``exp(x) / sum(exp(x))`` over the last axis, the classes (section 3.5 of the paper).

    The largest score of each row is subtracted first: the shares stay the same, and no exponential overflows.

    Examples
    --------
    >>> Softmax().forward(np.array([[1.0, 2.0, 0.0], [1001.0, 1002.0, 1000.0]])).round(4)
    array([[0.2447, 0.6652, 0.09  ],
           [0.2447, 0.6652, 0.09  ]])
    """

    by_image = True

    def forward(self, x):
        """Return the share of each score, from 0 to 1; those of a row add up to 1."""
        x = self._numbers(x)
        if x.ndim == 0 or x.shape[-1] == 0:
            raise ValueError(
                f"{self.name}: x must have at least one class on its last axis; got shape {x.shape}"
            )
        y = np.exp(working(x) - x.max(axis=-1, keepdims=True), order="C")
        y /= y.sum(axis=-1, keepdims=True)
        self.saved = y.shape, y
        return y.astype(x.dtype, copy=False)

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient of the scores: ``y * (g - sum(g * y))``."""
        grad_output, y = self._unpack(grad_output)
        through_sum = np.sum(grad_output * y, axis=-1, keepdims=True)
        return (y * (grad_output - through_sum)).astype(grad_output.dtype, copy=False)
