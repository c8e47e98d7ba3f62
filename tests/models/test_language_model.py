import json
import os
import socket
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from qa.errors import ConfigError, ModelCorrupt, ModelFailed, ModelNotFound, ModelOffline
from qa.models import load_language_model
from qa.models.endpoints import parameter_count
from qa.models.language_model import OpenAILanguageModel, Reply
from qa.models.server import Endpoint
from qa.types import LanguageModel, Message
from tests.models import scripted
from tests.models.scripted import Request, event, scripted_server

MESSAGES = (Message("system", "Be brief."), Message("user", "Who?"))
DONE = b"data: [DONE]\n\n"
EVENTS = {"Content-Type": "text/event-stream"}


def loaded(name: str, key: str = "") -> OpenAILanguageModel:
    model = load_language_model(name, key, offline=True)
    assert model is not None
    return model


def streamed(*replies: scripted.Reply, key: str = "") -> tuple[str, list[Request]]:
    """What the language model makes of a server that gives these replies, and what the server was asked."""
    script = iter(replies)
    with scripted_server(lambda _: next(script)) as server:
        model = loaded(f"{server.address}/v1#some-model", key)
        return "".join(model.stream(MESSAGES)), server.requests


def test_an_endpoint_streams_its_pieces() -> None:
    body = event("Ja") + event(None) + event("ne.") + event(finish="stop") + DONE
    text, [request] = streamed(scripted.Reply(body=body, headers=EVENTS), key="secret")
    assert text == "Jane."
    assert request.path == "/v1/chat/completions"
    assert request.headers["Authorization"] == "Bearer secret"
    asked = json.loads(request.body)
    assert asked["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Who?"},
    ]
    assert (asked["model"], asked["temperature"], asked["max_tokens"], asked["stream"]) == (
        "some-model",
        0,
        200,
        True,
    )
    assert "return_progress" not in asked  # only our own server knows it


@pytest.fixture
def foreign_key() -> Iterator[str]:
    before = os.environ.get("OPENAI_API_KEY")
    os.environ["OPENAI_API_KEY"] = "sk-of-someone-else"
    yield os.environ["OPENAI_API_KEY"]
    del os.environ["OPENAI_API_KEY"]
    if before is not None:
        os.environ["OPENAI_API_KEY"] = before


def test_a_key_meant_for_another_server_is_not_sent(foreign_key: str) -> None:
    body = event("Jane.", "stop") + DONE
    _, [request] = streamed(scripted.Reply(body=body, headers=EVENTS))
    assert foreign_key not in str(request.headers)


@pytest.mark.parametrize("status", [400, 401, 404, 429, 500, 503])
def test_an_error_status_is_a_failed_model_and_not_tried_again(status: int) -> None:
    body = b'{"error": {"message": "the reason"}}'
    reply = scripted.Reply(status, body, {"Content-Type": "application/json"})
    with pytest.raises(ModelFailed, match=f"some-model at 127.0.0.1:.* failed: .*{status}.*the reason") as caught:
        streamed(reply)
    assert "QA_LANGUAGE_MODEL=none" in caught.value.hint


@pytest.mark.parametrize(
    "reply",
    [
        scripted.Reply(body=event("Half a sen"), headers=EVENTS),
        scripted.Reply(body=event("Half a sen"), headers=EVENTS, length=10_000),
        scripted.Reply(body=event("Half a sen") + b'data: {"err', headers=EVENTS),
        scripted.Reply(body=event("Half a sen") + b"data: [1, 2]\n\n", headers=EVENTS),
        scripted.Reply(body=event("Half a sen") + b'data: {"choices": null}\n\n', headers=EVENTS),
        scripted.Reply(body=event("Half a sen") + b'data: {"choices": ["x"]}\n\n', headers=EVENTS),
        scripted.Reply(body=event("Half a sen") + b'data: {"error": {"message": "boom"}}\n\n', headers=EVENTS),
    ],
    ids=["ended early", "cut", "cut in an event", "a list", "no choices", "odd choice", "an error in the stream"],
)
def test_a_stream_that_breaks_off_is_a_failed_model(reply: scripted.Reply) -> None:
    with scripted_server(lambda _: reply) as server:
        pieces = loaded(f"{server.address}/v1#some-model").stream(MESSAGES)
        assert next(pieces) == "Half a sen"
        with pytest.raises(ModelFailed, match=r"some-model at .* failed: "):
            list(pieces)


def test_a_web_page_instead_of_a_stream_is_a_failed_model() -> None:
    reply = scripted.Reply(body=b"<html>Welcome</html>", headers={"Content-Type": "text/html"})
    with pytest.raises(ModelFailed, match="its reply broke off"):
        streamed(reply)


def test_a_server_that_is_not_there_is_a_failed_model() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}/v1#m"
        with pytest.raises(ModelFailed, match=r"m at .* failed: Connection error"):
            list(loaded(address).stream(MESSAGES))


def test_an_endpoint_is_named_without_its_password() -> None:
    assert loaded("http://user:secret@localhost:11434/v1#llama3").name == "llama3 at localhost:11434"


@pytest.mark.model
def test_an_endpoint_counts_as_capable_and_the_default_is_too_small() -> None:
    assert loaded("http://localhost:11434/v1#llama3").is_capable()
    with loaded("default") as model:
        assert not model.is_capable()


@pytest.mark.parametrize(
    ("body", "reason"),
    [(b"<html>", "does not tell the model's size"), (b'{"data": []}', "does not tell"), (b'{"data": [{}]}', "meta")],
)
def test_a_server_that_does_not_tell_the_size_is_a_failed_model(body: bytes, reason: str) -> None:
    html = scripted_server(lambda _: scripted.Reply(body=body))
    with html as server, pytest.raises(ModelFailed, match=reason) as caught:
        parameter_count(Endpoint(f"{server.address}/v1", "m", "key"))
    assert "QA_CAPABLE" in caught.value.hint


def test_the_size_is_the_one_that_the_server_counted() -> None:
    body = json.dumps({"data": [{"meta": {"n_params": 4_022_468_096}}]}).encode()
    with scripted_server(lambda _: scripted.Reply(body=body)) as server:
        assert parameter_count(Endpoint(f"{server.address}/v1", "m", "key")) == 4_022_468_096
    assert server.requests[0].headers["Authorization"] == "Bearer key"


def test_none_is_no_language_model() -> None:
    assert load_language_model("none", "", offline=True) is None


@pytest.mark.parametrize("name", ["http://localhost:1/v1", "http://localhost:1/v1#", "http:///v1#m"])
def test_an_endpoint_needs_a_host_and_a_model(name: str) -> None:
    with pytest.raises(ConfigError, match="names no"):
        load_language_model(name, "", offline=True)


@pytest.mark.parametrize("name", ["nowhere.gguf", "", ".", "owner/repo", "/nowhere/x.gguf"])
def test_a_file_that_is_not_there_is_not_found(name: str) -> None:
    with pytest.raises(ModelNotFound, match="no language model at") as caught:
        load_language_model(name, "", offline=True)
    assert "QA_LANGUAGE_MODEL" in caught.value.hint


def test_a_file_that_is_no_gguf_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "x.gguf"
    path.write_text("hello")
    with pytest.raises(ModelCorrupt, match="is not a GGUF file"):
        load_language_model(str(path), "", offline=True)


def test_a_hub_id_is_not_downloaded_offline() -> None:
    with pytest.raises(ModelOffline, match=r"owner/no-such:model\.gguf is not on this machine") as caught:
        load_language_model("owner/no-such:model.gguf", "", offline=True)
    assert caught.value.hint.startswith("hf download owner/no-such model.gguf --local-dir ")


def test_a_reply_can_be_closed_by_another_thread() -> None:
    reading, closed = threading.Event(), threading.Event()
    ended: list[bool] = []

    def pieces() -> Generator[str, None, None]:
        try:
            yield "one"
            reading.set()
            assert closed.wait(10)
            yield "two"
        finally:
            ended.append(True)

    reply = Reply(pieces())
    assert next(reply) == "one"
    rest: list[str] = []
    thread = threading.Thread(target=lambda: rest.extend(reply))
    thread.start()
    assert reading.wait(10)
    reply.close()  # while the other thread reads
    closed.set()
    thread.join(10)
    assert (rest, ended) == ([], [True])
    reply.close()


@pytest.mark.model
def test_the_default_streams_and_ends() -> None:
    with loaded("default") as model:
        seam: LanguageModel = model
        assert seam.name == "SmolLM2-135M-Instruct-Q4_1"
        model.warm()
        pieces = list(seam.stream([Message("user", "Name the capital of France.")]))
        assert "Paris" in "".join(pieces)
        assert pieces[0] == ""  # a sign of life before the first word


@pytest.mark.model
def test_two_threads_both_get_their_reply(language_model: OpenAILanguageModel) -> None:
    replies: dict[str, str] = {}

    def ask(place: str) -> None:
        question = Message("user", f"Name the capital of {place}.")
        replies[place] = "".join(language_model.stream([question]))

    alone = "".join(language_model.stream([Message("user", "Name the capital of France.")]))
    threads = [threading.Thread(target=ask, args=(place,)) for place in ("France", "Italy")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert "Paris" in alone
    assert replies["France"] == alone
    assert "Rome" in replies["Italy"]


@pytest.mark.model
def test_a_prompt_that_is_too_long_is_a_failed_model(language_model: OpenAILanguageModel) -> None:
    with pytest.raises(ModelFailed, match="context"):
        list(language_model.stream([Message("user", "word " * 6000)]))
