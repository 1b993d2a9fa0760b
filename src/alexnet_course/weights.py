"""Weights in files, and weights and settings from other libraries in this course's order.

Here images are (N, H, W, C), filters (kernel_h, kernel_w, C / groups, filters), dense weights (in, out);
features are flattened in the order rows, columns, channels, and LRN's alpha multiplies the plain sum.
PyTorch and Caffe put channels first and outputs before inputs, and divide alpha by n; TensorFlow counts the
half width.
"""

import collections
import hashlib
import io
import os
import pathlib
import secrets
import shutil
import zipfile

import numpy as np

from alexnet_course.checks import check_dtype, check_float_array, parameters_of, whole_number

_HEADER = 1 << 14  # bytes that are read of an array before it is known to fit
_OTHER_KINDS = {  # how files begin that are often taken for weights
    b"\x93NUMPY": "it is a single array (.npy)",
    b"\x80": "it is a pickle, which could run a program",
    b"\x89HDF": "it is an HDF5 file",
    b"\x1f\x8b": "it is packed by gzip",
}


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
    arrays = {name: _stored(name, array, dtype) for name, array in parameters_of(network, "network").items()}
    path = _path(path).resolve()
    if path.exists() and not path.is_file():
        raise ValueError(f"path must name a file; {path} is none")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent} to save in")
    if path.exists() and not os.access(path, os.W_OK):  # to replace it, the folder alone would be asked
        raise PermissionError(f"{path} is write-protected")
    unfinished = path.with_name(f".unfinished-{secrets.token_hex(4)}.npz")
    try:
        with unfinished.open("xb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, array in arrays.items():
                    with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                        np.lib.format.write_array(member, array, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())  # or a power cut could leave the new name on an empty file
        if path.exists():
            shutil.copymode(path, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _path(path):
    """Return a path, or raise TypeError or ValueError."""
    try:
        path = os.fsdecode(path)
    except TypeError:
        raise TypeError(f"path must be a path, not an open file; got {type(path).__name__}") from None
    if "\0" in path:
        raise ValueError(f"path must be a path; got {path!r}")
    return pathlib.Path(path)


def _stored(name, array, dtype):
    """Return a parameter as `save` writes it, or raise TypeError or ValueError."""
    if not isinstance(name, str) or zipfile.ZipInfo(f"{name}.npy").filename != f"{name}.npy":
        raise ValueError(f"a parameter called {name!r} would have another name in the file")
    check_float_array(array, name, writeable=False)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds NaN or infinity, which load would refuse")
    return array if dtype is None else _cast(array, check_dtype(dtype), f"dtype {np.dtype(dtype)}", name)


def _cast(array, dtype, target, name):
    """Return finite numbers in another dtype, or raise ValueError if one is too large for it."""
    with np.errstate(over="ignore"):
        cast = array.astype(dtype)
    if not np.isfinite(cast).all():
        raise ValueError(f"{target} is too small for {name}: its largest value is {np.abs(array).max():g}")
    return cast


def weight_file(path, sha256=None):
    """Return the path of a file of weights that is there and, by its SHA-256, is the one that was meant.

    Parameters
    ----------
    path : path-like
    sha256 : str, optional
        What the SHA-256 of the file must be, in hexadecimal digits, or how it must begin.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If `path` is none, or `sha256` no text.
    ValueError
        If the file is another one.
    """
    path = _path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no weight file {path}; install the course again, or name another")
    if sha256 is not None:
        if not isinstance(sha256, str):
            raise TypeError(f"sha256 must be hexadecimal digits, as text; got {sha256!r}")
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if not sha256 or not found.startswith(sha256.lower()):
            raise ValueError(
                f"{path} is not the file that was meant: its SHA-256 is {found}, expected {sha256}. It may "
                "be truncated or altered; install the course again, or fetch the file again."
            )
    return path


def load(network, path, sha256=None):
    """Read parameters from an .npz file into a network; all of them, or none.

    Nothing in the file is executed: arrays that would need pickle are refused. Names, shapes and sizes are
    compared before anything is unpacked.

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
    params, path = parameters_of(network, "network"), weight_file(path, sha256)
    for name, parameter in params.items():
        check_float_array(parameter, f"{name} of the network")
    try:
        arrays = _arrays(path, params)
    except _MisfitError as error:
        raise ValueError(f"{path}: {error}") from None
    except Exception as error:  # what zip, zlib and NumPy raise depends on where a file is damaged
        what = kind_of_file(path) or error
        raise ValueError(f"{path} is no .npz file of plain arrays, or it is damaged: {what}") from error
    kept = {}
    try:
        for name in params:
            kept[name] = params[name].copy()
            params[name][...] = arrays.pop(name)  # at no time does memory hold all numbers three times
    except BaseException:  # Ctrl-C too must not leave half of one network and half of another
        for name, array in kept.items():
            params[name][...] = array
        raise


class _MisfitError(Exception):
    """A file can be read, but does not fit the network."""


def _arrays(path, params):
    """Return the arrays of an .npz file by name, in the dtypes of the parameters that they are for."""
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        strangers = sorted({name for name in names if not name.endswith(".npy")})
        if strangers:
            raise ValueError(f"{', '.join(strangers[:4])} is no array")
        names = [name.removesuffix(".npy") for name in names]
        twice = [name for name, times in collections.Counter(names).items() if times > 1]
        if twice:
            raise ValueError(f"it holds {', '.join(twice[:4])} more than once")
        missing, unknown = sorted(params.keys() - set(names)), sorted(set(names) - params.keys())
        if missing or unknown:
            lacks, has = missing or "nothing", unknown[:8] or "nothing"
            raise _MisfitError(f"it does not fit this network; it lacks {lacks} and has {has} more")
        members = dict(zip(names, archive.infolist(), strict=True))
        for name, parameter in params.items():
            _check_header(archive, members[name], name, parameter.shape)
        return {name: _array(archive, members[name], name, params[name].dtype) for name in params}


def _check_header(archive, member, name, shape):
    """Raise an error unless a member of the archive says that it is an array of this shape."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the others unpack unasked
        raise ValueError(f"{name} is packed by another method than NumPy's")
    with archive.open(member) as file:
        start = io.BytesIO(file.read(_HEADER))
    version = np.lib.format.read_magic(start)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    found, _, dtype = read(start)
    if found != shape:
        raise _MisfitError(f"{name} must have shape {shape}; got {found}")
    if dtype.kind != "f":
        raise _MisfitError(f"{name} must hold finite floating-point numbers; got {dtype}")
    size = start.tell() + int(np.prod(shape)) * dtype.itemsize
    if member.file_size != size:
        raise ValueError(f"{name} has {member.file_size:,} bytes, and its first ones promise {size:,}")


def _array(archive, member, name, dtype):
    """Return the array in a member of the archive, in a dtype that holds its values."""
    with archive.open(member) as file:
        array = np.lib.format.read_array(file, allow_pickle=False)
    if not np.isfinite(array).all():
        raise _MisfitError(f"{name} must hold finite floating-point numbers; it has NaN or infinity")
    try:
        return _cast(array, dtype, f"the network's {dtype}", name)
    except ValueError as error:
        raise _MisfitError(error) from None


def kind_of_file(path):
    """Say what a file is, such as ``"it is empty"``, if its first bytes tell that it holds no weights."""
    with path.open("rb") as file:
        start = file.read(512)
    if not start:
        return "it is empty"
    if all(byte >= 32 or byte in b"\t\n\r" for byte in start):
        return "it is a text file"
    return next((kind for magic, kind in _OTHER_KINDS.items() if start.startswith(magic)), "")


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
