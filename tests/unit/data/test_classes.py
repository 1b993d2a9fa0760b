"""The names of ImageNet's classes, and the most probable of them."""

import numpy as np
import pytest

from alexnet_course.data.classes import best_names, class_names


def test_there_are_1000_names_in_the_order_of_the_outputs():
    names = class_names()
    assert len(names) == 1000
    assert [names[place] for place in (0, 281, 967, 999)] == ["tench", "tabby", "espresso", "toilet tissue"]
    assert not any("," in name for name in names)
    assert len(names) - len(set(names)) == 2  # crane and maillot, twice each


def test_the_most_probable_come_first_and_of_equals_the_first():
    logits = np.zeros(1000)
    logits[[967, 281]] = 3, 5
    found = best_names(logits, top=4)
    assert [name for name, _ in found] == ["tabby", "espresso", "tench", "goldfish"]
    total = np.exp(5) + np.exp(3) + 998
    assert [p for _, p in found] == pytest.approx(
        [np.exp(5) / total, np.exp(3) / total, 1 / total, 1 / total]
    )


@pytest.mark.parametrize(
    ("logits", "top", "error"),
    [(999, 5, "logits"), (1000, 1001, "top must be at most 1000; got 1001"), (1000, 0, "top must")],
)
def test_other_numbers_of_logits_or_names_are_refused(logits, top, error):
    with pytest.raises(ValueError, match=error):
        best_names(np.zeros(logits), top)
