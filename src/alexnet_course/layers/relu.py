"""The rectified linear unit: keep what is positive, drop the rest."""

import numpy as np

from alexnet_course.layers.base import Layer, selected


class ReLU(Layer):
    """``max(x, 0)`` for every number (section 3.1 of the paper).

    The gradient at exactly 0 is 0, by choice: the function has none there. NaN passes both ways.

    Examples
    --------
    >>> relu = ReLU()
    >>> relu.forward(np.array([[-2.0, 0.0, 3.0]]))
    array([[0., 0., 3.]])
    >>> relu.backward(np.array([[5.0, 5.0, 5.0]]))
    array([[0., 0., 5.]])
    """

    by_image = gives_new = True

    def forward(self, x):
        """Return the positive part."""
        y = np.maximum(self._numbers(x), 0)
        self.saved = y.shape, y
        return y

    def predict_over(self, x):
        """Return the positive part, in the place of `x`."""
        x = self._numbers(x)
        return np.maximum(x, 0, out=x)

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient where `x` was positive, and 0 elsewhere."""
        grad_output, y = self._unpack(grad_output)
        return selected(grad_output, ~(y <= 0))
