"""The page about the paper: every number that the package knows is the package's, and the run log adds up."""

import re

import course_facts
import pytest
from helpers import known_numbers

from alexnet_course import museum

DATA = course_facts.load("paper")
PAGE = (course_facts.DATA.parent / "paper.md").read_text(encoding="utf-8")
KNOWN = known_numbers(DATA["fact"], "about")


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
    assert not departs or "why" in entry or entry["group"] in ("results", "training", "images")


@pytest.mark.first_version("T21")
def test_the_run_log_stands_on_the_page():
    shown = "".join(course_facts.run(run) for run in museum.runs().values())
    assert "42.034 % and 19.362 %" in shown
    assert "1.370 and 1.152 points above run 145; the paper says 1.4 and 1.2" in shown
    assert "0.414 and 0.216 points below run 145; not in the paper" in shown
    assert "```{runs}\n" in PAGE


def test_the_differences_stand_on_the_page():
    shown = [course_facts.difference(row) for row in museum.differences() if row.detail]
    assert "```{differences}\n" in PAGE
    assert len(shown) > 8
    assert "*Paper, section 3.3, 3.4.* ReLU, LRN, pool.\n" in shown[0]
    assert [course_facts.sentence(words) for words in ("n maps", "none")] == ["n maps.", "None."]
    assert "(`layers-145.cfg, lines 9-54`)" in shown[0]


def test_an_unknown_number_is_an_error():
    with pytest.raises(KeyError):
        course_facts.filled("[[filters]] kernels", {"kernels": [96]})
