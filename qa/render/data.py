"""Turns Answers and Statements into JSON values and CSV; knows nothing of what they look like to a person."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import assert_never

from qa.render.escaping import escape_cell
from qa.types import (
    ORIGIN,
    Answer,
    Answered,
    Citation,
    Claim,
    Document,
    Event,
    Found,
    Hit,
    Retrieved,
    Statement,
    Written,
)

SCHEMA = "qa.answer/1"
COLUMNS = (
    *("speaker", "cue", "words", "reported", "document_id", "start", "end"),
    *("quote", "speaker_quote", "named_at"),
)


def to_json(answer: Answer) -> dict[str, object]:
    """The stable form, schema qa.answer/1 of docs/DESIGN.md §5; every value is a JSON type."""
    timings, models = answer.timings, answer.models
    return {
        "schema": SCHEMA,
        "question": answer.question,
        "standalone_question": answer.standalone_question,
        "outcome": answer.outcome.value,
        "short": answer.short,
        "text": answer.text,
        "confidence": answer.confidence,
        "claims": [_claim(claim) for claim in answer.claims],
        "citations": [citation_row(citation) for citation in answer.citations],
        "hits": [_hit(hit) for hit in answer.hits],
        "timings_ms": {
            "retrieve": timings.retrieve,
            "read": timings.read,
            "first_sentence": timings.first_sentence,
            "total": timings.total,
        },
        "models": {
            "embedder": models.embedder,
            "reader": models.reader,
            "language_model": models.language_model,
        },
    }


def citation_row(citation: Citation) -> dict[str, object]:
    """One citation as JSON values; start and end are the quote's offsets in the document."""
    return {
        "number": citation.number,
        "document_id": citation.quote.document_id,
        "title": citation.title,
        "source": citation.source,
        "page": citation.page,
        "start": citation.quote.span.start,
        "end": citation.quote.span.end,
        "quote": citation.quote.text,
        "prefix": citation.prefix,
        "suffix": citation.suffix,
        "metadata": dict(citation.metadata),
    }


def event_row(event: Event) -> tuple[str, dict[str, object]]:
    """An event's name and what it carries; that of the last is the answer in its stable form."""
    match event:
        case Retrieved(hits, asked):
            return "retrieved", {"standalone_question": asked, "hits": [_hit(hit) for hit in hits]}
        case Found(short, citations):
            return "found", {"short": short, "citations": [citation_row(each) for each in citations]}
        case Written(claim, citations):
            return "written", {"claim": _claim(claim), "citations": [citation_row(each) for each in citations]}
        case Answered(answer):
            return "answered", to_json(answer)
        case _:  # pragma: no cover - mypy proves that there is no other event
            assert_never(event)


def _claim(claim: Claim) -> dict[str, object]:
    return {"text": claim.text, "citations": list(claim.citations), "support": claim.support.value}


def _hit(hit: Hit) -> dict[str, object]:
    passage = hit.passage
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "start": passage.span.start,
        "end": passage.span.end,
        "score": hit.score,
    }


def passage_row(hit: Hit, document: Document) -> dict[str, object]:
    """One passage that was found in `document`, as JSON values; start and end are its offsets there."""
    passage = hit.passage
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "title": document.title,
        "source": document.sources[0],
        "page": passage.page,
        "heading": passage.heading,
        "start": passage.span.start,
        "end": passage.span.end,
        "text": passage.text,
        "score": hit.score,
        "found_by": hit.found_by.value,
        "metadata": {name: document.metadata[name] for name in ORIGIN if name in document.metadata},
    }


def passage_rows(hits: Iterable[Hit], documents: Mapping[str, Document]) -> list[dict[str, object]]:
    """The passages of the documents that are given, by id; of others there is nothing to say."""
    found = ((hit, documents.get(hit.passage.document_id)) for hit in hits)
    return [passage_row(hit, document) for hit, document in found if document]


def statement_row(statement: Statement) -> dict[str, object]:
    """One statement as a flat row of JSON values; start and end are the quote's offsets in the document."""
    return {
        "speaker": statement.speaker,
        "cue": statement.cue,
        "words": statement.words,
        "reported": statement.reported,
        "document_id": statement.quote.document_id,
        "start": statement.quote.span.start,
        "end": statement.quote.span.end,
        "quote": statement.quote.text,
        "speaker_quote": statement.speaker_quote.text,
        "named_at": statement.named_at.text,
    }


def statements_csv(statements: Iterable[Statement]) -> str:
    """The statements as CSV with a header row, one statement a row."""
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for statement in statements:
        writer.writerow({name: escape_cell(str(value)) for name, value in statement_row(statement).items()})
    return buffer.getvalue()
