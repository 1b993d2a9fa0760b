"""What every layer shares: parameters, saved values, and the checks of what it is given."""

import numpy as np


class Layer:
    """A step of a network: `forward` computes, `backward` hands the gradient back.

    Attributes
    ----------
    name : str
        What messages call the layer: its class, or its name in a network (``"conv2"``).
    training : bool
        False until set; only Dropout reads it.
    params, grads : dict of str to ndarray
        The parameters and, after `backward`, their gradients, with the same keys (``weight``, ``bias``).
        Empty for a layer without parameters. Each `backward` overwrites the arrays in `grads`: copy what you
        want to keep.
    saved : tuple or None
        What the last `forward` left for `backward`; None before the first and after `network.predict`.
    """

    def __init__(self):
        self.name = type(self).__name__
        self.training = False
        self.params = {}
        self.grads = {}
        self.saved = None

    @property
    def window(self):
        """The pixels (rows, columns) that one output sees, and those from one output to the next."""
        return (1, 1), (1, 1)

    def output_shape(self, input_shape):
        """Return the shape that `forward` gives for one example of `input_shape` (both without N)."""
        return tuple(input_shape)

    def multiply_accumulates(self, input_shape):
        """Return how many products with a weight one example of `input_shape` costs."""
        return 0

    def predict(self, x):
        """Return what `forward` gives in evaluation mode, and keep nothing for `backward`."""
        training, self.training = self.training, False
        try:
            return self.forward(x)
        finally:
            self.training, self.saved = training, None

    def _unpack(self, grad_output):
        """Return what `forward` saved, once `grad_output` has the shape of what it returned."""
        if self.saved is None:
            raise RuntimeError(f"{self.name}: backward needs a forward before it (predict keeps nothing)")
        output_shape, *saved = self.saved
        if np.shape(grad_output) != output_shape:
            raise ValueError(
                f"{self.name}: grad_output must have the shape of the output, {output_shape}; "
                f"got {np.shape(grad_output)}"
            )
        return saved

    def _gradient(self, parameter):
        """Return the array that takes the gradient of a parameter; new only the first time.

        The gradient of fc6 fills 151 MB: fresh memory for it costs more time than computing it.
        """
        value, present = self.params[parameter], self.grads.get(parameter)
        if present is None or present.dtype != value.dtype:
            self.grads[parameter] = np.empty_like(value)
        return self.grads[parameter]


class Parameter:
    """A parameter as an attribute: ``conv.weight`` is ``conv.params["weight"]``, a plain array.

    A new value is copied, in the shape and dtype that the layer was built with; another shape is refused.
    """

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, layer, owner=None):
        return self if layer is None else layer.params[self.name]

    def __set__(self, layer, value):
        present = layer.params[self.name]
        if value is present:  # as after conv.weight += step
            return
        if np.shape(value) != present.shape:
            raise ValueError(f"{layer.name}: {self.name} has shape {present.shape}; got {np.shape(value)}")
        layer.params[self.name] = np.array(value, present.dtype)


def numbers(layer, x, dtype=None, name="x"):
    """Return `x` as an array of real numbers.

    Parameters
    ----------
    layer : Layer
        Whose input it is.
    x : array_like
        Any integers or floats. It is not copied if it has the right dtype.
    dtype : dtype, optional
        The dtype to return; without it floats stay as they are and integers become float32.
    name : str
        What the message calls it.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers.
    """
    x = np.asarray(x)
    if x.dtype.kind not in "buif":
        raise TypeError(f"{layer.name}: {name} must hold real numbers; got dtype {x.dtype}")
    if dtype is None:
        dtype = x.dtype if x.dtype.kind == "f" else np.float32
    return x.astype(dtype, copy=False)


def check_images(layer, shape, channels=None):
    """Raise ValueError unless `shape` is (N, H, W, C), with this number of channels if one is given."""
    if len(shape) != 4:
        hint = " For one image pass image[np.newaxis]." if len(shape) == 3 else ""
        raise ValueError(f"{layer.name}: x must be a batch of images (N, H, W, C); got shape {shape}.{hint}")
    if channels is not None and shape[3] != channels:
        hint = " Channels come last: x.transpose(0, 2, 3, 1)." if shape[1] == channels else ""
        raise ValueError(
            f"{layer.name}: x must have {channels} channels (the last axis); got {shape[3]} in {shape}.{hint}"
        )


def check_image_shape(layer, shape, channels=None):
    """Return `shape` if it is that of one image, (H, W, C); otherwise raise ValueError."""
    shape = tuple(shape)
    if len(shape) != 3 or channels not in (None, shape[2]):
        expected = "(H, W, C)" if channels is None else f"(H, W, {channels})"
        raise ValueError(f"{layer.name}: input_shape must be {expected}, without N; got {shape}")
    return shape


def check_dtype(dtype):
    """Return `dtype` as a NumPy dtype, or raise TypeError unless it is a floating one."""
    dtype = np.dtype(dtype)
    if dtype.kind != "f":
        raise TypeError(f"dtype must be a floating type such as np.float32; got {dtype}")
    return dtype


def real_number(value, name, minimum=0.0):
    """Return `value` as a float, or raise an error unless it is a finite number from `minimum` up."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name} must be a number; got {value!r}")
    if not minimum <= value < np.inf:
        raise ValueError(f"{name} must be a finite number from {minimum:g} up; got {value}")
    return float(value)


def check_generator(rng):
    """Return `rng`, or a fresh generator for None; raise TypeError for anything else."""
    if rng is None:
        return np.random.default_rng()
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a Generator, such as np.random.default_rng(0); got {rng!r}")
    return rng


def initial_weight(shape, fan_in, initial, rng, dtype):
    """Draw weights from a normal distribution with mean 0.

    Parameters
    ----------
    shape : tuple of int
        Shape of the weights.
    fan_in : int
        How many products one output sums.
    initial : {"he", "paper"} or float
        The standard deviation: ``sqrt(2 / fan_in)`` (He et al. 2015, arXiv:1502.01852), 0.01 (Krizhevsky et
        al. 2012, section 5), or the number itself.
    rng : numpy.random.Generator or None
        None draws from a fresh generator.
    dtype : dtype
        The dtype of the weights.

    Returns
    -------
    ndarray, shape `shape`

    Raises
    ------
    TypeError
        If `initial` is neither a name nor a number, or `rng` not a Generator.
    ValueError
        If `initial` has another name or is negative, infinite or NaN.
    """
    if isinstance(initial, str):
        deviations = {"he": np.sqrt(2 / fan_in), "paper": 0.01}
        if initial not in deviations:
            raise ValueError(f'initial must be "he", "paper" or a standard deviation; got {initial!r}')
        initial = deviations[initial]
    deviation = real_number(initial, "initial")
    drawn = np.float64 if dtype.itemsize >= 8 else np.float32  # a generator draws no other
    weight = check_generator(rng).standard_normal(shape, dtype=drawn)
    weight *= drawn(deviation)
    return weight.astype(dtype, copy=False)
