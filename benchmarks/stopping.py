"""How long after a click on Stop the page shows it, and the work has ended: the real chat in headless Chromium.

python -m benchmarks.stopping     # on seeds/, with the language model that is set; a minute or two
"""

import argparse
import statistics
import tempfile
import threading
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from pathlib import Path
from typing import ClassVar

import uvicorn
from playwright.sync_api import Error, Page, sync_playwright

from qa.api import claim_port, create_app
from qa.assistant import Assistant, prepare
from qa.config import Config
from qa.types import Event, Turn
from tests.browser.conftest import FLAGS, chromium

QUESTION = "Who said Germany should sever ties?"


class Timed(Assistant):
    """Notes when the work on an answer has ended."""

    ended: ClassVar[list[float]] = []

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, prose: bool = True, passages: int | None = None
    ) -> Generator[Event, None, None]:
        """As the assistant's."""
        with closing(super().stream(question, history, prose=prose, passages=passages)) as events:
            try:
                yield from events
            finally:
                self.ended.append(time.perf_counter())


def stopped(page: Page) -> tuple[float, float] | None:
    """Milliseconds from the click until "Stopped." is shown, and until the work has ended; None: it was over before."""
    Timed.ended.clear()
    page.fill("#qa-question textarea", QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector("#qa-chat .qa-short")
    clicked = time.perf_counter()
    try:
        page.click("#qa-stop", timeout=2_000)
        page.wait_for_selector("#qa-chat .qa-status:has-text('Stopped.')", timeout=5_000)
    except Error:  # the button is gone
        return None
    shown = time.perf_counter()
    while not Timed.ended:
        time.sleep(0.002)
    return (shown - clicked) * 1000, (Timed.ended[0] - clicked) * 1000


def measure(address: str, rounds: int) -> list[tuple[float, float]]:
    """The rounds that were stopped in time, each in a fresh page."""
    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), headless=True, args=FLAGS)
        for _ in range(rounds):
            page = browser.new_page()
            page.goto(address)
            page.wait_for_selector("#qa-next button")
            result = stopped(page)
            times += [result] if result else []
            page.close()
        browser.close()
    return times


def main() -> None:
    """Prints the medians and the worst."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        config = Config.load(library=Path(folder) / "library", documents="seeds")
        prepare(config)
        with Timed.open(config) as assistant, claim_port("127.0.0.1", 0) as claimed:
            assistant.warm()
            server = uvicorn.Server(uvicorn.Config(create_app(assistant), log_level="warning"))
            thread = threading.Thread(target=server.run, kwargs={"sockets": [claimed]})
            thread.start()
            try:
                times = measure(f"http://127.0.0.1:{claimed.getsockname()[1]}/", rounds)
            finally:
                server.should_exit = True
                thread.join()
    print(f"{len(times)} of {rounds} answers were stopped in time")
    for name, column in zip(("shown", "ended"), zip(*times, strict=True), strict=False):
        print(f"{name}: median {statistics.median(column):.0f} ms, worst {max(column):.0f} ms")


if __name__ == "__main__":
    main()
