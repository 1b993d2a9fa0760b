"""The quizzes: questions with a reason for every option, one data file a chapter."""

import difflib
import html
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
#: Words of chapters that are names.
NAMES = {"relu": "ReLU", "alexnet": "AlexNet", "fast_numpy": "fast NumPy"}


class QuizError(ValueError):
    """A quiz file that breaks a rule; the message names the file, the question and the rule."""


@dataclass(frozen=True)
class Option:
    """One answer to choose, with the reason why it is right or wrong, in CommonMark with formulas."""

    text: str
    reason: str
    right: bool = False


@dataclass(frozen=True)
class QuizQuestion:
    """A question with its options; `recalls` names the earlier chapter that it goes back to."""

    text: str
    options: tuple[Option, ...]
    recalls: str = ""


@dataclass(frozen=True)
class Quiz:
    """The questions of one chapter."""

    name: str
    questions: tuple[QuizQuestion, ...]

    def __repr__(self):
        count = len(self.questions)
        return f"Quiz({self.name}: {count} question{'s' if count > 1 else ''})"

    def _repr_markdown_(self):
        """Show the quiz in a notebook: each option is a fold, which says whether it is right, and why."""
        questions = [_question_markdown(i, question) for i, question in enumerate(self.questions, start=1)]
        return "\n\n---\n\n".join(["Choose an option and unfold it.", *questions])


def names():
    """Give the names of all quizzes, in order: `("02_convolution", ...)`."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def full_name(name):
    """Give a quiz's whole name for "02" or "02_convolution"; ValueError names the nearest if none has it."""
    found = [known for known in names() if name in (known, known.partition("_")[0])]
    if not found:
        near = difflib.get_close_matches(str(name), names(), n=3, cutoff=0.4) or names()
        raise ValueError(f"name {name!r} is no quiz; the nearest are {', '.join(near)}")
    return found[0]


def spoken(chapter):
    """Give a chapter's number and words.

    Examples
    --------
    >>> spoken("03_geometry"), spoken("04_relu")
    ('chapter 3, geometry', 'chapter 4, ReLU')
    """
    number, words = chapter.split("_", 1)
    words = NAMES.get(words, words.replace("_", " "))
    return f"chapter {int(number)}, {words}"


def load(name):
    """Read and check a quiz.

    Parameters
    ----------
    name : str
        The chapter, as "02" or "02_convolution".

    Returns
    -------
    Quiz

    Raises
    ------
    ValueError
        When there is no such quiz (it names the nearest); `QuizError` when its file breaks a rule.
    """
    found = full_name(name)
    return read(found, (FOLDER / f"{found}.toml").read_text(encoding="utf-8"))


def read(name, text):
    """Make a quiz out of the text of its file.

    Parameters
    ----------
    name : str
        What error messages call the quiz.
    text : str
        TOML: `[[questions]]` with `text` and perhaps `recalls`, each with four `[[questions.options]]`, which
        have `text` and `reason`; the right one also has `right = true`.

    Returns
    -------
    Quiz

    Raises
    ------
    QuizError
        When a key is missing or unknown, the options are not four different ones with different reasons, or
        not exactly one of them is right.

    Examples
    --------
    >>> read("00_none", "")
    Traceback (most recent call last):
    alexnet_course.practice.quizzes.QuizError: quiz 00_none: it has no questions
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise QuizError(f"quiz {name}: not TOML: {error}") from error
    _keys(f"quiz {name}", data, {"questions"}, set())
    if not data.get("questions"):
        raise QuizError(f"quiz {name}: it has no questions")
    questions = [
        _question(f"quiz {name}, question {i}", entry) for i, entry in enumerate(data["questions"], start=1)
    ]
    _different(f"quiz {name}", "questions", [question.text for question in questions])
    return Quiz(name, tuple(questions))


def _question(where, entry):
    _keys(where, entry, {"text", "recalls", "options"}, {"text", "options"})
    options = []
    for i, option in enumerate(entry["options"], start=1):
        _keys(f"{where}, option {i}", option, {"text", "reason", "right"}, {"text", "reason"})
        options.append(Option(**option))
    if len(options) != 4:
        raise QuizError(f"{where}: it has {len(options)} options; there must be 4")
    right = sum(option.right for option in options)
    if right != 1:
        raise QuizError(f"{where}: {right} options are right; exactly one must be")
    _different(where, "options", [option.text for option in options])
    _different(where, "reasons", [option.reason for option in options])
    return QuizQuestion(entry["text"], tuple(options), entry.get("recalls", ""))


def _keys(where, entry, known, needed):
    unknown = sorted(set(entry) - known)
    if unknown:
        raise QuizError(f"{where}: unknown key {unknown[0]!r}; the keys are {', '.join(sorted(known))}")
    for key in sorted(needed):
        if not entry.get(key) or (isinstance(entry[key], str) and not entry[key].strip()):
            raise QuizError(f"{where}: no {key}")
    for key in sorted(set(entry) & {"text", "reason", "recalls"}):
        if not isinstance(entry[key], str):
            raise QuizError(f"{where}: {key} must be a string, not {entry[key]!r}")
    if not isinstance(entry.get("right", True), bool):
        raise QuizError(f"{where}: right must be true or false, not {entry['right']!r}")


def _different(where, what, texts):
    if len({text.strip().casefold() for text in texts}) < len(texts):
        raise QuizError(f"{where}: two {what} are the same")


def _question_markdown(number, question):
    recall = f"*From {spoken(question.recalls)}.* " if question.recalls else ""
    parts = [f"**{number}.** {recall}{question.text}"]
    for letter, option in zip("ABCD", question.options, strict=True):
        verdict = f"**{letter} is {'right' if option.right else 'wrong'}.** {option.reason}"
        parts.append(
            f"<details>\n<summary>{letter}. {_inline(option.text)}</summary>\n\n{verdict}\n\n</details>"
        )
    return "\n\n".join(parts)


def _inline(text):
    """Turn code and emphasis into HTML, for Markdown is not read inside a summary; formulas are."""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", text)
