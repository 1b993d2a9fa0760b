"""Write requirements.txt: every package of the course pinned, from the names in pyproject.toml.

Run by `make lock`. Resolves on the oldest Python that the course supports, so that each version also exists
for the newer ones; writes `name==version` lines and, last, `-e .`.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parent.parent
OUR_NAME = "alexnet-course"
HEAD = """\
# The whole course environment, pinned. Written by `make lock` from pyproject.toml: do not edit by hand.
# Installs on Python 3.11, 3.12 and 3.13.
"""


def resolve():
    """Ask pip which versions it would install for all extras; return sorted `name==version` lines."""
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        # --ignore-installed: the answer must not depend on what this environment already holds
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed"]
        subprocess.run([*command, "--report", report, ".[book,test,lab,lite]"], cwd=ROOT, check=True)
        found = json.loads(report.read_text(encoding="utf-8"))["install"]
    packages = [entry["metadata"] for entry in found]
    pinned = {package["name"].lower().replace("_", "-"): package["version"] for package in packages}
    del pinned[OUR_NAME]
    return [f"{name}=={version}" for name, version in sorted(pinned.items())]


def main():
    """Write the file and say how many packages it pins."""
    lines = resolve()
    text = HEAD + "\n".join(lines) + "\n-e .\n"
    (ROOT / "requirements.txt").write_text(text, encoding="utf-8")
    print(f"requirements.txt: {len(lines)} packages")


if __name__ == "__main__":
    main()
