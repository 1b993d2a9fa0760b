"""The rule that turns gradients into steps."""

import copy
import itertools

import numpy as np

from alexnet_course import workers
from alexnet_course.checks import check_float_array, parameters_of, real_array, real_number

#: How many numbers a worker moves before it looks for more: starting one pays from there on.
PART = 1 << 21


class SGD:
    """Stochastic gradient descent with momentum and weight decay, by the paper's rule (section 5).

    ``velocity = momentum * velocity - weight_decay * learning_rate * weight - learning_rate * gradient``,
    then ``weight = weight + velocity``, for weights and biases alike. The velocity starts at 0.

    Parameters
    ----------
    model : Layer or Sequential
        Whose `params` to change, in place, by its `grads`. They must stay the arrays that they are now: write
        into them (``layer.weight[...] = array``), or build another optimizer.
    learning_rate, momentum, weight_decay : float
        At least 0. They may be changed between steps: the paper divides the first by 10 three times.

    Attributes
    ----------
    velocity : dict of str to ndarray
        The present velocity of each parameter; in float32 for parameters of half precision.

    Raises
    ------
    TypeError, ValueError
        If a rate is not a number or is negative, or two parameters share memory.

    Examples
    --------
    The first step of one weight (chapter 13):

    >>> from alexnet_course.layers import Dense
    >>> dense = Dense(1, 1, dtype=np.float64)
    >>> dense.weight = [[0.5]]
    >>> dense.grads = {"weight": np.array([[0.2]]), "bias": np.array([0.0])}
    >>> SGD(dense, learning_rate=0.01).step()
    >>> dense.weight
    array([[0.4979975]])
    """

    def __init__(self, model, learning_rate=0.01, momentum=0.9, weight_decay=0.0005):
        self.model = model
        self.learning_rate, self.momentum, self.weight_decay = learning_rate, momentum, weight_decay
        self._check_rates()
        self._weights = dict(parameters_of(model, "model"))
        for name, weight in self._weights.items():
            check_float_array(weight, name)
        for name, other in itertools.combinations(self._weights, 2):
            if np.shares_memory(self._weights[name], self._weights[other]):
                raise ValueError(f"{name} and {other} share memory, and would move twice: take a copy of one")
        self.velocity = {
            name: np.zeros_like(weight, np.promote_types(weight.dtype, np.float32))
            for name, weight in self._weights.items()
        }

    def __copy__(self):
        """Return a copy with a model of its own: two optimizers must not move the same parameters."""
        return copy.deepcopy(self)

    def _check_rates(self):
        """Raise an error unless the three rates are numbers from 0 up."""
        for name in ("learning_rate", "momentum", "weight_decay"):
            setattr(self, name, real_number(getattr(self, name), name))

    def step(self):
        """Move every parameter once, or none if something is wrong.

        Raises
        ------
        RuntimeError
            If a parameter has no gradient: `backward` has not run.
        TypeError, ValueError
            If a parameter is another array than when the optimizer was built, or cannot be written to, a
            gradient or a velocity has not its shape, a velocity is no array of floats, or a rate is wrong.
        """
        self._check_rates()
        triples = self._checked()
        if sum(weight.size for weight, _, _ in triples) < PART:
            for triple in triples:
                self._move(*triple)
            return
        parts = [part for triple in triples for part in self._moves(*triple)]
        workers.run(lambda part: self._move(*part), parts)

    def _checked(self):
        """Return each parameter with its velocity and its gradient, once all of them are right."""
        params, grads, triples = self.model.params, self.model.grads, []
        if params.keys() != self._weights.keys():
            raise ValueError(
                f"parameters were {list(self._weights)} and are {list(params)}: build another SGD"
            )
        for name, weight in params.items():
            if weight is not self._weights[name]:
                raise ValueError(
                    f"{name} is another array than when the optimizer was built, and has no velocity here:"
                    " write into the array (layer.weight[...] = values), or build another SGD"
                )
            if name not in grads:
                raise RuntimeError(f"{name} has no gradient: run backward before step")
            gradient, velocity = real_array(grads[name], f"the gradient of {name}"), self.velocity.get(name)
            check_float_array(weight, name)
            check_float_array(velocity, f"the velocity of {name}")
            if np.shares_memory(velocity, weight):
                raise ValueError(f"the velocity of {name} shares memory with it: take a copy")
            for kind, array in (("gradient", gradient), ("velocity", velocity)):
                if array.shape != weight.shape:
                    raise ValueError(
                        f"the {kind} of {name} must have shape {weight.shape}; got {array.shape}"
                    )
            triples.append((weight, velocity, gradient))
        return triples

    def _moves(self, weight, velocity, gradient):
        """Return the arrays of one parameter in parts that workers can move at the same time."""
        arrays = weight, velocity, gradient
        if not all(array.flags.c_contiguous for array in arrays) or np.may_share_memory(weight, gradient):
            return [arrays]
        rows = [array.reshape(-1) for array in arrays]
        return [[row[start : start + PART] for row in rows] for start in range(0, weight.size, PART)]

    def _move(self, weight, velocity, gradient, block=1 << 14):
        """Apply the rule to one part, a block at a time: a block stays in the cache throughout.

        The iterator hands out blocks as they lie in memory, and copies to and fro where the arrays lie in
        different ways.
        """
        arrays, modes = (weight, velocity, gradient), (["readwrite"], ["readwrite"], ["readonly"])
        flags = ["external_loop", "buffered", "zerosize_ok", "copy_if_overlap"]
        with np.nditer(arrays, flags, modes, buffersize=block) as blocks:
            for weights, velocities, gradients in blocks:
                change = np.multiply(weights, self.weight_decay, dtype=velocities.dtype)
                change += gradients
                change *= self.learning_rate
                velocities *= self.momentum
                velocities -= change
                weights += velocities
