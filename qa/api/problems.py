"""Turns every failure into problem+json, or into OpenAI's shape where its clients ask; decides nothing about failing.

https://www.rfc-editor.org/rfc/rfc9457
"""

from collections.abc import Iterable, Iterator, Mapping
from http import HTTPMethod, HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Match

from qa.errors import Busy, DocumentNotFound, InputError, ModelError, QAError

MEDIA_TYPE = "application/problem+json"
URN = "urn:qa:error:"
OPENAI_PATHS = ("/v1/chat/completions", "/v1/models")
LONGEST_DETAIL = 500  # characters
UNKNOWN = "/v1/{path:path}"

# What may happen to any request, whatever it asks for.
COMMON = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.LENGTH_REQUIRED,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


class Problem(BaseModel):
    """A failure. type: `urn:qa:error:` and the error's name. hint: what mends it."""

    model_config = ConfigDict(extra="forbid")

    type: str = Field(pattern=f"^{URN}")
    title: str
    status: int
    detail: str
    hint: str


class OpenAIFault(BaseModel):
    """What OpenAI says of a failure; code is the error's name."""

    message: str
    type: str
    param: str | None
    code: str


class OpenAIProblem(BaseModel):
    """A failure in OpenAI's shape."""

    error: OpenAIFault


def responses(*statuses: HTTPStatus, openai: bool = False) -> dict[int | str, dict[str, Any]]:
    """The failures of an endpoint as FastAPI documents them: those of `COMMON` and `statuses`."""
    name = OpenAIProblem.__name__ if openai else Problem.__name__
    media_type = "application/json" if openai else MEDIA_TYPE
    content = {media_type: {"schema": {"$ref": f"#/components/schemas/{name}"}}}
    return {status.value: {"description": status.phrase, "content": content} for status in (*COMMON, *statuses)}


def problem(
    path: str, status: HTTPStatus, name: str, detail: str, hint: str, headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """The reply to a request for `path` that failed."""
    return _reply(path, _problem(status, name, detail, hint), headers)


def of_error(path: str, error: QAError) -> JSONResponse:
    """The reply to a request for `path` that failed in a way that this package knows."""
    headers = {"retry-after": str(error.seconds)} if isinstance(error, Busy) else None
    return _reply(path, body_of(error), headers)


def body_of(error: QAError) -> Problem:
    """What a reply or the event of a stream says of a failure."""
    return _problem(_status(error), type(error).__name__, error.message, error.hint)


def openai_body_of(error: QAError) -> dict[str, object]:
    """The same in OpenAI's shape."""
    return _openai(body_of(error))


def _problem(status: HTTPStatus, name: str, detail: str, hint: str) -> Problem:
    shown = detail[:LONGEST_DETAIL].encode(errors="backslashreplace").decode()
    return Problem(type=f"{URN}{name}", title=status.phrase, status=status, detail=shown, hint=hint)


def _reply(path: str, body: Problem, headers: Mapping[str, str] | None) -> JSONResponse:
    if path.startswith(OPENAI_PATHS):
        return JSONResponse(_openai(body), body.status, headers)
    return JSONResponse(body.model_dump(), body.status, headers, media_type=MEDIA_TYPE)


def _openai(body: Problem) -> dict[str, object]:
    kind = "invalid_request_error" if body.status < HTTPStatus.INTERNAL_SERVER_ERROR else "server_error"
    fault = OpenAIFault(message=f"{body.detail} ({body.hint})", type=kind, param=None, code=body.type.removeprefix(URN))
    return OpenAIProblem(error=fault).model_dump()


def describe_errors(app: FastAPI) -> None:
    """Every failure of `app` becomes a reply of this module."""

    async def known(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, QAError)
        return of_error(request.url.path, error)

    async def malformed(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, RequestValidationError)
        first = error.errors()[0]
        detail = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
        hint = "send JSON with `Content-Type: application/json`; /v1/openapi.json says what"
        return problem(request.url.path, HTTPStatus.UNPROCESSABLE_ENTITY, "BadRequest", detail, hint)

    async def refused(request: Request, error: Exception) -> JSONResponse:
        assert isinstance(error, HTTPException)
        hint = "see /v1/openapi.json for what is here"
        status, headers = HTTPStatus(error.status_code), error.headers
        if status is HTTPStatus.METHOD_NOT_ALLOWED:  # Starlette names the methods of one endpoint of several
            headers = {"allow": ", ".join(sorted(_methods(app, request)))}
        return problem(request.url.path, status, "HTTPError", str(error.detail), hint, headers)

    async def unexpected(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001 - the server logs it
        detail, hint = "this is a fault of the program", "see the log of `qa serve`"
        return problem(request.url.path, HTTPStatus.INTERNAL_SERVER_ERROR, "Fault", detail, hint)

    app.add_exception_handler(QAError, known)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Exception, unexpected)


def refuse_the_rest(app: FastAPI) -> None:
    """What no endpoint of `app` takes is refused, before the page, which is at / and takes everything, says so."""

    async def unknown(request: Request) -> Response:
        known = bool(_methods(app, request))
        raise HTTPException(HTTPStatus.METHOD_NOT_ALLOWED if known else HTTPStatus.NOT_FOUND)

    app.add_route(UNKNOWN, unknown, methods=[*HTTPMethod], include_in_schema=False)


def _methods(app: FastAPI, request: Request) -> set[str]:
    """Every method that there is an endpoint for at the path of a request."""
    at_path = (route for route in _endpoints(app.routes) if route.matches(request.scope)[0] is not Match.NONE)
    return {method for route in at_path for method in getattr(route, "methods", None) or ()}


def _endpoints(routes: Iterable[BaseRoute]) -> Iterator[BaseRoute]:
    """The endpoints, those of included routers among them, without the one that takes what is unknown."""
    for route in routes:
        router = getattr(route, "original_router", None)  # FastAPI wraps a router that was included
        if router is not None:
            yield from _endpoints(router.routes)
        elif getattr(route, "path", "") != UNKNOWN:
            yield route


def _status(error: QAError) -> HTTPStatus:
    match error:
        case Busy():
            return HTTPStatus.TOO_MANY_REQUESTS
        case InputError():
            return HTTPStatus.UNPROCESSABLE_ENTITY
        case DocumentNotFound():
            return HTTPStatus.NOT_FOUND
        case ModelError():
            return HTTPStatus.SERVICE_UNAVAILABLE
        case _:
            return HTTPStatus.INTERNAL_SERVER_ERROR
