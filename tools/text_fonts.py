"""Make the fonts of the book's text: those letters of Source Serif 4 and Source Sans 3 that its pages need.

Usage: .venv/bin/python tools/text_fonts.py FOLDER
FOLDER holds the packages of npm: npm install --prefix FOLDER @fontsource/source-serif-4@5.3.1
@fontsource-variable/source-sans-3@5.3.0
Needs the package brotli beside the course's own: .venv/bin/python -m pip install brotli

A first visit waits for these files, which are half as long without the letters that no page shows. Their
licence (SIL OFL 1.1) allows subsets under another name, so the results are called "Course Serif" and "Course
Sans". Run by hand: the results are part of the repository, and a test says when a letter is missing.
"""

import pathlib
import sys

from fontTools import subset, ttLib
from math_font import ASCII, rename

FONTS = pathlib.Path(__file__).parent.parent / "book" / "assets" / "fonts"
SERIF = "node_modules/@fontsource/source-serif-4/files/source-serif-4-latin-{}.woff2"
SANS = "node_modules/@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2"
#: What is made of what, and its name.
FILES = {
    "course-serif-400-normal.woff2": (SERIF.format("400-normal"), "Course Serif"),
    "course-serif-600-normal.woff2": (SERIF.format("600-normal"), "Course Serif"),
    "course-serif-400-italic.woff2": (SERIF.format("400-italic"), "Course Serif"),
    "course-sans-wght-normal.woff2": (SANS, "Course Sans"),
}
NAMES = "Éé"
PUNCTUATION = "\u00a0–—‘’“”…′¡"
SIGNS = "©±²³¹µ·½×−↑↓"
#: What a page may ask of the fonts of the text; other signs come from the reader's own.
CHARACTERS = ASCII + NAMES + PUNCTUATION + SIGNS


def main(packages):
    """Write the subsets and say what they hold."""
    for name, (source, family) in FILES.items():
        options = subset.Options()
        options.flavor = "woff2"
        options.layout_features = ["kern", "liga", "ccmp", "locl", "mark", "mkmk"]
        options.hinting = False
        options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
        font = subset.load_font(packages / source, options)
        subsetter = subset.Subsetter(options)
        subsetter.populate(text=CHARACTERS)
        subsetter.subset(font)
        rename(font, family)
        subset.save_font(font, FONTS / name, options)
        missing = set(map(ord, CHARACTERS)) - set(ttLib.TTFont(FONTS / name).getBestCmap())
        print(
            f"{name}: {(FONTS / name).stat().st_size} bytes; not in the source: {sorted(map(chr, missing))}"
        )


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(pathlib.Path(sys.argv[1]))
