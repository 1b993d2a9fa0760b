"""The built site in Firefox: `make book`, then `make test-firefox`.

One Firefox visits every page once, driven over WebDriver BiDi by firefox.mjs with npm's puppeteer-core; each
page's test then reads what it found.
"""

import json
import pathlib
import subprocess

import pytest
from helpers import EVERY_PAGE, PAGES

pytestmark = pytest.mark.firefox

SCRIPT = pathlib.Path(__file__).with_name("firefox.mjs")


@pytest.fixture(scope="module")
def found(site, firefox_command):
    """Return what is wrong in Firefox, by page."""
    command = [*firefox_command(SCRIPT), site, *PAGES, "search.html"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"firefox.mjs ends with {done.returncode}:\n{done.stdout}{done.stderr}", pytrace=False)
    return {visit["page"]: visit["problems"] for visit in map(json.loads, done.stdout.splitlines())}


@EVERY_PAGE
def test_a_page_works_in_firefox(found, page):
    assert found[page] == []
