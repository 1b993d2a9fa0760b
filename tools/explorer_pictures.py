"""Write src/alexnet_course/explorers/pictures.js: the pictures that the explorers compute on.

    python tools/explorer_pictures.py

They are the tile, one eye of Chelsea the cat in 36 grey levels, a written digit and a single bright pixel.
The page and Python read the same file, so both see the same numbers; a test runs this script and compares.
"""

import json
import pathlib
import string

import numpy as np

from alexnet_course.data import tile
from alexnet_course.data.photographs import load_photograph

FILE = pathlib.Path(__file__).parents[1] / "src/alexnet_course/explorers/pictures.js"
DIGITS = string.digits + string.ascii_lowercase
EYE = (slice(54, 142), slice(102, 190))  # rows and columns of the photograph: an eye, 88 by 88 pixels
LUMA = np.array([0.299, 0.587, 0.114])  # red, green, blue as brightness (ITU-R BT.601)

SEVEN = """
................
................
..############..
..############..
..##........##..
...........##...
..........###...
..........##....
.........##.....
........###.....
........##......
.......###......
.......##.......
......###.......
......##........
................
"""


def eye():
    """Return the eye as rows of base-36 digits, 0 the darkest pixel and z the brightest."""
    grey = load_photograph("chelsea")[EYE] @ LUMA
    low, high = np.percentile(grey, [0.5, 99.5])
    levels = np.clip(np.rint((grey - low) / (high - low) * 35), 0, 35).astype(int)
    return ["".join(DIGITS[level] for level in row) for row in levels]


def written():
    """Return the text of pictures.js."""
    pictures = {
        "tile": {"kind": "signed", "rows": tile.X[0, :, :, 0].tolist()},
        "photograph": {"kind": "grey", "rows": eye()},
        "digit": {"kind": "grey", "rows": SEVEN.replace("#", "1").replace(".", "0").split()},
        "dot": {"kind": "dot"},
    }
    lines = [f'  "{name}": {json.dumps(picture)}' for name, picture in pictures.items()]
    return (
        "// Written by tools/explorer_pictures.py; do not edit. Rows of whole numbers, or of base-36 digits\n"
        "// (0 dark, z bright). photograph: an eye of Chelsea the cat, by Stéfan van der Walt, CC0.\n"
        "export const PICTURES = {\n" + ",\n".join(lines) + "\n};\n"
    )


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
    print(f"wrote {FILE.name}: {FILE.stat().st_size} bytes")
