"""Make the virtual environment that every `make` target uses, or say in words why that is not possible.

Usage: python3 tools/environment.py FOLDER REQUIREMENTS [REQUIREMENTS ...]

Runs on the machine's own Python, before anything is installed: standard library only.
"""

import importlib.util
import pathlib
import subprocess
import sys

OLDEST = (3, 11)


def stop(message):
    """End with a message for the reader, without a traceback."""
    sys.exit("\n" + message + "\n")


def run(command, hint):
    """Run a command in sight of the reader; on failure end with the hint."""
    if subprocess.run([str(part) for part in command], check=False).returncode:
        stop(hint)


def main(folder, requirements):
    """Create `folder` if need be and install the requirement files into it."""
    shown = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info < OLDEST:
        stop(
            f"The course needs Python {OLDEST[0]}.{OLDEST[1]} or newer; {sys.executable} is {shown}.\n"
            "Name another one like this: make PYTHON=python3.12 book"
        )
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        stop(
            f"{sys.executable} ({shown}) cannot make virtual environments: its venv module is not complete.\n"
            "On Debian and Ubuntu: sudo apt install python3-venv"
        )
    python = pathlib.Path(folder) / "bin" / "python"
    if not python.exists():
        print(f"Making {folder} with Python {shown} ...", flush=True)
        run([sys.executable, "-m", "venv", folder], f"Could not make {folder}: disk full or read-only?")
    print(f"Installing {', '.join(requirements)} into {folder} (a minute or two) ...", flush=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for file in requirements:
        run(
            [*pip, "-r", file],
            f"Could not install {file}. The lines above say why; if they speak of connections or retries, "
            "this machine does not reach a Python package index: check the network, then try again.",
        )


if __name__ == "__main__":
    if len(sys.argv) < 3:
        stop(__doc__.strip())
    main(sys.argv[1], sys.argv[2:])
