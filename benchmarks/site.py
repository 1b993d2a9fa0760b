"""Lighthouse's scores and the explorers' latency on the built site: make bench-book.

Needs `make book`, Chromium and Node: Lighthouse comes from npm into _build/lighthouse. Reported, never
asserted: a busy machine scores lower.
"""

import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "tools"))
import serve

ROOT = pathlib.Path(__file__).parent.parent
SITE, TOOLS = ROOT / "_build" / "html", ROOT / "_build" / "lighthouse"
LIGHTHOUSE = "lighthouse@12.8.2"
PAGES = ("index.html", "notebooks/02_convolution.html", "notebooks/06_pooling.html")
# Without the third flag, and without a graphics card, the first frame of a traced page was seen 2.2 s after
# the start, with it 0.35 s after (one run each; why is unknown). Lighthouse counts it as the page's own time.
FLAGS = (
    "--headless=new --no-sandbox --run-all-compositor-stages-before-draw --disable-gpu "
    "--disable-background-networking "
    "--disable-component-update --disable-sync --no-first-run"
)
#: Where an explorer is measured: page, selector of the explorer, and what it is.
EXPLORERS = (
    ("index.html", 'figure[data-explorer="convolution"]', "64 x 64 pixels"),
    ("notebooks/01_images.html", "figure[data-explorer]", "the first of chapter 1"),
    ("notebooks/06_pooling.html", "figure[data-explorer]", "the first of chapter 6"),
)


def start():
    """Serve the site, as hosts do, and return its address."""
    server = serve.make_server(SITE)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}/"


def lighthouse(address, chromium):
    """Return Lighthouse's four scores (0 to 100) for one page on its slow mobile device."""
    program = TOOLS / "node_modules" / ".bin" / "lighthouse"
    if not program.exists():
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--prefix", str(TOOLS), LIGHTHOUSE], check=True
        )
    command = [str(program), address, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    result = subprocess.run(
        command, env=os.environ | {"CHROME_PATH": chromium}, stdout=subprocess.PIPE, text=True, check=True
    )
    report = json.loads(result.stdout)
    low = {
        name: audit.get("displayValue", "")
        for name, audit in report["audits"].items()
        if audit.get("score") is not None and audit["score"] < 0.9
    }
    return {name: round(100 * part["score"]) for name, part in report["categories"].items()}, low


def latency(browser, address, selector, presses=21):
    """Return the milliseconds until an explorer can be used, and the median from a step to its painting."""
    page = browser.new_page()
    # As if the reader did something at once: then explorers further down come, too.
    begin = "addEventListener('DOMContentLoaded', () => dispatchEvent(new Event('scroll')))"
    page.add_init_script(begin)
    page.goto(address, wait_until="commit")
    control = page.locator(f"{selector} input[type=range]:not(:disabled)").first
    control.wait_for(state="attached")
    ready = page.evaluate("performance.now()")
    page.locator(f"{selector} details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
    control.scroll_into_view_if_needed()
    control.focus()
    times = page.evaluate(
        """async ([selector, presses]) => {
          const control = document.querySelector(`${selector} input[type=range]:not(:disabled)`);
          const painted = () => new Promise((done) =>
            requestAnimationFrame(() => setTimeout(done, 0)));
          const times = [];
          for (let press = 0; press < presses; press += 1) {
            await painted();
            const [low, high] = [Number(control.min), Number(control.max)];
            control.value = Number(control.value) < high ? Number(control.value) + 1 : low;
            const start = performance.now();
            control.dispatchEvent(new Event("input", { bubbles: true }));
            control.dispatchEvent(new Event("change", { bubbles: true }));
            await painted();
            times.push(performance.now() - start);
          }
          return times;
        }""",
        [selector, presses],
    )
    page.close()
    return ready, statistics.median(times)


def main():
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("ALEXNET_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None or shutil.which("npm") is None:
        sys.exit("This needs Chromium and Node (npm) on the PATH.")
    if not (SITE / "index.html").is_file():
        sys.exit("The site is not built yet. Run this first: make book")
    home = start()
    for page in PAGES:
        scores, low = lighthouse(home + page, chromium)
        print(f"{page}: " + ", ".join(f"{name} {score}" for name, score in scores.items()))
        for name, value in low.items():
            print(f"    {name} {value}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS.split()[1:])
        for page, selector, what in EXPLORERS:
            ready, answer = latency(browser, home + page, selector)
            print(f"{page} ({what}): usable after {ready:.0f} ms, an answer painted in {answer:.0f} ms")
        browser.close()


if __name__ == "__main__":
    main()
