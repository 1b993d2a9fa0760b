"""The own-picture explorer in Python: the crop and the views, what a page hands over, the names."""

import numpy as np
import pytest
from explorer_harness import figure

from alexnet_course.data.photographs import NAMES, load_photograph
from alexnet_course.explorers import OwnPictureExplorer
from alexnet_course.explorers.kit import files
from alexnet_course.explorers.made import made
from alexnet_course.images import centre_crop, ten_views
from alexnet_course.squeezenet import classify, preprocess


@pytest.mark.parametrize("name", NAMES)
def test_the_crop_starts_in_the_middle(name):
    explorer = OwnPictureExplorer(photograph=name)
    np.testing.assert_array_equal(explorer.inputs, preprocess(load_photograph(name)))
    assert made("photographs")["photographs"][name]["height"] == explorer.shape[0]


@pytest.mark.parametrize(("down", "across", "place"), [(0, 0, (0, 0)), (100, 100, (29, 158)), (3, 1, (0, 1))])
def test_percents_are_places(down, across, place):
    assert OwnPictureExplorer(down=down, across=across).place == place


@pytest.mark.parametrize("name", NAMES)
def test_ten_views_are_those_of_the_paper(name):
    """Cut out of the middle square of 256 x 256 pixels, as in chapter 11."""
    explorer = OwnPictureExplorer(photograph=name, ten=True)
    wanted = ten_views(centre_crop(load_photograph(name), 256)[np.newaxis], 227)[0]
    np.testing.assert_array_equal(explorer.inputs, np.concatenate([preprocess(view) for view in wanted]))


def test_ten_views_give_the_shares_of_the_chapter():
    shares = {name: f"{share:.2f}" for name, share in OwnPictureExplorer(ten=True).names[:3]}
    assert shares == {"Egyptian cat": "0.56", "tabby": "0.24", "tiger cat": "0.18"}


def test_the_square_of_the_ten_views_stands_in_the_place_of_the_crop():
    explorer = OwnPictureExplorer(ten=True, down=100, across=100)
    assert explorer.place == (0, 129)  # 385 - 256
    assert explorer.views[0] == (0, 129, False)
    assert explorer.views[8] == (29, 158, True)


def test_what_the_page_hands_over_is_the_picture():
    explorer = OwnPictureExplorer()
    picture = np.random.default_rng(0).integers(0, 256, (256, 300, 3), np.uint8)
    own = {"id": "1", "height": 256, "width": 300, "pixels": memoryview(picture.tobytes())}
    explorer.set_state({"own": own})
    np.testing.assert_array_equal(explorer.picture, picture)
    assert explorer.shape == (256, 300, 3)
    for (name, found), (right, wanted) in zip(
        explorer.names, classify(centre_crop(picture, 227)), strict=True
    ):
        assert (name, found) == (right, pytest.approx(wanted, rel=1e-4))
    assert "of 256 × 300" in figure(explorer)[4]
    explorer.own = None
    np.testing.assert_array_equal(explorer.picture, load_photograph("chelsea"))


def test_the_caption_says_what_python_computes():
    (_, most), (_, less), *_ = classify(load_photograph("chelsea"))
    assert figure(OwnPictureExplorer())[4] == (
        "Rows 14 to 240, columns 79 to 305 of 256 × 385: "
        f"the network says Egyptian cat, {most:.2f}, then tiger cat, {less:.2f}."
    )
    assert figure(OwnPictureExplorer(ten=True))[4].startswith(
        "Ten views of rows 0 to 255, columns 64 to 319 of 256 × 385: "
    )


def test_python_sends_a_file_that_the_page_asks_for(monkeypatch):
    sent = []
    explorer = OwnPictureExplorer()
    monkeypatch.setattr(explorer, "send", lambda content, buffers: sent.append((content, buffers)))
    explorer._handle_custom_msg({"file": "coffee.png"}, [])
    explorer._handle_custom_msg({"something": "else"}, [])
    assert sent == [({"file": "coffee.png"}, [files.content("coffee.png")])]
