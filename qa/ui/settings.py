"""Places what a reader may set for a conversation, and the badge that says what leaves this machine; asks nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.render import escape_html

if TYPE_CHECKING:
    import gradio as gr

SENTENCES, EXACT = "Exact answer, then sentences", "Exact answer and quotes only"
MOST_PASSAGES = 30  # that a reader may have read for one question
_THEMES = ["System", "Light", "Dark"]
# Gradio's own switch is a class of the body; what was chosen is kept by this browser
_APPLY = """
const dark = theme === "Dark" || (theme !== "Light" && matchMedia("(prefers-color-scheme: dark)").matches);
document.body.classList.toggle("dark", dark);
"""
_CHOOSE_THEME = f'(theme) => {{ localStorage.setItem("qa-theme", theme); {_APPLY} }}'
_RESTORE_THEME = f'() => {{ const theme = localStorage.getItem("qa-theme") ?? "System"; {_APPLY} return theme; }}'


@dataclass(frozen=True, slots=True)
class Manner:
    """How answers are given. prose: the language model words them. passages: how many are read, None for the usual."""

    prose: bool = True
    passages: int | None = None


def badge_html(outside: Sequence[str]) -> str:
    """What leaves this machine, by the settings in force and what was opened with them."""
    if not outside:
        return '<span class="qa-badge" id="qa-badge">Offline: nothing leaves this machine.</span>'
    said = escape_html("; ".join(outside))
    return f'<span class="qa-badge qa-badge-outside" id="qa-badge">Not offline: {said}.</span>'


def settings(usual: int) -> "gr.State":
    """Places the settings, closed; gives the `Manner` that they say. usual: passages, unless the reader sets it."""
    import gradio as gr

    manner = gr.State(Manner())
    with gr.Accordion("Settings", open=False, elem_id="qa-settings"):
        style = gr.Radio([SENTENCES, EXACT], value=SENTENCES, label="Answers", elem_id="qa-style")
        passages = gr.Slider(1, max(usual, MOST_PASSAGES), usual, step=1, label="Passages read for one question")
        theme = gr.Radio(_THEMES, value="System", label="Theme", elem_id="qa-theme")

    def change(chosen: str, count: float) -> Manner:
        return Manner(chosen != EXACT, None if count == usual else int(count))

    private = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
    gr.on([style.change, passages.change], change, [style, passages], manner, **private)
    theme.input(None, theme, js=_CHOOSE_THEME, **private)
    gr.on(None, None, None, theme, js=_RESTORE_THEME, **private)
    return manner
