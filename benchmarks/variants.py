"""The program with one part of it taken out or put in its place, for each part; asks and measures nothing.

Parts are exchanged through the protocols of qa/types.py, or by a subclass of the class whose part it is; no setting
of the program exists for this alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from typing_extensions import override

from qa.aliases import Known
from qa.answering import Answering
from qa.assistant import Assistant
from qa.libraries import ListedStore
from qa.models import TokenScores, load_language_model
from qa.models.reader import ReaderWeights
from qa.reading import SentenceReader, SpanReader
from qa.rows import About
from qa.types import Document, Finding, Passage, Reader, Reading, Span, Store, Vectors

NOT_SHIPPED = "takes the trained reader"
WIDE_WORDS = 220  # with a question, some 384 tokens: more than the reader takes in at once


@dataclass(eq=False)
class Built(Assistant):
    """An assistant whose way of answering can be another one."""

    answers_with: type[Answering] = Answering

    @override
    def __post_init__(self) -> None:
        self._answering = self.answers_with(self.store, self.embedder, self.reader, self.threshold)


@dataclass(frozen=True, slots=True)
class Variant:
    """name: what is different, as a row of the table is headed. made: the assistant without prose -> the other one.

    writes: lets the language model write, which takes seconds a question: only the shipped questions are asked.
    """

    name: str
    made: Callable[[Built], Built]
    writes: bool = False


class _Seen:
    """A store as it is; subclasses hide a part."""

    def __init__(self, store: ListedStore) -> None:
        self._store = store

    def about(self) -> tuple[About, ...]:
        """As the store's."""
        return self._store.about()

    def add(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """As the store's."""
        self._store.add(document, passages, vectors)

    def remove(self, document_id: str) -> None:
        """As the store's."""
        self._store.remove(document_id)

    def documents(self) -> tuple[Document, ...]:
        """As the store's."""
        return tuple(self._store.documents())

    def document(self, document_id: str) -> Document:
        """As the store's."""
        return self._store.document(document_id)

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """As the store's."""
        return self._store.passages(document_id)

    def search_vector(self, vector: Vectors, count: int) -> list[tuple[Passage, float]]:
        """As the store's."""
        return self._store.search_vector(vector, count)

    def search_words(self, text: str, count: int) -> list[tuple[Passage, float]]:
        """As the store's."""
        return self._store.search_words(text, count)


class _DenseOnly(_Seen):
    @override
    def search_words(self, text: str, count: int) -> list[tuple[Passage, float]]:
        return []


class _WordsOnly(_Seen):
    @override
    def search_vector(self, vector: Vectors, count: int) -> list[tuple[Passage, float]]:
        return []


@dataclass(frozen=True, slots=True)
class _OtherPassages:
    """A reader that is given other passages than were found."""

    reader: Reader
    chosen: Callable[[Sequence[Passage]], Sequence[Passage]]

    @property
    def name(self) -> str:
        return self.reader.name

    @property
    def threshold(self) -> float:
        return self.reader.threshold

    @property
    def calibrated(self) -> bool:
        return self.reader.calibrated

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        return self.reader.read(question, self.chosen(passages))


class _ToTheEnd:
    """The shipped weights, with every passage read through both halves."""

    def __init__(self, weights: ReaderWeights) -> None:
        self._weights = weights
        self.name, self.threshold = weights.name, weights.threshold
        self.max_answer_tokens, self.calibration = weights.max_answer_tokens, weights.calibration

    def score(self, question: str, texts: Sequence[str]) -> list[TokenScores]:
        """Scores of every token of each text."""
        return self._weights.score(question, texts, to_the_end=True)


class _WithoutStatements(Answering):
    @override
    def _attributed(self, asked: str, passages: Sequence[Passage]) -> tuple[Finding, ...]:
        return ()


class _NamesEverything(Known):
    @override
    def missing(self, text: str) -> tuple[str, ...]:
        return ()


class _WithoutNameCheck(Answering):
    @override
    def _known(self, document_id: str) -> Known:  # type: ignore[override]  # mypy takes the cache for no method
        return _NamesEverything("")


class _WithoutFullNames(Answering):
    @override
    def _completed(self, finding: Finding) -> Finding:
        return finding


def _to_the_end(built: Built) -> Built:
    assert isinstance(built.reader, SpanReader), NOT_SHIPPED
    assert isinstance(built.reader.weights, ReaderWeights), NOT_SHIPPED
    return replace(built, reader=SpanReader(_ToTheEnd(built.reader.weights)))


def widen(passage: Passage, store: Store, words: int = WIDE_WORDS) -> Passage:
    """The passage joined with its neighbours in the document, for reading; at most `words` words in all.

    Whole passages are taken in turn, the one after first, as long as they fit. A passage that is longer
    than `words` comes back as it is.
    """
    text = store.document(passage.document_id).text
    around = store.passages(passage.document_id)
    before = [other for other in around if other.span.end <= passage.span.start]
    after = [other for other in around if other.span.start >= passage.span.end]
    first = last = passage
    left = words - _length(passage)
    while (after and _length(after[0]) <= left) or (before and _length(before[-1]) <= left):
        if after and _length(after[0]) <= left:
            last = after.pop(0)
            left -= _length(last)
        if before and _length(before[-1]) <= left:
            first = before.pop()
            left -= _length(first)
    span = Span(first.span.start, last.span.end)
    return replace(first, span=span, text=span.within(text))


def _length(passage: Passage) -> int:
    return len(passage.text.split())


def _widened(built: Built) -> Built:
    def around(passages: Sequence[Passage]) -> list[Passage]:
        return [widen(passage, built.store) for passage in passages]

    return replace(built, reader=_OtherPassages(built.reader, around))


def _first(count: int) -> Callable[[Built], Built]:
    return lambda built: replace(built, reader=_OtherPassages(built.reader, lambda passages: passages[:count]))


def _answering(way: type[Answering]) -> Callable[[Built], Built]:
    return lambda built: replace(built, answers_with=way)


def _written(built: Built) -> Built:
    language_model = load_language_model("default", "", offline=True)
    assert language_model is not None, "the default writer is a model"
    built.resources.callback(language_model.close)
    return replace(built, language_model=language_model)


VARIANTS: Mapping[str, Variant] = {
    "dense": Variant("search by vectors only", lambda built: replace(built, store=_DenseOnly(built.store))),
    "words": Variant("search by words only", lambda built: replace(built, store=_WordsOnly(built.store))),
    "wide": Variant("passages read with their neighbours", _widened),
    "first": Variant("only the first passage is read", _first(1)),
    "three": Variant("only the first three passages are read", _first(3)),
    "to-the-end": Variant("every passage is read to its end", _to_the_end),
    "sentence": Variant(
        "stop-gap reader: the nearest sentence", lambda built: replace(built, reader=SentenceReader(built.embedder))
    ),
    "statements": Variant("no statements: who said what is left to the reader", _answering(_WithoutStatements)),
    "names": Variant("no check that a document names whom one asks about", _answering(_WithoutNameCheck)),
    "full-names": Variant("short names stay short", _answering(_WithoutFullNames)),
    "threshold": Variant("no threshold: it answers what it can", lambda built: replace(built, threshold=0.0)),
    "writer": Variant("with the writer (as shipped)", _written, writes=True),
    "unchecked": Variant(
        "with the writer, unproved sentences shown too",
        lambda built: replace(_written(built), chosen=True),
        writes=True,
    ),
}
"""Short name -> the variant. All are the program without prose but for one thing."""
