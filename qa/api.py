"""Serves answers over HTTP on this machine, and the chat beside them; knows nothing of how an answer is made."""

import errno
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa import mcp
from qa.errors import ConfigError, DocumentNotFound, InputError, ModelError, PortInUse, QAError
from qa.render import MEDIA_TYPES, Format, export
from qa.ui import AssistantLike, mount

BODY_BYTES = 1_000_000  # of one request
EARLIER_QUESTIONS = 50  # of one request: each is answered
PROBLEM = "application/problem+json"

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


class AskRequest(BaseModel):
    """One question with the questions that came before it, oldest first."""

    model_config = ConfigDict(extra="forbid")

    question: str
    history: Annotated[list[str], Field(max_length=EARLIER_QUESTIONS)] = []


def create_app(assistant: AssistantLike, chat: bool = True, hosts: Sequence[str] = ()) -> FastAPI:
    """`POST /v1/ask`, `GET /healthz`, the tools for MCP clients at /mcp and, with `chat`, the page at /.

    hosts: names besides localhost, this machine's own and plain addresses under which it may be reached.
    """
    # FastAPI's own documentation pages load scripts from a public server
    app = FastAPI(title="qa", docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json")

    @app.post("/v1/ask")
    def ask(request: AskRequest, form: Annotated[Format, Query(alias="format")] = Format.JSON) -> Response:
        answer = assistant.converse(request.question, request.history)
        return Response(export([answer], form), media_type=MEDIA_TYPES[form])

    @app.get("/healthz")
    def healthz() -> dict[str, object]:
        return {"status": "ok", "documents": len(assistant.documents())}

    mcp.mount(app, assistant)
    _describe_errors(app)
    app.add_middleware(Guard, hosts=hosts)
    return mount(app, assistant) if chat else app


def _describe_errors(app: FastAPI) -> None:
    """Every error becomes problem+json (RFC 9457) with a hint where there is one."""

    async def known(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, QAError)
        return _problem(_status(error), type(error).__name__, error.message, error.hint)

    async def malformed(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        hint = 'send {"question": "...", "history": ["an earlier question"]}'
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, "BadRequest", f"{place}: {first['msg']}", hint)

    async def refused(_: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        return _problem(HTTPStatus(error.status_code), "HTTPError", str(error.detail), "ask with POST /v1/ask")

    async def unexpected(_: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 - it is logged by the server
        detail = "this is a fault of the program"
        return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Fault", detail, "see the log of `qa serve`")

    app.add_exception_handler(QAError, known)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Exception, unexpected)


def _status(error: QAError) -> HTTPStatus:
    match error:
        case InputError():
            return HTTPStatus.UNPROCESSABLE_ENTITY
        case DocumentNotFound():
            return HTTPStatus.NOT_FOUND
        case ModelError():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR


def _problem(status: HTTPStatus, name: str, detail: str, hint: str) -> JSONResponse:
    body = {
        "type": f"urn:qa:error:{name}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "hint": hint,
    }
    return JSONResponse(body, status, media_type=PROBLEM)


class Guard:
    """Refuses foreign names, foreign pages and long bodies; adds security headers to every reply.

    A web page elsewhere may reach a server on loopback through a name of its own that it points here (DNS
    rebinding), or post to it from the reader's browser: hence the checks of Host and Origin.
    """

    def __init__(self, app: ASGIApp, hosts: Sequence[str] = ()) -> None:
        self.app = app
        self.names = {"localhost", socket.gethostname().lower(), *(host.lower() for host in hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(SECURITY_HEADERS)
            await send(message)

        reply = self._refusal(Headers(scope=scope)) or self.app
        await reply(scope, receive, send_guarded)

    def _refusal(self, headers: Headers) -> JSONResponse | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._is_own(host):
            hint = "use http://127.0.0.1 with its port, or `qa serve --host NAME`"
            return _problem(HTTPStatus.FORBIDDEN, "ForeignHost", f"host {host!r} is not served here", hint)
        if origin is not None and urlsplit(origin).netloc != host:
            hint = "open the page of this server itself"
            return _problem(HTTPStatus.FORBIDDEN, "ForeignOrigin", f"page {origin!r} may not ask here", hint)
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal():
            hint = "send the body with Content-Length"
            return _problem(HTTPStatus.LENGTH_REQUIRED, "LengthRequired", "the body's length is not given", hint)
        if len(length) > 15 or int(length) > BODY_BYTES:
            hint = "ask shorter questions, with less history"
            return _problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "TooLarge", f"more than {BODY_BYTES:,} bytes", hint)
        return None

    def _is_own(self, host: str) -> bool:
        """Whether `host` is a name of this server, or a plain address: no foreign name can be one."""
        try:
            name = urlsplit(f"//{host}").hostname or ""
            return name in self.names or bool(ip_address(name))
        except ValueError:
            return False


def claim_port(host: str, port: int) -> socket.socket:
    """A socket that listens on `host` and `port`; 0 picks a free one.

    Raises `PortInUse`, and `ConfigError` when the address cannot be used at all.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        claimed = socket.socket(family, kind, protocol)
        try:
            claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            claimed.bind(address)
            claimed.listen()
        except OSError:
            claimed.close()
            raise
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(f"port {port} on {host} is in use", "take a free one: `qa serve --port 0`") from error
        hint = "`qa serve --host 127.0.0.1 --port 0`"
        raise ConfigError(f"cannot listen on {host}, port {port}: {error.strerror}", hint) from error
    return claimed


def serve_on(
    claimed: socket.socket, assistant: AssistantLike, host: str, announce: Callable[[str], None], chat: bool = True
) -> None:
    """Serves on a claimed port until interrupted, which is no failure; tells `announce` the address once it answers."""
    import uvicorn

    class Announcing(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            announce(_address(claimed))

    app = create_app(assistant, chat, [host])
    # an open page keeps a connection: it is given a second to end
    settings = uvicorn.Config(app, log_level="warning", server_header=False, timeout_graceful_shutdown=1)
    with suppress(KeyboardInterrupt):  # uvicorn has shut down by then, and raises it again or not
        Announcing(settings).run(sockets=[claimed])


def _address(claimed: socket.socket) -> str:
    host, port = claimed.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
