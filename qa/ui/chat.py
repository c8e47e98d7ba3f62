"""Turns views into the chat of a Gradio page and its events into questions; decides nothing about what is shown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from qa.assistants import Scope
from qa.errors import QAError
from qa.types import Answer, Document, Event, Hit, Statement, Turn
from qa.ui import view as views_of
from qa.ui.stopping import Stoppable
from qa.ui.view import View

if TYPE_CHECKING:
    import gradio as gr
    from gradio.events import Dependency

_HERE = Path(__file__).parent
EVERYTHING = Scope()
_SCRIPTS = ("sources.js", "quotes.js")
QUESTION_CHARACTERS = 4000  # more are not taken by the box; `qa.conversation` says what a question may be


# all turns, and the sources' side, None where it stays as it is
Shown: TypeAlias = tuple[tuple[View, ...], str | None]


class AssistantLike(Protocol):
    """What the surfaces need of an assistant."""

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The whole answer. Raises `BadQuestion`."""
        ...

    def converse(self, question: str, earlier: Sequence[str]) -> Answer:
        """The answer after earlier questions, which are answered first."""
        ...

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]:
        """The events of the answer; closing the iterator stops the work."""
        ...

    def document(self, document_id: str) -> Document:
        """One document. Raises `DocumentNotFound`."""
        ...

    def documents(self) -> tuple[Document, ...]:
        """Every document."""
        ...

    def search(self, question: str, count: int | None = None) -> tuple[Hit, ...]:
        """The passages that suit a question best. Raises `BadQuestion`."""
        ...

    def statements(self) -> tuple[Statement, ...]:
        """Who said what, in every document."""
        ...

    def suggestions(self) -> tuple[str, ...]:
        """Example questions."""
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

    def ask(
        self, question: str, views: tuple[View, ...], session: str, scope: Scope = EVERYTHING
    ) -> Iterator[tuple[tuple[View, ...], str | None]]:
        """The views and the sources' side (None: unchanged) after each event of one more turn."""
        view = views_of.started(question, len(views) + 1)
        yield (*views, view), None
        events = self.running[session] = Stoppable(self._stream(question, views, scope))
        try:
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

    def _stream(self, question: str, views: tuple[View, ...], scope: Scope) -> Iterator[Event]:
        assistant = self.assistants.get(scope)  # here, as a bad question, a library that is gone fails when it is read
        yield from assistant.stream(question, views_of.history(views))

    def stop(self, session: str) -> None:
        """Stops the answer of one session, if one is being given."""
        if session in self.running:
            self.running[session].stop()

    def forget(self, session: str) -> None:
        """Stops the answer of one session, and nothing more is shown of it."""
        if events := self.running.pop(session, None):
            events.stop()

    def library(self, scope: Scope) -> str:
        """The sources' side before the first question."""
        try:
            return views_of.library_panel(self.assistants.get(scope).documents())
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


@dataclass(frozen=True)
class Chat:
    """The parts of the chat that the rest of the page uses. answered: what happens when an answer has ended."""

    views: "gr.State"
    messages: "gr.Chatbot"
    question: "gr.Textbox"
    answered: tuple["Dependency", ...]


def chat(assistants: AssistantsLike, scope: "gr.State", sources: "gr.HTML") -> Chat:
    """Places the chat in the page that is being built; its marks open their words in `sources`."""
    import gradio as gr

    views = gr.State(())
    messages = _chatbot(assistants.get(EVERYTHING))
    with gr.Row(elem_id="qa-asking"):
        question = gr.Textbox(
            label="Your question",
            placeholder="Ask a question",
            show_label=False,
            lines=1,
            max_lines=6,
            max_length=QUESTION_CHARACTERS,
            autofocus=True,
            elem_id="qa-question",
            scale=1,
        )
        ask = gr.Button("Ask", variant="primary", elem_id="qa-ask", scale=0, min_width=72)
        stop = gr.Button("Stop", variant="stop", elem_id="qa-stop", scale=0, min_width=72, visible=False)
    answered = _wire(Conversation(assistants), scope, views, messages, question, ask, stop, sources)
    return Chat(views, messages, question, answered)


def sources_side(assistants: AssistantsLike) -> "gr.HTML":
    """Where the documents are shown, with what was cited of them; not placed in the page yet."""
    import gradio as gr

    return gr.HTML(
        views_of.library_panel(assistants.get(EVERYTHING).documents()),
        elem_id="qa-sources",
        apply_default_css=False,
        js_on_load="\n".join((_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS),
        render=False,
    )


def _chatbot(assistant: AssistantLike) -> "gr.Chatbot":
    import gradio as gr

    return gr.Chatbot(
        elem_id="qa-chat",
        show_label=False,
        label="Conversation",
        height=None,
        buttons=[],
        layout="panel",
        latex_delimiters=[],  # dollar signs are text
        allow_tags=False,
        feedback_options=None,
        group_consecutive_messages=False,
        examples=[{"text": suggestion} for suggestion in assistant.suggestions()],
        placeholder="Ask about your documents. For example:",
    )


def _wire(
    conversation: Conversation,
    scope: "gr.State",
    views: "gr.State",
    chat: "gr.Chatbot",
    question: "gr.Textbox",
    ask: "gr.Button",
    stop: "gr.Button",
    sources: "gr.HTML",
) -> tuple["Dependency", ...]:
    import gradio as gr

    def shown(turns: tuple[View, ...], panel: str | None) -> tuple[Any, ...]:
        running = turns[-1].running
        return (
            turns,
            views_of.messages(turns),
            gr.skip() if panel is None else panel,
            gr.update(visible=not running),
            gr.update(visible=running),
        )

    def respond(text: str, turns: tuple[View, ...], asked_of: Scope, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        if text.strip():
            box: Any = ""  # emptied once: the next question may be typed while this one is answered
            for after, panel in conversation.ask(text, turns, request.session_hash or "", asked_of):
                yield box, *shown(after, panel)
                box = gr.skip()

    def respond_example(
        turns: tuple[View, ...], asked_of: Scope, chosen: gr.SelectData, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        yield from respond(chosen.value["text"], turns, asked_of, request)

    def halt(request: gr.Request) -> None:
        conversation.stop(request.session_hash or "")

    def clear(asked_of: Scope, request: gr.Request) -> tuple[tuple[View, ...], str]:
        conversation.forget(request.session_hash or "")
        return (), conversation.library(asked_of)

    def open_source(turns: tuple[View, ...], asked_of: Scope, clicked: gr.EventData) -> Any:  # noqa: ANN401 - gradio's own type
        panel = conversation.source(turns, clicked.anchor, asked_of)
        return gr.skip() if panel is None else panel

    outputs = [question, views, chat, sources, ask, stop]
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    answering: dict[str, Any] = {"concurrency_limit": 4, "concurrency_id": "answers", **private}
    asked = gr.on([question.submit, ask.click], respond, [question, views, scope], outputs, **answering)
    chosen = chat.example_select(respond_example, [views, scope], outputs, **answering)
    stop.click(halt, queue=False, **private)
    chat.clear(clear, scope, [views, sources], queue=False, **private)
    sources.cite(open_source, [views, scope], sources, queue=False, **private)
    return asked, chosen
