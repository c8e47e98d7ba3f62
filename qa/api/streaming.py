"""Sends a stream of events to a client for as long as the client stays; knows nothing of what the events are."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Any, TypeVar

from anyio import CancelScope, create_task_group, sleep
from fastapi import Request, Response
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Send

PING = b": still here\n\n"
PING_SECONDS = 15.0  # proxies end what is silent for a minute
ENDED = Response(status_code=499)  # nobody is there to read it; nginx counts such requests under this number

DESCRIPTION: dict[str, Any] = {
    "text/event-stream": {
        "schema": {
            "type": "object",
            "properties": {"event": {"type": "string"}, "data": {"type": "string", "description": "JSON"}},
            "required": ["data"],
        }
    }
}
"""Of a reply that is a stream, in an OpenAPI document: what each of its events is."""

Result = TypeVar("Result")


class EventStream(StreamingResponse):
    """Server-sent events. When the client leaves, what makes them is closed.

    https://html.spec.whatwg.org/multipage/server-sent-events.html
    """

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[bytes, None]) -> None:
        super().__init__(events, headers={"cache-control": "no-store", "x-accel-buffering": "no"})
        self._events = events

    async def stream_response(self, send: Send) -> None:
        """Starlette calls it, and cancels it when the client leaves."""
        async with aclosing(self._events), create_task_group() as tasks:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            tasks.start_soon(_ping, send)
            async for event in self._events:
                await send({"type": "http.response.body", "body": event, "more_body": True})
            tasks.cancel_scope.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _ping(send: Send) -> None:
    while True:
        await sleep(PING_SECONDS)
        await send({"type": "http.response.body", "body": PING, "more_body": True})


async def unless_left(request: Request, work: Callable[[], Awaitable[Result]]) -> Result:
    """What `work` gives; it is cancelled when the client leaves. Raises `ClientDisconnect` then."""
    results: list[Result] = []
    failures: list[Exception] = []
    async with create_task_group() as tasks:
        tasks.start_soon(_cancel_when_left, request, tasks.cancel_scope)
        try:
            results.append(await work())
        except Exception as error:  # noqa: BLE001 - raised below, where the group does not wrap it
            failures.append(error)
        tasks.cancel_scope.cancel()
    for failure in failures:
        raise failure
    for result in results:
        return result
    raise ClientDisconnect


async def _cancel_when_left(request: Request, scope: CancelScope) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    scope.cancel()
