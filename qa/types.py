"""Every value that passes between stages, and the seams; does no input or output and knows no library.

All offsets are half-open character offsets into one `Document.text`; all values are frozen, so a stage
derives a new one with `dataclasses.replace` and never changes what it was given.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, Protocol, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

Vectors: TypeAlias = NDArray[np.float32]

ORIGIN = ("author", "date", "publisher", "url", "accessed")
"""The names of a document's metadata that say where it is from; it may have others."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open character offsets into one `Document.text`: `0 <= start < end`.

    Raises `ValueError` for an empty, reversed or negative span.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: {self.start}..{self.end} (want 0 <= start < end)")

    def within(self, text: str) -> str:
        """The characters of `text` that this span covers."""
        return text[self.start : self.end]

    def moved(self, by: int) -> "Span":
        """The span `by` characters further on: of a passage's text, with its start, it becomes one of the document."""
        return Span(self.start + by, self.end + by)

    def overlaps(self, other: Self) -> bool:
        """Whether the two spans share at least one character."""
        return self.start < other.end and other.start < self.end

    def contains(self, other: Self) -> bool:
        """Whether every character of `other` lies in this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Document:
    """One text with its origin. `id` is a hash of `text`, so equal texts are one document.

    sources: every place the text came from (paths or URLs), at least one.
    pages: start offset of each page, ascending; empty when the format has no pages.
    metadata: the names of `ORIGIN` and others, as far as the file says.
    """

    id: str
    title: str
    sources: tuple[str, ...]
    text: str
    pages: tuple[int, ...] = ()
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences of one document: the unit that is embedded and retrieved.

    page: 1-based page on which the passage starts, None when the document has no pages.
    heading: the nearest heading above it, "" when there is none.
    """

    document_id: str
    span: Span
    text: str
    page: int | None = None
    heading: str = ""

    @property
    def id(self) -> str:
        """`<document_id>:<start>-<end>`: the id is the address."""
        return f"{self.document_id}:{self.span.start}-{self.span.end}"

    def at(self, span: Span) -> str:
        """The characters at a span of the document that lies in this passage."""
        return span.moved(-self.span.start).within(self.text)


class FoundBy(StrEnum):
    """Which search brought a passage up."""

    DENSE = "dense"
    WORDS = "words"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage retrieved. score: higher is better, comparable within one list only."""

    passage: Passage
    score: float
    found_by: FoundBy


@dataclass(frozen=True, slots=True)
class Finding:
    """An exact answer that the reader found.

    span: the answer's place in the document; text: the characters there (a name may be completed to the
    form that the document gives elsewhere: then `span` is that fuller place).
    evidence: the spans of the same document that prove it, best first, each a whole sentence or quotation.
    probability: that this is the answer, 0..1, comparable across passages.
    """

    passage: Passage
    span: Span
    text: str
    probability: float
    evidence: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of one question.

    findings: best first. null_scores: for each passage given, in order, the probability 0..1 that it
    does not hold the answer.
    """

    findings: tuple[Finding, ...]
    null_scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Characters copied from a document: `document.text[span.start:span.end] == text`."""

    document_id: str
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote as the reader of an answer sees it.

    number: 1..n in order of first mention. source: the first place the document came from.
    prefix, suffix: up to 32 characters of the document before and after the quote.
    metadata: what the document says of its origin, under the names of `ORIGIN`; a bibliography is made of it.
    """

    number: int
    quote: Quote
    title: str
    source: str
    page: int | None
    prefix: str
    suffix: str
    metadata: Mapping[str, str] = field(default_factory=dict)


class Support(StrEnum):
    """How far a sentence of an answer is proved by its quotes."""

    QUOTED = "quoted"
    SUPPORTED = "supported"
    UNSUPPORTED = "unsupported"


class Outcome(StrEnum):
    """What became of a question.

    ANSWERED: proved by at least one citation. NOT_FOUND: the sources do not say; no claims.
    UNVERIFIED: something was written that the sources do not prove, and it is marked so.
    """

    ANSWERED = "answered"
    UNVERIFIED = "unverified"
    NOT_FOUND = "not_found"


UNSUPPORTED_WORDS = "not proved by the sources"
"""What every surface shows beside a claim that is unsupported."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One finished sentence of an answer, without marks; citations: the numbers that prove it."""

    text: str
    citations: tuple[int, ...]
    support: Support

    @property
    def marked(self) -> str:
        """The sentence with its marks, or with the words that it is not proved.

        Bracketed numbers of its own become (n): they are no marks.
        """
        text = re.sub(r"\[(\d+)\]", r"(\1)", self.text)
        warning = [f"({UNSUPPORTED_WORDS})"] if self.support is Support.UNSUPPORTED else []
        return " ".join([text, *(f"[{number}]" for number in self.citations), *warning])


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds from the question to each stage's end; first_sentence None when none was written."""

    retrieve: float
    read: float
    first_sentence: float | None
    total: float


@dataclass(frozen=True, slots=True)
class ModelNames:
    """Which models made an answer."""

    embedder: str
    reader: str
    language_model: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What every surface shows, exports and scores.

    short: the exact short answer, a substring of one of the quotes, or None.
    confidence: calibrated probability 0..1 that the short answer is right, None until it is calibrated.
    notice: what the system says of itself instead of answering (small talk, another language); "" mostly.
    """

    question: str
    standalone_question: str
    outcome: Outcome
    short: str | None
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    confidence: float | None
    hits: tuple[Hit, ...]
    timings: Timings
    models: ModelNames
    notice: str = ""

    @property
    def text(self) -> str:
        """The claims as prose with [n] marks; the notice when there are no claims."""
        return " ".join(claim.marked for claim in self.claims) or self.notice

    def _repr_html_(self) -> str:
        """What a notebook shows of it."""
        from qa.render import to_notebook

        return to_notebook(self)


@dataclass(frozen=True, slots=True)
class Turn:
    """One exchange of a conversation; history is given in, never kept inside."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Statement:
    """Who said what, in one document.

    speaker: full name as the document gives it, or the description when unnamed ("a second official").
    words: what was said, `quote.text` without its quotation marks. cue: the verb ("said", "tweeted").
    quote: the words' place. speaker_quote: the place where the speaker is named nearest to the words.
    named_at: the place of the fullest form of the name, equal to speaker_quote when it is named in full.
    reported: True for reported speech, False for a direct quotation.
    """

    speaker: str
    words: str
    cue: str
    quote: Quote
    speaker_quote: Quote
    named_at: Quote
    reported: bool


@dataclass(frozen=True, slots=True)
class Retrieved:
    """First event of an answer: the passages, before anything is read."""

    hits: tuple[Hit, ...]
    standalone_question: str


@dataclass(frozen=True, slots=True)
class Found:
    """Second event: the exact short answer with its citations, or None when the sources do not say."""

    short: str | None
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """One finished, checked sentence, with the citations that it mentions for the first time."""

    claim: Claim
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """Last event: the whole answer. Its claims are the written ones, in order."""

    answer: Answer


Event: TypeAlias = Retrieved | Found | Written | Answered


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a language model."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Example:
    """One question with what is known of its answer.

    answers: accepted short answers. evidence: verbatim text of a document that proves one of them.
    history: earlier questions of the same conversation, oldest first. kind: what sort of question it is
    ("who", "when"), "" when nobody says; results are given for each kind too.
    """

    id: str
    question: str
    history: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    answerable: bool = True
    kind: str = ""


class Embedder(Protocol):
    """Texts become unit vectors."""

    @property
    def name(self) -> str:
        """Identifies the weights: libraries built with another name do not fit."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32, unit rows, for n texts; (0, d) for none."""
        ...


class Reader(Protocol):
    """A question and passages become exact answers."""

    @property
    def name(self) -> str:
        """Identifies the weights or the method."""
        ...

    @property
    def threshold(self) -> float:
        """The probability 0..1 under which its best finding means "the sources do not say"."""
        ...

    @property
    def calibrated(self) -> bool:
        """Whether its probabilities may be shown as confidence."""
        ...

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Findings, best first, and one null score a passage."""
        ...


class TextStream(Iterator[str], Protocol):
    """Pieces of a text that is being written; every generator of strings is one."""

    def close(self) -> None:
        """Stops the work behind it."""
        ...


class LanguageModel(Protocol):
    """Messages become text, a piece at a time."""

    @property
    def name(self) -> str:
        """Identifies the weights or the endpoint."""
        ...

    def stream(self, messages: Sequence[Message]) -> TextStream:
        """Pieces of the reply. Closing the stream stops the work, while the prompt is read too."""
        ...


class Store(Protocol):
    """Documents, passages and vectors, searchable by vector and by words."""

    def add(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Adds or replaces one document, all of it or nothing; vectors: (len(passages), d)."""
        ...

    def remove(self, document_id: str) -> None:
        """Removes one document with all that belongs to it; nothing happens when it is not there."""
        ...

    def documents(self) -> Iterable[Document]:
        """Every document, in the order in which they were added."""
        ...

    def document(self, document_id: str) -> Document:
        """One document. Raises `DocumentNotFound`."""
        ...

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of one document, in its order."""
        ...

    def search_vector(self, vector: Vectors, count: int) -> list[tuple[Passage, float]]:
        """The `count` nearest passages, cosine descending; vector: (d,)."""
        ...

    def search_words(self, text: str, count: int) -> list[tuple[Passage, float]]:
        """The `count` best passages by BM25 over the words of `text`, higher is better."""
        ...
