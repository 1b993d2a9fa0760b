"""The WebAssembly of the page's engine: its bytes are what its text compiles to."""

import make_multiply
import pytest

# `make javascript` checks the same, and has npm at hand for certain.
compiler = pytest.mark.skipif(not make_multiply.COMPILER.exists(), reason="needs what npm ci brings")


@compiler
def test_the_bytes_are_what_the_text_compiles_to():
    assert make_multiply.MADE.read_text(encoding="utf-8") == make_multiply.module(make_multiply.TEXT)


@compiler
def test_another_text_gives_other_bytes(tmp_path):
    text = make_multiply.TEXT.read_text(encoding="utf-8")
    changed = tmp_path / "changed.wat"
    changed.write_text(text.replace("offset=16", "offset=20"), encoding="utf-8")
    assert make_multiply.module(changed) != make_multiply.module(make_multiply.TEXT)
    changed.write_text(text.replace(";;", ";; again"), encoding="utf-8")  # a comment is no instruction
    assert make_multiply.module(changed) == make_multiply.module(make_multiply.TEXT)


def test_where_the_compiler_is_missing_it_says_what_brings_it(tmp_path, monkeypatch):
    monkeypatch.setattr(make_multiply, "COMPILER", tmp_path / "wat2wasm")
    with pytest.raises(SystemExit, match="npm ci"):
        make_multiply.module(make_multiply.TEXT)
