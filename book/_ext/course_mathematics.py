"""Formulas as MathML, made while the book is built: no script draws them and no reader waits for one.

Registers an HTML mathematics renderer, `mathml`. Numbered equations and {eq} references work as they do with
the renderers that come with Sphinx. A formula that cannot be converted is a warning, which `make book` turns
into an error. The comma after a formula stays on its line: browsers may break a line beside any formula.
"""

import re
from html import escape

import math_core
from docutils import nodes
from sphinx.locale import _
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

LOGGER = logging.getLogger(__name__)
CONVERTER = math_core.LatexToMathML(unicode_substitution="never", fancy_error=False)
STYLE = re.compile(r' style="([^"]*)"')
# What the converter writes as style attributes, which a strict Content-Security-Policy refuses; in site.css.
STYLE_CLASSES = {
    "text-align: left": "math-left",
    "text-align: right": "math-right",
    "justify-items: start": "",  # goes with the alignment
    "justify-items: end": "",
    "padding-right: 0": "math-flush-right",
    "padding-left: 0": "math-flush-left",
    "padding-left:1em": "math-indent",
    "width: 100%": "math-wide",
    "width: 50%": "math-half",
    "border-right: 0.05em solid currentcolor": "math-line-right",
    "border-top: 0.05em solid currentcolor": "math-line-above",
}
OPENING, CLOSING = re.compile(r"[(“‘]*\Z"), re.compile(r"[,.;:!?)’”]*")
ENVIRONMENT = re.compile(r"\\(begin|end)\{(align|gather|equation|multline|alignat|flalign|eqnarray)\}")


def to_mathml(latex, display):
    r"""Convert one formula.

    Parameters
    ----------
    latex : str
        The source, without dollar signs.
    display : bool
        True for a formula on lines of its own; only there may it be in several lines (`\\`, `&`).

    Returns
    -------
    str
        A `<math>` element.

    Raises
    ------
    math_core.LatexError
        The source is not understood; the message says where.
    """
    # Sphinx numbers equations; a plain environment would be numbered a second time by the converter.
    latex = ENVIRONMENT.sub(r"\\\1{\2*}", latex.strip())
    if display and ("\\\\" in latex or "&" in latex) and "\\begin" not in latex:
        latex = "\\begin{aligned}" + latex + "\\end{aligned}"
    # The converter marks script letters with a variation selector that few fonts know.
    mathml = CONVERTER.convert_with_local_state(latex, displaystyle=display).replace("\ufe00", "")
    return STYLE.sub(_as_classes, mathml)


def _as_classes(match):
    declarations = [part.strip() for part in match[1].split(";") if part.strip()]
    if unknown := set(declarations) - set(STYLE_CLASSES):
        raise ValueError(f"a formula has the style {unknown}; add a class for it here and in site.css")
    names = sorted({STYLE_CLASSES[part] for part in declarations} - {""})
    return f' class="{" ".join(names)}"' if names else ""


def _convert(node, display):
    latex = node.astext()
    try:
        return to_mathml(latex, display)
    except math_core.LatexError as error:
        LOGGER.warning("formula %r: %s", latex, error, location=node)
        return f"<code>{escape(latex)}</code>"


def visit_math(self, node):
    self.body.append(_convert(node, display=False))
    raise nodes.SkipNode


def visit_math_block(self, node):
    self.body.append(self.starttag(node, "div", CLASS="math notranslate nohighlight"))
    self.body.append(_convert(node, display=True))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, _("Link to this equation"))
        self.body.append("</span>")
    self.body.append("</div>\n")
    raise nodes.SkipNode


class KeepPunctuation(SphinxPostTransform):
    """Puts a formula and the marks that touch it into one span, within which no line is broken."""

    default_priority = 900
    formats = ("html",)

    def run(self, **kwargs):
        """Change the document in place."""
        for formula in list(self.document.findall(nodes.math)):
            parent, at = formula.parent, formula.parent.index(formula)
            before, after = (parent[i] if 0 <= i < len(parent) else None for i in (at - 1, at + 1))
            opening = OPENING.search(before)[0] if isinstance(before, nodes.Text) else ""
            closing = CLOSING.match(after)[0] if isinstance(after, nodes.Text) else ""
            if not opening + closing:
                continue
            if closing:
                parent[at + 1] = nodes.Text(after[len(closing) :])
            if opening:
                parent[at - 1] = nodes.Text(before[: -len(opening)])
            marks = [[nodes.Text(mark)] if mark else [] for mark in (opening, closing)]
            parent[at] = nodes.inline("", "", *marks[0], formula, *marks[1], classes=["math-kept"])


def setup(app):
    app.add_post_transform(KeepPunctuation)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_math_block, None))
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
