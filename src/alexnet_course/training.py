"""What a training loop leans on: batches, a record that notices trouble, the paper's schedule, progress.

The loop itself stays where it can be read, in eight lines:

>>> from alexnet_course.layers import Dense
>>> from alexnet_course.losses import cross_entropy
>>> from alexnet_course.optimizers import SGD
>>> rng = np.random.default_rng(0)
>>> images, labels = rng.standard_normal((64, 2)), np.repeat([0, 1], 32)
>>> images[:, 0] += 4 * labels
>>> network = Dense(2, 2, rng=rng)
>>> optimizer, record = SGD(network, learning_rate=0.1), Record(network)
>>> network.training = True
>>> for epoch in range(5):
...     for x, y in batches(images, labels, 16, rng):
...         loss, grad_logits = cross_entropy(network.forward(x), y)
...         record.add(loss)
...         network.backward(grad_logits, input_gradient=False)
...         optimizer.step()
...     record.add_held_out(evaluate(network, images, labels))
>>> record
Record(20 steps, the last loss 0.12; 5 evaluations, the last 97 of 100 right)
"""

import math
import sys
from typing import NamedTuple

import numpy as np

from alexnet_course.checks import check_generator, real_array, real_number, whole_number
from alexnet_course.layers import Dropout
from alexnet_course.losses import cross_entropy
from alexnet_course.network import Container


class Evaluation(NamedTuple):
    """How well a network does on pictures that it did not learn from."""

    loss: float
    """Mean cross-entropy, in nats."""
    accuracy: float
    """Share of the pictures whose largest score is their label's, from 0 to 1."""


def batches(images, labels, size, rng=None):
    """Yield the examples of one epoch in batches, each example once.

    Parameters
    ----------
    images : array_like of float, shape (N, ...)
        Prepared examples: raw bytes are refused, since nothing learns well from numbers up to 255.
    labels : array_like of int, shape (N,)
    size : int
        Examples in a batch; the last one holds what is left.
    rng : numpy.random.Generator, optional
        Draws the order; None keeps the order that they have.

    Yields
    ------
    images : ndarray, shape (size, ...)
    labels : ndarray, shape (size,)

    Raises
    ------
    TypeError, ValueError
        If there is not one label for each image, or an argument is of another kind; at the call, before the
        first batch.

    Examples
    --------
    >>> [labels.tolist() for _, labels in batches(np.zeros((5, 2)), [0, 1, 2, 3, 4], 2)]
    [[0, 1], [2, 3], [4]]
    """
    images, labels = _examples(images, labels)
    size = whole_number(size, "size", minimum=1)
    order = np.arange(len(images)) if rng is None else check_generator(rng).permutation(len(images))
    places = (order[start : start + size] for start in range(0, len(order), size))
    return ((images[place], labels[place]) for place in places)


def evaluate(network, images, labels, size=100):
    """Return how well a network does on examples, in evaluation mode and in batches.

    Parameters
    ----------
    network : Layer or Sequential
        From images to logits.
    images : array_like of float, shape (N, ...)
    labels : array_like of int, shape (N,)
    size : int
        Examples at a time: memory grows with it.

    Returns
    -------
    Evaluation

    Raises
    ------
    TypeError, ValueError
        If there is not one label for each image, or none at all.

    Examples
    --------
    >>> from alexnet_course.layers import ReLU
    >>> evaluate(ReLU(), np.eye(3), [0, 1, 1])
    Evaluation(loss=0.88477..., accuracy=0.66666...)
    """
    images, labels = _examples(images, labels)
    if not len(images):
        raise ValueError("images must hold at least one example: nothing has no mean")
    loss, right = 0.0, 0
    for x, y in batches(images, labels, size):
        logits = network.predict(x)
        loss += cross_entropy(logits, y)[0] * len(y)
        right += int((logits.argmax(axis=1) == y).sum())
    return Evaluation(loss / len(images), right / len(images))


def _examples(images, labels):
    """Return images and labels as arrays, or explain why they are no examples to learn from."""
    images, labels = real_array(images, "images"), real_array(labels, "labels")
    if images.dtype.kind != "f":
        raise TypeError(
            f"images must be prepared floats, with a mean near 0 and a deviation near 1; got {images.dtype}:"
            " subtract the mean picture and divide, as miniature.preprocess does"
        )
    if labels.ndim != 1 or labels.dtype.kind not in "iu":
        raise TypeError(
            f"labels must be one row of whole numbers; got {labels.dtype} of shape {labels.shape}"
        )
    if images.ndim < 2 or len(images) != len(labels):
        raise ValueError(
            f"images and labels must be as many; got images of shape {images.shape} and {len(labels)} labels"
        )
    return images, labels


class Record:
    """The losses of a run. It stops a run that has gone wrong, and says where.

    Parameters
    ----------
    network : Layer or Sequential
        The network that is trained.

    Attributes
    ----------
    losses : list of float
        The loss of every step.
    held_out : list of (int, Evaluation)
        After how many steps, and what was found.
    """

    def __init__(self, network):
        self.network = network
        self.losses, self.held_out = [], []

    def __repr__(self):
        last = f"{len(self.losses)} steps" + (f", the last loss {self.losses[-1]:.2f}" if self.losses else "")
        if self.held_out:
            right = round(100 * self.held_out[-1][1].accuracy)
            last += f"; {len(self.held_out)} evaluations, the last {right} of 100 right"
        return f"Record({last})"

    def add(self, loss):
        """Note the loss of a step, before `backward`.

        Raises
        ------
        FloatingPointError
            If the loss is NaN or infinite: which step, and in which layer that begins.
        RuntimeError
            If the network has dropout and is in evaluation mode, where dropout does nothing.
        """
        if not self.network.training and any(isinstance(layer, Dropout) for layer in leaves(self.network)):
            raise RuntimeError(
                "the network is in evaluation mode, where dropout does nothing: set network.training = True"
                " before the loop"
            )
        loss = float(loss)
        if not math.isfinite(loss):
            where = _first_not_finite(self.network)
            raise FloatingPointError(
                f"the loss of step {len(self.losses)} is {loss}{where}. Start again with a smaller"
                " learning_rate, a tenth for a first try, and look at the losses before"
            )
        self.losses.append(loss)

    def add_held_out(self, evaluation):
        """Note what `evaluate` found after the steps so far."""
        self.held_out.append((len(self.losses), evaluation))


def leaves(network):
    """Return the layers of a network that hold no others, in the order of the data."""
    everyone = network.everyone() if isinstance(network, Container) else [network]
    return [layer for layer in everyone if not isinstance(layer, Container)]


def _first_not_finite(network):
    """Return where numbers that are not finite begin, as the end of a sentence."""
    for name, parameter in network.params.items():
        if not np.isfinite(parameter).all():
            return f": {name} is the first parameter that holds NaN or infinity; the step before was too long"
    for layer in leaves(network):
        for array in layer.saved or ():
            if isinstance(array, np.ndarray) and array.dtype.kind == "f" and not np.isfinite(array).all():
                return (
                    f": {layer.name} is the first layer with NaN or infinity, though the weights are finite"
                )
    return f": what goes into every layer is finite, so {layer.name}, the last one, overflows"


class Plateau:
    """The paper's schedule: divide the rate by ten when the held-out error stops improving (section 5).

    Parameters
    ----------
    optimizer : SGD
        Whose `learning_rate` to divide.
    patience : int
        How many evaluations without a new best to wait for.
    divisions : int
        How often to divide before the run is over; the paper did so three times.

    Attributes
    ----------
    best : float
        The smallest error since the last division.
    waited, left : int
        Evaluations since then, and divisions that are left.

    Examples
    --------
    >>> from alexnet_course.layers import Dense
    >>> from alexnet_course.optimizers import SGD
    >>> optimizer = SGD(Dense(1, 1), learning_rate=0.01)
    >>> plateau = Plateau(optimizer, divisions=1)
    >>> [plateau.update(error) for error in (0.5, 0.4, 0.4, 0.3, 0.3)], optimizer.learning_rate
    ([True, True, True, True, False], 0.001)
    """

    def __init__(self, optimizer, patience=1, divisions=3):
        self.optimizer = optimizer
        self.patience = whole_number(patience, "patience", minimum=1)
        self.left = whole_number(divisions, "divisions")
        self.best, self.waited = math.inf, 0

    def update(self, error):
        """Take the error of one evaluation; return whether the run should go on.

        Raises
        ------
        TypeError, ValueError
            If `error` is no finite number from 0 up.
        """
        error = real_number(error, "error")
        if error < self.best:
            self.best, self.waited = error, 0
            return True
        self.waited += 1
        if self.waited < self.patience:
            return True
        if not self.left:
            return False
        self.optimizer.learning_rate /= 10
        self.best, self.waited, self.left = error, 0, self.left - 1
        return True


def progress(steps, what="training"):
    """Yield the steps, with a bar in a terminal; in a notebook and in a file quietly.

    Needs tqdm for the bar, and does without where it is not installed.

    Examples
    --------
    >>> list(progress(range(3)))
    [0, 1, 2]
    """
    if not sys.stderr.isatty():
        return iter(steps)
    try:
        from tqdm import tqdm
    except ImportError:
        return iter(steps)
    return iter(tqdm(steps, desc=what, leave=False))
