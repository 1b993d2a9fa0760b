"""What callers hand over, checked: each function returns it in its plain form or says what is wrong.

A message names the argument as the caller knows it, what it must be, and what came.
"""

from collections.abc import Mapping
from operator import index

import numpy as np


def whole_number(value, name, minimum=0):
    """Return `value` as an int, or explain what is wrong with it.

    Parameters
    ----------
    value : int
        Any integer type; True, 1.0 and "1" are refused.
    name : str
        What to call it in the message.
    minimum : int
        The smallest value allowed.

    Raises
    ------
    TypeError
        If `value` is not an integer.
    ValueError
        If `value` is below `minimum`.

    Examples
    --------
    >>> whole_number(3, "stride", minimum=1)
    3
    >>> whole_number(0, "stride", minimum=1)
    Traceback (most recent call last):
    ValueError: stride must be at least 1; got 0
    """
    try:
        number = None if isinstance(value, bool) else index(value)
    except TypeError:
        number = None
    if number is None:
        raise TypeError(f"{name} must be a whole number; got {value!r}")
    if number < minimum:
        raise ValueError(f"{name} must be at least {minimum}; got {number}")
    return number


def pair(value, name, minimum=0):
    """Return (rows, columns) from one whole number or a pair of them.

    Parameters
    ----------
    value : int or pair of int
        One number means the same for both axes.
    name : str
        What to call it in the message.
    minimum : int
        The smallest value allowed.

    Raises
    ------
    TypeError
        If a number is not whole.
    ValueError
        If there are not one or two numbers, or one is below `minimum`.

    Examples
    --------
    >>> pair(3, "kernel_size"), pair((3, 5), "kernel_size")
    ((3, 3), (3, 5))
    """
    numbers = tuple(value) if isinstance(value, (tuple, list)) else (value, value)
    if len(numbers) != 2:
        raise ValueError(f"{name} must be one whole number or a pair (rows, columns); got {value!r}")
    return tuple(whole_number(number, name, minimum) for number in numbers)


def real_number(value, name, minimum=0.0):
    """Return `value` as a float, or raise an error unless it is a finite number from `minimum` up."""
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name} must be a number; got {value!r}")
    if not minimum <= value < np.inf or value == -np.inf:
        limit = "" if minimum == -np.inf else f" from {minimum:g} up"
        raise ValueError(f"{name} must be a finite number{limit}; got {value}")
    return float(value)


def check_padding(padding):
    """Return `padding` in its plain form: ``"valid"``, ``"same"`` or a pair (rows, columns).

    Raises
    ------
    TypeError, ValueError
        If it is none of: a whole number from 0, a pair of them, ``"valid"``, ``"same"``.

    Examples
    --------
    >>> check_padding(2), check_padding("same")
    ((2, 2), 'same')
    """
    if isinstance(padding, str):
        if padding not in ("valid", "same"):
            raise ValueError(f'padding must be a whole number, a pair, "valid" or "same"; got {padding!r}')
        return padding
    return pair(padding, "padding")


def parameters_of(model, name):
    """Return the `params` of a layer or a network, or raise TypeError for anything else."""
    params = getattr(model, "params", None)
    if not isinstance(params, Mapping):
        raise TypeError(f"{name} must be a layer or a network; got {model!r}")
    return params


def check_dtype(dtype):
    """Return `dtype` as a NumPy dtype, or raise TypeError unless it is a floating one."""
    try:
        found = None if dtype is None else np.dtype(dtype)
    except TypeError:  # NumPy knows no such name
        found = None
    if found is None or found.kind != "f":
        raise TypeError(f"dtype must be a floating type such as np.float32; got {found or repr(dtype)}")
    return found


def check_generator(rng):
    """Return `rng`, or a fresh generator for None; raise TypeError for anything else."""
    if rng is None:
        return np.random.default_rng()
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"rng must be a Generator, such as np.random.default_rng(0); got {rng!r}")
    return rng


def numbers(x, name, dtype=None):
    """Return `x` as an array of real numbers.

    Parameters
    ----------
    x : array_like
        Any integers or floats. It is not copied if it has the right dtype.
    name : str
        What to call it in the message.
    dtype : dtype or "own", optional
        The dtype to return; ``"own"`` is whichever it has. By default floats stay as they are and integers
        become float32.

    Raises
    ------
    TypeError
        If `x` does not hold real numbers, or is masked: a layer would see what the mask hides.
    ValueError
        If its rows have different lengths.

    Examples
    --------
    >>> numbers([1, 2], "x")
    array([1., 2.], dtype=float32)
    """
    if type(x) is not np.ndarray or x.dtype.kind != "f":  # floats are the rule, and right as they are
        x = real_array(x, name)
    if isinstance(dtype, str):
        return x
    if dtype is None:
        dtype = x.dtype if x.dtype.kind == "f" else np.float32
    return x.astype(dtype, copy=False)


def real_array(values, name, *shapes):
    """Return `values` as an array of real numbers, or explain what is wrong with it.

    Parameters
    ----------
    values : array_like
        It is not copied if it is an array.
    name : str
        What to call it in the message.
    *shapes : str
        The shapes allowed, as ``"H, W, 3"``: a number stands for itself, a name for any length from 1 up,
        ``"N"`` in front also for 0. ``"..., C"`` allows any number of axes before the last. None: any shape.

    Returns
    -------
    ndarray

    Raises
    ------
    TypeError
        If it does not hold real numbers, or is masked: what the mask hides would count.
    ValueError
        If it holds none, or has another shape.

    Examples
    --------
    >>> real_array([[1, 2, 3]], "colours", "N, 3").shape
    (1, 3)
    >>> real_array([1, 2, 3], "photograph", "H, W", "H, W, 3")
    Traceback (most recent call last):
    ValueError: photograph must be (H, W) or (H, W, 3); got shape (3,)
    """
    if isinstance(values, np.ma.MaskedArray):
        raise TypeError(f"{name} must not be masked: fill it first, as with {name.split()[-1]}.filled(0)")
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must be {_listed(shapes)}; its rows have different lengths") from None
    if array.dtype.kind not in "buif":
        raise TypeError(f"{name} must hold real numbers; got dtype {array.dtype}")
    if not shapes:
        return array
    if not any(_fits(array.shape, shape.split(", ")) for shape in shapes):
        raise ValueError(f"{name} must be {_listed(shapes)}; got shape {array.shape}")
    if 0 in array.shape[shapes[0].startswith("N,") :]:
        raise ValueError(f"{name} must hold at least one number; got shape {array.shape}")
    return array


def check_float_array(array, name, writeable=True):
    """Raise an error unless `array` is a plain array of floats, which can be written to.

    For what is changed in place: a list would be copied, and a mask keep its numbers from changing.

    Raises
    ------
    TypeError
        If it is no array, one of a kind of its own, such as a masked one, or holds no floats.
    ValueError
        If it is read-only, unless `writeable` is False.

    Examples
    --------
    >>> check_float_array([0.5], "weight")
    Traceback (most recent call last):
    TypeError: weight must be an array of floats; got list
    """
    plain = type(array) in (np.ndarray, np.memmap)
    if not plain or array.dtype.kind != "f":
        found = array.dtype if plain else type(array).__name__
        raise TypeError(f"{name} must be an array of floats; got {found}")
    if writeable and not array.flags.writeable:
        raise ValueError(f"{name} is read-only, and cannot be changed: take a copy")


def held(values, name, dtype):
    """Return a copy of real numbers in `dtype`, in C order, or raise ValueError if it cannot hold them.

    Examples
    --------
    >>> held([1e300], "weight", np.float32)
    Traceback (most recent call last):
    ValueError: weight must fit in float32; got 1e+300
    """
    values = real_array(values, name)
    with np.errstate(over="ignore"):
        copy = np.array(values, dtype, order="C")
    lost = np.isinf(copy) & np.isfinite(values)
    if lost.any():
        raise ValueError(f"{name} must fit in {np.dtype(dtype)}; got {values[lost].flat[0]:g}")
    return copy


def check_shape(shape, name, expected=None):
    """Return the shape of one example, without N, as a tuple of whole numbers from 1.

    Parameters
    ----------
    shape : iterable of int
        What was given.
    name : str
        What to call it in the message.
    expected : tuple of (int or str), optional
        A number for each axis of one length, a letter for each axis of any.

    Raises
    ------
    TypeError
        If it is no sequence of whole numbers.
    ValueError
        If a number is below 1, or the shape is not the expected one.

    Examples
    --------
    >>> check_shape((8, 8), "input_shape", ("H", "W", 3))
    Traceback (most recent call last):
    ValueError: input_shape must be (H, W, 3), without N; got (8, 8)
    """
    wanted = "the shape of one example" if expected is None else _shown(expected)
    try:
        sizes = tuple(whole_number(size, name, minimum=1) for size in shape)
    except (TypeError, ValueError) as error:
        raise type(error)(
            f"{name} must be {wanted}, without N, in whole numbers from 1; got {shape!r}"
        ) from None
    if expected is not None and not _agrees(sizes, expected):
        raise ValueError(f"{name} must be {wanted}, without N; got {sizes}")
    return sizes


def check_images(shape, name, expected=("H", "W", "C")):
    """Raise ValueError unless `shape` is that of a batch of images: N, and the `expected` axes of one.

    Parameters are those of `check_shape`.

    Examples
    --------
    >>> check_images((227, 227, 3), "images")
    Traceback (most recent call last):
    ValueError: images must have shape (N, H, W, C); got (227, 227, 3). For one image pass image[np.newaxis].
    """
    if _agrees(shape[1:], expected) and 0 not in shape[1:]:
        return
    hint = ""
    if len(shape) == 3:
        hint = " For one image pass image[np.newaxis]."
    elif len(shape) == 4 and 0 in shape[1:]:
        hint = " There is no pixel in it."
    elif len(shape) == 4 and _agrees((*shape[2:], shape[1]), expected):
        hint = " Channels come last: x.transpose(0, 2, 3, 1)."
    raise ValueError(f"{name} must have shape {_shown(('N', *expected))}; got {tuple(shape)}.{hint}")


def _listed(shapes):
    """Return the shapes allowed as text: ``(H, W) or (H, W, 3)``."""
    return " or ".join(f"({shape})" if "," in shape else f"({shape},)" for shape in shapes) or "an array"


def _fits(found, wanted):
    """Say whether a shape is one of those that the names describe."""
    if wanted[0] == "...":
        found, wanted = found[max(len(found) - len(wanted) + 1, 0) :], wanted[1:]
    return len(found) == len(wanted) and all(
        not name.isdigit() or int(name) == size for name, size in zip(wanted, found, strict=True)
    )


def _agrees(shape, expected):
    """Return whether a shape has the expected axes, each of its length if that is a number."""
    return len(shape) == len(expected) and all(
        isinstance(wanted, str) or wanted == size for size, wanted in zip(shape, expected, strict=True)
    )


def _shown(expected):
    """Return expected axes as text: ``(N, H, W, 3)``."""
    return f"({', '.join(map(str, expected))})" if len(expected) > 1 else f"({expected[0]},)"
