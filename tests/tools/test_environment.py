"""The environment that make builds: which Python can, when it is made anew, what a failure is put down to."""

import ast
import logging
import pathlib
import re
import shutil
import subprocess
import sys
import types

import environment
import pytest
from helpers import ROOT
from IPython.core import application as ipython

REAL = pathlib.Path(sys.executable).resolve()

# ---- which Python ----


def test_a_python_that_is_too_old_is_named_in_one_line(monkeypatch):
    monkeypatch.setattr(environment.sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match=r"^\n.*needs Python 3\.11 or newer; .* is 3\.9\.2.* make .*\n$"):
        environment.main("folder", ["requirements.txt"])


def test_an_old_python_can_read_the_file_that_refuses_it():
    source = (ROOT / "tools" / "environment.py").read_text(encoding="utf-8")
    nodes = list(ast.walk(ast.parse(source)))
    assert source.isascii()
    assert not any(isinstance(node, ast.JoinedStr | ast.AnnAssign | ast.NamedExpr) for node in nodes)
    top = ast.parse(source).body
    modules = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
    assert modules == {"io", "os", "re", "subprocess", "sys"}


def test_a_missing_venv_module_names_the_debian_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit, match="sudo apt install python3"):
        environment.main("folder", ["requirements.txt"])


# ---- when it is made anew ----


def made(folder, as_folder=None, python=REAL):
    """Make what venv leaves in an environment, without the packages; return the folder."""
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").symlink_to(python)
    note = f"home = {python.parent}\ninclude-system-site-packages = false\nversion = 3.11.2\n"
    note += f"command = {python} -m venv {as_folder or folder}\n"
    (folder / "pyvenv.cfg").write_text(note, encoding="utf-8")
    return folder


@pytest.fixture
def complete(monkeypatch):
    """Let every environment have pip that has a Python which runs."""
    call = subprocess.call
    monkeypatch.setattr(subprocess, "call", lambda command, **rest: call([command[0], "-c", ""], **rest))


@pytest.mark.parametrize("by_name", [False, True])
def test_an_environment_that_fits_stays(tmp_path, capsys, complete, by_name):
    folder = made(tmp_path / "my course, 1" / ".venv")
    environment.check(str(folder), by_name)
    assert (folder / "pyvenv.cfg").exists()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("move", [shutil.move, lambda old, new: shutil.copytree(old, new, symlinks=True)])
def test_a_renamed_or_copied_environment_is_made_anew(tmp_path, capsys, complete, move):
    made(tmp_path / "old" / ".venv")
    move(tmp_path / "old", tmp_path / "new")
    environment.check(str(tmp_path / "new" / ".venv"), by_name=False)
    assert not (tmp_path / "new" / ".venv" / "pyvenv.cfg").exists()
    assert f"is made anew: it was made as {tmp_path}/old/.venv." in capsys.readouterr().out


def test_an_environment_whose_python_was_removed_is_made_anew(tmp_path, capsys, complete):
    folder = made(tmp_path / ".venv", python=tmp_path / "gone" / "python3.11")
    environment.check(str(folder), by_name=False)
    assert not (folder / "pyvenv.cfg").exists()
    assert "its Python was removed or replaced" in capsys.readouterr().out


def test_an_environment_that_its_python_does_not_find_is_made_anew(tmp_path, capsys):
    # as after a system's upgrade: the new Python looks for the packages in a folder of its own version
    folder = made(tmp_path / ".venv")
    environment.check(str(folder), by_name=False)
    assert not (folder / "pyvenv.cfg").exists()
    assert "its Python was removed or replaced" in capsys.readouterr().out


def test_another_python_counts_only_when_it_was_named(tmp_path, monkeypatch, capsys, complete):
    folder = made(tmp_path / ".venv")
    monkeypatch.setattr(environment.sys, "executable", "/opt/other/bin/python3")
    environment.check(str(folder), by_name=False)
    assert (folder / "pyvenv.cfg").exists()
    environment.check(str(folder), by_name=True)
    assert not (folder / "pyvenv.cfg").exists()
    assert f"it was made by {REAL}" in capsys.readouterr().out


def test_a_python_that_cannot_work_takes_no_environment_away(tmp_path, monkeypatch, complete):
    folder = made(tmp_path / ".venv")
    monkeypatch.setattr(environment.sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit, match="needs Python"):
        environment.check(str(folder), by_name=True)
    assert (folder / "pyvenv.cfg").exists()


# ---- what a failure is put down to ----

NOT_FOR_THIS_PYTHON = """\
ERROR: Ignored the following versions that require a different python version: 4.1.2 Requires-Python >=3.11.5
ERROR: Could not find a version that satisfies the requirement soupsieve==4.1.2 (from versions: 0.4, 3.0.1)
ERROR: No matching distribution found for soupsieve==4.1.2
"""
NO_WHEEL = """\
ERROR: Could not find a version that satisfies the requirement contourpy==1.3.3 (from versions: 1.4.0)
ERROR: No matching distribution found for contourpy==1.3.3
"""
NO_NETWORK = """\
WARNING: Retrying (Retry(total=0, connect=None, read=None, redirect=None, status=None)) after connection \
broken by 'NewConnectionError': Failed to establish a new connection: [Errno -2] Name or service not known'\
: /simple/numpy/
ERROR: Could not find a version that satisfies the requirement numpy==2.4.6 (from versions: none)
ERROR: No matching distribution found for numpy==2.4.6
"""
NO_COMPILER = "error: subprocess-exited-with-error\n× Building wheel for contourpy did not run.\n"
FULL = "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device\n"


@pytest.mark.parametrize(
    ("output", "says", "network"),
    [
        (NOT_FOR_THIS_PYTHON, r"does not run on Python 3\.15\.0; .* 3\.11 to 3\.14\. .*make PYTHON=", False),
        (NO_WHEEL, r"no such version to Python 3\.15\.0 .* 3\.11 to 3\.14\. .*make PYTHON=", False),
        (NO_NETWORK, "check the network", True),
        (NO_COMPILER, r"could not be built for Python 3\.15\.0; .*make PYTHON=", False),
        (FULL, "the lines above say why", False),
    ],
)
def test_pips_words_tell_a_python_from_the_network(output, says, network):
    hint = environment.hint(output, "requirements.txt", "3.15.0")
    assert re.search(says, hint)
    assert "\n" not in hint
    assert ("network" in hint) == network


def test_what_pip_says_is_shown_before_the_hint(tmp_path, monkeypatch, capfd):
    missing = tmp_path / "requirements.txt"
    missing.write_text("alexnet-course-no-such-package==0\n", encoding="utf-8")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    note = f"version = 3.11.2\ncommand = python3 -m venv {tmp_path}\n"
    (tmp_path / "pyvenv.cfg").write_text(note, encoding="utf-8")
    monkeypatch.setattr(environment, "python_of", lambda folder: sys.executable)
    with pytest.raises(SystemExit, match=r"no such version to Python 3\.11\.2"):
        environment.main(str(tmp_path), [str(missing)])
    assert "No matching distribution found for alexnet-course-no-such-package" in capfd.readouterr().out


PIP = """#!/bin/sh
for i in $(seq 45); do echo "Collecting package-$i==1.0 (from -r requirements.txt)"; done
echo "Installing collected packages: a, b"
exit $FAILS
"""


@pytest.fixture
def pip(tmp_path, monkeypatch):
    """An environment whose pip finds 45 packages, and fails with the number in $FAILS."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(PIP, encoding="utf-8")
    python.chmod(0o755)
    (tmp_path / "pyvenv.cfg").write_text("version = 3.11.2\n", encoding="utf-8")
    (tmp_path / "pins.txt").write_text("".join(f"package-{i}==1.0\n" for i in range(45)), encoding="utf-8")
    monkeypatch.setenv("FAILS", "0")
    return tmp_path


def test_an_installation_says_how_far_it_is(pip, capsys):
    environment.install(str(pip), str(pip / "pins.txt"))
    assert capsys.readouterr().out.splitlines() == [
        "  20 of 45 packages are found",
        "  40 of 45 packages are found",
        "  all are found; they are unpacked ...",
    ]


def test_an_installation_that_fails_shows_what_pip_said(pip, capsys, monkeypatch):
    monkeypatch.setenv("FAILS", "1")
    with pytest.raises(SystemExit, match="the lines above say why"):
        environment.install(str(pip), str(pip / "pins.txt"))
    assert "Collecting package-45==1.0" in capsys.readouterr().out


def test_kernels_of_the_environment_do_not_warn_of_tcp(tmp_path):
    environment.quieten_kernels(str(tmp_path))
    file = tmp_path / "etc" / "ipython" / "ipython_kernel_config.py"
    settings = types.SimpleNamespace(IPKernelApp=types.SimpleNamespace())
    exec(file.read_text(encoding="utf-8"), {"get_config": lambda: settings})
    assert settings.IPKernelApp.log_level == logging.ERROR
    assert file.parent == pathlib.Path(tmp_path, *pathlib.Path(ipython.ENV_CONFIG_DIRS[0]).parts[-2:])
