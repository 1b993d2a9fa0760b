"""A sheet of maps: drawn in pieces, one piece a frame, and only as long as it is wanted."""

import pytest
from explorer_harness import run

from alexnet_course.explorers.kit.base import inline

pytestmark = pytest.mark.browser

CODE = """
const { Tiles, ramp } = new Function(input + "; return { Tiles, ramp }")();
let clock = 0;
performance.now = () => (clock += 3); // each question for the time takes three milliseconds
let frames = 0;
const next = window.requestAnimationFrame.bind(window);
window.requestAnimationFrame = (drawn) => next((time) => (frames++, drawn(time)));
const tiles = new Tiles({ describedBy: "", choose() {} });
document.body.append(tiles.el);
const colours = ramp((v, most) => [v < 0 ? 0 : 255, 0, Math.round((255 * Math.abs(v)) / most)]);
const drawn = [];
const sheet = (value) => ({
  order: Array.from({ length: 30 }, (_, map) => map),
  rows: 26,
  columns: 26,
  read: (map, at) => (at || drawn.push(map + value), value),
});
const pixel = (x, y) => [...tiles.canvas.getContext("2d").getImageData(x, y, 1, 1).data];
%s
"""


def test_a_sheet_is_drawn_in_pieces_and_a_new_one_takes_the_place_of_the_old(open_page):
    found = run(
        open_page("empty.html"),
        CODE
        % """const first = tiles.paint(sheet(0), colours, 1);
        const at = drawn.length;
        await new Promise(next);
        await new Promise(next);
        const some = drawn.length;
        const second = tiles.paint(sheet(100), colours, 100);
        await first;
        const rest = drawn.length;
        frames = 0;
        await second;
        const { canvas } = tiles;
        return { at, some, rest, frames, all: drawn.filter((n) => n >= 100).length, first: pixel(0, 0),
          last: pixel(canvas.width - 3, 0) };""",
        inline("kit/tiles.js"),
    )
    assert found["at"] == 0  # nothing with the frame that draws what stands around it
    assert 0 < found["some"] < 30
    assert found["rest"] <= found["some"] + 3
    assert found["all"] == 30
    assert found["frames"] >= 30 / 3 - 2
    assert found["first"] == found["last"] == [255, 0, 255, 255]


def test_single_numbers_are_drawn_as_large_as_they_are_shown(open_page):
    found = run(
        open_page("empty.html"),
        CODE
        % """const order = Array.from({ length: 9216 }, (_, map) => map);
        tiles.paint({ ...sheet(1), order, rows: 1, columns: 1 }, colours, 1);
        const { canvas, across, pitch } = tiles;
        tiles.clear(); // the rest need not be drawn
        return { pixels: canvas.style.width, wide: across * pitch.x, across };""",
        inline("kit/tiles.js"),
    )
    assert found["pixels"] == f"{14 * found['across']}px" == f"{found['wide']}px"


@pytest.mark.parametrize(
    ("width", "count", "rows", "across", "wide"),
    [
        (328, 6, 55, 3, 328 / 3),
        (297, 6, 55, 3, 99),  # of less than three times 100 pixels none is left empty
        (328, 64, 113, 5, 65.6),
        (692, 6, 55, 6, 100),  # a single row keeps its size
        (30, 64, 113, 1, 30),
        (692, 1000, 1, 49, 14),
    ],
)
def test_the_maps_of_a_sheet_fill_its_width(open_page, width, count, rows, across, wide):
    found = run(
        open_page("empty.html"),
        """const { tilesIn } = new Function(input.code + "; return { tilesIn }")();
        return tilesIn(...input.sizes);""",
        {"code": inline("kit/tiles.js"), "sizes": [width, count, rows]},
    )
    assert found == {"across": across, "wide": pytest.approx(wide)}
