"""The one script of a page: in the order of those that it replaces, and the same after a second build."""

import types

import course_scripts
import pytest

HEAD = """<head>
    <script src="{up}_static/at-once.js"></script>
    <script defer="defer" src="{up}_static/first.js?v=1"></script>
    <script type="module" src="{up}_static/module.js"></script>
    <script defer="defer" src="{up}_static/theme/second.js"></script>
</head>"""
TAIL = '<script defer src="{up}_static/last.js?digest=2"></script>'


@pytest.fixture
def out(tmp_path):
    """Write a small site: two pages with the same scripts, one with fewer, one of somebody else's."""
    static = tmp_path / "html" / "_static"
    (static / "theme").mkdir(parents=True)
    for name in ("at-once", "first", "module", "theme/second", "last"):
        (static / f"{name}.js").write_text(f'order.push("{name}")')  # no semicolon
    for page, up, text in (
        ("index.html", "", HEAD + TAIL),
        ("notebooks/one.html", "../", HEAD + TAIL),
        ("notebooks/two.html", "../", HEAD),
        ("lite/index.html", "../", '<script defer src="{up}lite-notice.js"></script>'),
    ):
        path = tmp_path / "html" / page
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace("{up}", up))
    (tmp_path / "html" / "lite-notice.js").write_text("")
    return tmp_path / "html"


def join(out):
    course_scripts.join(
        types.SimpleNamespace(outdir=str(out), builder=types.SimpleNamespace(format="html")), None
    )
    return {page.relative_to(out).as_posix(): page.read_text() for page in out.rglob("*.html")}


def linked(out, page, html):
    tags, files = course_scripts.deferred(out / page, html, out / "_static")
    return tags, [file.relative_to(out / "_static").as_posix() for file in files]


def test_the_scripts_that_wait_become_one_in_their_order(out):
    pages = join(out)
    for page, names in (
        ("index.html", ["first.js", "theme/second.js", "last.js"]),
        ("notebooks/one.html", ["first.js", "theme/second.js", "last.js"]),
        ("notebooks/two.html", ["first.js", "theme/second.js"]),
    ):
        (tag,), files = linked(out, page, pages[page])
        assert files == names
        assert 'defer="defer"' in tag
        assert "at-once.js" in pages[page]
        assert "module.js" in pages[page]
    assert len(list((out / "_static").glob("course-*.js"))) == 2  # pages of a kind share theirs
    assert "lite-notice.js" in pages["lite/index.html"]


def test_a_script_without_its_last_semicolon_calls_nothing(out):
    (page,) = course_scripts.SCRIPT.findall(join(out)["notebooks/two.html"])
    text = (out / "notebooks" / page).read_text()
    assert text.replace("\n", " ").count('"first") ; // ---- theme/second.js order.push') == 1


def test_a_second_build_writes_the_same(out):
    before = join(out)
    assert join(out) == before
    (out / "_static" / "last.js").write_text("order.push('new')")
    page = join(out)["index.html"]
    (address,) = course_scripts.SCRIPT.findall(page)
    assert "'new'" in (out / address).read_text()


def test_what_measures_the_page_waits_for_its_first_frame(out):
    static = out / "_static"
    (static / "pydata-sphinx-theme.js").write_text("(() => { measure(); })(); // its end")
    text = course_scripts.joined([static / "first.js", static / "pydata-sphinx-theme.js"], static)
    assert text.index('push("first")') < text.index("new IntersectionObserver(") < text.index("measure()")
    assert text.endswith("measure(); })(); \n}).observe(document.body);")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("// first\nlet a = 1; // one\n", "let a = 1;\n"),
        ("return/* nothing */a", "return a"),
        ("a\n/* an end of a line ends a statement */b", "a\nb"),
        ("/**\n * @param {number} x\n */\n  function f(x) {\n\n    g();\n  }", "function f(x) {\ng();\n}"),
        ('go("// no comment", `/* nor\n\n  this */`)', 'go("// no comment", `/* nor\n\n  this */`)'),
        ("text.split(/[/]{2}  x/g) // a pattern", "text.split(/[/]{2}  x/g) "),
        ("a / b / c // twice", "a / b / c "),
        ("/*! Copyright of somebody */\n  a", "/*! Copyright of somebody */\na"),
        ("`${a /* inside */ + b}`", "`${a + b}`"),
    ],
)
def test_a_page_gets_scripts_without_comments(written, sent):
    assert course_scripts.without_comments(written) == sent
    assert course_scripts.without_comments(sent) == sent


def test_our_scripts_come_to_a_page_without_comments(out):
    copy = out / "_static" / "mount.js"
    source = (course_scripts.OURS / "mount.js").read_text(encoding="utf-8")
    copy.write_text(source)
    join(out)
    assert "/**" in source
    assert copy.read_text() == course_scripts.without_comments(source)
