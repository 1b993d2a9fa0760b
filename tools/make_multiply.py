"""Compile the engine's products of matrices (needs what `npm ci` brings).

    python tools/make_multiply.py            # writes src/alexnet_course/multiply_bytes.js
    python tools/make_multiply.py --check    # says whether that file is what the text gives

The text is `multiply.wat`; wabt, the WebAssembly binary toolkit, makes 500 bytes of it. They stand in a
module of their own, because an explorer in a notebook is one text, without files beside it.
"""

import argparse
import base64
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[1]
COMPILER = ROOT / "node_modules" / ".bin" / "wat2wasm"
TEXT = ROOT / "src" / "alexnet_course" / "multiply.wat"
MADE = ROOT / "src" / "alexnet_course" / "multiply_bytes.js"


def module(text):
    """Return the JavaScript module that holds what a WebAssembly text compiles to."""
    if not COMPILER.exists():
        raise SystemExit("wat2wasm is missing: npm ci brings it")
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder, "made.wasm")
        subprocess.run([COMPILER, text, "-o", made], check=True)
        coded = base64.b64encode(made.read_bytes()).decode()
    return (
        "/** The compiled multiply.wat, by tools/make_multiply.py: change that text, not this one. */\n"
        "// prettier-ignore\n"
        f'export const BYTES = "{coded}";\n'
    )


def main():
    """Write the module, or check it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where it would change")
    made = module(TEXT)
    if not parser.parse_args().check:
        MADE.write_text(made, encoding="utf-8")
    elif MADE.read_text(encoding="utf-8") != made:
        sys.exit(f"{MADE.name} is not what {TEXT.name} compiles to: run python tools/make_multiply.py")


if __name__ == "__main__":
    main()
