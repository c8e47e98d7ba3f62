"""Refuses what would make Gradio fetch an address that a client names; knows nothing of what the page does.

Gradio downloads a file whose place is an address before any function of the page sees it, whichever component it is
given to; and it passes on what lies at an address behind `/gradio_api/file=`, which any page elsewhere can name as the
source of an image. What this program fetches is what a person adds, through `qa.documents`, with its limits.
"""

import json
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.guard import UPLOAD_PATH
from qa.api.problems import problem

PAGE = "/gradio_api/"
_FILES = tuple(f"{PAGE}{start}" for start in ("file=", "file/", "proxy="))


class Addresses:
    """Reads what a page sends, 1 MB at most by `qa.api.guard`, before Gradio does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not scope["path"].startswith(PAGE) or scope["path"] == UPLOAD_PATH:
            await self.app(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        address = _named(scope["path"]) or _given(body)
        if address:
            detail, hint = f"the page does not fetch {address[:200]!r}", "add it under Documents, or with `qa index`"
            refusal = problem(scope["path"], HTTPStatus.BAD_REQUEST, "ForeignFile", detail, hint)
            await refusal(scope, receive, send)
            return
        given = False

        async def again() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, again, send)


def _is_address(place: str) -> bool:
    return place.lstrip().casefold().startswith(("http:", "https:", "//"))


def _named(path: str) -> str:
    """The address that the path of a request asks for, "" when it asks for none."""
    places = (path.removeprefix(start) for start in _FILES if path.startswith(start))
    return next(filter(_is_address, places), "")


def _given(body: bytes) -> str:
    """The first address that stands where a file's path should, "" when there is none."""
    try:
        waiting: list[Any] = [json.loads(body)]
    except (ValueError, RecursionError):  # the reader behind it is the same, and reads nothing from it either
        return ""
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            path = value.get("path")
            if isinstance(path, str) and _is_address(path):
                return path
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return ""
