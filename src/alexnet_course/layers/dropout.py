"""Dropout: while training, a random part of the numbers is missing."""

from alexnet_course.layers.base import Layer, check_generator, numbers, real_number


class Dropout(Layer):
    """Set each number to 0 with probability `rate`, in training mode only.

    This is the inverted convention: what stays is multiplied by ``1 / (1 - rate)`` in training, and
    evaluation changes nothing. The paper (section 4.2) leaves what stays as it is in training and multiplies
    everything by ``1 - rate`` in evaluation; on average the two agree.

    Parameters
    ----------
    rate : float
        Probability from 0 to below 1.
    rng : numpy.random.Generator, optional
        Draws the masks; None means a fresh generator.

    Raises
    ------
    TypeError
        If `rate` is not a number or `rng` not a Generator.
    ValueError
        If `rate` is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> dropout = Dropout(rate=0.5, rng=np.random.default_rng(0))
    >>> dropout.forward(np.ones((1, 6)))
    array([[1., 1., 1., 1., 1., 1.]])
    >>> dropout.training = True
    >>> dropout.forward(np.ones((1, 6)))
    array([[2., 0., 0., 0., 2., 2.]])
    """

    def __init__(self, rate=0.5, *, rng=None):
        super().__init__()
        self.rate = real_number(rate, "rate")
        if self.rate >= 1:
            raise ValueError(f"rate must be from 0 to below 1; got {rate}")
        self.rng = check_generator(rng)

    def forward(self, x):
        """Return `x` with some of its numbers dropped if in training mode, otherwise `x` itself.

        Parameters
        ----------
        x : array_like, any shape
            Floats keep their dtype, integers become float32.

        Returns
        -------
        ndarray, shape of `x`

        Raises
        ------
        TypeError
            If `x` does not hold real numbers.
        """
        x = numbers(self, x)
        mask = None  # evaluation
        if self.training:
            mask = (self.rng.random(x.shape) >= self.rate).astype(x.dtype)  # 1 keeps, 0 drops
            mask /= 1 - self.rate
        self.saved = x.shape, mask
        return x if mask is None else x * mask

    def backward(self, grad_output):
        """Return the gradient through the mask that `forward` used.

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
        (mask,) = self._unpack(grad_output)
        grad_output = numbers(self, grad_output, name="grad_output")
        return grad_output if mask is None else grad_output * mask
