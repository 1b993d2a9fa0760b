"""Where the course lives: addresses from the environment, their links, and a small book built with both."""

import doctest
import json
import os
import posixpath
import shutil
import subprocess
import sys
import types
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import bs4
import course_files
import course_links
import nbformat
import pytest
import yaml
from course_links import Addresses, bibtex
from helpers import ROOT
from sphinx.errors import ConfigError

CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
FORK = {
    "COURSE_REPOSITORY": "ann/fork",
    "COURSE_BRANCH": "next/term",
    "COURSE_COLAB_BRANCH": "colab",
    "COURSE_SITE": "https://ann.github.io/fork",
}
HOSTS = ("github.com/", "mybinder.org", "colab.research", "github.io")


# ---- the addresses ----


@pytest.mark.parametrize("module", [course_links, course_files])
def test_the_examples_are_true(module):
    tried = doctest.testmod(module)
    assert tried.attempted > 0
    assert tried.failed == 0


def test_a_fork_is_read_from_the_environment():
    assert course_links.read(FORK) == Addresses(
        "ann/fork", "next/term", "colab", "https://ann.github.io/fork/"
    )


@pytest.mark.parametrize(
    "text",
    [
        "ann/fork",
        "https://github.com/ann/fork",
        "https://github.com/ann/fork/",
        " https://github.com/ann/fork.git",
    ],
)
def test_a_repository_may_be_named_in_every_usual_way(text):
    assert course_links.read({"COURSE_REPOSITORY": text}).repository == "ann/fork"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("COURSE_REPOSITORY", "fork"),
        ("COURSE_REPOSITORY", "https://example.org/ann/fork"),
        ("COURSE_REPOSITORY", 'ann/"><script>'),
        ("COURSE_BRANCH", "main; ls"),
        ("COURSE_COLAB_BRANCH", "-f"),
        ("COURSE_SITE", "ann.github.io"),
        ("COURSE_SITE", "javascript:alert(1)"),
        ("COURSE_SITE", "https://ann.github.io/?a=1"),
    ],
)
def test_a_wrong_address_is_named(name, value):
    with pytest.raises(ConfigError, match=rf"{name} is .*; it must be"):
        course_links.read({name: value})


def test_without_addresses_there_are_no_links():
    nobody = course_links.read({"COURSE_REPOSITORY": "  "})
    path = "notebooks/06_pooling.ipynb"
    assert not any([nobody.binder(path), nobody.colab(path), nobody.edit(path), nobody.report("a", "b.html")])
    assert not Addresses("ann/fork").colab(path)  # no branch holds its notebooks


def test_a_report_names_the_page():
    address = urlsplit(course_links.read(FORK).report("Max pooling & more", "notebooks/06_pooling.html"))
    assert address.path == "/ann/fork/issues/new"
    query = parse_qs(address.query)
    assert query["title"] == ["Max pooling & more: "]
    assert "https://ann.github.io/fork/notebooks/06_pooling.html" in query["body"][0]


# ---- the citation ----


def test_the_citation_comes_from_its_file():
    entry = bibtex(CITATION, "Layers & more", "https://example.org/a.html")
    assert CITATION["title"] in entry
    assert CITATION["authors"][0]["name"] in entry
    assert str(CITATION["version"]) in entry
    assert r"Layers \& more" in entry
    assert "url = {https://example.org/a.html}" in entry
    assert entry.count("{") - entry.count("\\{") == entry.count("}") - entry.count("\\}")


def test_pybtex_reads_the_entry():
    from pybtex.database import parse_string

    person = {"family-names": "Noether", "given-names": "Emmy"}
    entry = parse_string(bibtex(CITATION | {"authors": [person]}), "bibtex").entries["alexnet-from-scratch"]
    assert str(entry.persons["author"][0]) == "Noether, Emmy"
    assert entry.fields["year"] == str(CITATION["date-released"].year)
    assert "url" not in entry.fields


# ---- Colab ----


def colab_cell():
    notebook = {"cells": [{"cell_type": "markdown"}], "metadata": {}}
    return course_links.with_colab_cell(notebook, course_links.read(FORK))["cells"][0]


@pytest.mark.parametrize("on_colab", [True, False])
def test_the_first_cell_installs_the_course_in_colab_and_nowhere_else(monkeypatch, on_colab):
    from IPython.core.interactiveshell import InteractiveShell

    asked = []
    shell = InteractiveShell()
    shell.register_magic_function(lambda line: asked.append(line), "line", "pip")
    if on_colab:
        monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    shell.run_cell(colab_cell()["source"]).raise_error()
    assert asked == (["install --quiet git+https://github.com/ann/fork@next/term"] if on_colab else [])


@pytest.mark.parametrize(
    ("site", "page"),
    [
        ("https://ann.github.io/fork", "https://ann.github.io/fork/book/references.html#k12"),
        ("", "https://github.com/ann/fork/blob/next/term/book/references.md"),
    ],
)
def test_links_of_a_notebook_in_colab_are_whole(site, page):
    text = "[chapter 4, ReLU](04_relu.ipynb), [[Krizhevsky et al., 2012]](../book/references.md#K12)"
    notebook = {"cells": [{"cell_type": "markdown", "source": text}], "metadata": {}}
    copy = course_links.for_colab(notebook, course_links.read(FORK | {"COURSE_SITE": site}))
    chapter = "https://colab.research.google.com/github/ann/fork/blob/colab/notebooks/04_relu.ipynb"
    assert copy["cells"][1]["source"] == text.replace("04_relu.ipynb", chapter).replace(
        "../book/references.md#K12", page
    )


# ---- a small book, with and without addresses ----


def build(folder, environment):
    """Build a page and a chapter with the book's own configuration; return the folder of the site."""
    shutil.copytree(ROOT / "book", folder / "book", ignore=shutil.ignore_patterns("*.md", "__pycache__"))
    for name in ("_config.yml", "CITATION.cff"):
        shutil.copy(ROOT / name, folder)
    (folder / "_toc.yml").write_text(
        "format: jb-book\nroot: book/intro\nchapters:\n  - file: notebooks/06_pooling\n"
    )
    (folder / "book" / "intro.md").write_text("# The course\n\nA first paragraph that says what it is.\n")
    chapter = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_markdown_cell("# Max *pooling*\n\nThe maximum.")]
    )
    (folder / "notebooks").mkdir()
    nbformat.write(chapter, folder / "notebooks" / "06_pooling.ipynb")
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("*.py", "data", "practice"))
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COURSE_")}
    command = [Path(sys.executable).with_name("jupyter-book"), "build", "--all", "."]
    subprocess.run(command, cwd=folder, env=clean | environment, check=True, capture_output=True, timeout=120)
    return folder / "_build" / "html"


@pytest.fixture(scope="module")
def fork_site(tmp_path_factory):
    """The small book of a fork."""
    return build(tmp_path_factory.mktemp("fork"), FORK)


@pytest.fixture(scope="module")
def plain_site(tmp_path_factory):
    """The small book of nobody in particular."""
    return build(tmp_path_factory.mktemp("plain"), {})


def page(site, name):
    return bs4.BeautifulSoup((site / name).read_text(encoding="utf-8"), "html.parser")


def links(site, name):
    return {link.get_text(strip=True): link["href"] for link in page(site, name).find_all("a", href=True)}


def test_a_forks_chapter_launches_edits_and_reports_to_the_fork(fork_site):
    found = links(fork_site, "notebooks/06_pooling.html")
    path = "notebooks/06_pooling.ipynb"
    assert found["This browser"] == "../lite/notebooks/index.html?path=06_pooling.ipynb"
    assert (
        found["Binder"]
        == "https://mybinder.org/v2/gh/ann/fork/next%2Fterm?labpath=notebooks%2F06_pooling.ipynb"
    )
    assert found["Colab"] == f"https://colab.research.google.com/github/ann/fork/blob/colab/{path}"
    assert found["Edit this page"] == f"https://github.com/ann/fork/edit/next/term/{path}"
    assert found["Report a mistake"].startswith(
        "https://github.com/ann/fork/issues/new?title=6%20Max%20pooling"
    )
    assert found["Notebook"] == f"../_sources/{path}"
    assert (fork_site / "_sources" / path).is_file()


def test_a_page_that_is_no_notebook_does_not_launch(fork_site):
    found = links(fork_site, "book/intro.html")
    assert not {"This browser", "Binder", "Colab", "Notebook"} & set(found)
    assert found["Edit this page"].endswith("/edit/next/term/book/intro.md")


def test_a_forks_pages_know_their_address(fork_site):
    chapter = page(fork_site, "notebooks/06_pooling.html")
    address = "https://ann.github.io/fork/notebooks/06_pooling.html"
    assert chapter.find("link", rel="canonical")["href"] == address
    assert chapter.find("meta", property="og:url")["content"] == address
    picture = chapter.find("meta", property="og:image")["content"]
    assert picture == "https://ann.github.io/fork/_static/preview.png"
    assert (fork_site / "_static" / "preview.png").is_file()
    assert address in chapter.find(class_="page-links").pre.get_text()
    places = ElementTree.parse(fork_site / "sitemap.xml").getroot().findall("{*}url/{*}loc")
    assert {place.text for place in places} == {address, "https://ann.github.io/fork/book/intro.html"}
    assert "Sitemap: https://ann.github.io/fork/sitemap.xml" in (fork_site / "robots.txt").read_text()


def test_the_notebooks_for_colab_are_written_beside_the_site(fork_site):
    path = fork_site.parent / "colab" / "notebooks" / "06_pooling.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    nbformat.validate(notebook)
    assert [cell["cell_type"] for cell in notebook["cells"]] == ["code", "markdown"]
    assert "ann/fork@next/term" in notebook["cells"][0]["source"]


@pytest.mark.parametrize("name", ["book/intro.html", "notebooks/06_pooling.html", "search.html", "404.html"])
def test_without_addresses_no_button_leads_nowhere(plain_site, name):
    assert [href for href in links(plain_site, name).values() if any(host in href for host in HOSTS)] == []
    menu = page(plain_site, name).find(class_="course-run")
    shown = [link.get_text() for link in menu.find_all("a")] if menu else []
    assert shown == (["This browser"] if name.startswith("notebooks/") else [])
    assert page(plain_site, name).find("link", rel="canonical") is None
    assert page(plain_site, name).find("meta", property="og:url") is None


def test_without_addresses_what_needs_none_is_there(plain_site):
    chapter = page(plain_site, "notebooks/06_pooling.html")
    assert (
        links(plain_site, "notebooks/06_pooling.html")["Notebook"] == "../_sources/notebooks/06_pooling.ipynb"
    )
    assert chapter.find("button", class_="print-button")
    assert "Page “6 Max pooling”" in chapter.find(class_="page-links").pre.get_text()
    assert not (plain_site / "sitemap.xml").exists()
    assert not (plain_site / "robots.txt").exists()
    assert not (plain_site.parent / "colab").exists()


def test_the_index_is_the_first_page_and_leads_where_it_leads(plain_site):
    index, first = page(plain_site, "index.html"), page(plain_site, "book/intro.html")
    assert index.h1.get_text() == first.h1.get_text()
    assert index.html["data-content_root"] == "./"
    for name in ("href", "src", "action"):
        ours, theirs = ([element[name] for element in text.select(f"[{name}]")] for text in (index, first))
        meant = [
            where
            if where.startswith(("#", "data:")) or "://" in where
            else posixpath.normpath(f"book/{where}")
            for where in theirs
        ]
        assert ours == meant


@pytest.mark.parametrize(("site", "root"), [("fork_site", "/fork/"), ("plain_site", "/")])
def test_the_page_for_lost_readers_works_from_any_path(request, site, root):
    lost = page(request.getfixturevalue(site), "404.html")
    named = [(element.name, element.get("href") or element.get("src")) for element in lost.find_all(True)]
    inside = [where for _, where in named if where and not where.startswith(("https:", "#"))]
    assert inside
    assert [where for where in inside if not where.startswith(root)] == []
    for where in inside:
        assert (request.getfixturevalue(site) / where.removeprefix(root).split("?")[0]).is_file()
    assert lost.form["action"] == f"{root}search.html"
    assert lost.find("meta", attrs={"name": "robots"})["content"] == "noindex"
