"""The two kinds of layer that SqueezeNet has and AlexNet has not, and the module that it is built of.

Source: Iandola et al. (2016), arXiv:1602.07360, sections 3.2 and 3.3.
"""

import numpy as np

from alexnet_course.layers import Conv2D, ReLU
from alexnet_course.layers.base import Layer, check_image_shape, check_images, numbers
from alexnet_course.network import Sequential


class SideBySide(Layer):
    """The same input through several layers, and their outputs beside each other in the channels.

    Parameters
    ----------
    branches : dict of str to Layer
        Layers that give equal rows and columns.

    Raises
    ------
    TypeError, ValueError
        If one is not a layer, there is none, or one appears twice.

    Examples
    --------
    >>> both = SideBySide({"1x1": Conv2D(16, 64, 1), "3x3": Conv2D(16, 64, 3, padding=1)})
    >>> both.output_shape((56, 56, 16))
    (56, 56, 128)
    """

    def __init__(self, branches):
        self.branches = Sequential(branches)  # keeps them, names them and collects their parameters
        self.name, self.saved = type(self).__name__, None

    @property
    def params(self):
        """All parameters, ``{"1x1.weight": array, ...}``."""
        return self.branches.params

    @property
    def grads(self):
        """All gradients, with the keys of `params`."""
        return self.branches.grads

    @property
    def training(self):
        """Whether any branch is in training mode; setting it sets all of them."""
        return self.branches.training

    @training.setter
    def training(self, value):
        self.branches.training = value

    @property
    def window(self):
        """The largest window of a branch, and the step from one to the next."""
        return max(branch.window for branch in self.branches.layers.values())

    def output_shape(self, input_shape):
        """Return (H', W', the sum of the branches' channels) for an input of shape (H, W, C)."""
        shapes = [branch.output_shape(input_shape) for branch in self.branches.layers.values()]
        if len({shape[:2] for shape in shapes}) > 1:
            raise ValueError(f"{self.name}: branches must give equal rows and columns; got {shapes}")
        return *shapes[0][:2], sum(shape[2] for shape in shapes)

    def multiply_accumulates(self, input_shape):
        """Return how many products one input of shape (H, W, C) costs."""
        return sum(branch.multiply_accumulates(input_shape) for branch in self.branches.layers.values())

    def forward(self, x):
        """Return every branch's channels.

        Parameters
        ----------
        x : array_like, shape (N, H, W, C)

        Returns
        -------
        ndarray, shape (N, H', W', C')

        Raises
        ------
        TypeError, ValueError
            From the branch that cannot take `x`.
        """
        check_images(self, np.shape(x))
        self.output_shape(np.shape(x)[1:])
        outputs = [branch.forward(x) for branch in self.branches.layers.values()]
        y = np.concatenate(outputs, axis=-1)
        self.saved = y.shape, np.cumsum([output.shape[-1] for output in outputs])[:-1]
        return y

    def predict(self, x):
        """Return what `forward` gives in evaluation mode, and keep nothing for `backward`."""
        y = super().predict(x)
        for branch in self.branches.layers.values():
            branch.saved = None
        return y

    def backward(self, grad_output, input_gradient=True):
        """Return the sum of the branches' gradients of the input and set those of the parameters.

        Parameters
        ----------
        grad_output : array_like, shape (N, H', W', C')
        input_gradient : bool
            False leaves out the input's gradient.

        Returns
        -------
        ndarray, shape (N, H, W, C), or None

        Raises
        ------
        RuntimeError
            If no `forward` went before.
        ValueError
            If `grad_output` has not the shape of the output.
        """
        (borders,) = self._unpack(grad_output)
        parts = np.split(numbers(self, grad_output, name="grad_output"), borders, axis=-1)
        grads = []
        for branch, part in zip(self.branches.layers.values(), parts, strict=True):
            if branch.params:
                grads.append(branch.backward(part, input_gradient=input_gradient))
            elif input_gradient:  # a layer without parameters has nothing else to give
                grads.append(branch.backward(part))
        return sum(grads) if input_gradient else None


class GlobalAverage(Layer):
    """The mean of each channel over all rows and columns: a score a channel, whatever the size of the image.

    Examples
    --------
    >>> GlobalAverage().forward(np.arange(8.0).reshape(1, 2, 2, 2))
    array([[3., 4.]])
    """

    def output_shape(self, input_shape):
        """Return (C,) for an input of shape (H, W, C)."""
        return check_image_shape(self, input_shape)[2:]

    def forward(self, x):
        """Return the means.

        Parameters
        ----------
        x : array_like, shape (N, H, W, C)

        Returns
        -------
        ndarray, shape (N, C)

        Raises
        ------
        TypeError
            If `x` does not hold real numbers.
        ValueError
            If `x` has not four axes.
        """
        x = numbers(self, x)
        check_images(self, x.shape)
        y = x.mean(axis=(1, 2))
        self.saved = y.shape, x.shape
        return y

    def backward(self, grad_output):
        """Return the gradient of the input: every pixel gets an equal share.

        Parameters
        ----------
        grad_output : array_like, shape (N, C)

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
        share = numbers(self, grad_output, name="grad_output") / (shape[1] * shape[2])
        return np.broadcast_to(share[:, np.newaxis, np.newaxis], shape).copy()


def fire(in_channels, squeezed, expanded, **options):
    """Return a fire module: squeeze the channels with 1 x 1 filters, then expand with 1 x 1 and 3 x 3 ones.

    Parameters
    ----------
    in_channels, squeezed, expanded : int
        Channels in, after the squeeze, and of each of the two halves of the output.
    **options
        For every `Conv2D`: `initial`, `rng`, `dtype`.

    Returns
    -------
    Sequential
    """
    return Sequential(
        {
            "squeeze": Conv2D(in_channels, squeezed, 1, **options),
            "relu_squeeze": ReLU(),
            "expand": SideBySide(
                {
                    "1x1": Conv2D(squeezed, expanded, 1, **options),
                    "3x3": Conv2D(squeezed, expanded, 3, padding=1, **options),
                }
            ),
            "relu_expand": ReLU(),
        }
    )
