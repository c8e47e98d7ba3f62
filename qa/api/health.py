"""`/healthz`, `/readyz` and `/metrics`: whether it runs, whether it can answer, what it has done; answers nothing."""

from http import HTTPStatus
from typing import Literal

from anyio import to_thread
from fastapi import APIRouter, Response
from pydantic import BaseModel

from qa.api.problems import problem, responses
from qa.api.watching import Watch
from qa.errors import QAError


class Health(BaseModel):
    """The process runs."""

    status: Literal["ok"] = "ok"


class Readiness(BaseModel):
    """It can answer from so many documents."""

    status: Literal["ready"] = "ready"
    documents: int


def router(watch: Watch) -> APIRouter:
    """The endpoints over what `watch` has seen."""
    routes = APIRouter(tags=["operation"])
    service = watch.service

    @routes.get("/healthz", responses=responses(), summary="Is it alive?")
    async def healthz() -> Health:
        """Whether the process runs; needs no key."""
        return Health()

    @routes.get("/readyz", responses=responses(), summary="Can it answer?", response_model=Readiness)
    async def readyz() -> Readiness | Response:
        """Whether the library can be read, and no end of the service is near; needs no key."""
        if service.ending:
            return problem(
                "/readyz", HTTPStatus.SERVICE_UNAVAILABLE, "Ending", "the service is ending", "ask another one"
            )
        try:
            about = await to_thread.run_sync(service.assistant.about)  # in no queue: whoever asks wants to know now
        except QAError as error:
            return problem("/readyz", HTTPStatus.SERVICE_UNAVAILABLE, type(error).__name__, error.message, error.hint)
        return Readiness(documents=len(about))

    @routes.get(
        "/metrics",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}, **responses()},
        summary="What has been done",
    )
    async def metrics() -> Response:
        """Counts and times in the text format of Prometheus; no words of any question or document."""
        return Response(*watch.metrics())

    return routes
