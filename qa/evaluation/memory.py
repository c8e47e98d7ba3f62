"""Watches how much memory a process and its children hold; knows nothing of what they do."""

import threading
from types import TracebackType
from typing import Self

import psutil

INTERVAL_SECONDS = 0.25


class PeakMemory:
    """The most that a process and all its children held together while this was open, in megabytes (10⁶ bytes).

    Resident memory, looked at four times a second: shorter peaks are missed. Pages that processes share count in each.
    """

    def __init__(self, process_id: int) -> None:
        self.megabytes = 0.0
        self._process = psutil.Process(process_id)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._look()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()
        self._look()

    def _watch(self) -> None:
        while not self._stop.wait(INTERVAL_SECONDS):
            self._look()

    def _look(self) -> None:
        held = 0
        try:
            processes = [self._process, *self._process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for process in processes:
            try:
                held += process.memory_info().rss
            except psutil.NoSuchProcess:  # it has ended meanwhile
                continue
        self.megabytes = max(self.megabytes, held / 1e6)
