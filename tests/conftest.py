"""What several rooms share: the tile network, and the built site on a loopback port."""

import threading

import hypothesis
import numpy as np
import pytest
import serve as server_tool
from helpers import SITE

from alexnet_course.data import tile
from alexnet_course.layers import Conv2D, Dense, Flatten, MaxPooling2D, ReLU
from alexnet_course.network import Sequential

# A busy machine takes longer over an example than it did before; that is no fault of the code under test.
hypothesis.settings.register_profile("course", deadline=None)
hypothesis.settings.load_profile("course")


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


@pytest.fixture(scope="session")
def serve():
    """Return a function that serves a folder on loopback and gives its address, ending in a slash."""
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
