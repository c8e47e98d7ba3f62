"""What the tests of the page share: a served page, and what a reader does on it."""

import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import uvicorn
from playwright.sync_api import Page, expect

from qa.api import claim_port, create_app
from qa.api.service import LibraryAssistant
from qa.assistant import Assistant
from qa.assistants import Assistants
from qa.indexing import index
from qa.library import Library
from qa.reading import SentenceReader
from qa.types import Document
from qa.ui import folder_of_uploads
from tests.fakes import WordEmbedder

LOCAL = re.compile(r"(http://127\.0\.0\.1:\d+/|data:|blob:)")
OpenPage: TypeAlias = Callable[..., Page]


@contextmanager
def served(assistant: LibraryAssistant, assistants: Assistants | None = None) -> Iterator[str]:
    """The page of `assistant`, with the tabs of its libraries, on a free port."""
    with claim_port("127.0.0.1", 0) as claimed, folder_of_uploads():
        app = create_app(assistant, assistants=assistants)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [claimed]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{claimed.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def served_libraries(folder: Path, libraries: Mapping[str, Sequence[Document]]) -> Iterator[str]:
    """The page over small real libraries in `folder`, the first of them first."""
    embedder = WordEmbedder()
    for name, documents in libraries.items():
        with Library.create(folder / name, embedder.name) as library:
            index(library, documents, embedder)
    place = folder / next(iter(libraries))
    with Library.open(place, embedder.name) as library:
        first = Assistant(library, embedder, SentenceReader(embedder), None)
        with Assistants(first, place) as assistants, served(first, assistants) as address:
            yield address


def ask(page: Page, question: str) -> None:
    page.fill("#qa-question textarea", question)
    page.keyboard.press("Enter")


def assert_open(page: Page, words: str) -> None:
    """`words` are the active mark of the sources, and can be seen."""
    mark = page.locator("#qa-sources mark.qa-active")
    expect(mark).to_have_text(words)
    expect(mark).to_be_in_viewport()


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
