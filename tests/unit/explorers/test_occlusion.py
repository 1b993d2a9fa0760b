"""The occlusion explorer in Python: it reads what the trained network answered."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from alexnet_course.data.photographs import centre_crop, load_photograph
from alexnet_course.explorers import OcclusionExplorer
from alexnet_course.explorers.made import made
from alexnet_course.explorers.occlusion import CATS, KINDS, SIDE, SIZES, noise, step_of, uncovered
from alexnet_course.layers import Softmax
from alexnet_course.squeezenet import load_squeezenet, preprocess


def test_it_starts_over_the_eye_on_the_left():
    explorer = OcclusionExplorer()
    assert explorer.place == (60, 36)
    assert explorer.names[0] == "Airedale"
    assert explorer._sentence() == (
        "Rows 60 to 118, columns 36 to 94 are covered (mean of ImageNet): Airedale comes first with 0.381; "
        "the three cats together have 0.194, without a cover 0.985."
    )


def test_the_answers_of_the_chapter():
    left = [OcclusionExplorer(cover=kind) for kind in KINDS]
    right = [OcclusionExplorer(row=6, column=13, cover=kind) for kind in KINDS]
    assert {explorer.names[0] for explorer in left} == {"Airedale"}
    firsts = [round(float(explorer.shares[0]), 2) for explorer in left]
    assert (min(firsts), max(firsts)) == (0.34, 0.48)
    assert max(left, key=lambda explorer: explorer.cats).cover == "mean of the photograph"
    assert [explorer.cats for explorer in left[1::3]] == [0.318, 0.058]
    assert {explorer.names[0] for explorer in right} <= {"tabby", "tiger cat", "Egyptian cat"}
    assert min(explorer.cats for explorer in right) == 0.757
    mean, grain = (dict(OcclusionExplorer(size=31, cover=kind).leaders) for kind in (KINDS[0], "noise"))
    assert set(mean) == {"Egyptian cat", "tabby", "tiger cat"}
    assert sum(grain[cat] for cat in mean) == 212


@pytest.mark.parametrize("size", SIZES)
def test_the_last_place_ends_at_the_edge(size):
    explorer = OcclusionExplorer(size=size, row=14, column=14)
    assert explorer.place == (SIDE - size, SIDE - size)
    assert step_of(size) * 14 + size == SIDE


@pytest.mark.parametrize("kind", KINDS)
def test_the_network_answers_so_behind_the_patch_that_is_drawn(kind):
    explorer = OcclusionExplorer(cover=kind, size=45, row=4, column=5)
    picture = centre_crop(load_photograph("chelsea"), SIDE).copy()
    row, column = explorer.place
    picture[row : row + 45, column : column + 45] = explorer.patch
    shares = Softmax().predict(load_squeezenet().predict(preprocess(picture)))[0]
    assert explorer.cats == pytest.approx(shares[list(CATS)].sum(), abs=0.002)
    assert explorer.falls[4, 5] == pytest.approx(uncovered()[0] / 1000 - explorer.cats)
    np.testing.assert_allclose(explorer.shares, np.sort(shares)[:-6:-1], atol=0.002)


def test_the_places_are_counted_once_each():
    counts = [count for _, count in OcclusionExplorer(cover="noise").leaders]
    assert sum(counts) == 225
    assert counts == sorted(counts, reverse=True)


def test_noise_is_noise():
    values = noise().astype(float)
    assert values.shape == (59, 59, 3)
    assert abs(values.mean() - 127.5) < 3
    assert abs(np.corrcoef(values[:, :-1].ravel(), values[:, 1:].ravel())[0, 1]) < 0.03


def test_the_picture_that_is_drawn_is_the_one_that_is_asked_about():
    file = made("occlusion")["photograph"].removeprefix("data:image/jpeg;base64,")
    drawn = np.asarray(Image.open(io.BytesIO(base64.b64decode(file))), float)
    assert np.abs(drawn - centre_crop(load_photograph("chelsea"), SIDE)).mean() < 3


def test_the_still_picture_shows_noise_as_it_is():
    assert OcclusionExplorer()._figure() != OcclusionExplorer(cover="noise")._figure()
    assert "image/png" not in "".join(OcclusionExplorer()._static_picture().parts[:3])
    assert "image/png" in "".join(OcclusionExplorer(cover="noise")._static_picture().parts[:3])


def test_another_size_is_refused():
    with pytest.raises(ValueError, match="size is 32; it must be a whole number from 31 to 59"):
        OcclusionExplorer(size=32)
