"""Real passages with their real vectors, and synthetic ones drawn from models of both; builds no library.

Real: the paragraphs of the published sets in a folder of data (docs/evaluation.md), split and embedded as
`qa index` does, once, and kept. Synthetic: texts of words drawn independently as often as the real passages use them,
and vectors of a mixture of Gaussians fitted to the real ones: 256 centres, one covariance of what lies around them.
"""

import gzip
import json
import pickle
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.indexing import embedded_text
from qa.passages import split
from qa.types import Document, Embedder, Passage, Span, Vectors

# name of the file -> its field for a document's id
_SETS = {
    "squad2_contexts_dev": "context_id",
    "reader_train_contexts": "context_id",
    "docqa_clapnq_documents": "doc_id",
    "docqa_mtrag_un_documents": "doc_id",
    "docqa_dragonball_documents": "doc_id",
    "news_rgb_documents": "doc_id",
    "news_wikinews_documents": "doc_id",
}
_QUESTIONS = "squad2_dev"
_OF_A_DOCUMENT = 100  # passages of a synthetic document
_CENTRES = 256
_BATCH = 256  # texts embedded at once; what a kill costs

Given = tuple[Document, tuple[Passage, ...], Vectors]


@dataclass(frozen=True, slots=True)
class Question:
    """A published question with an answer. document: the id of the paragraph that holds it. vector: (d,)."""

    text: str
    document: str
    vector: Vectors


def rows(data: Path, name: str) -> list[dict[str, object]]:
    """The rows of one published set."""
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def real_documents(data: Path) -> Iterator[Document]:
    """Every paragraph of the sets as a document, each text once."""
    seen = set[str]()
    for name, identity in _SETS.items():
        for row in rows(data, name):
            if (text := str(row["text"])) not in seen:
                seen.add(text)
                yield Document(str(row[identity]), str(row["title"]), (f"{name}#{row[identity]}",), text)


def real(data: Path, cache: Path, embedder: Embedder) -> list[Given]:
    """The real documents with passages and vectors; these are embedded once and kept in `cache`."""
    kept = cache / "documents.pickle"  # our own file: splitting takes minutes on a busy machine
    if not kept.is_file():
        kept.write_bytes(pickle.dumps([(each, split(each)) for each in real_documents(data)]))
    documents: list[tuple[Document, tuple[Passage, ...]]] = pickle.loads(kept.read_bytes())
    texts = [embedded_text(each.title, passage) for each, passages in documents for passage in passages]
    vectors = _embedded(texts, cache / "passages.npy", embedder)
    ends = np.cumsum([len(passages) for _, passages in documents])
    return [(*each, vectors[end - len(each[1]) : end]) for each, end in zip(documents, ends, strict=True)]


def questions(data: Path, cache: Path, embedder: Embedder, count: int) -> list[Question]:
    """`count` answerable questions of SQuAD 2.0's development set, drawn with a fixed seed."""
    answerable = [row for row in rows(data, _QUESTIONS) if not row["is_impossible"]]
    order = np.random.default_rng(5).permutation(len(answerable))[:count]
    drawn = [answerable[place] for place in order]
    vectors = _embedded([str(row["question"]) for row in drawn], cache / f"questions-{count}.npy", embedder)
    return [Question(str(row["question"]), str(row["context_id"]), v) for row, v in zip(drawn, vectors, strict=True)]


def _embedded(texts: list[str], kept: Path, embedder: Embedder) -> Vectors:
    """(n, d) float32, unit rows; kept batch by batch, so that a run that was cut short goes on."""
    part = kept.with_suffix(".part")
    done = np.load(kept if kept.is_file() else part) if kept.is_file() or part.is_file() else None
    while done is None or len(done) < len(texts):
        start = 0 if done is None else len(done)
        fresh = embedder.embed(texts[start : start + _BATCH])
        done = fresh if done is None else np.concatenate([done, fresh])
        with part.open("wb") as file:
            np.save(file, done)
    if part.is_file():
        part.replace(kept)
    if len(done) != len(texts):
        raise SystemExit(f"{kept} is of other texts: remove it and give the command again")
    rows: Vectors = np.asarray(done, dtype=np.float32)
    return rows


class Synthetic:
    """Draws documents like the real ones, with a fixed seed for each number."""

    def __init__(self, given: list[Given]) -> None:
        import faiss

        passages = [passage for _, some, _ in given for passage in some]
        counted = Counter(word for passage in passages for word in passage.text.split())
        self._words = np.array([*counted], dtype=object)
        self._law = np.cumsum([*counted.values()]) / counted.total()
        self._lengths = np.array([len(passage.text.split()) for passage in passages])
        vectors = np.concatenate([some for _, _, some in given])
        means = faiss.Kmeans(vectors.shape[1], _CENTRES, niter=20, seed=3)
        means.train(vectors)
        nearest = means.index.search(vectors, 1)[1][:, 0]
        self._centres: Vectors = np.asarray(means.centroids)
        self._shares = np.bincount(nearest, minlength=_CENTRES) / len(nearest)
        around = vectors - self._centres[nearest]
        self._spread: NDArray[np.float32] = np.linalg.cholesky(
            np.cov(around, rowvar=False) + 1e-9 * np.eye(vectors.shape[1])
        ).astype(np.float32)

    def document(self, number: int) -> Given:
        """The document of that number: 100 passages."""
        draw = np.random.default_rng((7, number))
        texts = [" ".join(self._drawn(draw, length)) for length in draw.choice(self._lengths, _OF_A_DOCUMENT)]
        starts = np.cumsum([0, *(len(text) + 2 for text in texts)]).tolist()
        identity = f"synthetic-{number}"
        passages = tuple(
            Passage(identity, Span(start, start + len(text)), text) for start, text in zip(starts, texts, strict=False)
        )
        title = " ".join(self._drawn(draw, 2))
        return Document(identity, title, (f"{identity}.txt",), "\n\n".join(texts)), passages, self._vectors(draw)

    def _drawn(self, draw: np.random.Generator, count: int) -> list[str]:
        drawn: list[str] = self._words[np.searchsorted(self._law, draw.random(count))].tolist()
        return drawn

    def _vectors(self, draw: np.random.Generator) -> Vectors:
        centres = self._centres[draw.choice(_CENTRES, _OF_A_DOCUMENT, p=self._shares)]
        around = draw.standard_normal(centres.shape, dtype=np.float32) @ self._spread.T
        rows = centres + around
        unit: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        return unit
