"""Turns the address of a web page into a Document, within limits; follows no link and runs no script."""

import ipaddress
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import PurePosixPath
from typing import TypeAlias

import httpx

from qa.documents.files import MAXIMUM_BYTES, extract, to_document
from qa.errors import UnreadableDocument
from qa.types import Document

_REDIRECTS = 5
_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # a gateway turns these into any IPv4 address
_SILENCE_S = 15.0  # of a server, before it counts as dead
_WHOLE_S = 60.0  # for a page, however slowly it drips
_BY_HAND = "open it in a browser, save it as a file, and index that"
_SUFFIXES = {
    "application/epub+zip": ".epub",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/xhtml+xml": ".html",
    "message/rfc822": ".eml",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/markdown": ".md",
    "text/plain": ".txt",
}

Resolve: TypeAlias = Callable[[str], Sequence[str]]
"""The IP addresses of a host."""


def resolve(host: str) -> Sequence[str]:
    """The IP addresses of a host, as the system knows them. Raises `OSError`."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


def read_page(
    url: str,
    *,
    allows_private: bool = False,
    limit: int = MAXIMUM_BYTES,
    whole_s: float = _WHOLE_S,
    resolve: Resolve = resolve,
    transport: httpx.BaseTransport | None = None,
) -> Document:
    """The document at an http or https address: its main text, with title, author, date, address and day of access.

    allows_private: hosts of this machine and of the local network may be asked too; otherwise each redirect is checked
    as well, and the connection goes to the very address that was checked. limit: bytes. whole_s: for all of it.
    No proxy, cookie or password is used. Raises `UnreadableDocument`.
    """
    transport = transport or httpx.HTTPTransport()
    headers = {"User-Agent": f"qa/{version('qa')}", "Accept": ", ".join((*_SUFFIXES, "*/*;q=0.1"))}
    client = httpx.Client(
        transport=transport if allows_private else Guard(transport, resolve),
        follow_redirects=True,
        max_redirects=_REDIRECTS,
        timeout=_SILENCE_S,
        headers=headers,
        trust_env=False,
    )
    try:
        with client, client.stream("GET", _checked(url)) as response:
            response.raise_for_status()
            raw = _body(response, url, limit, whole_s)
    except httpx.HTTPStatusError as error:
        answer = f"{error.response.status_code} {error.response.reason_phrase}"
        raise UnreadableDocument(f"{url}: the server answers {answer}", _BY_HAND) from error
    except httpx.TimeoutException as error:
        raise UnreadableDocument(f"{url}: no answer within {_SILENCE_S:.0f} s", _BY_HAND) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        raise UnreadableDocument(
            f"{url}: cannot be fetched ({str(error) or type(error).__name__})", _BY_HAND
        ) from error
    return _document(url, response, raw)


def _checked(url: str) -> httpx.URL:
    parsed = httpx.URL(url)
    if parsed.userinfo:
        raise UnreadableDocument(f"{parsed.host}: its address holds a name or a password", "leave them out of it")
    return parsed


def _body(response: httpx.Response, url: str, limit: int, whole_s: float) -> bytes:
    raw, until = bytearray(), time.monotonic() + whole_s
    for piece in response.iter_bytes():
        raw += piece
        if len(raw) > limit:
            raise UnreadableDocument(f"{url}: more than the {limit / 1e6:.0f} MB that are read of a page", _BY_HAND)
        if time.monotonic() > until:
            raise UnreadableDocument(f"{url}: not all there after {whole_s:.0f} s", _BY_HAND)
    return bytes(raw)


def _document(url: str, response: httpx.Response, raw: bytes) -> Document:
    kind = response.headers.get("content-type", "text/html").partition(";")[0].strip().lower()
    path = PurePosixPath(response.url.path)
    suffix = _SUFFIXES.get(kind, path.suffix.lower() if kind == "application/octet-stream" else "")
    if suffix not in _SUFFIXES.values():
        raise UnreadableDocument(f"{url}: not a format that is read ({kind})", _BY_HAND)
    found = extract(suffix, url, raw, response.charset_encoding or "")
    origin = {"url": str(response.url), "accessed": datetime.now(UTC).date().isoformat()}
    found = replace(found, metadata=dict(found.metadata) | origin)
    return to_document(found, url, path.name or response.url.host)


class Guard(httpx.BaseTransport):
    """Connects to the addresses of the public internet alone: those that were looked at, not what a name says next."""

    def __init__(self, inner: httpx.BaseTransport, resolve: Resolve) -> None:
        self._inner = inner
        self._resolve = resolve

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response of the host that the name stood for. Raises `UnreadableDocument` for one that is not public."""
        host = request.url.host
        addresses = self._resolve(host)
        if not addresses or not all(map(is_public, addresses)):
            raise UnreadableDocument(
                f"{request.url}: {host} is on this machine or in its own network ({', '.join(addresses) or 'nowhere'})",
                "allow that with --allow-private, if it is yours",
            )
        return self._inner.handle_request(
            httpx.Request(
                request.method,
                request.url.copy_with(host=addresses[0]),
                headers=request.headers,
                stream=request.stream,
                extensions=dict(request.extensions) | {"sni_hostname": host},
            )
        )

    def close(self) -> None:
        """Closes the connections."""
        self._inner.close()


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet; those that wrap another are what they wrap."""
    found = ipaddress.ip_address(address)
    if isinstance(found, ipaddress.IPv6Address):
        found = found.ipv4_mapped or found.sixtofour or found
    return found.is_global and not found.is_multicast and found not in _NAT64
