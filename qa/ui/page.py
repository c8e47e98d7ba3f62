"""Assembles the Gradio page of its parts, and mounts it; knows nothing of what a part shows."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.assistants import Assistants, Scope
from qa.documents import MAXIMUM_PACKED
from qa.errors import QAError
from qa.ui.chat import chat, sources_side
from qa.ui.conversation import EVERYTHING, AssistantLike, Conversation, Only
from qa.ui.conversations import add_downloads, conversations_tab
from qa.ui.documents import PRIVATE, Documents, documents_tab
from qa.ui.documents_view import failure_html, scope_html
from qa.ui.settings import badge_html
from qa.ui.statements import statements_tab

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

TITLE = "Ask your documents"
_HERE = Path(__file__).parent
_STYLES = ("page.css", "chat.css", "shelf.css")
_HEADER = (
    f'<header class="qa-header"><h1>{TITLE}</h1><p>Every answer is proved by the exact words of the source.</p>'
    "{badge}</header>"
)


def build(assistant: AssistantLike, assistants: Assistants | None = None) -> "gr.Blocks":
    """The page: its header, under it the chat on the left and the sources on the right; on a narrow screen below it.

    assistants: of the libraries whose documents may be added, chosen and removed, in tabs beside the chat; with None
    there is the chat alone.
    """
    import gradio as gr

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True) as page:
        gr.HTML(_HEADER.format(badge=badge_html(assistant.outside)), apply_default_css=False)
        scope = gr.State(EVERYTHING)
        sources = sources_side(assistants or Only(assistant))
        with gr.Row(elem_id="qa-columns"):
            with gr.Column(scale=3, min_width=320, elem_id="qa-left"):
                if assistants is None:
                    chat(Only(assistant), scope, sources)
                else:
                    _tabs(assistants, scope, sources)
            with gr.Column(scale=2, min_width=320, elem_id="qa-right"):
                sources.render()
    return page


def _tabs(assistants: Assistants, scope: "gr.State", sources: "gr.HTML") -> None:
    import gradio as gr

    kept = gr.State("")
    with gr.Tabs(elem_id="qa-tabs") as tabs:
        with gr.Tab("Chat", id="chat"):
            asked_of = gr.HTML(elem_id="qa-asked-of", apply_default_css=False)
            talk = chat(assistants, scope, sources)
        with gr.Tab("Documents", id="documents"):
            documents = documents_tab(assistants, scope)
        with gr.Tab("Statements", id="statements") as statements:
            statements_tab(assistants, scope, statements)
        with gr.Tab("Conversations", id="conversations") as conversations:
            conversations_tab(assistants, scope, talk, kept, sources, tabs, conversations)

    def change_library(name: str, asked: Scope, request: gr.Request) -> tuple[Any, ...]:
        return _other_library(assistants, talk.conversation, name, asked, request.session_hash or "")

    first = assistants.names[0]
    outputs = [scope, talk.views, talk.messages, kept, sources, documents.choice, documents.listed]
    switched = documents.library.input(change_library, [documents.library, scope], outputs, queue=False, **PRIVATE)
    for each in (*documents.chosen, switched):
        each.then(lambda asked: scope_html(asked, first), scope, asked_of, queue=False, **PRIVATE)
        each.then(
            talk.suggest,
            [talk.views, scope],
            talk.suggestions,
            queue=False,
            **PRIVATE,
        )


def _other_library(
    assistants: Assistants, conversation: Conversation, name: str, scope: Scope, session: str
) -> tuple[Any, ...]:
    """Another library is another conversation: what was asked of one has no place in the other."""
    import gradio as gr

    after, documents = Scope(name), Documents(assistants)
    try:
        assistants.get(after)
    except QAError as error:
        said = failure_html(error.message, error.hint)
        return scope, *[gr.skip()] * 4, said, documents.shown(scope, "")[1]
    conversation.forget(session)
    return after, (), [], "", conversation.library(after), *documents.shown(after, "")


def mount(app: "FastAPI", assistant: AssistantLike, assistants: Assistants | None = None) -> "FastAPI":
    """`app` with the page at /, styled, with nothing that is recorded or fetched from elsewhere; else as `build`."""
    if assistants is not None:
        add_downloads(app, assistants)
    page = build(assistant, assistants)
    import gradio as gr

    system = ["system-ui", "sans-serif"]
    theme = gr.themes.Base(
        primary_hue="teal", neutral_hue="slate", font=system, font_mono=["ui-monospace", "monospace"]
    )
    mounted: FastAPI = gr.mount_gradio_app(
        app,
        page,
        path="/",
        theme=theme,
        css_paths=[_HERE / name for name in _STYLES],
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=MAXIMUM_PACKED if assistants else 1,
    )
    # only then does Gradio refuse paths that a client names: of a mounted page it would copy any file it can read
    page.has_launched = True
    return mounted
