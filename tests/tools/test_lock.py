"""The pins: every Python that pyproject.toml promises takes them, and they are all that it needs."""

import importlib.metadata
import re
import tomllib

import lock
import pytest
import yaml
from helpers import ROOT
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pins(file):
    """Return {name: version} of a requirements file."""
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if "==" in line)


def refused(pinned, metadata):
    """Return what is wrong with pins: a promised Python that a package does not take, or another version."""
    found = []
    for name, version in pinned.items():
        package = metadata(name)
        if package["Version"] != version:
            found.append(f"{name} {package['Version']} is installed, not {version}: call make .venv/.ready")
        takes = SpecifierSet(package.get("Requires-Python") or "")
        found += [
            f"{name} {version} does not take {python}" for python in lock.pythons() if python not in takes
        ]
    return found


def test_every_promised_python_takes_every_pin():
    assert refused(pins("requirements.txt"), importlib.metadata.metadata) == []


@pytest.mark.parity
def test_every_promised_python_takes_the_pins_of_the_parity_tests():
    def metadata(name):
        package = importlib.metadata.metadata(name)
        version = package["Version"].partition("+")[0]  # the wheel for processors alone says 2.13.0+cpu
        return {"Version": version, "Requires-Python": package.get("Requires-Python")}

    assert refused(pins("requirements-parity.txt"), metadata) == []


@pytest.mark.parametrize(
    ("takes", "problems"),
    [
        (">=3.11.5", ["soupsieve 4.1.2 does not take 3.11.0"]),
        (">=3.11,<3.14", ["soupsieve 4.1.2 does not take 3.14.0"]),
        (">=3.8", []),
        (None, []),
    ],
)
def test_a_pin_that_is_narrower_than_the_promise_is_found(takes, problems):
    package = {"Version": "4.1.2", "Requires-Python": takes}
    assert refused({"soupsieve": "4.1.2"}, lambda name: package) == problems


def test_the_pins_are_all_that_a_promised_python_needs():
    pinned = pins("requirements.txt")
    packages = {canonicalize_name(name): importlib.metadata.requires(name) or [] for name in pinned}
    needed = set().union(*(lock.needed(lock.wanted(), packages, python) for python in lock.pythons()))
    assert needed - set(packages) == set()
    assert set(packages) - needed == set(), "pinned, and needed by nothing"


def test_the_versions_of_python_stand_once_and_every_text_says_them():
    minors = [f"3.{minor}" for minor in lock.environment.promised()]
    assert PROJECT["requires-python"] == f">={minors[0]}"
    workflow = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["tests"]["strategy"]["matrix"]["python"] == minors
    wanted = f"Python {minors[0]} to {minors[-1]}"
    for name in ("README.md", "book/intro.md", "book/running.md", "requirements.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert set(re.findall(r"Python 3\.\d+ (?:to 3\.\d+|or newer)", text)) == {wanted}, name
