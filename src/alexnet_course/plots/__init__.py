"""Figures: functions that take arrays and integers, never layers, and return a closed Figure.

One module a chapter; `style` holds what they share, `svg` makes one file for both themes of a figure. Each
function of a chapter's module whose name does not start with an underscore is a figure and is found here: a
notebook calls ``plots.response_maps(...)`` as a cell's last line.
"""

import importlib
import inspect
import pkgutil


def _figures():
    """Return the figures of all modules by name."""
    modules = [
        importlib.import_module(f"{__name__}.{module.name}")
        for module in pkgutil.iter_modules(__path__)
        if module.name not in ("style", "svg")
    ]
    return {
        name: function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


globals().update(_figures())

__all__ = sorted(_figures())
