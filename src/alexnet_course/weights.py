"""Weights in files, and weights and settings from other libraries in this course's order.

Here images are (N, H, W, C), filters (kernel_h, kernel_w, C / groups, filters), dense weights (in, out);
features are flattened in the order rows, columns, channels, and LRN's alpha multiplies the plain sum.
PyTorch and Caffe put channels first and outputs before inputs, and divide alpha by n; TensorFlow counts the
half width.
"""

import numpy as np

from alexnet_course import archive
from alexnet_course.checks import check_dtype, check_float_array, parameters_of, whole_number


def save(network, path, dtype=None):
    """Write the parameters of a network to a compressed .npz file.

    An old file is replaced once the new one is whole: a full disk or an interruption leaves it as it was.

    Parameters
    ----------
    network : Layer or Sequential
        Whose `params` to write.
    path : path-like
        The file. A link stays a link; the permissions of an old file are kept.
    dtype : dtype, optional
        A floating type; by default each array keeps its own. ``np.float16`` halves the file and keeps three
        digits of weights from 0.0001 up; of smaller ones fewer, and 0.00000001 becomes 0.

    Raises
    ------
    OSError
        If the file cannot be written.
    TypeError
        If `path` is none, or `dtype` or a parameter is of another kind than floating.
    ValueError
        If a value is NaN or infinite or does not fit into `dtype`, `path` is something else than a file, or a
        file cannot hold the name of a parameter.

    Examples
    --------
    >>> [float(f"{number:.4g}") for number in np.array([1e-4, 1e-6, 1e-8], np.float16)]
    [0.0001, 1.013e-06, 0.0]
    """
    arrays = dict(parameters_of(network, "network"))
    if dtype is not None:
        dtype, target = check_dtype(dtype), f"dtype {np.dtype(dtype)}"
        for name, array in arrays.items():
            archive.check_stored(name, array)
            arrays[name] = archive.cast(array, dtype, target, name)
    archive.write(path, arrays)


def load(network, path, sha256=None):
    """Read parameters from an .npz file into a network; all of them, or none.

    Nothing in the file is executed; see `archive.read`, which compares before it unpacks.

    Parameters
    ----------
    network : Layer or Sequential
        Its `params` are changed in place; they keep their dtype.
    path : path-like
        A file as `save` writes it: the names of `network.params`.
    sha256 : str, optional
        What the SHA-256 of the file must be, in hexadecimal digits.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If `path` is none, `sha256` no text, or a parameter of the network no array of floats.
    ValueError
        If the file is another than `sha256` says, is truncated or no .npz file, its names, shapes or values
        do not fit the network, or a parameter of the network cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> from alexnet_course.layers import Dense
    >>> trained, fresh = Dense(3, 2), Dense(3, 2)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(trained, f"{folder}/dense.npz")
    ...     load(fresh, f"{folder}/dense.npz")
    >>> bool((fresh.weight == trained.weight).all())
    True
    """
    params = parameters_of(network, "network")
    for name, parameter in params.items():
        check_float_array(parameter, f"{name} of the network")
    arrays, _ = archive.read(path, params, sha256)
    archive.replace(params, arrays)


def filters_from_channels_first(weight):
    """Return filters of PyTorch, Caffe or ONNX in this course's order.

    Parameters
    ----------
    weight : array_like, shape (filters, C / groups, kernel_h, kernel_w)
        "OIHW".

    Returns
    -------
    ndarray, shape (kernel_h, kernel_w, C / groups, filters)
        "HWIO", as TensorFlow has it too.

    Raises
    ------
    ValueError
        If `weight` has not four axes.

    Examples
    --------
    >>> filters_from_channels_first(np.zeros((96, 3, 11, 11))).shape
    (11, 11, 3, 96)
    """
    weight = np.asarray(weight)
    if weight.ndim != 4:
        raise ValueError(f"weight must be (filters, channels, kernel_h, kernel_w); got shape {weight.shape}")
    return np.array(weight.transpose(2, 3, 1, 0), order="C")


def dense_from_outputs_first(weight):
    """Return dense weights of PyTorch or Caffe in this course's order.

    For the first dense layer after a flattened image use `dense_from_channels_first`.

    Parameters
    ----------
    weight : array_like, shape (out_features, in_features)

    Returns
    -------
    ndarray, shape (in_features, out_features)

    Raises
    ------
    ValueError
        If `weight` has not two axes.

    Examples
    --------
    >>> dense_from_outputs_first(np.zeros((1000, 4096))).shape
    (4096, 1000)
    """
    weight = np.asarray(weight)
    if weight.ndim != 2:
        raise ValueError(f"weight must be (out_features, in_features); got shape {weight.shape}")
    return np.array(weight.T, order="C")


def dense_from_channels_first(weight, image_shape):
    """Return dense weights that follow a flattened image, such as fc6's, in this course's order.

    Parameters
    ----------
    weight : array_like, shape (out_features, C * H * W)
        Made for features flattened in the order channels, rows, columns.
    image_shape : tuple of int
        (H, W, C) of the image that is flattened: (6, 6, 256) for fc6.

    Returns
    -------
    ndarray, shape (H * W * C, out_features)
        For features flattened in the order rows, columns, channels.

    Raises
    ------
    TypeError, ValueError
        If the two do not fit, or `image_shape` is not three whole numbers.

    Examples
    --------
    Features 0 to 5 of an image of 1 x 2 pixels and 3 channels:

    >>> dense_from_channels_first(np.arange(6).reshape(1, 6), (1, 2, 3)).ravel()
    array([0, 2, 4, 1, 3, 5])
    """
    weight = np.asarray(weight)
    sizes = tuple(whole_number(size, "image_shape", minimum=1) for size in image_shape)
    if len(sizes) != 3:
        raise ValueError(f"image_shape must be (H, W, C); got {image_shape}")
    height, width, channels = sizes
    if weight.ndim != 2 or weight.shape[1] != height * width * channels:
        raise ValueError(
            f"weight must be (out_features, {height * width * channels}) for images {sizes}; "
            f"got shape {weight.shape}"
        )
    rows = weight.reshape(-1, channels, height, width).transpose(2, 3, 1, 0)  # (H, W, C, out_features)
    return np.array(rows, order="C").reshape(height * width * channels, -1)


def lrn_from_pytorch(size, alpha=1e-4, beta=0.75, k=1.0):
    """Return the arguments of `LocalResponseNormalization` for those of PyTorch's ``LocalResponseNorm``.

    Caffe's ``LRN`` (``local_size``, ``alpha``, ``beta``, ``k``) and ONNX's (``size``, ``alpha``, ``beta``,
    ``bias``) mean the same: all three divide alpha by the window. The 2012 code did so too.

    Parameters
    ----------
    size : int
        Channels in the window, odd.
    alpha, beta, k : float
        PyTorch's letters and defaults.

    Returns
    -------
    dict
        ``n``, ``k``, ``alpha`` and ``beta``.

    Raises
    ------
    TypeError, ValueError
        If `size` is not an odd whole number.

    Examples
    --------
    >>> lrn_from_pytorch(5, alpha=5e-4, k=2)
    {'n': 5, 'k': 2, 'alpha': 0.0001, 'beta': 0.75}
    """
    if whole_number(size, "size", minimum=1) % 2 == 0:
        raise ValueError(f"size must be odd, so that a channel sits in the middle; got {size}")
    return {"n": size, "k": k, "alpha": alpha / size, "beta": beta}


def lrn_from_tensorflow(depth_radius=5, bias=1.0, alpha=1.0, beta=0.5):
    """Return the arguments of `LocalResponseNormalization` for those of TensorFlow's.

    TensorFlow counts the neighbours on one side; its alpha multiplies the plain sum, as here.

    Parameters
    ----------
    depth_radius : int
        Half the window, the channel itself left out: 2 for the paper's n = 5.
    bias, alpha, beta : float
        TensorFlow's names and defaults; bias is the paper's k.

    Returns
    -------
    dict
        ``n``, ``k``, ``alpha`` and ``beta``.

    Raises
    ------
    TypeError, ValueError
        If `depth_radius` is not a whole number from 0 up.

    Examples
    --------
    >>> lrn_from_tensorflow(depth_radius=2, bias=2, alpha=1e-4, beta=0.75)
    {'n': 5, 'k': 2, 'alpha': 0.0001, 'beta': 0.75}
    """
    return {"n": 2 * whole_number(depth_radius, "depth_radius") + 1, "k": bias, "alpha": alpha, "beta": beta}
