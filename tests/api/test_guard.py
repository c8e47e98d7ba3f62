import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from qa.api import create_app
from qa.api.guard import BODY_BYTES
from qa.api.keys import Keys
from tests.api.conftest import HERE
from tests.surface_fakes import ANSWERED, FakeAssistant


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
        unknown, wrong = client.get("/v1/nothing"), client.delete("/v1/ask")
        assert (unknown.status_code, unknown.json()["hint"]) == (404, "see /v1/openapi.json for what is here")
        assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")


@pytest.fixture(scope="module")
def chat() -> Iterator[TestClient]:
    with TestClient(create_app(FakeAssistant()), base_url=HERE) as client:
        yield client


@pytest.mark.parametrize("way", ["file=", "file/", "proxy="])
@pytest.mark.parametrize(
    "place", ["https://elsewhere.example/x", "HTTP://127.0.0.1:9/x", " https://a.example", "//a.example"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_page_passes_nothing_on_from_elsewhere(chat: TestClient, way: str, place: str, method: str) -> None:
    reply = chat.request(method, f"/gradio_api/{way}{place}")
    assert reply.status_code == 400
    if method == "GET":
        assert reply.json()["type"] == "urn:qa:error:ForeignFile"
        assert place.strip() in reply.json()["detail"]


def test_the_page_fetches_no_file_that_a_client_names(chat: TestClient) -> None:
    given = {"path": "https://elsewhere.example/x", "meta": {"_type": "gradio.FileData"}}
    reply = chat.post("/gradio_api/queue/join", json={"data": [[given]], "fn_index": 0, "session_hash": "s"})
    assert (reply.status_code, reply.json()["type"]) == (400, "urn:qa:error:ForeignFile")


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return Keys(tmp_path / "keys.json")


def test_with_keys_nobody_gets_in_without_one(assistant: FakeAssistant, keys: Keys) -> None:
    secret = keys.add("notebook")
    client = TestClient(create_app(assistant, hosts=["docs.lan"], keys=keys), base_url="http://anything.example")
    password = base64.b64encode(f"anyone:{secret}".encode()).decode()
    for path in ("/", "/v1/documents", "/metrics", "/mcp", "/v1/openapi.json"):
        reply = client.get(path)
        assert (reply.status_code, reply.json()["type"]) == (401, "urn:qa:error:NoKey"), path
        assert reply.headers["www-authenticate"].startswith("Bearer")
    for wrong in ("", "Bearer", "Bearer x", f"Bearer {secret}x", "Basic !", "Basic eDp5", f"Digest {secret}"):
        assert client.get("/v1/documents", headers={"authorization": wrong}).status_code == 401
    for right in (f"Bearer {secret}", f"bearer  {secret}", f"Basic {password}"):
        assert client.get("/v1/documents", headers={"authorization": right}).status_code == 200
        assert client.get("/", headers={"authorization": right}).status_code == 200
    for path in ("/healthz", "/readyz"):
        assert client.get(path).status_code == 200
    keys.remove("notebook")
    assert client.get("/v1/documents", headers={"authorization": f"Bearer {secret}"}).status_code == 401


def test_openais_clients_are_refused_in_their_own_shape(assistant: FakeAssistant, keys: Keys) -> None:
    client = TestClient(create_app(assistant, chat=False, keys=keys), base_url=HERE)
    reply = client.get("/v1/models")
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "NoKey")
