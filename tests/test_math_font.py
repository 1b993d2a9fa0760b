"""The font of the formulas, as it ships."""

import math_font
from fontTools import ttLib


def test_a_formula_makes_no_line_of_text_higher():
    font = ttLib.TTFont(math_font.TARGET)
    lines, windows, em = font["hhea"], font["OS/2"], font["head"].unitsPerEm
    # The text's lines are 1.6 em apart; each browser reads one of these two pairs.
    assert lines.ascent - lines.descent + lines.lineGap <= 1.1 * em
    assert windows.usWinAscent + windows.usWinDescent <= 1.1 * em
