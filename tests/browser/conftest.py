"""Chromium without a window, without background traffic, on a fresh profile."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect, sync_playwright

from tests.browser.pages import LOCAL, OpenPage, served
from tests.surface_fakes import FakeAssistant

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Where Chromium is, None when it is not installed."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium()
    if path is None:
        pytest.skip("no Chromium is installed: `apt-get install chromium`")
    expect.set_options(timeout=15_000)  # a busy machine is slow, and that is no fault of the page
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens a page; at the end no request may have left the host and no script may have failed."""
    requests: list[str] = []
    faults: list[str] = []
    pages: list[Page] = []

    def refuse(dialog: Dialog) -> None:
        faults.append(dialog.message)
        dialog.dismiss()

    def open_at(address: str, width: int = 1280, scheme: str = "light", scale: float = 1) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme="dark" if scheme == "dark" else "light",
            device_scale_factor=scale,
        )
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("request", lambda request: requests.append(request.url))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("dialog", refuse)
        pages.append(page)
        page.goto(address)
        page.wait_for_selector("#qa-question textarea")
        return page

    yield open_at
    for page in pages:
        page.context.close()
    assert requests
    assert [url for url in requests if not LOCAL.match(url)] == []
    assert faults == []


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    with served(FakeAssistant()) as address:
        yield address
