"""Takes the pictures of the page that the README shows, of the real chat over seeds/; answers nothing itself.

python -m docs.screenshots     # needs Chromium; about a minute
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import FLAGS, chromium

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
QUESTION = "Who said Germany should sever ties?"
UNANSWERED = "Who won the football match?"
PICTURES = (("chat-wide", 1280, "light"), ("chat-dark", 1280, "dark"), ("chat-narrow", 375, "light"))


def ask(page: Page, question: str) -> None:
    """Asks, and waits until the answer is whole and what may be asked next is there."""
    page.fill("#qa-question textarea", question)
    page.keyboard.press("Enter")
    expect(page.locator("#qa-chat .qa-question").last).to_have_text(question)
    expect(page.locator("#qa-ask")).to_be_visible()
    page.wait_for_timeout(4000)


def main() -> None:
    """Writes docs/images/chat-*.png."""
    expect.set_options(timeout=120_000)
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {
            "QA_LIBRARY": str(Path(folder) / "library"),
            "QA_DOCUMENTS": "seeds",
            "QA_PORT": "0",
        }
        command = [sys.executable, "-u", "app.py"]
        with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
            try:
                assert server.stdout is not None
                _take(server.stdout.readline().strip())
            finally:
                server.terminate()


def _take(address: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), headless=True, args=FLAGS)
        for name, width, scheme in PICTURES:
            context = browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme="dark" if scheme == "dark" else "light"
            )
            page = context.new_page()
            page.goto(address)
            page.wait_for_selector("#qa-question textarea")
            ask(page, QUESTION)
            page.click("#qa-chat .qa-short a.qa-mark >> nth=0")
            page.wait_for_selector("#qa-sources mark.qa-active")
            page.wait_for_timeout(1000)
            page.screenshot(path=IMAGES / f"{name}.png")
            if name == "chat-wide":
                ask(page, UNANSWERED)
                page.locator("#qa-chat .qa-not_found").scroll_into_view_if_needed()
                page.screenshot(path=IMAGES / "chat-not-found.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
