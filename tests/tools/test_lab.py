"""`make lab`: the reader's copy of the chapters, which no update overwrites."""

import lab
import pytest


@pytest.fixture
def course(tmp_path):
    """A small course, and where the reader's copy of it will lie."""
    source, work = tmp_path / "course", tmp_path / "work"
    for name in (
        "notebooks/01_images.ipynb",
        "notebooks/02_convolution.ipynb",
        "book/notation.md",
        "README.md",
    ):
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"first {name}", encoding="utf-8")
    work.mkdir()
    lab.refresh(source, work)
    return source, work


def test_the_chapters_and_the_pages_they_link_to_are_copied(course):
    _, work = course
    copied = sorted(path.relative_to(work).as_posix() for path in work.rglob("*") if path.is_file())
    assert copied == [
        lab.NOTE,
        "book/notation.md",
        "notebooks/01_images.ipynb",
        "notebooks/02_convolution.ipynb",
    ]


def test_what_was_not_changed_follows_the_course(course):
    source, work = course
    (source / "notebooks/01_images.ipynb").write_text("second")
    assert lab.refresh(source, work) == []
    assert (work / "notebooks/01_images.ipynb").read_text() == "second"


def test_what_the_reader_wrote_stays_and_the_new_chapter_lies_beside_it(course):
    source, work = course
    mine = work / "notebooks/01_images.ipynb"
    mine.write_text("mine")
    assert lab.refresh(source, work) == []
    for version, name in (("second", "01_images.new.ipynb"), ("third", "01_images.new-2.ipynb")):
        (source / "notebooks/01_images.ipynb").write_text(version)
        assert lab.refresh(source, work) == [("notebooks/01_images.ipynb", f"notebooks/{name}")]
        assert (work / "notebooks" / name).read_text() == version
        assert lab.refresh(source, work) == []  # said once
    assert mine.read_text() == "mine"


def test_a_chapter_that_was_thrown_away_comes_back(course):
    source, work = course
    (work / "notebooks/01_images.ipynb").unlink()
    assert lab.refresh(source, work) == []
    assert (work / "notebooks/01_images.ipynb").read_text() == "first notebooks/01_images.ipynb"


def test_a_chapter_of_the_readers_own_is_left_alone(course):
    source, work = course
    (work / "notebooks/mine.ipynb").write_text("mine")
    (source / "notebooks/mine.ipynb").write_text("theirs")
    assert lab.refresh(source, work) == [("notebooks/mine.ipynb", "notebooks/mine.new.ipynb")]
    assert (work / "notebooks/mine.ipynb").read_text() == "mine"
