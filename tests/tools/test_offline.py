"""The zip of the site: how its pages are written, and that equal files give equal bytes."""

import zipfile

import offline

# ---- without a browser ----


def test_the_mount_script_becomes_a_classic_script():
    text = (offline.ROOT / "book" / "assets" / "mount.js").read_text(encoding="utf-8")
    script = offline.classic_mount(text)
    assert "courseExplorers[name] ??" in script
    assert "import.meta" not in script  # neither this nor the next two may stand in a classic script
    assert "\nimport " not in script
    assert "\nexport " not in script


def test_every_explorer_becomes_a_classic_script():
    modules = sorted(
        path.stem
        for path in offline.EXPLORERS.glob("*.js")
        if "\nexport default " in path.read_text(encoding="utf-8")
    )
    assert "convolution" in modules
    for name in modules:
        script = offline.classic_explorer(name)
        assert script.startswith(f"(globalThis.courseExplorers ??= {{}}).{name} = ")
        assert "\nimport " not in script
        assert "\nexport " not in script


def test_a_page_loads_its_own_explorers_and_no_module():
    page = (
        '<link rel="preload" as="font" href="a.woff2" />\n'
        '<script fetchpriority="low" type="module" src="../_static/mount.js?v=1"></script>'
        '<figure class="x" data-explorer="relu" ></figure><figure id="a" data-explorer="relu"></figure>'
    )
    changed = offline.classic_scripts(page)
    assert changed.count('src="../_static/relu.js"') == 1
    assert changed.index("relu.js") < changed.index('src="../_static/mount.js"')
    assert "module" not in changed
    assert "preload" not in changed


RUN = '<details class="course-run"><ul><li><a href="../lite/a.html?path=1">Here</a></li>{}</ul></details>'


def test_the_run_menu_keeps_what_still_leads_somewhere():
    away = '<li><a href="https://example.org/b">There</a></li>'
    kept = offline.lead_out(RUN.format(away), "notebooks/a.html", set(), "")
    assert "There" in kept
    assert "Here" not in kept
    assert offline.lead_out(RUN.format(""), "notebooks/a.html", set(), "") == ""
    led = offline.lead_out(RUN.format(away), "notebooks/a.html", set(), "https://example.org/")
    assert 'href="https://example.org/lite/a.html?path=1"' in led
    assert away in led


def test_a_link_inside_the_zip_stays():
    page = '<a class="x" href="../book/intro.html#top">intro</a> <a href="#here">here</a>'
    assert offline.lead_out(page, "notebooks/a.html", {"book/intro.html"}, "") == page


def test_the_same_files_give_the_same_bytes(tmp_path):
    files = {"b.txt": b"two", "a/c.txt": b"one" * 100}
    offline.write(files, tmp_path / "1.zip")
    offline.write(dict(reversed(files.items())), tmp_path / "2.zip")
    assert (tmp_path / "1.zip").read_bytes() == (tmp_path / "2.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "1.zip") as archive:
        assert archive.read(f"{offline.NAME}/b.txt") == b"two"


def test_a_file_that_is_loaded_later_becomes_a_script():
    script = offline.classic_file("a.png", b"\x00\xff")
    assert script == '(globalThis.courseTexts ??= {})["a.png"] = "AP8=";\n'


def test_the_policy_of_a_page_allows_the_fonts_in_its_sheet():
    page = '<meta http-equiv="Content-Security-Policy" content="{}" />'
    before = page.format("default-src 'none'; font-src 'self'; connect-src 'self'")
    after = page.format("default-src 'none'; font-src 'self' data:; connect-src 'self'")
    assert offline.classic_scripts(before) == after
