"""One palette: it stands in palette.css, and everything that has a colour follows it."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import pytest
from helpers import ROOT

from alexnet_course import palette

PACKAGE = pathlib.Path(palette.__file__).parent
COLOURS = {*vars(palette.LIGHT).values(), *vars(palette.DARK).values()}
HEXADECIMAL = re.compile(r"(?<![\w&])#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})\b")
OTHERS = {"codemirror", "minisearch", "node_modules", "scaling.svg"}  # by others, or made from the palette
SOURCES = {".py", ".js", ".css", ".html", ".svg", ".toml"}
BLACK_AND_WHITE = {"#000", "#fff"}  # what is written on a colour, whichever can be read
# Where else a colour stands: the sheet itself, what shows its reader, and files that no variable reaches.
ELSEWHERE = {
    "src/alexnet_course/palette.css": COLOURS,
    "src/alexnet_course/palette.py": {"#000000", "#ffffff", palette.LIGHT.plus, *BLACK_AND_WHITE},
    "src/alexnet_course/explorers/kit/colours.js": BLACK_AND_WHITE,
    "src/alexnet_course/plots/svg.py": {"#000001", "#fffffe", "#fefefe", *BLACK_AND_WHITE},
    "book/assets/favicon.svg": {palette.LIGHT.ink, "#fff", "#d01884"},
    "book/assets/logo.svg": {palette.LIGHT.ink, "#fff", "#d01884"},
    "book/assets/print.css": {"#000", "#444", "#ccc", "#fff"},  # ink on paper
}
# What is drawn in the palette's colours, told as JSON: of figures, of stills, and of the explorers' sheet.
TOLD = """
import base64, json, re
from alexnet_course import explorers
from alexnet_course.explorers.kit import drawing
from alexnet_course.plots import dense, dropout, style
from matplotlib.colors import to_hex
stills = [getattr(explorers, name)()._static_picture().image(alt="") for name in explorers.__all__]
addresses = [re.search("base64,([A-Za-z0-9+/=]+)", still)[1] for still in stills]
print(json.dumps({
    "figures": [style.PAPER, style.INK, style.MUTED, style.LINE, style.ACCENT, style.PLUS, style.MINUS,
                *(to_hex(style.SIGNED(at)) for at in (0.0, 1.0)), to_hex(style.MAGNITUDE(1.0)),
                dense._TONES[1], dropout._TINTS[0]],
    "drawing": [drawing.hexadecimal(drawing.signed(1)(v)) for v in (-1, 0, 1)],
    "stills": [base64.b64decode(address).decode() for address in addresses],
    "sheet": explorers.ConvolutionExplorer._css,
}))
"""


@pytest.mark.parametrize(
    "sheet",
    ["", ":root { --ink: #000000 }", ".a { --ink: #000000 } .b { --paper: #ffffff }", ".a { } .b { } .c { }"],
)
def test_a_palette_has_two_themes_of_the_same_names(sheet):
    with pytest.raises(ValueError, match="a palette is two rules that name the same colours; this one has"):
        palette.themes(sheet)


def test_every_colour_of_the_sheet_is_read():
    assert len(re.findall("#", palette.SHEET)) == len(vars(palette.LIGHT)) + len(vars(palette.DARK))


def test_no_colour_is_typed_anywhere_else():
    typed = {}
    for folder in ("src", "book", "tools"):
        for file in sorted((ROOT / folder).rglob("*")):
            if file.suffix not in SOURCES or OTHERS & set(file.parts):
                continue
            if found := set(HEXADECIMAL.findall(file.read_text(encoding="utf-8").lower())):
                typed[file.relative_to(ROOT).as_posix()] = found
    assert {name: typed.pop(name, set()) for name in ELSEWHERE} == ELSEWHERE
    assert typed == {}


def test_everything_follows_a_change_of_the_palette(tmp_path):
    copy = tmp_path / "alexnet_course"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    changed = {
        colour: palette.hexadecimal([(part + 87) % 256 for part in palette.rgb(colour)]) for colour in COLOURS
    }
    sheet = re.sub("#[0-9a-f]{6}", lambda found: changed[found[0]], palette.SHEET)
    (copy / "palette.css").write_text(sheet, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    told = subprocess.run(
        [sys.executable, "-c", TOLD], env=environment, capture_output=True, text=True, check=True
    )
    told = json.loads(told.stdout)
    light = vars(palette.LIGHT)
    new = {name: changed[colour] for name, colour in light.items()}
    names = ("paper", "ink", "muted", "line", "accent", "plus", "minus", "minus", "plus")
    assert told["figures"] == [new[name] for name in (*names, "most", "silver", "peach")]
    assert told["drawing"] == [new["minus"], new["zero"], new["plus"]]
    for still in told["stills"]:
        assert {new["paper"], new["ink"]} <= set(re.findall("#[0-9a-f]{6}", still))
        assert not re.search("|".join(light.values()), still)
    assert any(new["accent"] in still for still in told["stills"])
    assert told["sheet"].startswith(sheet)
