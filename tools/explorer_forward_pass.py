"""Write src/alexnet_course/explorers/forward_pass_maps.js: what a photograph becomes in AlexNet.

    python tools/explorer_forward_pass.py

Chelsea goes through the network of 2012, with the k-means filters in conv1 and random weights after it.
Kept are a few small maps of what every stage hands on, in 36 levels, and what can be said of all of its
numbers. The page and Python read the same file; a test runs this script and compares.
"""

import json
import pathlib
import string

import numpy as np

from alexnet_course.alexnet import INPUT_SHAPE, TABLE, AlexNet
from alexnet_course.data.filters import load_kmeans_filters
from alexnet_course.data.photographs import MEAN_COLOUR, centre_crop, load_photograph
from alexnet_course.layers import Softmax

FILE = pathlib.Path(__file__).parents[1] / "src/alexnet_course/explorers/forward_pass_maps.js"
DIGITS = string.digits + string.ascii_lowercase
MAPS = 6


def handed_on():
    """Return what each stage hands on, by its name, without the batch axis."""
    network = AlexNet(groups=2, rng=np.random.default_rng(0))
    network["conv1"].weight = load_kmeans_filters()
    photograph = centre_crop(load_photograph("chelsea"), INPUT_SHAPE[0])
    stages, y = {"image": photograph}, (photograph - np.float32(MEAN_COLOUR))[np.newaxis]
    names, stage = {row.name for row in TABLE}, ""
    for name, layer in network.layers.items():
        stage = name if name in names | {"flatten"} else stage
        y = layer.predict(y)
        stages[stage] = y[0]
    return stages | {"softmax": Softmax().predict(y)[0]}


def pictures(values):
    """Return a few maps of a stage as rows of levels; features fill a grid, row by row."""
    if values.ndim == 1:
        columns = {9216: 96, 4096: 64, 1000: 40}[len(values)]
        maps = values.reshape(1, -1, columns)
    else:
        step = -(-values.shape[0] // 57)
        maps = np.moveaxis(values[::step, ::step, :MAPS], -1, 0)
    low, high = min(0.0, float(maps.min())), float(np.percentile(maps, 99.5))
    levels = np.clip(np.rint((maps - low) / (high - low) * 35), 0, 35).astype(int)
    return [["".join(DIGITS[level] for level in row) for row in one] for one in levels]


def stages():
    """Return every stage: its name, shape, standard deviation, share of zeros, and maps."""
    return [
        {
            "name": name,
            "shape": list(values.shape),
            "deviation": float(f"{values.std(dtype=np.float64):.3g}"),
            "zeros": round(float((values == 0).mean()), 2),
            "maps": pictures(values.astype(np.float64)),
        }
        for name, values in handed_on().items()
    ]


def written():
    """Return the text of forward_pass_maps.js."""
    lines = ",\n".join(f"  {json.dumps(stage)}" for stage in stages())
    return (
        "// Written by tools/explorer_forward_pass.py; do not edit. Rows of base-36 digits (0 low, z high).\n"
        f"// From Chelsea the cat, by Stéfan van der Walt, CC0.\nexport const STAGES = [\n{lines}\n];\n"
    )


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
    print(f"wrote {FILE.name}: {FILE.stat().st_size} bytes")
