"""The site on this machine: told before it is built, on loopback only, compressed, and quiet."""

import gzip
import http.client
import sys
import threading
import urllib.error
import urllib.request

import pytest
import serve


def test_serve_says_what_to_do_before_the_first_build(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "SITE", tmp_path)
    monkeypatch.setattr(sys, "argv", ["serve.py"])
    with pytest.raises(SystemExit, match="make book"):
        serve.main()


@pytest.mark.parametrize("port", ["99999", "-1", "80a", ""])
def test_serve_says_in_one_line_that_a_port_cannot_be_used(tmp_path, monkeypatch, port):
    (tmp_path / "index.html").write_text("", encoding="utf-8")
    monkeypatch.setattr(serve, "SITE", tmp_path)
    monkeypatch.setattr(sys, "argv", ["serve.py", f"--port={port}"])
    with pytest.raises(SystemExit, match=f"^Port '{port}' is no number from 0 to 65535. .*make serve$"):
        serve.main()


def test_serve_gives_the_site_on_loopback_only(tmp_path):

    (tmp_path / "index.html").write_text("<h1>The course</h1>", encoding="utf-8")
    server = serve.make_server(tmp_path)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        assert server.server_address[0] == "127.0.0.1"
        with urllib.request.urlopen(f"http://127.0.0.1:{server.server_port}/") as answer:
            assert b"The course" in answer.read()
    finally:
        server.shutdown()
        server.server_close()


def test_serve_compresses_as_hosts_do_and_sends_nothing_twice(tmp_path):

    (tmp_path / "index.html").write_text("course " * 1000, encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"PNG " * 100)
    with serve.make_server(tmp_path) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        def get(name, **headers):
            address = f"http://127.0.0.1:{server.server_port}/{name}"
            given = {header.replace("_", "-"): value for header, value in headers.items()}
            return urllib.request.urlopen(urllib.request.Request(address, headers=given))

        with get("", Accept_Encoding="gzip, br") as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert answer.headers["Content-Type"].startswith("text/html")
            assert gzip.decompress(answer.read()) == b"course " * 1000
            written = answer.headers["Last-Modified"]
        for name, accepted in (("", "identity"), ("picture.png", "gzip")):
            with get(name, Accept_Encoding=accepted) as answer:
                assert answer.headers["Content-Encoding"] is None
        with pytest.raises(urllib.error.HTTPError) as error:
            get("", Accept_Encoding="gzip", If_Modified_Since=written)
        assert error.value.code == 304
        connection = http.client.HTTPConnection("127.0.0.1", server.server_port)
        for name, status in (("/", 200), ("/picture.png", 200), ("/nowhere", 404), ("/", 200)):
            connection.request("GET", name)  # all on one connection
            answer = connection.getresponse()
            assert (answer.status, answer.version) == (status, 11)
            answer.read()
        connection.close()
        server.shutdown()


@pytest.mark.parametrize(("error", "told"), [(BrokenPipeError(), False), (ValueError("a fault"), True)])
def test_serve_is_silent_when_the_browser_turns_away(tmp_path, capsys, error, told):
    with serve.make_server(tmp_path) as server:
        try:
            raise error
        except Exception:
            server.handle_error(None, ("127.0.0.1", 1))
    assert ("a fault" in capsys.readouterr().err) == told
