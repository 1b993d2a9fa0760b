"""Every chapter is complete; each lack is told with its file: the list of what is left to do, in order."""

import json
import pathlib
import re

import course_chapters
import pytest
from helpers import ROOT

from alexnet_course import explorers, practice
from alexnet_course.practice import quizzes
from alexnet_course.practice.bugs import Bug
from alexnet_course.practice.exercises import Exercise

NOTEBOOKS = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
NAMES = sorted(NOTEBOOKS | set(course_chapters.chapters()))
HEADINGS = (
    "Question",
    "See it",
    "By hand",
    "In a loop",
    "Fast",
    "In AlexNet",
    "Same code, real size",
    "Easy to get wrong",
    "Exercises",
    "Quiz",
    "Summary",
    "References",
)

BEFORE_THE_EXPLORER = 300  # words: the goals, the question, and what is to be tried


def cells(name):
    """Return (kind, source) of every cell of a chapter."""
    notebook = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))
    return [(cell["cell_type"], "".join(cell["source"])) for cell in notebook["cells"]]


def skeleton(name):
    """Yield what the text of a chapter lacks."""
    text = course_chapters.markdown(name)
    found = re.findall(r"^## (.+)$", text, flags=re.M)
    missing = [heading for heading in HEADINGS if heading not in found]
    yield from (f"no heading '## {heading}'" for heading in missing)
    order = [heading for heading in found if heading in HEADINGS]
    if not missing and order != list(HEADINGS):
        yield f"its headings stand in the order {', '.join(order)}; the order is {', '.join(HEADINGS)}"
    try:
        course_chapters.heading(name)
    except ValueError as error:
        yield str(error).partition(" has ")[2]
    if not re.search(r"^\*\*You will be able to\*\*\n\n- ", text, flags=re.M):
        yield "no list '**You will be able to**'"
    if not re.search(r"^## Summary\n(?:(?!^## ).*\n)*\*\*Next\.\*\* ", text, flags=re.M):
        yield "its summary does not end in '**Next.** …'"


def following(name, before):
    """Yield what the chapter before lacks."""
    link = f"[{quizzes.spoken(name)}]({name}.ipynb)"
    if before in NOTEBOOKS and not re.search(
        rf"^\*\*Next\.\*\* .*{re.escape(link)}", course_chapters.markdown(before), re.M
    ):
        yield f"its '**Next.** …' does not lead on to {link}"


def quiz(name):
    """Yield whether the page shows no quiz."""
    sources = [source for _, source in cells(name)]
    shown = f'practice.quiz("{name[:2]}")'
    if shown not in sources or not sources[sources.index(shown) - 1].endswith("## Quiz"):
        yield f"no cell {shown} below '## Quiz'"


def exercises(name):
    """Yield which exercises of a chapter cannot be reached, or have no answer, on its page."""
    text = course_chapters.markdown(name)
    code = [source for kind, source in cells(name) if kind == "code"]
    on_page = re.findall(r"^\*\*(\d\d\.\d+) ", text, flags=re.M)
    numbers = [number for number in practice.numbers() if number.startswith(f"{name[:2]}.")]
    expected = [f"{name[:2]}.{i}" for i in range(1, len(on_page) + 1)]
    if len(on_page) < 4 or on_page != expected:
        yield f"its exercises are {', '.join(on_page) or 'none'}; there are 4 or more, from **{name[:2]}.1 on"
    for number in numbers:
        if number not in on_page:
            yield f"no exercise **{number}, which practice checks"
        if not any(f'practice.check("{number}", ' in source for source in code):
            yield f'no cell with practice.check("{number}", …)'
    for part in re.split(r"^(?=\*\*\d\d\.\d+ )", text, flags=re.M)[1:]:
        if "<summary>" not in part:
            yield f"no folded answer to {part[2:].partition(' ')[0]}"


def checked(name):
    """Yield what the exercises of a chapter lack in practice."""
    found = [practice.exercise(number) for number in practice.numbers() if number.startswith(f"{name[:2]}.")]
    if not any(isinstance(exercise, Exercise | Bug) for exercise in found):
        yield "no Exercise in EXERCISES: nothing that the reader writes is checked"
    for exercise in found:
        if isinstance(exercise, Exercise | Bug) and not (exercise.solutions and exercise.mutants):
            yield f"{exercise.number} has no solution or no mutants"
        if len(exercise.hints) != 3:
            yield f"{exercise.number} has {len(exercise.hints)} hints; there are three"


def shown(name):
    """Yield whether a chapter shows no explorer, or shows it late."""
    words = 0
    for kind, source in cells(name):
        if kind == "code" and source.partition("(")[0] in explorers.__all__:
            break
        words += len(source.split()) * (kind == "markdown")
    else:
        yield f"no explorer; there are {', '.join(explorers.__all__)}"
        return
    if words > BEFORE_THE_EXPLORER:
        yield f"{words} words before its explorer; {BEFORE_THE_EXPLORER} do, for it answers to the question"


def uncompared(name):
    """Yield (file, lack) of the chapter's explorers whose page is not compared with Python."""
    code = "\n".join(source for kind, source in cells(name) if kind == "code")
    for explorer in explorers.__all__:
        cls = getattr(explorers, explorer)
        base = next(parent for parent in cls.__mro__ if parent.__name__ == "Explorer")
        if re.search(rf"\b{explorer}\(", code) and hasattr(base, "checked") and not cls.checked:
            file = pathlib.Path(f"src/{cls.__module__.replace('.', '/')}.py")
            yield file, f"{explorer} names nothing in `checked`, so its page is compared with nothing"


def lacks(name, before):
    """Return everything that a chapter lacks, 'file: what it lacks', in the order in which one writes it."""
    notebook = f"notebooks/{name}.ipynb"
    found = [] if name in course_chapters.chapters() else [f"_toc.yml: {notebook} is not listed"]
    if name not in NOTEBOOKS:
        return [*found, f"{notebook}: is missing"]
    found += [f"{notebook}: {lack}" for lack in skeleton(name)]
    found += [f"{file}: {lack}" for file, lack in uncompared(name)]
    found += [f"{notebook}: {lack}" for part in (shown, exercises, quiz) for lack in part(name)]
    module = f"src/alexnet_course/practice/ch{name}.py"
    if not (ROOT / module).is_file():
        found.append(f"{module}: is missing")
    else:
        found += [f"{module}: {lack}" for lack in checked(name)]
    if name not in quizzes.names():
        found.append(f"src/alexnet_course/practice/quizzes/{name}.toml: is missing")
    return found + [f"notebooks/{before}.ipynb: {lack}" for lack in following(name, before)]


@pytest.mark.parametrize("name", NAMES)
def test_a_chapter_is_complete(name):
    before = [
        other for other in NAMES if int(other[:2]) == int(name[:2]) - 1
    ]  # none, where it is yet to come
    found = lacks(name, before[0] if before else None)
    assert not found, "\n".join(["", *found])


# ---- the test of the test ----


@pytest.fixture
def spoilt(tmp_path, monkeypatch):
    """Return a function that gives the lacks of chapter 6 after a change of its notebook's text."""
    text = (ROOT / "notebooks" / "06_pooling.ipynb").read_text(encoding="utf-8")
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in ("_toc.yml", "notebooks/05_normalization.ipynb", "src"):
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.setattr(course_chapters, "ROOT", tmp_path)
    monkeypatch.setitem(globals(), "ROOT", tmp_path)

    def spoil(old, new):
        assert old in text
        (folder / "06_pooling.ipynb").write_text(text.replace(old, new), encoding="utf-8")
        return lacks("06_pooling", "05_normalization")

    return spoil


@pytest.mark.parametrize(
    ("old", "new", "lack"),
    [
        ("## Fast", "## Slow", "no heading '## Fast'"),
        ("# Max pooling", "Max pooling", "no title: it is the first line, '# …'"),
        ("by a pixel?**", "by a pixel.**", "no question: it is the first line below '## Question', '**…?**'"),
        ("You will be able to", "You will", "no list '**You will be able to**'"),
        ("**Next.**", "**Then.**", "its summary does not end in '**Next.** …'"),
        ("PoolingExplorer(", "Pooling(", "no explorer; there are AlexNetExplorer"),
        ("**06.4 ", "**06.9 ", "its exercises are 06.1, 06.2, 06.3, 06.9, 06.5"),
        ("**06.3 ", "06.3 ", "no exercise **06.3, which practice checks"),
        ('check(\\"06.3\\"', 'check(\\"06.4\\"', 'no cell with practice.check("06.3", …)'),
        ("<summary>", "<b>", "no folded answer to 06.1"),
        ('quiz(\\"06\\")', 'quiz(\\"07\\")', "no cell practice.quiz(\"06\") below '## Quiz'"),
    ],
)
def test_each_lack_is_told_with_its_file(spoilt, old, new, lack):
    assert f"notebooks/06_pooling.ipynb: {lack}" in "\n".join(spoilt(old, new))


def test_the_order_of_the_headings_is_told(spoilt):
    (lack,) = spoilt("## Fast", "## Slow\\n## See it\\n## Fast")
    assert "In a loop, See it, Fast" in lack


def test_an_explorer_that_comes_late_is_told(spoilt):
    (lack,) = spoilt("Max pooling keeps", f"{'so ' * 100}Max pooling keeps")
    assert re.search(r"3\d\d words before its explorer; 300 do", lack)


def test_a_chapter_that_is_missing_is_told_and_the_next_one_is_no_error():
    missing = ["_toc.yml: notebooks/99_nothing.ipynb is not listed", "notebooks/99_nothing.ipynb: is missing"]
    assert lacks("99_nothing", None) == missing
    assert lacks("06_pooling", "99_nothing") == []
