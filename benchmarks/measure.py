"""One measuring process: python -m benchmarks.measure THREADS SAMPLES CASE..., prints JSON.

The number of threads must be in the environment before NumPy starts, so each clock has its own process.
One thread is measured in CPU seconds of the process, two in seconds on the wall.
"""

import gc
import json
import pathlib
import statistics
import subprocess
import sys
import time

import numpy as np

from alexnet_course import reference, workers
from alexnet_course.layers import Conv2D, LocalResponseNormalization, MaxPooling2D
from alexnet_course.losses import cross_entropy
from alexnet_course.optimizers import SGD
from benchmarks import networks


def waited():
    """Return the seconds that all threads of this process have waited for a processor."""
    files = pathlib.Path("/proc/self/task").glob("*/schedstat")
    return sum(int(file.read_text().split()[1]) for file in files) / 1e9


def timed(function, threads, calls=1, clock=None):
    """Return (seconds a call, whether the machine let us run undisturbed)."""
    clock = clock or (time.process_time if threads == 1 else time.perf_counter)
    before, start = waited(), clock()
    for _ in range(calls):
        function()
    seconds = clock() - start
    return seconds / calls, threads == 1 or waited() - before < 0.03 * seconds


def compare(ours, peer, threads, samples, calls):
    """Time both in turn; return medians in seconds and whether enough samples were undisturbed."""
    ours(), peer()
    times, clean = {"ours": [], "peer": []}, {"ours": [], "peer": []}
    for _ in range(samples):
        for name, function in (("ours", ours), ("peer", peer)):
            time.sleep(0.2)  # the other library's threads spin on for a while after its last call
            if calls > 1:
                function()  # and this library's memory has been pushed out of the caches
            seconds, undisturbed = timed(function, threads, calls)
            times[name].append(seconds)
            if undisturbed:
                clean[name].append(seconds)
    enough = min(map(len, clean.values())) >= max(1, samples // 2)
    used = clean if enough else times
    medians = {name: statistics.median(values) for name, values in used.items()}
    return {
        "ours": medians["ours"],
        "peer_seconds": medians["peer"],
        "ratio": medians["ours"] / medians["peer"],
        "undisturbed": enough,
    }


def main(threads, samples, cases):
    """Measure the cases, all of one network."""
    import onnxruntime
    import torch

    torch.set_num_threads(threads)
    rng, rows, structure = np.random.default_rng(0), [], cases[0].split("/")[0]
    network = networks.ours(structure)
    theirs = networks.in_torch(network).eval()
    if any(case.endswith("onnxruntime") for case in cases):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.force_spinning_stop", "1")  # not while we are measured
        session = onnxruntime.InferenceSession(networks.in_onnx(network), options)
    for case in cases:
        _, what, batch, peer_name = case.split("/")
        batch = int(batch)
        images = rng.standard_normal((batch, *network.input_shape), np.float32)
        channels_first = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
        tensor = torch.tensor(channels_first)

        def infer(tensor=tensor):
            with torch.inference_mode():
                return theirs(tensor).numpy()

        def run(channels_first=channels_first):
            return session.run(None, {"x": channels_first})[0]

        def predict(images=images):
            return network.predict(images)

        row = {"structure": structure, "what": what, "batch": batch, "peer": peer_name, "threads": threads}
        row["workers"] = workers.count() if batch > 1 else 1
        row["samples"] = samples
        if peer_name == "the loops":
            row |= against_the_loops(network, images)
        elif what == "forward":
            peer = run if peer_name == "onnxruntime" else infer
            gap = np.abs(predict() - peer()).max() / np.abs(peer()).max()
            if not gap < 1e-3:
                raise RuntimeError(f"the networks do not agree: {gap}")
            row |= compare(predict, peer, threads, samples, calls=5 if batch == 1 else 1)
        else:
            step, peer = training_steps(network, theirs, images, tensor)
            calls = 5 if structure == "miniature" else 1
            if peer_name == "PyTorch":
                row |= compare(step, peer, threads, samples, calls)
            else:
                row |= beside_a_busy_process(step, samples)
            network.training = False
            theirs.eval()
        rows.append(row)
        print(row, file=sys.stderr, flush=True)
        gc.collect()
    print(json.dumps(rows))


def beside_a_busy_process(step, samples):
    """Time our step with and without another process that computes all the time."""
    step()
    times = {"quiet": [], "busy": []}
    for _ in range(samples):
        times["quiet"].append(timed(step, 1, clock=time.perf_counter)[0])
        with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
            try:
                time.sleep(0.2)
                times["busy"].append(timed(step, 1, clock=time.perf_counter)[0])
            finally:
                busy.kill()
    quiet, busy = (statistics.median(values) for values in times.values())
    return {"ours": busy, "peer_seconds": quiet, "ratio": busy / quiet, "undisturbed": True}


def training_steps(network, theirs, images, tensor):
    """Return two functions that each take one step of SGD: forward, loss, backward, update."""
    import torch

    labels = np.arange(len(images)) % network.output_shape(images.shape[1:])[0]
    ours_rule = SGD(network, 1e-6)
    rule = torch.optim.SGD(theirs.parameters(), lr=1e-6, momentum=0.9, weight_decay=0.0005)
    targets = torch.tensor(labels)
    network.training = True
    theirs.train()

    def ours():
        _, grad_logits = cross_entropy(network.forward(images), labels)
        network.backward(grad_logits, input_gradient=False)
        ours_rule.step()

    def peer():
        rule.zero_grad()
        torch.nn.functional.cross_entropy(theirs(tensor), targets).backward()
        rule.step()

    return ours, peer


def against_the_loops(network, x):
    """Time the loop versions of the paper's first fifteen layers once, on one image."""

    def loops():
        y = x
        for layer in list(network.layers.values())[:15]:
            match layer:
                case Conv2D():
                    y = reference.convolution(
                        y, layer.weight, layer.bias, layer.stride, layer.padding, layer.groups
                    )
                case LocalResponseNormalization():
                    y = reference.local_response_normalization(y)
                case MaxPooling2D():
                    y = reference.max_pooling(y, layer.pool_size, layer.stride)
                case _:
                    y = reference.relu(y)

    def ours():
        y = x
        for layer in list(network.layers.values())[:15]:
            y = layer.predict(y)

    ours()
    slow, fast = timed(loops, 1)[0], statistics.median(timed(ours, 1)[0] for _ in range(5))
    return {"ours": fast, "peer_seconds": slow, "ratio": fast / slow, "undisturbed": True}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
