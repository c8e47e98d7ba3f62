"""Assembles the Gradio page of its parts, and mounts it; knows nothing of what a part shows."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from qa.ui.chat import chat, sources_side
from qa.ui.conversation import EVERYTHING, AssistantLike, Only
from qa.ui.settings import badge_html

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

TITLE = "Ask your documents"
_HERE = Path(__file__).parent
_HEADER = (
    f'<header class="qa-header"><h1>{TITLE}</h1><p>Every answer is proved by the exact words of the source.</p>'
    "{badge}</header>"
)


def build(assistant: AssistantLike) -> "gr.Blocks":
    """The page: its header, under it the chat on the left and the sources on the right; on a narrow screen below it."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"  # read when gradio is imported: no telemetry, no version check
    import gradio as gr

    with gr.Blocks(title=TITLE, analytics_enabled=False, fill_height=True) as page:
        gr.HTML(_HEADER.format(badge=badge_html(assistant.outside)), apply_default_css=False)
        scope = gr.State(EVERYTHING)
        sources = sources_side(Only(assistant))
        with gr.Row(elem_id="qa-columns"):
            with gr.Column(scale=3, min_width=320, elem_id="qa-left"):
                chat(Only(assistant), scope, sources)
            with gr.Column(scale=2, min_width=320, elem_id="qa-right"):
                sources.render()
    return page


def mount(app: "FastAPI", assistant: AssistantLike) -> "FastAPI":
    """`app` with the page at /, styled, with nothing that is uploaded, recorded or fetched from elsewhere."""
    page = build(assistant)
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
        css_paths=[_HERE / "page.css", _HERE / "chat.css"],
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
        enable_monitoring=False,
        show_error=False,
        max_file_size=1,  # nothing is uploaded
    )
    return mounted
