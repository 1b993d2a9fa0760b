"""The occlusion explorer in Python: it reads what the trained network answered."""

import base64
import io

import numpy as np
import pytest
from PIL import Image

from alexnet_course.explorers import OcclusionExplorer
from alexnet_course.explorers.made import made
from alexnet_course.explorers.occlusion import (
    KINDS,
    LARGEST,
    OWN,
    SIDE,
    SIZES,
    SMALLEST,
    noise,
    places_of,
    probabilities,
    square,
)
from alexnet_course.squeezenet import classify


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
    right = [OcclusionExplorer(row=72, column=156, cover=kind) for kind in KINDS]
    assert {explorer.names[0] for explorer in left} == {"Airedale"}
    firsts = [round(float(explorer.shares[0]), 2) for explorer in left]
    assert (min(firsts), max(firsts)) == (0.34, 0.48)
    assert max(left, key=lambda explorer: explorer.kept).cover == "mean of the photograph"
    assert [explorer.kept for explorer in left[1::3]] == [0.318, 0.058]
    assert {explorer.names[0] for explorer in right} <= {"tabby", "tiger cat", "Egyptian cat"}
    assert min(explorer.kept for explorer in right) == 0.757
    collar, badge = (
        [OcclusionExplorer(photograph="astronaut", row=row, column=column, cover=kind) for kind in KINDS]
        for row, column in ((36, 72), (156, 24))
    )
    assert OcclusionExplorer(photograph="astronaut").whole == 0.501
    assert {round(explorer.kept, 3) for explorer in collar} == {0.0}
    kept = [explorer.kept for explorer in badge]
    np.testing.assert_allclose((min(kept), max(kept)), (0.538, 0.831), rtol=0, atol=6e-4)
    mean, grain = (dict(OcclusionExplorer(size=31, cover=kind).leaders) for kind in (KINDS[0], "noise"))
    assert set(mean) == {"Egyptian cat", "tabby", "tiger cat"}
    assert sum(grain[cat] for cat in mean) == 212


@pytest.mark.parametrize("size", [SMALLEST, *SIZES, 40, LARGEST])
def test_the_places_of_a_map_go_from_edge_to_edge(size):
    places = places_of(size)
    assert (places[0], places[-1]) == (0, SIDE - size)
    assert set(np.diff(places)) <= {(SIDE - size) // 14, (SIDE - size + 13) // 14}


def test_a_cover_stays_on_the_square():
    explorer = OcclusionExplorer(row=216, column=200, size=59)
    assert (explorer.place, explorer.cell) == ((168, 168), (14, 14))


def test_only_what_was_asked_beforehand_is_stored():
    assert OcclusionExplorer().stored.names[0] == "Airedale"
    assert OcclusionExplorer().mapped.falls.shape == (15, 15)
    for settings in ({"row": 61}, {"size": 40}, {"cover": OWN}, {"photograph": "coffee"}):
        assert OcclusionExplorer(**settings).stored is None
    assert OcclusionExplorer(row=61).mapped
    assert OcclusionExplorer(size=40).mapped is None


@pytest.mark.parametrize("kind", KINDS)
def test_the_network_answers_so_behind_the_patch_that_is_drawn(kind):
    explorer = OcclusionExplorer(cover=kind, size=45, row=52, column=65)
    assert explorer.cell == (4, 5)
    picture = square("chelsea").copy()
    row, column = explorer.place
    picture[row : row + 45, column : column + 45] = explorer.patch
    shares = probabilities([picture])[0]
    assert explorer.kept == pytest.approx(shares[[281, 282, 285]].sum(), abs=0.002)
    assert explorer.falls[4, 5] == pytest.approx(explorer.whole - explorer.kept)
    np.testing.assert_allclose(explorer.shares, np.sort(shares)[:-6:-1], atol=0.002)


def test_what_was_not_asked_beforehand_the_network_answers():
    """A cover of the colour that is under it changes next to nothing, and one over the cup does."""
    table = OcclusionExplorer(photograph="coffee", size=11, row=0, column=0, cover=OWN, colour=[91, 46, 31])
    cup = OcclusionExplorer(photograph="coffee", size=113, row=57, column=57, cover="black")
    assert table.whole == pytest.approx(classify(square("coffee"), top=1)[0][1], abs=6e-4)
    assert table.names[0] == "espresso"
    assert abs(table.kept - table.whole) < 0.05
    assert cup.kept < table.kept - 0.1
    assert table._sentence().endswith(f"espresso has {table.kept:.3f}, without a cover 0.971.")
    assert "Fall of" not in "".join(table._static_picture().parts)


def test_a_map_that_was_not_made_beforehand_is_made(monkeypatch):
    """With a network that tells by a single pixel: one cover in the middle of the map lies on it."""

    def seen(images):
        shares = np.zeros((len(images), 1000))
        for share, image in zip(shares, images, strict=True):
            share[967 if tuple(image[100, 100]) != (1, 2, 3) else 0] = 1
        return shares

    monkeypatch.setattr("alexnet_course.explorers.occlusion.probabilities", seen)
    explorer = OcclusionExplorer(photograph="coffee", size=13, cover=OWN, colour=[1, 2, 3])
    places = np.array(places_of(13))
    on = (places <= 100) & (places + 13 > 100)
    np.testing.assert_allclose(explorer.falls, np.outer(on, on) + explorer.whole - 1)
    assert explorer.leaders == [("espresso", 224), ("tench", 1)]


def test_the_places_are_counted_once_each():
    counts = [count for _, count in OcclusionExplorer(cover="noise").leaders]
    assert sum(counts) == 225
    assert counts == sorted(counts, reverse=True)


def test_noise_is_noise():
    values = noise(59).astype(float)
    assert values.shape == (59, 59, 3)
    assert abs(values.mean() - 127.5) < 3
    assert abs(np.corrcoef(values[:, :-1].ravel(), values[:, 1:].ravel())[0, 1]) < 0.03
    np.testing.assert_array_equal(noise(113)[59:, :54], values[:54, :54])


def test_the_picture_that_is_drawn_is_the_one_that_is_asked_about():
    file = made("occlusion")["photograph"].removeprefix("data:image/jpeg;base64,")
    drawn = np.asarray(Image.open(io.BytesIO(base64.b64decode(file))), float)
    assert np.abs(drawn - square("chelsea")).mean() < 3


def test_the_still_picture_shows_noise_as_it_is():
    assert OcclusionExplorer()._figure() != OcclusionExplorer(cover="noise")._figure()
    assert "image/png" not in "".join(OcclusionExplorer()._static_picture().parts[:3])
    assert "image/png" in "".join(OcclusionExplorer(cover="noise")._static_picture().parts[:3])


def test_another_size_is_refused():
    assert OcclusionExplorer(size=40).size == 40
    with pytest.raises(ValueError, match="size is 10; it must be a whole number from 11 to 113"):
        OcclusionExplorer(size=10)
