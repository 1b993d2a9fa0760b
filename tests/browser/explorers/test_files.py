"""The files that an explorer loads when asked: over http, from a file, from Python; and what is refused."""

import json

import offline
import pytest
from helpers import ROOT

from alexnet_course.explorers.kit import files
from alexnet_course.explorers.kit.base import inline

NAME = "coffee.png"
CODE = f"""async (given) => {{
  {inline("kit/files.js")}
  const model = {{ address: (file) => new URL(file, location.href).href }};
  const words = async (name) => {{
    try {{
      const bytes = await loadFile(model, name, (share) => shares.push(share));
      return [bytes.byteLength, new Uint8Array(bytes)[1]];
    }} catch (error) {{ return error.message; }}
  }};
  const shares = [];
  %s
}}"""
STRANGE = (
    f"{NAME} is not the file that was meant: it is truncated, altered, or of another version of the course."
)
COFFEE = [len(files.content(NAME)), ord("P")]


@pytest.fixture
def folder(tmp_path):
    """A page with its files, as the site and the zip have them."""
    (tmp_path / "index.html").write_text("<!doctype html><link rel=icon href='data:,'><title>Files</title>")
    (tmp_path / "_headers").write_text((ROOT / "book" / "_headers").read_text(encoding="utf-8"))
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / NAME).write_bytes(files.content(NAME))
    (tmp_path / "files" / f"{NAME}.js").write_text(offline.classic_file(NAME, files.content(NAME)))
    return tmp_path


def test_a_file_comes_over_http_piece_by_piece_and_once(in_browser, serve, folder):
    found = in_browser(
        serve(folder),
        CODE
        % f"""const first = await words("{NAME}"), told = [...shares];
        globalThis.fetch = () => {{ throw new Error("asked again"); }};
        return {{ first, told, again: await words("{NAME}") }};""",
    )
    assert found["first"] == found["again"] == COFFEE
    assert found["told"] == sorted(found["told"])
    assert found["told"][-1] == 1


def test_a_page_from_a_file_gets_it_from_a_script(in_browser, folder):
    address = (folder / "index.html").as_uri()
    assert in_browser(address, CODE % f'return [await words("{NAME}"), await words("rocket.png")];') == [
        COFFEE,
        "rocket.png is not beside this page.",
    ]


@pytest.mark.parametrize(
    "change",
    [lambda data: data[:-7], lambda data: data + b"more", lambda data: data[:900] + b"!" + data[901:]],
    ids=["truncated", "longer", "altered"],
)
def test_a_file_that_is_not_the_one_that_was_meant_is_refused(in_browser, serve, folder, change):
    file = folder / "files" / NAME
    file.write_bytes(change(files.content(NAME)))
    assert in_browser(serve(folder), CODE % f'return await words("{NAME}");') == STRANGE


def test_what_failed_can_be_asked_for_again(in_browser, serve, folder):
    found = in_browser(
        serve(folder),
        CODE
        % f"""const real = globalThis.fetch;
        globalThis.fetch = async () => {{ throw new TypeError("Failed to fetch"); }};
        const gone = await words("{NAME}");
        globalThis.fetch = real;
        return [await words("rocket.png"), gone, await words("{NAME}")];""",
    )
    assert found == [
        "rocket.png did not come: the site answers 404.",
        f"{NAME} did not come: there is no connection to this site.",
        COFFEE,
    ]


def test_in_a_notebook_python_sends_it(in_browser, serve, folder):
    found = in_browser(
        serve(folder),
        CODE
        % f"""const listeners = new Set();
        const asked = [];
        delete model.address;
        const nobody = await words("{NAME}");
        const coffee = await (await fetch("files/{NAME}")).arrayBuffer();
        const padded = new Uint8Array(coffee.byteLength + 5);
        padded.set(new Uint8Array(coffee), 5);
        Object.assign(model, {{
          on: (event, listener) => event === "msg:custom" && listeners.add(listener),
          off: (event, listener) => listeners.delete(listener),
          send: (content) => {{
            asked.push(content);
            for (const listener of listeners) listener({{ file: "another" }}, []);
            for (const listener of listeners) listener(content, [new DataView(padded.buffer, 5)]);
          }},
        }});
        return [nobody, await words("{NAME}"), asked, listeners.size];""",
    )
    assert found == [
        f"{NAME} cannot come: no Python and no site is behind this page.",
        COFFEE,
        [{"file": NAME}],
        0,
    ]


def test_where_no_hash_can_be_computed_the_length_is_compared(in_browser, serve, folder):
    without = 'Object.defineProperty(crypto, "subtle", { value: undefined });'
    assert in_browser(serve(folder), CODE % f'{without} return await words("{NAME}");') == COFFEE
    (folder / "files" / NAME).write_bytes(files.content(NAME)[:-1])
    assert in_browser(serve(folder), CODE % f'{without} return await words("{NAME}");') == STRANGE


def test_the_sizes_are_known_before(in_browser, serve, folder):
    found = in_browser(serve(folder), CODE % f"return {json.dumps(files.NAMES)}.map(sizeOf);")
    assert found == [len(files.content(name)) for name in files.NAMES]
