import json
import logging

import pytest
from fastapi.testclient import TestClient

from qa.api import create_app
from qa.api.application import service_of
from qa.errors import LibraryCorrupt
from qa.rows import About
from tests.api.conftest import HERE
from tests.surface_fakes import ANSWERED, FakeAssistant


def test_it_is_alive_and_ready(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", "documents": 1}


class BrokenAssistant(FakeAssistant):
    """Its library cannot be read."""

    def about(self) -> tuple[About, ...]:
        raise LibraryCorrupt("broken", "mend")


def test_it_is_not_ready_when_the_library_is_broken_or_the_end_is_near(assistant: FakeAssistant) -> None:
    broken = TestClient(create_app(BrokenAssistant(), chat=False), base_url=HERE)
    assert (broken.get("/healthz").status_code, broken.get("/readyz").status_code) == (200, 503)
    app = create_app(assistant, chat=False)
    service_of(app).ending = True
    assert TestClient(app, base_url=HERE).get("/readyz").json()["type"] == "urn:qa:error:Ending"


def test_metrics_count_requests_by_route(client: TestClient) -> None:
    client.get("/v1/documents/doc1")
    client.get("/v1/documents/none")
    client.get("/no/such/page")
    text = client.get("/metrics").text
    route = 'method="GET",route="/v1/documents/{document_id}"'
    assert f'qa_requests_total{{{route},status="200"}} 1.0' in text
    assert f'qa_requests_total{{{route},status="404"}} 1.0' in text
    assert 'qa_requests_total{method="GET",route="other",status="404"} 1.0' in text
    assert f"qa_request_seconds_count{{{route}}} 2.0" in text
    assert "qa_answers_taken 0.0" in text


def test_a_line_of_the_log_holds_no_word_of_a_question(
    assistant: FakeAssistant, caplog: pytest.LogCaptureFixture
) -> None:
    client = TestClient(create_app(assistant, chat=False, logs=True), base_url=HERE)
    with caplog.at_level(logging.INFO, "qa.requests"):
        client.post("/v1/ask", json={"question": ANSWERED.question})
        client.get("/v1/search", params={"question": "bread"})
    first, second = [json.loads(record.message) for record in caplog.records if record.name == "qa.requests"]
    assert (first["method"], first["route"], first["status"], first["key"]) == ("POST", "/v1/ask", 200, None)
    assert first["ms"] >= 0
    assert "bread" not in str(second)
