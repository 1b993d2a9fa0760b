"""The shipped photographs, and the crop that the chapters make from them."""

import numpy as np
import pytest

from alexnet_course.data.photographs import FOLDER, NAMES, centre_crop, load_photograph


@pytest.mark.first_version("T26")
@pytest.mark.parametrize("name", NAMES)
def test_every_photograph_is_rgb_with_a_shorter_side_of_256(name):
    pixels = load_photograph(name)
    assert pixels.dtype == np.uint8
    assert pixels.ndim == 3
    assert pixels.shape[2] == 3
    assert min(pixels.shape[:2]) == 256


@pytest.mark.first_version("P06")
def test_every_file_is_listed_with_its_licence():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    files = sorted(path.name for path in FOLDER.glob("*.png"))
    assert files == sorted(f"{name}.png" for name in NAMES)
    for file in files:
        row = next(line for line in readme.splitlines() if line.startswith(f"| {file} "))
        assert any(licence in row for licence in ("CC0", "CC BY 2.0", "public domain"))


def test_unknown_photograph():
    with pytest.raises(ValueError, match=r"name is 'dog'; the photographs are chelsea, coffee"):
        load_photograph("dog")


def test_centre_crop_of_chelsea_starts_at_row_14_column_79():
    chelsea = load_photograph("chelsea")
    np.testing.assert_array_equal(centre_crop(chelsea, 227), chelsea[14:241, 79:306])


def test_centre_crop_that_does_not_fit():
    with pytest.raises(ValueError, match="size is 257; it must be 1 to 256 for an image of 256 by 385"):
        centre_crop(load_photograph("chelsea"), 257)


def test_centre_crop_takes_an_image_and_a_whole_number():
    assert centre_crop([[1, 2], [3, 4]], 1).tolist() == [[1]]
    for image, size, message in [
        (np.zeros((4, 4)), 2.5, "size must be a whole number; got 2.5"),
        (np.zeros((4, 4)), 0, "size is 0; it must be 1 to 4"),
        (np.zeros((1, 4, 4, 3)), 2, r"image must be \(H, W\) or \(H, W, C\); got shape \(1, 4, 4, 3\)"),
        (np.zeros((4, 4), complex), 2, "image must hold real numbers; got dtype complex128"),
    ]:
        with pytest.raises((TypeError, ValueError), match=message):
            centre_crop(image, size)
