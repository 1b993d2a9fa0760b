"""Make the virtual environment that every `make` target uses, or say in words why that is not possible.

Usage: python3 tools/environment.py FOLDER REQUIREMENTS [REQUIREMENTS ...]
       python3 tools/environment.py --check FOLDER [--by-name]

Runs on the machine's own Python, before anything is installed: standard library only. It is written so that
even Python 2.7 reads it, because what an old Python cannot read it cannot refuse in words either.
"""

from __future__ import print_function

import io
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def stop(message):
    """End with a message for the reader, without a traceback."""
    sys.exit("\n" + message + "\n")


def promised():
    """Return the minor versions of Python 3 that pyproject.toml names, oldest first: [11, 12, ...]."""
    with io.open(os.path.join(ROOT, "pyproject.toml"), encoding="utf-8") as file:
        # No tomllib: a Python that is too old has none.
        minors = re.findall(r'"Programming Language :: Python :: 3\.(\d+)"', file.read())
    return [int(minor) for minor in minors]


def refuse_unfit_python():
    """End in one line if this Python is too old for the course or cannot make an environment."""
    shown = ".".join(map(str, sys.version_info[:3]))
    oldest = promised()[0]
    if tuple(sys.version_info[:2]) < (3, oldest):
        stop(
            "The course needs Python 3.{} or newer; {} is {}. Name another one like this: "
            "make PYTHON=python3.{} book".format(oldest, sys.executable, shown, oldest + 1)
        )
    try:
        import ensurepip  # noqa: F401  (Debian takes it out of Python and into python3-venv)
        import venv  # noqa: F401
    except ImportError:
        stop(
            "{} ({}) cannot make virtual environments: its venv module is not complete.\n"
            "On Debian and Ubuntu: sudo apt install python3-venv".format(sys.executable, shown)
        )


def python_of(folder):
    """Return the path of an environment's Python."""
    return os.path.join(folder, "bin", "python")


def note_of(folder):
    """Return the path of the note that venv leaves in an environment."""
    return os.path.join(folder, "pyvenv.cfg")


def noted(folder, pattern):
    """Return what a line of the note says, or None where no line is like `pattern`."""
    with io.open(note_of(folder), encoding="utf-8") as file:
        found = re.search("^" + pattern + "$", file.read(), flags=re.M)
    return found.group(1) if found else None


def fault(folder, by_name):
    """Return why the environment `folder` cannot be used, or None if it can.

    Its scripts and the course installed in it hold the path where it was made, and so does the note of venv.
    With `by_name`, the reader named this Python, so that an environment of another one does not do.
    """
    made = noted(folder, r"command = .* -m venv (?:--\S+ )*(.*)")
    if made not in (None, os.path.abspath(folder)):
        return "it was made as {}".format(made)
    try:
        # A Python of another minor version in the same place runs, but does not find what was installed.
        complete = subprocess.call([python_of(folder), "-c", "import pip"], stderr=subprocess.DEVNULL) == 0
    except OSError:
        complete = False
    if not complete:
        return "its Python was removed or replaced"
    if by_name and os.path.realpath(python_of(folder)) != os.path.realpath(sys.executable):
        return "it was made by {}".format(os.path.realpath(python_of(folder)))
    return None


def check(folder, by_name):
    """Take the note out of an environment that cannot be used, so that make makes it anew."""
    if by_name:
        refuse_unfit_python()
    if os.path.exists(note_of(folder)):
        reason = fault(folder, by_name)
        if reason:
            print("The environment {} is made anew: {}.".format(folder, reason))
            os.remove(note_of(folder))


def hint(output, file, version):
    """Return what to do after pip failed on a version of Python, from pip's own words."""
    minors = promised()
    this = "Python {}".format(version)
    chosen = "the packages are chosen for Python 3.{} to 3.{}".format(minors[0], minors[-1])
    another = "Name another one like this: make PYTHON=python3.{} book".format(minors[-2])
    if re.search(r"requires? a different python", output, flags=re.I):
        return "A package of {} does not run on {}; {}. {}".format(file, this, chosen, another)
    if re.search(r"retrying|connection|timed out|name resolution|proxy|ssl", output, flags=re.I):
        return "This machine does not reach a package index: check the network, then try again."
    if "No matching distribution" in output:
        return "The package index offers no such version to {} on this machine; {}. {}".format(
            this, chosen, another
        )
    if re.search(r"subprocess-exited-with-error|failed.* build", output, flags=re.I):
        return "A package could not be built for {}; {}. {}".format(this, chosen, another)
    return "Could not install {}: the lines above say why.".format(file)


def install(folder, file):
    """Install a requirements file in sight of the reader; on failure end with a hint."""
    with io.open(os.path.join(ROOT, file), encoding="utf-8") as pins:
        total = len(re.findall(r"^[\w.-]+==", pins.read(), flags=re.M))
    pip = [python_of(folder), "-m", "pip", "install", "--progress-bar=off", "--disable-pip-version-check"]
    pip += ["-r", file]
    process = subprocess.Popen(pip, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True)
    lines = []
    found = 0
    for line in process.stdout:
        lines.append(line)
        found += line.startswith("Collecting ")
        if line.startswith("Collecting ") and found % 20 == 0:
            print("  {} of {} packages are found".format(found, total), flush=True)
        elif line.startswith("Installing collected packages"):
            print("  all are found; they are unpacked ...", flush=True)
    if process.wait():
        print("".join(lines[-40:]), end="")
        stop(hint("".join(lines), file, noted(folder, r"version = (\S+)")))


def quieten_kernels(folder):
    """Write what the kernels of this environment read: a notebook on one machine needs no warning of TCP."""
    place = os.path.join(folder, "etc", "ipython")
    if not os.path.isdir(place):
        os.makedirs(place)
    with io.open(os.path.join(place, "ipython_kernel_config.py"), "w", encoding="utf-8") as file:
        file.write("c = get_config()\nc.IPKernelApp.log_level = 40  # errors\n")


def main(folder, requirements):
    """Create `folder` if need be and install the requirement files into it."""
    if not os.path.exists(note_of(folder)):
        refuse_unfit_python()
        print("Making {} with Python {} ...".format(folder, sys.version.split()[0]), flush=True)
        if subprocess.call([sys.executable, "-m", "venv", "--clear", folder]):
            stop("Could not make {}: disk full or read-only?".format(folder))
    print("Installing {} into {} (a minute or two) ...".format(", ".join(requirements), folder), flush=True)
    for file in requirements:
        install(folder, file)
    quieten_kernels(folder)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        stop(__doc__.strip())
    if sys.argv[1] == "--check":
        check(sys.argv[2], by_name="--by-name" in sys.argv)
    else:
        main(sys.argv[1], sys.argv[2:])
