"""`make slides`: a chapter as nbconvert's slides."""

import re

import handout
import pytest
import slides

PATHS = {path.name[:2]: path for path in handout.chosen([])}


@pytest.mark.parametrize("chapter", [min(PATHS), "10", max(PATHS)])  # a second each
def test_every_section_but_the_exercises_and_the_quiz_is_a_slide(chapter):
    html = slides.slides(PATHS[chapter])
    titles = [re.sub("<.*?>|¶", "", text) for text in re.findall(r"<h2.*?>(.*?)</h2>", html)]
    assert titles[0] == "Question"
    assert titles[-2:] == ["Summary", "References"]
    assert not {"Exercises", "Quiz"} & set(titles)
    assert "practice.check(" not in re.sub("<.*?>", "", html)
    assert html.count("<section>") >= len(titles)


def test_text_is_cut_at_its_headings_and_code_stays_with_it():
    fold = "<details>\n<summary>Answer</summary>\n\n5\n\n</details>"
    source = f"So much for that.\n\n## By hand\n\n2 + 3?\n\n{fold}\n\nThe ear:"
    text = {"cell_type": "markdown", "source": source}
    code = {"cell_type": "code", "source": "tile.EAR"}
    found = [(kind, cell["source"]) for kind, cell in slides.parts([text, code])]
    assert found == [
        ("subslide", "So much for that."),
        ("slide", "## By hand\n\n2 + 3?"),
        ("fragment", "5"),
        ("fragment", "The ear:"),
        ("-", "tile.EAR"),
    ]


def test_without_a_chapter_it_asks_which():
    with pytest.raises(SystemExit, match="of which chapter"):
        slides.main([])
    with pytest.raises(SystemExit, match="'60' is no chapter"):
        slides.main(["60"])
