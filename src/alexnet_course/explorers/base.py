"""What every explorer shares: validated traits, one ES module, and a figure that needs no kernel."""

import html
import json
import math
import pathlib
import re

import anywidget
import numpy as np
import traitlets

from alexnet_course import palette

FOLDER = pathlib.Path(__file__).parent
_IMPORT = re.compile(r'^import (?:\* as (\w+)|\{([^}]*)\}) from "\./([\w.]+)";\n', flags=re.M)
_DATA = re.compile(r'^import (\w+) from "\./(made/\w+\.json)" with \{ type: "json" \};\n', flags=re.M)
_EXPORT = re.compile(r"^export (?:const|let|class|(?:async )?function)\s*\*?\s*(\w+)", flags=re.M)


def source(name):
    """Return the text of one of the explorers' own files."""
    return (FOLDER / name).read_text(encoding="utf-8")


def inline(name):
    """Return an ES module with everything that it imports put in front of it, as one text.

    A notebook receives a widget's code as text without an address, so ``import "./maths.js"`` cannot be
    resolved there; the published page loads the files as they are. Each imported module becomes a function
    that is called once and returns what the module exports, so two modules may use the same private name.

    Parameters
    ----------
    name : str
        A file of this folder. Its imports are one line each, ``import { a, b as c } from "./file.js";`` or
        ``import * as a from "./file.js";``, and its exports are declarations.

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

    def bind(match):
        everything, names, file = match.groups()
        return f"const {everything or '{' + names.replace(' as ', ': ') + '}'} = {_variable(file)};\n"

    def read(file, path):
        if file in path:
            raise ValueError(f"modules import each other in a circle: {' -> '.join([*path, file])}")
        text = _DATA.sub(lambda data: f"const {data[1]} = {source(data[2]).strip()};\n", source(file))
        for _, _, imported in _IMPORT.findall(text):
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


class Whole(traitlets.Int):
    """A whole number from `low` to `high`; anything else is a ValueError that says what would be right."""

    def __init__(self, default, low, high, step=1):
        self.what = "an odd number" if step == 2 and low % 2 else "a whole number"
        super().__init__(default, help=f"{self.what} from {low} to {high}")
        self.low, self.high, self.step = low, high, step
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return `value` as an int."""
        whole = hasattr(value, "__index__") and not isinstance(value, (bool, np.bool_))
        if not whole or not self.low <= value <= self.high or (value - self.low) % self.step:
            raise ValueError(
                f"{self.name} is {value!r}; it must be {self.what} from {self.low} to {self.high}"
            )
        return value.__index__()


class Number(traitlets.Float):
    """A number from `low` to `high`."""

    def __init__(self, default, low, high):
        super().__init__(default, help=f"a number from {low} to {high}")
        self.low, self.high = low, high
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return `value` as a float."""
        number = hasattr(value, "__float__") and not isinstance(value, (bool, np.bool_))
        if not number or np.ndim(value) or not self.low <= value <= self.high:
            raise ValueError(f"{self.name} is {value!r}; it must be a number from {self.low} to {self.high}")
        return float(value)


class Choice(traitlets.Unicode):
    """One of a few words; the first is where it starts unless `default` says another."""

    def __init__(self, *words, default=None):
        super().__init__(default or words[0], help=", ".join(words))
        self.words = words
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return the word."""
        if not isinstance(value, str) or value not in self.words:
            raise ValueError(f"{self.name} is {value!r}; it must be one of {', '.join(self.words)}")
        return value


class Flag(traitlets.Bool):
    """True or False."""

    def __init__(self, default):
        super().__init__(default, help="True or False")
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return the truth value."""
        if not isinstance(value, (bool, np.bool_)):
            raise ValueError(f"{self.name} is {value!r}; it must be True or False")
        return bool(value)


class Numbers(traitlets.TraitType):
    """A row of `shortest` to `longest` numbers of magnitude at most `limit`."""

    def __init__(self, default, shortest, longest, limit):
        super().__init__(list(default), help=f"{shortest} to {longest} numbers")
        self.shortest, self.longest, self.limit = shortest, longest, limit
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return the numbers as a list."""
        row = _array(self, value)
        if row.ndim != 1 or not self.shortest <= len(row) <= self.longest:
            raise ValueError(
                f"{self.name} has shape {row.shape}; "
                f"it must be {self.shortest} to {self.longest} numbers in a row"
            )
        return _plain(row)


class Wholes(traitlets.TraitType):
    """So many whole numbers as `default` has, each from `low` to `high`."""

    def __init__(self, default, low, high):
        super().__init__(list(default), help=f"{len(default)} whole numbers from {low} to {high}")
        self.length, self.low, self.high = len(default), low, high
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return the numbers as a list of int."""
        row = _array(self, value, max(abs(self.low), abs(self.high)))
        if row.shape != (self.length,) or np.any(row != np.rint(row)) or np.any(row < self.low):
            raise ValueError(f"{self.name} is {value!r}; it must be {self.help}")
        return row.astype(int).tolist()


class NamedMatrix(traitlets.TraitType):
    """One of a few words, or a square matrix: at most `most` rows of numbers of magnitude at most `limit`."""

    def __init__(self, *words, most, limit, default=None):
        super().__init__(default or words[0], help=f"{', '.join(words)}, or a square matrix")
        self.words, self.most, self.limit = words, most, limit
        self.tag(sync=True, state=True)

    def validate(self, obj, value):
        """Return the word, or the matrix as a list of rows."""
        if isinstance(value, str):
            if value in self.words:
                return value
            raise ValueError(
                f"{self.name} is {value!r}; it must be a square matrix or one of {', '.join(self.words)}"
            )
        matrix = _array(self, value)
        if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not 1 <= len(matrix) <= self.most:
            raise ValueError(
                f"{self.name} has shape {matrix.shape}; it must be square, with 1 to {self.most} rows"
            )
        return _plain(matrix)


def _array(trait, value, limit=None):
    """Return `value` as an array of finite numbers within the trait's limit, or another."""
    limit = trait.limit if limit is None else limit
    try:
        array = np.asarray(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"{trait.name} is {value!r}; it must hold nothing but numbers") from None
    if not np.all(np.abs(array) <= limit):  # also false for NaN
        raise ValueError(f"{trait.name} must hold numbers from {-limit} to {limit}; got {value!r}")
    return array


def _plain(array):
    """Return an array as lists, whole numbers as int, so that the state reads 1 and not 1.0."""
    return array.astype(int).tolist() if np.all(array == np.rint(array)) else array.tolist()


class Explorer(anywidget.AnyWidget):
    """Base of the explorers: a widget with a kernel, and a picture with the same state without one.

    A subclass sets `_module`, the name of its ES module; its traits (`Whole`, `Number`, `Choice` and the
    others of this file); `_shown_in_repr`, the traits that its short repr names; `_static_picture()`, which
    returns a `drawing.Drawing`, with `_alt`, its alternative text; and `_sentence()`, its caption.
    """

    _css = palette.SHEET + source("explorers.css")
    _module = None
    _alt = ""
    _shown_in_repr = ()

    def __init_subclass__(cls, **kwargs):
        # traitlets derives a class once more for each instance; only one that names its module gets code.
        if vars(cls).get("_module"):
            cls._esm = inline(f"{cls._module}.js")
        super().__init_subclass__(**kwargs)

    def _state(self):
        """Return every setting by name, in alphabetical order: what a page needs to show the same."""
        return {name: getattr(self, name) for name in sorted(self.trait_names(state=True))}

    def __repr__(self):
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._shown_in_repr)
        return f"{type(self).__name__}({shown})"

    def _figure(self):
        """Return the explorer as HTML: its state, and a picture for readers without JavaScript."""
        state = html.escape(json.dumps(_whole(self._state()), sort_keys=True, separators=(",", ":")))
        return (
            f'<figure class="explorer-figure" data-explorer="{self._module}" data-state="{state}">'
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
