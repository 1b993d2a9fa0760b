"""The chapters: found in _toc.yml and notebooks/, referred to by name, and listed on the first page.

{chapter}`06_pooling` reads 'chapter 6, pooling', and {chapter}`overlapping windows <06_pooling>` reads
'overlapping windows'. It is plain text until notebooks/06_pooling.ipynb is part of the book, then a link; a
name whose number or words belong to another chapter is a warning.

    ```{chapters}
    ```

is the table of all of them, in the order of _toc.yml: number, title, and the question that each answers. A
chapter's title is its first heading; its question is the line in bold below the heading 'Question'. Its
number stands above its title, and before it in the side bar and in the links to the chapters around it.
"""

import json
import pathlib
import re

import yaml
from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.errors import ExtensionError
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective, SphinxRole

from alexnet_course.practice.quizzes import spoken

LOGGER = logging.getLogger(__name__)
ROOT = pathlib.Path(__file__).parents[2]
FOLDER = "notebooks"
NAME = re.compile(r"\d\d_\w+")
TITLE = re.compile(r"\A# (.+)$", flags=re.M)
QUESTION = re.compile(r"^## Question\n+\*\*([^\n]+\?)\*\*$", flags=re.M)


def documents():
    """Return the documents of _toc.yml, in reading order, without the ends of their names."""

    def below(node):
        own = [node[key] for key in ("root", "file") if key in node]
        children = [child for kind in ("parts", "chapters", "sections") for child in node.get(kind, [])]
        return own + [document for child in children for document in below(child)]

    return below(yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8")))


def source_of(document):
    """Return the file of a document, or None."""
    files = (ROOT / f"{document}{ending}" for ending in (".md", ".ipynb"))
    return next((file for file in files if file.is_file()), None)


def chapters():
    """Return the names of the written chapters in the order of _toc.yml, such as '06_pooling'."""
    return [name.removeprefix(f"{FOLDER}/") for name in documents() if name.startswith(f"{FOLDER}/")]


def problem(name, written):
    """Return what is wrong with the name of a chapter, which may be one that is not written yet, or None.

    Examples
    --------
    >>> problem("12_backpropagation", ["01_images", "06_pooling"])
    >>> problem("06_poolings", ["01_images", "06_pooling"])
    "chapter '06_poolings' is no chapter: chapter 6 is 06_pooling"
    >>> problem("60_pooling", ["01_images", "06_pooling"])
    "chapter '60_pooling' is no chapter: pooling is 06_pooling"
    """
    if name in written:
        return None
    if not NAME.fullmatch(name):
        return f"chapter {name!r} is no chapter: a name is a number of two digits and words, as {written[0]}"
    number, words = name.split("_", 1)
    for other in written:
        if other.startswith(f"{number}_"):
            return f"chapter {name!r} is no chapter: chapter {int(number)} is {other}"
        if other.endswith(f"_{words}"):
            return f"chapter {name!r} is no chapter: {words} is {other}"
    return None


def markdown(name):
    """Return the Markdown of a chapter, its cells with an empty line between them."""
    notebook = json.loads((ROOT / FOLDER / f"{name}.ipynb").read_text(encoding="utf-8"))
    texts = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    return "\n\n".join(texts)


def heading(name):
    """Return the title of a chapter and the question that it answers, as Markdown.

    Raises
    ------
    ValueError
        The notebook has no title or no question; the message names the file and says where they stand.
    """
    text, found = markdown(name), []
    for what, pattern, where in (
        ("title", TITLE, "it is the first line, '# …'"),
        ("question", QUESTION, "it is the first line below '## Question', '**…?**'"),
    ):
        match = pattern.search(text)
        if not match:
            raise ValueError(f"{FOLDER}/{name}.ipynb has no {what}: {where}")
        found.append(match[1])
    return tuple(found)


class Chapter(SphinxRole):
    """The role {chapter}."""

    def run(self):
        """Return the link, or the plain text."""
        explicit = re.fullmatch(r"(.+?)\s*<(\w+)>", self.text, flags=re.DOTALL)
        text, name = explicit.groups() if explicit else (None, self.text)
        if wrong := problem(name, chapters()):
            LOGGER.warning(wrong, location=self.get_location())
            return [nodes.Text(self.text)], []
        if text is None:
            text = spoken(name)
        docname = f"{FOLDER}/{name}"
        if docname not in self.env.found_docs:
            return [nodes.Text(text)], []
        link = addnodes.pending_xref(
            "",
            nodes.inline("", text, classes=["doc", "std", "std-doc"]),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{docname}",
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )
        self.set_source_info(link)
        return [link], []


class Chapters(SphinxDirective):
    """{chapters}: the table of all chapters."""

    def run(self):
        """Turn the notebooks' titles and questions into a table."""
        lines = ["| chapter | the question that it answers |", "|---|---|"]
        for name in chapters():
            self.env.note_dependency(str(ROOT / FOLDER / f"{name}.ipynb"))
            try:
                title, question = heading(name)
            except ValueError as error:
                raise self.error(str(error)) from error
            lines.append(f"| {int(name[:2])} {{chapter}}`{title} <{name}>` | {question} |")
        box = nodes.container()
        self.state.nested_parse(StringList(lines, FOLDER), self.content_offset, box)
        return box.children


def check_contents(app):
    """Refuse a _toc.yml that lists a page which is not there."""
    missing = [name for name in documents() if not source_of(name)]
    if missing:
        files = ", ".join(f"{name}.md or {name}.ipynb" for name in missing)
        raise ExtensionError(f"_toc.yml lists what is missing: {files}")


def number_titles(app, env):
    """Put the number of each chapter before its title, where other pages show it."""
    for name in chapters():
        document, number = f"{FOLDER}/{name}", f"{int(name[:2])} "
        if document not in env.titles:
            continue
        # of the contents the side bar is made, of the title the links to the next and the previous page
        entry = next(env.tocs[document].findall(nodes.reference))
        for place in (entry, env.titles[document]):
            if not place.astext().startswith(number):
                place.insert(0, nodes.Text(number))


def number_page(app, pagename, templatename, context, doctree):
    """Write the number of a chapter above its title."""
    name = pagename.removeprefix(f"{FOLDER}/")
    if name != pagename and NAME.fullmatch(name):
        number = f'<p class="chapter-number">Chapter {int(name[:2])}</p>\n<h1>'
        context["body"] = context["body"].replace("<h1>", number, 1)


def setup(app):
    app.connect("env-updated", number_titles)
    app.connect("html-page-context", number_page)
    app.add_role("chapter", Chapter())
    app.add_directive("chapters", Chapters)
    app.connect("builder-inited", check_contents)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
