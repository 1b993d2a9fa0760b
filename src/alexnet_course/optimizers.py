"""The rule that turns gradients into steps."""

import numpy as np

from alexnet_course.layers.base import real_number


class SGD:
    """Stochastic gradient descent with momentum and weight decay, by the paper's rule (section 5).

    ``velocity = momentum * velocity - weight_decay * learning_rate * weight - learning_rate * gradient``,
    then ``weight = weight + velocity``, for weights and biases alike. The velocity starts at 0.

    Parameters
    ----------
    model : Layer or Sequential
        Whose `params` to change, in place, by its `grads`.
    learning_rate, momentum, weight_decay : float
        At least 0. The first may be changed between steps: the paper divides it by 10 three times.

    Attributes
    ----------
    velocity : dict of str to ndarray
        The present velocity of each parameter.

    Raises
    ------
    TypeError, ValueError
        If a rate is not a number or is negative.

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
        self.learning_rate = real_number(learning_rate, "learning_rate")
        self.momentum = real_number(momentum, "momentum")
        self.weight_decay = real_number(weight_decay, "weight_decay")
        self.velocity = {name: np.zeros_like(weight) for name, weight in model.params.items()}

    def step(self):
        """Move every parameter once.

        Raises
        ------
        RuntimeError
            If a parameter has no gradient: `backward` has not run.
        """
        grads = self.model.grads
        for name, weight in self.model.params.items():
            if name not in grads:
                raise RuntimeError(f"{name} has no gradient: run backward before step")
            self._move(weight.reshape(-1), self.velocity[name].reshape(-1), grads[name].reshape(-1))

    def _move(self, weight, velocity, gradient, block=1 << 14):
        """Apply the rule to one flat parameter, a block at a time: a block stays in the cache throughout."""
        for start in range(0, weight.size, block):
            part = slice(start, start + block)
            change = weight[part] * self.weight_decay
            change += gradient[part]
            change *= self.learning_rate
            velocity[part] *= self.momentum
            velocity[part] -= change
            weight[part] += velocity[part]
