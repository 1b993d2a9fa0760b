"""Write src/alexnet_course/explorers/tile_network.js: the tile network's dense half, for the explorers.

    python tools/explorer_tile_network.py

It holds the twelve pooled numbers of each tile, computed by the course's layers, and the weights of the two
dense layers. The page and Python read the same file; a test runs this script and compares.
"""

import json
import pathlib

import numpy as np

from alexnet_course.data import tile
from alexnet_course.layers import Conv2D, Flatten, MaxPooling2D, ReLU

FILE = pathlib.Path(__file__).parents[1] / "src/alexnet_course/explorers/tile_network.js"


def pooled():
    """Return the pooled numbers of each tile by its class, in the order rows, columns, maps."""
    conv = Conv2D(1, len(tile.BIASES), 3, dtype=np.float64)
    conv.weight, conv.bias = tile.KERNELS, tile.BIASES
    maps = ReLU().forward(conv.forward(tile.IMAGES - tile.MEAN_IMAGE))
    rows = Flatten().forward(MaxPooling2D(3, 2).forward(maps)).astype(int)
    return dict(zip(tile.CLASSES, rows.tolist(), strict=True))


def written():
    """Return the text of tile_network.js."""
    network = {
        "pooled": pooled(),
        "hiddenWeight": tile.HIDDEN_WEIGHT.tolist(),
        "hiddenBias": tile.HIDDEN_BIAS.tolist(),
        "outputWeight": tile.OUTPUT_WEIGHT.tolist(),
        "outputBias": tile.OUTPUT_BIAS.tolist(),
    }
    lines = [f'  "{name}": {json.dumps(value)}' for name, value in network.items()]
    return (
        "// Written by tools/explorer_tile_network.py; do not edit. pooled: rows, columns, maps\n"
        "// (2, 2, 3) in one row; weights: one row an input, one column an output.\n"
        "export const TILE_NETWORK = {\n" + ",\n".join(lines) + "\n};\n"
    )


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
    print(f"wrote {FILE.name}: {FILE.stat().st_size} bytes")
