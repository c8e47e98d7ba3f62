"""The stages in order: a question becomes the events of one answer; the only place that wires them."""

import logging
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from qa import conversation, retrieval, spelling, writing
from qa.answering import Answering
from qa.claims import claims
from qa.clock import Clock
from qa.config import Config
from qa.documents import files_under
from qa.errors import DocumentNotFound, ModelError, NoDocuments, QAError
from qa.indexing import IndexChange, index_paths, is_library
from qa.libraries import ListedStore, open_library
from qa.models import defer_embedder, load_embedder, load_language_model, load_reader_weights
from qa.outside import outside
from qa.reading import SentenceReader, SpanReader
from qa.rows import About
from qa.selection import SelectedStore, Selection
from qa.statements import statements
from qa.suggestions import follow_ups, opening_questions
from qa.turns import PROCESSOR, Place
from qa.types import (
    Answer,
    Answered,
    Claim,
    Document,
    Embedder,
    Event,
    Found,
    Hit,
    LanguageModel,
    ModelNames,
    Outcome,
    Reader,
    Retrieved,
    Statement,
    Turn,
    Written,
)
from qa.uploads import uploads_of

log = logging.getLogger(__name__)

WEIGHTS = Path(__file__).parent / "weights"


def prepare(config: Config) -> IndexChange:
    """Brings the library up to date with the folder of documents; unchanged files are not read again.

    Documents whose files are gone from the folder are removed; the files that were given to the library itself are
    read, too. A library stays as it is when its folder is gone, or holds nothing readable any more; where there is no
    library yet, that raises `NoDocuments`. Raises `LibraryMismatch` or `LibraryCorrupt` for one that cannot be used.
    """
    embedder = defer_embedder(config.embedder, config.offline)
    key = config.library_key
    failures: list[QAError] = []
    try:
        change = index_paths(config.library, [config.documents], embedder, prunes=True, key=key)
        failures += change.failures
    except NoDocuments as failure:
        if not is_library(config.library, embedder.name, key):
            raise _no_folder(config.documents) if not config.documents.exists() else failure from None
        change = IndexChange()
        failures.append(failure)
    uploads = uploads_of(config.library)
    if uploads.is_dir() and any(files_under(uploads)):
        try:  # what a kill left unread, or all of it in a library that is built anew
            failures += index_paths(config.library, [uploads], embedder, key=key).failures
        except NoDocuments as failure:
            failures.append(failure)
    for each in failures:
        log.warning("%s (%s)", each.message, each.hint)
    return change


def _no_folder(folder: Path) -> NoDocuments:
    return NoDocuments(
        f"{folder}: no such folder of documents, and no library yet",
        "name your documents: `qa index PATH`, or `qa serve --documents FOLDER`",
    )


@dataclass(eq=False)
class Assistant:
    """Answers questions about the documents of one library. Safe to use from several threads at once.

    passages: how many are read for one question. candidates: how many each search brings up before fusion.
    threshold: the probability under which the sources do not say, None for the reader's own.
    capable: whether the language model can write from sources by itself, or what tells it when it is first needed; a
    capable model also makes follow-ups stand alone. chosen: whether the user chose it. Sentences that no quote proves
    are left out of what the default model writes; a capable or chosen model's are shown, marked.
    outside: what leaves this machine, in words.
    """

    store: ListedStore
    embedder: Embedder
    reader: Reader
    language_model: LanguageModel | None
    passages: int = 8
    candidates: int = 40
    threshold: float | None = None
    capable: bool | Callable[[], bool] = False
    chosen: bool = False
    outside: tuple[str, ...] = ()
    resources: ExitStack = field(default_factory=ExitStack, repr=False)

    def __post_init__(self) -> None:
        self._answering = Answering(self.store, self.embedder, self.reader, self.threshold)

    @classmethod
    def open(cls, config: Config, selection: Selection | None = None) -> Self:
        """The assistant over an existing library, or a selection of it. Raises `LibraryError` or `ModelError`."""
        with ExitStack() as opening:
            embedder = load_embedder(config.embedder, config.offline)
            library = opening.enter_context(open_library(config.library, embedder.name, config.library_key))
            store: ListedStore = SelectedStore(library, selection) if selection else library
            reader = _reader(config.reader, embedder)
            language_model = None
            if config.prose:
                language_model = load_language_model(
                    config.language_model,
                    config.language_model_key,
                    config.offline,
                    seconds=config.language_model_seconds,
                )
            capable: bool | Callable[[], bool] = bool(config.capable)
            if language_model is not None:
                opening.callback(language_model.close)
                capable = language_model.is_capable if config.capable is None else config.capable
            return cls(
                store,
                embedder,
                reader,
                language_model,
                config.passages,
                config.candidates,
                config.not_found_threshold,
                capable=capable,
                chosen=config.language_model != "default",
                outside=outside(config),
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
        self._exact("Where is it?", ())
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
        return self.ask(question, self.turns(earlier))

    def turns(self, earlier: Sequence[str]) -> tuple[Turn, ...]:
        """Earlier questions with their answers without prose, in order. Raises `BadQuestion`."""
        history: list[Turn] = []
        for past in earlier:
            history.append(Turn(past, self._exact(past, history)))
        return tuple(history)

    def stream(
        self, question: str, history: Sequence[Turn] = (), *, prose: bool = True, passages: int | None = None
    ) -> Generator[Event, None, None]:
        """Retrieved, Found, Written for each sentence, Answered. Closing it stops the work. Raises `BadQuestion`.

        prose: let the language model word the answer; without it the quotes alone follow what was found. passages: how
        many are read, None for as many as is set.
        """
        return self._events(conversation.checked(question), history, self.language_model if prose else None, passages)

    def search(self, question: str, count: int | None = None) -> tuple[Hit, ...]:
        """The passages that suit a question best, best first; count: how many, None for as many as an answer reads.

        Nothing is read in them and nothing is answered. Raises `BadQuestion`.
        """
        wanted = count or self.passages
        asked = conversation.checked(question)
        return retrieval.retrieve(asked, self.store, self.embedder, wanted, max(self.candidates, wanted))

    def document(self, document_id: str) -> Document:
        """One document. Raises `DocumentNotFound`."""
        return self.store.document(document_id)

    def about(self) -> tuple[About, ...]:
        """What is known of every document without its text."""
        return self.store.about()

    def documents(self) -> tuple[Document, ...]:
        """Every document of the library."""
        return tuple(self.store.documents())

    def statements(self) -> tuple[Statement, ...]:
        """Who said what, in every document of the library."""
        return tuple(each for document in self.store.documents() for each in statements(document))

    def suggestions(self, count: int = 4) -> tuple[str, ...]:
        """Questions that the first documents prove an answer to; some seconds at most, however many documents."""
        return opening_questions(self.store.documents(), self._tried, count)

    def follow_ups(self, history: Sequence[Turn], count: int = 3) -> tuple[str, ...]:
        """Questions that go on from the last turn, which the sources prove an answer to; none after no answer."""
        return follow_ups(history, self.store.document, self._tried, count)

    def _tried(self, question: str) -> Answer:
        """The answer to what nobody has asked yet: it lets those go first who have."""
        return self._exact(question, (), PROCESSOR.place(background=True))

    def _exact(self, question: str, history: Sequence[Turn], place: Place | None = None) -> Answer:
        """The answer without prose: enough for a turn that only gives a follow-up its sense."""
        *_, last = self._events(conversation.checked(question), history, None, place=place)
        assert isinstance(last, Answered)
        return last.answer

    def _events(
        self,
        question: str,
        history: Sequence[Turn],
        language_model: LanguageModel | None,
        passages: int | None = None,
        place: Place | None = None,
    ) -> Generator[Event, None, None]:
        clock = Clock()
        place = place or PROCESSOR.place()
        notice = conversation.notice(question)
        asked = question if notice else self._standalone(question, history, language_model)
        with PROCESSOR.turn(place):  # never across a yield: who takes the events may be slow
            hits = () if notice else self._hits(asked, passages)
            if hits and (spelt := spelling.mended(asked, [hit.passage.text for hit in hits])) != asked:
                asked, hits = spelt, self._hits(spelt, passages)
        clock.mark("retrieve")
        yield Retrieved(hits, asked)
        try:
            with PROCESSOR.turn(place):
                result = self._answering.answer(asked, hits)
        except DocumentNotFound:  # a newer text has taken its document's place since the search
            with PROCESSOR.turn(place):
                hits = self._hits(asked, passages)
            yield Retrieved(hits, asked)
            with PROCESSOR.turn(place):
                result = self._answering.answer(asked, hits)
        cited = result.citations
        clock.mark("read")
        yield Found(result.short, cited)
        given: list[Claim] = []
        capable = language_model is not None and bool(cited) and self._is_capable()
        with closing(
            claims(
                asked,
                result.short or "",
                cited,
                language_model,
                capable=capable,
                marks_unproved=capable or self.chosen,
            )
        ) as written:
            for claim in written:
                clock.mark("first_sentence", once=True)
                given.append(claim)
                yield Written(claim, tuple(each for each in cited if each.number in claim.citations))
        answer = Answer(
            question=question,
            standalone_question=asked,
            outcome=Outcome.ANSWERED if cited else Outcome.NOT_FOUND,
            short=result.short,
            claims=tuple(given),
            citations=cited,
            confidence=result.confidence,
            hits=hits,
            timings=clock.timings(),
            models=ModelNames(self.embedder.name, self.reader.name, language_model.name if language_model else "none"),
            notice=notice,
        )
        yield Answered(answer)

    def _standalone(self, question: str, history: Sequence[Turn], language_model: LanguageModel | None) -> str:
        """The question as it stands alone: worded by a capable language model, by rules with any other."""
        if history and language_model is not None and self._is_capable():
            return conversation.rewritten(question, history, language_model)
        return conversation.standalone(question, history)

    def _is_capable(self) -> bool:
        try:
            return self.capable() if callable(self.capable) else self.capable
        except ModelError as error:
            log.warning("the language model counts as a small one: %s (%s)", error.message, error.hint)
            return False

    def _hits(self, asked: str, passages: int | None = None) -> tuple[Hit, ...]:
        count = passages or self.passages
        return retrieval.retrieve(asked, self.store, self.embedder, count, max(count, self.candidates))


def _reader(name: str, embedder: Embedder) -> Reader:
    if name == "sentence":
        return SentenceReader(embedder)
    return SpanReader(load_reader_weights(WEIGHTS if name == "default" else Path(name)))
