"""The page about common mistakes: complete, and its numbers are the package's."""

import course_facts
import pytest
from course_chapters import chapters
from helpers import ROOT, known_numbers

MISTAKES = course_facts.load("mistakes")["mistake"]
PAGE = (ROOT / "book" / "mistakes.md").read_text(encoding="utf-8")
TEXTS = {"group", "claim", "tempting", "right", "source"}


@pytest.mark.parametrize(("value", "expression"), known_numbers(MISTAKES, "claim"))
def test_a_number_that_the_package_knows_is_the_packages(names, value, expression):
    computed = eval(expression, names)
    assert str(computed) == str(value)


@pytest.mark.parametrize("entry", MISTAKES, ids=lambda entry: entry["claim"])
def test_a_mistake_is_complete(entry):
    assert TEXTS <= set(entry) <= TEXTS | {"chapters", "pages", "numbers"}
    assert all(entry[key].endswith(".") for key in ("claim", "tempting", "right"))
    assert f"```{{mistakes}} {entry['group']}\n" in PAGE
    assert entry.get("chapters") or entry.get("pages")
    assert set(entry.get("chapters", [])) <= set(chapters())
    for page in entry.get("pages", {}):
        assert (ROOT / "book" / page).is_file(), page
    texts = " ".join(entry[key] for key in TEXTS)
    assert set(course_facts.NUMBER.findall(texts)) == set(entry.get("numbers", {}))
    assert "[[" not in course_facts.mistake(entry)


def test_the_page_says_how_many_there_are():
    assert 25 <= len(MISTAKES) <= 40
    assert f"description: {len(MISTAKES)} misconceptions" in PAGE
    assert len({entry["claim"] for entry in MISTAKES}) == len(MISTAKES)


def test_every_group_stands_on_the_page_once():
    groups = {entry["group"] for entry in MISTAKES}
    told = [line.split("} ")[1] for line in PAGE.splitlines() if line.startswith("```{mistakes}")]
    assert sorted(told) == sorted(groups)
