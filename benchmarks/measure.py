"""One measuring process: python -m benchmarks.measure THREADS SAMPLES, prints JSON.

The number of threads must be in the environment before NumPy starts, so each clock has its own process.
One thread is measured in CPU seconds of the process, two in seconds on the wall.
"""

import gc
import json
import pathlib
import statistics
import sys
import time

import numpy as np

from alexnet_course import reference
from alexnet_course.layers import Conv2D, LocalResponseNormalization, MaxPooling2D
from alexnet_course.losses import cross_entropy
from alexnet_course.optimizers import SGD
from benchmarks import networks


def waited():
    """Return the seconds that all threads of this process have waited for a processor."""
    files = pathlib.Path("/proc/self/task").glob("*/schedstat")
    return sum(int(file.read_text().split()[1]) for file in files) / 1e9


def timed(function, threads, calls=1):
    """Return (seconds a call, whether the machine let us run undisturbed)."""
    clock = time.process_time if threads == 1 else time.perf_counter
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


def main(threads, samples):
    """Measure every case."""
    import onnxruntime
    import torch

    torch.set_num_threads(threads)
    rng, rows = np.random.default_rng(0), []

    def add(structure, what, batch, peer_name, ours, peer):
        rows.append(
            {"structure": structure, "what": what, "batch": batch, "peer": peer_name, "threads": threads}
        )
        rows[-1] |= compare(ours, peer, threads, samples, calls=5 if batch == 1 else 1)
        print(rows[-1], file=sys.stderr, flush=True)

    for structure in ("paper", "torchvision"):
        network = networks.ours(structure)
        theirs = networks.in_torch(network).eval()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.force_spinning_stop", "1")  # not while we are measured
        session = onnxruntime.InferenceSession(networks.in_onnx(network), options)
        for batch in (1, 16):
            images = rng.standard_normal((batch, *network.input_shape), np.float32)
            channels_first = np.ascontiguousarray(images.transpose(0, 3, 1, 2))
            tensor = torch.tensor(channels_first)

            def infer(theirs=theirs, tensor=tensor):
                with torch.inference_mode():
                    return theirs(tensor)

            def run(session=session, channels_first=channels_first):
                return session.run(None, {"x": channels_first})[0]

            def predict(network=network, images=images):
                return network.predict(images)

            for other in (infer().numpy(), run()):
                gap = np.abs(predict() - other).max() / np.abs(other).max()
                if not gap < 1e-3:
                    raise RuntimeError(f"the networks do not agree: {gap}")
            add(structure, "forward", batch, "PyTorch", predict, infer)
            add(structure, "forward", batch, "onnxruntime", predict, run)
        if structure == "paper":
            add(structure, "training step", 16, "PyTorch", *training_steps(network, theirs, images, tensor))
        del network, theirs, session
        gc.collect()
    if threads == 1:
        rows.append(against_the_loops())
    print(json.dumps(rows))


def training_steps(network, theirs, images, tensor):
    """Return two functions that each take one step of SGD: forward, loss, backward, update."""
    import torch

    labels = np.arange(len(images))
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


def against_the_loops():
    """Time the loop versions of the paper's first fifteen layers once, on one image."""
    network = networks.ours("paper")
    x = np.random.default_rng(0).standard_normal((1, *network.input_shape), np.float32)

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
    row = {"structure": "paper", "what": "conv1 to pool5", "batch": 1, "peer": "the loops", "threads": 1}
    return row | {"ours": fast, "peer_seconds": slow, "ratio": fast / slow, "undisturbed": True}


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
