"""Turns views into the chat of a Gradio page and its events into questions; decides nothing about what is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.assistants import Scope
from qa.render import to_plain
from qa.ui import view as views_of
from qa.ui.conversation import EVERYTHING, AssistantsLike, Conversation
from qa.ui.settings import Manner, settings
from qa.ui.view import View

if TYPE_CHECKING:
    import gradio as gr
    from gradio.events import Dependency

_HERE = Path(__file__).parent
_SCRIPTS = ("sources.js", "quotes.js")
QUESTION_CHARACTERS = 4000  # more are not taken by the box; `qa.conversation` says what a question may be
ANSWERING = 32  # answers at once: only their wording waits for the language model, which writes one at a time
SUGGESTIONS = 4  # buttons with questions that may be asked next


@dataclass(frozen=True)
class Chat:
    """The parts of the chat that the rest of the page uses.

    answered: what happens when an answer has ended. cleared: when the conversation is begun anew.
    """

    conversation: Conversation
    views: "gr.State"
    messages: "gr.Chatbot"
    suggestions: list["gr.Button"]
    answered: tuple["Dependency", ...]
    cleared: "Dependency"

    def suggest(self, turns: tuple[View, ...], scope: Scope) -> list[Any]:
        """The buttons with what may be asked next."""
        return _suggested(self.conversation, turns, scope)


def chat(assistants: AssistantsLike, scope: "gr.State", sources: "gr.HTML") -> Chat:
    """Places the chat in the page that is being built; its marks open their words in `sources`."""
    import gradio as gr

    views = gr.State(())
    messages = _chatbot()
    actions = _actions()
    with gr.Row(elem_id="qa-next"):
        suggestions = [gr.Button(visible=False, size="sm", elem_classes="qa-suggestion") for _ in range(SUGGESTIONS)]
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
    manner = settings(assistants.get(EVERYTHING).passages)
    asking = _Asking(views, messages, question, ask, stop, sources, actions, suggestions, manner)
    conversation = Conversation(assistants)
    answered, cleared = _wire(conversation, scope, asking)
    return Chat(conversation, views, messages, suggestions, answered, cleared)


def sources_side(assistants: AssistantsLike) -> "gr.HTML":
    """Where the documents are shown, with what was cited of them; not placed in the page yet."""
    import gradio as gr

    return gr.HTML(
        views_of.library_panel(assistants.get(EVERYTHING).about()),
        elem_id="qa-sources",
        apply_default_css=False,
        js_on_load="\n".join((_HERE / name).read_text(encoding="utf-8") for name in _SCRIPTS),
        render=False,
    )


def _chatbot() -> "gr.Chatbot":
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
        placeholder="Ask about your documents. Every answer shows the words that prove it.",
    )


@dataclass(frozen=True)
class _Actions:
    """What is done with the last answer."""

    again: "gr.Button"
    edit: "gr.Button"
    copy: "gr.Button"
    copied: "gr.Textbox"


@dataclass(frozen=True)
class _Asking:
    """What takes part in asking."""

    views: "gr.State"
    chat: "gr.Chatbot"
    question: "gr.Textbox"
    ask: "gr.Button"
    stop: "gr.Button"
    sources: "gr.HTML"
    actions: _Actions
    suggestions: list["gr.Button"]
    manner: "gr.State"


def _actions() -> _Actions:
    import gradio as gr

    with gr.Row(elem_id="qa-actions"):
        again = gr.Button("Ask again", size="sm", elem_id="qa-again", scale=0, min_width=80)
        edit = gr.Button("Edit question", size="sm", elem_id="qa-edit", scale=0, min_width=80)
        copy = gr.Button("Copy with citations", size="sm", elem_id="qa-copy", scale=0, min_width=80)
        gr.HTML('<span role="status" id="qa-said"></span>', apply_default_css=False, min_width=80)
        copied = gr.Textbox(visible=False, label="What is copied")
    return _Actions(again, edit, copy, copied)


_PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


def _wire(
    conversation: Conversation, scope: "gr.State", parts: _Asking
) -> tuple[tuple["Dependency", ...], "Dependency"]:
    """What happens when an answer has ended, and when the conversation is begun anew."""
    answered = _wire_answers(conversation, scope, parts)
    changed = _wire_actions(parts)
    cleared = _wire_sources(conversation, scope, parts)
    _wire_suggestions(conversation, scope, parts, (*answered, changed, cleared))
    return answered, cleared


def _wire_answers(conversation: Conversation, scope: "gr.State", parts: _Asking) -> tuple["Dependency", ...]:
    import gradio as gr

    def respond(
        text: str,
        turns: tuple[View, ...],
        asked_of: Scope,
        manner: Manner,
        request: gr.Request,
        box: Any = "",  # noqa: ANN401
    ) -> Iterator[tuple[Any, ...]]:
        if text.strip():
            for after, panel in conversation.ask(text, turns, request.session_hash or "", asked_of, manner):
                yield box, *_answering(after, panel)
                box = gr.skip()  # emptied once: the next question may be typed while this one is answered

    def respond_asked(
        text: str, turns: tuple[View, ...], asked_of: Scope, manner: Manner, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        yield from respond(text, turns, asked_of, manner, request)

    def respond_chosen(
        text: str, turns: tuple[View, ...], asked_of: Scope, manner: Manner, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        yield from respond(text, turns, asked_of, manner, request, gr.skip())

    def respond_again(
        turns: tuple[View, ...], asked_of: Scope, manner: Manner, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        if turns:
            yield from respond(turns[-1].answer.question, turns[:-1], asked_of, manner, request, gr.skip())

    def halt(request: gr.Request) -> None:
        conversation.stop(request.session_hash or "")

    manner = parts.manner
    outputs = [parts.question, parts.views, parts.chat, parts.sources, parts.ask, parts.stop]
    answering: dict[str, Any] = {"concurrency_limit": ANSWERING, "concurrency_id": "answers", **_PRIVATE}
    parts.stop.click(halt, queue=False, **_PRIVATE)
    asking = [parts.question.submit, parts.ask.click]
    asked = gr.on(asking, respond_asked, [parts.question, parts.views, scope, manner], outputs, **answering)
    again = parts.actions.again.click(respond_again, [parts.views, scope, manner], outputs, **answering)
    chosen = [
        each.click(respond_chosen, [each, parts.views, scope, manner], outputs, **answering)
        for each in parts.suggestions
    ]
    answered = (asked, again, *chosen)
    for each in answered:  # only then: until an answer has ended for Gradio too, it takes no other question
        each.then(_ended, None, [parts.ask, parts.stop], queue=False, **_PRIVATE)
    return answered


def _answering(turns: tuple[View, ...], panel: str | None) -> tuple[Any, ...]:
    """What is shown while an answer comes: Stop stands where Ask was."""
    import gradio as gr

    panel = gr.skip() if panel is None else panel
    return turns, views_of.messages(turns), panel, gr.update(visible=False), gr.update(visible=True)


def _ended() -> tuple[Any, ...]:
    """Ask in its place again."""
    import gradio as gr

    return gr.update(visible=True), gr.update(visible=False)


def _wire_actions(parts: _Asking) -> "Dependency":
    import gradio as gr

    def edit(turns: tuple[View, ...]) -> tuple[Any, ...]:
        last = turns[-1].answer.question if turns else gr.skip()
        return last, turns[:-1], views_of.messages(turns[:-1])

    def copied(turns: tuple[View, ...]) -> str:
        return to_plain(turns[-1].answer) if turns else ""

    views, actions = parts.views, parts.actions
    copying = actions.copy.click(copied, views, actions.copied, queue=False, **_PRIVATE)
    copying.then(None, actions.copied, js=(_HERE / "copy.js").read_text(encoding="utf-8"), **_PRIVATE)
    edited = actions.edit.click(edit, views, [parts.question, views, parts.chat], queue=False, **_PRIVATE)
    edited.then(None, js="() => document.querySelector('#qa-question textarea').focus()", **_PRIVATE)
    return edited


def _wire_sources(conversation: Conversation, scope: "gr.State", parts: _Asking) -> "Dependency":
    import gradio as gr

    def clear(asked_of: Scope, request: gr.Request) -> tuple[tuple[View, ...], str]:
        conversation.forget(request.session_hash or "")
        return (), conversation.library(asked_of)

    def open_source(turns: tuple[View, ...], asked_of: Scope, clicked: gr.EventData) -> Any:  # noqa: ANN401 - gradio's own type
        panel = conversation.source(turns, clicked.anchor, asked_of)
        return gr.skip() if panel is None else panel

    parts.sources.cite(open_source, [parts.views, scope], parts.sources, queue=False, **_PRIVATE)
    return parts.chat.clear(clear, scope, [parts.views, parts.sources], queue=False, **_PRIVATE)


def _suggested(conversation: Conversation, turns: tuple[View, ...], scope: Scope) -> list[Any]:
    """The buttons with what may be asked next."""
    import gradio as gr

    questions = conversation.suggestions(turns, scope)[:SUGGESTIONS]
    hidden = [gr.update(visible=False)] * (SUGGESTIONS - len(questions))
    return [gr.update(value=question, visible=True) for question in questions] + hidden


def _wire_suggestions(
    conversation: Conversation, scope: "gr.State", parts: _Asking, ended: tuple["Dependency", ...]
) -> None:
    import gradio as gr

    def suggest(turns: tuple[View, ...], asked_of: Scope) -> list[Any]:
        return _suggested(conversation, turns, asked_of)

    suggesting: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "suggestions", **_PRIVATE}
    for each in ended:
        each.then(suggest, [parts.views, scope], parts.suggestions, **suggesting)
    # when the page opens, and when something else is asked
    gr.on(None, lambda asked_of: suggest((), asked_of), scope, parts.suggestions, **suggesting)
