"""The stages in order: a question becomes the events of one answer; the only place that wires them."""

import functools
import logging
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from qa import attribution, citations, conversation, retrieval, writing
from qa.claims import claims
from qa.config import Config
from qa.documents import read_paths
from qa.errors import LibraryNotFound, ModelError
from qa.library import IndexChange, Library, index
from qa.models import load_embedder, load_language_model, load_reader_weights
from qa.names import Names, names
from qa.reading import SentenceReader, SpanReader
from qa.statements import statements
from qa.types import (
    Answer,
    Answered,
    Citation,
    Claim,
    Document,
    Embedder,
    Event,
    Finding,
    Found,
    Hit,
    LanguageModel,
    ModelNames,
    Outcome,
    Passage,
    Reader,
    Retrieved,
    Statement,
    Store,
    Timings,
    Turn,
    Written,
)
from qa.wording import missing_names

log = logging.getLogger(__name__)

WEIGHTS = Path(__file__).parent / "weights"
DOCUMENTS_REMEMBERED = 256  # whose statements and names are kept between questions


def prepare(config: Config, on_document: Callable[[Document], None] | None = None) -> IndexChange:
    """Brings the library up to date with the folder of documents; unchanged files cost nothing.

    Raises `NoDocuments` when the folder holds nothing readable, `LibraryMismatch` or `LibraryCorrupt` when the
    library cannot be used.
    """
    documents, failures = read_paths([config.documents])
    for failure in failures:
        log.warning("%s (%s)", failure.message, failure.hint)
    embedder = load_embedder(config.embedder, config.offline)
    with _library(config.library, embedder.name) as library:
        return index(library, documents, embedder, on_document)


@dataclass(eq=False)
class Assistant:
    """Answers questions about the documents of one library. Safe to use from several threads at once.

    passages: how many are read for one question. candidates: how many each search brings up before fusion.
    threshold: the probability under which the sources do not say, None for the reader's own.
    capable: whether the language model can write from sources by itself. chosen: whether the user chose it. Sentences
    that no quote proves are left out of what the default model writes; a capable or chosen model's are shown, marked.
    """

    store: Store
    embedder: Embedder
    reader: Reader
    language_model: LanguageModel | None
    passages: int = 8
    candidates: int = 40
    threshold: float | None = None
    capable: bool = False
    chosen: bool = False
    resources: ExitStack = field(default_factory=ExitStack, repr=False)

    @classmethod
    def open(cls, config: Config) -> Self:
        """The assistant over an existing library. Raises `LibraryError` or `ModelError`."""
        with ExitStack() as opening:
            embedder = load_embedder(config.embedder, config.offline)
            library = opening.enter_context(Library.open(config.library, embedder.name))
            reader = _reader(config.reader, embedder)
            language_model = None
            if config.prose:
                language_model = load_language_model(config.language_model, config.language_model_key, config.offline)
            if language_model is not None:
                opening.callback(language_model.close)
            return cls(
                library,
                embedder,
                reader,
                language_model,
                config.passages,
                config.candidates,
                config.not_found_threshold,
                capable=config.capable,
                chosen=config.language_model != "default",
                resources=opening.pop_all(),
            )

    def close(self) -> None:
        """Ends the language model's process and closes the library."""
        self.resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warm(self) -> None:
        """Does ahead what only the first question would pay for: imports, and the examples in the model's cache."""
        self._exact("What do the documents say?", ())
        if self.language_model is not None:
            try:
                with closing(self.language_model.stream(writing.join_messages("Who?", "Nobody"))) as pieces:
                    next((piece for piece in pieces if piece), None)
            except ModelError as error:
                log.warning("the language model is not ready: %s (%s)", error.message, error.hint)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The whole answer. Raises `BadQuestion`."""
        for event in self.stream(question, history):
            if isinstance(event, Answered):
                return event.answer
        raise AssertionError("an answer's last event is Answered")

    def converse(self, question: str, earlier: Sequence[str]) -> Answer:
        """The answer to `question` after the `earlier` questions, which are answered first, in order."""
        history: list[Turn] = []
        for past in earlier:
            history.append(Turn(past, self._exact(past, history)))
        return self.ask(question, history)

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Generator[Event, None, None]:
        """Retrieved, Found, Written for each sentence, Answered. Closing it stops the work. Raises `BadQuestion`."""
        return self._events(conversation.checked(question), history, self.language_model)

    def document(self, document_id: str) -> Document:
        """One document. Raises `DocumentNotFound`."""
        return self.store.document(document_id)

    def documents(self) -> tuple[Document, ...]:
        """Every document of the library."""
        return tuple(self.store.documents())

    def statements(self) -> tuple[Statement, ...]:
        """Who said what, in every document of the library."""
        return tuple(each for document in self.store.documents() for each in statements(document))

    def suggestions(self, count: int = 4) -> tuple[str, ...]:
        """Questions that the first documents can answer, made of what is said in them."""
        said = (each for each in self.statements() if not each.reported and len(each.words.split()) >= 4)
        speakers = dict.fromkeys(each.speaker for each in said)
        return tuple(f"What did {speaker} say?" for speaker in speakers)[:count]

    def _exact(self, question: str, history: Sequence[Turn]) -> Answer:
        """The answer without prose: enough for a turn that only gives a follow-up its sense."""
        *_, last = self._events(conversation.checked(question), history, None)
        assert isinstance(last, Answered)
        return last.answer

    def _events(
        self, question: str, history: Sequence[Turn], language_model: LanguageModel | None
    ) -> Generator[Event, None, None]:
        clock = _Clock()
        notice = conversation.notice(question)
        asked = question if notice else conversation.standalone(question, history)
        hits = () if notice else self._hits(asked)
        clock.mark("retrieve")
        yield Retrieved(hits, asked)
        finding = self._best_finding(asked, hits)
        cited = () if finding is None else self._cite(finding)
        short = None if finding is None else _short(finding, cited)
        clock.mark("read")
        yield Found(short, cited)
        given: list[Claim] = []
        with closing(
            claims(
                asked,
                short or "",
                cited,
                language_model,
                capable=self.capable,
                marks_unproved=self.capable or self.chosen,
            )
        ) as written:
            for claim in written:
                clock.mark("first_sentence", once=True)
                given.append(claim)
                yield Written(claim, tuple(each for each in cited if each.number in claim.citations))
        answer = Answer(
            question=question,
            standalone_question=asked,
            outcome=Outcome.NOT_FOUND if finding is None else Outcome.ANSWERED,
            short=short,
            claims=tuple(given),
            citations=cited,
            confidence=self._confidence(finding),
            hits=hits,
            timings=clock.timings(),
            models=ModelNames(self.embedder.name, self.reader.name, language_model.name if language_model else "none"),
            notice=notice,
        )
        yield Answered(answer)

    def _hits(self, asked: str) -> tuple[Hit, ...]:
        return retrieval.retrieve(asked, self.store, self.embedder, self.passages, self.candidates)

    def _best_finding(self, asked: str, hits: Sequence[Hit]) -> Finding | None:
        """The best finding that is likely enough, names as full as the document gives them; None for "not here"."""
        documents = {hit.passage.document_id for hit in hits}
        unknown = {each for each in documents if self._names_unknown(asked, each)}
        passages = [hit.passage for hit in hits if hit.passage.document_id not in unknown]
        attributed = self._attributed(asked, passages)
        if attributed is not None:
            return attributed
        threshold = self.reader.threshold if self.threshold is None else self.threshold
        best = next(iter(self.reader.read(asked, passages).findings), None)
        return None if best is None or best.probability < threshold else self._completed(best)

    def _attributed(self, asked: str, passages: Sequence[Passage]) -> Finding | None:
        """The answer to a question about speech, out of the statements of the passages' documents."""
        for_words, for_speaker = attribution.asks_for_words(asked), attribution.asks_for_speaker(asked)
        if not (for_words or for_speaker):
            return None
        said = [each for passage in _one_a_document(passages) for each in self._statements(passage.document_id)]
        if for_words:
            return next(iter(attribution.words_findings(asked, passages, said, self.embedder)), None)
        speakers = attribution.speaker_findings(asked, passages, said, self.embedder)
        return next((each for each in speakers if each.probability >= attribution.THRESHOLD), None)

    def _names_unknown(self, asked: str, document_id: str) -> bool:
        """Whether the question names someone or something that the document never mentions."""
        document = self.store.document(document_id)
        return bool(missing_names(asked, f"{document.title}\n{document.text}"))

    def _completed(self, finding: Finding) -> Finding:
        """The finding with a short name ("Grenell") completed to the fullest form that its document gives."""
        found = self._names(finding.passage.document_id).complete(finding.text)
        if found is None:
            return finding
        full, place = found
        return replace(finding, span=place, text=full, evidence=tuple(dict.fromkeys((*finding.evidence, place))))

    def _cite(self, finding: Finding) -> tuple[Citation, ...]:
        return citations.cite(finding, self.store.document(finding.passage.document_id))

    def _confidence(self, finding: Finding | None) -> float | None:
        if finding is None or not self.reader.calibrated:
            return None
        return finding.probability

    @functools.lru_cache(maxsize=DOCUMENTS_REMEMBERED)  # noqa: B019 - the cache is meant to live as long as its assistant
    def _statements(self, document_id: str) -> tuple[Statement, ...]:
        return statements(self.store.document(document_id))

    @functools.lru_cache(maxsize=DOCUMENTS_REMEMBERED)  # noqa: B019
    def _names(self, document_id: str) -> Names:
        return names(self.store.document(document_id))


def _library(folder: Path, embedder_name: str) -> Library:
    try:
        return Library.open(folder, embedder_name)
    except LibraryNotFound:
        return Library.create(folder, embedder_name)


def _reader(name: str, embedder: Embedder) -> Reader:
    if name == "sentence":
        return SentenceReader(embedder)
    return SpanReader(load_reader_weights(WEIGHTS if name == "default" else Path(name)))


def _short(finding: Finding, cited: Sequence[Citation]) -> str:
    """The finding's words as one of its quotes holds them."""
    if any(finding.text in each.quote.text for each in cited):
        return finding.text
    raise AssertionError(f"no quote holds the finding {finding.text!r}")


def _one_a_document(passages: Iterable[Passage]) -> list[Passage]:
    return list({passage.document_id: passage for passage in passages}.values())


class _Clock:
    """Milliseconds since the question came, kept at each stage's end."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._marks: dict[str, float] = {}

    def mark(self, stage: str, *, once: bool = False) -> None:
        if not (once and stage in self._marks):
            self._marks[stage] = self._now()

    def timings(self) -> Timings:
        return Timings(self._marks["retrieve"], self._marks["read"], self._marks.get("first_sentence"), self._now())

    def _now(self) -> float:
        return (time.perf_counter() - self._start) * 1000
