"""The one style sheet: what it keeps, what it drops, and where its addresses lead."""

import pathlib
import types

import course_styles
import pytest
import tinycss2


def pruned(css, words=frozenset()):
    return course_styles.pruned(tinycss2.parse_stylesheet(css, True, True), words)


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        (".a { color: red }", ".a{color: red}"),
        (".b { color: red }", ""),
        (".a, .b, p { color: red }", ".a,p{color: red}"),
        (".a .b { color: red }", ""),
        ("#b { color: red }", ""),
        ("p:not(.b) { color: red }", "p:not(.b){color: red}"),
        (":is(.b, p) { color: red }", ":is(.b, p){color: red}"),
        ("a[href='.b'] { color: red }", ""),  # taken for a class: no harm, the course has no such rule
        ("@media print { .b { color: red } }", ""),
        ("@media print { .a { color: red } .b { color: red } }", "@media print{.a{color: red}}"),
        ("@keyframes b { to { top: 0 } }", "@keyframes b{to { top: 0 }}"),
        ("@font-face { font-family: b }", "@font-face{font-family: b}"),
        ('@charset "utf-8"; p { color: red }', "p{color: red}"),
        (":root { --b: 1 /* why */ }", ":root{--b: 1}"),
    ],
)
def test_rules_that_cannot_match_are_dropped(css, kept):
    assert pruned(css, {"a"}) == kept


def test_a_sheet_that_cannot_be_read_is_an_error():
    with pytest.raises(ValueError, match="a style sheet cannot be read"):
        pruned("p { color: red } }")


def test_our_own_rules_stay_whole():
    assert pruned(".made-in-a-script, p { top: 0 /* why */ }", words=None) == ".made-in-a-script,p{top: 0}"


def test_rules_that_stand_elsewhere_are_left_out():
    rules = tinycss2.parse_stylesheet(
        ".a p, .b { top: 0 } @media print { .a { top: 0 } .b { top: 0 } }", True, True
    )
    assert course_styles.pruned(rules, None, without={"a"}) == ".b{top: 0}\n@media print{.b{top: 0}}"


def test_a_font_whose_file_is_nowhere_is_dropped(tmp_path):
    (tmp_path / "here.woff2").touch()
    here, lost = (f'@font-face{{src: url("{name}.woff2")}}\n' for name in ("here", "lost"))
    assert course_styles.without_lost_fonts(lost + here + "p{top: 0}", tmp_path) == here + "p{top: 0}"


def test_names_come_from_attributes_of_pages_and_from_scripts():
    page = "<p class=\"a b-c\" id='d'><i class=e>prose</i></p>"
    words = course_styles.words_of([page], ["element.className = `f ${g}`"])
    assert {"a", "b-c", "d", "e", "f"} <= words
    assert "prose" not in words


@pytest.mark.parametrize(
    ("css", "kept"),
    [
        ("p{--a:1;top:0}", "p{top:0}"),
        ("p{top:0;--a:1}", "p{top:0;}"),
        ("p{--a:1}", ""),
        ("p{--a: url('x;}') ;top:0}", "p{top:0}"),
        ("p{--a:1;top:var(--a)}", "p{--a:1;top:var(--a)}"),
        ("p{--a:1;top:var( --a, 2)}", "p{--a:1;top:var( --a, 2)}"),
        ("p{--a:1;--b:var(--a);top:0}", "p{top:0}"),
        ("p{--from-script:1}", "p{--from-script:1}"),
        ("@media print{p{--a:1;top:0}}", "@media print{p{top:0}}"),
    ],
)
def test_variables_that_nothing_reads_are_dropped(css, kept):
    scripts = ['getComputedStyle(element).getPropertyValue("--from-script")']
    assert course_styles.without_unread_variables(css + "\n", scripts).strip() == kept


def site(tmp_path):
    """Write a small site with two pages and return its folder."""
    out, static = tmp_path / "html", tmp_path / "html" / "_static"
    (static / "styles").mkdir(parents=True)
    (out / "notebooks").mkdir()
    (tmp_path / "own").mkdir()
    for folder in (static, tmp_path / "own"):
        (folder / "own.css").write_text(".made-in-a-script { top: 0 }")
        (folder / "explorer.css").write_text(
            ".figure-of-one { top: 1px } .figure-of-one .inside { top: 2px }"
        )
    (static / "basic.css").write_text(".a { background: url(a.png) } .b { top: 0 }")
    (static / "styles" / "theme.css").write_text(
        '@import "../basic.css"; .a { background: url(../fonts/x.woff2) } .a { mask: url("data:x") }'
    )
    (static / "styles" / "extension.css").write_text(".d { top: 0 }")
    (static / "page.js").write_text("element.className = 'c'; find('.tooltip')")
    (static / "data.js").write_text("words = ['e']")  # loaded later, if at all
    (static / "extra.css").write_text(".c { top: 0 } .e { top: 0 } .tooltip { top: 0 }")
    links = ("styles/theme.css", "styles/extension.css", "explorer.css", "own.css?v=1", "extra.css")
    head = "".join(f'<link rel="stylesheet" href="{{up}}_static/{name}" />\n' for name in links)
    noscript = '<noscript><link rel="stylesheet" href="{up}_static/plain.css" /></noscript>'
    paper = '<link media="print" rel="stylesheet" href="{up}_static/print.css" />'
    for page, up in (("index.html", ""), ("notebooks/one.html", "../")):
        script = '<script src="{up}_static/page.js"></script>'
        figure = "<figure class=figure-of-one data-explorer=one>" if up else ""
        text = f"<head>{noscript}{paper}{head}{script}</head><p class='a'>{figure}"
        (out / page).write_text(text.replace("{up}", up))
    return out


def combine(out, tmp_path, monkeypatch):
    """Run the extension on the site, and return the text of its sheet."""
    monkeypatch.setattr(course_styles, "ROOT", tmp_path)
    monkeypatch.setattr(course_styles, "EXPLORERS", tmp_path / "explorers")
    (tmp_path / "explorers").mkdir(exist_ok=True)
    (tmp_path / "explorers" / "explorer.css").touch()
    config = types.SimpleNamespace(html_static_path=["own", str(out / "_static" / "styles")])
    builder = types.SimpleNamespace(format="html")
    course_styles.combine(types.SimpleNamespace(outdir=str(out), config=config, builder=builder), None)
    return (out / "_static" / "course.css").read_text()


def test_all_pages_share_one_sheet(tmp_path, monkeypatch):
    out = site(tmp_path)
    css = combine(out, tmp_path, monkeypatch)
    assert css.index('url("a.png")') < css.index('url("fonts/x.woff2")') < css.index('url("data:x")')
    assert ".b" not in css
    assert ".d" not in css  # an extension's static folder is none of ours
    assert ".made-in-a-script" in css
    assert ".c{top: 0}" in css
    assert ".e" not in css
    assert ".tooltip" not in css
    for page, start in (("index.html", "_static/"), ("notebooks/one.html", "../_static/")):
        text = (out / page).read_text()
        links = [pathlib.PurePosixPath(address).name for address in course_styles.HREF.findall(text)]
        assert links == [
            "plain.css",
            "print.css",
            "course.css",
            *(["explorers.css"] if start == "../_static/" else []),
        ]
        assert f'href="{start}course.css?v=' in text


def test_what_explorers_look_like_comes_later_and_their_place_at_once(tmp_path, monkeypatch):
    out = site(tmp_path)
    css = combine(out, tmp_path, monkeypatch)
    assert ".figure-of-one{top: 1px}" in css
    assert ".inside" not in css
    assert (out / "_static" / "explorers.css").read_text() == ".figure-of-one .inside{top: 2px}"
    (link,) = course_styles.LATER.findall((out / "notebooks" / "one.html").read_text())
    assert 'media="not all"' in link


@pytest.mark.parametrize("rewritten", [(), ("index.html",), ("index.html", "notebooks/one.html")])
def test_a_second_build_writes_the_same_sheet(tmp_path, monkeypatch, rewritten):
    out = site(tmp_path)
    fresh = {page: (out / page).read_text() for page in rewritten}
    css = combine(out, tmp_path, monkeypatch)
    pages = {page: page.read_text() for page in out.rglob("*.html")}
    for page, text in fresh.items():
        (out / page).write_text(text)
    assert combine(out, tmp_path, monkeypatch) == css
    assert {page: page.read_text().split() for page in pages} == {
        page: text.split() for page, text in pages.items()
    }
