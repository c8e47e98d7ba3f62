"""What goes wrong behind the service while it serves: the quote answers, or a clear error, and nothing is lost."""

import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from qa.assistant import Assistant
from qa.documents import read_one
from qa.indexing import index, index_paths
from qa.library import Library
from qa.models import load_language_model
from qa.models.language_model import LOCAL_REQUEST, OpenAILanguageModel
from qa.models.server import LocalServer
from qa.models.weights import LANGUAGE_MODEL, packaged_file
from qa.reading import SentenceReader
from qa.types import LanguageModel
from tests.api.conftest import served
from tests.fakes import WordEmbedder
from tests.models.scripted import Reply, event, scripted_server

TEXT = "Anna Lind, the mayor of Kilmore, opened the bridge on Sunday.\n\nPeter Ruiz called Lind a dreamer.\n"
ASKED = {"question": "Who opened the bridge?"}
EVENTS = {"Content-Type": "text/event-stream"}


@contextmanager
def service(folder: Path, language_model: LanguageModel | None = None) -> Iterator[tuple[httpx.Client, Library]]:
    """A client of a live server over a small library, and the library."""
    embedder = WordEmbedder()
    (folder / "kilmore.txt").write_text(TEXT, encoding="utf-8")
    with Library.create(folder / "library", embedder.name) as library:
        index(library, [read_one(folder / "kilmore.txt")], embedder)
        assistant = Assistant(library, embedder, SentenceReader(embedder), language_model, capable=True)
        with served(assistant) as (address, _), httpx.Client(base_url=address, timeout=60) as client:
            yield client, library


def answered_by_quote(reply: httpx.Response) -> bool:
    """Whether the quote stands, and nothing else was said."""
    answer: dict[str, Any] = reply.json()
    claims = {claim["support"] for claim in answer["claims"]}
    return (reply.status_code, answer["outcome"], claims) == (200, "answered", {"quoted"}) and all(
        TEXT[each["start"] : each["end"]] == each["quote"] for each in answer["citations"]
    )


@pytest.mark.parametrize(
    "reply",
    [
        Reply(500, b"killed"),
        Reply(body=event("The br"), headers=EVENTS, length=100_000),  # its process is killed in mid-sentence
        Reply(body=b"<!doctype html>", headers={"Content-Type": "text/html"}),
        Reply(body=b"data: {]\n\n", headers=EVENTS),
        Reply(body=b"data: null\n\ndata: [1]\n\n", headers=EVENTS),
        Reply(body=event("\x00\ufffd [99] zzz") + event(finish="stop") + b"data: [DONE]\n\n", headers=EVENTS),
    ],
    ids=["error", "killed", "page", "broken", "shapeless", "nonsense"],
)
def test_a_language_model_that_fails_or_babbles_leaves_the_quote(tmp_path: Path, reply: Reply) -> None:
    with scripted_server(lambda _: reply) as endpoint:
        model = load_language_model(f"{endpoint.address}/v1#m", "", offline=True)
        with service(tmp_path, model) as (client, _):
            answer = client.post("/v1/ask", json=ASKED)
    if b"zzz" in reply.body:  # a capable model's words are shown, marked; what was found stands beside them
        assert {claim["support"] for claim in answer.json()["claims"]} == {"unsupported", "quoted"}
        assert "[99]" not in answer.json()["text"]
    else:
        assert answered_by_quote(answer)
    assert len(endpoint.requests) == 1


def test_a_language_model_that_stalls_is_given_up(tmp_path: Path) -> None:
    awake = threading.Event()

    def stall(_: object) -> Reply:
        awake.wait(30)
        return Reply(500)

    with scripted_server(stall) as endpoint:
        model = load_language_model(f"{endpoint.address}/v1#m", "", offline=True, seconds=0.5)
        with service(tmp_path, model) as (client, _):
            start = time.monotonic()
            assert answered_by_quote(client.post("/v1/ask", json=ASKED))
            assert time.monotonic() - start < 25
            short = client.post("/v1/ask", json=ASKED | {"prose": False})
            assert answered_by_quote(short)
        awake.set()


@pytest.mark.model
def test_a_language_model_whose_process_is_killed_is_there_again(tmp_path: Path) -> None:
    with LocalServer(packaged_file(LANGUAGE_MODEL)) as process:
        model = OpenAILanguageModel("small", process.endpoint, extra=LOCAL_REQUEST)
        with service(tmp_path, model) as (client, _):
            assert client.post("/v1/ask", json=ASKED).status_code == 200
            first = process.process_id
            os.kill(first, signal.SIGKILL)
            for _ in range(2):  # the first may find it dying: then the quote stands
                answer = client.post("/v1/ask", json=ASKED)
                assert (answer.status_code, answer.json()["outcome"]) == (200, "answered")
            assert process.process_id != first


def test_a_library_that_grows_and_shrinks_meanwhile_is_answered_from_as_it_is(tmp_path: Path) -> None:
    with service(tmp_path) as (client, _):
        (citation,) = client.post("/v1/ask", json=ASKED).json()["citations"]
        (tmp_path / "kilmore.txt").write_text(TEXT.replace("Sunday", "Monday"), encoding="utf-8")
        index_paths(tmp_path / "library", [tmp_path / "kilmore.txt"], WordEmbedder())  # as another process does
        assert client.get(f"/v1/documents/{citation['document_id']}").status_code == 404
        assert "Monday" in client.post("/v1/ask", json=ASKED).json()["text"]
        (tmp_path / "kilmore.txt").rename(tmp_path / "other.txt")
        (tmp_path / "other.txt").write_text("Nothing is told here of any crossing.", encoding="utf-8")
        index_paths(tmp_path / "library", [tmp_path], WordEmbedder(), prunes=True)
        assert client.get("/v1/documents").json()["documents"][0]["title"] != "kilmore"
        assert client.get("/readyz").json() == {"status": "ready", "documents": 1}


def test_a_library_that_is_broken_meanwhile_is_a_clear_error(tmp_path: Path) -> None:
    with service(tmp_path) as (client, library):
        assert client.get("/readyz").status_code == 200
        with sqlite3.connect(library.folder / "library.sqlite") as connection:
            connection.execute("DROP TABLE passages")
        for stream in (False, True):
            reply = client.post("/v1/ask", params={"stream": stream}, json=ASKED)
            assert (reply.status_code, reply.json()["type"]) == (500, "urn:qa:error:LibraryError")
            assert reply.json()["hint"]
        assert client.get("/healthz").status_code == 200
        said = client.post(
            "/v1/chat/completions", json={"model": "qa", "messages": [{"role": "user", "content": "Who?"}]}
        )
        assert said.json()["error"]["code"] == "LibraryError"


def test_a_full_disk_stops_no_answer(tmp_path: Path) -> None:
    with service(tmp_path) as (client, library):
        (library.folder / "vectors.faiss").unlink(missing_ok=True)
        used = {path: path.stat().st_size for path in library.folder.iterdir()}
        limit = max(used.values())
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (16, hard))
        try:
            for _ in range(2):
                assert answered_by_quote(client.post("/v1/ask", json=ASKED | {"prose": False}))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
            signal.signal(signal.SIGXFSZ, handler)
        assert limit == max(path.stat().st_size for path in library.folder.iterdir())
        assert json.loads(client.get("/readyz").text)["documents"] == 1
