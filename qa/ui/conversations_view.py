"""Turns kept conversations into the HTML of their list, and one into the turns that it was; knows nothing of Gradio."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from qa.conversations import Kept
from qa.errors import DocumentNotFound
from qa.render import Format, count, escape_html
from qa.saved import Saved
from qa.types import FoundBy, Hit, Passage, Span
from qa.ui.controls import remove_html
from qa.ui.view import Documents, View

DOWNLOADS = (
    (Format.MARKDOWN, "Markdown", "md"),
    (Format.HTML, "HTML", "html"),
    (Format.JSON, "JSON", "jsonl"),
    (Format.BIBTEX, "BibTeX", "bib"),
)
EMPTY = "No conversation yet. What is asked in the chat is kept here, with its answers."
NONE_FOUND = "No question and no answer holds all of “{words}”."
WHERE = "Conversations are kept on this machine, in {place}: whoever can open this page sees them all."
NOT_KEPT = "New conversations are not kept: the setting keep_conversations is off."


def note_html(place: str, reason: str, *, keeps: bool) -> str:
    """Where conversations are kept and who sees them, or why they are not."""
    said = (reason or WHERE.format(place=place)) if keeps else NOT_KEPT
    return f'<p class="qa-note">{escape_html(said)}</p>'


def list_html(kept: Sequence[Kept], library: str, words: str = "", sure: str = "") -> str:
    """The conversations, each with its downloads. sure: the id of one whose removal waits for a second word."""
    if not kept:
        said = NONE_FOUND.format(words=words.strip()) if words.strip() else EMPTY
        return f'<p class="qa-note">{escape_html(said)}</p>'
    rows = "".join(_row(each, library, each.id == sure) for each in kept)
    return f'<ul class="qa-shelf" aria-label="Kept conversations">{rows}</ul>'


def _row(kept: Kept, library: str, sure: bool) -> str:
    key, title = escape_html(kept.id), escape_html(kept.title)
    day = f"{kept.changed.astimezone():%Y-%m-%d %H:%M}"
    turns = count(kept.turns, "question")
    files = " ".join(_download(kept.id, library, form, name) for form, name, _ in DOWNLOADS)
    return (
        f'<li><div class="qa-row"><button type="button" class="qa-title" data-does="open" data-id="{key}">{title}'
        f'</button><span class="qa-place">{escape_html(f"{day} · {turns}")} · save as {files}</span></div>'
        f"{remove_html('Delete', key, title, sure)}</li>"
    )


def _download(key: str, library: str, form: Format, name: str) -> str:
    address = escape_html(f"/conversations/{quote(key, safe='')}/{form.value}?library={quote(library, safe='')}")
    return f'<a class="qa-download" href="{address}" download>{name}</a>'


def views_of(saved: Sequence[Saved], documents: Documents) -> tuple[View, ...]:
    """The turns of a kept conversation as they were shown; passages of documents that are gone are left out."""
    answers = [(each.answer, _hits(each.values.get("hits", ()), documents)) for each in saved]
    return tuple(
        View(number, replace(answer, hits=hits), "", running=False)
        for number, (answer, hits) in enumerate(answers, 1)
        if answer is not None
    )


def _hits(values: Sequence[dict[str, Any]], documents: Documents) -> tuple[Hit, ...]:
    hits = []
    for each in values:
        span = Span(each["start"], each["end"])
        try:
            text = span.within(documents.document(each["document_id"]).text)
        except DocumentNotFound:
            continue
        hits.append(Hit(Passage(each["document_id"], span, text), each["score"], FoundBy.BOTH))
    return tuple(hits)
