"""Wires the tab of who said what; decides nothing about what is shown."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.assistants import Assistants, Scope
from qa.errors import DocumentNotFound, QAError
from qa.ui import statements_view as views
from qa.ui.controls import search_box
from qa.ui.documents_view import failure_html
from qa.ui.statements_view import READ, Column, Kind, Said, Wanted

if TYPE_CHECKING:
    import gradio as gr

_HERE = Path(__file__).parent
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}


def said_in(assistants: Assistants, scope: Scope) -> tuple[tuple[Said, ...], int, int]:
    """The statements of the documents that are asked, of the first `READ` of them; how many were read, of how many."""
    shelf = assistants.shelf(scope.library)
    about = [each for each in shelf.about() if scope.documents is None or each.id in scope.documents]
    said = list[Said]()
    for each in about[:READ]:
        try:
            said += [Said(statement, each.title) for statement in shelf.statements(each.id)]
        except DocumentNotFound:  # removed meanwhile
            continue
    return tuple(said), min(len(about), READ), len(about)


def shown(assistants: Assistants, scope: Scope, wanted: Wanted) -> tuple[str, str]:
    """The bars and the table."""
    try:
        said, read, documents = said_in(assistants, scope)
    except QAError as error:
        return "", failure_html(error.message, error.hint)
    return views.bars_html(said, wanted), views.table_html(said, wanted, read, documents)


def statements_tab(assistants: Assistants, scope: "gr.State", tab: "gr.Tab") -> None:
    """Fills the tab that is being built."""
    import gradio as gr

    script = (_HERE / "shelf.js").read_text(encoding="utf-8")
    wanted = gr.State(Wanted())
    with gr.Column(elem_id="qa-statements", elem_classes="qa-scrolled"):
        with gr.Row(elem_classes="qa-line"):
            search = search_box("statements", "Search speakers and words", scale=2)
            kind = gr.Dropdown(
                [each.value for each in Kind],
                value=Kind.ALL.value,
                label="Direct or reported",
                show_label=False,
                filterable=False,
                elem_id="qa-kind",
                scale=1,
                min_width=120,
            )
        bars = gr.HTML(elem_id="qa-speakers", apply_default_css=False, js_on_load=script)
        table = gr.HTML(elem_id="qa-said-by", apply_default_css=False, js_on_load=script)

    def refresh(now: Wanted, asked: Scope) -> tuple[Wanted, str, str]:
        return now, *shown(assistants, asked, now)

    def search_words(words: str, before: Wanted, asked: Scope) -> tuple[Wanted, str, str]:
        return refresh(replace(before, words=words), asked)

    def choose_kind(name: str, before: Wanted, asked: Scope) -> tuple[Wanted, str, str]:
        return refresh(replace(before, kind=Kind(name)), asked)

    def choose_speaker(before: Wanted, asked: Scope, clicked: gr.EventData) -> tuple[Wanted, str, str]:
        name = str(clicked.id)
        return refresh(replace(before, speaker="" if name == before.speaker else name), asked)

    def sort(before: Wanted, asked: Scope, clicked: gr.EventData) -> tuple[Wanted, str, str]:
        return refresh(before.sorted_by(Column[str(clicked.id)]), asked)

    outputs = [wanted, bars, table]
    tab.select(refresh, [wanted, scope], outputs, **PRIVATE)
    search.change(search_words, [search, wanted, scope], outputs, **PRIVATE)
    kind.input(choose_kind, [kind, wanted, scope], outputs, **PRIVATE)
    bars.speaker(choose_speaker, [wanted, scope], outputs, **PRIVATE)
    table.speaker(choose_speaker, [wanted, scope], outputs, **PRIVATE)
    table.sort(sort, [wanted, scope], outputs, **PRIVATE)
