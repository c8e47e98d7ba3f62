"""Lets as many questions search and read at once as there are cores, oldest first; knows nothing of what they do.

Twenty that read at the same moment would all be answered when the last one is; in turn, half of them are answered in
half the time, and each reading has a core's caches for itself.
"""

import heapq
import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Condition

from qa.models.cores import usable_cores


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where one question stands among those that wait: what nobody waits for comes last, then the older first."""

    background: bool
    number: int


class Turns:
    """At most `at_once` turns at the same time. Threads share it."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._numbers = itertools.count()
        self._waiting: list[Place] = []  # a heap
        self._changed = Condition()

    @property
    def waiting(self) -> int:
        """How many wait now."""
        return len(self._waiting)

    def place(self, *, background: bool = False) -> Place:
        """One for a question that comes now; it is kept from turn to turn, so that what was begun is ended first."""
        return Place(background, next(self._numbers))

    @contextmanager
    def turn(self, place: Place) -> Iterator[None]:
        """Waits until fewer than `at_once` turns are taken and nobody waits who comes before `place`."""
        with self._changed:
            heapq.heappush(self._waiting, place)
            self._changed.wait_for(lambda: self._free > 0 and self._waiting[0] == place)
            heapq.heappop(self._waiting)
            self._free -= 1
            self._changed.notify_all()  # another may be free for the next
        try:
            yield
        finally:
            with self._changed:
                self._free += 1
                self._changed.notify_all()


PROCESSOR = Turns(usable_cores())
"""Those of this process: its cores are one, however many libraries are asked."""
