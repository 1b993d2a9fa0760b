"""A page with explorers and without the book, and the hands and eyes of the tests that use one."""

import base64
import html
import json
import re

import yaml
from helpers import ROOT, settle

from alexnet_course.explorers.kit import files
from alexnet_course.explorers.kit.base import FOLDER, inline

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
#: The folders and files that the book puts together as _static.
STATIC = [ROOT / name for name in CONFIG["sphinx"]["config"]["html_static_path"]]
PAGE = """<!doctype html><html lang="en" data-theme="light">
<head><meta charset="utf-8"><title>Explorers</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
{sheets}<script type="module" src="/_static/mount.js"></script>
<style>
@font-face {{
  font-family: "Course Sans"; font-weight: 200 900;
  src: url("/_static/fonts/course-sans-wght-normal.woff2");
}}
body {{ margin: 0 auto; max-width: 44rem; padding: 0 16px; font-family: "Course Sans", sans-serif }}
@media (min-width: 1200px) {{ body {{ max-width: 58rem }} }} /* as in site.css */
html {{ background: var(--paper); color: var(--ink) }}</style>
</head><body><main><h1>Explorers</h1>{figures}</main></body></html>"""


def page(*explorers):
    """Return a page with the figures of these explorers."""
    names = ["palette", "kit/explorer", *dict.fromkeys(explorer._module for explorer in explorers)]
    return PAGE.format(
        sheets="".join(f'<link rel="stylesheet" href="/_static/{name}.css">' for name in names),
        figures="".join(explorer._figure() for explorer in explorers),
    )


def figure(explorer):
    """Return the explorer's HTML figure: state, alternative text, SVG and caption."""
    found = re.fullmatch(
        r'<figure class="explorer-figure" aria-label="[^"]+" data-explorer="([a-z_]+)" data-try="[^"]+" '
        r'data-state="([^"]*)">'
        r'<img class="static" width="\d+" height="\d+" alt="([^"]+)" '
        r'src="data:image/svg\+xml;base64,([^"]+)">'
        r"<figcaption>([^<]+)</figcaption></figure>",
        explorer._repr_mimebundle_()[0]["text/html"],
    )
    module, state, alt, svg, caption = found.groups()
    return (
        module,
        json.loads(html.unescape(state)),
        alt,
        base64.b64decode(svg).decode(),
        html.unescape(caption),
    )


def write(folder, pages):
    """Write `pages` (name to HTML) and the explorers' files into a folder, ready to be served.

    As on the site, a module has inside what it imports; not every browser knows texts as modules yet.
    """
    static = folder / "_static"
    static.mkdir(exist_ok=True)
    for module in FOLDER.glob("*.js"):
        (static / module.name).write_text(inline(module.name), encoding="utf-8")
    files.write(static / "files")
    parts = [part for source in STATIC for part in (source.iterdir() if source.is_dir() else [source])]
    for part in parts:
        if not (static / part.name).exists():
            (static / part.name).symlink_to(part)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(page, code, argument=None):
    """Run JavaScript with an argument and return its value, infinities and all as JSON."""
    return json.loads(
        page.evaluate(
            f"async (argument) => JSON.stringify(await (async (input) => {{ {code} }})(argument))", argument
        )
    )


def sentence(page):
    """Return what the first explorer says, once it has drawn."""
    settle(page)
    return page.locator(".explorer .sentence").first.inner_text()


def slide(page, name, value):
    """Move the first visible slider of that name, step by step from its left end, until it shows `value`."""
    found = page.locator(f"[data-name={name}]:visible").first.evaluate(
        """(slider, value) => {
            for (slider.value = slider.min; ; slider.stepUp()) {
                slider.dispatchEvent(new Event("input", { bubbles: true }));
                if (slider.getAttribute("aria-valuetext").replace("−", "-") === value) return true;
                if (slider.value === slider.max) return false;
            }
        }""",
        str(value),
    )
    assert found, f"{name} has no value {value}"
