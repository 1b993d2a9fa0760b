"""Pictures of the reader's own: converted to the form of the photographs, or refused in words."""

import io
import os
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from alexnet_course.data import photographs
from alexnet_course.data.pictures import open_picture

CHELSEA = photographs.load_photograph("chelsea")


def stored(image, form="PNG", **options):
    """Return the bytes of a file that holds the picture."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def test_a_photograph_of_the_course_comes_back_unchanged():
    path = photographs.FOLDER / "chelsea.png"
    for source in (path, str(path), path.read_bytes(), io.BytesIO(path.read_bytes())):
        np.testing.assert_array_equal(open_picture(source), CHELSEA)


@pytest.mark.parametrize(("size", "shape"), [((640, 480), (256, 341, 3)), ((100, 150), (384, 256, 3))])
def test_the_shorter_side_has_256_pixels(size, shape):
    picture = open_picture(stored(Image.new("RGB", size, (10, 20, 30))))
    assert picture.shape == shape
    assert picture.dtype == np.uint8
    assert (picture == (10, 20, 30)).all()


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "LA", "RGBA"])
def test_every_kind_of_colour_becomes_red_green_and_blue(mode):
    image = Image.fromarray(CHELSEA)
    image = image.convert("L").convert("LA") if mode == "LA" else image.convert(mode)
    picture = open_picture(stored(image, "TIFF" if mode == "CMYK" else "PNG"))
    assert picture.shape == CHELSEA.shape
    grey = CHELSEA.mean(axis=2)
    blocks = (picture.mean(axis=2), grey)  # a picture of two colours is right on average only
    blocks = [block[:, :384].reshape(16, 16, 24, 16).mean(axis=(1, 3)).ravel() for block in blocks]
    assert np.corrcoef(blocks)[0, 1] > 0.9
    if mode in ("L", "LA"):
        assert (np.ptp(picture, axis=2) == 0).all()
    if mode == "RGBA":
        np.testing.assert_array_equal(picture, CHELSEA)


def test_sixteen_bits_keep_their_greys():
    values = np.linspace(0, 65535, 256 * 256).reshape(256, 256)
    picture = open_picture(stored(Image.fromarray(values.astype(np.uint16))))
    np.testing.assert_allclose(picture[..., 0], values / 257, atol=0.51)


def test_numbers_below_black_are_black():
    picture = open_picture(stored(Image.fromarray(np.full((256, 256), -(2**20), np.int32)), "TIFF"))
    assert (picture == 0).all()


def test_transparent_pixels_are_white():
    image = Image.new("RGBA", (256, 256), (255, 0, 0, 255))
    image.paste((0, 0, 0, 0), (0, 0, 128, 256))
    picture = open_picture(stored(image))
    assert picture[0, 0].tolist() == [255, 255, 255]
    assert picture[0, 255].tolist() == [255, 0, 0]


def png(bits, level):
    """Return a grey PNG of 64 x 64 pixels of one level, which is the transparent one."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = np.full((64, 1), level, ">u2").view(np.uint8)  # (64, 2), the high byte first
    packed = np.packbits(np.unpackbits(row, axis=1)[:, 16 - bits :])
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [
            chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, bits, 0, 0, 0, 0)),
            chunk(b"tRNS", struct.pack(">H", level)),
            chunk(b"IDAT", zlib.compress((b"\0" + packed.tobytes()) * 64)),
            chunk(b"IEND", b""),
        ]
    )


@pytest.mark.parametrize(("bits", "level"), [(1, 0), (2, 1), (4, 5), (8, 7), (16, 0), (16, 500), (16, 65535)])
def test_a_transparent_grey_is_white_at_every_depth(bits, level):
    assert (open_picture(png(bits, level)) == 255).all()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("exif", [b"Exif\0\0no metadata", b"Exif\0\0MM\0*\0\0"])
def test_metadata_that_cannot_be_read_do_not_turn_the_picture(form, exif):
    assert open_picture(stored(Image.new("RGB", (256, 300)), form, exif=exif)).shape == (300, 256, 3)


def test_any_path_like_is_a_path(tmp_path):
    class Entry:
        def __fspath__(self):
            return str(photographs.FOLDER / "chelsea.png")

    np.testing.assert_array_equal(open_picture(Entry()), CHELSEA)
    with os.scandir(photographs.FOLDER) as entries:
        entry = next(entry for entry in entries if entry.name == "coffee.png")
    assert open_picture(entry).shape[2] == 3
    text = tmp_path / "text"
    text.write_text("a picture", encoding="utf-8")
    with text.open(encoding="utf-8") as file, pytest.raises(TypeError, match="open in binary mode"):
        open_picture(file)


def test_a_picture_that_lies_on_its_side_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn
    turned = Image.fromarray(np.rot90(CHELSEA))
    picture = open_picture(stored(turned, "PNG", exif=exif))
    np.testing.assert_array_equal(picture, CHELSEA)


def test_the_first_frame_of_an_animation_counts():
    frames = [Image.new("RGB", (256, 256), colour) for colour in ("red", "blue")]
    picture = open_picture(stored(frames[0], "GIF", save_all=True, append_images=frames[1:]))
    assert picture[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (b"", "no picture"),
        (b"print('I am a program')", "no picture"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 256 256\n%%EndComments\n", "no picture"),  # a program
        (stored(Image.fromarray(np.zeros((256, 256), np.float32)), "TIFF"), "floating-point"),
        (stored(Image.fromarray(CHELSEA))[:5000], "damaged"),
        (stored(Image.fromarray(CHELSEA), "JPEG")[:5000], "damaged"),
        (stored(Image.new("RGB", (31, 500))), "31 x 500 pixels.*at least 32"),
        (stored(Image.new("RGB", (400, 40_000))), "at most 10 times"),
        (stored(Image.new("1", (8_001, 8_000))), "8001 x 8000 pixels; at most 64,000,000"),
        (stored(Image.new("1", (10_000, 10_000))), "10000 x 10000 pixels; at most 64,000,000"),
        (stored(Image.new("1", (20_000, 20_000))), "too large: at most 64,000,000 pixels"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_what_cannot_be_read_is_refused_in_words(source, message):
    with pytest.raises(ValueError, match=message):
        open_picture(source)


def test_a_size_that_is_a_lie_is_refused():
    bitmap = bytearray(stored(Image.fromarray(CHELSEA), "BMP"))
    bitmap[18:22] = (2**30).to_bytes(4, "little")  # the width
    with pytest.raises(ValueError, match=r"the picture (is|has)"):
        open_picture(bytes(bitmap))


def answer_or_error(source):
    """Return the pixels, or the words of the refusal."""
    try:
        return open_picture(source)
    except ValueError as error:
        return str(error)


@pytest.mark.filterwarnings("error")
def test_damage_anywhere_is_either_read_or_refused_in_words():
    rng = np.random.default_rng(0)
    small = Image.fromarray(CHELSEA[:40, :50])
    exif = Image.Exif()
    exif[0x0112] = 6
    for form in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"):
        whole = stored(small, form, **({"exif": exif} if form in ("PNG", "JPEG", "WEBP") else {}))
        for _ in range(30):
            damaged = bytearray(whole)
            for place in rng.integers(0, min(len(whole), 200), 3):
                damaged[place] = rng.integers(256)
            answer = answer_or_error(bytes(damaged))
            assert "picture" in answer if isinstance(answer, str) else answer.shape[2] == 3


@pytest.mark.parametrize("source", [None, 3, CHELSEA])
def test_what_is_no_file_is_refused(source):
    with pytest.raises(TypeError, match="source must be a path, bytes or an open file; got"):
        open_picture(source)


def test_a_missing_file_is_named():
    with pytest.raises(FileNotFoundError, match=r"there is no picture nowhere\.png"):
        open_picture("nowhere.png")


def test_a_picture_is_made_smaller_by_averages_not_by_leaving_out():
    board = np.indices((512, 512)).sum(axis=0) % 2 * 255
    picture = open_picture(stored(Image.fromarray(board.astype(np.uint8))))
    assert picture.shape == (256, 256, 3)
    np.testing.assert_allclose(picture[8:-8, 8:-8], 127.5, atol=1)


def test_more_than_sixteen_bits_are_scaled_by_the_largest():
    values = np.full((256, 256), 2**20, np.int32)
    values[:, :128] = 2**19
    picture = open_picture(stored(Image.fromarray(values), "TIFF"))
    assert picture[0, [0, 255], 0].tolist() == [128, 255]
