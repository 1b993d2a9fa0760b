"""Write the explorers' data, src/alexnet_course/explorers/made/*.json, from the course's own code.

    python tools/explorer_data.py              all of it
    python tools/explorer_data.py pictures     one file

What the page and Python both need is computed here once and stored; a test runs this script and compares.
"""

import base64
import hashlib
import json
import string
import sys

import numpy as np
from PIL import Image

from alexnet_course.alexnet import INPUT_SHAPE, TABLE, AlexNet, Convolution, Pooling
from alexnet_course.data import tile
from alexnet_course.data.fashion import CLASSES
from alexnet_course.data.filters import load_kmeans_filters
from alexnet_course.data.photographs import NAMES, load_photograph
from alexnet_course.explorers import training as learning
from alexnet_course.explorers.kit import files as explorer_files
from alexnet_course.explorers.made import FOLDER
from alexnet_course.export import numbers_of, table
from alexnet_course.images import MEAN_COLOUR, centre_crop
from alexnet_course.layers import Conv2D, Flatten, MaxPooling2D, ReLU, Softmax

DIGITS = string.digits + string.ascii_lowercase

# ---- pictures

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


def digits(values, low, high):
    """Return rows of base-36 digits: 0 for `low` and less, z for `high` and more."""
    levels = np.clip(np.rint((values - low) / (high - low) * 35), 0, 35).astype(int)
    return ["".join(DIGITS[level] for level in row) for row in levels]


def pictures():
    """Return the tile, one eye of Chelsea in 36 grey levels, a written digit, and a single bright pixel."""
    grey = load_photograph("chelsea")[EYE] @ LUMA
    return {
        "tile": {"kind": "signed", "rows": tile.X[0, :, :, 0].tolist()},
        "photograph": {"kind": "grey", "rows": digits(grey, *np.percentile(grey, [0.5, 99.5]))},
        "digit": {"kind": "grey", "rows": SEVEN.replace("#", "1").replace(".", "0").split()},
        "dot": {"kind": "dot"},
    }


# ---- thumbnail

HEIGHT, WIDTH, FACTOR = 64, 96, 4


def thumbnail():
    """Return Chelsea with 4 by 4 pixels averaged into one, less her last column, and the mean colour."""
    photograph = load_photograph("chelsea")[: HEIGHT * FACTOR, : WIDTH * FACTOR].astype(float)
    blocks = photograph.reshape(HEIGHT, FACTOR, WIDTH, FACTOR, 3)
    pixels = np.rint(blocks.mean(axis=(1, 3))).astype(np.uint8)
    return {
        "height": HEIGHT,
        "width": WIDTH,
        "mean": MEAN_COLOUR,
        "pixels": base64.b64encode(pixels.tobytes()).decode(),
    }


# ---- tile_network


def tile_network():
    """Return the tile's network: pictures, their mean, all 97 parameters, and what each picture pools to."""
    conv = Conv2D(1, len(tile.BIASES), 3, dtype=np.float64)
    conv.weight, conv.bias = tile.KERNELS, tile.BIASES
    maps = ReLU().forward(conv.forward(tile.IMAGES - tile.MEAN_IMAGE))
    pooled = Flatten().forward(MaxPooling2D(3, 2).forward(maps)).astype(int)
    return {
        "pixels": {
            name: image.ravel().tolist() for name, image in zip(tile.CLASSES, tile.IMAGES, strict=True)
        },
        "mean_image": tile.MEAN_IMAGE.ravel().tolist(),
        "kernels": tile.KERNELS.ravel().tolist(),
        "biases": tile.BIASES.tolist(),
        "pooled": dict(zip(tile.CLASSES, pooled.tolist(), strict=True)),
        "hidden_weight": tile.HIDDEN_WEIGHT.tolist(),
        "hidden_bias": tile.HIDDEN_BIAS.tolist(),
        "output_weight": tile.OUTPUT_WEIGHT.tolist(),
        "output_bias": tile.OUTPUT_BIAS.tolist(),
    }


# ---- network_table


def network_table():
    """Return the shape of AlexNet's input, and its rows: for each its name, its kind and its numbers."""
    return {"input_shape": INPUT_SHAPE, "rows": [{"name": row.name, **numbers(row)} for row in TABLE]}


def numbers(row):
    """Return what a row of `alexnet.TABLE` is and its numbers, as the page reads them."""
    match row:
        case Convolution():
            return {
                "kind": "convolution", "kernel_size": row.kernel_size, "stride": row.stride,
                "padding": row.padding, "filters": row.filters, "grouped": row.groups > 1,
            }  # fmt: skip
        case Pooling():
            return {"kind": "pooling", "kernel_size": row.pool_size, "stride": row.stride}
        case _:
            return {"kind": "dense", "features": row.out_features}


# ---- forward_pass_maps

MAPS = 6


def forward_pass_maps():
    """Return every stage of Chelsea's way: name, shape, standard deviation, share of zeros, and maps.

    The photograph is drawn as it is; its deviation is that of what the network gets, less the mean colour.
    """

    def deviation(name, values):
        centred = values - np.float32(MEAN_COLOUR) if name == "image" else values
        return float(f"{centred.std(dtype=np.float64):.3g}")

    return [
        {
            "name": name,
            "shape": list(values.shape),
            "deviation": deviation(name, values),
            "zeros": round(float((values == 0).mean()), 2),
            "maps": maps_of(values.astype(np.float64)),
        }
        for name, values in handed_on().items()
    ]


def handed_on():
    """Return what each stage hands on, by its name, without the batch axis.

    Conv1 has the k-means filters; all weights after it are random.
    """
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


def maps_of(values):
    """Return a few maps of a stage as rows of digits; features fill a grid, row by row."""
    if values.ndim == 1:
        columns = {9216: 96, 4096: 64, 1000: 40}[len(values)]
        maps = values.reshape(1, -1, columns)
    else:
        step = -(-values.shape[0] // 57)
        maps = np.moveaxis(values[::step, ::step, :MAPS], -1, 0)
    low, high = min(0.0, float(maps.min())), float(np.percentile(maps, 99.5))
    return [digits(one, low, high) for one in maps]


# ---- training


def training():
    """Return the networks that learn on the page: their tables, what they start with, and the tiles."""
    centred = (tile.IMAGES - tile.MEAN_IMAGE)[..., 0]
    begun = learning.build("tile", np.float64)
    learning.begin(begun, "chapter", 1)
    return {
        "tiles": {"names": tile.CLASSES, "pixels": centred.tolist(), "labels": tile.LABELS.tolist()},
        "tile_numbers": numbers_of(begun, np.int64).tolist(),
        "classes": CLASSES,
        **{name: learning_network(name) for name in learning.TrainingExplorer.network.words},
    }


def learning_network(name):
    """Return a network's table, and for each layer with weights what they and its biases start with."""
    network = learning.build(name)
    starts = {how: learning.deviations(network, how) for how in learning.TrainingExplorer.start.words}
    return {
        "input_shape": network.input_shape,
        "table": table(network),
        "starts": [
            {
                "name": layer, "weights": network[layer].weight.size, "biases": network[layer].bias.size,
                "deviations": {how: found[layer] for how, found in starts.items()},
                "paper_bias": int(layer in learning.ONES),
            }
            for layer in starts["he"]
        ],
    }  # fmt: skip


# ---- photographs

THUMB = 48


def photographs_small():
    """Return size and thumbnail of the photographs, and the mean colour that is subtracted from them."""
    return {"mean": MEAN_COLOUR, "thumb": THUMB, "photographs": {name: small(name) for name in NAMES}}


def small(name):
    """Return one photograph's height and width, and its middle square in few pixels."""
    photograph = load_photograph(name)
    side = min(photograph.shape[:2])
    square = Image.fromarray(centre_crop(photograph, side)).resize((THUMB, THUMB), Image.Resampling.BOX)
    height, width, _ = photograph.shape
    return {"height": height, "width": width, "pixels": base64.b64encode(square.tobytes()).decode()}


# ---- files


def files():
    """Return the size and the SHA-256 of every file that an explorer loads when it is asked for."""
    contents = {name: explorer_files.content(name) for name in explorer_files.NAMES}
    return {
        name: {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in contents.items()
    }


# ---- the files

DATA = {
    "pictures": pictures,
    "thumbnail": thumbnail,
    "tile_network": tile_network,
    "network_table": network_table,
    "forward_pass_maps": forward_pass_maps,
    "training": training,
    "photographs": photographs_small,
    "files": files,
}


def written(data):
    """Return data as JSON, one line for each of its items, so that a change is seen where it is."""
    if isinstance(data, dict):
        lines = [f"  {json.dumps(name)}: {json.dumps(value)}" for name, value in data.items()]
        return "{\n" + ",\n".join(lines) + "\n}\n"
    return "[\n" + ",\n".join(f"  {json.dumps(item)}" for item in data) + "\n]\n"


def main(names):
    """Write the files of these names, or all."""
    if unknown := set(names) - set(DATA):
        sys.exit(f"no data called {', '.join(sorted(unknown))}; there is {', '.join(DATA)}")
    for name in names or DATA:
        file = FOLDER / f"{name}.json"
        file.write_text(written(DATA[name]()), encoding="utf-8")
        print(f"wrote {file.name}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
