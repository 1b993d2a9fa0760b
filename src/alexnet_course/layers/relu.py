"""The rectified linear unit: keep what is positive, drop the rest."""

import numpy as np

from alexnet_course.layers.base import Layer, numbers


class ReLU(Layer):
    """``max(x, 0)`` for every number (section 3.1 of the paper).

    The gradient at exactly 0 is 0, by choice: the function has none there.

    Examples
    --------
    >>> relu = ReLU()
    >>> relu.forward(np.array([[-2.0, 0.0, 3.0]]))
    array([[0., 0., 3.]])
    >>> relu.backward(np.array([[5.0, 5.0, 5.0]]))
    array([[0., 0., 5.]])
    """

    def forward(self, x):
        """Return the positive part.

        Parameters
        ----------
        x : array_like, any shape
            Floats keep their dtype, integers become float32.

        Returns
        -------
        ndarray, shape of `x`
            NaN where `x` is NaN.

        Raises
        ------
        TypeError
            If `x` does not hold real numbers.
        """
        y = np.maximum(numbers(self, x), 0)
        self.saved = y.shape, y
        return y

    def backward(self, grad_output):
        """Return the gradient where `x` was positive, and 0 elsewhere.

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
        return numbers(self, grad_output, name="grad_output") * (y > 0)
