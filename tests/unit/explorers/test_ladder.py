"""The ladder explorer in Python: it reads what was measured, and counts the rest."""

import json

import numpy as np
import pytest

from alexnet_course import ladder
from alexnet_course.explorers import LadderExplorer
from alexnet_course.explorers.ladder import IMAGES, LAST, LAYERS, PARTS, written
from alexnet_course.explorers.made import FOLDER, made
from benchmarks.ladder import written as file_of

EVERY = [(layer, images) for layer in LAYERS for images in IMAGES]


def test_it_starts_on_the_question_of_the_chapter():
    explorer = LadderExplorer()
    assert (explorer.layer, explorer.images, explorer.rung) == ("conv1", "16 images", 0)
    assert explorer.products == 16 * 105_415_200
    assert explorer.limit == "steps of Python"
    assert explorer._sentence().startswith(
        "conv1, 16 images, rung 1, product by product: 1.69 G products, 13.5 GB moved, 0.12 products a byte. "
    )


@pytest.mark.parametrize(("layer", "images"), EVERY)
def test_parts_and_stages_add_up_to_the_prediction(layer, images):
    for rung in range(LAST + 1):
        explorer = LadderExplorer(layer=layer, images=images, rung=rung)
        if not explorer.stages:
            assert np.isnan([explorer.predicted[rung], explorer.measured[rung]]).all()
            assert explorer.limit is None
            continue
        assert sum(explorer.parts) == pytest.approx(explorer.predicted[rung])
        stages = sum(stage[-1] for stage in explorer.stages)
        assert stages == pytest.approx(sum(explorer.parts[1:]))
        assert explorer.parts[PARTS.index(explorer.limit)] == max(explorer.parts)
        assert explorer.rate == pytest.approx(explorer.products / explorer.measured[rung])


def test_all_cores_have_the_stages_of_the_best_rung_and_rates_of_their_own():
    alone, all_cores = (LadderExplorer(layer="conv2", rung=rung) for rung in (5, LAST))
    assert made("ladder")["rows"][3]["best"] == "Winograd"
    assert [stage[:-1] for stage in alone.stages] == [stage[:-1] for stage in all_cores.stages]
    assert sum(all_cores.parts) < sum(alone.parts)


def test_one_image_is_not_split_but_in_a_dense_layer():
    conv, dense = (LadderExplorer(layer=layer, images="one image", rung=LAST) for layer in ("conv1", "fc6"))
    assert conv._sentence().endswith("One image is not split.")
    assert not dense._sentence().endswith("One image is not split.")
    assert conv.predicted[LAST] == conv.predicted[4]
    assert dense.predicted[LAST] < dense.predicted[4]


def test_what_is_not_possible_says_so():
    explorer = LadderExplorer(layer="fc6", rung=5)
    assert explorer.reuse is explorer.rate is None
    assert explorer._sentence().endswith(
        "not possible here, it needs windows of 3 or 5 pixels in steps of 1."
    )
    assert "not possible" in "".join(explorer._static_picture().parts)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(7200, "2.0 h"), (3000, "50 min"), (42, "42 s"), (9.96, "10 s"), (0.0033, "3.3 ms"), (2e-7, "0.2 µs")],
)
def test_a_time_is_written_with_two_digits(seconds, text):
    assert written(seconds) == text


# ---- the measured file


def test_the_file_is_in_the_form_of_its_program_and_complete():
    text = (FOLDER / "ladder.json").read_text(encoding="utf-8")
    data = json.loads(text)
    assert text == file_of(data)
    assert data["samples"] >= 5
    assert all(data["machine"][part] for part in ("processor", "cores", "python", "numpy"))
    assert data["shapes"] == {name: shape._asdict() for name, shape in ladder.shapes().items()}
    assert [(row["layer"], row["images"]) for row in data["rows"]] == [
        (layer, IMAGES[images]) for layer in LAYERS for images in reversed(IMAGES)
    ]
    assert set(data["step_seconds"]) == set(ladder.NAMES[:3])
    layers = {row["layer"] for row in data["network"]}
    assert layers == set(ladder.demands(1))


@pytest.mark.parametrize("row", made("ladder")["rows"], ids=lambda row: f"{row['layer']}-{row['images']}")
def test_every_rung_that_is_possible_was_timed(row):
    shape = ladder.shapes()[row["layer"]]
    possible = [name != "Winograd" or shape.winograd for name in ladder.NAMES]
    assert [bool(seconds) for seconds in row["seconds"]] == possible
    assert row["timed"][3:] == [1, 1, 1, 1]
    assert all(0 < share <= 1 for share in row["timed"])
    assert row["best"] in ladder.NAMES[4:6]


@pytest.mark.parametrize("layer", LAYERS)
def test_slow_rungs_take_as_long_for_each_image_of_many(layer):
    one, many = (
        LadderExplorer(layer=layer, images=images).measured[:3] for images in ("one image", "16 images")
    )
    np.testing.assert_allclose(many / 16, one, rtol=0.2)


@pytest.mark.parametrize("layer", LAYERS[:5])
def test_one_image_takes_as_long_on_all_cores_as_on_the_rung_that_is_not_split(layer):
    row = next(one for one in made("ladder")["rows"] if (one["layer"], one["images"]) == (layer, 1))
    times = dict(zip(ladder.NAMES, row["seconds"], strict=True))
    assert times["all cores"] < 1.35 * times[row["best"]]
