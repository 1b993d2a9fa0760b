"""What the browser tests share: one Chromium, and pages of the built site in windows of their own.

A missing browser is a failure that says what to do. `in_chromium` and `in_firefox` run the same code in each.
"""

import json
import os
import pathlib
import shutil
import subprocess

import pytest
from helpers import PAGES, PATIENCE, PHONE, Visit
from playwright.sync_api import expect, sync_playwright

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
FIREFOX_PAGE = pathlib.Path(__file__).with_name("firefox_page.mjs")
#: The first is Chromium without its windows, in which a page opens for a fifth of the work.
CHROMIUM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)


def find_chromium():
    """Return the path of a Chromium: the one that ALEXNET_CHROMIUM names, or the first on the PATH."""
    named = os.environ.get("ALEXNET_CHROMIUM")
    candidates = [named] if named else CHROMIUM_NAMES
    found = next((path for path in map(shutil.which, candidates) if path), None)
    if found is None:
        pytest.fail(
            (f"ALEXNET_CHROMIUM is {named!r}, which is no program. " if named else "No Chromium found. ")
            + "Install one (on Debian: sudo apt install chromium-headless-shell; elsewhere chromium) "
            "or name one: ALEXNET_CHROMIUM=/path/to/chrome make test-book",
            pytrace=False,
        )
    return found


@pytest.fixture(scope="session")
def browser():
    """One headless Chromium for the whole run."""
    path = find_chromium()
    expect.set_options(timeout=1000 * PATIENCE)
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
    visit = Visit(browser, site + request.param, viewport=PHONE, color_scheme="light", idle=True)
    yield visit
    visit.context.close()


# ---- the same code in both browsers


def find(what, names, cure):
    """Return the path of the first of these programs."""
    found = next((path for path in map(shutil.which, filter(None, names)) if path), None)
    if found is None:
        pytest.fail(f"No {what} found. {cure}", pytrace=False)
    return found


@pytest.fixture(scope="session")
def firefox_command():
    """Return a function that gives the command which runs a script of this folder with Node and Firefox."""

    def command(script):
        firefox = find(
            "Firefox",
            (os.environ.get("ALEXNET_FIREFOX"), "firefox-esr", "firefox"),
            "On Debian: sudo apt install firefox-esr. One elsewhere: ALEXNET_FIREFOX=/path/to/firefox.",
        )
        return [find("Node", ("node",), "On Debian: sudo apt install npm."), script, firefox]

    return command


@pytest.fixture(scope="module")
def in_firefox(firefox_command):
    """Return a function that runs code on a page in Firefox: an address, a function as text, its argument."""
    process = subprocess.Popen(
        firefox_command(FIREFOX_PAGE), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def run(address, code, argument=None):
        process.stdin.write(json.dumps({"address": address, "code": code, "argument": argument}) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline())
        assert "error" not in answer, answer["error"]
        return answer["value"]

    yield run
    process.stdin.close()
    process.wait(60)


@pytest.fixture
def in_chromium(browser):
    """Return a function that does the same in Chromium."""
    context = browser.new_context()
    page = context.new_page()

    def run(address, code, argument=None):
        page.goto(address)
        return page.evaluate(code, argument)

    yield run
    context.close()


@pytest.fixture(
    params=[
        pytest.param("in_chromium", marks=pytest.mark.browser),
        pytest.param("in_firefox", marks=pytest.mark.firefox),
    ]
)
def in_browser(request):
    """Run code on a page in Chromium, and in Firefox."""
    return request.getfixturevalue(request.param)
