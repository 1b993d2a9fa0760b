"""Open JupyterLab on the chapters: on a copy of them that belongs to the reader, or on the repository's own.

Usage: python tools/lab.py [--edit] [OPTIONS OF JUPYTERLAB]     (`make lab`; with --edit, `make edit`)

The copy lies in work/, which git does not see. What a reader writes there is never overwritten: a chapter
that was changed there stays as it is, and when the course has a new one, that is put beside it.
"""

import hashlib
import json
import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).parent.parent
WORK = ROOT / "work"
SETTINGS = (
    pathlib.Path(__file__).parent / "lab"
)  # defaults that JupyterLab reads; the reader's own come first
NOTE = ".copied.json"  # which version of each file was copied last
COPIED = ("notebooks/*.ipynb", "book/*.md")  # chapters link to pages of the book


def digest(path):
    """Return what tells one version of a file from another."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def free_name(path):
    """Return a name beside `path` that nothing has: chapter.new.ipynb, chapter.new-2.ipynb, ...

    Examples
    --------
    >>> free_name(pathlib.Path("nowhere/01_images.ipynb")).name
    '01_images.new.ipynb'
    """
    names = (f"{path.stem}.new{f'-{number}' if number > 1 else ''}{path.suffix}" for number in range(1, 1000))
    return next(path.with_name(name) for name in names if not path.with_name(name).exists())


def refresh(source, work):
    """Bring a reader's copy up to date without touching what he changed.

    Parameters
    ----------
    source : pathlib.Path
        The repository.
    work : pathlib.Path
        The copy; made if it is not there.

    Returns
    -------
    list of (str, str)
        The path of each chapter that was changed by both sides, and that of the new one beside it.
    """
    note = work / NOTE
    known = json.loads(note.read_text(encoding="utf-8")) if note.is_file() else {}
    beside = []
    for path in sorted(path for pattern in COPIED for path in source.glob(pattern)):
        name = path.relative_to(source).as_posix()
        target, now = work / name, digest(path)
        if not target.exists() or digest(target) == known.get(name):
            place = target
        elif now in (known.get(name), digest(target)):
            place = None  # the reader's, and the course has nothing newer
        else:
            place = free_name(target)
            beside.append((name, place.relative_to(work).as_posix()))
        if place:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
        known[name] = now
    note.write_text(json.dumps(known, indent=1), encoding="utf-8")
    return beside


def main(arguments):
    """Refresh the copy, and turn into JupyterLab."""
    edit = "--edit" in arguments
    folder = ROOT if edit else WORK
    if not edit:
        for name, new in refresh(ROOT, WORK):
            print(f"{name} has changed since you wrote in it. Yours is kept; the new one is {new}.")
        print("The chapters are in work/notebooks: what you write there stays yours.", flush=True)
    paths = [str(SETTINGS), *filter(None, [os.environ.get("JUPYTER_CONFIG_PATH")])]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(paths)
    first = min(path.name for path in (folder / "notebooks").glob("[0-9]*.ipynb"))
    command = [sys.executable, "-m", "jupyterlab", f"--config={ROOT / 'tools' / 'lab_config.py'}"]
    command += [f"--ServerApp.root_dir={folder}", f"--LabApp.default_url=/lab/tree/notebooks/{first}"]
    os.execv(sys.executable, command + [option for option in arguments if option != "--edit"])


if __name__ == "__main__":
    main(sys.argv[1:])
