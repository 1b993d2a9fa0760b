"""Write the explorers' data, src/alexnet_course/explorers/made/*.json, from the course's own code.

    python tools/explorer_data.py              all of it
    python tools/explorer_data.py pictures     one file

What the page and Python both need is computed here once and stored; a test runs this script and compares.
"""

import base64
import functools
import hashlib
import io
import json
import string
import sys

import numpy as np
from PIL import Image

from alexnet_course import miniature
from alexnet_course.alexnet import INPUT_SHAPE, TABLE, AlexNet, Convolution, Pooling
from alexnet_course.data import tile
from alexnet_course.data.classes import class_names
from alexnet_course.data.fashion import CLASSES, load_fashion
from alexnet_course.data.filters import load_kmeans_filters
from alexnet_course.data.photographs import NAMES, load_photograph
from alexnet_course.explorers import training as learning
from alexnet_course.explorers.kit import files as explorer_files
from alexnet_course.explorers.made import FOLDER
from alexnet_course.explorers.occlusion import (
    CATS,
    KINDS,
    PLACES,
    SIZES,
    TOP,
    noise,
    places_of,
    probabilities,
    square,
)
from alexnet_course.export import numbers_of, table
from alexnet_course.images import MEAN_COLOUR, centre_crop
from alexnet_course.layers import Conv2D, Flatten, MaxPooling2D, ReLU, Softmax
from alexnet_course.squeezenet import SqueezeNet

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


# ---- forward_pass_stages

KINDS_OF_STAGE = {
    "Conv2D": "convolution", "SideBySide": "convolution", "LocalResponseNormalization": "normalization",
    "MaxPooling2D": "pooling", "Flatten": "flatten", "Dense": "dense", "GlobalAverage": "average",
}  # fmt: skip
JOINED = ("ReLU", "Dropout")  # what belongs to the stage before it


@functools.cache
def random_alexnet():
    """Return AlexNet with the k-means filters in conv1; all weights after it are random."""
    network = AlexNet(groups=2, rng=np.random.default_rng(0))
    network["conv1"].weight = load_kmeans_filters()
    return network


def forward_pass_stages():
    """Return the stages of three networks: for each its name, kind and shape, its layers and its windows."""
    networks = {
        "random AlexNet": random_alexnet(),
        "SqueezeNet": SqueezeNet(rng=np.random.default_rng(0)),
        "miniature": miniature.Miniature(rng=np.random.default_rng(0)),
    }
    return {name: stages_of(network) for name, network in networks.items()}


def stages_of(network):
    """Return the stages of a network; each holds the layers up to the next that is no ReLU and no dropout."""
    found = [_stage("image", "image", network.input_shape)]
    for row in table(network):
        if row["kind"] in JOINED:
            found[-1]["layers"].append(row["name"])
        else:
            windows = [_window(branch) for branch in row.get("branches", [row]) if "stride" in branch]
            found.append(_stage(row["name"], KINDS_OF_STAGE[row["kind"]], row["shape"], windows))
    return [*found, _stage("softmax", "softmax", found[-1]["shape"])]


def _stage(name, kind, shape, windows=()):
    return {"name": name, "kind": kind, "shape": list(shape), "layers": [name], "windows": list(windows)}


def _window(row):
    """Return the side of a layer's windows, their stride and padding, and how many maps they make."""
    side, _ = row.get("kernel_size") or row["pool_size"]
    return [side, row["stride"][0], row["padding"][0], row["shape"][2]]


# ---- forward_pass_maps

MAPS = 6  # of a stage are stored: the largest


def forward_pass_maps():
    """Return what Chelsea becomes in the random AlexNet: for each stage its numbers in short, and maps."""
    x = (centre_crop(load_photograph("chelsea"), INPUT_SHAPE[0]) - np.float32(MEAN_COLOUR))[np.newaxis]
    network, outputs = random_alexnet(), {"image": x[0]}
    for name, layer in network.layers.items():
        x = layer.predict(x)
        outputs[name] = x[0]
    outputs["softmax"] = Softmax().predict(x)[0]
    return [stored(stage["name"], outputs[stage["layers"][-1]]) for stage in stages_of(network)]


def stored(name, values):
    """Return a stage's deviation, share of zeros and largest maps; features fill one grid, row by row."""
    values = values.astype(np.float64)
    if values.ndim == 1:
        columns = {9216: 96, 4096: 64, 1000: 40}[len(values)]
        chosen, maps = [], values.reshape(1, -1, columns)
    else:
        step = -(-values.shape[0] // 57)
        chosen = np.argsort(-values.sum(axis=(0, 1)), kind="stable")[:MAPS].tolist()
        maps = np.moveaxis(values[::step, ::step, chosen], -1, 0)
    limit = float(f"{np.percentile(np.abs(maps), 99.5):.3g}")
    return {
        "name": name,
        "deviation": float(f"{values.std():.3g}"),
        "zeros": round(float((values == 0).mean()), 2),
        "limit": limit,
        "chosen": chosen,
        "maps": [digits(one, -limit * 18 / 17, limit) for one in maps],
    }


# ---- clothes

SURE = 0.6  # of the first answer


def clothes():
    """Return the pictures that the miniature can be shown, and the mean picture in sums of bytes.

    For each class the first two held-out pictures of which the miniature is sure: one that it gets right,
    one that it gets wrong.
    """
    pictures = load_fashion()
    x = miniature.preprocess(pictures.held_out_images)
    network = miniature.load_miniature()
    shares = Softmax().predict(network.predict(np.stack([centre_crop(image, 27) for image in x])))
    answers, sure = shares.argmax(axis=1), shares.max(axis=1) > SURE
    right = answers == pictures.held_out_labels
    chosen = [
        int(np.flatnonzero(sure & (right == wanted) & (pictures.held_out_labels == kind))[0])
        for wanted in (True, False)
        for kind in range(len(CLASSES))
    ]
    return {
        "scale": miniature.SCALE,
        "count": len(pictures.images),
        "sums": pictures.images.sum(axis=0, dtype=int).ravel().tolist(),
        "pictures": [
            {
                "held_out": at,
                "label": CLASSES[pictures.held_out_labels[at]],
                "pixels": base64.b64encode(pictures.held_out_images[at].tobytes()).decode(),
            }
            for at in chosen
        ],
    }


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


# ---- occlusion


def occlusion():
    """Return what the trained network answers to Chelsea behind covers of every size, kind and place.

    And for all six photographs what it answers without a cover, and which classes are followed.
    """
    photographs = {name: uncovered(name) for name in NAMES}
    covered = {
        f"{kind} {size}": [answers(covered_row(kind, size, row), CATS) for row in range(PLACES)]
        for kind in KINDS
        for size in SIZES
    }
    every = [one["uncovered"] for one in photographs.values()]
    every += [text for rows in covered.values() for row in rows for text in row]
    seen = sorted({int(text[at : at + 2], 36) for text in every for at in range(2, len(text), 4)})
    return {
        "photograph": photograph_file(),
        "colours": {kind: colour.tolist() for kind, colour in flat_colours().items()},
        "photographs": photographs,
        "names": {str(place): class_names()[place] for place in seen},
        **{name: ["".join(row) for row in rows] for name, rows in covered.items()},
    }


def uncovered(name):
    """Return a photograph's mean colour, the classes that are followed, and the answer without a cover.

    What is followed is the name that comes first, and for Chelsea all three kinds of house cat.
    """
    first = int(probabilities([square(name)])[0].argmax())
    followed = CATS if first in CATS else (first,)
    return {
        "colour": mean_colour(name).tolist(),
        "followed": followed,
        "uncovered": answers([square(name)], followed)[0],
    }


def photograph_file():
    """Return Chelsea's square as the data address of a JPEG file, to draw; the network gets the pixels."""
    file = io.BytesIO()
    Image.fromarray(square("chelsea")).save(file, "JPEG", quality=82)
    return "data:image/jpeg;base64," + base64.b64encode(file.getvalue()).decode()


def flat_colours():
    """Return the covers that have one colour on every photograph, as bytes of red, green and blue."""
    flat = {"mean of ImageNet": MEAN_COLOUR, "black": (0, 0, 0), "white": (255, 255, 255)}
    return {kind: np.rint(colour).astype(np.uint8) for kind, colour in flat.items()}


def mean_colour(name):
    """Return the mean of a photograph's square, as bytes of red, green and blue."""
    return np.rint(square(name).mean(axis=(0, 1))).astype(np.uint8)


def covered_row(kind, size, row):
    """Return Chelsea with the cover at each of the places of a row: uint8, (PLACES, 227, 227, 3)."""
    images = np.repeat(square("chelsea")[np.newaxis], PLACES, axis=0)
    colours = flat_colours() | {"mean of the photograph": mean_colour("chelsea")}
    places, patch = places_of(size), noise(size) if kind == "noise" else colours[kind]
    top = places[row]
    for left, image in zip(places, images, strict=True):
        image[top : top + size, left : left + size] = patch
    return images


def answers(images, followed):
    """Return the answers to some images, each as pairs of base-36 digits.

    The thousandths of the classes that are followed together; then for each of the five best its class and
    thousandths.
    """
    texts = []
    for shares in probabilities(images):
        best = np.argsort(-shares, kind="stable")[:TOP]
        pairs = [(place, thousandths(shares[place])) for place in best]
        numbers = [thousandths(shares[list(followed)].sum()), *(number for pair in pairs for number in pair)]
        texts.append("".join(DIGITS[number // 36] + DIGITS[number % 36] for number in numbers))
    return texts


def thousandths(share):
    """Return a share of 1 as a whole number of thousandths."""
    return round(1000 * float(share))


# ---- the files

DATA = {
    "pictures": pictures,
    "thumbnail": thumbnail,
    "tile_network": tile_network,
    "network_table": network_table,
    "forward_pass_stages": forward_pass_stages,
    "forward_pass_maps": forward_pass_maps,
    "clothes": clothes,
    "training": training,
    "photographs": photographs_small,
    "files": files,
    "occlusion": occlusion,
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
