"""Arrays in one file: written whole or not at all, and read without running anything that is in it.

The file is an .npz archive, as NumPy writes them, of arrays of floats; notes may stand beside them, as JSON.
"""

import collections
import hashlib
import io
import json
import os
import pathlib
import secrets
import shutil
import zipfile

import numpy as np

from alexnet_course.checks import check_float_array

_HEADER = 1 << 14  # bytes that are read of an array before it is known to fit
_NOTES = "notes.json"
_LONGEST_NOTES = 1 << 26  # bytes: room for the losses of three million steps
_OTHER_KINDS = {  # how files begin that are often taken for weights
    b"\x93NUMPY": "it is a single array (.npy)",
    b"\x80": "it is a pickle, which could run a program",
    b"\x89HDF": "it is an HDF5 file",
    b"\x1f\x8b": "it is packed by gzip",
}


def write(path, arrays, notes=None):
    """Write arrays to a compressed .npz file.

    An old file is replaced once the new one is whole: a full disk or an interruption leaves it as it was.

    Parameters
    ----------
    path : path-like
        The file. A link stays a link; the permissions of an old file are kept.
    arrays : dict of str to ndarray
        Finite floats.
    notes : dict, optional
        What JSON can hold; floats keep all their digits.

    Raises
    ------
    OSError
        If the file cannot be written.
    TypeError
        If `path` is none, or an array holds no floats.
    ValueError
        If a value is NaN or infinite, `path` is something else than a file, or a file cannot hold a name.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write(f"{folder}/file.npz", {"a": np.array([0.5])}, {"epoch": 3})
    ...     read(f"{folder}/file.npz", {"a": np.zeros(1)}, notes=True)
    ({'a': array([0.5])}, {'epoch': 3})
    """
    for name, array in arrays.items():
        check_stored(name, array)
    path = writeable_path(path)
    unfinished = path.with_name(f".unfinished-{secrets.token_hex(4)}.npz")
    try:
        with unfinished.open("xb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, array in arrays.items():
                    with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                        np.lib.format.write_array(member, array, allow_pickle=False)
                if notes is not None:
                    archive.writestr(_NOTES, json.dumps(notes, allow_nan=False))
            file.flush()
            os.fsync(file.fileno())  # or a power cut could leave the new name on an empty file
        if path.exists():
            shutil.copymode(path, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def writeable_path(path):
    """Return where to write a file, links followed, or raise TypeError, ValueError or OSError."""
    path = _path(path).resolve()
    if path.exists() and not path.is_file():
        raise ValueError(f"path must name a file; {path} is none")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"there is no folder {path.parent} to save in")
    if path.exists() and not os.access(path, os.W_OK):  # to replace it, the folder alone would be asked
        raise PermissionError(f"{path} is write-protected")
    return path


def _path(path):
    """Return a path, or raise TypeError or ValueError."""
    try:
        path = os.fsdecode(path)
    except TypeError:
        raise TypeError(f"path must be a path, not an open file; got {type(path).__name__}") from None
    if "\0" in path:
        raise ValueError(f"path must be a path; got {path!r}")
    return pathlib.Path(path)


def check_stored(name, array):
    """Raise TypeError or ValueError unless an array can be written, and read again."""
    if not isinstance(name, str) or zipfile.ZipInfo(f"{name}.npy").filename != f"{name}.npy":
        raise ValueError(f"a parameter called {name!r} would have another name in the file")
    check_float_array(array, name, writeable=False)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} holds NaN or infinity, which load would refuse")


def cast(array, dtype, target, name):
    """Return finite numbers in another dtype, or raise ValueError if one is too large for it."""
    with np.errstate(over="ignore"):
        other = array.astype(dtype)
    if not np.isfinite(other).all():
        raise ValueError(f"{target} is too small for {name}: its largest value is {np.abs(array).max():g}")
    return other


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
        shipped = path.resolve().is_relative_to(pathlib.Path(__file__).parent)
        cure = "; install the course again" if shipped else ": it is a folder" if path.is_dir() else ""
        raise FileNotFoundError(f"there is no weight file {path}{cure}")
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


def read(path, wanted, sha256=None, notes=False):
    """Return the arrays of an .npz file, once it is known that they are those that are wanted.

    Nothing in the file is executed: arrays that would need pickle are refused. Names, shapes and sizes are
    compared before anything is unpacked.

    Parameters
    ----------
    path : path-like
        A file as `write` makes it.
    wanted : dict of str to ndarray
        Arrays of the names and shapes that the file must have; what is read comes in their dtypes.
    sha256 : str, optional
        What the SHA-256 of the file must be, in hexadecimal digits.
    notes : bool
        Whether the file must hold notes; otherwise it must hold none. A file with notes is one of a run that
        goes on to the last digit, so its arrays must have the wanted dtypes, too.

    Returns
    -------
    arrays : dict of str to ndarray
    notes : dict or None

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If `path` is none, or `sha256` no text.
    ValueError
        If the file is another than `sha256` says, is truncated or no .npz file, or does not hold what is
        wanted.
    """
    path = weight_file(path, sha256)
    try:
        return _contents(path, wanted, notes)
    except _MisfitError as error:
        raise ValueError(f"{path}: {error}") from None
    except Exception as error:  # what zip, zlib and NumPy raise depends on where a file is damaged
        what = kind_of_file(path) or error
        raise ValueError(f"{path} is no .npz file of plain arrays, or it is damaged: {what}") from error


def replace(present, arrays):
    """Write arrays into those that are there; into all of them, or none.

    Parameters
    ----------
    present : dict of str to ndarray
        Changed in place.
    arrays : dict of str to ndarray
        Of the same names and shapes. It is empty afterwards.
    """
    kept = {}
    try:
        for name in present:
            kept[name] = present[name].copy()
            present[name][...] = arrays.pop(name)  # at no time does memory hold all numbers three times
    except BaseException:  # Ctrl-C too must not leave half of one network and half of another
        for name, array in kept.items():
            present[name][...] = array
        raise


class _MisfitError(Exception):
    """A file can be read, but does not hold what is wanted."""


def _contents(path, wanted, notes):
    """Return the arrays of an .npz file by name, in the dtypes that are wanted, and its notes."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        names = [member.filename for member in members]
        if (_NOTES in names) != notes:
            raise _MisfitError(
                "it holds weights without the run that they come from: weights.load reads it"
                if notes
                else "it is a checkpoint of a run, not weights alone: a Checkpoint resumes it"
            )
        found = _notes(archive, members.pop(names.index(_NOTES))) if notes else None
        strangers = sorted({member.filename for member in members if not member.filename.endswith(".npy")})
        if strangers:
            raise ValueError(f"{', '.join(strangers[:4])} is no array")
        names = [member.filename.removesuffix(".npy") for member in members]
        twice = [name for name, times in collections.Counter(names).items() if times > 1]
        if twice:
            raise ValueError(f"it holds {', '.join(twice[:4])} more than once")
        missing, unknown = sorted(wanted.keys() - set(names)), sorted(set(names) - wanted.keys())
        if missing or unknown:
            lacks, has = missing[:8] or "nothing", unknown[:8] or "nothing"
            raise _MisfitError(f"it does not fit this network; it lacks {lacks} and has {has} more")
        members = dict(zip(names, members, strict=True))
        for name, array in wanted.items():
            _check_header(archive, members[name], name, array.shape, array.dtype if notes else None)
        arrays = {name: _array(archive, members[name], name, wanted[name].dtype) for name in wanted}
    return arrays, found


def _check_packing(member, name):
    """Raise an error for a method of packing other than NumPy's: the others unpack unasked."""
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ValueError(f"{name} is packed by another method than NumPy's")


def _notes(archive, member):
    """Return the notes in a member of the archive."""
    _check_packing(member, _NOTES)
    if member.file_size > _LONGEST_NOTES:
        raise ValueError(f"{_NOTES} has {member.file_size:,} bytes; at most {_LONGEST_NOTES:,} are read")
    return json.loads(archive.read(member))


def _check_header(archive, member, name, shape, dtype):
    """Raise an error unless a member of the archive says that it is an array of this shape and dtype."""
    _check_packing(member, name)
    with archive.open(member) as file:
        start = io.BytesIO(file.read(_HEADER))
    version = np.lib.format.read_magic(start)
    read = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    found_shape, _, found = read(start)
    if found_shape != shape:
        raise _MisfitError(f"{name} must have shape {shape}; got {found_shape}")
    if found.kind != "f":
        raise _MisfitError(f"{name} must hold finite floating-point numbers; got {found}")
    if dtype is not None and found != dtype:
        raise _MisfitError(f"{name} must be {dtype}, to go on with the same digits; got {found}")
    size = start.tell() + int(np.prod(shape)) * found.itemsize
    if member.file_size != size:
        raise ValueError(f"{name} has {member.file_size:,} bytes, and its first ones promise {size:,}")


def _array(archive, member, name, dtype):
    """Return the array in a member of the archive, in a dtype that holds its values."""
    with archive.open(member) as file:
        array = np.lib.format.read_array(file, allow_pickle=False)
    if not np.isfinite(array).all():
        raise _MisfitError(f"{name} must hold finite floating-point numbers; it has NaN or infinity")
    try:
        return cast(array, dtype, f"the network's {dtype}", name)
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
