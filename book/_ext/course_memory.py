"""What a reader has done, kept in his browser: memory.js on every page, and {memory} where it is shown.

    ```{memory}
    [Start with chapter 1](../notebooks/01_images.ipynb)
    ```

shows where the reader was, what he has done, and the buttons that save and forget it. What stands inside is
for those who have done nothing yet, and for pages without a script.
"""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


class Memory(SphinxDirective):
    """{memory}: a box that memory.js fills."""

    has_content = True

    def run(self):
        """Return the box."""
        box = nodes.container(classes=["memory"])
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


def setup(app):
    app.add_directive("memory", Memory)
    app.add_js_file("memory.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
