"""What one library of so many passages costs: time of each step of a question, recall, memory, disk; builds nothing."""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil

from benchmarks.scale.corpus import Question
from benchmarks.scale.exact import Exact
from qa.assistant import Assistant
from qa.config import Config
from qa.library import Library
from qa.retrieval import retrieve
from qa.types import Document, Embedder, Passage, Vectors

CANDIDATES = 40  # of each search, as the program asks for
AT = 10
ASKED = 40  # questions that are answered whole
COMPARED = 25  # questions whose words are searched for without short cuts too: a second each among a million passages
STEPS = ("embed", "dense", "words", "fuse", "all", "cpu")
"""Of one retrieval; "all" is the wall's time, "cpu" the processor's: on a busy machine, what a quiet one would take."""


Figures = dict[str, float]


@dataclass
class Timed:
    """An embedder and a store that note how long each call took, in milliseconds."""

    embedder: Embedder
    store: Library
    spent: dict[str, float] = field(default_factory=dict)
    name: str = "timed"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As the embedder's."""
        with self._noting("embed"):
            return self.embedder.embed(texts)

    def search_vector(self, vector: Vectors, count: int) -> list[tuple[Passage, float]]:
        """As the store's."""
        with self._noting("dense"):
            return self.store.search_vector(vector, count)

    def search_words(self, text: str, count: int) -> list[tuple[Passage, float]]:
        """As the store's."""
        with self._noting("words"):
            return self.store.search_words(text, count)

    def add(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Nothing is added here."""
        raise NotImplementedError

    def remove(self, document_id: str) -> None:
        """Nothing is removed here."""
        raise NotImplementedError

    def documents(self) -> Iterator[Document]:
        """As the store's."""
        return self.store.documents()

    def document(self, document_id: str) -> Document:
        """As the store's."""
        return self.store.document(document_id)

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """As the store's."""
        return self.store.passages(document_id)

    def retrieve(self, question: str) -> dict[str, float]:
        """Milliseconds of each step of one retrieval."""
        self.spent, before = {}, time.process_time()
        with self._noting("all"):
            retrieve(question, self, self, 8, CANDIDATES)
        cpu = (time.process_time() - before) * 1e3
        beside = max(self.spent["embed"], self.spent["words"])  # the words are looked up while the question is embedded
        rest = self.spent["all"] - beside - self.spent["dense"]
        return self.spent | {"fuse": rest, "cpu": cpu}

    @contextmanager
    def _noting(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.spent[step] = (time.perf_counter() - start) * 1e3


def measure(folder: Path, questions: Sequence[Question], rounds: int) -> Figures:
    """The figures of the library in `folder`. rounds: how often all questions are asked; the median round counts."""
    figures = _opening(folder, questions[0])
    with Assistant.open(Config.load(library=folder, prose=False)) as assistant:
        store = assistant.store
        assert isinstance(store, Library)
        timed = Timed(assistant.embedder, store)
        for question in questions[: len(questions) // 4]:
            timed.retrieve(question.text)  # what is read from disk once
        figures |= _times(timed, questions, rounds)
        answers = [_milliseconds(assistant, each.text) for each in questions[:ASKED]]
        figures |= {"answer_p50": _percentile(answers, 50), "answer_p95": _percentile(answers, 95)}
        memory = psutil.Process().memory_info()
        figures |= {"memory_mb": memory.rss / 1e6}
        figures |= _recall(store, folder, questions)
    sizes = {path.name: path.stat().st_size / 1e6 for path in folder.iterdir()}
    return figures | {"database_mb": sizes["library.sqlite"], "vectors_mb": sizes.get("vectors.faiss", 0.0)}


def _opening(folder: Path, question: Question) -> Figures:
    """Opening, and opening with the first search by vector and by words: nothing is loaded before it."""
    opened, searched = [], []
    for _ in range(3):
        start = time.perf_counter()
        with Library.open(folder) as library:
            opened.append(time.perf_counter() - start)
            library.search_vector(question.vector, CANDIDATES)
            library.search_words(question.text, CANDIDATES)
            searched.append(time.perf_counter() - start)
    return {"open_s": float(np.median(opened)), "first_search_s": float(np.median(searched))}


def _times(timed: Timed, questions: Sequence[Question], rounds: int) -> Figures:
    load = os.getloadavg()[0]
    asked = [[timed.retrieve(question.text) for question in questions] for _ in range(rounds)]
    figures = {
        f"{step}_p{percent}": float(np.median([_percentile([each[step] for each in some], percent) for some in asked]))
        for step in STEPS
        for percent in (50, 95)
    }
    return figures | {"load_before": load, "load_after": os.getloadavg()[0]}


def _milliseconds(assistant: Assistant, question: str) -> float:
    start = time.perf_counter()
    assistant.ask(question)
    return (time.perf_counter() - start) * 1e3


def _recall(store: Library, folder: Path, questions: Sequence[Question]) -> Figures:
    """Of the exact ten by vector, and how often the paragraph of the answer is among ten: as searched, and exactly."""
    with closing(Exact(folder)) as exact:
        near = exact.nearest(np.array([each.vector for each in questions]), CANDIDATES)
        shares, found, best = list[float](), list[bool](), list[bool]()
        for question, wanted in zip(questions, near, strict=True):
            dense = [passage for passage, _ in store.search_vector(question.vector, CANDIDATES)]
            shares.append(len({each.id for each in dense[:AT]} & {each.id for each in wanted[:AT]}) / AT)
            if len(found) < COMPARED:
                words = [passage for passage, _ in store.search_words(question.text, CANDIDATES)]
                found.append(_is_found(question, dense, words))
                best.append(_is_found(question, wanted, exact.words(question.text, CANDIDATES)))
    return {
        "recall": float(np.mean(shares)),
        "found": float(np.mean(found)),
        "found_exactly": float(np.mean(best)),
    }


def _is_found(question: Question, dense: Sequence[Passage], words: Sequence[Passage]) -> bool:
    """Whether a passage of its paragraph is among the ten best of both lists fused by reciprocal rank."""
    scores: dict[str, float] = {}
    for found in (dense, words):
        for rank, passage in enumerate(found, 1):
            scores[passage.id] = scores.get(passage.id, 0.0) + 1 / (60 + rank)
    best = sorted(scores, key=lambda key: -scores[key])[:AT]
    return any(key.startswith(f"{question.document}:") for key in best)


def _percentile(values: Sequence[float], percent: int) -> float:
    return float(np.percentile(values, percent))
