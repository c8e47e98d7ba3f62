"""What a session asks, stops, repeats and opens, as views and panels; knows nothing of Gradio."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from qa.assistants import Scope
from qa.errors import QAError
from qa.rows import About
from qa.types import Answer, Document, Event, Hit, Outcome, Statement, Turn
from qa.ui import view as views_of
from qa.ui.settings import Manner
from qa.ui.stopping import Stoppable
from qa.ui.view import View

EVERYTHING = Scope()
USUAL = Manner()
KEPT_SECONDS = 60.0  # that the questions to begin with are not made anew: documents may come and go


class AssistantLike(Protocol):
    """What the surfaces need of an assistant."""

    @property
    def outside(self) -> tuple[str, ...]:
        """What leaves this machine, in words."""
        ...

    @property
    def passages(self) -> int:
        """How many are read for one question, unless it says otherwise."""
        ...

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The whole answer. Raises `BadQuestion`."""
        ...

    def converse(self, question: str, earlier: Sequence[str]) -> Answer:
        """The answer after earlier questions, which are answered first."""
        ...

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, prose: bool = True, passages: int | None = None
    ) -> Iterator[Event]:
        """The events of the answer, without the language model unless `prose`; closing the iterator stops the work."""
        ...

    def document(self, document_id: str) -> Document:
        """One document. Raises `DocumentNotFound`."""
        ...

    def about(self) -> Sequence[About]:
        """What is known of every document without its text."""
        ...

    def search(self, question: str, count: int | None = None) -> tuple[Hit, ...]:
        """The passages that suit a question best. Raises `BadQuestion`."""
        ...

    def statements(self) -> tuple[Statement, ...]:
        """Who said what, in every document."""
        ...

    def suggestions(self) -> tuple[str, ...]:
        """Questions to begin with, which can be answered."""
        ...

    def follow_ups(self, history: Sequence[Turn]) -> tuple[str, ...]:
        """Questions that go on from the last turn, which can be answered."""
        ...


class AssistantsLike(Protocol):
    """Who answers what a session asks of: one of several libraries, or some documents of it."""

    def get(self, scope: Scope) -> AssistantLike:
        """The assistant over it. Raises `LibraryError`."""
        ...


@dataclass(frozen=True, slots=True)
class Only:
    """The one assistant there is, whatever is asked of."""

    assistant: AssistantLike

    def get(self, scope: Scope) -> AssistantLike:  # noqa: ARG002 - there is no other
        """The assistant."""
        return self.assistant


class Conversation:
    """What the page does when something is asked, stopped or clicked; one object serves all sessions."""

    def __init__(self, assistants: AssistantsLike) -> None:
        self.assistants = assistants
        self.running: dict[str, Stoppable[Event]] = {}  # by session
        self._kept: dict[Scope, tuple[float, tuple[str, ...]]] = {}

    def ask(
        self, question: str, views: tuple[View, ...], session: str, scope: Scope = EVERYTHING, manner: Manner = USUAL
    ) -> Iterator[tuple[tuple[View, ...], str | None]]:
        """The views and the sources' side (None: unchanged) after each event of one more turn.

        Nothing happens while the session is given another answer: both would go on from the same turns.
        """
        if session in self.running and not self.running[session].ended:
            return
        view = views_of.started(question, len(views) + 1)
        events = self.running[session] = Stoppable(self._stream(question, views, scope, manner))
        try:
            yield (*views, view), None
            for event in events:
                view = views_of.advanced(view, event)
                yield (*views, view), views_of.events_panel(view, event, self.assistants.get(scope))
        except QAError as error:
            view = views_of.failed(view, error)
        finally:  # also when the reader has gone
            events.stop()
            forgotten = self.running.get(session) is not events
            if not forgotten:
                del self.running[session]
        if not forgotten:
            yield (*views, views_of.stopped(view) if view.running else view), None

    def _stream(self, question: str, views: tuple[View, ...], scope: Scope, manner: Manner) -> Iterator[Event]:
        assistant = self.assistants.get(scope)  # here, as a bad question, a library that is gone fails when it is read
        yield from assistant.stream(question, views_of.history(views), prose=manner.prose, passages=manner.passages)

    def stop(self, session: str) -> None:
        """Stops the answer of one session, if one is being given."""
        if session in self.running:
            self.running[session].stop()

    def forget(self, session: str) -> None:
        """Stops the answer of one session, and nothing more is shown of it."""
        if events := self.running.pop(session, None):
            events.stop()

    def suggestions(self, views: Sequence[View], scope: Scope = EVERYTHING) -> tuple[str, ...]:
        """What may be asked next and will be answered: from the start, or going on from the last answer."""
        try:
            turns = views_of.history(views)
            if turns and turns[-1].answer.outcome is Outcome.ANSWERED:
                return self.assistants.get(scope).follow_ups(turns)
            asked = {view.answer.question for view in views}
            return tuple(each for each in self._openings(scope) if each not in asked)
        except QAError:  # what is wrong is said when something is asked
            return ()

    def _openings(self, scope: Scope) -> tuple[str, ...]:
        made, questions = self._kept.get(scope, (-KEPT_SECONDS, ()))
        if time.monotonic() - made >= KEPT_SECONDS:
            questions = self.assistants.get(scope).suggestions()
            self._kept = {scope: (time.monotonic(), questions)}
        return questions

    def library(self, scope: Scope) -> str:
        """The sources' side before the first question."""
        try:
            return views_of.library_panel(self.assistants.get(scope).about())
        except QAError as error:
            return views_of.error_panel(error)

    def source(self, views: Sequence[View], anchor: object, scope: Scope = EVERYTHING) -> str | None:
        """The sources' side with the words that `anchor` points to; None when it points nowhere.

        What was cited and is no longer there is said, with what mends it.
        """
        if not isinstance(anchor, str):
            return None
        try:
            return views_of.source_panel(views, anchor, self.assistants.get(scope))
        except QAError as error:
            return views_of.error_panel(error)
