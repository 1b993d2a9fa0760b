"""The two kinds of layer that SqueezeNet has and AlexNet has not, and the module that it is built of.

Source: Iandola et al. (2016), arXiv:1602.07360, sections 3.2 and 3.3.
"""

import numpy as np

from alexnet_course.layers import Conv2D, ReLU
from alexnet_course.layers.base import Layer, exact_sum
from alexnet_course.network import Container, Sequential


class SideBySide(Container):
    """The same input through several layers, and their outputs beside each other in the channels.

    Parameters
    ----------
    branches : dict of str to Layer
        Layers that give equal rows and columns.

    Examples
    --------
    >>> both = SideBySide({"1x1": Conv2D(16, 64, 1), "3x3": Conv2D(16, 64, 3, padding=1)})
    >>> both.output_shape((56, 56, 16))
    (56, 56, 128)
    """

    def __init__(self, branches):
        super().__init__(branches)

    by_image = Container.all_by_image

    @property
    def branches(self):
        """The layers by name."""
        return self.layers

    @property
    def window(self):
        """The largest window of a branch along each axis, and the largest step from one to the next."""
        windows = [branch.window for branch in self.layers.values()]
        if None in windows:
            return None
        return tuple(tuple(map(max, *pairs, (1, 1))) for pairs in zip(*windows, strict=True))

    def output_shape(self, input_shape):
        """Return (H', W', the sum of the branches' channels) for an input of shape (H, W, C)."""
        shapes = [branch.output_shape(input_shape) for branch in self.layers.values()]
        if len({shape[:2] for shape in shapes}) > 1 or {len(shape) for shape in shapes} != {3}:
            raise ValueError(f"{self.name}: branches must give equal rows and columns; got {shapes}")
        return *shapes[0][:2], sum(shape[2] for shape in shapes)

    def multiply_accumulates(self, input_shape):
        """Return how many products one input of shape (H, W, C) costs."""
        return sum(branch.multiply_accumulates(input_shape) for branch in self.layers.values())

    def forward(self, x):
        """Return every branch's channels, (N, H', W', C')."""
        outputs = self._outputs(x, [branch.forward for branch in self.layers.values()])
        y = np.concatenate(outputs, axis=-1)
        self.saved = y.shape, np.cumsum([output.shape[-1] for output in outputs])[:-1].tolist()
        return y

    def predict(self, x):
        """Return what `forward` gives in evaluation mode, and keep nothing for `backward`."""
        return np.concatenate(self._outputs(x, [branch.predict for branch in self.layers.values()]), axis=-1)

    def backward(self, grad_output, input_gradient=True):
        """Return the sum of the branches' gradients of the input and set those of the parameters."""
        grad_output, borders = self._unpack(grad_output)
        parts = np.split(grad_output, borders, axis=-1)
        grads = [
            branch.backward(part, input_gradient=input_gradient)
            for branch, part in zip(self.layers.values(), parts, strict=True)
        ]
        return sum(grads) if input_gradient else None

    def _outputs(self, x, functions):
        """Return what each function makes of the images, once they and the branches fit together."""
        x = self._images(x, "own")
        self.output_shape(x.shape[1:])
        return [function(x) for function in functions]


class GlobalAverage(Layer):
    """The mean of each channel over all rows and columns: a score a channel, whatever the size of the image.

    Examples
    --------
    >>> GlobalAverage().forward(np.arange(8.0).reshape(1, 2, 2, 2))
    array([[3., 4.]])
    """

    by_image = True
    window = None

    def output_shape(self, input_shape):
        """Return (C,) for an input of shape (H, W, C)."""
        return self._image_shape(input_shape)[2:]

    def forward(self, x):
        """Return the means, (N, C)."""
        x = self._images(x)
        y = (exact_sum(x, axis=(1, 2)) / (x.shape[1] * x.shape[2])).astype(x.dtype)
        self.saved = y.shape, x.shape[1:]
        return y

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient of the input: every pixel gets an equal share."""
        grad_output, shape = self._unpack(grad_output)
        share = grad_output / np.float64(shape[0] * shape[1])  # a count may exceed what half precision holds
        images = np.broadcast_to(share[:, np.newaxis, np.newaxis], (len(share), *shape))
        return images.astype(grad_output.dtype)


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
