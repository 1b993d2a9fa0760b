"""Softmax: from scores to shares of 1."""

import numpy as np

from alexnet_course.layers.base import Layer, numbers


class Softmax(Layer):
    """``exp(x) / sum(exp(x))`` over the last axis (section 3.5 of the paper).

    The largest score of each row is subtracted first: the shares stay the same, and no exponential overflows.

    Examples
    --------
    >>> Softmax().forward(np.array([[1.0, 2.0, 0.0], [1001.0, 1002.0, 1000.0]])).round(4)
    array([[0.2447, 0.6652, 0.09  ],
           [0.2447, 0.6652, 0.09  ]])
    """

    def forward(self, x):
        """Return the share of each score.

        Parameters
        ----------
        x : array_like, shape (..., classes)
            Scores. Floats keep their dtype, integers become float32.

        Returns
        -------
        ndarray, shape (..., classes)
            From 0 to 1; each row adds up to 1.

        Raises
        ------
        TypeError
            If `x` does not hold real numbers.
        ValueError
            If `x` has no last axis, or an empty one.
        """
        x = numbers(self, x)
        if x.ndim == 0 or x.shape[-1] == 0:
            raise ValueError(
                f"{self.name}: x must have at least one class on its last axis; got shape {x.shape}"
            )
        y = np.exp(x - x.max(axis=-1, keepdims=True))
        y /= y.sum(axis=-1, keepdims=True)
        self.saved = y.shape, y
        return y

    def backward(self, grad_output):
        """Return the gradient of the scores: ``y * (g - sum(g * y))``.

        Parameters
        ----------
        grad_output : array_like, shape of the output

        Returns
        -------
        ndarray, shape of the output

        Raises
        ------
        RuntimeError
            If no `forward` went before.
        ValueError
            If `grad_output` has not the shape of the output.
        """
        (y,) = self._unpack(grad_output)
        grad_output = numbers(self, grad_output, name="grad_output")
        return y * (grad_output - np.sum(grad_output * y, axis=-1, keepdims=True))
