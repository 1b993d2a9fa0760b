"""What the book's pages are finished with: pictures."""

import os
import pathlib

import course_pages
from PIL import Image


def test_a_picture_that_was_redrawn_gets_a_new_twin(tmp_path):
    source, folder = tmp_path / "a.png", tmp_path / "_images"

    def draw(colour, width, time):
        picture = Image.new("RGB", (width, 30), colour)
        picture.save(source)
        os.utime(source, (time, time))
        return course_pages.to_webp(picture, folder, "a.png", "a.png", tmp_path)

    now = pathlib.Path(course_pages.__file__).stat().st_mtime
    draw("red", 40, now - 100)
    twin = folder / "a.webp"
    os.utime(twin, (now + 10, now + 10))
    draw("green", 50, now + 20)
    with Image.open(twin) as shown:
        assert shown.size == (50, 30)
        assert shown.convert("RGB").getpixel((0, 0)) == (0, 128, 0)
