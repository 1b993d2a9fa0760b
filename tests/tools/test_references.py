"""The list of references that a reader of the repository sees is the bibliography of the book."""

import pathlib
import re
import shutil

import references
from helpers import ROOT

BOOK = ROOT / "book"


def keys():
    """Return the keys of the bibliography."""
    return re.findall(r"^@\w+\{(\w+),", (BOOK / "references.bib").read_text(encoding="utf-8"), flags=re.M)


def test_the_list_is_the_bibliography(tmp_path):
    for name in ("references.bib", "references.md"):
        shutil.copy(BOOK / name, tmp_path)
    references.main(tmp_path)
    made = (tmp_path / "references.md").read_text(encoding="utf-8")
    assert made == (BOOK / "references.md").read_text(encoding="utf-8"), "run: python tools/references.py"
    assert sorted(re.findall(r'^- <a id="(\w+)"', made, flags=re.M)) == sorted(keys())


def test_what_is_listed_is_cited_and_what_is_cited_is_listed():
    pages = [*pathlib.Path(ROOT / "notebooks").glob("*.ipynb"), *BOOK.glob("*.md")]
    pages += pathlib.Path(ROOT / "src" / "alexnet_course").glob("*.toml")
    text = "".join(page.read_text(encoding="utf-8") for page in pages if page.name != "references.md")
    cited = set(re.findall(r"references\.md#(\w+)", text))
    for keys_of_one in re.findall(r"\{cite(?::\w+)?\}`([\w, ]+)`", text):
        cited |= {key.strip() for key in keys_of_one.split(",")}
    assert sorted(cited) == sorted(keys())
