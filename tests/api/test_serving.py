import threading
from contextlib import ExitStack

import httpx
import pytest

from qa.api import claim_port, is_loopback
from qa.errors import ConfigError, PortInUse
from tests.api.conftest import served
from tests.surface_fakes import ANSWERED, FakeAssistant


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


@pytest.mark.parametrize(
    ("host", "expected"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("::", False)]
)
def test_only_this_machine_is_loopback(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_an_answer_that_was_begun_is_given_to_its_end() -> None:
    assistant = FakeAssistant(hold=threading.Event())
    assert assistant.hold is not None
    with served(assistant) as (address, server), ExitStack() as opened:
        client = opened.enter_context(httpx.Client(base_url=address))
        asked = client.stream("POST", "/v1/ask?stream=true", json={"question": ANSWERED.question})
        lines = opened.enter_context(asked).iter_lines()
        assert next(line for line in lines if line == "event: found")
        server.should_exit = True
        while not server.service.ending:
            threading.Event().wait(0.01)
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{address}/healthz")
        assistant.hold.set()
        assert [line for line in lines if line.startswith("event: ")][-1] == "event: answered"
