"""What holds for the repository as a whole: its pins, its formulas, its imports, its table of contents."""

import gzip
import json
import re
import subprocess
import sys
import tomllib

import pytest
import yaml
from course_chapters import source_of
from helpers import ROOT, TOC
from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION
from lock import ELSEWHERE

PIN = re.compile(r"[a-z0-9][a-z0-9.-]*==[0-9][\w.+!]*")
HOMES = re.compile(r"(?<![\w.:/~$}()|-])/(?:home|root|Users|tmp|work)/[\w.-]+")
SHARED = ("import test_", "from test_", "import conftest", "from conftest")  # that is what helpers.py is for
TIMES = ("wait_for_timeout", "sleep", "networkidle")
ALLOWED = (
    "tests/test_project.py: ",
    "tests/book/test_false_statements.py: mark.browser",
)  # it needs the built site
TEXT = re.compile(r"\.(py|md|toml|ya?ml|txt|js|css|svg|html|ipynb|json|cff|bib)|")


def tracked():
    """Return the repository's files; those on the disk where there is no git (an unpacked archive)."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]
    return [
        path
        for path in ROOT.rglob("*")
        if path.is_file() and not {".venv", "_build", "__pycache__"} & set(path.relative_to(ROOT).parts)
    ]


# ---- requirements.txt ----


def pin_problems(text):
    """Return the lines of a requirements file that are neither a pin, a comment nor the closing `-e .`."""
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    found = [line for line in lines[:-1] if not PIN.fullmatch(line)]
    return found if lines[-1] == "-e ." else [*found, f"the last line is {lines[-1]}"]


def test_every_package_is_pinned_and_no_address_is_named():
    assert pin_problems((ROOT / "requirements.txt").read_text(encoding="utf-8")) == []


def test_parity_packages_are_pinned_too():
    path = ROOT / "requirements-parity.txt"
    if path.exists():
        assert pin_problems(path.read_text(encoding="utf-8") + "\n-e .") == []


@pytest.mark.parametrize(
    "line",
    ["numpy>=2", "numpy", "--index-url https://example.org/simple", "numpy @ file:///n.whl", "numpy==2; x"],
)
def test_anything_else_in_the_pins_is_found(line):
    assert pin_problems(f"# pins\n{line}\nscipy==1.17.1\n-e .\n") == [line]


def test_the_course_itself_comes_last():
    assert pin_problems("-e .\nscipy==1.17.1\n") == ["-e .", "the last line is scipy==1.17.1"]


def test_requirements_hold_every_package_of_pyproject():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    read_weights = [name for extra in ELSEWHERE for name in extras.pop(extra)]
    others = sum(extras.values(), project["dependencies"])
    for file, wanted in [("requirements-parity.txt", read_weights), ("requirements.txt", others)]:
        pins = (ROOT / file).read_text(encoding="utf-8").lower()
        names = [re.match(r"[\w.-]+", name)[0].lower() for name in wanted]
        assert [name for name in names if f"\n{name}==" not in pins] == [], file


def test_binder_takes_the_pins_and_the_python_that_the_tests_take():
    # repo2docker would prefer any of these to requirements.txt
    others = ("binder", ".binder", "environment.yml", "Pipfile", "Dockerfile", "setup.py", "postBuild")
    assert [name for name in others if (ROOT / name).exists()] == []
    version = re.fullmatch(r"python-(3\.\d+)\n", (ROOT / "runtime.txt").read_text(encoding="utf-8"))[1]
    workflow = yaml.safe_load((ROOT / ".github/workflows/tests.yml").read_text(encoding="utf-8"))
    assert version in workflow["jobs"]["tests"]["strategy"]["matrix"]["python"]


def test_the_publishing_workflow_hands_over_the_addresses_that_the_book_reads():
    workflow = (ROOT / ".github/workflows/publish.yml").read_text(encoding="utf-8")
    source = (ROOT / "book/_ext/course_links.py").read_text(encoding="utf-8")
    read = set(re.findall(r'value\(\s*"(COURSE_\w+)"', source))
    assert len(read) == 4
    assert read == set(re.findall(r"COURSE_\w+", workflow))


def test_the_page_for_hosts_shows_the_policies_that_are_sent():
    headers = (ROOT / "book/_headers").read_text(encoding="utf-8")
    sent = re.findall(r"^(/\S*)\n  Content-Security-Policy: (.*)", headers, flags=re.M)
    page = (ROOT / "book/hosting.md").read_text(encoding="utf-8")
    shown = re.findall(r"```text\n(default-src.*?)\n```", page, flags=re.S)
    book, notebooks = (" ".join(policy.split()) for policy in shown)
    assert {place: policy for place, policy in sent if place != "/lite/*" and policy != book} == {}
    assert [policy for place, policy in sent if place == "/lite/*"] == [notebooks]


def test_the_page_for_hosts_names_the_pyodide_that_the_kernel_needs():
    page = (ROOT / "book/hosting.md").read_text(encoding="utf-8")
    assert set(re.findall(r"pyodide-([\d.]+)\.tar\.bz2", page)) == {PYODIDE_VERSION}


def test_the_editor_ships_with_its_licence_and_what_it_was_built_from():
    tool, asset = ROOT / "tools/editor", ROOT / "book/assets/codemirror"
    packages = json.loads((tool / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    built = {name: one for name, one in packages.items() if name and "esbuild" not in name}
    licence = (asset / "LICENSE.md").read_text(encoding="utf-8")
    assert {one["license"] for one in built.values()} == {"MIT"}
    assert [name for name, one in built.items() if f"{name[13:]} {one['version']}," not in licence] == []
    size = len(gzip.compress((asset / "codemirror.js").read_bytes()))
    assert f"{round(size / 1e3)} kB (compressed)" in licence


# ---- the book ----


def test_every_page_of_the_contents_exists_once():
    missing = [f"_toc.yml lists {name}: no {name}.md or .ipynb" for name in TOC if source_of(name) is None]
    assert missing == []
    assert len(TOC) == len(set(TOC))


# ---- tests and source ----


def test_tests_have_rooms_and_wait_for_conditions():
    found = []
    for path in sorted((ROOT / "tests").rglob("*.py")):
        name, text = path.relative_to(ROOT), path.read_text(encoding="utf-8")
        words = [*SHARED, *(TIMES if "browser" in name.parts else ["mark.browser"])]
        found += [f"{name}: {word}" for word in words if re.search(rf"^[^#\n]*\b{word}", text, re.MULTILINE)]
        if (lines := len(text.splitlines())) > 400:
            found.append(f"{name}: {lines} lines")
    assert [line for line in found if not line.startswith(ALLOWED)] == []


@pytest.mark.first_version("C19", "C30")
@pytest.mark.parametrize(
    ("source", "rule"),
    [("import os\n", "F401"), ("class custom_Layer:\n    pass\n", "N801"), ("print(1)\n", "T201")],
)
def test_the_linter_looks_for_it(source, rule):
    command = [sys.executable, "-m", "ruff", "check", "--output-format=concise"]
    options = [f"--config={ROOT / 'pyproject.toml'}", "--stdin-filename=src/alexnet_course/new.py", "-"]
    done = subprocess.run(
        command + options, input=source, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert rule in done.stdout


def test_a_clone_has_the_line_ends_and_the_bytes_of_the_repository():
    if not (ROOT / ".git").exists():
        pytest.skip("an unpacked archive has no attributes")
    names = [str(path.relative_to(ROOT)) for path in tracked()]
    ends = subprocess.run(["git", "ls-files", "--eol", "-z"], cwd=ROOT, capture_output=True, check=True)
    lines = [line for line in ends.stdout.decode().split("\0") if line]
    assert len(lines) >= len(names) > 0
    # text: LF in the repository and in every clone; anything else is named as binary, not guessed
    rule = re.compile(r"i/(?:(?:lf|none) .*attr/text=auto eol=lf|-text .*attr/-text) *\t.*", flags=re.S)
    assert [line for line in lines if not rule.fullmatch(line)] == []


def test_no_file_names_a_folder_of_somebodys_machine():
    found = []
    for path in tracked():
        if not TEXT.fullmatch(path.suffix) or path.stat().st_size > 2_000_000 or "axe" in path.parts:
            continue
        for match in HOMES.finditer(path.read_text(encoding="utf-8", errors="ignore")):
            found.append(f"{path.relative_to(ROOT)}: {match[0]}")
    assert found == []


def test_a_folder_of_a_machine_is_found():
    folder = "/".join(["", "home", "ann", "cat.png"])
    assert HOMES.search(f"open('{folder}')")
    assert not HOMES.search(f"https://example.org{folder} and book{folder}")
