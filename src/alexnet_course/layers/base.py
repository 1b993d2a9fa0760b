"""What every layer is: the contract that all of them keep, and parameters as attributes."""

import copy
import inspect

import numpy as np

from alexnet_course.checks import (
    check_float_array,
    check_generator,
    check_images,
    check_shape,
    held,
    numbers,
    real_array,
    real_number,
)


class Layer:
    """A step of a network: `forward` computes, `backward` hands the gradient back.

    A layer of your own defines both; its `__init__` calls ``super().__init__()`` and fills `params` if there
    are any, and `backward` then fills `grads`. It works in every network, and `gradcheck` can test it.

    The settings of the layers here stay as their constructors checked them: for others build another layer.

    Attributes
    ----------
    name, training : str, bool
        What messages call the layer (its class, or its name in a network); False until set, read by Dropout.
    params, grads : dict of str to ndarray
        The parameters and, after `backward`, their gradients, with the same keys (``weight``, ``bias``).
        Each `backward` overwrites the arrays in `grads`: copy what you want to keep.
    by_image : bool
        Whether each example is computed as if it were alone: `workers` may share out the examples to copies
        of the layer. What such a layer saves after the shape is an array with an example a row, or the same
        for every batch.
    gives_new : bool
        Whether `predict` returns a new array that nobody else holds: the next layer may write over it.

    A class says the last two of itself; its heirs do not inherit them.

    Examples
    --------
    >>> class Double(Layer):
    ...     by_image = True
    ...
    ...     def forward(self, x):
    ...         self.saved = (x.shape,)
    ...         return 2 * x
    ...
    ...     def backward(self, grad_output, input_gradient=True):
    ...         (grad_output,) = self._unpack(grad_output)
    ...         return 2 * grad_output
    >>> Double(), Double().forward(np.array([[1.0, 2.0]]))
    (Double(), array([[2., 4.]]))
    """

    #: Attributes that stay as the constructor set them: `backward` counts on what `forward` did.
    _fixed = ()
    #: Arguments that are left out where they equal another one.
    _as_other = {}
    by_image = gives_new = False

    def __init_subclass__(cls, **options):
        """Forget what the class above said of itself: its heir may mix what it kept apart."""
        super().__init_subclass__(**options)
        for name in ("by_image", "gives_new", "predict_over"):
            if name not in vars(cls):
                setattr(cls, name, getattr(Layer, name))

    def __init__(self):
        self.name = type(self).__name__
        self.saved = None
        # Past the properties by which a container collects what its layers have under these names.
        vars(self).update(training=False, params={}, grads={})

    def __setattr__(self, name, value):
        """Set an attribute, unless that would change a setting or lose the parameters."""
        if name in self._fixed and name in vars(self):
            kind = type(self).__name__
            raise AttributeError(f"{self.name}: {name} cannot be changed: build another {kind}")
        if name in ("params", "grads") and not isinstance(value, dict):
            raise TypeError(f"{self.name}: {name} must be a dict of arrays; got {value!r}")
        if name == "params" and self.params and value.keys() != self.params.keys():
            raise ValueError(f"{self.name}: params must hold {list(self.params)}; got {list(value)}")
        if name == "training" and not isinstance(value, (bool, np.bool_)):
            raise TypeError(f"{self.name}: training must be True or False; got {value!r}")
        object.__setattr__(self, name, value)

    def __copy__(self):
        """Return a copy with the same parameters; what is set in it, or computed, leaves this layer alone."""
        twin = type(self).__new__(type(self))
        vars(twin).update(vars(self), params=dict(vars(self).get("params", {})), grads={})
        return twin

    @property
    def saved(self):
        """What the last `forward` left for `backward`, a tuple or None.

        The shape of the output, then what the layer needs.
        """
        if self.pieces:
            self._saved = self._saved.joined()
        return self._saved

    @saved.setter
    def saved(self, value):
        self._saved = value

    @property
    def pieces(self):
        """What the last `forward` left if several workers have it in pieces, otherwise None."""
        return self._saved if isinstance(self._saved, Pieces) else None

    def forward(self, x):
        """Return the output, and save what `backward` needs.

        Parameters
        ----------
        x : array_like, shape (N, ...)
            N examples: images (N, H, W, C) or features (N, F), as the layer says. A layer with parameters
            computes in their dtype; in others floats keep theirs and integers become float32. It is not
            written to, but may be what is saved: do not change it before `backward`.

        Returns
        -------
        ndarray, shape (N, ...)
            Of the shape that `output_shape` gives. It may share memory with `x`, or with what is saved.

        Raises
        ------
        TypeError
            If `x` does not hold real numbers.
        ValueError
            If `x` has not the shape that the layer takes.
        """
        raise NotImplementedError(f"{type(self).__name__} defines no forward")

    def backward(self, grad_output, input_gradient=True):
        """Return the gradient of the input of the last `forward`, and set those of the parameters.

        Parameters
        ----------
        grad_output : array_like, shape of the output
            How much the loss changes with each output; left as it is.
        input_gradient : bool
            False: nobody reads the gradient of the input; where leaving it out saves work, return None.

        Returns
        -------
        ndarray, shape of `x`, or None

        Raises
        ------
        RuntimeError
            If no `forward` went before.
        TypeError
            If `grad_output` does not hold real numbers.
        ValueError
            If `grad_output` has not the shape of the output.
        """
        raise NotImplementedError(f"{type(self).__name__} defines no backward")

    def __repr__(self):
        """Return the call that builds such a layer; its parameters may hold other numbers."""
        shown = []
        for place, (name, parameter) in enumerate(inspect.signature(type(self)).parameters.items()):
            value = getattr(self, name, None)
            usual = getattr(self, self._as_other.get(name, ""), parameter.default)
            if not isinstance(value, (bool, int, float, str, tuple, np.dtype)) or value in (
                usual,
                (usual, usual),
            ):
                continue
            # The first argument and further counts go by position, sizes and options by name.
            count = isinstance(value, int) and parameter.default is parameter.empty
            named = place and not (count and len(shown) == place)
            shown.append((f"{name}=" if named else "") + _plain(value))
        return f"{type(self).__name__}({', '.join(shown)})"

    @property
    def window(self):
        """The pixels (rows, columns) that one output sees, and those to the next; None without rows."""
        return (1, 1), (1, 1)

    def output_shape(self, input_shape):
        """Return the shape that `forward` gives for one example of `input_shape` (both without N)."""
        return check_shape(input_shape, f"{self.name}: input_shape")

    def multiply_accumulates(self, input_shape):
        """Return how many products with a weight one example of `input_shape` costs."""
        return 0

    def predict(self, x):
        """Return what `forward` gives in evaluation mode; the layer itself stays as it is."""
        evaluator = copy.copy(self)  # no switch to turn back, so that threads do not meet
        evaluator.training = False
        return evaluator.forward(x)

    def predict_over(self, x):
        """Return what `predict` gives for an array that nobody reads any more: it may be written over."""
        return self.predict(x)

    def _numbers(self, x, dtype=None):
        """Return the input as an array of real numbers; see `checks.numbers`."""
        return numbers(x, f"{self.name}: x", dtype)

    def _images(self, x, dtype=None, channels="C"):
        """Return the input as an array of real numbers, once it is a batch of images."""
        x = self._numbers(x, dtype)
        check_images(x.shape, f"{self.name}: x", ("H", "W", channels))
        return x

    def _image_shape(self, input_shape, channels="C"):
        """Return the shape of one image, (H, W, C), once it is one."""
        return check_shape(input_shape, f"{self.name}: input_shape", ("H", "W", channels))

    def _unpack(self, grad_output, dtype=None):
        """Return `grad_output` as an array of floats, and what `forward` saved after the output's shape."""
        if self.saved is None:
            raise RuntimeError(f"{self.name}: backward needs a forward before it (predict keeps nothing)")
        output_shape, *saved = self.saved
        grad_output = numbers(grad_output, f"{self.name}: grad_output", dtype)
        if grad_output.shape != output_shape:
            raise ValueError(
                f"{self.name}: grad_output must have the shape of the output, {output_shape}; "
                f"got {grad_output.shape}"
            )
        return grad_output, *saved

    def _check_params(self, shape):
        """Raise an error unless weight and bias are arrays of floats, of `shape` and of its last axis."""
        for name, wanted in (("weight", shape), ("bias", shape[-1:])):
            value = self.params.get(name)  # `params` is a plain dict, in which anything may stand
            if type(value) is not np.ndarray or value.dtype.kind != "f":
                check_float_array(value, f"{self.name}: {name}", writeable=False)
            if value.shape != wanted:
                raise ValueError(f"{self.name}: {name} has shape {wanted}; got {value.shape}")

    def _gradient(self, parameter):
        """Return the array that takes the gradient of a parameter; new only the first time."""
        # The gradient of fc6 fills 151 MB: fresh memory for it costs more time than computing it.
        value, present = self.params[parameter], self.grads.get(parameter)
        if (
            type(present) is not np.ndarray
            or (present.dtype, present.shape) != (value.dtype, value.shape)
            or not present.flags.writeable
            or present is value
        ):
            self.grads[parameter] = np.empty_like(value, order="C", subok=False)
        return self.grads[parameter]


class Pieces:
    """What a layer has saved, in pieces: its copies, each of which has worked on some of the images.

    Parameters
    ----------
    copies : list of Layer
        In the order of the images.
    parts : list of slice
        Which images each of them had.
    """

    def __init__(self, copies, parts):
        self.copies, self.parts = copies, parts

    def joined(self):
        """Return what the layer would have saved if it had worked on all images itself."""
        saved = [copy.saved for copy in self.copies]
        if saved[0] is None:  # a chain of layers saves nothing itself
            return None
        (shape, *first), *others = saved
        images = sum(other[0][0] for other in saved)
        columns = zip(first, *(other[1:] for other in others), strict=True)
        return (
            (images, *shape[1:]),
            *(np.concatenate(parts) if isinstance(parts[0], np.ndarray) else parts[0] for parts in columns),
        )


def _plain(value):
    """Return the text of an argument: one number for a pair of equal ones, the name of a dtype."""
    if isinstance(value, tuple) and len(set(value)) == 1:
        value = value[0]
    return repr(str(value) if isinstance(value, np.dtype) else value)


class Parameter:
    """A parameter as an attribute: ``conv.weight`` is ``conv.params["weight"]``, a plain array.

    A new value is copied, in the shape and dtype that are there; what does not fit is refused.
    """

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, layer, owner=None):
        return self if layer is None else layer.params[self.name]

    def __set__(self, layer, value):
        present = layer.params[self.name]
        if value is present:  # as after conv.weight += step
            return
        value = real_array(value, f"{layer.name}: {self.name}")
        if value.shape != present.shape:
            raise ValueError(f"{layer.name}: {self.name} has shape {present.shape}; got {value.shape}")
        layer.params[self.name] = held(value, f"{layer.name}: {self.name}", present.dtype)


def initial_weight(shape, fan_in, initial, rng, dtype):
    """Draw weights from a normal distribution with mean 0 and standard deviation `initial`.

    ``"he"`` stands for ``sqrt(2 / fan_in)``, where an output sums `fan_in` products (He et al. 2015,
    arXiv:1502.01852), ``"paper"`` for 0.01 (Krizhevsky et al. 2012, section 5).
    """
    if isinstance(initial, str):
        deviations = {"he": np.sqrt(2 / fan_in), "paper": 0.01}
        if initial not in deviations:
            raise ValueError(f'initial must be "he", "paper" or a standard deviation; got {initial!r}')
        initial = deviations[initial]
    generator = check_generator(rng)
    deviation = held(real_number(initial, "initial"), "initial", dtype)
    if not deviation:  # layers that are filled from a file start so
        return np.zeros(shape, dtype)
    drawn = np.float64 if dtype.itemsize >= 8 else np.float32  # a generator draws no other
    weight = generator.standard_normal(shape, dtype=drawn)
    weight *= drawn(deviation)
    return weight.astype(dtype, copy=False)


def initial_bias(size, bias, dtype):
    """Return `size` equal biases."""
    return np.full(size, held(real_number(bias, "bias", minimum=-np.inf), "bias", dtype))


def working(array):
    """Return an array in the type that layers compute in: float32 for half precision, otherwise its own."""
    return array.astype(np.promote_types(array.dtype, np.float32), copy=False)


def exact_sum(array, axis):
    """Return the sum of many numbers, added up in float64: in float32 the small ones get lost one by one."""
    return np.sum(array, axis=axis, dtype=np.promote_types(array.dtype, np.float64))


def is_finite(array):
    """Return whether all numbers are finite, and their sum too: none comes near the largest number."""
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(array.sum()))


def selected(values, mask, finite=None):
    """Return `values` where `mask` is True, and 0 elsewhere; `finite` if they are known to be."""
    # A product is three times as fast as a choice, but 0 times infinity is no 0.
    if is_finite(values) if finite is None else finite:
        return values * mask
    return np.where(mask, values, 0)
