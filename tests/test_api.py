from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest
from fastapi.testclient import TestClient

from qa.api import BODY_BYTES, claim_port, create_app
from qa.errors import ConfigError, DocumentNotFound, LibraryCorrupt, ModelFailed, PortInUse, QAError
from qa.render import to_json
from qa.types import Answer
from tests.surface_fakes import ANSWERED, FakeAssistant

HERE = "http://127.0.0.1:7860"


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def client(assistant: FakeAssistant) -> Iterator[TestClient]:
    with TestClient(create_app(assistant, chat=False), base_url=HERE, raise_server_exceptions=False) as client:
        yield client


def test_an_answer_is_the_published_json(client: TestClient) -> None:
    reply = client.post("/v1/ask", json={"question": ANSWERED.question})
    assert (reply.status_code, reply.json()) == (200, to_json(ANSWERED))


def test_earlier_questions_come_first(client: TestClient, assistant: FakeAssistant) -> None:
    client.post("/v1/ask", json={"question": "And when?", "history": ["Who opened it?", "Where?"]})
    (question, history) = assistant.asked[0]
    assert (question, [turn.question for turn in history]) == ("And when?", ["Who opened it?", "Where?"])


def test_health(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok", "documents": 1}


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"question": 1}', b'{"q": "x"}', b'{"question": "x", "more": 1}', b'{"history": []}']
)
def test_a_malformed_request_is_a_problem_with_a_hint(client: TestClient, body: bytes) -> None:
    reply = client.post("/v1/ask", content=body, headers={"content-type": "application/json"})
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["hint"] == 'send {"question": "...", "history": ["an earlier question"]}'


def test_an_empty_question_is_a_problem_with_our_hint(client: TestClient) -> None:
    reply = client.post("/v1/ask", json={"question": " "})
    assert reply.json() == {
        "type": "urn:qa:error:BadQuestion",
        "title": reply.json()["title"],
        "status": 422,
        "detail": "the question is empty",
        "hint": "ask something",
    }


@dataclass
class FailingAssistant(FakeAssistant):
    error: Exception = field(default_factory=lambda: ValueError("secret path"))

    def converse(self, question: str, earlier: Sequence[str]) -> Answer:
        raise self.error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (ModelFailed("no reply", "start it"), 503),
        (DocumentNotFound("none", "look"), 404),
        (LibraryCorrupt("broken", "mend"), 500),
    ],
)
def test_each_error_has_its_status(error: QAError, status: int) -> None:
    client = TestClient(create_app(FailingAssistant(error=error), chat=False), base_url=HERE)
    reply = client.post("/v1/ask", json={"question": "x"})
    assert (reply.status_code, reply.json()["status"]) == (status, status)
    assert (reply.json()["detail"], reply.json()["hint"]) == (error.message, error.hint)


def test_a_fault_shows_nothing_of_the_inside() -> None:
    app = create_app(FailingAssistant(), chat=False)
    reply = TestClient(app, base_url=HERE, raise_server_exceptions=False).post("/v1/ask", json={"question": "x"})
    assert reply.status_code == 500
    assert "secret" not in reply.text
    assert reply.json()["type"] == "urn:qa:error:Fault"


def test_an_unknown_path_is_a_problem(client: TestClient) -> None:
    reply = client.get("/v2/ask")
    assert (reply.status_code, reply.json()["hint"]) == (404, "ask with POST /v1/ask")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "", "[::1", "a b"])
def test_a_foreign_name_is_refused(client: TestClient, host: str) -> None:
    reply = client.get("/healthz", headers={"host": host})
    assert (reply.status_code, reply.json()["type"]) == (403, "urn:qa:error:ForeignHost")


@pytest.mark.parametrize(
    "host", ["127.0.0.1:7860", "localhost", "LOCALHOST:1", "[::1]:7860", "192.168.0.7", "docs.lan"]
)
def test_an_own_name_is_served(assistant: FakeAssistant, host: str) -> None:
    client = TestClient(create_app(assistant, chat=False, hosts=["docs.lan"]), base_url=HERE)
    assert client.get("/healthz", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://localhost:7860"])
def test_a_foreign_page_is_refused(client: TestClient, origin: str) -> None:
    reply = client.post("/v1/ask", json={"question": "x"}, headers={"origin": origin})
    assert (reply.status_code, reply.json()["type"]) == (403, "urn:qa:error:ForeignOrigin")


def test_the_own_page_is_served(client: TestClient) -> None:
    assert client.post("/v1/ask", json={"question": "x"}, headers={"origin": HERE}).status_code == 200


def test_a_long_body_is_refused(client: TestClient) -> None:
    for length in (BODY_BYTES + 1, 10**30):
        reply = client.get("/healthz", headers={"content-length": str(length)})
        assert reply.status_code == 413
    reply = client.post("/v1/ask", json={"question": "x" * BODY_BYTES})
    assert (reply.status_code, reply.json()["type"]) == (413, "urn:qa:error:TooLarge")


def test_a_body_of_unknown_length_is_refused(client: TestClient) -> None:
    reply = client.post("/v1/ask", content=iter([b"{}"]))
    assert (reply.status_code, reply.json()["type"]) == (411, "urn:qa:error:LengthRequired")


@pytest.mark.parametrize("length", ["x", "-1", "1e9"])
def test_a_malformed_length_is_refused(client: TestClient, length: str) -> None:
    reply = client.get("/healthz", headers={"content-length": length})
    assert (reply.status_code, reply.json()["type"]) == (411, "urn:qa:error:LengthRequired")


def test_no_reply_allows_another_host(client: TestClient) -> None:
    for path in ("/healthz", "/nowhere", "/v1/openapi.json"):
        headers = client.get(path).headers
        policy = headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "http" not in policy
        assert "*" not in policy
        assert (headers["x-frame-options"], headers["x-content-type-options"]) == ("DENY", "nosniff")
    assert client.get("/docs").status_code == 404  # FastAPI's page loads scripts from a public server


def test_the_chat_is_mounted_beside_the_interface(assistant: FakeAssistant) -> None:
    with TestClient(create_app(assistant), base_url=HERE) as client:
        page = client.get("/")
        assert "Ask your documents" in page.text
        assert page.headers["x-frame-options"] == "DENY"
        assert client.post("/v1/ask", json={"question": ANSWERED.question}).json()["short"] == "Ada Brook"
        assert client.get("/healthz").status_code == 200
        theme = client.get("/theme.css").text
        assert "googleapis" not in theme + page.text


def test_a_free_port_is_claimed_and_a_taken_one_refused() -> None:
    with claim_port("127.0.0.1", 0) as claimed:
        port = claimed.getsockname()[1]
        assert port > 0
        with pytest.raises(PortInUse, match=f"port {port} on 127.0.0.1 is in use") as caught:
            claim_port("127.0.0.1", port)
        assert "qa serve --port 0" in caught.value.hint
    with claim_port("127.0.0.1", port) as again:
        assert again.getsockname()[1] == port


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"cannot listen on 203\.0\.113\.1, port 0"):
        claim_port("203.0.113.1", 0)
