import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from qa.errors import ModelFailed
from qa.models.language_model import OpenAILanguageModel
from qa.models.server import LocalServer
from qa.types import Message

FOREIGN = {"Origin": "https://elsewhere.example"}
STORY = (Message("user", "Tell a very long story about the sea, with many chapters."),)
PATIENCE = 60.0


def get(server: LocalServer, path: str, *, key: str | None = None) -> httpx.Response:
    endpoint = server.endpoint()
    address = endpoint.base_url.removesuffix("/v1") + path
    bearer = endpoint.key if key is None else key
    authorization = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    return httpx.get(address, headers=authorization | FOREIGN, timeout=PATIENCE, trust_env=False)


def is_busy(server: LocalServer) -> bool:
    [slot] = get(server, "/slots").json()
    return bool(slot["is_processing"])


def wait_until(condition: Callable[[], bool], seconds: float = PATIENCE) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def wait_for_end(process_id: int) -> None:
    handle = os.pidfd_open(process_id)
    try:
        assert select.select([handle], [], [], PATIENCE)[0], "the process lives on"
    finally:
        os.close(handle)


@pytest.mark.model
@pytest.mark.parametrize("key", ["", "wrong"])
@pytest.mark.parametrize("path", ["/v1/models", "/slots", "/props", "/v1/chat/completions"])
def test_nothing_is_told_without_the_key(server: LocalServer, path: str, key: str) -> None:
    assert get(server, path, key=key).status_code == 401


@pytest.mark.model
def test_no_web_page_is_let_in(server: LocalServer) -> None:
    for key in (None, ""):
        allowed = get(server, "/v1/models", key=key).headers.get("Access-Control-Allow-Origin", "")
        assert allowed == ""
    assert get(server, "/").status_code == 404


@pytest.mark.model
def test_the_path_of_the_weights_is_not_told(server: LocalServer) -> None:
    assert str(Path.home()) not in get(server, "/v1/models").text
    assert "smollm2" not in get(server, "/v1/models").text.lower()


def seconds_a_piece(reply: Iterator[str], count: int) -> float:
    """How long the server takes for one piece, so that limits hold on a slow machine and bite on a fast one."""
    next(reply)
    start = time.monotonic()
    for _ in range(count):
        next(reply)
    return (time.monotonic() - start) / count


@pytest.mark.model
def test_an_iterator_closed_while_it_writes_stops_the_server(
    server: LocalServer, language_model: OpenAILanguageModel
) -> None:
    reply = language_model.stream(STORY)  # which goes on for thousands of tokens
    while not next(reply):
        pass
    pace = seconds_a_piece(reply, 20)
    assert is_busy(server)
    reply.close()
    wait_until(lambda: not is_busy(server), 5 + 500 * pace)
    assert list(reply) == []


@pytest.mark.model
def test_an_iterator_closed_while_the_prompt_is_read_stops_the_server(
    server: LocalServer, language_model: OpenAILanguageModel
) -> None:
    prompt = " ".join(f"Item {number} is {number * 7919 % 1000}." for number in range(300))
    reply = language_model.stream([Message("user", prompt)])
    assert next(reply) == ""  # a sign of life: no word is written yet
    pace = seconds_a_piece(reply, 1)  # one of some twenty-five batches, before the many words of the reply
    assert is_busy(server)
    reply.close()
    wait_until(lambda: not is_busy(server), 2 + 8 * pace)


@pytest.mark.model
def test_an_iterator_that_is_dropped_stops_the_server(server: LocalServer, language_model: OpenAILanguageModel) -> None:
    reply = language_model.stream(STORY)
    while not next(reply):
        pass
    pace = seconds_a_piece(reply, 20)
    del reply
    wait_until(lambda: not is_busy(server), 5 + 500 * pace)


@pytest.mark.model
def test_a_killed_server_is_replaced_at_the_next_call(gguf: Path) -> None:
    with LocalServer(gguf) as server:
        language_model = OpenAILanguageModel("small", server.endpoint, max_tokens=400)
        reply = language_model.stream(STORY)
        while not next(reply):
            pass
        first, key = server.process_id, server.endpoint().key
        os.kill(first, signal.SIGKILL)
        with pytest.raises(ModelFailed, match="the language model small failed"):
            list(reply)
        wait_for_end(first)
        assert "".join(OpenAILanguageModel("small", server.endpoint, max_tokens=5).stream(STORY))
        assert server.process_id != first
        assert server.endpoint().key != key
        assert get(server, "/slots").status_code == 501  # off unless a test asks for it


@pytest.mark.model
def test_the_server_ends_with_a_killed_parent(gguf: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from qa.models.server import LocalServer\n"
        "server = LocalServer(Path(sys.argv[1])); server.endpoint(); print(server.process_id, flush=True); "
        "time.sleep(600)"
    )
    command = [sys.executable, "-c", script, str(gguf)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    wait_for_end(child)


@pytest.mark.model
def test_the_key_is_not_on_the_command_line(server: LocalServer) -> None:
    key = server.endpoint().key.encode()
    process = Path(f"/proc/{server.process_id}")
    assert key not in (process / "cmdline").read_bytes()
    assert key not in (process / "environ").read_bytes()


@pytest.mark.model
def test_a_file_that_is_no_model_fails_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(b"GGUF" + bytes(1000))
    with (
        LocalServer(path) as server,
        pytest.raises(ModelFailed, match=r"broken\.gguf does not start") as caught,
    ):
        server.endpoint()
    assert "QA_LANGUAGE_MODEL=none" in caught.value.hint


@pytest.mark.model
def test_a_closed_server_does_not_come_back(gguf: Path) -> None:
    server = LocalServer(gguf)
    server.close()
    server.close()
    with pytest.raises(ModelFailed, match="is closed"):
        server.endpoint()
    wait_until(lambda: not Path(f"/proc/{server.process_id}").exists())
