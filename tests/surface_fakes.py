"""A small document, answers about it, and an assistant that gives them: what the surfaces are tested with."""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from qa.citations import quoted_claim
from qa.conversation import MAX_QUESTION_CHARACTERS
from qa.errors import BadQuestion, DocumentNotFound
from qa.rows import About
from qa.statements import statements as said_in
from qa.types import (
    Answer,
    Answered,
    Citation,
    Claim,
    Document,
    Event,
    Found,
    FoundBy,
    Hit,
    ModelNames,
    Outcome,
    Passage,
    Quote,
    Retrieved,
    Span,
    Statement,
    Support,
    Timings,
    Turn,
    Written,
)

TEXT = """# The bakery on Mill Lane

Ada Brook opened the bakery in 1921. "Bread is older than kings," Brook said at the opening.

The oven was built by Tom Reed, who had never built one before. It has burned every night since then.
"""
DOCUMENT = Document("doc1", "The bakery on Mill Lane", ("seeds/bakery.md",), TEXT, (), {"author": "Ann Lee"})


def span_of(words: str, text: str = TEXT) -> Span:
    """Where `words` stand in `text`, which must hold them."""
    start = text.index(words)
    return Span(start, start + len(words))


def passage_of(words: str, document: Document = DOCUMENT, heading: str = "") -> Passage:
    """The passage of `document` that is `words`."""
    return Passage(document.id, span_of(words, document.text), words, None, heading)


def citation_of(words: str, number: int = 1, document: Document = DOCUMENT, page: int | None = None) -> Citation:
    """A citation of `words` in `document`."""
    span, text = span_of(words, document.text), document.text
    quote = Quote(document.id, span, words)
    before, after = text[max(0, span.start - 32) : span.start], text[span.end : span.end + 32]
    return Citation(number, quote, document.title, document.sources[0], page, before, after, document.metadata)


QUOTE = '"Bread is older than kings," Brook said at the opening.'
OPENED = "Ada Brook opened the bakery in 1921."
HITS = (
    Hit(passage_of(f"{OPENED} {QUOTE}", heading="Opening"), 0.9, FoundBy.BOTH),
    Hit(passage_of("It has burned every night since then."), 0.4, FoundBy.WORDS),
)
ANSWERED = Answer(
    question="Who said that bread is older than kings?",
    standalone_question="Who said that bread is older than kings?",
    outcome=Outcome.ANSWERED,
    short="Ada Brook",
    claims=(
        Claim("Ada Brook said it at the opening.", (1, 2), Support.SUPPORTED),
        Claim(QUOTE, (1,), Support.QUOTED),
    ),
    citations=(citation_of(QUOTE), citation_of(OPENED, 2)),
    confidence=0.87,
    hits=HITS,
    timings=Timings(4.0, 9.0, 60.0, 80.0),
    models=ModelNames("fake-words", "fake-reader", "fake-language-model"),
)
NOT_FOUND = replace(
    ANSWERED,
    question="Who mills the flour?",
    standalone_question="Who mills the flour?",
    outcome=Outcome.NOT_FOUND,
    short=None,
    claims=(),
    citations=(),
    confidence=None,
    timings=Timings(4.0, 9.0, None, 10.0),
)
NOTICE = replace(
    NOT_FOUND, question="Hello!", standalone_question="Hello!", hits=(), notice="Hello. Ask me about the documents."
)
UNVERIFIED = replace(
    NOT_FOUND,
    question="Who taught Reed?",
    standalone_question="Who taught Reed?",
    outcome=Outcome.UNVERIFIED,
    claims=(Claim("His father taught him.", (), Support.UNSUPPORTED),),
)


def events_of(answer: Answer) -> tuple[Event, ...]:
    """The events that an assistant streams for `answer`."""
    written = tuple(
        Written(claim, tuple(each for each in answer.citations if each.number in claim.citations))
        for claim in answer.claims
    )
    found = Found(answer.short, answer.citations)
    return (Retrieved(answer.hits, answer.standalone_question), found, *written, Answered(answer))


def check(question: str) -> None:
    """Raises `BadQuestion` for what no assistant would take."""
    if not question.strip():
        raise BadQuestion("the question is empty", "ask something")
    if len(question.strip()) > MAX_QUESTION_CHARACTERS:
        raise BadQuestion("the question is too long", "ask a shorter one")


@dataclass
class FakeAssistant:
    """Gives the scripted answer whose question was asked, else NOT_FOUND; remembers what it was asked.

    hold: when given, the sentences wait for it; closed: set when a stream was closed before its end.
    """

    answers: Sequence[Answer] = (ANSWERED, NOT_FOUND, NOTICE, UNVERIFIED)
    library: Sequence[Document] = (DOCUMENT,)
    hold: threading.Event | None = None
    closed: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, tuple[Turn, ...]]] = field(default_factory=list)
    manners: list[tuple[bool, int | None]] = field(default_factory=list)
    outside: tuple[str, ...] = ()
    passages: int = 8

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The scripted answer."""
        check(question)
        self.asked.append((question, tuple(history)))
        scripted = {answer.question: answer for answer in self.answers}
        return scripted.get(question) or replace(NOT_FOUND, question=question, standalone_question=question)

    def converse(self, question: str, earlier: Sequence[str]) -> Answer:
        """The scripted answer; the earlier questions are remembered as turns."""
        return self.ask(question, self.turns(earlier))

    def turns(self, earlier: Sequence[str]) -> tuple[Turn, ...]:
        """The earlier questions, none of them answered."""
        for past in earlier:
            check(past)
        return tuple(Turn(past, NOT_FOUND) for past in earlier)

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, prose: bool = True, passages: int | None = None
    ) -> Iterator[Event]:
        """The events of the scripted answer; without prose, as many sentences as it has quotes, all of them quoted."""
        answer = self.ask(question, history)
        self.manners.append((prose, passages))
        return self._events(answer if prose else replace(answer, claims=tuple(map(quoted_claim, answer.citations))))

    def about(self) -> tuple[About, ...]:
        """The documents without their texts."""
        return tuple(
            About(each.id, each.title, each.sources, len(each.text), len(each.pages), each.metadata)
            for each in self.library
        )

    def _events(self, answer: Answer) -> Iterator[Event]:
        try:
            for event in events_of(answer):
                if self.hold is not None and isinstance(event, Written):
                    self.hold.wait(10)
                yield event
        except GeneratorExit:
            self.closed.set()
            raise

    def document(self, document_id: str) -> Document:
        """One document."""
        for document in self.library:
            if document.id == document_id:
                return document
        raise DocumentNotFound(f"no document {document_id!r}", "see `qa statements`")

    def documents(self) -> tuple[Document, ...]:
        """All documents."""
        return tuple(self.library)

    def search(self, question: str, count: int | None = None) -> tuple[Hit, ...]:
        """The same hits whatever is asked."""
        check(question)
        return HITS[:count]

    def statements(self) -> tuple[Statement, ...]:
        """Who said what in the documents."""
        return tuple(each for document in self.library for each in said_in(document))

    def suggestions(self) -> tuple[str, ...]:
        """The questions that have an answer."""
        return tuple(answer.question for answer in self.answers[:1])

    def follow_ups(self, history: Sequence[Turn]) -> tuple[str, ...]:
        """Those of the scripted questions that were not asked."""
        asked = {turn.question for turn in history}
        return tuple(answer.question for answer in self.answers if answer.question not in asked)
