"""Build the notebooks that run in the reader's browser: JupyterLite with the Pyodide kernel.

Usage: python tools/lite.py [--pyodide FOLDER] [--output FOLDER]     (`make lite` after `make book`)

Writes _build/html/lite. The application, the chapters, the course and the packages that Pyodide does not have
come with it; Python itself, NumPy, matplotlib and Pillow come from Pyodide's distribution: from its own
address on the web, or, with --pyodide, from a folder that holds an unpacked release and is copied into the
site. Nobody else is asked for anything. The exercises of the pages run in the same Python, without
JupyterLite: in a worker, lite-python.js, which lite-python.json tells where it finds what it needs.
"""

import argparse
import base64
import gzip
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from html import escape
from urllib.parse import urlsplit

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
# The bytes of the application until a chapter stands on the screen, as they are and as they travel; and what
# Python starts with, as it is. Tests measure both.
APPLICATION_SIZE = (6_900_000, 1_350_000)
PYTHON_SIZES = {
    "pyodide.mjs": 17_931,
    "pyodide.asm.mjs": 1_250_344,
    "pyodide.asm.wasm": 9_598_218,
    "python_stdlib.zip": 2_545_564,
}
# Of a package a kernel needs its Python; the page's scripts, which the application has, would travel twice.
FOR_THE_PAGE = (".data/data/", "/labextension/", "/nbextension/")
UNUSED_EXTENSIONS = ("jupyterlab_pygments",)  # colours for pages that nbconvert makes


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
        for wheel in store.glob(pattern):
            without_scripts(wheel, folder / wheel.name)
    return sorted(folder.glob("*.whl"))


def without_scripts(wheel, slim):
    """Write a wheel anew without the files that only a page needs."""
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(slim, "w", zipfile.ZIP_DEFLATED) as target:
        kept = [name for name in source.namelist() if not any(part in name for part in FOR_THE_PAGE)]
        (record,) = [name for name in kept if name.endswith(".dist-info/RECORD")]
        lines = []
        for name in kept:
            if name != record:
                body = source.read(name)
                digest = base64.urlsafe_b64encode(hashlib.sha256(body).digest()).rstrip(b"=").decode()
                lines.append(f"{name},sha256={digest},{len(body)}\n")
                target.writestr(name, body)
        target.writestr(record, "".join([*lines, f"{record},,\n"]))


def with_first_cell(notebook):
    """Return a notebook that starts with the cell that installs the course from the site."""
    cell = {"cell_type": "code", "id": "lite", "metadata": {}, "source": CELL}
    return notebook | {"cells": [cell | {"execution_count": None, "outputs": []}, *notebook["cells"]]}


def address(file, fragment):
    """Return where a chapter leads in the browser: to the copy beside it, or to a page of the site."""
    return file if file.endswith(".ipynb") else f"../{course_commonmark.page_address(file, fragment)}"


def for_the_browser(notebook):
    """Return a chapter for JupyterLite, which shows lists of lines with commas: none is left.

    Its metadata say which text it is, so that a reader's copy can be known for one of an older text.
    """
    made = with_first_cell(course_commonmark.with_links(run_notebooks.canonical(notebook), address))
    sources = json.dumps([(cell["cell_type"], cell["source"]) for cell in made["cells"]])
    edition = hashlib.sha256(sources.encode()).hexdigest()[:8]
    return made | {"metadata": made["metadata"] | {"alexnet_course": {"edition": edition}}}


def write_chapters(folder):
    """Write the chapters, each with its first cell, into `folder`."""
    folder.mkdir(parents=True)
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        notebook = for_the_browser(json.loads(path.read_text(encoding="utf-8")))
        (folder / path.name).write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")


def chapters(folder):
    """Return what the pages must know of the chapters: name to edition, bytes, bytes compressed."""
    found = {}
    for path in sorted(folder.glob("*.ipynb")):
        body = path.read_bytes()
        edition = json.loads(body)["metadata"]["alexnet_course"]["edition"]
        found[path.name] = [edition, len(body), len(gzip.compress(body, 6))]
    return found


def settings(pyodide):
    """Return the content of jupyter-lite.json; `pyodide` is the address of pyodide.mjs."""
    kernel = {
        "pyodideUrl": pyodide,
        "disablePyPIFallback": True,
    }  # nothing but Pyodide and this site is asked
    data = {"appName": "AlexNet from scratch", "litePluginSettings": {KERNEL: kernel}}
    return {"jupyter-lite-schema-version": 0, "jupyter-config-data": data}


# Stands on the page before anything else has come, and needs no script; lite-notice.js goes on with it.
START = """\
<div id="lite-notice" role="status" style="position: fixed; inset: 0; z-index: 10000; box-sizing: border-box;
  width: min(30rem, calc(100vw - 2rem)); height: fit-content; margin: auto; padding: 0.75rem 1rem 1rem;
  background: {paper}; color: {ink}; border: 2px solid {ink}; border-radius: 6px; font: 16px/1.5 sans-serif">
  <p style="margin: 0"><b>Opening the notebook</b></p>
  <p class="doing" style="margin: 0.25rem 0">The notebook application comes from this site:
    about {sent} MB.</p>
  <progress max="1" value="0" aria-label="What has come" style="width: 100%"></progress>
  <p class="help" style="margin: 0.25rem 0 0">Then Python comes from {host}: {python} MB, which the browser
    keeps. Until then you can read. If it does not come, the
    <a href="../../index.html" style="color: inherit; text-decoration: underline">page of the course</a>
    works without it.</p>
</div>
"""
# The application, a script of megabytes, begins when the words above are drawn; a hidden tab draws none.
AFTER_START = """\
await new Promise((done) => {
          requestAnimationFrame(() => setTimeout(done));
          setTimeout(done, 1000);
        });
        await import("""


def add_scripts(output, pyodide):
    """Let each application say what it loads and when Python does not arrive, and open links to the site."""
    for script in ("notice", "pages"):
        shutil.copy(SCRIPTS / f"{script}.js", output / f"lite-{script}.js")
    here = pyodide.startswith("./")
    told = {
        "pyodide": pyodide.replace("./", "../", 1) if here else pyodide,
        "paper": LIGHT.paper,
        "ink": LIGHT.ink,
        "accent": LIGHT.accent,
        "application": json.dumps(APPLICATION_SIZE),
        "python": json.dumps(PYTHON_SIZES),
        "chapters": json.dumps(chapters(output / "files")),
    }
    data = " ".join(f'data-{name}="{escape(value)}"' for name, value in told.items())
    start = START.format(
        paper=LIGHT.paper,
        ink=LIGHT.ink,
        sent=f"{APPLICATION_SIZE[1] / 1e6:.1f}",
        host="this site, too" if here else urlsplit(pyodide).hostname,
        python=round(sum(PYTHON_SIZES.values()) / 1e6),
    )
    for name in APPLICATIONS:
        page = output / name / "index.html"
        text = page.read_text(encoding="utf-8")
        for part in ("</head>", "await import("):
            if text.count(part) != 1:
                raise ValueError(f"{page.name} of {name} has {part} {text.count(part)} times, not once")
        scripts = f'<script defer src="../lite-notice.js" {data}></script>'
        scripts += '<script defer src="../lite-pages.js"></script>'
        text = text.replace("</head>", f"  {scripts}\n</head>").replace("await import(", AFTER_START)
        page.write_text(re.sub(r"<body[^>]*>", rf"\g<0>\n{start}", text), encoding="utf-8")


def remove_unused(output):
    """Take out the extensions that are found in the environment and that no notebook needs."""
    file = output / "jupyter-lite.json"
    settings = json.loads(file.read_text(encoding="utf-8"))
    data = settings["jupyter-config-data"]
    data["federated_extensions"] = [
        extension for extension in data["federated_extensions"] if extension["name"] not in UNUSED_EXTENSIONS
    ]
    file.write_text(json.dumps(settings), encoding="utf-8")
    for name in UNUSED_EXTENSIONS:
        shutil.rmtree(output / "extensions" / name)


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
    remove_unused(output)
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
