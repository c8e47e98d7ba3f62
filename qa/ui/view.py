"""Turns the events of an answer into what a page shows of it, purely; knows nothing of Gradio."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, assert_never

from qa.errors import QAError
from qa.render import (
    count,
    document_html,
    documents_html,
    escape_html,
    hits_html,
    passage_anchor,
    source_anchor,
    to_html,
)
from qa.rows import About
from qa.types import (
    Answer,
    Answered,
    Document,
    Event,
    Found,
    ModelNames,
    Outcome,
    Retrieved,
    Span,
    Timings,
    Turn,
    Written,
)

SEARCHING = "Searching the sources …"
READING = "Reading {count} passages …"
WRITING = "Writing; each sentence is checked before it is shown …"
STOPPED = "Stopped."
BACK = "Back to the answer"
LISTED = 200  # documents listed before the first question

_ANCHOR = re.compile(
    r"(?P<place>turn-(?P<turn>\d{1,6})-(?P<kind>source|passage)-\d{1,6}|document-(?P<document>[^@]+)|"
    r"words-(?P<first>\d{1,12})-(?P<last>\d{1,12})-(?P<owner>[^@]+))"
    r"(?:@(?P<start>\d{1,12})-(?P<end>\d{1,12}))?"  # of the part that is asked for
)
_KEYS = (
    '<p class="qa-note qa-keys">Keys, in an answer or its source: <kbd>n</kbd> next citation, <kbd>p</kbd> previous, '
    "<kbd>Esc</kbd> back. In the question: <kbd>Esc</kbd> to the answer.</p>"
)
_KIND_WORDS = {"source": "Citation", "passage": "Passage"}


class Documents(Protocol):
    """Where the page finds the text of a document."""

    def document(self, document_id: str) -> Document:
        """One document. Raises `DocumentNotFound`."""
        ...


@dataclass(frozen=True, slots=True)
class View:
    """One turn as the page shows it. number: 1 for the first turn. status: what goes on, "" when done."""

    number: int
    answer: Answer
    status: str
    running: bool = True

    @property
    def prefix(self) -> str:
        """What the ids of this turn begin with."""
        return f"turn-{self.number}-"


def started(question: str, number: int) -> View:
    """The view before the first event. Its answer has no outcome yet: ANSWERED is only what shows no verdict."""
    blank = Answer(
        question, question, Outcome.ANSWERED, None, (), (), None, (), Timings(0, 0, None, 0), ModelNames("", "", "")
    )
    return View(number, blank, SEARCHING)


def advanced(view: View, event: Event) -> View:
    """The view after one more event."""
    answer = view.answer
    match event:
        case Retrieved(hits, standalone):
            answer = replace(answer, hits=hits, standalone_question=standalone)
            return replace(view, answer=answer, status=READING.format(count=len(hits)) if hits else "")
        case Found(short, citations):
            answer = replace(answer, short=short, citations=citations)
            return replace(view, answer=answer, status=WRITING if citations else "")
        case Written(claim, citations):
            known = {each.number: each for each in (*answer.citations, *citations)}
            answer = replace(
                answer, claims=(*answer.claims, claim), citations=tuple(known[number] for number in sorted(known))
            )
            return replace(view, answer=answer)
        case Answered(whole):
            return View(view.number, whole, "", running=False)
        case _:  # pragma: no cover - mypy proves that there is no other event
            assert_never(event)


def stopped(view: View) -> View:
    """The view after the reader has stopped it: what was shown stays."""
    return replace(view, status=STOPPED, running=False)


def failed(view: View, error: QAError) -> View:
    """The view after an error: what went wrong, and what mends it."""
    return replace(view, status=f"{error.message}. {error.hint}", running=False)


def history(views: Sequence[View]) -> tuple[Turn, ...]:
    """The turns that a follow-up may refer to: all that were answered to the end."""
    return tuple(Turn(view.answer.question, view.answer) for view in views if not view.running and not view.status)


def messages(views: Sequence[View]) -> list[dict[str, str]]:
    """The conversation as the chat shows it; every content is HTML whose text is escaped."""
    return [message for view in views for message in _exchange(view)]


def _exchange(view: View) -> tuple[dict[str, str], dict[str, str]]:
    status = f'<p class="qa-status" role="status">{escape_html(view.status)}</p>' if view.status else ""
    asked = f'<p class="qa-question" dir="auto">{escape_html(view.answer.question)}</p>'
    return (
        {"role": "user", "content": asked},
        {"role": "assistant", "content": to_html(view.answer, view.prefix) + status},
    )


def library_panel(documents: Sequence[Document | About]) -> str:
    """What the sources' side shows before the first question: the documents."""
    there = count(len(documents), "document")
    note = f'<p class="qa-note">{there}. A mark like &#91;1&#93; in an answer opens its source here.</p>'
    return _panel(note + documents_html(documents[:LISTED]) + _KEYS)


def error_panel(error: QAError) -> str:
    """What the sources' side shows when it cannot show a document: why, and what mends it."""
    return _panel(f'<p class="qa-outcome" role="status">{escape_html(f"{error.message}. {error.hint}")}</p>')


def events_panel(view: View, event: Event, documents: Documents) -> str | None:
    """What the sources' side shows after an event, None for no change: passages first, then the proof."""
    match event:
        case Retrieved(hits, _) if hits:
            note = '<p class="qa-note">Passages found; the answer is read from these.</p>'
            return _panel(note + hits_html(hits, view.prefix))
        case Found(_, citations) if citations:
            return source_panel([view], source_anchor(view.prefix, citations[0].number), documents)
        case _:
            return None


def words_anchor(document_id: str, span: Span) -> str:
    """The id that stands for any words of a document."""
    return f"words-{span.start}-{span.end}-{document_id}"


def source_panel(views: Sequence[View], anchor: str, documents: Documents) -> str | None:
    """The document that `anchor` points into, the anchored words highlighted; None when it points nowhere.

    All quotes of the same answer in that document are highlighted too. Only a part of a long document is in it: the
    one around the words, or the one that the anchor names. Raises `DocumentNotFound`.
    """
    found = _ANCHOR.fullmatch(anchor)
    if not found:
        return None
    part = _part(found["start"], found["end"])
    if found["document"]:
        shown = document_html(documents.document(found["document"]), anchor=found["place"], part=part)
        return _panel(shown, anchor)
    if found["owner"]:
        document, words = documents.document(found["owner"]), _part(found["first"], found["last"])
        if words is None or words.end > len(document.text):
            return None
        return _panel(document_html(document, (words,), (found["place"],), found["place"], part), anchor)
    places = [view for view in views if view.number == int(found["turn"])]
    marks = _marks(places[0], found["kind"]) if places else {}
    if found["place"] not in marks:
        return None
    document_id = marks[found["place"]][0]
    spans = {name: span for name, (owner, span) in marks.items() if owner == document_id}
    ordered = {found["place"]: spans.pop(found["place"])} | spans  # the anchored one first: it is shown
    document = documents.document(document_id)
    shown = document_html(document, tuple(ordered.values()), tuple(ordered), found["place"], part)
    return _panel(shown, anchor, tuple(marks), found["kind"])


def _part(start: str | None, end: str | None) -> Span | None:
    return Span(int(start), int(end)) if start and end and int(start) < int(end) else None


def _marks(view: View, kind: str) -> dict[str, tuple[str, Span]]:
    """Each anchor of a turn with its document and its place there; passages overlap quotes, so one kind at a time."""
    if kind == "source":
        quotes = {source_anchor(view.prefix, each.number): each.quote for each in view.answer.citations}
        return {anchor: (quote.document_id, quote.span) for anchor, quote in quotes.items()}
    hits = enumerate(view.answer.hits, 1)
    return {passage_anchor(view.prefix, n): (hit.passage.document_id, hit.passage.span) for n, hit in hits}


def _panel(inner: str, active: str = "", anchors: Sequence[str] = (), kind: str = "") -> str:
    """The sources' side. active: what it was opened at; anchors: all that the reader can step through from there."""
    back = f'<a class="qa-back" href="#qa-chat">{BACK}</a>' if active else ""
    steps = _steps(anchors.index(active.partition("@")[0]), len(anchors), kind) if len(anchors) > 1 else ""
    bar = f'<div class="qa-bar">{back}{steps}</div>' if active else ""
    return (
        f'<div class="qa-panel" role="region" aria-label="Sources" tabindex="0" data-active="{escape_html(active)}" '
        f'data-anchors="{escape_html(" ".join(anchors))}">{bar}{inner}</div>'
    )


def _steps(at: int, total: int, kind: str) -> str:
    """The buttons that lead to the previous and the next citation, and which one it is."""
    word = _KIND_WORDS[kind]
    return (
        f'<span class="qa-steps">{_step(-1, f"Previous {word.lower()}", "p", "‹")}'
        f'<span class="qa-position">{word} <b>{at + 1}</b> of {total}</span>'
        f"{_step(1, f'Next {word.lower()}', 'n', '›')}</span>"
    )


def _step(by: int, label: str, key: str, sign: str) -> str:
    return (
        f'<button type="button" class="qa-step" data-step="{by}" aria-label="{label}" aria-keyshortcuts="{key}" '
        f'title="{label} ({key})">{sign}</button>'
    )
