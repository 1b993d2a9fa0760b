"""Terms explain themselves: the first use of a glossary's term in a chapter leads to its entry.

With terms.js the link shows the sentence of the entry on hover, on focus and at a tap; without scripts it is
a link. Linked is what a reader meets in running text, outside headings, code, other links, tables, answers
and quizzes; not what the chapter itself defines, for it explains that; and not entries that lead to another.
"""

import re

from course_chapters import FOLDER, ROOT
from docutils import nodes

GLOSSARY = "book/glossary"
ENTRY = re.compile(r"^(\S.*)\n: (.+)$", re.MULTILINE)
EVERYDAY = {"dead", "hidden", "inverted", "jump"}  # words that chapters use in their plain sense, too
OUTSIDE = (
    nodes.FixedTextElement,
    nodes.literal,
    nodes.math,
    nodes.raw,
    nodes.reference,
    nodes.strong,
    nodes.table,
)


def entries():
    """Return the terms of the glossary that have a meaning of their own, with its Markdown."""
    text = (ROOT / f"{GLOSSARY}.md").read_text(encoding="utf-8")
    return {term: meaning for term, meaning in ENTRY.findall(text) if "See *" not in meaning}


def sentence(meaning):
    """Return what an entry says, without its markup and its link.

    >>> sentence("What a *unit* answers. {chapter}`04_relu`")
    'What a unit answers.'
    """
    text = re.sub(r"[*`]", "", re.sub(r"\{chapter\}`\w+`,?", "", meaning)).strip()
    return text.replace("'", "’")  # as on the page


def anchor(term):
    """Return the id of an entry on the page of the glossary.

    >>> anchor("top-1 error")
    'term-top-1-error'
    """
    return f"term-{re.sub(r'[^a-z0-9]+', '-', term.lower())}"


def to_explain(chapter):
    """Return the terms to look for in a chapter, in small letters, with their entries' names."""
    return {
        term.lower(): term
        for term, meaning in entries().items()
        if term not in EVERYDAY and f"`{chapter}`" not in meaning
    }


def running(text):
    """Return whether a piece of text is one that a reader comes by: in a paragraph, in nothing special."""
    inside, node = False, text.parent
    while node is not None:
        classes = " ".join(node.get("classes", [])) if isinstance(node, nodes.Element) else ""
        if isinstance(node, OUTSIDE) or re.search(r"sd-|dropdown|cell_output", classes):
            return False
        if node.tagname == "tag" or "html" in getattr(node, "attributes", {}):  # a quiz
            return False
        inside = inside or isinstance(node, nodes.paragraph)
        node = node.parent
    return inside


def explain(app, doctree, docname):
    """Link the first use of each term in a chapter."""
    folder, _, chapter = docname.rpartition("/")
    if folder != FOLDER or GLOSSARY not in app.env.found_docs:
        return
    left = to_explain(chapter)
    words = "|".join(re.escape(word) for word in sorted(left, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w-])({words})(?:s|es)?(?![\w-])", re.IGNORECASE)
    glossary, meanings = app.builder.get_relative_uri(docname, GLOSSARY), entries()
    for text in filter(running, list(doctree.findall(nodes.Text))):
        parts, end = [], 0
        for found in pattern.finditer(text):
            term = left.pop(found[1].lower(), None)
            if not term:
                continue
            link = nodes.reference(
                "", found[0], refuri=f"{glossary}#{anchor(term)}", internal=True, classes=["term"]
            )
            link["reftitle"] = sentence(meanings[term])
            parts += [nodes.Text(text[end : found.start()]), link]
            end = found.end()
        if parts:
            text.parent.replace(text, [*parts, nodes.Text(text[end:])])


def name_entries(app, doctree):
    """Give the entries of the glossary the ids that these links lead to."""
    if app.env.docname == GLOSSARY:
        for node in doctree.findall(nodes.term):
            node["ids"].append(anchor(node.astext()))


def load(app, pagename, templatename, context, doctree):
    """Load the script where a term is linked."""
    if 'class="term reference' in (context.get("body") or ""):
        app.add_js_file("terms.js", loading_method="defer")


def setup(app):
    app.connect("doctree-read", name_entries)
    app.connect("doctree-resolved", explain)
    app.connect("html-page-context", load)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
