"""`POST /v1/ask`: a question becomes an answer, whole or event by event; knows nothing of how it is made."""

from collections.abc import AsyncGenerator
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.sse import format_sse_event
from pydantic import BaseModel, ConfigDict, Field

from qa.api.problems import body_of, responses
from qa.api.service import Asked, Service
from qa.api.streaming import DESCRIPTION, EventStream, unless_left
from qa.conversation import MAX_QUESTION_CHARACTERS
from qa.errors import QAError
from qa.render import MEDIA_TYPES, Format, dump, event_row, export
from qa.saved import SavedAnswer
from qa.types import Event

EARLIER_QUESTIONS = 50  # of one request: each is answered

Question = Annotated[str, Field(json_schema_extra={"pattern": r"\S", "maxLength": MAX_QUESTION_CHARACTERS})]
"""What a question must be is only described here: the assistant says better what is wrong with one."""


class AskRequest(BaseModel):
    """A question with the questions that came before it, oldest first.

    prose: let the language model word the answer; without it the short answer and its quotes come at once.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    question: Question
    history: Annotated[list[Question], Field(max_length=EARLIER_QUESTIONS)] = []
    prose: bool = True


def router(service: Service) -> APIRouter:
    """The endpoint over `service`."""
    routes = APIRouter(tags=["answers"])

    @routes.post(
        "/v1/ask",
        response_class=Response,
        responses={200: _ANSWERS, **responses(HTTPStatus.NOT_FOUND)},
        summary="Answer a question",
    )
    async def ask(
        request: Request,
        asked: AskRequest,
        stream: Annotated[bool, Query(description="send the events of the answer as they come")] = False,
        form: Annotated[Format, Query(alias="format", description="how a whole answer is given")] = Format.JSON,
    ) -> Response:
        """The answer as JSON (schema qa.answer/1) or in another format.

        As a stream, which `Accept: text/event-stream` asks for too: the events `retrieved`, `found`, `written` (for
        each checked sentence) and `answered`, whose data is the answer as JSON; `error` when it fails on the way.
        """
        question = Asked(asked.question, asked.history, asked.prose)
        if stream or "text/event-stream" in request.headers.get("accept", ""):
            events = service.answer(question)
            first = await anext(events)  # what fails before it has a status of its own
            return EventStream(_lines(first, events))
        answer = await unless_left(request, lambda: service.whole_answer(question))
        return Response(export([answer], form), media_type=MEDIA_TYPES[form])

    return routes


async def _lines(first: Event, events: AsyncGenerator[Event, None]) -> AsyncGenerator[bytes, None]:
    try:
        yield _line(*event_row(first))
        async for event in events:
            yield _line(*event_row(event))
    except QAError as error:
        yield _line("error", body_of(error).model_dump())
    finally:
        await events.aclose()


def _line(name: str, data: dict[str, object]) -> bytes:
    return format_sse_event(event=name, data_str=dump(data, None).rstrip("\n"))


_ANSWERS = {
    "model": SavedAnswer,
    "description": "The answer",
    "content": {
        **DESCRIPTION,
        **{MEDIA_TYPES[form]: {"schema": {}} for form in Format if form is not Format.JSON},
    },
}
