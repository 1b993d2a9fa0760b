"""What the browser tests share: one page of the built site in a window of its own."""

import functools
import gzip
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from helpers import SITE

DESK = {"width": 1280, "height": 900}
PACKED = (".woff2", ".webp", ".png", ".jpg")  # no web server compresses these again
REFUSE_STORAGE = """
const get = () => { throw new DOMException("Access is denied for this document.", "SecurityError"); };
for (const name of ["localStorage", "sessionStorage"]) {
    Object.defineProperty(window, name, { get, configurable: true });
}"""


class Visit:
    """One page in a browser window of its own, and what went wrong while it loaded."""

    def __init__(self, browser, address, refuse_storage=False, **options):
        self.errors, self.outside, self.bytes = [], [], {}
        self.context = browser.new_context(**({"viewport": DESK} | options))
        self.context.route("**/*", functools.partial(self.guard, urljoin(address, "/")))
        self.context.set_default_timeout(30_000)
        if refuse_storage:  # as a browser does whose owner blocks the data of sites
            self.context.add_init_script(REFUSE_STORAGE)
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        self.page.on("console", self.listen)
        self.page.on("response", self.weigh)
        self.page.goto(address, wait_until="networkidle")

    def guard(self, home, route):
        """Let through only what the site itself serves."""
        if route.request.url.startswith((home, "data:", "blob:")):
            route.continue_()
        else:
            self.outside.append(route.request.url)
            route.abort()

    def listen(self, message):
        """Keep what the console calls an error."""
        if message.type == "error":
            self.errors.append(f"console: {message.text}")

    def weigh(self, response):
        """Note what a response weighs when a web server compresses it."""
        if response.status >= 400:
            self.errors.append(f"{response.status}: {response.url}")
        elif not response.url.startswith(("data:", "blob:")):
            path = urlsplit(response.url).path
            body = (SITE / unquote(path).lstrip("/")).read_bytes()
            self.bytes[path] = len(body) if path.endswith(PACKED) else len(gzip.compress(body, 9))

    def close(self):
        """Close the window."""
        self.context.close()


@pytest.fixture
def visit(browser, site):
    """Return a function that opens a page of the site."""
    visits = []

    def start(page, **options):
        visits.append(Visit(browser, site + page, **options))
        return visits[-1]

    yield start
    for opened in visits:
        opened.close()
