"""Serve the built site on this machine and open it in the browser, if there is one.

Usage: python tools/serve.py [--port PORT]     (0, the default, takes any free port)
"""

import argparse
import contextlib
import fnmatch
import functools
import gzip
import http.server
import io
import pathlib
import sys
import webbrowser

SITE = pathlib.Path(__file__).parent.parent / "_build" / "html"


# What public hosts compress on the way.
COMPRESSED = (
    ".css",
    ".html",
    ".ipynb",
    ".js",
    ".json",
    ".mjs",
    ".svg",
    ".txt",
    ".wasm",
    ".webmanifest",
    ".xml",
)


@functools.lru_cache(maxsize=512)
def compressed(path, changed):
    """Return a file, compressed; `changed` is when it was written, so that a new one is not taken for it."""
    return gzip.compress(pathlib.Path(path).read_bytes(), 6)


@functools.cache
def security_headers(folder):
    """Return [(pattern of paths, name, value), …] of the file _headers of a site, if it has one.

    The book is looked at, and tested, under the headers that it asks hosts for.
    """
    file, rules, pattern = pathlib.Path(folder, "_headers"), [], "/*"
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else []:
        if line.startswith("/"):
            pattern = line.strip()
        elif line.strip() and not line.startswith("#"):
            name, value = line.strip().split(": ", 1)
            rules.append((pattern, name, value))
    return rules


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files compressed, as public hosts do, but lets no browser keep old ones; says nothing of it."""

    protocol_version = "HTTP/1.1"  # a connection serves more than one file
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {
        ".js": "text/javascript",
        ".mjs": "text/javascript",
        ".woff2": "font/woff2",
        ".webp": "image/webp",
        ".wasm": "application/wasm",
    }

    def log_message(self, *arguments):
        """Stay silent."""

    def end_headers(self):
        """Ask the browser to look again after each build, and add what _headers says."""
        self.send_header("Cache-Control", "no-cache")
        path = self.path.split("?")[0]
        for pattern, name, value in security_headers(self.directory):
            if fnmatch.fnmatchcase(path, pattern):
                self.send_header(name, value)
        super().end_headers()

    def send_head(self):
        """Answer with the file as it travels best."""
        path = pathlib.Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() and self.path.split("?")[0].endswith("/") else path
        accepted = "gzip" in self.headers.get("Accept-Encoding", "")
        if not (accepted and path.suffix in COMPRESSED and path.is_file()):
            return super().send_head()
        changed = path.stat().st_mtime
        written = self.date_time_string(changed)
        if self.headers.get("If-Modified-Since") == written:
            self.send_response(http.HTTPStatus.NOT_MODIFIED)
            self.end_headers()
            return None
        body = compressed(path, changed)
        self.send_response(http.HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", written)
        self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        return io.BytesIO(body)

    def send_error(self, code, message=None, explain=None):
        """Answer with the site's own page when nothing stands at the address."""
        page = pathlib.Path(self.directory, "404.html")
        if code != http.HTTPStatus.NOT_FOUND or not page.is_file():
            return super().send_error(code, message, explain)
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)
        return None


class Server(http.server.ThreadingHTTPServer):
    """A server that does not mind when a browser turns away in the middle of an answer."""

    def handle_error(self, request, client_address):
        """Report what went wrong, unless the other side only left."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def make_server(folder, port=0):
    """Return a server of `folder` on 127.0.0.1, not yet running.

    Raises
    ------
    OSError
        The port is taken.
    """
    handler = functools.partial(Handler, directory=str(folder))
    return Server(("127.0.0.1", port), handler)


def main():
    """Serve until Ctrl+C."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", default="0", help="0 takes any free port")
    port = parser.parse_args().port
    if not (SITE / "index.html").is_file():
        sys.exit("The site is not built yet. Run this first: make book")
    try:
        server = make_server(SITE, int(port))
    except (ValueError, OverflowError):
        sys.exit(f"Port {port!r} is no number from 0 to 65535. Take any free one: make serve")
    except OSError as error:
        sys.exit(f"Port {port} cannot be used ({error.strerror}). Take any free one: make serve")
    address = f"http://127.0.0.1:{server.server_port}/"
    print(f"The course is at {address}  (Ctrl+C ends it)", flush=True)
    with contextlib.suppress(webbrowser.Error):
        webbrowser.open(address)
    with contextlib.suppress(KeyboardInterrupt):
        server.serve_forever()
    print()


if __name__ == "__main__":
    main()
