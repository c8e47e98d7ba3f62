import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import httpx
import pytest
from fastapi.testclient import TestClient

from qa.api import create_app
from qa.api.limits import Limits
from qa.errors import DocumentNotFound, LibraryCorrupt, ModelFailed, QAError
from qa.render import event_row, to_json
from qa.types import Event, Turn
from tests.api.conftest import HERE, served
from tests.surface_fakes import ANSWERED, FakeAssistant, events_of

ASKED = {"question": ANSWERED.question}


def events(text: str) -> list[tuple[str, object]]:
    """The events of a stream, each its name and its data."""
    blocks = [block.split("\n") for block in text.strip().split("\n\n") if not block.startswith(":")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_an_answer_is_the_published_json(client: TestClient) -> None:
    reply = client.post("/v1/ask", json=ASKED)
    assert (reply.status_code, reply.json()) == (200, to_json(ANSWERED))


def test_an_answer_comes_in_any_format(client: TestClient) -> None:
    reply = client.post("/v1/ask?format=markdown", json=ASKED)
    assert reply.headers["content-type"].startswith("text/markdown")
    assert "[^1]" in reply.text


@pytest.mark.parametrize(("path", "accept"), [("/v1/ask?stream=true", "*/*"), ("/v1/ask", "text/event-stream")])
def test_a_stream_is_the_events_in_their_order(client: TestClient, path: str, accept: str) -> None:
    reply = client.post(path, json=ASKED, headers={"accept": accept})
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert events(reply.text) == [event_row(event) for event in events_of(ANSWERED)]
    names = [name for name, _ in events(reply.text)]
    assert names == ["retrieved", "found", "written", "written", "answered"]
    assert events(reply.text)[-1][1] == to_json(ANSWERED)


def test_without_prose_the_quotes_alone_are_given(client: TestClient) -> None:
    reply = client.post("/v1/ask", json=ASKED | {"prose": False})
    assert {claim["support"] for claim in reply.json()["claims"]} == {"quoted"}


def test_earlier_questions_come_first(client: TestClient, assistant: FakeAssistant) -> None:
    client.post("/v1/ask", json={"question": "And when?", "history": ["Who opened it?", "Where?"]})
    (question, history) = assistant.asked[0]
    assert (question, [turn.question for turn in history]) == ("And when?", ["Who opened it?", "Where?"])


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"question": 1}', b'{"q": "x"}', b'{"question": "x", "more": 1}', b'{"history": []}']
)
def test_a_malformed_request_is_a_problem_with_a_hint(client: TestClient, body: bytes) -> None:
    reply = client.post("/v1/ask", content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["hint"] == "send JSON with `Content-Type: application/json`; /v1/openapi.json says what"


@pytest.mark.parametrize("stream", [False, True])
def test_an_empty_question_is_a_problem_with_our_hint(client: TestClient, stream: bool) -> None:
    reply = client.post("/v1/ask", params={"stream": stream}, json={"question": " "})
    assert reply.json() == {
        "type": "urn:qa:error:BadQuestion",
        "title": reply.json()["title"],
        "status": 422,
        "detail": "the question is empty",
        "hint": "ask something",
    }


@dataclass
class FailingAssistant(FakeAssistant):
    """Fails before its event of that number, with 0 at once."""

    error: Exception = field(default_factory=lambda: ValueError("secret path"))
    after: int = 0

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, prose: bool = True, passages: int | None = None
    ) -> Iterator[Event]:
        yield from events_of(ANSWERED)[: self.after]
        raise self.error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ModelFailed("no reply", "start it"), 503),
        (DocumentNotFound("none", "look"), 404),
        (LibraryCorrupt("broken", "mend"), 500),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_each_error_has_its_status(error: QAError, status: int, stream: bool) -> None:
    client = TestClient(create_app(FailingAssistant(error=error), chat=False), base_url=HERE)
    reply = client.post("/v1/ask", params={"stream": stream}, json={"question": "x"})
    assert (reply.status_code, reply.json()["status"]) == (status, status)
    assert (reply.json()["detail"], reply.json()["hint"]) == (error.message, error.hint)


def test_what_fails_in_mid_stream_is_its_last_event() -> None:
    failing = FailingAssistant(error=LibraryCorrupt("broken", "mend"), after=2)
    client = TestClient(create_app(failing, chat=False), base_url=HERE)
    told = events(client.post("/v1/ask?stream=true", json=ASKED).text)
    assert [name for name, _ in told] == ["retrieved", "found", "error"]
    assert told[-1][1] == {
        "type": "urn:qa:error:LibraryCorrupt",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "broken",
        "hint": "mend",
    }


def test_a_fault_shows_nothing_of_the_inside() -> None:
    app = create_app(FailingAssistant(), chat=False)
    reply = TestClient(app, base_url=HERE, raise_server_exceptions=False).post("/v1/ask", json={"question": "x"})
    assert reply.status_code == 500
    assert "secret" not in reply.text
    assert reply.json()["type"] == "urn:qa:error:Fault"


def test_an_unknown_path_is_a_problem(client: TestClient) -> None:
    reply = client.get("/v2/ask")
    assert (reply.status_code, reply.json()["hint"]) == (404, "see /v1/openapi.json for what is here")


@pytest.mark.parametrize("path", ["/v1/ask?stream=true", "/v1/ask"])
def test_work_stops_when_the_client_leaves(path: str) -> None:
    assistant = FakeAssistant(hold=threading.Event())
    with served(assistant) as (address, server):
        with httpx.Client(base_url=address) as client, pytest.raises(httpx.ReadTimeout):
            client.post(path, json=ASKED, timeout=0.5)
        assert not assistant.closed.is_set()
        assert assistant.hold is not None
        assistant.hold.set()  # the sentence is finished, and no other is begun
        assert assistant.closed.wait(10)
        deadline = time.monotonic() + 10
        while server.service.busy and time.monotonic() < deadline:
            time.sleep(0.01)
        assert not server.service.busy


def test_short_answers_come_while_the_language_model_writes_and_others_wait() -> None:
    assistant = FakeAssistant(hold=threading.Event())
    assert assistant.hold is not None
    with served(assistant, limits=Limits(answers=1, waiting=1)) as (address, _), ExitStack() as open_streams:
        client = open_streams.enter_context(httpx.Client(base_url=address))
        streams = [client.stream("POST", "/v1/ask?stream=true", json=ASKED) for _ in range(2)]
        lines = [open_streams.enter_context(stream).iter_lines() for stream in streams]
        for each in lines:  # both have their short answer; one is being written, one waits
            assert next(line for line in each if line == "event: found")
        refused = client.post("/v1/ask", json=ASKED)
        assert (refused.status_code, refused.json()["type"]) == (429, "urn:qa:error:Busy")
        assert refused.json()["detail"] == "2 answers are being made or waited for"
        assert refused.headers["retry-after"] == "1"
        assert client.post("/v1/ask", json={"question": "Who mills it?", "prose": False}).status_code == 200
        assert client.post("/v1/search", json={"question": "bread"}).status_code == 200
        assistant.hold.set()
        for each in lines:
            assert [line for line in each if line.startswith("event: ")] == ["event: written"] * 2 + ["event: answered"]
