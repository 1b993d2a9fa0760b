"""References of the pages to chapters by name, also to those that are not written yet.

{chapter}`06_pooling` reads 'chapter 6, pooling', and {chapter}`overlapping windows <06_pooling>` reads
'overlapping windows'. It is plain text until notebooks/06_pooling.ipynb is part of the book, then a link.
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

from alexnet_course.practice.quizzes import spoken

LOGGER = logging.getLogger(__name__)
FOLDER = "notebooks"
CHAPTERS = (
    "01_images",
    "02_convolution",
    "03_geometry",
    "04_relu",
    "05_normalization",
    "06_pooling",
    "07_dense",
    "08_dropout",
    "09_softmax",
    "10_alexnet",
    "11_forward_pass",
    "12_backpropagation",
    "13_training",
    "14_seeing",
    "15_fast_numpy",
    "16_224_or_227",
    "17_paper_and_code",
    "18_spot_the_bug",
)


class Chapter(SphinxRole):
    """The role {chapter}."""

    def run(self):
        """Return the link, or the plain text."""
        explicit = re.fullmatch(r"(.+?)\s*<(\w+)>", self.text, flags=re.DOTALL)
        text, name = explicit.groups() if explicit else (None, self.text)
        if name not in CHAPTERS:
            known = ", ".join(CHAPTERS)
            LOGGER.warning("chapter %r is none of %s", name, known, location=self.get_location())
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


def setup(app):
    app.add_role("chapter", Chapter())
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
