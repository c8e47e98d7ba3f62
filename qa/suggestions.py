"""Makes questions of what documents say, and gives those that they prove an answer to; answers none itself."""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest
from typing import TypeAlias

from qa.names import Names, names
from qa.statements import statements
from qa.types import Answer, Document, Outcome, Quote, Span, Turn

SECONDS = 1.5  # in which questions are tried; those that were proved until then are given
DOCUMENTS = 4  # the first ones of a library are enough to begin with
CHARACTERS = 40_000  # of one document, from its start
AROUND_CHARACTERS = 2_000  # of a document, before and after what an answer has quoted
WORDS = 4  # that a statement must have to be worth asking for
TRIED = 12  # questions of one kind from one document
DESCRIBED = re.compile(r",\s+(?:[a-z]|who\b)|\s+(?:is|was)\s+(?:the|an?)\b")

Ask: TypeAlias = Callable[[str], Answer]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A question, and the words that a quote proving it must hold."""

    question: str
    about: str


def opening_questions(
    documents: Iterable[Document], ask: Ask, count: int = 4, seconds: float = SECONDS
) -> tuple[str, ...]:
    """Questions to begin with: of the people, statements and dates of the first documents, each proved by `ask`."""
    parts = (replace(each, text=each.text[:CHARACTERS]) for each in islice(documents, DOCUMENTS))
    candidates = _in_turn(_candidates(part) for part in parts)
    return tuple(islice(_proved(candidates, ask, seconds), count))


def follow_ups(
    history: Sequence[Turn],
    document: Callable[[str], Document],
    ask: Ask,
    count: int = 3,
    seconds: float = SECONDS,
) -> tuple[str, ...]:
    """Questions that go on from the last answer: of what stands around its quotes, each proved by `ask`.

    None that was asked before, none about the same person as the last one. Raises as `document` does.
    """
    last = history[-1]
    quotes = [each.quote for each in last.answer.citations]
    asked = {turn.question.casefold() for turn in history}
    known = f"{last.answer.standalone_question} {last.answer.short or ''}".casefold()
    candidates = (
        each
        for each in _in_turn(_candidates(_around(document(quote.document_id), quote)) for quote in quotes[:2])
        if each.question.casefold() not in asked and each.about.casefold() not in known
    )
    return tuple(islice(_proved(candidates, ask, seconds), count))


def _around(document: Document, quote: Quote) -> Document:
    """The part of a document around a quote, begun and ended at a line where one is near."""
    start = document.text.rfind("\n", 0, max(0, quote.span.start - AROUND_CHARACTERS)) + 1
    end = document.text.find("\n", quote.span.end + AROUND_CHARACTERS)
    limit = quote.span.end + 2 * AROUND_CHARACTERS
    text = document.text[max(start, quote.span.start - 2 * AROUND_CHARACTERS) : min(end if end > 0 else limit, limit)]
    return replace(document, text=text, pages=())


def _proved(candidates: Iterable[_Candidate], ask: Ask, seconds: float) -> Iterator[str]:
    """The questions whose answer has a quote that holds what they are about, as long as there is time."""
    until = time.monotonic() + seconds
    seen: set[str] = set()
    for candidate in candidates:
        if time.monotonic() > until:
            return
        if candidate.about in seen:
            continue
        answer = ask(candidate.question)
        if answer.outcome is Outcome.ANSWERED and any(
            candidate.about.split()[-1] in each.quote.text for each in answer.citations
        ):
            seen.add(candidate.about)
            yield candidate.question


def _candidates(document: Document) -> Iterator[_Candidate]:
    """Of each kind one in turn, as the document goes."""
    known = names(document)
    return _in_turn(islice(kind, TRIED) for kind in (_said(document), _people(document, known)))


def _said(document: Document) -> Iterator[_Candidate]:
    for each in statements(document):
        if not each.reported and len(each.words.split()) >= WORDS and each.speaker[:1].isupper():
            yield _Candidate(f"What did {each.speaker} say?", each.speaker)


def _people(document: Document, known: Names) -> Iterator[_Candidate]:
    for name in known.mentions:
        if " " in name.text and known.is_person(name) and _is_described(document.text, name.span):
            yield _Candidate(f"Who is {name.text}?", name.text)


def _is_described(text: str, span: Span) -> bool:
    """Whether an apposition or "is a" stands at a name: elsewhere nothing says who it is."""
    return DESCRIBED.match(text, span.end) is not None


def _in_turn(sources: Iterable[Iterable[_Candidate]]) -> Iterator[_Candidate]:
    """The first of each, the second of each, and so on; each question once."""
    rows = chain.from_iterable(zip_longest(*sources))
    return iter(dict.fromkeys(each for each in rows if each is not None))
