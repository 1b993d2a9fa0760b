"""What chapter 15 says in words, counted, or held against what the benchmark measured."""

import pathlib

import numpy as np
import pytest

from alexnet_course import ladder, workers
from alexnet_course.data import tile
from alexnet_course.explorers import LadderExplorer
from alexnet_course.explorers.made import made

ROOT = pathlib.Path(__file__).parents[2]
CONV = [name for name in ladder.shapes() if name.startswith("conv")]


def seconds(layer, images):
    """Return the seconds of each rung by its name."""
    (row,) = [row for row in made("ladder")["rows"] if (row["layer"], row["images"]) == (layer, images)]
    return dict(zip(ladder.NAMES, row["seconds"], strict=True))


def share_of_roof(layer, images):
    """Return what part of the roof of one core a layer of the network reaches."""
    rates = made("ladder")["rates"]["one"]
    (row,) = [row for row in made("ladder")["network"] if (row["layer"], row["images"]) == (layer, images)]
    work, size = ladder.demands(images)[layer]
    return work / row["seconds"] / min(rates["products"], rates["memory"] * work / size)


def test_numbers_by_hand():
    conv1, fc6 = ladder.demands(1)["conv1"], ladder.demands(1)["fc6"]
    assert 25 * 9 * 3 == np.prod(tile.MAPS.shape) * tile.KERNELS[..., 0].size == 675
    matrix = 3025 * 363
    assert matrix == 1_098_075
    assert (round(4 * matrix / 1e6, 2), round(matrix / 227**2 / 3, 1)) == (4.39, 7.1)
    assert round(128 * 4 * matrix / 1e6) == 562
    assert [round(conv1[0] / 40e6, 1), round(conv1[1] / 10e6, 1)] == [2.6, 0.2]
    assert [round(fc6[0] / 40e6, 1), round(fc6[1] / 10e6)] == [0.9, 15]
    assert (round(conv1[1] / 1e6, 1), round(conv1[0] / conv1[1]), round(fc6[0] / fc6[1], 2)) == (
        1.9,
        55,
        0.25,
    )
    assert 55 * 55 * 96 == 290_400


@pytest.mark.first_version("C16", "C23")
def test_the_layers_take_a_ten_thousandth_of_the_time():
    for name in CONV:
        times = seconds(name, 16)
        assert times["product by product"] > 10_000 * times["all cores"]


def test_the_limits_are_those_of_the_file():
    rates = made("ladder")["rates"]["one"]
    text = (ROOT / "notebooks" / "15_fast_numpy.ipynb").read_text(encoding="utf-8")
    assert f"The file has {rates['products'] / 1e9:.0f} G and {rates['memory'] / 1e9:.0f} GB." in text
    for layer in CONV:  # and nothing multiplies faster, but for Winograd, who has fewer products
        assert share_of_roof(layer, 1) < 1.1
    step = made("ladder")["step_seconds"]["product by product"]
    assert round(rates["products"] * step, -4) >= 20_000
    assert rates["products"] * made("ladder")["step_seconds"]["window by window"] > 90_000


def test_the_answer_to_the_explorers_question():
    times = seconds("conv1", 16)
    gains = [times[slow] / times[fast] for slow, fast in zip(ladder.NAMES, ladder.NAMES[1:4], strict=False)]
    assert max(gains) == gains[1] > 30
    dense = seconds("fc6", 1)
    for name in ("matrix product", "memory kept"):
        assert dense["window by window"] < 1.3 * dense[name]
    assert 1.1 < dense["window by window"] / dense["all cores"] < 2.2
    rates = made("ladder")["rates"]
    assert 1.7 < rates["all"]["memory"] / rates["one"]["memory"] < 2.2


def test_the_step_to_kept_memory_is_small_and_for_some_layers_goes_the_other_way():
    gains = [seconds(name, 16)["matrix product"] / seconds(name, 16)["memory kept"] for name in CONV]
    assert max(gains) < 1.6
    assert min(gains) < 1


def test_fewer_products_pay_for_conv2_and_cost_time_for_one_image_in_conv3():
    assert seconds("conv2", 16)["Winograd"] < seconds("conv2", 16)["memory kept"]
    assert seconds("conv3", 1)["Winograd"] > 1.5 * seconds("conv3", 1)["memory kept"]
    stages, _ = ladder.stages(ladder.shapes()["conv2"], "Winograd", 16)
    share = sum(stage.products for stage in stages) / 16 / ladder.demands(1)["conv2"][0]
    assert share == pytest.approx(1 / 3, abs=0.02)
    conv3 = ladder.shapes()["conv3"]
    weights = conv3.window * conv3.filters
    assert (weights, round(49 * weights / 9 / 1e6, 1)) == (884_736, 4.8)


def test_where_layers_lie_below_the_roof():
    assert all(share_of_roof(name, 16) > 0.3 for name in CONV)
    assert all(ladder.demands(16)[name][0] / ladder.demands(16)[name][1] > 50 for name in CONV)
    assert share_of_roof("fc6", 1) > 0.75
    assert share_of_roof("fc8", 1) > 0.75
    assert share_of_roof("conv1", 16) < 1
    assert share_of_roof("fc6", 16) < 0.6
    for name in ("lrn1", "pool1"):
        assert ladder.demands(16)[name][0] < 2 * ladder.demands(16)[name][1]
    taken = {(row["layer"], row["images"]): row["seconds"] for row in made("ladder")["network"]}
    assert taken["fc6", 16] < 8 * taken["fc6", 1]
    assert 3.3 < taken["fc7", 16] / taken["fc7", 1] < 4.6
    assert taken["pool1", 16] > 16 * taken["pool1", 1]
    for name in ("lrn1", "pool1"):
        assert share_of_roof(name, 16) < 0.4
    assert seconds("conv1", 16)["memory kept"] > 0.9 * 16 * seconds("conv1", 1)["memory kept"]


def test_bars_far_beyond_their_marks():
    for name in ("conv2", "conv3", "conv4", "conv5"):
        explorer = LadderExplorer(layer=name)
        assert explorer.measured[5] > 1.4 * explorer.predicted[5]
    explorer = LadderExplorer(layer="fc6")
    assert explorer.measured[1] > 5 * explorer.predicted[1]
    assert 4096 * ladder.BYTES == 16_384


def test_from_how_many_products_on_a_batch_is_split():
    assert round(workers.WORTH_WHILE / 1e9, 1) == 0.5


def test_product_by_product_all_of_chelsea_takes_about_a_minute():
    assert 20 < seconds("conv1", 1)["product by product"] < 180


def test_numbers_of_the_answers():
    conv2 = ladder.shapes()["conv2"]
    padded, _, _ = conv2.arrays(1, np.random.default_rng(0))
    assert (padded.nbytes, round(6_998_400 / padded.nbytes)) == (369_024, 19)
    sizes = np.array([4 * 227 * 227 * 3, 4 * 3025 * 363, 4 * 290_400]) / 1e6
    assert [round(size, 2) for size in sizes] == [0.62, 4.39, 1.16]
    assert round(sizes.sum(), 2) == 6.17
    assert 100 // sizes.sum() == 16
    assert round(2 * sizes[1], 1) == 8.8
    assert round(128 * sizes[2]) == 149
