"""The page about the paper: every number that the package knows is the package's, and the run log adds up."""

import inspect
import re

import course_facts
import numpy as np
import pytest

from alexnet_course.alexnet import INPUT_SHAPE, TABLE, AlexNet, Convolution, FullyConnected
from alexnet_course.data.photographs import MEAN_COLOUR, load_photograph
from alexnet_course.geometry import output_size, overhang
from alexnet_course.images import colour_noise, ten_views
from alexnet_course.layers import LocalResponseNormalization
from alexnet_course.optimizers import SGD

DATA = course_facts.load("paper")
PAGE = (course_facts.DATA.parent / "paper.md").read_text(encoding="utf-8")
KNOWN = [
    pytest.param(value, expression[0], id=f"{entry['about']}: {name}")
    for entry in DATA["fact"]
    for name, (value, *expression) in entry.get("numbers", {}).items()
    if expression
]
RUNS = {entry["name"]: entry for entry in DATA["run"]}


class Known:
    """What the expressions of book/data/paper.toml may call."""

    def __init__(self):
        # Deviation 0 draws as many weights; where their size counts, `drawn_deviation` draws anew.
        self.network = AlexNet(initial=0.0, rng=np.random.default_rng(0))

    def names(self):
        return {
            "INPUT_SHAPE": INPUT_SHAPE,
            "MEAN_COLOUR": MEAN_COLOUR,
            "Convolution": Convolution,
            "FullyConnected": FullyConnected,
            "LocalResponseNormalization": LocalResponseNormalization,
            "SGD": SGD,
            "colour_noise": colour_noise,
            "default": lambda owner, name: inspect.signature(owner).parameters[name].default,
            "drawn_deviation": self.drawn_deviation,
            "network": self.network,
            "neurons": self.neurons,
            "np": np,
            "output_size": output_size,
            "overhang": overhang,
            "parameters": self.parameters,
            "load_photograph": load_photograph,
            "row": lambda name: next(row for row in TABLE if row.name == name),
            "rows": lambda kind: [row for row in TABLE if isinstance(row, kind)],
            "ten_views": ten_views,
            "weight": lambda name: self.network[name].weight,
        }

    def neurons(self):
        """Return how many outputs each layer with weights has."""
        shape, counts = INPUT_SHAPE, []
        for layer in self.network.layers.values():
            shape = layer.output_shape(shape)
            if layer.params:
                counts.append(int(np.prod(shape)))
        return counts

    def parameters(self, groups):
        network = self.network if groups == 2 else AlexNet(groups, initial=0.0, rng=np.random.default_rng(0))
        return sum(array.size for array in network.params.values())

    def drawn_deviation(self):
        return AlexNet(rng=np.random.default_rng(0))["fc8"].weight.std()


@pytest.fixture(scope="module")
def names():
    return Known().names()


@pytest.mark.first_version("T28")
@pytest.mark.parametrize(("value", "expression"), KNOWN)
def test_a_number_that_the_package_knows_is_the_packages(names, value, expression):
    computed = eval(expression, names)
    assert computed == value
    assert str(computed) == str(value)  # the page prints 2 as 2, not 2.0


def test_most_facts_are_held_by_the_package():
    assert len(KNOWN) >= 40


@pytest.mark.parametrize("entry", DATA["fact"], ids=lambda entry: entry["about"])
def test_a_fact_is_complete_and_uses_its_numbers(entry):
    texts = " ".join(entry[key] for key, _ in course_facts.LINES if key in entry)
    assert set(course_facts.NUMBER.findall(texts)) == set(entry.get("numbers", {}))
    assert "[[" not in course_facts.fact(entry)
    assert f"```{{facts}} {entry['group']}\n" in PAGE
    assert "paper" in entry
    if "code" in entry:
        assert "{cite}" in entry["code"] or "below" in entry["code"]
    departs = "here" in entry and not re.match("The same|As in|The paper's|`ten_views`", entry["here"])
    assert not departs or "why" in entry or entry["group"] in ("results", "code", "training", "images")


@pytest.mark.first_version("T10", "T21")
@pytest.mark.parametrize("run", [run for run in RUNS.values() if "paper" in run], ids=lambda run: run["name"])
def test_the_run_log_rounds_to_what_the_paper_prints(run):
    base = RUNS[run["against"]]["errors"] if "against" in run else (0, 0)
    gaps = [100 * (mine - theirs) for mine, theirs in zip(run["errors"], base, strict=True)]
    assert [f"{gap:.1f}" for gap in gaps] == [f"{number:.1f}" for number in run["paper"]]


@pytest.mark.first_version("T21")
def test_the_run_log_stands_on_the_page():
    shown = "".join(course_facts.run(run, RUNS.values()) for run in RUNS.values())
    assert "42.034 % and 19.362 %" in shown
    assert "1.370 and 1.152 points above run 145; the paper says 1.4 and 1.2" in shown
    assert "not in the paper" in shown


def test_an_unknown_number_is_an_error():
    with pytest.raises(KeyError):
        course_facts.filled("[[filters]] kernels", {"kernels": [96]})
