"""python -m benchmarks.scaling [--samples N] [--draw]: time against workers and batch, and the figure of it.

Writes book/data/scaling.json and, from it, scaling.svg and scaling.md; ``--draw`` makes these two again.
"""

import argparse
import json
import os
import statistics
import sys
import time

import numpy as np

from benchmarks.__main__ import DATA, LIBRARIES, child, machine

FILE = DATA.with_name("scaling.json")
WORKERS, BATCHES, SIDES = (1, 2, 4, 8), (1, 4, 16, 64, 256), ("ours", "PyTorch", "onnxruntime")


def measure(threads, samples):
    """Print the median seconds of a forward pass of the paper's network, for every batch and side."""
    import onnxruntime
    import torch

    from benchmarks import networks

    torch.set_num_threads(threads)
    network = networks.ours("paper")
    theirs = networks.in_torch(network).eval()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.add_session_config_entry("session.force_spinning_stop", "1")
    session = onnxruntime.InferenceSession(networks.in_onnx(network), options)
    rows = []
    for batch in BATCHES:
        images = np.random.default_rng(0).standard_normal((batch, *network.input_shape), np.float32)
        channels_first = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
        tensor = torch.tensor(channels_first)

        def infer(tensor=tensor):
            with torch.inference_mode():
                return theirs(tensor)

        functions = (
            lambda images=images: network.predict(images),
            infer,
            lambda channels_first=channels_first: session.run(None, {"x": channels_first}),
        )
        times = {side: [] for side in SIDES}
        for _ in range(samples + 1):  # the first one warms up
            for side, function in zip(SIDES, functions, strict=True):
                time.sleep(0.2)  # the other library's threads spin on for a while after its last call
                start = time.perf_counter()
                function()
                times[side].append(time.perf_counter() - start)
        for side, values in times.items():
            rows.append(
                {"side": side, "workers": threads, "batch": batch, "seconds": statistics.median(values[1:])}
            )
            print(rows[-1], file=sys.stderr, flush=True)
    print(json.dumps(rows))


def drawing(data):
    """Return the figure as SVG: milliseconds an image, by workers for each batch and by batch."""
    from alexnet_course.plots import svg
    from alexnet_course.plots.style import INK, MINUS, MUTED, PLUS, label, panels

    styles = {"ours": (PLUS, "-", "o"), "PyTorch": (MINUS, "--", "s"), "onnxruntime": (INK, ":", "^")}
    found = {(row["side"], row["workers"], row["batch"]): row["seconds"] for row in data["rows"]}
    numbers, batches = (sorted({place[axis] for place in found}) for axis in (1, 2))
    figure, axes = panels(columns=2, height=3.0)
    by_workers, by_batch = axes[0]
    shown = 64
    for side, (colour, dashes, marker) in styles.items():
        look = {"color": colour, "linestyle": dashes, "marker": marker, "linewidth": 2, "markersize": 4}
        by_workers.plot(numbers, [1000 * found[side, n, shown] / shown for n in numbers], **look)
        line = [1000 * found[side, numbers[-1], batch] / batch for batch in batches]
        by_batch.plot(batches, line, label=side, **look)
    for axis, ticks, name in ((by_workers, numbers, "workers"), (by_batch, batches, "images in a batch")):
        axis.set_xscale("log", base=2)
        axis.set_xticks(ticks, [str(tick) for tick in ticks])
        axis.minorticks_off()
        axis.set_xlabel(name)
        axis.set_ylim(bottom=0)
    by_workers.set_ylabel("milliseconds an image")
    label(by_workers, f"batches of {shown}")
    label(by_batch, f"{numbers[-1]} workers" if numbers[-1] > 1 else "1 worker")
    by_batch.legend(frameon=False, fontsize=9, labelcolor=MUTED)
    return svg.themed_svg(figure)


def caption(data):
    """Return the sentence below the figure: what was measured, and where."""
    machine, numbers = data["machine"], sorted({row["workers"] for row in data["rows"]})
    return (
        f"Measured with {', '.join(map(str, numbers))} workers on a machine with {machine['cores']} cores "
        f"({machine['processor']}); Python {machine['python']}, NumPy {machine['numpy']}, PyTorch "
        f"{machine['torch']}, onnxruntime {machine['onnxruntime']}; "
        f"medians of {data['samples']}, wall clock. "
        "`python -m benchmarks.scaling` measures with up to 8 workers where there are as many cores.\n"
    )


def main(samples, draw):
    """Measure unless told to draw only; write the files."""
    if not draw:
        rows = []
        for number in WORKERS:
            if number <= len(os.sched_getaffinity(0)):
                rows += json.loads(child("benchmarks.scaling", "--measure", number, samples, threads=number))
        data = {"machine": machine(*LIBRARIES), "samples": samples, "rows": rows}
        FILE.write_text(json.dumps(data, indent=1) + "\n")
    data = json.loads(FILE.read_text())
    FILE.with_suffix(".svg").write_text(drawing(data), encoding="utf-8")
    FILE.with_suffix(".md").write_text(caption(data), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--samples", type=int, default=5, help="how often to measure each side (default 5)")
    parser.add_argument("--draw", action="store_true", help="draw the present numbers again")
    parser.add_argument(
        "--measure", type=int, nargs=2, metavar=("WORKERS", "SAMPLES"), help=argparse.SUPPRESS
    )
    options = parser.parse_args()
    if options.measure:
        measure(*options.measure)
    else:
        main(options.samples, options.draw)
