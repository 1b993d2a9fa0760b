"""Write src/alexnet_course/explorers/thumbnail.js: Chelsea at a quarter of her size, for the images explorer.

    python tools/explorer_thumbnail.py

Each pixel is the mean of 4 by 4 pixels of the photograph, whose last column is left out. The page and Python
read the same file; a test runs this script and compares.
"""

import base64
import json
import pathlib

import numpy as np

from alexnet_course.data.photographs import MEAN_COLOUR, load_photograph

FILE = pathlib.Path(__file__).parents[1] / "src/alexnet_course/explorers/thumbnail.js"
HEIGHT, WIDTH, FACTOR = 64, 96, 4


def thumbnail():
    """Return the small photograph: uint8 of shape (64, 96, 3)."""
    photograph = load_photograph("chelsea")[: HEIGHT * FACTOR, : WIDTH * FACTOR].astype(float)
    blocks = photograph.reshape(HEIGHT, FACTOR, WIDTH, FACTOR, 3)
    return np.rint(blocks.mean(axis=(1, 3))).astype(np.uint8)


def written():
    """Return the text of thumbnail.js."""
    image = thumbnail()
    pixels = base64.b64encode(image.tobytes()).decode()
    record = {"height": HEIGHT, "width": WIDTH, "mean": MEAN_COLOUR, "pixels": pixels}
    return (
        "// Written by tools/explorer_thumbnail.py; do not edit. Chelsea the cat, by Stéfan van der Walt,\n"
        "// CC0: rows of red, green and blue, one byte each, in base64. mean: the mean colour of ImageNet.\n"
        f"export const THUMBNAIL = {json.dumps(record)};\n"
    )


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
    print(f"wrote {FILE.name}: {FILE.stat().st_size} bytes")
