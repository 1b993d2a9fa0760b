"""Make the font of the book's formulas: the part of the STIX Math font that mathematics like ours needs.

Usage: .venv/bin/python tools/math_font.py /usr/share/fonts/opentype/stix-word/STIXMath-Regular.otf
Needs the package brotli beside the course's own: .venv/bin/python -m pip install brotli

Browsers draw MathML well only with a font that has a MATH table; this one grows brackets and radicals. The
source is in Debian's package fonts-stix. Its licence (SIL OFL 1.1) allows subsets under another name, so the
result is called "Course Math". Formulas wait for it, so it holds what those of the book use and little more.
Run by hand: the result is part of the repository, and a test says when a letter is missing.
"""

import pathlib
import sys

from fontTools import subset, ttLib

TARGET = pathlib.Path(__file__).parent.parent / "book" / "assets" / "fonts" / "course-math.woff2"
FAMILY = "Course Math"

GREEK = "αβημσϵ"
OPERATORS = "−×±·∗⋅∂√∑≈≤≥"
ARROWS = "←"
BRACKETS = "⌊⌋⌈⌉⟨⟩⏟"
OTHER = "′…\u00a0\u2061\u2062\u2063"
ASCII = "".join(map(chr, range(0x20, 0x7F)))
#: Letters that no formula has for a variable yet.
UPRIGHT = "DEGIJKOPQRSUVXYZ"
# Unicode left a hole among the italics at h.
ITALIC = {"h": "ℎ", "∂": "\U0001d715", "ϵ": "\U0001d716"}
ITALICS = [
    ("A", "Z", 0x1D434),
    ("a", "g", 0x1D44E),
    ("i", "z", 0x1D456),
    ("α", "ω", 0x1D6FC),
]


def italic(letter):
    """Return the letter that a browser draws for a variable of one letter: its italic, where there is one."""
    for first, last, slanted in ITALICS:
        if first <= letter <= last:
            return chr(ord(letter) - ord(first) + slanted)
    return ITALIC.get(letter, letter)


def characters():
    """Code points that a formula of the book may use."""
    upright = GREEK + OPERATORS + ARROWS + BRACKETS + OTHER + ASCII
    slanted = {italic(letter) for letter in upright if letter not in UPRIGHT}
    return {ord(letter) for letter in {*upright, *slanted}}


def rename(font, family):
    """Give a subset its own name: the original's is reserved."""
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 16, 18):
            record.string = family
        elif record.nameID == 6:
            record.string = family.replace(" ", "")
    if "CFF " in font:
        top = font["CFF "].cff
        top.fontNames = [family.replace(" ", "")]
        top.topDictIndex[0].FullName = top.topDictIndex[0].FamilyName = family


def tighten(font):
    """Let a line of text be no higher for a formula in it.

    The original asks for the height of its tallest brackets, 3.09 em, in every line, and Firefox grants it.
    What grows is sized by the MATH table all the same.
    """
    metrics, lines = font["OS/2"], font["hhea"]
    lines.ascent = metrics.usWinAscent = metrics.sTypoAscender
    lines.descent, metrics.usWinDescent = metrics.sTypoDescender, -metrics.sTypoDescender


def main(source):
    """Write the subset and say what it holds."""
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = ["ssty", "kern", "mark", "mkmk", "dtls", "flac"]
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    rename(font, FAMILY)
    tighten(font)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    subset.save_font(font, TARGET, options)
    made = ttLib.TTFont(TARGET)
    missing = "".join(sorted(chr(point) for point in characters() - set(made.getBestCmap())))
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {made['maxp'].numGlyphs} glyphs")
    print(f"not in the source: {missing!r}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
