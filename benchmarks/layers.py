"""python -m benchmarks.layers [--samples N] [--batch N] [STRUCTURE ...]: where the time goes, layer by layer.

Prints a table a structure (``paper``, ``torchvision``) for a forward pass or, with ``--training``, for a step
of training: the milliseconds of processor time that a layer takes for an image with one worker; with two, in
each of them; and how many times as much both together are. More than once is what two workers cost each
other: they share a cache and the way to the memory.
"""

import argparse
import json
import statistics
import threading
import time
from collections import Counter
from contextlib import contextmanager
from functools import wraps

import numpy as np

from alexnet_course import workers
from alexnet_course.losses import cross_entropy
from alexnet_course.optimizers import SGD
from benchmarks import networks
from benchmarks.__main__ import child

METHODS = "predict", "predict_over", "forward", "backward"


@contextmanager
def watched(network):
    """Give a list that receives (layer, thread, seconds of processor time) of each call of a layer."""
    calls, busy, kept = [], threading.local(), []

    def timed(method):
        @wraps(method)
        def inner(layer, *arguments, **options):
            if getattr(busy, "already", False):  # predict calls forward
                return method(layer, *arguments, **options)
            # Between workers only this thread counts; where a layer itself has helpers, all of them do.
            clock = time.thread_time if workers._thread.crew > 1 else time.process_time
            busy.already, start = True, clock()
            try:
                return method(layer, *arguments, **options)
            finally:
                calls.append((layer.name, threading.get_ident(), clock() - start))
                busy.already = False

        return inner

    try:
        for kind in {type(layer) for layer in network.layers.values()}:
            for name in METHODS:
                kept.append((kind, name, vars(kind).get(name)))
                setattr(kind, name, timed(getattr(kind, name)))
        yield calls
    finally:
        for kind, name, method in kept:
            if method is None:
                delattr(kind, name)
            else:
                setattr(kind, name, method)


def measure(structure, batch, training, samples, number):
    """Print for each layer the median seconds of each worker, the busiest first."""
    network = networks.ours(structure)
    images = np.random.default_rng(0).standard_normal((batch, *network.input_shape), np.float32)
    rule = SGD(network, 1e-6)
    network.training = bool(training)

    def step():
        if not training:
            return network.predict(images)
        logits = network.forward(images)
        network.backward(cross_entropy(logits, np.arange(batch) % logits.shape[1])[1], input_gradient=False)
        return rule.step()

    found, wall = [], []
    with watched(network) as calls, workers.limit(number):
        for _ in range(samples + 1):  # the first one warms up
            calls.clear()
            start, spent = time.perf_counter(), time.process_time()
            step()
            wall.append(time.perf_counter() - start)
            seconds = Counter()
            for layer, thread, taken in calls:
                seconds[layer, thread] += taken
            rest = time.process_time() - spent - sum(seconds.values())
            found.append({("all else", 0): rest, **seconds})
    rows = {}
    for layer in [*network.layers, "all else"]:
        shares = [
            sorted((taken for (name, _), taken in one.items() if name == layer), reverse=True)
            for one in found[1:]
        ]
        rows[layer] = [
            statistics.median(share[place] if place < len(share) else 0.0 for share in shares)
            for place in range(number)
        ]
    print(json.dumps({"rows": rows, "wall": statistics.median(wall[1:])}))


def main(structures, batch, training, samples):
    """Measure with one worker and with two, each in a process of its own, and print the tables."""
    for structure in structures:
        options = structure, batch, int(training), samples
        one, two = (
            json.loads(child("benchmarks.layers", "--measure", *options, number, threads=number))
            for number in (1, 2)
        )
        what = "training step" if training else "forward"
        print(f"\n{structure}, {what}, batch {batch}: milliseconds an image")
        print(f"{'layer':10}{'alone':>9}{'first':>9}{'second':>9}{'times':>9}")
        total = [0.0, 0.0, 0.0]
        for layer in one["rows"]:
            times = [1000 * value / batch for value in (*one["rows"][layer], *two["rows"][layer])]
            total = [a + b for a, b in zip(total, times, strict=True)]
            if max(times) >= 0.01:
                print(_line(layer, times))
        print(_line("total", total))
        walls = (1000 * found["wall"] / batch for found in (one, two))
        print("on the wall: {:.2f} with one worker, {:.2f} with two".format(*walls))


def _line(name, times):
    """Return a row of the table."""
    alone, first, second = times
    ratio = f"{(first + second) / alone:9.2f}" if alone > 0 else ""
    return f"{name:10}{alone:9.2f}{first:9.2f}{second:9.2f}{ratio}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=5, help="how often to measure (default 5)")
    parser.add_argument("--batch", type=int, default=64, help="images (default 64)")
    parser.add_argument("--training", action="store_true", help="a training step in place of a forward pass")
    parser.add_argument("--measure", nargs=5, help=argparse.SUPPRESS)
    parser.add_argument("structures", nargs="*", metavar="STRUCTURE", default=["paper", "torchvision"])
    options = parser.parse_args()
    if options.measure:
        measure(options.measure[0], *map(int, options.measure[1:]))
    else:
        main(options.structures, options.batch, options.training, options.samples)
