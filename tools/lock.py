"""Write requirements.txt: every package of the course pinned, from the names in pyproject.toml.

Run by `make lock`. Resolves for the oldest Python that pyproject.toml promises, whichever Python runs this,
and adds what only a newer one needs. A version that the file pins already is kept: to move a package on, take
its line out. Writes `name==version` lines and, last, `-e .`.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import tomllib

import environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = pathlib.Path(__file__).parent.parent
REQUIREMENTS = ROOT / "requirements.txt"
#: The extras that read files of weights: heavy, and pinned where alone they are needed, for the parity tests.
ELSEWHERE = ("onnx", "safetensors", "torch")
HEAD = """\
# The whole course environment, pinned. Written by `make lock` from pyproject.toml: do not edit by hand.
# To move a package on to its newest version, take its line out and call `make lock`.
# Chosen for Python 3.{} to 3.{}.
"""


def wanted():
    """Return the requirements of the course and of its extras, those aside that are pinned elsewhere."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = [names for extra, names in project["optional-dependencies"].items() if extra not in ELSEWHERE]
    return sum(extras, project["dependencies"])


def pythons():
    """Return the first release of every Python that is promised, oldest first: ["3.11.0", …]."""
    return [f"3.{minor}.0" for minor in environment.promised()]


def needed(requirements, packages, python):
    """Return the names of all packages that requirements bring in on a version of Python.

    Parameters
    ----------
    requirements : list of str
    packages : dict
        The requirements of each package, as its metadata say them, by normalized name. A name that is needed
        and not in it is returned all the same.
    python : str
        A full version.

    Examples
    --------
    >>> packages = {"a": ["b[fast]", 'c; python_version >= "3.13"'], "b": ['d; extra == "fast"'], "d": []}
    >>> sorted(needed(["a"], packages, "3.11.0")), sorted(needed(["a"], packages, "3.14.0"))
    (['a', 'b', 'd'], ['a', 'b', 'c', 'd'])
    """
    place = {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    found, waiting = set(), [(Requirement(line), "") for line in requirements]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate(place | {"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for asked in {"", *requirement.extras} - {extra for seen, extra in found if seen == name}:
            found.add((name, asked))
            waiting += [(Requirement(line), asked) for line in packages.get(name, [])]
    return {name for name, _ in found}


def resolve(requirements):
    """Ask pip what it would install on the oldest Python; return the metadata of each package by its name."""
    with tempfile.TemporaryDirectory() as folder:
        report, kept = pathlib.Path(folder, "report.json"), pathlib.Path(folder, "kept.txt")
        pins = REQUIREMENTS.read_text(encoding="utf-8").splitlines() if REQUIREMENTS.exists() else []
        kept.write_text("\n".join(line for line in pins if "==" in line), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        # pip takes another Python's version only for wheels, and with a folder to install into (left empty)
        command += ["--python-version", pythons()[0], "--only-binary=:all:", "--target", folder]
        done = subprocess.run([*command, "--report", report, "-c", kept, *requirements], check=False)
        if done.returncode:
            sys.exit("If a pin of requirements.txt stands in the way, take its line out and try again.")
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    return {canonicalize_name(entry["metadata"]["name"]): entry["metadata"] for entry in found}


def main():
    """Write the file and say how many packages it pins."""
    requirements = missing = wanted()
    while missing:
        packages = resolve(requirements)
        lines = {name: package.get("requires_dist", []) for name, package in packages.items()}
        # pip reads markers such as `python_version < "3.13"` for the Python that runs it: add the others'
        missing = set().union(*(needed(requirements, lines, python) for python in pythons())) - set(packages)
        requirements = [*requirements, *sorted(missing)]
    pins = [f"{name}=={package['version']}" for name, package in sorted(packages.items())]
    minors = environment.promised()
    text = HEAD.format(minors[0], minors[-1]) + "\n".join(pins) + "\n-e .\n"
    REQUIREMENTS.write_text(text, encoding="utf-8")
    print(f"requirements.txt: {len(pins)} packages")


if __name__ == "__main__":
    main()
