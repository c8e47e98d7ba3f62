"""Puts the endpoints, the chat and what guards them together into one application; serves nothing itself."""

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from qa import mcp
from qa.api import asking, health, library, openai
from qa.api.addresses import Addresses
from qa.api.guard import Guard
from qa.api.keys import Keys
from qa.api.limits import Limits
from qa.api.problems import OpenAIProblem, Problem, describe_errors, refuse_the_rest
from qa.api.service import LibraryAssistant, Service
from qa.api.watching import Watch
from qa.assistants import Assistants
from qa.ui import mount

SUMMARY = "Answers questions about one library of documents, each proved by the exact words of the source."


def create_app(
    assistant: LibraryAssistant,
    chat: bool = True,
    hosts: Sequence[str] = (),
    *,
    assistants: Assistants | None = None,
    limits: Limits | None = None,
    keys: Keys | None = None,
    logs: bool = False,
) -> FastAPI:
    """All endpoints, described at /v1/openapi.json, the tools for MCP clients at /mcp and, with `chat`, the page at /.

    hosts: names besides localhost, this machine's own and plain addresses under which it may be reached. assistants: of
    the libraries that the page may add to, None for a page with the chat alone. keys: one of
    them must come with every request, None to ask for none. logs: write a line of JSON for each request.
    """
    # FastAPI's own documentation pages load scripts from a public server
    app = FastAPI(title="qa", docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json")
    service = Service(assistant, limits or Limits())
    app.state.service = service
    watch = Watch(service, logs)
    for router in (asking.router(service), openai.router(service), library.router(service), health.router(watch)):
        app.include_router(router)
    refuse_the_rest(app)
    mcp.mount(app, assistant, service)
    describe_errors(app)
    _describe(app, with_keys=keys is not None)
    app.add_middleware(Addresses)
    app.add_middleware(Guard, hosts=hosts, keys=keys)
    app.add_middleware(watch.middleware)
    return mount(app, assistant, assistants) if chat else app


def service_of(app: FastAPI) -> Service:
    """The service behind an application that `create_app` made."""
    service: Service = app.state.service
    return service


def _describe(app: FastAPI, *, with_keys: bool) -> None:
    """The published description has the forms of failures, and how to show a key where one is asked for."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = get_openapi(title="qa", version=version("qa"), summary=SUMMARY, routes=app.routes)
            forms = schema["components"]["schemas"]
            for form in (Problem, OpenAIProblem):
                described = form.model_json_schema(ref_template="#/components/schemas/{model}")
                forms |= described.pop("$defs", {}) | {form.__name__: described}
            if with_keys:
                schema["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
                schema["security"] = [{"key": []}]
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
