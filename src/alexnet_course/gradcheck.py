"""Is a gradient right? Compare it with what nudging every number does to the result.

Works on anything with `forward` and `backward`: a layer, a network, a learner's own class.
"""

import numpy as np

from alexnet_course.checks import check_float_array, check_generator, real_array, real_number


def numerical_gradient(function, x, step=1e-6):
    """Return the gradient of a function by central differences.

    Parameters
    ----------
    function : callable
        Takes no argument and returns a number that depends on `x`.
    x : ndarray of float64
        Nudged in place, one number after the other, and restored, also after an error.
    step : float
        Half the distance between the two points of a difference, above 0. Its error falls with ``step ** 2``
        until rounding takes over.

    Returns
    -------
    ndarray, shape of `x`

    Raises
    ------
    TypeError
        If `x` is not a float64 array: rounding would drown the differences. If `step` is no number.
    ValueError
        If `x` is read-only, or `step` is not above 0 or so small that it leaves a number of `x` as it is.

    Examples
    --------
    >>> x = np.array([1.0, 2.0])
    >>> numerical_gradient(lambda: (x**2).sum(), x).round(6)
    array([2., 4.])
    """
    _check_float64(x, "x")
    step = real_number(step, "step")
    if step == 0 or (x + step == x - step).any():
        raise ValueError(f"step must be above 0, and change every number of x; got {step:g}")
    gradient = np.empty(x.shape)
    for place in np.ndindex(x.shape):
        value = x[place]
        try:
            x[place] = value + step
            above = function()
            x[place] = value - step
            below = function()
        finally:
            x[place] = value
        gradient[place] = (above - below) / (2 * step)
    return gradient


def relative_gap(a, b):
    """Return the largest difference of two arrays, relative to their largest magnitude.

    Returns
    -------
    float
        0 for equal arrays, up to 2; NaN if a number is NaN or infinite.

    Raises
    ------
    TypeError
        If one does not hold real numbers.
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> relative_gap(np.array([1.0, 10.0]), np.array([1.0, 9.0]))
    0.1
    """
    a, b = (real_array(x, name).astype(np.float64) for x, name in ((a, "a"), (b, "b")))  # small integers wrap
    if a.shape != b.shape:
        raise ValueError(f"the shapes differ: {a.shape} and {b.shape}")
    if a.size == 0:
        return 0.0
    largest = np.maximum(np.abs(a), np.abs(b)).max()
    with np.errstate(invalid="ignore"):
        return float(np.abs(a - b).max() / largest) if largest else 0.0


def gradient_gaps(layer, x, rng=None, step=1e-6):
    """Return how far a layer's gradients are from central differences.

    The loss is a fixed random weighting of the outputs, so one pass checks all of them.

    Parameters
    ----------
    layer : Layer or object
        With ``forward(x)``, ``backward(grad_output)`` and, if it has parameters, the dicts ``params`` and
        ``grads``. Parameters must be float64. It gets copies, and may write into them.
    x : ndarray of float64
        Its input. Keep it away from kinks: ties in a pool, zeros before ReLU.
    rng : numpy.random.Generator, optional
        Draws the weighting; None means a fresh generator.
    step : float
        See `numerical_gradient`.

    Returns
    -------
    dict of str to float
        The `relative_gap` of ``"input"`` and of each parameter; below 1e-6 a gradient is right.

    Raises
    ------
    TypeError
        If `x` or a parameter is not a float64 array, or a gradient does not hold real numbers.
    ValueError
        If a parameter is read-only, `step` is not as `numerical_gradient` wants it, the layer is in training
        mode (dropout would change between two nudges), or backward leaves out a gradient or gives one of
        another shape.

    Examples
    --------
    >>> from alexnet_course.layers import Conv2D
    >>> rng = np.random.default_rng(0)
    >>> conv = Conv2D(1, 2, kernel_size=3, rng=rng, dtype=np.float64)
    >>> gaps = gradient_gaps(conv, rng.standard_normal((1, 5, 5, 1)), rng)
    >>> {name: gap < 1e-6 for name, gap in gaps.items()}
    {'input': True, 'weight': True, 'bias': True}
    """
    if getattr(layer, "training", False):
        raise ValueError("layer is in training mode: dropout would change between nudges; set training False")
    x = real_array(x, "x").copy()
    nudged = {"input": x, **getattr(layer, "params", {})}
    for name, array in nudged.items():
        _check_float64(array, name)
    grad_output = check_generator(rng).standard_normal(np.shape(layer.forward(x.copy())))
    analytic = {"input": layer.backward(grad_output.copy()), **getattr(layer, "grads", {})}
    analytic = {
        name: real_array(gradient, f"the gradient of {name}").copy()
        for name, gradient in analytic.items()
        if gradient is not None
    }
    for name, array in nudged.items():
        if name not in analytic or analytic[name].shape != array.shape:
            found = f"one of shape {analytic[name].shape}" if name in analytic else "none"
            raise ValueError(f"backward must give {name} a gradient of shape {array.shape}; it gave {found}")

    def loss():
        return float(np.sum(layer.forward(x.copy()) * grad_output))

    return {
        name: relative_gap(analytic[name], numerical_gradient(loss, array, step))
        for name, array in nudged.items()
    }


def _check_float64(array, name):
    """Raise an error unless `array` is a plain float64 array that can be written to."""
    found = getattr(array, "dtype", type(array).__name__)
    if not isinstance(array, np.ndarray) or found != np.float64:
        raise TypeError(f"{name} must be a float64 array; got {found}: build layers with dtype=np.float64")
    check_float_array(array, name)
