"""The built site in Firefox: `make book`, then `make test-firefox`.

One Firefox visits every page once, driven over WebDriver BiDi by firefox.mjs with npm's puppeteer-core; each
page's test then reads what it found.
"""

import json
import os
import pathlib
import shutil
import subprocess

import pytest
from helpers import EVERY_PAGE, PAGES

pytestmark = pytest.mark.firefox

SCRIPT = pathlib.Path(__file__).with_name("firefox.mjs")


def find(what, names, cure):
    """Return the path of the first of these programs."""
    found = next((path for path in map(shutil.which, filter(None, names)) if path), None)
    if found is None:
        pytest.fail(f"No {what} found. {cure}", pytrace=False)
    return found


@pytest.fixture(scope="module")
def found(site):
    """Return what is wrong in Firefox, by page."""
    firefox = find(
        "Firefox",
        (os.environ.get("ALEXNET_FIREFOX"), "firefox-esr", "firefox"),
        "On Debian: sudo apt install firefox-esr. One elsewhere: ALEXNET_FIREFOX=/path/to/firefox.",
    )
    node = find("Node", ("node",), "On Debian: sudo apt install npm.")
    command = [node, SCRIPT, firefox, site, *PAGES, "search.html"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"firefox.mjs ends with {done.returncode}:\n{done.stdout}{done.stderr}", pytrace=False)
    return {visit["page"]: visit["problems"] for visit in map(json.loads, done.stdout.splitlines())}


@EVERY_PAGE
def test_a_page_works_in_firefox(found, page):
    assert found[page] == []
