"""Put together what npm and PyPI have of Pyodide: enough for a kernel, without NumPy and matplotlib.

Usage: python tools/pyodide_core.py     (`make test-lite`; needs npm)

Writes _build/pyodide. The package on npm holds the interpreter and the list of the distribution's packages;
those that the kernel starts with are plain wheels, taken from PyPI in the same versions.
"""

import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

FOLDER = pathlib.Path(__file__).parent.parent / "_build" / "pyodide"
CORE = ("package.json", "pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
KERNEL = ("micropip", "ipython", "jedi", "typing-extensions")
ANYWHERE = ("--only-binary", ":all:", "--platform", "any", "--implementation", "py", "--abi", "none")


def closure(names, packages):
    """Return some packages of a lock file and all that they depend on, sorted.

    Examples
    --------
    >>> closure(["a"], {"a": {"depends": ["B_c"]}, "b-c": {"depends": []}, "d": {"depends": []}})
    ['a', 'b-c']
    """
    found, waiting = set(), list(names)
    while waiting:
        name = waiting.pop().lower().replace("_", "-")
        if name not in found:
            found.add(name)
            waiting += packages[name]["depends"]
    return sorted(found)


def fetch_core(folder):
    """Unpack the interpreter from npm into `folder`; return the distribution's list of packages."""
    with tempfile.TemporaryDirectory() as temporary:
        command = ["npm", "pack", "--silent", f"pyodide@{PYODIDE_VERSION}"]
        subprocess.run(command, cwd=temporary, check=True, stdout=subprocess.DEVNULL)
        archive = next(pathlib.Path(temporary).glob("*.tgz"))
        with tarfile.open(archive) as packed:
            for name in CORE:
                (folder / name).write_bytes(packed.extractfile(f"package/{name}").read())
            return json.load(packed.extractfile("package/pyodide-lock.json"))


def fetch_wheels(folder, lock):
    """Download the wheels that a kernel starts with; return the lock with them alone."""
    packages = lock["packages"]
    kept = {}
    for name in closure(KERNEL, packages):
        with tempfile.TemporaryDirectory() as temporary:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", *ANYWHERE]
            command += ["--python-version", lock["info"]["python"], "--dest", temporary]
            subprocess.run([*command, f"{name}=={packages[name]['version']}"], check=True)
            (wheel,) = pathlib.Path(temporary).iterdir()
            data = wheel.read_bytes()
        (folder / wheel.name).write_bytes(data)
        digest = hashlib.sha256(data).hexdigest()
        kept[name] = packages[name] | {"file_name": wheel.name, "sha256": digest}
    return lock | {"packages": kept}


def main():
    """Make the folder unless it is there, complete and of the right version."""
    if shutil.which("npm") is None:
        sys.exit("This needs npm, which comes with Node (on Debian and Ubuntu: sudo apt install npm).")
    done = FOLDER / "pyodide-lock.json"
    package = FOLDER / "package.json"
    if done.is_file() and json.loads(package.read_text(encoding="utf-8"))["version"] == PYODIDE_VERSION:
        return
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    lock = fetch_wheels(FOLDER, fetch_core(FOLDER))
    done.write_text(json.dumps(lock), encoding="utf-8")
    print(f"{FOLDER}: Pyodide {PYODIDE_VERSION} with {len(lock['packages'])} packages")


if __name__ == "__main__":
    main()
