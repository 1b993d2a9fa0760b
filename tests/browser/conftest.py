"""What the browser tests share: one Chromium, and pages of the built site in windows of their own.

A missing browser is a failure that says what to do.
"""

import os
import shutil

import pytest
from helpers import PAGES, PHONE, Visit
from playwright.sync_api import sync_playwright

# No background traffic of the browser's own, and no other host has an address: what it asks for, a page does.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_chromium():
    """Return the path of a Chromium: the one that ALEXNET_CHROMIUM names, or the first on the PATH."""
    named = os.environ.get("ALEXNET_CHROMIUM")
    candidates = [named] if named else CHROMIUM_NAMES
    found = next((path for path in map(shutil.which, candidates) if path), None)
    if found is None:
        pytest.fail(
            (f"ALEXNET_CHROMIUM is {named!r}, which is no program. " if named else "No Chromium found. ")
            + "Install one (on Debian and Ubuntu: sudo apt install chromium) "
            "or name one: ALEXNET_CHROMIUM=/path/to/chrome make test-book",
            pytrace=False,
        )
    return found


@pytest.fixture(scope="session")
def browser():
    """One headless Chromium for the whole run."""
    path = find_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, site):
    """Return a function that opens a page of the site."""
    visits = []

    def start(page, **options):
        visits.append(Visit(browser, site + page, **options))
        return visits[-1]

    yield start
    for opened in visits:
        opened.context.close()


@pytest.fixture(scope="module", params=[*PAGES, "search.html"])
def seen(request, browser, site):
    """A page, loaded once at a phone's width for all tests that ask for it, in the order of their file."""
    visit = Visit(browser, site + request.param, viewport=PHONE, color_scheme="light")
    yield visit
    visit.context.close()
