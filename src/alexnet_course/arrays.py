"""What an argument that is an array must hold: real numbers, in one of a few shapes."""

import numpy as np


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
        ``"N"`` in front also for 0.
        ``"..., C"`` allows any number of axes before the last.

    Returns
    -------
    ndarray

    Raises
    ------
    TypeError
        If it does not hold real numbers.
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
    wanted = " or ".join(f"({shape})" if "," in shape else f"({shape},)" for shape in shapes)
    try:
        array = np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} must be {wanted}; its rows have different lengths") from None
    if array.dtype.kind not in "buif":
        raise TypeError(f"{name} must hold real numbers; got dtype {array.dtype}")
    if not any(_fits(array.shape, shape.split(", ")) for shape in shapes):
        hint = "; use image[np.newaxis]" if shapes[0] == "N, H, W, C" and array.ndim == 3 else ""
        raise ValueError(f"{name} must be {wanted}; got shape {array.shape}{hint}")
    if 0 in array.shape[shapes[0].startswith("N,") :]:
        raise ValueError(f"{name} must hold at least one number; got shape {array.shape}")
    return array


def _fits(found, wanted):
    """Say whether a shape is one of those that the names describe."""
    if wanted[0] == "...":
        found, wanted = found[max(len(found) - len(wanted) + 1, 0) :], wanted[1:]
    return len(found) == len(wanted) and all(
        not name.isdigit() or int(name) == size for name, size in zip(wanted, found, strict=True)
    )
