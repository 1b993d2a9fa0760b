"""Write the list of book/references.md from references.bib, for those who read the repository.

Usage: python tools/references.py

The book puts its own bibliography in the place of the list (course_commonmark).
"""

import pathlib

import pybtex.database
import pybtex.plugin

BOOK = pathlib.Path(__file__).parent.parent / "book"


def listed(file):
    """Return the entries of a bibliography as a list in Markdown, each with its key as an anchor."""
    style = pybtex.plugin.find_plugin("pybtex.style.formatting", "alpha")()
    markdown = pybtex.plugin.find_plugin("pybtex.backends", "markdown")()
    entries = style.format_bibliography(pybtex.database.parse_file(file))
    texts = ((entry.key, " ".join(entry.text.render(markdown).split())) for entry in entries)
    return "".join(f'- <a id="{key}"></a>{text}\n' for key, text in texts)


def main(book=BOOK):
    """Write the list anew; what stands before it stays."""
    page = book / "references.md"
    before = page.read_text(encoding="utf-8").partition("- <a id=")[0]
    page.write_text(before + listed(book / "references.bib"), encoding="utf-8")


if __name__ == "__main__":
    main()
