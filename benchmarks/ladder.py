"""Time every rung of chapter 15's ladder: python -m benchmarks.ladder [SAMPLES], about a minute.

Writes src/alexnet_course/explorers/made/ladder.json. Everything is measured in seconds on the wall, and the
samples in which other programs took the cores are left out. The slow rungs are timed on a part of one image
that is counted in steps: the same function with fewer windows or filters; the file says which share that was.
"""

import json
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from alexnet_course import ladder, workers
from alexnet_course.alexnet import AlexNet
from alexnet_course.explorers.made import FOLDER
from alexnet_course.layers import winograd
from benchmarks.__main__ import child, machine

IMAGES = 1, 16
STEPS = {"loops": 100_000, "one_filter": 5_000, "one_window": 1_000}  # of the part that is timed
SLOW = ladder.NAMES[: len(STEPS)]
LARGE, SMALL = 1 << 25, 1 << 20  # numbers: more than a cache holds, and what stays in one


def undisturbed(function, samples, cores=1, clocks=(time.perf_counter, time.process_time)):
    """Return so many times that a function takes on so many cores, in seconds on the wall.

    After a first call that does not count, twice as many samples are taken as are asked for. The half counts
    in which the process was least kept from its cores: where the wall's clock ran ahead of its own least.
    """
    wall, own = clocks
    function()
    taken = []
    for _ in range(2 * samples):
        start = wall(), own()
        function()
        seconds, busy = wall() - start[0], own() - start[1]
        taken.append((seconds - busy / cores, seconds))
    return [seconds for _, seconds in sorted(taken)[:samples]]


def median(function, samples, cores=1):
    """Return the median of the undisturbed times: what one will get."""
    return statistics.median(undisturbed(function, samples, cores))


def rates(samples, cores=1):
    """Return what so many cores do a second: products, bytes from memory, from a cache, of fresh pages.

    These are limits, so the fastest sample counts: what the machine can do.
    """
    rng = np.random.default_rng(0)
    squares = [rng.standard_normal((3, 1024, 1024), np.float32) for _ in range(cores)]
    large = [rng.standard_normal((2, LARGE // cores), np.float32) for _ in range(cores)]
    small = [array[:, :SMALL] for array in large]

    def seconds(task, arrays):
        with ThreadPoolExecutor(cores) as pool:
            return min(undisturbed(lambda: list(pool.map(task, arrays)), samples, cores))

    def read(pair):
        return [np.dot(*pair) for _ in range(1 if len(pair[0]) > SMALL else 10)]

    def copy(pair):
        return [np.copyto(*pair) for _ in range(1 if len(pair[0]) > SMALL else 10)]

    def moved(arrays):
        count = sum(array.nbytes for array in arrays) * (10 if arrays is small else 1)
        return max(count / seconds(task, arrays) for task in (read, copy))

    product = seconds(lambda three: np.matmul(*three[:2], out=three[2]), squares)
    cold = seconds(lambda pair: np.empty_like(pair[0]).fill(0), large)
    warm = seconds(lambda pair: pair[0].fill(0), large)
    return {
        "products": cores * 1024**3 / product,
        "memory": moved(large),
        "cache": moved(small),
        "fresh": sum(pair[0].nbytes for pair in large) / max(cold - warm, 1e-9),
    }


def step_seconds(samples):
    """Return what a step of each of the three slow rungs costs when it has next to nothing to multiply."""
    found = {}
    for name in SLOW:
        kernel = (10, 10, 4) if name == ladder.NAMES[0] else (1, 1, 1)
        x = np.ones((1, 20, 20, kernel[-1]), np.float32)
        weight = np.ones((*kernel, 1), np.float32)
        out = ladder.responses(ladder.RUNGS[name], x, weight, 1)
        steps = out.size * (weight.size if name == ladder.NAMES[0] else 1)
        call = median(lambda n=name, x=x, w=weight: ladder.responses(ladder.RUNGS[n], x, w, 1), samples)
        found[name] = call / steps
    return found


def part_of(shape, name):
    """Return (rows, columns, filters) of the part that a slow rung is timed on, and its share of an image."""
    steps = STEPS[ladder.RUNGS[name].__name__]
    rows = columns = 1
    filters = shape.filters
    if name == ladder.NAMES[0]:
        filters = min(filters, max(1, steps // shape.window))
    else:
        windows = max(1, steps // (filters if name == ladder.NAMES[1] else 1))
        columns = min(shape.side, windows)
        rows = min(shape.side, max(1, windows // columns))
    whole = shape.side**2 * shape.filters * shape.groups
    return (rows, columns, filters), rows * columns * filters / whole


def time_slow(shape, name, samples):
    """Return the seconds of a slow rung for one image, from a part, and the part's share."""
    padded, weight, _ = shape.arrays(1, np.random.default_rng(0))
    (rows, columns, filters), share = part_of(shape, name)
    height, width = (shape.kernel_size + shape.stride * (count - 1) for count in (rows, columns))
    x = np.ascontiguousarray(padded[:, :height, :width, : shape.channels])
    weight = weight[..., :filters]
    out = np.empty((1, rows, columns, filters), np.float32)
    call = median(lambda: ladder.RUNGS[name](x, weight, (shape.stride,) * 2, out), samples)
    return call / share, share


def time_fast(shape, name, images, samples, cores):
    """Return the seconds of a rung for all images, or None where it is not possible; and what it spreads."""
    padded, weight, out = shape.arrays(images, np.random.default_rng(0))
    group = weight[..., : shape.filters]
    pays = winograd.pays(group, (shape.stride,) * 2, out.shape[:3])
    best = ladder.NAMES[5] if pays else ladder.NAMES[4]
    options, rung = {}, ladder.RUNGS[name]
    if name == ladder.NAMES[6]:
        options = {"piece": ladder.RUNGS[best]}
    elif name == ladder.NAMES[5] and not shape.winograd:
        return None, best
    elif name == ladder.NAMES[3]:
        out = None

    def call():
        ladder.responses(rung, padded, weight, shape.stride, shape.groups, out, **options)

    used = cores if name == ladder.NAMES[6] else 1
    with workers.limit(used):
        return median(call, samples, used), best


def ladder_rows(samples, cores):
    """Return a row a layer and number of images: the seconds of every rung, and what was timed of it.

    The slow rungs go through the images one by one: what one image takes is timed once, for both numbers.
    """
    rows = []
    for shape in ladder.shapes().values():
        slow = {name: time_slow(shape, name, samples) for name in SLOW}
        for images in IMAGES:
            row = {"layer": shape.name, "images": images, "seconds": [], "timed": []}
            for name in ladder.NAMES:
                if name in slow:
                    taken, share = images * slow[name][0], slow[name][1] / images
                else:
                    (taken, row["best"]), share = time_fast(shape, name, images, samples, cores), 1
                row["seconds"].append(taken)
                row["timed"].append(share)
            rows.append(row)
            print(row, file=sys.stderr, flush=True)
    return rows


def network_rows(samples):
    """Return the seconds of the paper's layers, each by itself on one core."""
    network, rng, rows = AlexNet(groups=2, rng=np.random.default_rng(0)), np.random.default_rng(0), []
    network.training = False
    for images in IMAGES:
        shape = network.input_shape
        for name, layer in network.layers.items():
            if not name.startswith(("relu", "dropout", "flatten")):
                x = rng.standard_normal((images, *shape), np.float32)
                taken = median(lambda layer=layer, x=x: layer.predict(x), samples)
                rows.append({"layer": name, "images": images, "seconds": taken})
            shape = layer.output_shape(shape)
    return rows


def measure(samples, cores):
    """Return everything, measured in this process; the rates three times, of which the best count."""

    def limits():
        return {"one": rates(samples), "all": rates(samples, cores)}

    first = limits()
    measured = {
        "step_seconds": step_seconds(samples),
        "rows": ladder_rows(samples, cores),
        "network": network_rows(samples),
    }
    found = first, limits(), limits()
    best = {who: {kind: max(one[who][kind] for one in found) for kind in first[who]} for who in first}
    shapes = {name: shape._asdict() for name, shape in ladder.shapes().items()}
    return {"samples": samples, "shapes": shapes, "rates": best, **measured}


def written(data):
    """Return the data as JSON, a line for each row, with four digits: more than a clock can promise."""

    def rounded(value):
        if isinstance(value, dict):
            return {key: rounded(one) for key, one in value.items()}
        if isinstance(value, list):
            return [rounded(one) for one in value]
        return float(f"{value:.4g}") if isinstance(value, float) else value

    def lines(value):
        if not isinstance(value, list):
            return json.dumps(value)
        return "[\n" + ",\n".join(f"    {json.dumps(one)}" for one in value) + "\n  ]"

    parts = (f"  {json.dumps(name)}: {lines(value)}" for name, value in rounded(data).items())
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main(samples=7):
    """Measure in a process whose matrix products keep to one thread, and write the file."""
    about = machine("numpy")
    found = json.loads(child("benchmarks.ladder", "measure", samples, about["cores"], threads=1))
    (FOLDER / "ladder.json").write_text(written({"machine": about, **found}), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(*map(int, sys.argv[2:]))))
    else:
        main(*map(int, sys.argv[1:]))
