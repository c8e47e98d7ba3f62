"""Wires the tab in which documents are added, chosen and removed; decides nothing about what is shown of them."""

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.assistants import Assistants, Scope
from qa.documents import MAXIMUM_PACKED, SUFFIXES
from qa.errors import QAError
from qa.indexing import IndexChange
from qa.shelf import Shelf
from qa.ui import documents_view as views
from qa.ui.controls import search_box
from qa.ui.documents_view import Added, Step
from qa.ui.received import Received
from qa.uploads import uploads_of

if TYPE_CHECKING:
    import gradio as gr
    from gradio.events import Dependency

log = logging.getLogger(__name__)

_HERE = Path(__file__).parent
FORMATS = f'<p class="qa-note">Read are {" ".join(SUFFIXES)}, up to {MAXIMUM_PACKED // 1_000_000} MB each.</p>'
PRIVATE: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}


class Documents:
    """What the tab does when something is added, chosen or removed; one object serves all sessions."""

    def __init__(self, assistants: Assistants) -> None:
        self.assistants = assistants
        self.received = Received()

    def add_received(self, files: Sequence[Path], scope: Scope) -> Generator[str, None, None]:
        """As `add`; the server's own copies of the files go when nobody else waits for them."""
        try:
            yield from self.add(files, (), scope)
        finally:
            self.received.release(files)

    def add(self, files: Sequence[Path], urls: Sequence[str], scope: Scope) -> Iterator[str]:
        """The lines of progress after each step; a file that cannot be read does not keep the next from being read."""
        entries = [Added(name) for name in (*(path.name for path in files), *urls)]
        yield views.progress_html(entries)
        shelf = self.assistants.shelf(scope.library)
        works = [(lambda path=path: shelf.add_file(path, path.name)) for path in files]
        works += [(lambda url=url: shelf.add_page(url)) for url in urls]
        for place, work in enumerate(works):
            entries[place] = replace(entries[place], step=Step.READING, said="is read …")
            yield views.progress_html(entries)
            entries[place] = _after(entries[place], work, shelf)
            yield views.progress_html(entries)

    def erase(self, document_id: str, scope: Scope) -> tuple[Scope, str]:
        """What is asked after one document was erased, and what became of it."""
        try:
            erased = self.assistants.shelf(scope.library).erase([document_id])
            quoted_in = self.assistants.conversations(scope.library).quoting([document_id])
        except QAError as error:
            return scope, views.failure_html(error.message, error.hint)
        return choose(scope, document_id, False), views.erased_html(erased, quoted_in)

    def shown(self, scope: Scope, words: str, sure: str = "") -> tuple[str, str]:
        """The line on what is asked, and the list."""
        try:
            shelf = self.assistants.shelf(scope.library)
            about, reason = shelf.about(), shelf.why_read_only
        except QAError as error:
            return views.failure_html(error.message, error.hint), ""
        chosen = scope.documents or frozenset()
        return (
            views.choice_html(len(about), len(chosen), reason),
            views.list_html(about, chosen, words, sure, reason),
        )


def choose(scope: Scope, document_id: str, on: bool) -> Scope:
    """What is asked after one document was ticked, or not any more; without any, all are asked."""
    chosen = (scope.documents or frozenset()) - {document_id} | ({document_id} if on else frozenset())
    return replace(scope, documents=chosen or None)


def _after(entry: Added, work: Callable[[], IndexChange], shelf: Shelf) -> Added:
    folder = f"{uploads_of(shelf.place)}/"
    try:
        return replace(entry, step=Step.DONE, said=views.went(work()).replace(folder, ""))
    except QAError as error:
        said = f"{error.message} ({error.hint})".replace(folder, "").removeprefix(f"{entry.name}: ")
        return replace(entry, step=Step.FAILED, said=said)
    except Exception as error:  # what comes after it is read all the same
        log.exception("%s was not added", entry.name)
        return replace(entry, step=Step.FAILED, said=f"unexpected {type(error).__name__}: {error}; nothing was added")


@dataclass(frozen=True)
class DocumentsTab:
    """The parts of the tab that the rest of the page uses.

    changed: what happens when the library has other documents. chosen: when others are asked.
    """

    library: "gr.Dropdown"
    choice: "gr.HTML"
    listed: "gr.HTML"
    search: "gr.Textbox"
    changed: tuple["Dependency", ...]
    chosen: tuple["Dependency", ...]


def documents_tab(assistants: Assistants, scope: "gr.State") -> DocumentsTab:
    """Places the tab in the page that is being built."""
    import gradio as gr

    documents = Documents(assistants)
    choice, listed = documents.shown(Scope(), "")
    script = (_HERE / "shelf.js").read_text(encoding="utf-8")
    with gr.Column(elem_id="qa-documents", elem_classes="qa-scrolled"):
        names = assistants.names
        library = gr.Dropdown(
            list(names), value=names[0], label="Library", visible=len(names) > 1, elem_id="qa-library", filterable=False
        )
        files = gr.File(
            label="Add files",
            show_label=False,
            file_count="multiple",
            file_types=[suffix for each in SUFFIXES for suffix in (each, each.upper())],
            height=140,
            elem_id="qa-files",
        )
        gr.HTML(FORMATS, apply_default_css=False)
        with gr.Row(elem_classes="qa-line"):
            url = gr.Textbox(
                placeholder="Or the address of a page: https://…",
                label="Address of a web page",
                show_label=False,
                max_length=2000,
                lines=1,
                max_lines=1,
                elem_id="qa-url",
                scale=1,
            )
            add_page = gr.Button("Add page", elem_id="qa-add-page", scale=0, min_width=110)
        progress = gr.HTML(elem_id="qa-progress", apply_default_css=False)
        search = search_box("documents", "Search titles and sources")
        chosen = gr.HTML(choice, elem_id="qa-choice", apply_default_css=False, js_on_load=script)
        shown = gr.HTML(listed, elem_id="qa-listed", apply_default_css=False, js_on_load=script)
    by_choice, by_change = _wire(documents, scope, files, url, add_page, progress, search, chosen, shown)
    return DocumentsTab(library, chosen, shown, search, by_change, by_choice)


def _wire(
    documents: Documents,
    scope: "gr.State",
    files: "gr.File",
    url: "gr.Textbox",
    add_page: "gr.Button",
    progress: "gr.HTML",
    search: "gr.Textbox",
    chosen: "gr.HTML",
    shown: "gr.HTML",
) -> tuple[tuple["Dependency", ...], tuple["Dependency", ...]]:
    import gradio as gr

    def tick(asked_of: Scope, words: str, clicked: gr.EventData) -> tuple[Scope, str]:
        after = choose(asked_of, str(clicked.id), bool(clicked.on))
        return after, documents.shown(after, words)[0]

    def all_asked(asked_of: Scope, words: str) -> tuple[Scope, str, str]:
        after = replace(asked_of, documents=None)
        return after, *documents.shown(after, words)

    def ask_sure(asked_of: Scope, words: str, clicked: gr.EventData) -> str:
        return documents.shown(asked_of, words, str(clicked.id))[1]

    def erase(asked_of: Scope, words: str, clicked: gr.EventData) -> tuple[Scope, str, str, str]:
        after, said = documents.erase(str(clicked.id), asked_of)
        return after, said, *documents.shown(after, words)

    quick: dict[str, Any] = {"queue": False, **PRIVATE}
    refreshed = _wire_adding(documents, scope, files, url, add_page, progress)
    for each in refreshed:
        each.then(documents.shown, [scope, search], [chosen, shown], **quick)
    search.change(lambda words, asked_of: documents.shown(asked_of, words)[1], [search, scope], shown, **quick)
    ticked = shown.choose(tick, [scope, search], [scope, chosen], **quick)
    shown.remove(ask_sure, [scope, search], shown, **quick)
    shown.keep(lambda asked_of, words: documents.shown(asked_of, words)[1], [scope, search], shown, **quick)
    erased = shown.erase(erase, [scope, search], [scope, progress, chosen, shown], **PRIVATE)
    whole = chosen.all(all_asked, [scope, search], [scope, chosen, shown], **quick)
    return (ticked, whole, erased), (*refreshed, erased)


def _wire_adding(
    documents: Documents,
    scope: "gr.State",
    files: "gr.File",
    url: "gr.Textbox",
    add_page: "gr.Button",
    progress: "gr.HTML",
) -> tuple["Dependency", ...]:
    import gradio as gr

    def hold(given: list[str] | None) -> None:
        documents.received.hold([Path(each) for each in given or ()])

    def add_files(given: list[str] | None, asked_of: Scope) -> Iterator[tuple[Any, str]]:
        emptied: Any = None  # once: the next files may be dropped while these are read
        for lines in documents.add_received([Path(each) for each in given or ()], asked_of):
            yield emptied, lines
            emptied = gr.skip()

    def add_url(address: str, asked_of: Scope) -> Iterator[tuple[Any, str]]:
        if address.strip():
            emptied: Any = ""
            for lines in documents.add((), [address.strip()], asked_of):
                yield emptied, lines
                emptied = gr.skip()

    adding: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "indexing", **PRIVATE}
    held = files.upload(hold, files, None, queue=False, **PRIVATE)  # at once: adding waits for its turn
    return (
        held.then(add_files, [files, scope], [files, progress], **adding),
        gr.on([url.submit, add_page.click], add_url, [url, scope], [url, progress], **adding),
    )
