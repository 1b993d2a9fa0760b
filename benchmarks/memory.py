"""Peak memory of one forward pass: python -m benchmarks.memory {ours,torch} BATCH, prints megabytes added."""

import pathlib
import sys

import numpy as np

from benchmarks import networks


def status(field):
    """Return a memory figure of this process, in megabytes: VmHWM is the peak, VmRSS the present."""
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def main(library, batch):
    """Run one image first, so that what is built once does not count."""
    network = networks.ours("paper")
    images = np.random.default_rng(0).standard_normal((batch, *network.input_shape), np.float32)
    if library == "torch":
        import torch

        module, tensor = networks.in_torch(network).eval(), torch.tensor(images.transpose(0, 3, 1, 2).copy())

        def run(n):
            with torch.inference_mode():
                module(tensor[:n])
    else:

        def run(n):
            network.predict(images[:n])

    run(1)
    before = status("VmRSS")
    pathlib.Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far (Linux)
    run(batch)
    print(round(status("VmHWM") - before))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
