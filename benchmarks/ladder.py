"""Time every rung of chapter 15's ladder: python -m benchmarks.ladder [SAMPLES], about two minutes.

Writes src/alexnet_course/explorers/made/ladder.json. One thread is measured in CPU seconds of the process,
all cores in seconds on the wall. The slow rungs are timed on a part of the layer that is counted in steps:
the same function with fewer windows or filters; the file says which share that was.
"""

import json
import os
import pathlib
import platform
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import version

import numpy as np

from alexnet_course import ladder, workers
from alexnet_course.alexnet import AlexNet
from alexnet_course.explorers.made import FOLDER
from alexnet_course.layers import winograd
from benchmarks.__main__ import child

IMAGES = 1, 16
STEPS = {"loops": 100_000, "one_filter": 5_000, "one_window": 1_000}  # of the part that is timed
LARGE, SMALL = 1 << 25, 1 << 20  # numbers: more than a cache holds, and what stays in one


def median(function, samples, clock=time.process_time):
    """Return the median of the seconds that a function takes, after a first call that does not count."""
    function()
    taken = []
    for _ in range(samples):
        start = clock()
        function()
        taken.append(clock() - start)
    return statistics.median(taken)


def rates(samples, cores=1):
    """Return what so many cores do a second: products, bytes from memory, from a cache, of fresh pages."""
    clock = time.process_time if cores == 1 else time.perf_counter
    rng = np.random.default_rng(0)
    squares = [rng.standard_normal((3, 1024, 1024), np.float32) for _ in range(cores)]
    large = [rng.standard_normal((2, LARGE // cores), np.float32) for _ in range(cores)]
    small = [array[:, :SMALL] for array in large]

    def seconds(task, arrays):
        with ThreadPoolExecutor(cores) as pool:
            return median(lambda: list(pool.map(task, arrays)), samples, clock)

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
    x = np.ones((1, 20, 20, 1), np.float32)
    kernels = {ladder.NAMES[0]: np.ones((10, 10, 1, 1)), ladder.NAMES[1]: np.ones((1, 1, 1, 1))}
    kernels[ladder.NAMES[2]] = kernels[ladder.NAMES[1]]
    found = {}
    for name, weight in kernels.items():
        out = ladder.responses(ladder.RUNGS[name], x, weight, 1)
        steps = out.size * (weight.size if name == ladder.NAMES[0] else 1)
        call = median(lambda name=name, w=weight: ladder.responses(ladder.RUNGS[name], x, w, 1), samples)
        found[name] = call / steps
    return found


def part_of(shape, name, images):
    """Return (rows, columns, filters) of the part that a slow rung is timed on, and its share of all."""
    steps = STEPS[ladder.RUNGS[name].__name__]
    rows = columns = 1
    filters = shape.filters
    if name == ladder.NAMES[0]:
        filters = min(filters, max(1, steps // shape.window))
    else:
        windows = max(1, steps // (filters if name == ladder.NAMES[1] else 1))
        columns = min(shape.side, windows)
        rows = min(shape.side, max(1, windows // columns))
    whole = images * shape.side**2 * shape.filters * shape.groups
    return (rows, columns, filters), rows * columns * filters / whole


def time_slow(shape, name, images, samples):
    """Return the seconds of a slow rung for all images, from a part, and the part's share."""
    padded, weight, _ = shape.arrays(1, np.random.default_rng(0))
    (rows, columns, filters), share = part_of(shape, name, images)
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
    options, clock, rung = {}, time.process_time, ladder.RUNGS[name]
    if name == ladder.NAMES[6]:
        options, clock = {"piece": ladder.RUNGS[best]}, time.perf_counter
    elif name == ladder.NAMES[5] and not shape.winograd:
        return None, best
    elif name == ladder.NAMES[3]:
        out = None

    def call():
        ladder.responses(rung, padded, weight, shape.stride, shape.groups, out, **options)

    with workers.limit(cores if name == ladder.NAMES[6] else 1):
        return median(call, samples, clock), best


def ladder_rows(samples, cores):
    """Return a row a layer and number of images: the seconds of every rung, and what was timed of it."""
    rows = []
    for shape in ladder.shapes().values():
        for images in IMAGES:
            row = {"layer": shape.name, "images": images, "seconds": [], "timed": []}
            for name in ladder.NAMES:
                if ladder.RUNGS[name].__name__ in STEPS:
                    taken, share = time_slow(shape, name, images, samples)
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
    """Return everything, measured in this process."""
    return {
        "samples": samples,
        "shapes": {name: shape._asdict() for name, shape in ladder.shapes().items()},
        "rates": {"one": rates(samples), "all": rates(samples, cores)},
        "step_seconds": step_seconds(samples),
        "rows": ladder_rows(samples, cores),
        "network": network_rows(samples),
    }


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
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    found = json.loads(child("benchmarks.ladder", "measure", samples, cores, threads=1))
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    machine = {"processor": next(names, platform.machine()), "cores": cores}
    machine |= {"python": platform.python_version(), "numpy": version("numpy")}
    (FOLDER / "ladder.json").write_text(written({"machine": machine, **found}), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        print(json.dumps(measure(*map(int, sys.argv[2:]))))
    else:
        main(*map(int, sys.argv[1:]))
