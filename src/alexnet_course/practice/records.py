"""What the reader has done: kept while Python runs and, in a notebook, in a file beside it."""

import json
import os
import pathlib
import sys

#: In the folder of the notebooks: they share it, and the reader sees and can delete it.
FILE = pathlib.Path("practice_record.json")

_done = {}  # number: {part: whether it passed}; an exercise in one piece has the part ""


def keep(number, report):
    """Remember what a report says. What has passed once stays passed.

    Parameters
    ----------
    number : str
        Of the exercise.
    report : Report
        Of an answer that was written. Where the file cannot be read or written it is left as it is: an
        answer is checked all the same.
    """
    parts = _done.setdefault(number, {})
    for part, passed in (report.parts or {"": report.passed}).items():
        parts[part] = parts.get(part, False) or passed
    if _in_notebook():
        try:
            written = FILE.with_suffix(f".{os.getpid()}")  # two notebooks may write at the same time
            written.write_text(json.dumps(_all(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
            written.replace(FILE)
        except (OSError, ValueError):
            return


def _in_notebook():
    if os.environ.get("ALEXNET_COURSE_RECORD") == "no":  # where chapters are built and tested, nobody learns
        return False
    ipython = sys.modules.get("IPython")  # not imported for this: without it there is no notebook
    return ipython is not None and ipython.get_ipython() is not None


def _all():
    """Return what is in the file and what this Python saw, as one record.

    Raises
    ------
    OSError, ValueError
        If the file is there and is no record.
    """
    found = json.loads(FILE.read_text(encoding="utf-8")) if _in_notebook() and FILE.exists() else {}
    if not isinstance(found, dict) or not all(map(_is_entry, found.values())):
        raise ValueError(f"{FILE} holds something else")
    for number, parts in _done.items():
        known = found.setdefault(number, {})
        for part, passed in parts.items():
            known[part] = known.get(part, False) or passed
    return found


def _is_entry(parts):
    return isinstance(parts, dict) and all(isinstance(passed, bool) for passed in parts.values())


def told(exercises):
    """Tell the record in words, chapter by chapter.

    Parameters
    ----------
    exercises : list of Exercise, Question or Bug
        All there are, in order.

    Returns
    -------
    str
    """
    try:
        found = _all()
    except (OSError, ValueError) as error:
        return f"The record in {FILE} cannot be read ({type(error).__name__}); it is left as it is."
    known = [exercise for exercise in exercises if exercise.number in found]
    if not known:
        return (
            f"Nothing is recorded yet. A notebook keeps in {FILE}\nwhat practice.check finds in your answers."
        )
    lines, left = [], []
    for chapter in dict.fromkeys(exercise.number[:2] for exercise in known):
        own = [exercise for exercise in exercises if exercise.number.startswith(f"{chapter}.")]
        passed = [exercise for exercise in own if _passed(exercise, found)]
        left += [one.number for one in own if one.number in found and one not in passed]
        lines.append(f"  chapter {int(chapter):2}: {len(passed)} of {len(own)} checked exercises passed")
        lines += [f"    {words}" for words in _counted(own, found)]
    passed = sum(_passed(exercise, found) for exercise in exercises)
    tried = f" Tried and still open: {', '.join(left)}." if left else ""
    return "\n".join([f"You have passed {passed} of {len(exercises)} checked exercises.{tried}", *lines])


def _passed(exercise, found):
    parts = found.get(exercise.number, {})
    wanted = getattr(exercise, "parts", ("",))
    return all(parts.get(part, False) for part in wanted)


def _counted(exercises, found):
    """Yield how often each part of exercises in several parts passed, as 'symptom: 7 of 10'."""
    for part in dict.fromkeys(part for exercise in exercises for part in getattr(exercise, "parts", ())):
        own = [exercise.number for exercise in exercises if part in getattr(exercise, "parts", ())]
        yield f"{part}: {sum(found.get(number, {}).get(part, False) for number in own)} of {len(own)}"
