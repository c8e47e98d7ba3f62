"""Keeps strangers out: foreign names and pages, missing keys, long and slow bodies; knows nothing of what is served."""

import base64
import socket
import time
from collections.abc import Sequence
from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from anyio import fail_after
from fastapi.responses import JSONResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.keys import Keys
from qa.api.problems import of_error, problem
from qa.errors import ConfigError

BODY_BYTES = 1_000_000  # of one request
BODY_SECONDS = 10.0  # in which it must have come
UPLOAD_PATH = "/gradio_api/upload"  # where the page sends files
UPLOAD_BYTES = 1_000_000_000  # of all files that are sent at once
UPLOAD_SECONDS = 600.0
OPEN = ("/healthz", "/readyz")  # to whoever watches the process
CHALLENGE = {"www-authenticate": 'Bearer realm="qa", Basic realm="qa", charset="UTF-8"'}

# Gradio compiles its templates in the page (eval) and styles elements one by one; it fetches nothing from elsewhere.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
SECURITY_HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}


class Guard:
    """Refuses foreign names and pages, missing keys, long and slow bodies; adds security headers to every reply.

    A web page elsewhere may reach a server on loopback through a name of its own that it points here (DNS
    rebinding), or post to it from the reader's browser: hence the checks of Host and Origin. Where keys are asked for,
    any name will do: no page elsewhere has a key. A program shows its key as a bearer token, a browser asks for it as
    the password of any user.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str] = (), keys: Keys | None = None) -> None:
        self.app = app
        self.names = {"localhost", socket.gethostname().lower(), *(host.lower() for host in hosts)}
        self.keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        reply = self._refusal(scope) or self.app
        seconds = UPLOAD_SECONDS if scope["path"] == UPLOAD_PATH else BODY_SECONDS
        await reply(scope, _in_time(receive, seconds), send_guarded)

    def _refusal(self, scope: Scope) -> JSONResponse | None:
        path, headers = scope["path"], Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        if self.keys is None and not self._is_own(host):
            hint = "use http://127.0.0.1 with its port, or `qa serve --host NAME`"
            return problem(path, HTTPStatus.FORBIDDEN, "ForeignHost", f"host {host!r} is not served here", hint)
        if origin is not None and urlsplit(origin).netloc != host:
            hint = "open the page of this server itself"
            return problem(path, HTTPStatus.FORBIDDEN, "ForeignOrigin", f"page {origin!r} may not ask here", hint)
        return self._missing_key(scope, headers) or _wrong_length(path, headers)

    def _is_own(self, host: str) -> bool:
        """Whether `host` is a name of this server, or a plain address: no foreign name can be one."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
            return name in self.names or bool(ip_address(name))
        except ValueError:
            return False

    def _missing_key(self, scope: Scope, headers: Headers) -> JSONResponse | None:
        path = scope["path"]
        if self.keys is None or path in OPEN:
            return None
        try:
            owner = self.keys.owner(_secret(headers.get("authorization", "")))
        except ConfigError as error:
            return of_error(path, error)
        if owner is None:
            hint = "send `Authorization: Bearer KEY`; `qa keys add NAME` makes a key"
            return problem(path, HTTPStatus.UNAUTHORIZED, "NoKey", "no key, or none that is known", hint, CHALLENGE)
        scope["qa.key"] = owner
        return None


def _secret(authorization: str) -> str:
    """The key in a header, "" where there is none."""
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(given, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _wrong_length(path: str, headers: Headers) -> JSONResponse | None:
    length = headers.get("content-length", "0")
    if "transfer-encoding" in headers or not length.isdecimal():
        hint = "send the body with Content-Length"
        return problem(path, HTTPStatus.LENGTH_REQUIRED, "LengthRequired", "the body's length is not given", hint)
    uploaded = path == UPLOAD_PATH
    limit = UPLOAD_BYTES if uploaded else BODY_BYTES
    if len(length) > 15 or int(length) > limit:
        hint = "give fewer files at once" if uploaded else "ask shorter questions, with less history"
        return problem(path, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "TooLarge", f"more than {limit:,} bytes", hint)
    return None


def _in_time(receive: Receive, seconds: float) -> Receive:
    """As `receive`, but a body that takes longer than `seconds` ends in 408."""
    deadline = time.monotonic() + seconds
    whole = False

    async def timed() -> Message:
        nonlocal whole
        if whole:  # what comes after it is that the client leaves, which takes as long as it takes
            return await receive()
        try:
            with fail_after(max(0.0, deadline - time.monotonic())):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, "the body did not come in time") from error
        whole = not message.get("more_body", False)
        return message

    return timed
