"""A web page becomes a document with its origin; no address, size or server makes the program reach or wait too far."""

import gzip
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from qa.documents.pages import Guard, is_public, read_page, resolve
from qa.errors import UnreadableDocument
from tests.documents import writers

PAGE = writers.html("<h1>The mill</h1><p>The mill was rebuilt by the carpenter Greta Lind, says Jörg.</p>")
PUBLIC = "93.184.215.14"


class Handler(BaseHTTPRequestHandler):
    """A small site with a page, files, and traps."""

    def do_GET(self) -> None:
        self.server.seen.append((self.path, dict(self.headers)))  # type: ignore[attr-defined]
        number = re.fullmatch(r"/round/(\d+)", self.path)
        if number:
            self.answer(302, b"", Location=f"/round/{int(number[1]) + 1}")
        elif self.path in ANSWERS:
            status, body, headers = ANSWERS[self.path]
            self.answer(status, body, **headers)
        elif self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b"<p>Drip.</p>")
                time.sleep(0.02)
        else:
            self.answer(404, b"gone")

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002 - the name in the library


ANSWERS: dict[str, tuple[int, bytes, dict[str, str]]] = {
    "/mill": (200, PAGE, {"Content_Type": "text/html; charset=utf-8"}),
    "/latin": (200, PAGE.decode().encode("latin-1"), {"Content_Type": "text/html; charset=iso-8859-1"}),
    "/old": (301, b"", {"Location": "/mill"}),
    "/file": (302, b"", {"Location": "file:///etc/passwd"}),
    "/report": (200, writers.pdf("One.", "The bridge is kept by Omar Fali."), {"Content_Type": "application/pdf"}),
    "/notes.md": (200, b"# Notes\n\nThe ferry is late.", {"Content_Type": "application/octet-stream"}),
    "/picture": (200, b"\x89PNG", {"Content_Type": "image/png"}),
    "/empty": (200, b"", {"Content_Type": "text/html"}),
    "/bomb": (200, gzip.compress(b"<p>" + b"x" * 9_000_000), {"Content_Type": "text/html", "Content_Encoding": "gzip"}),
}


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as started:
        started.seen = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=started.serve_forever)
        thread.start()
        yield started
        started.shutdown()
        thread.join()


@pytest.fixture
def site(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_port}"


@contextmanager
def refused(words: str) -> Iterator[None]:
    with pytest.raises(UnreadableDocument, match=words) as caught:
        yield
    assert "\n" not in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize("path", ["/mill", "/latin", "/old"])
def test_a_page_is_its_main_text_with_its_origin(site: str, path: str) -> None:
    page = read_page(f"{site}{path}", allows_private=True)
    assert "rebuilt by the carpenter Greta Lind, says Jörg." in page.text
    assert "Imprint" not in page.text
    assert (page.title, page.sources) == ("The mill", (f"{site}{path}",))
    about = dict(page.metadata)
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", about.pop("accessed"))
    at = f"{site}/mill" if path == "/old" else f"{site}{path}"
    assert about == {"author": "Ida Holm", "date": "2024-05-03", "publisher": "Town Paper", "url": at}


def test_other_formats_are_read_as_such(site: str) -> None:
    report = read_page(f"{site}/report", allows_private=True)
    assert (report.title, len(report.pages)) == ("The lighthouse", 2)
    assert read_page(f"{site}/notes.md", allows_private=True).title == "Notes"


def test_nothing_of_this_machine_is_sent_along(site: str, server: ThreadingHTTPServer) -> None:
    read_page(f"{site}/mill", allows_private=True)
    _, headers = server.seen[-1]  # type: ignore[attr-defined]
    assert set(headers) == {"Host", "Accept", "Accept-Encoding", "Connection", "User-Agent"}
    assert re.fullmatch(r"qa/[\d.]+", headers["User-Agent"])


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/gone", "the server answers 404 Not Found"),
        ("/round/1", "cannot be fetched .*redirects"),
        ("/file", "cannot be fetched .*unsupported protocol"),
        ("/picture", r"not a format that is read \(image/png\)"),
        ("/empty", "holds no text"),
        ("/bomb", "more than the 1 MB that are read of a page"),
        ("/slow", "not all there after 0 s"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(site: str, path: str, words: str) -> None:
    with refused(f"{site}{path}: {words}"):
        read_page(f"{site}{path}", allows_private=True, limit=1_000_000, whole_s=0.1)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/", "http://nowhere.invalid/", "http://[/", "http://", "ftp://example.org/a"]
)
def test_a_server_that_is_not_there(url: str) -> None:
    with refused("cannot be fetched"):
        read_page(url, allows_private=True)


def test_a_password_is_not_sent_and_not_repeated(site: str) -> None:
    with refused("its address holds a name or a password") as _:
        read_page("http://ann:secret@example.org/")


def test_this_machine_is_refused_unless_allowed(site: str, server: ThreadingHTTPServer) -> None:
    before = len(server.seen)  # type: ignore[attr-defined]
    for host in ("127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"):
        with refused("is on this machine or in its own network|cannot be fetched"):
            read_page(f"http://{host}:{server.server_port}/mill")
    assert len(server.seen) == before  # type: ignore[attr-defined]
    assert "127.0.0.1" in resolve("localhost")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        *((each, True) for each in (PUBLIC, "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14")),
        *((each, False) for each in ("127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254")),
        *((each, False) for each in ("0.0.0.0", "100.64.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1")),
        *((each, False) for each in ("fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "2002:7f00:1::", "64:ff9b::a00:1")),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


class Web(httpx.BaseTransport):
    """What stands for the internet: keeps what it is asked, and may send on to another address."""

    def __init__(self, location: str = "") -> None:
        self.asked: list[httpx.Request] = []
        self._location = location

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self._location and len(self.asked) == 1:
            return httpx.Response(302, headers={"Location": self._location})
        return httpx.Response(200, html=PAGE.decode())


def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    web = Web()
    page = read_page("https://example.org:444/a", resolve=lambda _: [PUBLIC], transport=web)
    (asked,) = web.asked
    assert (str(asked.url), asked.headers["host"]) == (f"https://{PUBLIC}:444/a", "example.org:444")
    assert asked.extensions["sni_hostname"] == "example.org"  # so that the certificate is that of the name
    assert (page.sources, page.metadata["url"]) == (("https://example.org:444/a",), "https://example.org:444/a")


@pytest.mark.parametrize("location", ["http://169.254.169.254/latest", "http://inside.example/", "//inside.example/"])
def test_a_redirect_inwards_is_refused(location: str) -> None:
    names = {"example.org": [PUBLIC], "inside.example": [PUBLIC, "10.0.0.7"], "169.254.169.254": ["169.254.169.254"]}
    web = Web(location)
    with refused(r"is on this machine or in its own network \(.*(10\.0\.0\.7|169\.254)"):
        read_page("http://example.org/", resolve=names.__getitem__, transport=web)
    assert len(web.asked) == 1


def test_a_name_is_resolved_once_for_check_and_connection() -> None:
    answers = iter([[PUBLIC], ["127.0.0.1"]])  # as a hostile name server gives them
    web = Web()
    with httpx.Client(transport=Guard(web, lambda _: next(answers))) as client:
        client.get("http://rebind.example/")
        assert web.asked[0].url.host == PUBLIC
        with refused("rebind.example is on this machine"):
            client.get("http://rebind.example/")


def test_a_name_that_resolves_to_nothing_is_refused() -> None:
    with refused("nowhere"):
        read_page("http://example.org/", resolve=lambda _: [], transport=Web())
