"""What every explorer shares: validated traits, one ES module, and a figure that needs no kernel."""

import html
import json
import math
import pathlib
import posixpath
import re

import anywidget
import traitlets

from alexnet_course import palette

FOLDER = pathlib.Path(__file__).parents[1]  # of the explorers; a module is named by its path from here
_IMPORT = re.compile(r'^import (?:\* as (\w+)|\{([^}]*)\}) from "(\.\.?/[\w./]+)";\n', flags=re.M)
_DATA = re.compile(r'^import (\w+) from "(\.\.?/[\w./]+\.json)" with \{ type: "json" \};\n', flags=re.M)
_TEXT = re.compile(r'^import (\w+) from "(\.\.?/[\w./]+\.js)" with \{ type: "text" \};\n', flags=re.M)
_EXPORT = re.compile(r"^export (?:const|let|class|(?:async )?function)\s*\*?\s*(\w+)", flags=re.M)


def source(name):
    """Return the text of one of the explorers' own files."""
    return (FOLDER / name).read_text(encoding="utf-8")


def inline(name, change=str):
    """Return an ES module with everything that it imports put in front of it, as one text.

    A notebook receives a widget's code as text without an address, so ``import "./kit/page.js"`` cannot be
    resolved there; the published page loads the files as they are. Each imported module becomes a function
    that is called once and returns what the module exports, so two modules may use the same private name.

    Parameters
    ----------
    name : str
        A file, by its path from the explorers' folder. Imports are one line each,
        ``import { a, b as c } from "./file.js";`` or ``import * as a from "../kit/file.js";``, and exports
        are declarations. Data are ``import DATA from "./made/data.json" with { type: "json" };``, and the
        text of another module, such as a worker's, with all that it imports:
        ``import SOURCE from "./kit/file.js" with { type: "text" };``.
    change : callable, optional
        What is done to the text of each module first. It keeps imports and exports on lines of their own.

    Returns
    -------
    str
        A module with the same default export and without imports.

    Raises
    ------
    ValueError
        If an import is written in another way, or modules import each other in a circle.
    """
    done, parts = set(), []

    def read(file, path):
        if file in path:
            raise ValueError(f"modules import each other in a circle: {' -> '.join([*path, file])}")

        def place(address):
            return posixpath.normpath(posixpath.join(posixpath.dirname(file), address))

        def bind(match):
            everything, names, address = match.groups()
            bound = everything or "{" + names.replace(" as ", ": ") + "}"
            return f"const {bound} = {_variable(place(address))};\n"

        def data(match):
            return f"const {match[1]} = {source(place(match[2])).strip()};\n"

        def code(match):
            return f"const {match[1]} = {json.dumps(inline(place(match[2]), change))};\n"

        text = _TEXT.sub(code, _DATA.sub(data, change(source(file))))
        for _, _, address in _IMPORT.findall(text):
            imported = place(address)
            if imported not in done:
                done.add(imported)
                parts.append(wrap(imported, read(imported, [*path, file])))
        text = _IMPORT.sub(bind, text)
        if left := re.search(r"^import\b.*", text, flags=re.M):
            raise ValueError(f'{file} has an import that cannot be put inline: "{left.group()}"')
        return text

    def wrap(file, text):
        exported = ", ".join(_EXPORT.findall(text))
        body = re.sub(r"^export ", "", text, flags=re.M)
        return f"const {_variable(file)} = (() => {{\n{body}\nreturn {{ {exported} }};\n}})();\n"

    own = re.sub(r"^export (?!default)", "", read(name, []), flags=re.M)
    return "\n".join([*parts, own])


def _variable(file):
    return "module_" + re.sub(r"\W", "_", file.removesuffix(".js"))


class Explorer(anywidget.AnyWidget):
    """Base of the explorers: a widget with a kernel, and a picture with the same state without one.

    A subclass sets `_module`, the name of its ES module and style sheet; `_title`, what it is called, and
    `_try`, the first thing to try on it; its traits (`Whole`, `Number`, `Choice` and others of traits.py);
    `checked`, the properties that the module's `compute` gives, all of them, which one test holds equal;
    `_shown_in_repr`, the traits that its short repr names; `_static_picture()`, which returns a
    `drawing.Drawing`, with `_alt`, its alternative text; and `_sentence()`, its caption.
    """

    checked = ()
    _module = None
    _title = ""
    _try = ""
    _alt = ""
    _shown_in_repr = ()
    about = traitlets.Dict(help="what the page says of the explorer as such").tag(sync=True)
    brief = traitlets.Bool(help="whether the two first panels stand alone, and all the rest under 'More'")

    def __init_subclass__(cls, **kwargs):
        # traitlets derives a class once more for each instance; only one that names its module gets code.
        if vars(cls).get("_module"):
            cls._esm = inline(f"{cls._module}.js")
            cls._css = palette.SHEET + source("kit/explorer.css") + source(f"{cls._module}.css")
        super().__init_subclass__(**kwargs)

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        about = {"module": self._module, "title": self._title, "try": self._try}
        self.about = about | ({"brief": True} if self.brief else {})
        self.on_msg(self._send_file)

    def _send_file(self, _, content, buffers):
        """Send a file that the page asks for, as files.js does."""
        if "file" in content:
            from alexnet_course.explorers.kit import files  # what few explorers need is not loaded for all

            self.send({"file": content["file"]}, [files.content(content["file"])])

    def _state(self):
        """Return every setting by name, in alphabetical order: what a page needs to show the same."""
        return {name: getattr(self, name) for name in sorted(self.trait_names(state=True))}

    def __repr__(self):
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown_in_repr)
        return f"{type(self).__name__}({shown})"

    def _figure(self):
        """Return the explorer as HTML: its state, and a picture for readers without JavaScript."""
        brief = "data-brief " if self.brief else ""
        state = html.escape(json.dumps(_whole(self._state()), sort_keys=True, separators=(",", ":")))
        return (
            f'<figure class="explorer-figure" aria-label="{html.escape(self._title)}" '
            f'data-explorer="{self._module}" data-try="{html.escape(self._try)}" {brief}data-state="{state}">'
            f"{self._static_picture().image(alt=self._alt)}"
            f"<figcaption>{html.escape(self._sentence())}</figcaption></figure>"
        )

    def _repr_mimebundle_(self, **kwargs):
        bundle = super()._repr_mimebundle_(**kwargs)
        data, metadata = bundle if isinstance(bundle, tuple) else (bundle or {}, {})
        return {**data, "text/plain": repr(self), "text/html": self._figure()}, metadata


def _whole(state):
    """Write 1.0 as 1, as JavaScript does, so that a state and its link look alike."""
    return {
        name: int(value)
        if isinstance(value, float) and value.is_integer() and math.isfinite(value)
        else value
        for name, value in state.items()
    }
