"""A page with explorers, served on loopback without the book, for the browser tests."""

import contextlib
import pathlib
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

from alexnet_course.explorers.kit.base import FOLDER

ASSETS = pathlib.Path(__file__).parents[1] / "book" / "assets"
FOLDERS = (FOLDER, FOLDER.parent, ASSETS)
PAGE = """<!doctype html><html lang="en" data-theme="{theme}">
<head><meta charset="utf-8"><title>Explorers</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
{sheets}<script type="module" src="/_static/mount.js"></script>
<style>body {{ margin: 0 auto; max-width: 44rem; padding: 0 16px; font-family: system-ui, sans-serif }}
html {{ background: var(--paper); color: var(--ink) }}</style>
</head><body><main><h1>Explorers</h1>{figures}</main></body></html>"""


def page(*explorers, theme="light"):
    """Return a page with the figures of these explorers."""
    names = ["palette", "kit/explorer", *dict.fromkeys(explorer._module for explorer in explorers)]
    return PAGE.format(
        theme=theme,
        sheets="".join(f'<link rel="stylesheet" href="/_static/{name}.css">' for name in names),
        figures="".join(explorer._figure() for explorer in explorers),
    )


@contextlib.contextmanager
def serve(pages):
    """Serve `pages` (name to HTML) and the explorers' files; gives the address."""

    class Handler(SimpleHTTPRequestHandler):
        extensions_map = {
            ".js": "text/javascript",
            ".json": "application/json",
            ".css": "text/css",
            "": "application/octet-stream",
        }

        def do_GET(self):
            name = self.path.split("?")[0].lstrip("/")
            if name in pages:
                body, kind = pages[name].encode(), "text/html; charset=utf-8"
            else:
                file = pathlib.PurePosixPath(name.removeprefix("_static/"))
                found = [folder / file for folder in FOLDERS if (folder / file).is_file()]
                if not name.startswith("_static/") or ".." in file.parts or not found:
                    self.send_error(404)
                    return
                body, kind = found[0].read_bytes(), self.guess_type(file.name)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()
