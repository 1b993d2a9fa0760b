"""A unit's arithmetic, written out: which of its terms are the largest."""

import numpy as np
import pytest
from explorer_harness import run

from alexnet_course.explorers.kit.base import inline

pytestmark = pytest.mark.browser


def test_the_largest_of_a_row_are_those_of_a_sort_and_of_equal_ones_the_first(open_page):
    values = np.random.default_rng(0).integers(-20, 20, 300)  # with many ties
    page = open_page("empty.html")
    for count in (1, 7, 300, 400):
        found = run(
            page,
            """const { largestOf } = new Function(input.code + "; return { largestOf }")();
            return [largestOf(input.values, input.count), largestOf(input.values, input.count, (v) => v)];""",
            {"code": inline("kit/unit.js"), "values": values.tolist(), "count": count},
        )
        assert found[0] == np.argsort(-np.abs(values), kind="stable")[:count].tolist()
        assert found[1] == np.argsort(-values, kind="stable")[:count].tolist()
