"""python -m benchmarks [SAMPLES]: measure everything and write book/data/benchmarks.json and .md."""

import json
import os
import pathlib
import platform
import subprocess
import sys
from importlib.metadata import version

from benchmarks.table import markdown

ROOT = pathlib.Path(__file__).parent.parent
DATA = ROOT / "book" / "data" / "benchmarks.json"


def child(module, *arguments, threads):
    """Run a measuring process with this many threads and return what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    environment |= {"OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def processor():
    """Return the name of the processor."""
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return next(
        (line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine()
    )


def main(samples=11, batch=16):
    """Measure, write, and print the table."""
    rows = [
        row
        for threads in (2, 1)
        for row in json.loads(child("benchmarks.measure", threads, samples, threads=threads))
    ]
    memory = {name: int(child("benchmarks.memory", name, batch, threads=2)) for name in ("ours", "torch")}
    machine = {"processor": processor(), "cores": os.cpu_count(), "python": platform.python_version()}
    machine |= {name: version(name) for name in ("numpy", "torch", "onnxruntime")}
    data = {"samples": samples, "machine": machine, "memory": {"batch": batch, **memory}, "rows": rows}
    DATA.parent.mkdir(exist_ok=True)
    DATA.write_text(json.dumps(data, indent=1) + "\n")
    DATA.with_suffix(".md").write_text(markdown(data))
    print(markdown(data))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
