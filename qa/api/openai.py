"""`/v1/models` and `/v1/chat/completions` in OpenAI's shape, with citations as annotations; computes no answer.

https://platform.openai.com/docs/api-reference/chat. What the shape has no place for is in the field `qa`: the whole
answer, schema qa.answer/1.
"""

import json
import secrets
import time
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.sse import format_sse_event
from starlette.exceptions import HTTPException

from qa.api.openai_forms import (
    MODELS,
    Annotation,
    ChatRequest,
    Completion,
    FileAnnotation,
    FilePlace,
    Model,
    ModelList,
    WebAnnotation,
    WebPlace,
)
from qa.api.problems import openai_body_of, responses
from qa.api.service import Asked, Service
from qa.api.streaming import DESCRIPTION, EventStream, unless_left
from qa.errors import QAError
from qa.render import Mark, Message, fetched, to_json
from qa.types import Answered, Citation, Event


def router(service: Service) -> APIRouter:
    """The endpoints over `service`."""
    routes = APIRouter(tags=["OpenAI"])

    @routes.get("/v1/models", responses=responses(openai=True), summary="List the models")
    async def models() -> ModelList:
        """`qa` words its answers with the language model, `qa-short` gives the short answer and its quotes at once."""
        return ModelList(data=[Model(id=name) for name in MODELS])

    @routes.get("/v1/models/{model}", responses=responses(HTTPStatus.NOT_FOUND, openai=True), summary="One model")
    async def one_model(model: str) -> Model:
        """Whether there is such a model."""
        _check(model)
        return Model(id=model)

    @routes.post(
        "/v1/chat/completions",
        response_class=Response,
        responses={
            200: {"model": Completion, "content": DESCRIPTION},
            **responses(HTTPStatus.NOT_FOUND, openai=True),
        },
        summary="Answer in OpenAI's shape",
    )
    async def complete(request: Request, wanted: ChatRequest) -> Response:
        """The last message of the user is answered; the user's earlier messages are its history.

        The content is Markdown: the answer with [n] marks, then the sources with their quotes. `annotations` has an
        entry for each mark, with the exact quote and its offsets in the document.
        """
        _check(wanted.model)
        asked = wanted.asked()
        if wanted.stream:
            events = service.answer(asked)
            first = await anext(events)  # what fails before it has a status of its own
            return EventStream(_chunks(wanted.model, asked, first, events))
        return JSONResponse(await unless_left(request, lambda: _completion(service, wanted.model, asked)))

    return routes


def _check(model: str) -> None:
    if model not in MODELS:
        raise HTTPException(HTTPStatus.NOT_FOUND, f"no model {model!r}; there are {', '.join(MODELS)}")


async def _completion(service: Service, model: str, asked: Asked) -> dict[str, Any]:
    message = Message(asked.question)
    async with aclosing(service.answer(asked)) as events:
        async for event in events:
            message.piece(event)
    assert message.answer is not None, "an answer's last event is Answered"
    said = {"role": "assistant", "content": message.text, "refusal": None, "annotations": annotations(message)}
    return _head("chat.completion", model) | {
        "choices": [{"index": 0, "message": said, "finish_reason": "stop"}],
        "qa": to_json(message.answer),
    }


async def _chunks(
    model: str, asked: Asked, first: Event, events: AsyncGenerator[Event, None]
) -> AsyncGenerator[bytes, None]:
    message = Message(asked.question)
    head = _head("chat.completion.chunk", model)

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: object) -> bytes:
        return _line(head | {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]} | more)

    try:
        yield chunk({"role": "assistant", "content": message.piece(first)})
        async for event in events:
            if piece := message.piece(event):
                yield chunk({"content": piece})
            if isinstance(event, Answered):
                yield chunk({"annotations": annotations(message)}, "stop", qa=to_json(event.answer))
        yield format_sse_event(data_str="[DONE]")
    except QAError as error:
        yield _line(openai_body_of(error))
    finally:
        await events.aclose()


def annotations(message: Message) -> list[dict[str, Any]]:
    """One for each mark in the message, in order."""
    cited = {citation.number: citation for citation in message.citations}
    return [_annotation(mark, cited[mark.number]).model_dump() for mark in message.marks]


def _annotation(mark: Mark, citation: Citation) -> Annotation:
    quote = citation.quote
    place: dict[str, Any] = {
        "start_index": mark.start,
        "end_index": mark.end,
        "title": citation.title,
        "document_id": quote.document_id,
        "start": quote.span.start,
        "end": quote.span.end,
        "quote": quote.text,
    }
    if fetched(citation.source):
        return WebAnnotation(url_citation=WebPlace(**place, url=citation.source))
    return FileAnnotation(file_citation=FilePlace(**place, file_id=quote.document_id, filename=citation.source))


def _head(kind: str, model: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": kind,
        "created": int(time.time()),
        "model": model,
    }


def _line(value: Mapping[str, object]) -> bytes:
    return format_sse_event(data_str=json.dumps(value))
