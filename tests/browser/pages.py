"""What the tests of the page share: a served page, and what a reader does on it."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

import uvicorn
from playwright.sync_api import Page, expect

from qa.api import claim_port, create_app
from tests.surface_fakes import FakeAssistant

LOCAL = re.compile(r"(http://127\.0\.0\.1:\d+/|data:|blob:)")
OpenPage: TypeAlias = Callable[..., Page]


@contextmanager
def served(assistant: FakeAssistant) -> Iterator[str]:
    """The page of `assistant` on a free port."""
    with claim_port("127.0.0.1", 0) as claimed:
        server = uvicorn.Server(uvicorn.Config(create_app(assistant), log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [claimed]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{claimed.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join()


def ask(page: Page, question: str) -> None:
    page.fill("#qa-question textarea", question)
    page.keyboard.press("Enter")


def assert_open(page: Page, words: str) -> None:
    """`words` are the active mark of the sources, and can be seen."""
    mark = page.locator("#qa-sources mark.qa-active")
    expect(mark).to_have_text(words)
    expect(mark).to_be_in_viewport()
