"""Build the notebooks that run in the reader's browser: JupyterLite with the Pyodide kernel.

Usage: python tools/lite.py [--pyodide FOLDER] [--output FOLDER]     (`make lite` after `make book`)

Writes _build/html/lite. The application, the chapters, the course and the packages that Pyodide does not have
come with it; Python itself, NumPy, matplotlib and Pillow come from Pyodide's distribution: from its own
address on the web, or, with --pyodide, from a folder that holds an unpacked release and is copied into the
site. Nobody else is asked for anything. The exercises of the pages run in the same Python, without
JupyterLite: in a worker, lite-python.js, which lite-python.json tells where it finds what it needs.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

from jupyterlite_pyodide_kernel.constants import PYODIDE_CDN_URL, PYODIDE_VERSION

from alexnet_course.palette import LIGHT

ROOT = pathlib.Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "book" / "_ext"))

import course_commonmark  # noqa: E402
import run_notebooks  # noqa: E402

SITE = ROOT / "_build" / "html"
APPLICATIONS = ("notebooks", "lab")
PACKAGE_SOURCE = ("pyproject.toml", "README.md", "LICENSE", "LICENSE-text", "src")
# What the course needs and Pyodide does not have; the versions are those of requirements.txt.
SHIPPED = ("anywidget", "comm", "ipywidgets", "jupyterlab-widgets", "psygnal")
# What an exercise on a page needs beside the course, and about how many MB it and Python itself (12.3) are.
IMPORTED = ("numpy", "pillow")
PYTHON_SIZE = 17
KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
CELL = """\
# In this browser, this cell installs the course; it comes from this site.
%pip install --quiet alexnet-course"""
SCRIPTS = ROOT / "book" / "lite"


def run(command, **options):
    """Run a command quietly; when it fails, end with what it said."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, **options)
    if done.returncode:
        sys.exit(f"{done.stdout}\n{done.stderr}\nfailed: {' '.join(map(str, command))}")


def pins(names, requirements):
    r"""Return the `name==version` lines of some packages.

    Raises
    ------
    ValueError
        A package is not pinned.

    Examples
    --------
    >>> pins(["comm"], "anyio==4.16.0\ncomm==0.2.3\n-e .\n")
    ['comm==0.2.3']
    """
    lines = {line.partition("==")[0]: line for line in requirements.splitlines()}
    if missing := [name for name in names if name not in lines]:
        raise ValueError(f"requirements.txt pins no {', '.join(missing)}")
    return [lines[name] for name in names]


def wheels(folder):
    """Put the wheel of the course into `folder`, and those of the packages that it needs beside it.

    The latter are downloaded once for each environment, so that building again needs no network.

    Returns
    -------
    list of pathlib.Path
        All of them.
    """
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    with tempfile.TemporaryDirectory() as copy:  # setuptools leaves a build folder beside what it builds
        for name in PACKAGE_SOURCE:
            source = ROOT / name
            copier = shutil.copytree if source.is_dir() else shutil.copy
            copier(source, pathlib.Path(copy, name))
        run([*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", folder, copy])
    store = pathlib.Path(sys.prefix, "wheels")
    found = []
    for pin in pins(SHIPPED, (ROOT / "requirements.txt").read_text(encoding="utf-8")):
        pattern = f"{pin.replace('-', '_').replace('==', '-')}-*.whl"
        if not list(store.glob(pattern)):
            # Only wheels without machine code: a browser runs no other.
            anywhere = [
                "--only-binary",
                ":all:",
                "--platform",
                "any",
                "--implementation",
                "py",
                "--abi",
                "none",
            ]
            run([*pip, "download", "--no-deps", *anywhere, "--python-version", "3.13", "--dest", store, pin])
        found += store.glob(pattern)
    return sorted(folder.glob("*.whl")) + found


def with_first_cell(notebook):
    """Return a notebook that starts with the cell that installs the course from the site."""
    cell = {"cell_type": "code", "id": "lite", "metadata": {}, "source": CELL}
    return notebook | {"cells": [cell | {"execution_count": None, "outputs": []}, *notebook["cells"]]}


def address(file, fragment):
    """Return where a chapter leads in the browser: to the copy beside it, or to a page of the site."""
    return file if file.endswith(".ipynb") else f"../{course_commonmark.page_address(file, fragment)}"


def for_the_browser(notebook):
    """Return a chapter for JupyterLite, which shows lists of lines with commas: none is left."""
    return with_first_cell(course_commonmark.with_links(run_notebooks.canonical(notebook), address))


def write_chapters(folder):
    """Write the chapters, each with its first cell, into `folder`."""
    folder.mkdir(parents=True)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = for_the_browser(json.loads(path.read_text(encoding="utf-8")))
        (folder / path.name).write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def settings(pyodide):
    """Return the content of jupyter-lite.json; `pyodide` is the address of pyodide.mjs."""
    kernel = {
        "pyodideUrl": pyodide,
        "disablePyPIFallback": True,
    }  # nothing but Pyodide and this site is asked
    data = {"appName": "AlexNet from scratch", "litePluginSettings": {KERNEL: kernel}}
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": data}


def add_scripts(output, pyodide):
    """Let each application say in words when Python does not arrive, and open links to pages of the site."""
    for script in ("notice", "pages"):
        shutil.copy(SCRIPTS / f"{script}.js", output / f"lite-{script}.js")
    for name in APPLICATIONS:
        page = output / name / "index.html"
        text = page.read_text(encoding="utf-8")
        if text.count("</head>") != 1:
            raise ValueError(f"{page.name} of {name} has {text.count('</head>')} heads; it must have one")
        address = pyodide.replace("./", "../", 1) if pyodide.startswith("./") else pyodide
        colours = f'data-paper="{LIGHT.paper}" data-ink="{LIGHT.ink}" data-accent="{LIGHT.accent}"'
        scripts = f'<script defer src="../lite-notice.js" data-pyodide="{address}" {colours}></script>'
        scripts += '<script defer src="../lite-pages.js"></script>'
        page.write_text(text.replace("</head>", f"  {scripts}\n</head>"), encoding="utf-8")


def python_size(folder):
    """Return how many MB of an unpacked release of Pyodide an exercise on a page loads."""
    packages = json.loads((folder / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]
    names = [packages[name]["file_name"] for name in IMPORTED if name in packages]
    names += ["pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"]
    return sum((folder / name).stat().st_size for name in names) / 1e6


def add_exercises(output, pyodide, size):
    """Let the exercises of the pages run in the same Python: a worker, and where it finds what it needs.

    Parameters
    ----------
    output : pathlib.Path
        The folder of JupyterLite, which holds the course's wheel.
    pyodide : str
        The address of pyodide.mjs, whole or as seen from `output`.
    size : float
        Of Python and the packages, in MB.
    """
    (wheel,) = (output / "pypi").glob("alexnet_course-*.whl")
    found = {
        "pyodide": pyodide,
        "packages": IMPORTED,
        "wheel": wheel.relative_to(output).as_posix(),
        "megabytes": round(size + wheel.stat().st_size / 1e6, 1),
    }
    (output / "lite-python.json").write_text(json.dumps(found), encoding="utf-8")
    shutil.copy(SCRIPTS / "python.js", output / "lite-python.js")


def build(output, pyodide_folder=None):
    """Build everything into `output`, which is replaced.

    Parameters
    ----------
    output : pathlib.Path
        A folder of the site.
    pyodide_folder : pathlib.Path, optional
        An unpacked release of Pyodide to serve from the site.
    """
    address = "./static/pyodide/pyodide.mjs" if pyodide_folder else f"{PYODIDE_CDN_URL}/pyodide.mjs"
    shutil.rmtree(output, ignore_errors=True)
    with tempfile.TemporaryDirectory() as temporary:
        place = pathlib.Path(temporary)
        write_chapters(place / "contents")
        (place / "jupyter-lite.json").write_text(json.dumps(settings(address)), encoding="utf-8")
        packages = place / "wheels"
        packages.mkdir()
        command = [pathlib.Path(sys.executable).with_name("jupyter-lite"), "build"]
        command += ["--lite-dir", place, "--contents", place / "contents", "--output-dir", output]
        command += ["--no-sourcemaps", "--no-unused-shared-packages"]
        command += [part for name in APPLICATIONS for part in ("--apps", name)]
        command += [part for wheel in wheels(packages) for part in ("--piplite-wheels", wheel)]
        run(command, cwd=place)
    if pyodide_folder:
        shutil.copytree(pyodide_folder, output / "static" / "pyodide")
    add_scripts(output, address)
    add_exercises(output, address, python_size(pyodide_folder) if pyodide_folder else PYTHON_SIZE)


def release_of(folder):
    """Return the version of the Pyodide release in `folder`; end in words when it is not what is needed."""
    package = folder / "package.json"
    version = json.loads(package.read_text(encoding="utf-8"))["version"] if package.is_file() else None
    if version != PYODIDE_VERSION or not (folder / "pyodide.mjs").is_file():
        sys.exit(
            f"{folder} holds Pyodide {version or 'not at all'}; the kernel needs {PYODIDE_VERSION}. "
            f"Unpack pyodide-{PYODIDE_VERSION}.tar.bz2 of github.com/pyodide/pyodide/releases and name "
            "its folder."
        )
    return version


def main():
    """Build the folder and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pyodide", type=pathlib.Path, help="a folder with an unpacked release of Pyodide")
    parser.add_argument("--output", type=pathlib.Path, default=SITE / "lite")
    given = parser.parse_args()
    if given.pyodide:
        release_of(given.pyodide)
    print("Packing the notebooks that run in the browser ...", flush=True)
    build(given.output, given.pyodide)
    size = sum(path.stat().st_size for path in given.output.rglob("*") if path.is_file())
    print(f"{given.output}: {size / 1e6:.1f} MB; Pyodide from {given.pyodide or PYODIDE_CDN_URL}")


if __name__ == "__main__":
    main()
