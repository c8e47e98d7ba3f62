"""Turns an answer's JSON (schema qa.answer/1) back into an Answer; knows no system and scores nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from qa.errors import InputError
from qa.types import (
    Answer,
    Citation,
    Claim,
    Document,
    FoundBy,
    Hit,
    ModelNames,
    Outcome,
    Passage,
    Quote,
    Span,
    Support,
    Timings,
)

HINT = "an answer is the JSON that `qa ask --json` prints; docs/evaluation.md lists what must be in it"


class _Lenient(BaseModel):
    """Keys that are not named here are left alone."""

    model_config = ConfigDict(extra="ignore")


class _Claim(_Lenient):
    text: str
    citations: tuple[int, ...] = ()
    support: Support = Support.UNSUPPORTED


class _Place(_Lenient):
    document_id: str
    start: int = Field(ge=0)
    end: int

    @model_validator(mode="after")
    def _not_empty(self) -> "_Place":
        if self.end <= self.start:
            raise ValueError(f"not a span: {self.start}..{self.end} (want start < end)")
        return self

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


class _Citation(_Place):
    number: int
    quote: str
    title: str = ""
    source: str = ""
    page: int | None = None
    prefix: str = ""
    suffix: str = ""


class _Hit(_Place):
    score: float = 0.0


class _Timings(_Lenient):
    retrieve: float
    read: float
    first_sentence: float | None = None
    total: float


class _Models(_Lenient):
    embedder: str = ""
    reader: str = ""
    language_model: str = ""


class _Answer(_Lenient):
    question: str = ""
    standalone_question: str = ""
    outcome: Outcome
    short: str | None = None
    text: str = ""
    confidence: float | None = Field(None, ge=0, le=1)
    claims: tuple[_Claim, ...]
    citations: tuple[_Citation, ...] = ()
    hits: tuple[_Hit, ...] = ()
    timings_ms: _Timings | None = None
    models: _Models = _Models()


def parse_answer(data: Mapping[str, Any], question: str, milliseconds: float) -> Answer:
    """The answer to `question` that a system gave as JSON; `outcome` and `claims` must be there.

    milliseconds: how long it took as seen from outside, for a system that states no timings: then nothing is known to
    have been shown before the end. Raises `InputError`, naming the key, for JSON of another shape.
    """
    try:
        read = _Answer.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"not an answer: {'.'.join(map(str, first['loc']))}: {first['msg']}", HINT) from error
    times = read.timings_ms
    return Answer(
        question=question,
        standalone_question=read.standalone_question or question,
        outcome=read.outcome,
        short=read.short,
        claims=tuple(Claim(each.text, each.citations, each.support) for each in read.claims),
        citations=tuple(map(_citation, read.citations)),
        confidence=read.confidence,
        hits=tuple(Hit(Passage(each.document_id, each.span, ""), each.score, FoundBy.DENSE) for each in read.hits),
        timings=Timings(times.retrieve, times.read, times.first_sentence, times.total)
        if times
        else Timings(milliseconds, milliseconds, milliseconds if read.claims else None, milliseconds),
        models=ModelNames(**read.models.model_dump()),
        notice="" if read.claims else read.text,
    )


def _citation(read: _Citation) -> Citation:
    quote = Quote(read.document_id, read.span, read.quote)
    return Citation(read.number, quote, read.title, read.source, read.page, read.prefix, read.suffix)


def with_our_ids(answer: Answer, documents: Sequence[Document]) -> Answer:
    """The answer with each document called by the id it has here.

    A system that does not know our ids may call a document by its path or its file's name, which is looked up here.
    Ids that name nothing stay: their citations are not exact.
    """
    ours = {document.id: document.id for document in documents}
    for document in documents:
        for source in document.sources:
            ours.setdefault(source, document.id)
            ours.setdefault(PurePath(source).name, document.id)

    def named(document_id: str) -> str:
        return ours.get(document_id, document_id)

    citations = (replace(c, quote=replace(c.quote, document_id=named(c.quote.document_id))) for c in answer.citations)
    hits = (replace(h, passage=replace(h.passage, document_id=named(h.passage.document_id))) for h in answer.hits)
    return replace(answer, citations=tuple(citations), hits=tuple(hits))
