"""Keeps when each stage of an answer ended; knows nothing of what the stages do."""

import time

from qa.types import Timings


class Clock:
    """Milliseconds since the question came, which is when the clock is made."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._marks: dict[str, float] = {}

    def mark(self, stage: str, *, once: bool = False) -> None:
        """The stage ends now. once: only its first end counts."""
        if not (once and stage in self._marks):
            self._marks[stage] = self._now()

    def timings(self) -> Timings:
        """What has been marked; `retrieve` and `read` must have been."""
        return Timings(self._marks["retrieve"], self._marks["read"], self._marks.get("first_sentence"), self._now())

    def _now(self) -> float:
        return (time.perf_counter() - self._start) * 1000
