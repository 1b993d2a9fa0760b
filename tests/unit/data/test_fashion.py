import numpy as np
import pytest

from alexnet_course.data import fashion


def test_every_class_has_its_share_and_is_sorted():
    pictures = fashion.load_fashion()
    for labels, count in ((pictures.labels, 500), (pictures.held_out_labels, 100)):
        np.testing.assert_array_equal(labels, np.repeat(np.arange(10), count))
    assert pictures.images.shape == (5000, 28, 28, 1)
    assert pictures.held_out_images.shape == (1000, 28, 28, 1)
    assert pictures.images.dtype == np.uint8


def test_no_picture_is_held_out_and_learned():
    pictures = fashion.load_fashion()
    learned = {image.tobytes() for image in pictures.images}
    assert not learned & {image.tobytes() for image in pictures.held_out_images}


def test_pictures_lie_on_black_and_are_whole():
    images = fashion.load_fashion().images[..., 0]
    assert np.median(images[:, 0, 0]) == 0  # a corner
    # of a sheet cut at the wrong places the rim would be as bright as the middle
    assert images[:, :, [0, -1]].mean() < images[:, 10:18, 10:18].mean() / 4


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: data[:5000] + b"x" + data[5001:]])
def test_a_damaged_file_is_refused_by_name(tmp_path, damage):
    path = tmp_path / "fashion.png"
    path.write_bytes(damage(fashion.FILE.read_bytes()))
    with pytest.raises(ValueError, match=r"fashion\.png is not the file .* make it with tools/make_fashion"):
        fashion.load_fashion(path)


def test_a_missing_file_says_how_to_get_it(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.png; install the course again, or make it with"):
        fashion.load_fashion(tmp_path / "none.png")
