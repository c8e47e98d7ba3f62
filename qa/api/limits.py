"""Lets some work run at once, some more wait its turn, and refuses the rest; knows nothing of what the work is."""

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from anyio import to_thread

from qa.errors import Busy
from qa.models.cores import usable_cores

Result = TypeVar("Result")

NEWEST = 0.2  # of the mean time that the last turn makes
LONGEST_WAIT = 60.0  # seconds, for the language model's words: the short answer is there meanwhile
SHORT_WAIT = 10.0  # seconds, for all else


@dataclass(frozen=True, slots=True)
class Limits:
    """answers: how many the language model words at once. waiting: how many more may wait for it.

    short_waiting: how many short answers, searches and lists may wait; as many run at once as there are cores.
    """

    answers: int = 2
    waiting: int = 16
    short_waiting: int = 64


class Gate:
    """`at_once` turns at the same time, in the order in which they were asked for; `waiting` more may wait.

    Fewer may wait when the turns are slow: nobody for longer than some `patience` seconds, by the mean so far.
    """

    def __init__(self, what: str, at_once: int, waiting: int, patience: float = LONGEST_WAIT) -> None:
        self.what = what
        self.patience = patience
        self.at_once = at_once
        self.places = at_once + waiting
        self.taken = 0
        self.seconds = 0.0  # of a turn, the newest counting most
        self._turns = asyncio.Semaphore(at_once)

    @contextmanager
    def place(self) -> Iterator[None]:
        """A place among those who run or wait. Raises `Busy` when all are taken, or the wait would be too long."""
        before = max(0, self.taken - self.at_once + 1)  # those whose turn comes before this one's
        wait = self.seconds * before / self.at_once
        if self.taken >= self.places or wait > self.patience:
            raise Busy.of(self.what, self.taken, max(1, math.ceil(min(wait, self.patience))))
        self.taken += 1
        try:
            yield
        finally:
            self.taken -= 1

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Waits for a turn, and has it inside."""
        async with self._turns:
            start = time.perf_counter()
            try:
                yield
            finally:
                self.seconds += NEWEST * (time.perf_counter() - start - self.seconds)

    async def run(self, work: Callable[[], Result]) -> Result:
        """`work` done in a thread, with a place and a turn of its own. Raises `Busy`."""
        with self.place():
            async with self.turn():
                return await to_thread.run_sync(work)


def gates(limits: Limits) -> tuple[Gate, Gate]:
    """One gate for what the language model writes, one for all that is done without it."""
    cores = usable_cores()
    return (
        Gate("answers", limits.answers, limits.waiting),
        Gate("short answers and searches", cores, limits.short_waiting, SHORT_WAIT),
    )
