"""The two ways of reaching the tools, over stdio and beside the page over HTTP; knows nothing of what they do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from mcp.server.transport_security import TransportSecuritySettings

from qa.mcp.tools import LibraryAssistant, Work, create_server

PATH = "/mcp"


def serve_stdio(assistant: LibraryAssistant) -> None:
    """Serves one client on stdin and stdout until it closes them; what else is printed meanwhile goes to stderr."""
    create_server(assistant).run("stdio")


def mount(app: FastAPI, assistant: LibraryAssistant, work: Work) -> None:
    """Serves the tools at `PATH` of `app`, beside what it serves already, while it runs; `work` is done in its turn.

    Requests are independent of each other (stateless), so that a client that never says goodbye costs nothing.
    """
    server = create_server(assistant, work)
    # The app's own guard checks Host and Origin of every request, and knows more names than the SDK could
    security = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    inner = server.streamable_http_app(
        streamable_http_path=PATH, stateless_http=True, json_response=True, transport_security=security
    )
    app.router.routes.extend(inner.routes)
    outer = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: FastAPI) -> AsyncIterator[Any]:
        async with outer(running) as state, server.session_manager.run():
            yield state

    app.router.lifespan_context = lifespan
