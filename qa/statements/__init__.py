"""Turns a document into who-said-what, direct and reported; knows no model and no question.

By rules alone: quotation marks, verbs of saying and the names that the document gives. A speaker is named only
when one person fits.
"""

from qa.names import names
from qa.statements.assembly import Draft, drafts
from qa.statements.transcripts import turns
from qa.types import Document, Quote, Span, Statement

__all__ = ["statements"]


def statements(document: Document) -> tuple[Statement, ...]:
    """Who said what in a document, in its order; linear in its length, and no text raises.

    Every quote is verbatim. A statement whose speaker is a pronoun that two people fit keeps the pronoun as its
    speaker; words with no attribution at all are no statement.
    """
    known = names(document)
    spoken = turns(document.text, known)
    found = drafts(document.text, known, spoken)
    return tuple(_statement(document, draft) for draft in sorted(found, key=lambda draft: draft.words))


def _statement(document: Document, draft: Draft) -> Statement:
    quote = _quote(document, draft.words)
    return Statement(
        speaker=draft.speaker.text,
        words=quote.text,
        cue=draft.cue,
        quote=quote,
        speaker_quote=_quote(document, draft.speaker.place),
        named_at=_quote(document, draft.speaker.named_at),
        reported=draft.reported,
    )


def _quote(document: Document, span: Span) -> Quote:
    return Quote(document.id, span, span.within(document.text))
