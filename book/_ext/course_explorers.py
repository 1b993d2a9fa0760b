"""One file for each explorer of the site, with everything that it imports inside; and what it loads if asked.

A page then fetches one module where it would fetch a dozen, one after the other, and it is the text that a
notebook gets. It also runs in browsers that do not know JSON modules yet: Firefox before 138, Safari before
17.2, Chrome before 123.
"""

import pathlib
import shutil

from alexnet_course.explorers.kit import files
from alexnet_course.explorers.kit.base import FOLDER, inline


def bundle(static):
    """Put each explorer into one module of the static folder, and take the modules that it imports away."""
    for module in sorted(FOLDER.glob("*.js")):
        (static / module.name).write_text(inline(module.name), encoding="utf-8")
    for file in (FOLDER / "kit").glob("*.js"):
        (static / "kit" / file.name).unlink(missing_ok=True)
    shutil.rmtree(static / "made", ignore_errors=True)
    files.write(static / "files")


def write(app, error):
    """Do so when the pages are written."""
    static = pathlib.Path(app.outdir) / "_static"
    if not error and app.builder.format == "html" and static.is_dir():
        bundle(static)


def setup(app):
    """Register the extension."""
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
