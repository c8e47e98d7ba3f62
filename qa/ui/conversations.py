"""Wires the tab of kept conversations, and what is kept after each answer; decides nothing about what is shown."""

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from qa.assistants import Assistants, Scope
from qa.conversations import new_id
from qa.errors import QAError
from qa.render import MEDIA_TYPES, Format, export
from qa.ui import conversations_view as views
from qa.ui import view as chat_views
from qa.ui.chat import Chat
from qa.ui.controls import search_box
from qa.ui.documents_view import failure_html
from qa.ui.view import View

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

log = logging.getLogger(__name__)

_HERE = Path(__file__).parent
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}


class Keeping:
    """What the tab does when a conversation is kept, opened or erased; one object serves all sessions."""

    def __init__(self, assistants: Assistants) -> None:
        self.assistants = assistants

    def keep(self, turns: tuple[View, ...], scope: Scope, kept: str) -> str:
        """Keeps what was answered so far; the id of the conversation, "" while there is none."""
        history = chat_views.history(turns)
        if not history or not self.assistants.keeps:
            return kept
        key = kept or new_id()
        try:
            self.assistants.conversations(scope.library).put(key, history, goes_on=bool(kept))
        except QAError as error:  # the answer stands; the tab says why it is not kept
            log.warning("a conversation is not kept: %s (%s)", error.message, error.hint)
            return kept
        return key

    def open(self, key: str, scope: Scope) -> tuple[View, ...]:
        """The turns of a kept conversation. Raises `QAError`."""
        saved = self.assistants.conversations(scope.library).get(key)
        return views.views_of(saved, self.assistants.get(Scope(scope.library)))

    def shown(self, scope: Scope, words: str, sure: str = "") -> tuple[str, str]:
        """The line on where conversations are kept, and the list."""
        try:
            conversations = self.assistants.conversations(scope.library)
            library = scope.library or self.assistants.names[0]
            note = views.note_html(str(conversations.path), conversations.why_not_kept, keeps=self.assistants.keeps)
            return note, views.list_html(conversations.listed(words), library, words, sure)
        except QAError as error:
            return failure_html(error.message, error.hint), ""

    def erase(self, key: str, scope: Scope, words: str) -> tuple[bool, str, str]:
        """Whether one conversation was erased, and then as `shown`."""
        try:
            self.assistants.conversations(scope.library).erase(key)
        except QAError as error:
            return False, failure_html(error.message, error.hint), self.shown(scope, words)[1]
        return True, *self.shown(scope, words)


def conversations_tab(
    assistants: Assistants,
    scope: "gr.State",
    talk: Chat,
    kept: "gr.State",
    sources: "gr.HTML",
    tabs: "gr.Tabs",
    tab: "gr.Tab",
) -> None:
    """Fills the tab that is being built. kept: the id of the conversation in the chat, "" for one not kept yet."""
    import gradio as gr

    keeping = Keeping(assistants)
    script = (_HERE / "shelf.js").read_text(encoding="utf-8")
    with gr.Column(elem_id="qa-conversations", elem_classes="qa-scrolled"):
        search = search_box("conversations", "Search questions and answers")
        note = gr.HTML(elem_id="qa-kept-note", apply_default_css=False)
        listed = gr.HTML(elem_id="qa-kept", apply_default_css=False, js_on_load=script)

    def open_kept(asked_of: Scope, clicked: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        try:
            turns = keeping.open(str(clicked.id), asked_of)
        except QAError as error:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip(), failure_html(error.message, error.hint)
        talk.conversation.forget(request.session_hash or "")
        panel = talk.conversation.library(asked_of)
        return turns, chat_views.messages(turns), str(clicked.id), panel, gr.Tabs(selected="chat"), gr.skip()

    def ask_sure(asked_of: Scope, words: str, clicked: gr.EventData) -> str:
        return keeping.shown(asked_of, words, str(clicked.id))[1]

    def erase(asked_of: Scope, words: str, current: str, clicked: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        erased, *told = keeping.erase(str(clicked.id), asked_of, words)
        if not erased or str(clicked.id) != current:
            return *[gr.skip()] * 4, *told
        talk.conversation.forget(request.session_hash or "")  # what is in the chat would be kept again
        return (), [], "", talk.conversation.library(asked_of), *told

    for answered in talk.answered:
        answered.then(keeping.keep, [talk.views, scope, kept], kept, **PRIVATE)
    talk.cleared.then(lambda: "", None, kept, **PRIVATE)
    search.change(keeping.shown, [scope, search], [note, listed], **PRIVATE)
    tab.select(keeping.shown, [scope, search], [note, listed], **PRIVATE)
    outputs = [talk.views, talk.messages, kept, sources, tabs, note]
    opened = listed.open(open_kept, scope, outputs, **PRIVATE)
    listed.remove(ask_sure, [scope, search], listed, **PRIVATE)
    listed.keep(lambda asked_of, words: keeping.shown(asked_of, words)[1], [scope, search], listed, **PRIVATE)
    cleared = [talk.views, talk.messages, kept, sources]
    erased = listed.erase(erase, [scope, search, kept], [*cleared, note, listed], **PRIVATE)
    for each in (opened, erased):
        each.then(talk.suggest, [talk.views, scope], talk.suggestions, **PRIVATE)


def add_downloads(app: "FastAPI", assistants: Assistants) -> None:
    """`GET /conversations/ID/FORM?library=NAME`: a kept conversation as a file."""
    from fastapi import Path as Segment
    from fastapi import Response

    endings = {form: ending for form, _, ending in views.DOWNLOADS}

    @app.get("/conversations/{key}/{form}", include_in_schema=False)
    def download(key: Annotated[str, Segment(pattern="^[0-9a-f]{32}$")], form: Format, library: str) -> Response:
        saved = assistants.conversations(library).get(key)
        answers = [each.answer for each in saved if each.answer is not None]
        name = f"conversation-{key[:8]}.{endings.get(form, 'json')}"
        headers = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(export(answers, form), media_type=MEDIA_TYPES[form], headers=headers)
