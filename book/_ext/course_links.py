"""Where the course lives, and every link that is made from it.

The addresses come from the environment, so that a fork's site launches and edits the fork, and nothing in the
repository has to be changed for that:

    COURSE_REPOSITORY    owner/name on GitHub, or its whole address
    COURSE_BRANCH        the branch that the pages are built from; main if it is not given
    COURSE_COLAB_BRANCH  a branch that holds the notebooks of _build/colab (see `write_colab`)
    COURSE_SITE          where the site will stand, such as https://owner.github.io/name/

A build without them shows no button that needs them. .github/workflows/publish.yml sets all four.
"""

import dataclasses
import json
import os
import pathlib
import re
from html import unescape
from urllib.parse import quote, urlencode

import yaml
from course_commonmark import page_address, with_links
from sphinx.errors import ConfigError

GITHUB = "https://github.com/"
COLAB_CELL = """\
# In Google Colab this cell installs the course; everywhere else it does nothing.
import sys

if "google.colab" in sys.modules:
    %pip install --quiet git+{address}@{branch}"""


@dataclasses.dataclass(frozen=True)
class Addresses:
    """The four addresses; an empty text stands for one that nobody gave."""

    repository: str = ""  # owner/name
    branch: str = "main"
    colab_branch: str = ""
    site: str = ""  # with a slash at its end

    @property
    def address(self):
        """The repository's page, or an empty text."""
        return self.repository and GITHUB + self.repository

    def binder(self, path=""):
        """Return the address that opens a notebook of the repository in JupyterLab on mybinder.org."""
        place = f"https://mybinder.org/v2/gh/{self.repository}/{quote(self.branch, safe='')}"
        return self.repository and place + (f"?{urlencode({'labpath': path})}" if path else "")

    def colab(self, path):
        """Return the address that opens a notebook of the Colab branch in Google Colab."""
        known = self.repository and self.colab_branch
        branch = quote(self.colab_branch, safe="")
        return known and f"https://colab.research.google.com/github/{self.repository}/blob/{branch}/{path}"

    def edit(self, path):
        """Return the address that opens a file of the repository in GitHub's editor."""
        return self.repository and f"{self.address}/edit/{quote(self.branch)}/{quote(path)}"

    def report(self, title, page):
        """Return the address of a new issue that names the page already."""
        body = f"Page: {title} ({self.site}{page})\n\nWhat it says:\n\nWhat is right, and the source:\n"
        query = urlencode({"title": f"{title}: ", "body": body}, quote_via=quote)
        return self.repository and f"{self.address}/issues/new?{query}"


def read(environment):
    """Return the `Addresses` that an environment gives.

    Raises
    ------
    ConfigError
        A value is no repository of GitHub, no branch or no address of a site.

    Examples
    --------
    >>> read({"COURSE_REPOSITORY": "https://github.com/ann/course.git"}).repository
    'ann/course'
    >>> read({}).binder("notebooks/06_pooling.ipynb")
    ''
    """

    def value(name, pattern, right, default=""):
        text = environment.get(name, "").strip() or default
        if text and not re.fullmatch(pattern, text):
            raise ConfigError(f"{name} is {text!r}; it must be {right}")
        return text

    repository = value(
        "COURSE_REPOSITORY",
        r"(https://github\.com/)?[\w-]+/[\w.-]+?(\.git)?/?",
        f"owner/name or {GITHUB}owner/name",
    )
    branch = r"[\w.][\w./-]*"
    site = value(
        "COURSE_SITE", r"https?://[\w.:-]+(/[\w.~/-]*)?", "an address such as https://example.org/course/"
    )
    return Addresses(
        repository.removeprefix(GITHUB).removesuffix("/").removesuffix(".git"),
        value("COURSE_BRANCH", branch, "the name of a branch", "main"),
        value("COURSE_COLAB_BRANCH", branch, "the name of a branch"),
        site and site.rstrip("/") + "/",
    )


def plain(title):
    """Return a page's title without its markup."""
    return unescape(re.sub(r"<[^>]*>", "", title))


def bibtex(citation, title="", url=""):
    """Return the BibTeX entry of the course, or of one of its pages.

    Parameters
    ----------
    citation : dict
        CITATION.cff, parsed.
    title : str
        The page's title; empty for the whole course.
    url : str
        The address of the page, or an empty text.

    Returns
    -------
    str
    """

    def tex(text):
        return re.sub(r"([&%$#_{}])", r"\\\1", str(text))

    def name(author):
        if "name" in author:  # a group: the second braces keep BibTeX from taking it apart
            return f"{{{tex(author['name'])}}}"
        return tex(f"{author['family-names']}, {author['given-names']}")

    fields = {
        "author": " and ".join(map(name, citation["authors"])),
        "title": f"{{{tex(citation['title'])}}}",
        "year": citation["date-released"].year,
        "note": tex(f"{f'Page “{title}”. ' if title else ''}Version {citation['version']}"),
        "url": url,
    }
    key = re.sub(r"[^a-z0-9]+", "-", citation["title"].split(":")[0].lower()).strip("-")
    lines = [f"  {field} = {{{text}}}," for field, text in fields.items() if text]
    return "\n".join([f"@misc{{{key},", *lines, "}"])


def set_site(app, config):
    """Read the addresses once; Sphinx writes canonical links when it knows the site's."""
    app.course_addresses = read(os.environ)
    if app.course_addresses.site:
        config.html_baseurl = app.course_addresses.site
    source = pathlib.Path(app.confdir, "CITATION.cff")
    app.course_citation = yaml.safe_load(source.read_text(encoding="utf-8"))


def add_links(app, pagename, templatename, context, doctree):
    """Give the templates the links of one page."""
    addresses = app.course_addresses
    context["course_runs"], context["course_addresses"] = [], addresses
    if doctree is None:  # the search and other pages without a source
        return
    source = app.env.doc2path(pagename, base=False)
    title = plain(context.get("title") or pagename)
    target = app.builder.get_target_uri(pagename)
    if source.endswith(".ipynb"):
        runs = (
            ("This browser", lite(app, pagename, source), "No installation; the first start is slow"),
            ("Binder", addresses.binder(source), "JupyterLab at mybinder.org; takes minutes to start"),
            ("Colab", addresses.colab(source), "Google's notebooks; needs an account"),
        )
        context["course_runs"] = [
            {"name": name, "href": href, "what": what} for name, href, what in runs if href
        ]
    context["course_edit"] = addresses.edit(source)
    context["course_report"] = addresses.report(title, target)
    whole = pagename == app.config.root_doc
    url = addresses.site + target if addresses.site else addresses.address
    context["course_cite"] = bibtex(app.course_citation, "" if whole else title, url)


def lite(app, pagename, source):
    """Return the link that opens a notebook in the reader's own browser; tools/lite.py makes its target."""
    root = app.builder.get_relative_uri(pagename, "index").removesuffix("index.html")
    return f"{root}lite/notebooks/index.html?{urlencode({'path': pathlib.PurePosixPath(source).name})}"


def with_colab_cell(notebook, addresses):
    """Return a notebook that starts with the cell that installs the course in Colab."""
    source = COLAB_CELL.format(address=addresses.address, branch=addresses.branch)
    cell = {"cell_type": "code", "id": "colab", "metadata": {}, "source": source}
    return notebook | {"cells": [cell | {"execution_count": None, "outputs": []}, *notebook["cells"]]}


def for_colab(notebook, addresses):
    """Return a chapter as Colab gets it: links, which Colab would look for among its own pages, are whole."""

    def address(file, fragment):
        if file.endswith(".ipynb"):
            return addresses.colab(f"notebooks/{file}")
        if addresses.site:
            return addresses.site + page_address(file, fragment)
        return f"{addresses.address}/blob/{quote(addresses.branch)}/{file.removeprefix('../')}"

    return with_colab_cell(with_links(notebook, address), addresses)


def write_colab(app, error):
    """Write the notebooks for Colab beside the site; the publishing workflow makes a branch of them.

    Colab opens notebooks from a branch only, and starts without the course. The chapters themselves stay
    without a cell that only one host needs.
    """
    if error or not (app.course_addresses.repository and app.course_addresses.colab_branch):
        return
    root = pathlib.Path(app.srcdir)
    folder = pathlib.Path(app.outdir).parent / "colab"
    for name in sorted(app.env.found_docs):
        source = root / app.env.doc2path(name, base=False)
        if source.suffix == ".ipynb":
            target = folder / source.relative_to(root)
            target.parent.mkdir(parents=True, exist_ok=True)
            notebook = for_colab(json.loads(source.read_text(encoding="utf-8")), app.course_addresses)
            target.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def setup(app):
    app.add_css_file("print.css", priority=900, media="print")
    app.add_js_file("links.js", loading_method="defer")
    app.connect("config-inited", set_site)
    app.connect("html-page-context", add_links, priority=900)
    app.connect("build-finished", write_colab)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
