"""Interactive figures: the same picture in a notebook, on the published page and on paper.

Each explorer is one class here and one ES module beside it; README.md says how to add another. They are
found, not listed: a `<name>.py` with a class of `Explorer`; without its `<name>.js` it cannot be imported.
"""

import importlib
import pathlib
import re


def _found():
    """Return the module of every explorer by the name of its class; the files are read, not imported."""
    return {
        name: path.stem
        for path in sorted(pathlib.Path(__file__).parent.glob("*.py"))
        for name in re.findall(r"^class (\w+)\(Explorer\):", path.read_text(encoding="utf-8"), flags=re.M)
    }


_MODULES = _found()

__all__ = sorted(_MODULES)


def __getattr__(name):
    """Import an explorer when it is asked for: anywidget and ipywidgets take their time."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__():
    return __all__
