"""What tests of several rooms use: where things lie, the table of contents, a page in a browser."""

import functools
import pathlib
import re
import time
import tomllib
from urllib.parse import urljoin

import bs4
import markdown_it
import pytest
from course_chapters import documents, source_of

ROOT = pathlib.Path(__file__).parent.parent
SITE = ROOT / "_build" / "html"
ASSETS = ROOT / "tests" / "assets"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}
LAPTOP = {"width": 1280, "height": 720}
HEADER = 48  # pixels at the upper edge of the screen that the site's header takes
PATIENCE = 120  # seconds that a busy machine may take over one step; where all is well nothing takes so long
AXE = (ASSETS / "axe" / "axe.min.js").read_text(encoding="utf-8")
#: Options of axe.run: a theme changes colours alone, so the rest is looked at in one of them.
AXE_IN = {
    "light": {"resultTypes": ["violations"]},
    "dark": {"resultTypes": ["violations"], "runOnly": ["color-contrast"]},
}
FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)

# What the first version got wrong; a test names what it guards: @pytest.mark.first_version("T01").
FIRST_VERSION = tomllib.loads((ROOT / "tests" / "first_version.toml").read_text(encoding="utf-8"))["error"]
TOC = documents()
#: The files of the pages; one that is missing is told by a test of its own (test_project.py).
SOURCES = [path for document in TOC if (path := source_of(document))]
#: The pages that browsers open; one module stands for the library's, which all come from docstrings.
PAGES = [f"{name}.html" for name in TOC if not name.startswith("book/api/") or name == "book/api/convolution"]
EVERY_PAGE = pytest.mark.parametrize("page", [*PAGES, "search.html"])
EVERY_CHAPTER = pytest.mark.parametrize("page", PAGES)

#: A quiz in which nothing is wrong.
GOOD_QUIZ = """
[[questions]]
text = "What is $k^2$ for `k = 3`?"
recalls = "01_images"
[[questions.options]]
text = "nine"
reason = "Three times three is $3^2$."
right = true
[[questions.options]]
text = "six"
reason = "That is *twice* three."
[[questions.options]]
text = "three"
reason = "That is k itself."
[[questions.options]]
text = "one < two"
reason = "That is no number."
"""


@functools.cache
def soup(file):
    """Return a built page, parsed; who changes it takes a copy."""
    return bs4.BeautifulSoup(file.read_text(encoding="utf-8"), "html.parser")


def headings(source):
    """Return the levels of the headings of a Markdown text, 1 for `#`."""
    tokens = markdown_it.MarkdownIt().parse(FRONT_MATTER.sub("", source))
    return [int(token.tag[1]) for token in tokens if token.type == "heading_open"]


def known_numbers(entries, name):
    """Return (value, expression) of every number of a data file that the package computes."""
    return [
        pytest.param(value, expression[0], id=f"{entry[name]}: {number}")
        for entry in entries
        for number, (value, *expression) in entry.get("numbers", {}).items()
        if expression
    ]


def settle(page):
    """Wait until a page has drawn what was done to it, and nothing fades or moves any more."""
    page.evaluate(
        """async () => {
            const frame = () => new Promise(requestAnimationFrame);
            await frame();
            await frame();
            const ends = (animation) => animation.effect.getComputedTiming().endTime !== Infinity;
            const moving = document.getAnimations().filter(ends);
            const all = Promise.allSettled(moving.map(({ finished }) => finished));
            // An animation that nobody sees may be stopped, and then it never ends.
            await Promise.race([all, new Promise((done) => setTimeout(done, 10_000))]);
        }"""
    )


#: Whether a page has its letters and its explorers, or the pictures of those that failed.
READY = """() => document.fonts.status === "loaded"
    && [...document.querySelectorAll("figure[data-explorer]")].every(
        (figure) => figure.matches(".still") || figure.querySelector(".explorer .sentence:not(:empty)"))"""


class Visit:
    """One page in a browser window of its own, what it asked for, and what went wrong on it."""

    def __init__(self, browser, address, before="", slowness=1, idle=False, touch=True, **options):
        self.home = urljoin(address, "/")
        self.errors, self.outside, self.answers = [], [], set()
        self.context = browser.new_context(**({"viewport": DESK} | options))
        self.context.set_default_timeout(1000 * PATIENCE)
        if before:
            self.context.add_init_script(before)
        self.page = self.context.new_page()
        if slowness > 1:
            self.context.new_cdp_session(self.page).send("Emulation.setCPUThrottlingRate", {"rate": slowness})
        self.page.on("pageerror", lambda error: self.errors.append(f"page error: {error}"))
        self.page.on("console", self.listen)
        self.page.on("request", self.watch)
        self.page.on("response", self.note)
        self.scripts = options.get("java_script_enabled", True)
        self.page.goto(address)
        self.page.wait_for_load_state("networkidle" if idle else "load")
        self.first = set(self.answers)  # what came before the reader did anything
        if not touch:
            return
        self.wait()

    def wait(self):
        """Wait until the page is drawn with all that belongs to it."""
        if self.scripts:
            self.page.evaluate("dispatchEvent(new Event('scroll'))")  # whereupon all explorers come
            self.page.wait_for_function(READY)
            settle(self.page)

    def listen(self, message):
        """Keep what the console calls an error."""
        if message.type == "error":
            self.errors.append(f"console: {message.text}")

    def watch(self, request):
        """Note what the page asks of others than the site itself."""
        if not request.url.startswith((self.home, "data:", "blob:")):
            self.outside.append(request.url)

    def note(self, response):
        """Note which files came and which did not."""
        if response.status >= 400:
            self.errors.append(f"{response.status}: {response.url}")
        elif response.url.startswith(self.home):
            self.answers.add(response.url.removeprefix(self.home).split("?")[0])


def until(what, ready, page=None):
    """Call `ready` until it gives something true, and return that; meanwhile an open page goes on."""
    ends = time.monotonic() + PATIENCE
    while not (found := ready()):
        assert time.monotonic() < ends, f"waited {PATIENCE} s for {what}"
        if page:
            page.wait_for_timeout(100)  # a sleep would stop the answers to its requests
        else:
            time.sleep(0.1)
    return found
