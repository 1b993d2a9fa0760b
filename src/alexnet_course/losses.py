"""How wrong is a prediction? One number, and its gradient."""

import numpy as np

from alexnet_course.checks import numbers, real_array
from alexnet_course.layers.base import working


def cross_entropy(logits, labels):
    """Return the mean of ``-log softmax(logits)[label]`` over the batch, and its gradient.

    Both come from the same exponentials, with the largest logit of each row subtracted: nothing overflows,
    and no logarithm of 0 is taken. The paper maximizes the same mean with the opposite sign (section 3.5).

    Parameters
    ----------
    logits : array_like, shape (N, classes)
        Scores, with N of at least 1. Floats keep their dtype, integers become float32.
    labels : array_like of int, shape (N,)
        The true class of each example, from 0 to ``classes - 1``.

    Returns
    -------
    loss : float
        In nats; ``log(classes)`` for equal scores.
    grad_logits : ndarray, shape (N, classes)
        ``(softmax(logits) - truth) / N``, where truth is 1 at the label; each row adds up to 0.

    Raises
    ------
    TypeError
        If `logits` does not hold real numbers or `labels` does not hold integers.
    ValueError
        If a shape does not fit, the batch is empty (it has no mean) or a label is out of range.

    Examples
    --------
    >>> loss, grad_logits = cross_entropy([[1, 2, 0]], [0])
    >>> round(loss, 4), grad_logits.round(4)
    (1.4076, array([[-0.7553,  0.6652,  0.09  ]], dtype=float32))
    """
    logits, labels = numbers(logits, "logits"), real_array(labels, "labels")
    if logits.ndim != 2 or logits.size == 0:
        raise ValueError(f"logits must be (N, classes) with at least one of each; got shape {logits.shape}")
    examples, classes = logits.shape
    if labels.shape != (examples,):
        raise ValueError(f"labels must be one class a row of logits, ({examples},); got shape {labels.shape}")
    if labels.dtype.kind not in "iu":
        raise TypeError(f"labels must hold integers; got dtype {labels.dtype}")
    if labels.min() < 0 or labels.max() >= classes:
        wrong = labels[(labels < 0) | (labels >= classes)][0]
        raise ValueError(f"labels must be from 0 to {classes - 1}; got {wrong}")

    truth = np.arange(examples), labels
    shifted = working(logits) - logits.max(axis=1, keepdims=True)  # (N, classes), the largest is 0
    exponentials = np.exp(shifted, order="C")
    sums = exponentials.sum(axis=1, keepdims=True)  # (N, 1)
    loss = np.mean(np.log(sums[:, 0]) - shifted[truth])
    grad_logits = exponentials / sums
    grad_logits[truth] -= 1
    grad_logits /= examples
    return float(loss), grad_logits.astype(logits.dtype, copy=False)
