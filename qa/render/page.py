"""Turns Answers and Documents into HTML with marks that lead to the quoted words; knows no framework and no script.

An answer's marks are in-page links, `#<prefix>source-<number>`, to the `<mark>` of the quote in `document_html`.
"""

import itertools
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from qa.render.escaping import escape_html
from qa.render.words import (
    NEAREST_COUNT,
    NEAREST_WORDS,
    OUTCOME_WORDS,
    UNDERSTOOD_WORDS,
    is_notice,
    opening,
    place,
    prose,
    short_numbers,
    understood,
)
from qa.types import UNSUPPORTED_WORDS, Answer, Citation, Claim, Document, Hit, Outcome, Span, Support

MARK_CLASS = "qa-mark"  # every link that opens a source
SHOWN_CHARACTERS = 200_000  # of one document at a time: more makes a browser slow


def source_anchor(prefix: str, number: int) -> str:
    """The id of a citation's `<mark>`; prefix tells the answers of one page apart."""
    return f"{prefix}source-{number}"


def passage_anchor(prefix: str, number: int) -> str:
    """The id of a hit's `<mark>`; number counts from 1."""
    return f"{prefix}passage-{number}"


def document_anchor(document_id: str) -> str:
    """The id that stands for a whole document."""
    return f"document-{document_id}"


def to_html(answer: Answer, prefix: str = "") -> str:
    """One answer: short answer, sentences with marks, outcome, list of sources; one line of HTML."""
    if is_notice(answer):
        return f'<div class="qa-answer"><p class="qa-notice">{escape_html(answer.notice)}</p></div>'
    parts = [said_html(answer, prefix)]
    if answer.outcome is Outcome.NOT_FOUND and answer.hits:
        parts.append(f"<p>{NEAREST_WORDS}</p>" + hits_html(answer.hits[:NEAREST_COUNT], prefix))
    parts.append(_citations(answer.citations, prefix))
    return f'<div class="qa-answer qa-{answer.outcome.value}">{"".join(parts)}</div>'


def said_html(answer: Answer, prefix: str) -> str:
    """The short answer and the sentences, with marks, and the outcome where it is no answer."""
    outcome = "" if answer.outcome is Outcome.ANSWERED else f'<p class="qa-outcome">{OUTCOME_WORDS[answer.outcome]}</p>'
    return _understood(answer) + _short(answer, prefix) + _claims(answer, prefix) + outcome


def _understood(answer: Answer) -> str:
    asked = understood(answer)
    return f'<p class="qa-understood">{UNDERSTOOD_WORDS} {escape_html(asked)}</p>' if asked else ""


def _short(answer: Answer, prefix: str) -> str:
    if not answer.short:
        return ""
    marks = "".join(_mark(number, prefix) for number in short_numbers(answer.short, answer.citations))
    return f'<p class="qa-short"><strong>{escape_html(answer.short)}</strong>{marks}</p>'


def _claims(answer: Answer, prefix: str) -> str:
    claims = " ".join(_claim(claim, prefix) for claim in prose(answer))
    return f'<p class="qa-claims">{claims}</p>' if claims else ""


def _claim(claim: Claim, prefix: str) -> str:
    marks = "".join(_mark(number, prefix) for number in claim.citations)
    warning = f'<span class="qa-warning">{UNSUPPORTED_WORDS}</span>' if claim.support is Support.UNSUPPORTED else ""
    return f'<span class="qa-claim qa-{claim.support.value}">{escape_html(claim.text)}{marks}{warning}</span>'


def _mark(number: int, prefix: str) -> str:
    return _link(source_anchor(prefix, number), f"&#91;{number}&#93;", f"Show source {number}")


def _link(anchor: str, inner: str, label: str = "") -> str:
    named = f' aria-label="{label}"' if label else ""
    return f'<a class="{MARK_CLASS}" href="#{escape_html(anchor)}"{named}>{inner}</a>'


def _citations(citations: Sequence[Citation], prefix: str) -> str:
    """The quotes; where they come from stands under the last of those in a row that share it."""
    places = [", ".join(place(citation)[: 1 + (citation.page is not None)]) for citation in citations]
    shown = [here if here != after else "" for here, after in itertools.zip_longest(places, places[1:])]
    rows = "".join(_citation(citation, where, prefix) for citation, where in zip(citations, shown, strict=True))
    return f'<ul class="qa-citations">{rows}</ul>' if rows else ""


def _citation(citation: Citation, where: str, prefix: str) -> str:
    quote = escape_html(" ".join(citation.quote.text.split()))
    place_line = f'<span class="qa-place">{escape_html(where)}</span>' if where else ""
    return f'<li>{_mark(citation.number, prefix)} <span class="qa-quote">{quote}</span>{place_line}</li>'


def hits_html(hits: Sequence[Hit], prefix: str = "") -> str:
    """Passages as a list of links, each with its heading and its first words."""
    rows = "".join(_hit(hit, passage_anchor(prefix, number)) for number, hit in enumerate(hits, 1))
    return f'<ul class="qa-passages">{rows}</ul>' if rows else ""


def _hit(hit: Hit, anchor: str) -> str:
    heading = f'<span class="qa-place">{escape_html(hit.passage.heading)}</span>' if hit.passage.heading else ""
    return f"<li>{_link(anchor, escape_html(opening(hit.passage.text)))}{heading}</li>"


def documents_html(documents: Iterable[Document]) -> str:
    """Documents as a list of links, each with its source and what is known of its origin."""
    rows = "".join(
        f"<li>{_link(document_anchor(document.id), escape_html(document.title))}{_origin(document)}</li>"
        for document in documents
    )
    return f'<ul class="qa-documents">{rows}</ul>' if rows else ""


def _origin(document: Document) -> str:
    known = [document.metadata.get(name, "") for name in ("author", "publisher", "date")]
    parts = dict.fromkeys(part for part in [*known, *document.sources] if part)
    return f'<span class="qa-place">{escape_html(" · ".join(parts))}</span>'


def document_html(document: Document, highlights: Sequence[Span] = (), anchors: Sequence[str] = ()) -> str:
    """A document with its highlights in `<mark>`; the mark of `highlights[i]` has the id `anchors[i]`.

    Without anchors the ids are mark-1, mark-2, ... A highlight that a paragraph's end or another highlight cuts
    is several marks: the first has the id, and all have it in data-for. Of a text longer than
    `SHOWN_CHARACTERS` the part around the first highlight is shown.
    """
    names = list(anchors) or [f"mark-{number}" for number in range(1, len(highlights) + 1)]
    marker = _Marker(document, list(zip(highlights, names, strict=True)))
    return (
        f'<article class="qa-document"><h2 id="{escape_html(document_anchor(document.id))}">'
        f"{escape_html(document.title)}</h2>{_origin(document)}{''.join(marker.paragraphs())}</article>"
    )


class _Marker:
    """Walks once through a document; remembers which highlights have their id already."""

    def __init__(self, document: Document, highlights: list[tuple[Span, str]]) -> None:
        self.document, self.highlights = document, highlights
        self.cuts = sorted({edge for span, _ in highlights for edge in (span.start, span.end)} | set(document.pages))
        self.seen: set[str] = set()

    def paragraphs(self) -> Iterator[str]:
        """Each paragraph as HTML, page numbers and notes on what is left out between them."""
        text, window = self.document.text, self._window()
        yield _left_out(window.start if window else 0, "before")
        for span in _paragraph_spans(text):
            if window is None or window.overlaps(span):
                yield self._paragraph(span)
        yield _left_out(len(text) - window.end if window else 0, "after")

    def _window(self) -> Span | None:
        """The part that is shown, None for all."""
        if len(self.document.text) <= SHOWN_CHARACTERS:
            return None
        middle = self.highlights[0][0].start if self.highlights else 0
        start = max(0, min(middle - SHOWN_CHARACTERS // 2, len(self.document.text) - SHOWN_CHARACTERS))
        return Span(start, start + SHOWN_CHARACTERS)

    def _paragraph(self, span: Span) -> str:
        kind = _paragraph_class(span.within(self.document.text), span.start)
        inner = "".join(self._piece(piece) for piece in _pieces(span, self.cuts))
        return f'<p{kind} dir="auto">{inner}</p>'

    def _piece(self, piece: Span) -> str:
        covering = [name for span, name in self.highlights if span.contains(piece)]
        fresh = [name for name in covering if name not in self.seen]
        self.seen.update(fresh)
        # one mark for each highlight that begins here, each with its id; a mark without id where one goes on
        names = f'class="qa-highlight" data-for="{escape_html(" ".join(covering))}"'
        marks = [f'<mark id="{escape_html(name)}" tabindex="-1" {names}>' for name in fresh] or [f"<mark {names}>"]
        marks = marks if covering else []
        text = escape_html(piece.within(self.document.text))
        return f"{self._page(piece)}{''.join(marks)}{text}{'</mark>' * len(marks)}"

    def _page(self, piece: Span) -> str:
        if piece.start not in self.document.pages:
            return ""
        return f'<span class="qa-page">Page {self.document.pages.index(piece.start) + 1}</span>'


def _left_out(count: int, side: str) -> str:
    return f'<p class="qa-left-out">{count:,} characters {side} this are not shown.</p>' if count > 0 else ""


def _paragraph_spans(text: str) -> Iterator[Span]:
    """Runs of lines that are not blank."""
    start = end = 0
    for line in re.finditer(r"[^\n]*\n|[^\n]+", text):
        if line.group().strip():
            end = line.start() + len(line.group().rstrip("\n"))
            continue
        if end > start:
            yield Span(start, end)
        start = end = line.end()
    if end > start:
        yield Span(start, end)


def _pieces(span: Span, cuts: Sequence[int]) -> Iterator[Span]:
    """`span`, cut at every offset of `cuts` (ascending) that lies inside it."""
    edges = [span.start, *cuts[bisect_right(cuts, span.start) : bisect_left(cuts, span.end)], span.end]
    yield from (Span(start, end) for start, end in itertools.pairwise(edges))


def _paragraph_class(text: str, start: int) -> str:
    """How a paragraph of Markdown is set; its characters stay as they are."""
    if start == 0 and text.startswith("---\n"):
        return ' class="qa-front-matter"'
    return ' class="qa-heading"' if re.match(r"#{1,6} [^\n]*\n?$", text) else ""
