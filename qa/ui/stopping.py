"""Lets one thread take the events of an answer while another may stop them; knows nothing of what an event is.

Gradio's cancelling neither closes a generator reliably nor lets the page go on (gradio issues 6724, 8503, 10251),
so the iterator runs in a thread of its own: stopping ends the waiting at once, and the iterator is closed by the
thread that runs it as soon as it gives its next event.
"""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Stoppable(Generic[Item]):
    """Iterates over what `source` gives until `stop` is called; then `source` is closed."""

    def __init__(self, source: Iterator[Item]) -> None:
        self._source = source
        self._inbox: SimpleQueue[tuple[Item] | None] = SimpleQueue()  # None: no more will come
        self._stop = threading.Event()
        self._ended = threading.Event()

    @property
    def ended(self) -> bool:
        """Whether `source` has given its last and is closed."""
        return self._ended.is_set()

    def stop(self) -> None:
        """Ends the iteration now. May be called from any thread, more than once."""
        self._stop.set()
        self._inbox.put(None)

    def __iter__(self) -> Iterator[Item]:
        threads = ThreadPoolExecutor(1, "qa-answer")
        work = threads.submit(self._work)
        threads.shutdown(wait=False)  # the thread ends with its work; nobody waits for it
        while (item := self._inbox.get()) is not None and not self._stop.is_set():
            yield item[0]
        if not self._stop.is_set():
            work.result()  # raises what the source raised

    def _work(self) -> None:
        try:
            for item in self._source:
                if self._stop.is_set():
                    break
                self._inbox.put((item,))
        finally:
            close = getattr(self._source, "close", None)
            if close is not None:
                close()
            self._ended.set()
            self._inbox.put(None)
