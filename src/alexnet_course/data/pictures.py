"""Pictures of the reader's own, in the form of the course's photographs."""

import io
import os
import pathlib
import warnings

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

SHORTER_SIDE = 256
#: What cameras, phones and pages write. Pillow reads more, but hands some formats to another program.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
#: Smaller pictures hold too little to name anything; larger ones fill the memory (a gigabyte if transparent).
SMALLEST, MOST_PIXELS = 32, 64_000_000
#: Only the middle square is looked at: of a longer strip it shows next to nothing.
LONGEST_STRIP = 10
_GREY_STEPS = {"L;2": 85, "L;4": 17}  # from one grey level to the next, in PNG files of 4 and 16 levels


def open_picture(source):
    """Return a picture as the course's photographs are stored.

    Turned upright as its metadata says, if they can be read; on white where it is transparent; in red, green
    and blue, and scaled (by Pillow's bilinear filter) so that the shorter side has 256 pixels. Of an
    animation the first frame counts.

    Parameters
    ----------
    source : path-like, bytes or file object
        The file, or what is in it: PNG, JPEG, WebP, GIF, BMP or TIFF.

    Returns
    -------
    ndarray of uint8, shape (H, W, 3)

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    TypeError
        If `source` is something else, such as an array.
    ValueError
        If it is no picture, damaged, smaller than 32 pixels, larger than 64 million, a long strip, or holds
        floating-point numbers.

    Examples
    --------
    >>> from alexnet_course.data import photographs
    >>> open_picture(photographs.FOLDER / "chelsea.png").shape
    (256, 385, 3)
    """
    if isinstance(source, (bytes, bytearray, memoryview)):
        source = io.BytesIO(source)
    elif isinstance(source, (str, os.PathLike)):
        source = pathlib.Path(os.fsdecode(source))
        if not source.is_file():
            raise FileNotFoundError(f"there is no picture {source}" + ": it is a folder" * source.is_dir())
    elif not hasattr(source, "read"):
        raise TypeError(f"source must be a path, bytes or an open file; got {type(source).__name__}")
    elif isinstance(source, io.TextIOBase):
        raise TypeError('source must be open in binary mode, as by open(path, "rb")')
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a picture is read or refused; a decoder's doubts help nobody
        return np.asarray(_scaled(_in_colour(_upright(source))))


def _upright(source):
    """Return the picture, read to its end and turned as its metadata says, or raise ValueError."""
    try:
        image = Image.open(source, formats=FORMATS)
    except UnidentifiedImageError:
        raise ValueError(
            "this is no picture in a format that can be read, or its first bytes are damaged; try a PNG or "
            "JPEG file"
        ) from None
    except Image.DecompressionBombError:
        raise ValueError(f"the picture is too large: at most {MOST_PIXELS:,} pixels can be read") from None
    except Exception as error:  # what a decoder raises depends on where a file is damaged
        raise ValueError(f"the picture is damaged and cannot be read: {error}") from error
    with image:
        _check_size(*image.size)
        if image.format == "PNG" and image.tile[0].args in _GREY_STEPS and "transparency" in image.info:
            image.info["transparency"] *= _GREY_STEPS[image.tile[0].args]  # Pillow scales the pixels only
        try:
            image.load()
        except Exception as error:
            raise ValueError(f"the picture is damaged and cannot be read to its end: {error}") from error
        try:
            return ImageOps.exif_transpose(image)
        except Exception:  # metadata that cannot be read do not say how to turn it
            return image.copy()


def _check_size(width, height):
    """Raise ValueError for a picture that is too small, too large or too long."""
    if min(width, height) < SMALLEST:
        raise ValueError(
            f"the picture has {width} x {height} pixels; its shorter side must have at least {SMALLEST}"
        )
    if width * height > MOST_PIXELS:
        raise ValueError(f"the picture has {width} x {height} pixels; at most {MOST_PIXELS:,} can be read")
    if max(width, height) > LONGEST_STRIP * min(width, height):
        raise ValueError(
            f"the picture has {width} x {height} pixels; the longer side must be at most "
            f"{LONGEST_STRIP} times the shorter, since only the middle square is looked at"
        )


def _in_colour(image):
    """Return the picture in red, green and blue, 0 to 255."""
    if image.mode == "F":
        raise ValueError("the picture holds floating-point numbers, of which none is white; save it as PNG")
    if image.mode.startswith("I"):  # 16 bits, or more: Pillow would cut them off at 255
        values = np.asarray(image, np.float32).clip(0, None)
        grey = (values * (255 / max(values.max(), 65535))).round().astype(np.uint8)
        grey[values == image.info.get("transparency", -1)] = 255
        image = Image.fromarray(grey)
    if "A" in image.getbands() or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB")


def _scaled(image):
    """Return the picture with a shorter side of 256 pixels."""
    scale = SHORTER_SIDE / min(image.size)
    size = [max(SHORTER_SIDE, round(side * scale)) for side in image.size]
    return image if scale == 1 else image.resize(size, Image.Resampling.BILINEAR)
