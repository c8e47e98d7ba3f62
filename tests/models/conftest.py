"""One language model server for the tests of a file, which tells whether it works."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.models.language_model import LOCAL_REQUEST, OpenAILanguageModel
from qa.models.server import LocalServer
from qa.models.weights import LANGUAGE_MODEL, packaged_file


@pytest.fixture(scope="session")
def gguf() -> Path:
    return packaged_file(LANGUAGE_MODEL)


@pytest.fixture(scope="module")
def server(gguf: Path) -> Iterator[LocalServer]:
    with LocalServer(gguf, slots=True) as server:
        yield server


@pytest.fixture(scope="module")
def language_model(server: LocalServer) -> OpenAILanguageModel:
    return OpenAILanguageModel("small", server.endpoint, max_tokens=3500, extra=LOCAL_REQUEST)
