"""A client without a network, and a server on a real port, both over the scripted assistant."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from fastapi.testclient import TestClient

from qa.api import claim_port, create_app
from qa.api.service import LibraryAssistant
from qa.api.serving import Server
from tests.surface_fakes import FakeAssistant

HERE = "http://127.0.0.1:7860"


@pytest.fixture
def assistant() -> FakeAssistant:
    return FakeAssistant()


@pytest.fixture
def client(assistant: FakeAssistant) -> Iterator[TestClient]:
    with TestClient(create_app(assistant, chat=False), base_url=HERE, raise_server_exceptions=False) as client:
        yield client


@contextmanager
def served(assistant: LibraryAssistant, **options: Any) -> Iterator[tuple[str, Server]]:
    """The address of a live server, and the server."""
    with claim_port("127.0.0.1", 0) as claimed:
        server = Server(claimed, create_app(assistant, False, **options))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [claimed]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{claimed.getsockname()[1]}", server
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()
