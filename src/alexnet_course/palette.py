"""The course's colours, as palette.css has them: one palette for pages, explorers and figures.

`LIGHT` and `DARK` hold the colours of a theme by name, each as ``#rrggbb``: ``LIGHT.code_name``.
"""

import pathlib
import re
import types

SHEET = (pathlib.Path(__file__).parent / "palette.css").read_text(encoding="utf-8")


def themes(sheet):
    """Return the colours of each theme of a style sheet, by name.

    Parameters
    ----------
    sheet : str
        Two rules, the light theme and the dark one, of variables with the same names.

    Returns
    -------
    light, dark : types.SimpleNamespace

    Raises
    ------
    ValueError
        If there are more or fewer rules, or one names a colour that the other does not.

    Examples
    --------
    >>> light, dark = themes(":root { --ink: #000000 } .dark { --ink: #ffffff }")
    >>> light.ink, dark.ink
    ('#000000', '#ffffff')
    """
    rules = [
        {name.replace("-", "_"): colour for name, colour in re.findall(r"--([\w-]+): (#[0-9a-f]{6})\b", rule)}
        for rule in re.findall(r"\{[^}]*\}", sheet)
    ]
    if len(rules) != 2 or rules[0].keys() != rules[1].keys():
        names = "; ".join(" ".join(rule) for rule in rules)
        raise ValueError(f"a palette is two rules that name the same colours; this one has {names or 'none'}")
    return tuple(types.SimpleNamespace(**rule) for rule in rules)


LIGHT, DARK = themes(SHEET)


def rgb(colour):
    """Return ``#rrggbb`` as (r, g, b), each from 0 to 255.

    >>> rgb("#e5811c")
    (229, 129, 28)
    """
    return tuple(bytes.fromhex(colour.removeprefix("#")))


def hexadecimal(colour):
    """Return (r, g, b) as ``#rrggbb``.

    >>> hexadecimal((229, 129, 28))
    '#e5811c'
    """
    return "#" + bytes(colour).hex()


def ink_on(colour):
    """Return black or white, whichever has the higher contrast on (r, g, b): 4.5 or more, by WCAG 2.

    >>> ink_on((229, 129, 28)), ink_on((45, 79, 158))
    ('#000', '#fff')
    """
    parts = [part / 255 for part in colour]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return "#000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#fff"
