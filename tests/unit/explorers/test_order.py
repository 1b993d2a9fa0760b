"""The order explorer in Python."""

import itertools

import numpy as np
import pytest

from alexnet_course.explorers import OrderExplorer

ORDERS = OrderExplorer.order.words


def test_every_order_can_be_chosen():
    assert sorted(ORDERS) == sorted(
        ", ".join(order) for order in itertools.permutations(["ReLU", "LRN", "pool"])
    )


def test_it_starts_on_the_numbers_of_the_chapter():
    explorer = OrderExplorer()
    assert explorer.order == "LRN, pool, ReLU"
    assert explorer.start[:3, 0].tolist() == [-2, 1, 3]
    np.testing.assert_allclose(explorer.first[:3, 0], [-0.25, 0.125, 0.375])
    papers = OrderExplorer(order="ReLU, LRN, pool").second
    np.testing.assert_array_equal(papers[:3, 0].round(4), [0, 0.1551, 0.4653])


@pytest.mark.parametrize("responses", [OrderExplorer().responses, np.random.default_rng(0).normal(0, 5, 12)])
def test_relu_commutes_with_the_pool_and_not_with_lrn(responses):
    ends = {order: OrderExplorer(order=order, responses=responses).output for order in ORDERS}
    np.testing.assert_array_equal(ends["LRN, ReLU, pool"], ends["LRN, pool, ReLU"])
    np.testing.assert_array_equal(ends["ReLU, pool, LRN"], ends["pool, ReLU, LRN"])
    different = {str(end.round(9)) for end in ends.values()}
    assert 3 <= len(different) <= 4  # four kinds; two of them meet where no map is below 0 everywhere


def test_the_papers_way_is_no_distance_from_itself():
    explorer = OrderExplorer(order="ReLU, LRN, pool")
    assert explorer.apart == 0
    assert not explorer.difference.any()
    assert OrderExplorer(responses=[-1] * 12).apart == 0  # nothing but 0 in the paper's way
    assert OrderExplorer(order="ReLU, LRN, pool", convention="sum / n").apart > 1


def test_the_border_keeps_a_loud_map_out():
    loud = [0, 0, 0, 1, 1, 1, 9, 9, 9, 0, 0, 0]
    heard, apart = (
        OrderExplorer(responses=loud, order="ReLU, LRN, pool", hears=hears, n=3)
        for hears in ("all maps", "its own card")
    )
    assert heard.sums[:, 0].tolist() == [1, 82, 82, 81]
    assert apart.sums[:, 0].tolist() == [1, 1, 81, 81]
    assert apart.output[1, 0] == pytest.approx(1 / 3**0.75)


def test_its_sentence_and_its_picture():
    explorer = OrderExplorer(map=2)
    assert explorer._sentence() == (
        "Order LRN, pool, ReLU, alpha times the sum, LRN hears all maps: map 2 ends with 0.375; "
        "the paper's order gives 0.4653."
    )
    assert explorer._figure().count("<img") == 1
