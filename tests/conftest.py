"""What several test files share: the tile network; the built site on a loopback port, and one Chromium.

A missing site or browser is a failure that says what to do.
"""

import os
import shutil
import threading

import hypothesis
import numpy as np
import pytest
from helpers import SITE

from alexnet_course.data import tile
from alexnet_course.layers import Conv2D, Dense, Flatten, MaxPooling2D, ReLU
from alexnet_course.network import Sequential

# A busy machine takes longer over an example than it did before; that is no fault of the code under test.
hypothesis.settings.register_profile("course", deadline=None)
hypothesis.settings.load_profile("course")

# No background traffic of the browser's own: whatever it asks for, a page asked for.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def pytest_collection_modifyitems(items):
    """Allow one retry, which is told at the end, to the tests that share their machine with a browser."""
    for item in items:
        if item.get_closest_marker("browser") or item.get_closest_marker("lite"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def pytest_terminal_summary(terminalreporter):
    """List what passed at the second try only: each is a fault of its test, to be mended."""
    tries, failures = (
        {report.nodeid for name in names for report in terminalreporter.stats.get(name, [])}
        for names in (["rerun"], ["failed", "error"])
    )
    names = sorted(tries - failures)
    if names:
        terminalreporter.section("flaky: these needed a second try, mend them", yellow=True)
        for name in names:
            terminalreporter.line(name)


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
    from playwright.sync_api import sync_playwright

    path = find_chromium()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def serve():
    """Return a function that serves a folder on loopback and gives its address, ending in a slash."""
    import serve as server_tool

    servers = []

    def start(folder):
        server = server_tool.make_server(folder)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def site(serve):
    """Address of the built site, ending in a slash."""
    if not (SITE / "index.html").is_file():
        pytest.fail("The site is not built: run `make book` before `make test-book`.", pytrace=False)
    return serve(SITE)


@pytest.fixture
def tile_network():
    """The network of the tile: 97 parameters."""
    network = Sequential(
        {
            "conv": Conv2D(1, 3, 3, dtype=np.float64),
            "relu1": ReLU(),
            "pool": MaxPooling2D(3, 2),
            "flatten": Flatten(),
            "hidden": Dense(12, 4, dtype=np.float64),
            "relu2": ReLU(),
            "output": Dense(4, 3, dtype=np.float64),
        },
        input_shape=(7, 7, 1),
    )
    network["conv"].weight, network["conv"].bias = tile.KERNELS, tile.BIASES
    network["hidden"].weight, network["hidden"].bias = tile.HIDDEN_WEIGHT, tile.HIDDEN_BIAS
    network["output"].weight, network["output"].bias = tile.OUTPUT_WEIGHT, tile.OUTPUT_BIAS
    return network
