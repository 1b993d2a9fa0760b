"""Terms explain themselves: the first use in a chapter, in running text, leads to the glossary."""

import re

import course_terms


def test_an_entry_becomes_a_sentence_and_an_anchor():
    entries = course_terms.entries()
    assert "activation" not in entries  # it leads to another
    for term, meaning in entries.items():
        text = course_terms.sentence(meaning)
        assert text.endswith(".")
        assert not re.search(r"[*`{}]", text)
        assert re.fullmatch(r"term-[a-z0-9-]+", course_terms.anchor(term))
    assert len({course_terms.anchor(term) for term in entries}) == len(entries)


def test_a_chapter_does_not_look_for_what_it_defines():
    assert "padding" not in course_terms.to_explain("03_geometry")
    assert course_terms.to_explain("02_convolution")["padding"] == "padding"
    assert not course_terms.EVERYDAY & set(course_terms.to_explain("02_convolution"))
