"""The palette in a real browser: what the page makes of it is what Python makes of it."""

import pathlib

import numpy as np
import pytest

from alexnet_course import palette
from alexnet_course.explorers.kit import drawing

PACKAGE = pathlib.Path(palette.__file__).parent


@pytest.mark.browser
def test_the_page_colours_as_python_does(browser, serve):
    steps = range(0, 256, 15)
    colours = [(r, g, b) for r in steps for g in steps for b in steps]
    levels, values = [v / 4 for v in range(-4, 44)], [v / 8 for v in range(-40, 41)]
    page = browser.new_page()
    page.goto(serve(PACKAGE) + "palette.css")
    page.set_content(f'<style>{palette.SHEET}</style><div class="explorer"></div>')
    ink, grey, signed = page.evaluate(
        """async ({ colours, levels, values }) => {
          const { inkOn, palette } = await import('/explorers/kit/colours.js');
          const { grey, signed } = palette(document.querySelector('.explorer'));
          return [colours.map(inkOn), levels.map(grey), values.map((v) => signed(v, 5))];
        }""",
        {"colours": colours, "levels": levels, "values": values},
    )
    page.close()
    assert ink == [palette.ink_on(colour) for colour in colours]
    for theirs, ours in ((grey, map(drawing.grey, levels)), (signed, map(drawing.signed(5), values))):
        assert np.abs(np.subtract(theirs, list(ours))).max() <= 1  # a half is rounded up there, to even here
