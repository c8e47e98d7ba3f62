"""Counts and times the requests, and writes a line of JSON for each; sees no question and no text of a document.

The names follow https://prometheus.io/docs/practices/naming/.
"""

import json
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.limits import Gate
from qa.api.service import Service
from qa.turns import PROCESSOR

SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
LEFT = 499  # the client went before the reply began
log = logging.getLogger("qa.requests")


class Watch:
    """What happens to the requests of one application. logs: write a line for each."""

    def __init__(self, service: Service, logs: bool) -> None:
        self.service = service
        self.logs = logs
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        GCCollector(registry=self._registry)
        labels = ("method", "route", "status")
        self._requests = Counter("qa_requests", "Requests that have ended", labels, registry=self._registry)
        self._seconds = Histogram(
            "qa_request_seconds",
            "From a request to the end of its reply",
            labels[:2],
            registry=self._registry,
            buckets=SECONDS,
        )
        for name, gate in (("answers", service.writing), ("short", service.reading)):
            self._observe(name, gate)
        self._observe_cores()

    def metrics(self) -> tuple[bytes, int, dict[str, str]]:
        """The text of all counts, a status and headers."""
        return generate_latest(self._registry), 200, {"content-type": CONTENT_TYPE_LATEST}

    def middleware(self, app: ASGIApp) -> ASGIApp:
        """`app`, watched."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            start, seen = time.perf_counter(), {"status": LEFT}

            async def send_seen(message: Message) -> None:
                if message["type"] == "http.response.start":
                    seen["status"] = message["status"]
                await send(message)

            try:
                await app(scope, receive, send_seen)
            finally:
                self._ended(scope, seen["status"], time.perf_counter() - start)

        return watched

    def _ended(self, scope: Scope, status: int, seconds: float) -> None:
        route = _route(scope)
        self._requests.labels(scope["method"], route, status).inc()
        self._seconds.labels(scope["method"], route).observe(seconds)
        if self.logs:
            line: dict[str, Any] = {
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                "method": scope["method"],
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "key": scope.get("qa.key"),
            }
            log.info(json.dumps(line))

    def _observe_cores(self) -> None:
        waiting = Gauge("qa_turns_waiting", "questions, of the page too, that wait for a core", registry=self._registry)
        waiting.set_function(lambda: PROCESSOR.waiting)

    def _observe(self, name: str, gate: Gate) -> None:
        """How many run or wait at a gate, read when they are asked for."""
        values: tuple[tuple[str, str, Callable[[], float]], ...] = (
            ("taken", "made or waited for", lambda: gate.taken),
            ("places", "that are taken on at most", lambda: gate.places),
        )
        for kind, meaning, value in values:
            Gauge(f"qa_{name}_{kind}", f"{gate.what} {meaning}", registry=self._registry).set_function(value)


def _route(scope: Scope) -> str:
    """The path as it was declared, so that no id becomes a label; all pages of the chat are one."""
    route = scope.get("route")
    path = getattr(route, "path", None)
    return path if isinstance(path, str) and path else "other"
