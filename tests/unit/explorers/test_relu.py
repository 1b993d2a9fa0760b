"""The ReLU explorer in Python."""

from alexnet_course.explorers import ReLUExplorer


def test_a_rounded_number_is_called_so():
    place = {"row": 1, "column": 0}
    assert "3 becomes 3 by ReLU." in ReLUExplorer(**place)._sentence()
    assert "3 becomes about 1 by tanh." in ReLUExplorer(function="tanh", **place)._sentence()
