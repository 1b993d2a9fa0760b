"""One file for each explorer of the site, with everything that it imports inside; and what it loads if asked.

A notebook holds the still picture of an explorer inside its HTML. On a page it is a file: the text, which a
browser draws first, need not wait for it.

A page then fetches one module where it would fetch a dozen, one after the other. It is the text that a
notebook gets, without its comments. It also runs in browsers that do not know JSON modules yet: Firefox
before 138, Safari before 17.2, Chrome before 123.
"""

import base64
import hashlib
import pathlib
import re
import shutil

from course_scripts import without_comments

from alexnet_course.explorers.kit import files
from alexnet_course.explorers.kit.base import FOLDER, inline

STILL = re.compile(r'(<img class="static"[^>]*) src="data:image/svg\+xml;base64,([^"]+)"')


def put_out(app, pagename, templatename, context, doctree):
    """Write the still pictures of a page as files."""

    def write_one(found):
        drawing = base64.b64decode(found[2])
        name = f"_images/still-{hashlib.sha256(drawing).hexdigest()[:12]}.svg"
        path = pathlib.Path(app.outdir, name)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(drawing)
        return f'{found[1]} fetchpriority="low" src="{context["pathto"](name, 1)}"'

    if app.builder.format == "html" and context.get("body"):
        context["body"] = STILL.sub(write_one, context["body"])


def bundle(static):
    """Put each explorer into one module of the static folder, and take the modules that it imports away."""
    for module in sorted(FOLDER.glob("*.js")):
        (static / module.name).write_text(inline(module.name, without_comments), encoding="utf-8")
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
    app.connect("html-page-context", put_out)
    app.connect("build-finished", write)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
