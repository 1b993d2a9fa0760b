"""python -m benchmarks [OPTIONS] [PART ...]: measure and write book/data/benchmarks.json and .md.

A part is the beginning of a case (``paper``, ``paper/forward/64``) or ``memory``. Without
one everything is measured; with some, the rest stays as it is in the file.
"""

import argparse
import json
import os
import pathlib
import platform
import subprocess
import sys
from importlib.metadata import version

from benchmarks.table import key, markdown

LIBRARIES = "numpy", "torch", "onnxruntime"
ROOT = pathlib.Path(__file__).parent.parent
DATA = ROOT / "book" / "data" / "benchmarks.json"
#: Every case that is measured, in the order of the table, and the threads on which it is.
CASES = {
    f"{structure}/{what}/{batch}/{peer}": (2, 1)
    for structure, cases in {
        "paper": (("forward", (1, 16, 64)), ("training step", (16, 64))),
        "torchvision": (("forward", (1, 16, 64)),),
    }.items()
    for what, batches in cases
    for batch in batches
    for peer in (("PyTorch", "onnxruntime") if what == "forward" else ("PyTorch",))
}
CASES |= {
    "miniature/training step/16/PyTorch": (1,),
    "paper/training step/16/itself, undisturbed": (2,),
    "paper/conv1 to pool5/1/the loops": (1,),
}


def child(module, *arguments, threads):
    """Run a measuring process with this many threads and return what it printed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    environment |= {"OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    environment |= {"ALEXNET_COURSE_WORKERS": str(threads)}
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(
        command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True
    ).stdout


def machine(*libraries):
    """Return the name of the processor, and what the numbers depend on besides: the versions of libraries."""
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    names = (line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    found = {"processor": next(names, platform.machine()), "cores": len(os.sched_getaffinity(0))}
    found["python"] = platform.python_version()
    return found | {name: version(name) for name in libraries}


def main(samples, parts, clocks=(2, 1)):
    """Measure, write, and print the table."""
    data = json.loads(DATA.read_text()) if DATA.exists() else {"rows": []}
    rows = {(key(row), row["threads"]): row for row in data["rows"] if key(row) in CASES}
    order = list(CASES)
    if not parts or "memory" in parts or "memory" not in data:
        data["memory"] = {"batch": 16, "torch": int(child("benchmarks.memory", "torch", 16, threads=2))}
        data["memory"]["ours"] = {
            str(n): int(child("benchmarks.memory", "ours", 16, threads=n)) for n in (1, 2, 4)
        }
    for threads in clocks:
        wanted = [
            case
            for case, measured_on in CASES.items()
            if threads in measured_on and (not parts or case.startswith(tuple(parts)))
        ]
        for structure in dict.fromkeys(case.split("/")[0] for case in wanted):
            cases = [case for case in wanted if case.startswith(structure)]
            for row in json.loads(child("benchmarks.measure", threads, samples, *cases, threads=threads)):
                rows[key(row), threads] = row
            inorder = sorted(rows.items(), key=lambda item: (-item[0][1], order.index(item[0][0])))
            data["rows"] = [row for _, row in inorder]
            write(data)  # after each process: none measures in vain
    write(data)
    print(markdown(data))


def write(data):
    """Write the file and the table."""
    data = {"machine": machine(*LIBRARIES), "memory": data["memory"], "rows": data["rows"]}
    DATA.write_text(json.dumps(data, indent=1) + "\n")
    DATA.with_suffix(".md").write_text(markdown(data))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--samples", type=int, default=11, help="how often each side is measured (default 11)"
    )
    parser.add_argument(
        "--threads", type=int, choices=(1, 2), action="append", help="one of the two clocks only"
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help="such as paper/forward/64")
    options = parser.parse_args()
    main(options.samples, options.parts, options.threads or (2, 1))
