"""Turns Answers into HTML with marks that lead to the quoted words; knows no framework and no script.

An answer's marks are in-page links, `#<prefix>source-<number>`, to the `<mark>` of the quote in `document_html`.
"""

import itertools
from collections.abc import Iterable, Sequence

from qa.render.escaping import escape_html
from qa.render.words import (
    NEAREST_COUNT,
    NEAREST_WORDS,
    OUTCOME_WORDS,
    UNDERSTOOD_WORDS,
    confidence_words,
    is_notice,
    opening,
    place,
    prose,
    short_numbers,
    understood,
)
from qa.rows import About
from qa.types import UNSUPPORTED_WORDS, Answer, Citation, Claim, Document, Hit, Outcome, Support

MARK_CLASS = "qa-mark"  # every link that opens a source


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
    parts = [said_html(answer, prefix), _confidence(answer)]
    if answer.outcome is Outcome.NOT_FOUND and answer.hits:
        parts.append(f"<p>{NEAREST_WORDS}</p>" + hits_html(answer.hits[:NEAREST_COUNT], prefix))
    parts.append(_citations(answer.citations, prefix))
    return f'<div class="qa-answer qa-{answer.outcome.value}">{"".join(parts)}</div>'


def said_html(answer: Answer, prefix: str) -> str:
    """The short answer and the sentences, with marks, and the outcome where it is no answer."""
    outcome = "" if answer.outcome is Outcome.ANSWERED else f'<p class="qa-outcome">{OUTCOME_WORDS[answer.outcome]}</p>'
    return _understood(answer) + _short(answer, prefix) + _claims(answer, prefix) + outcome


def _confidence(answer: Answer) -> str:
    """How sure the reader is, in words; the number when they are pointed at, and for a reader of the screen."""
    if answer.confidence is None or not answer.short:
        return ""
    number = f"{answer.confidence:.0%}"
    return (
        f'<p class="qa-confidence" title="Of 100 such answers about {answer.confidence * 100:.0f} are right">'
        f'{confidence_words(answer.confidence)}<span class="qa-unseen"> ({number})</span></p>'
    )


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
    return link(source_anchor(prefix, number), f"&#91;{number}&#93;", f"Show source {number}")


def link(anchor: str, inner: str, label: str = "", kind: str = MARK_CLASS) -> str:
    """A link to `anchor` in the page; inner is HTML, label what it is called where that says too little."""
    named = f' aria-label="{label}"' if label else ""
    return f'<a class="{kind}" href="#{escape_html(anchor)}"{named}>{inner}</a>'


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
    return f"<li>{link(anchor, escape_html(opening(hit.passage.text)))}{heading}</li>"


def documents_html(documents: Iterable[Document | About]) -> str:
    """Documents as a list of links, each with its source and what is known of its origin."""
    rows = "".join(
        f"<li>{link(document_anchor(document.id), escape_html(document.title))}{origin_html(document)}</li>"
        for document in documents
    )
    return f'<ul class="qa-documents">{rows}</ul>' if rows else ""


def origin_html(document: Document | About) -> str:
    """What is known of where a document is from, on one line."""
    known = [document.metadata.get(name, "") for name in ("author", "publisher", "date")]
    parts = dict.fromkeys(part for part in [*known, *document.sources] if part)
    return f'<span class="qa-place">{escape_html(" · ".join(parts))}</span>'
