"""What the endpoints share: an assistant, the gates before it, and one answer's events; knows nothing of HTTP."""

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from threading import Lock
from typing import Protocol

from anyio import CancelScope, to_thread

from qa.api.limits import Limits, Result, gates
from qa.types import Answer, Answered, Event, Found, Turn
from qa.ui import AssistantLike


class LibraryAssistant(AssistantLike, Protocol):
    """What programs need of an assistant, beside what the chat does."""

    def turns(self, earlier: Sequence[str]) -> tuple[Turn, ...]:
        """Earlier questions with their short answers, oldest first. Raises `BadQuestion`."""
        ...


@dataclass(frozen=True)
class Asked:
    """A question, the questions before it, oldest first, and whether the language model is to word the answer."""

    question: str
    earlier: Sequence[str] = ()
    prose: bool = True


class Service:
    """An assistant that serves many at once: what needs no language model goes on while others wait for it."""

    def __init__(self, assistant: LibraryAssistant, limits: Limits) -> None:
        self.assistant = assistant
        self.writing, self.reading = gates(limits)
        self.ending = False  # no new work should come

    @property
    def busy(self) -> bool:
        """Whether something is being answered."""
        return self.writing.taken + self.reading.taken > 0

    async def converse(self, question: str, earlier: Sequence[str]) -> Answer:
        """The answer after earlier questions, in its turn. Raises as `answer` does."""
        return await self.whole_answer(Asked(question, earlier))

    async def run(self, work: Callable[[], Result]) -> Result:
        """What `work` gives, which needs no language model, in its turn. Raises `Busy`."""
        return await self.reading.run(work)

    async def whole_answer(self, asked: Asked) -> Answer:
        """The last event's answer. Raises as `answer` does."""
        async with aclosing(self.answer(asked)) as events:
            async for event in events:
                if isinstance(event, Answered):
                    return event.answer
        raise AssertionError("an answer's last event is Answered")

    async def answer(self, asked: Asked) -> AsyncGenerator[Event, None]:
        """The events of one answer; closing it, or cancelling who waits for it, stops the work.

        Raises `Busy`, `BadQuestion` and what the assistant raises. What is found takes one turn, what the language
        model writes another: the short answer is there while others wait for its words.
        """
        with (self.writing if asked.prose else self.reading).place():
            events = _Taken(lambda: self._events(asked))
            try:
                async with self.reading.turn():
                    while (event := await to_thread.run_sync(events.take)) and not _is_to_be_worded(event, asked):
                        yield event
                if event:
                    yield event
                    async with self.writing.turn():
                        while event := await to_thread.run_sync(events.take):
                            yield event
            finally:
                with CancelScope(shield=True):
                    await to_thread.run_sync(events.close)

    def _events(self, asked: Asked) -> Iterator[Event]:
        return self.assistant.stream(asked.question, self.assistant.turns(asked.earlier), prose=asked.prose)


def _is_to_be_worded(event: Event, asked: Asked) -> bool:
    """Whether the language model comes next."""
    return isinstance(event, Found) and asked.prose and bool(event.citations)


class _Taken:
    """Events that threads begin and take one by one, and that are closed when no thread is taking one."""

    def __init__(self, begin: Callable[[], Iterator[Event]]) -> None:
        self._begin = begin
        self._events: Iterator[Event] | None = None
        self._lock = Lock()

    def take(self) -> Event | None:
        """The next event, None after the last."""
        with self._lock:
            if self._events is None:
                self._events = self._begin()
            return next(self._events, None)

    def close(self) -> None:
        """Stops the work behind the events."""
        with self._lock:
            close = getattr(self._events, "close", None)
            if close is not None:
                close()
