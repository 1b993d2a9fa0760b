"""The directive {quiz}: a chapter's questions on its page, readable without a script.

    ```{quiz} 02_convolution
    ```

A notebook shows the same questions with a cell `practice.quiz("02")`; course_commonmark.py puts the directive
in its place. The questions are data in src/alexnet_course/practice/quizzes: CommonMark, so `code`, *emphasis*
and $formulas$ look as they do everywhere. A page with a quiz, and no other, loads quiz.css and quiz.js; the
script checks an answer, shows its reason, and keeps the answers in the browser.
"""

from pathlib import Path

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from alexnet_course.practice import quizzes

FOLDER = "src/alexnet_course/practice/quizzes"


class Tag(nodes.General, nodes.Element):
    """An HTML element: its name in `tag`, its attributes in `html`."""


def tag(name, /, *children, **attributes):
    """Make a `Tag`; a trailing underscore keeps `class_` from being a Python word."""
    html = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
    return Tag("", *children, tag=name, html=html)


class QuizDirective(SphinxDirective):
    """{quiz}: one argument, the name of the quiz."""

    required_arguments = 1

    def run(self):
        """Turn the quiz into nodes."""
        try:
            quiz = quizzes.load(self.arguments[0])
        except ValueError as error:
            raise self.error(f"{error} (each is a file of {FOLDER})") from error
        self.env.note_dependency(str(Path(quizzes.FOLDER) / f"{quiz.name}.toml"))
        questions = [self._question(quiz, i) for i in range(len(quiz.questions))]
        return [tag("div", *questions, class_="quiz", data_quiz=quiz.name)]

    def _question(self, quiz, index):
        question = quiz.questions[index]
        number = tag("span", nodes.Text(str(index + 1)), class_="number")
        parts = [tag("legend", number, nodes.Text(" "), *self._inline(question.text))]
        if question.recalls:
            recall = self._inline(f"From {{chapter}}`{question.recalls}`")
            parts.append(tag("p", *recall, class_="recall"))
        reasons = []
        for letter, option in zip("ABCD", question.options, strict=True):
            radio = tag("input", type="radio", name=f"quiz-{quiz.name}-{index + 1}", value=letter)
            shown = tag("span", nodes.Text(letter), class_="letter")
            text = tag("span", *self._inline(option.text), class_="text")
            parts.append(tag("label", radio, nodes.Text(" "), shown, nodes.Text(" "), text))
            verdict = tag("strong", nodes.Text(f"{letter} is {'right' if option.right else 'wrong'}."))
            reason = tag("li", verdict, nodes.Text(" "), *self._inline(option.reason))
            reason["html"] |= {"data-letter": letter, "class": "right" if option.right else "wrong"}
            reasons.append(reason)
        summary = tag("summary", nodes.Text("Answer and reasons"))
        parts.append(tag("details", summary, tag("ul", *reasons)))
        return tag("fieldset", *parts)

    def _inline(self, text):
        children, messages = self.parse_inline(text)
        # Sphinx writes a link only inside an element of text.
        return [nodes.inline("", "", *children), *messages]


def visit_tag(self, node):
    self.body.append(self.starttag({}, node["tag"], "", **node["html"]))


def depart_tag(self, node):
    if node["tag"] != "input":  # the one element here that has no end tag
        self.body.append(f"</{node['tag']}>")


def leave_out(self, node):
    """Leave the quiz out of formats that cannot be answered."""
    raise nodes.SkipNode


def add_assets(app, pagename, templatename, context, doctree):
    """Load the style sheet and the script on pages that hold a quiz."""
    if doctree is not None and any(node["html"].get("data-quiz") for node in doctree.findall(Tag)):
        app.add_css_file("quiz.css")
        # Not a module: browsers load no modules from a file system, and the script imports nothing.
        app.add_js_file("quiz.js", loading_method="defer")


def setup(app):
    other = {name: (leave_out, None) for name in ("latex", "text", "man", "texinfo")}
    app.add_node(Tag, html=(visit_tag, depart_tag), **other)
    app.add_directive("quiz", QuizDirective)
    app.connect("html-page-context", add_assets)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
