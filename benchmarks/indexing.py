"""Measures how long indexing takes beside the plain LlamaIndex pipeline with the same embedder; answers nothing.

    python -m benchmarks.indexing --data ../shared/data

Both index the same texts (paragraphs of SQuAD 2.0's development set, put together by article), in turns, in processes
of their own: ours into a library on disk, once as shipped and once with the published float weights (by
sentence-transformers), LlamaIndex (`VectorStoreIndex.from_documents`) in memory, once by default and once with chunks
of our size. Its embedder is sentence-transformers in batches of ten, as its own `HuggingFaceEmbedding` uses it. Its
default chunks are longer than the embedder reads: what stands behind the first 256 tokens of a chunk is not embedded,
which saves time and loses recall. Recall@10 is the share of questions of which the words about an answer stand in one
of the ten passages that come up; the difference to ours is taken question by question, with its
95 % interval.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np

from qa.evaluation.measures.uncertainty import paired_bootstrap_interval
from qa.evaluation.sets import read_rows
from qa.models.weights import DEFAULT_EMBEDDER, EMBEDDER, packaged_file
from qa.types import Document

OUR_CHUNK = 150  # tokens, some 110 words
RACERS = ("ours", "ours, published floats", "LlamaIndex, defaults", "LlamaIndex, our size")
TOP = 10


def articles(data: Path, count: int) -> list[Document]:
    """The first `count` articles."""
    texts: dict[str, list[str]] = defaultdict(list)
    for row in read_rows(data / "squad2_contexts_dev.jsonl.gz"):
        texts[row["title"]].append(row["text"])
    chosen = list(texts.items())[:count]
    return [Document(title, title, (title,), "\n\n".join(paragraphs)) for title, paragraphs in chosen]


def questions(data: Path, documents: list[Document], count: int) -> list[tuple[str, str]]:
    """`count` answerable questions on the documents, evenly spread, with their answer's sentence."""
    contexts = {row["context_id"]: row for row in read_rows(data / "squad2_contexts_dev.jsonl.gz")}
    titles = {document.title for document in documents}
    asked = [
        (row["question"], around(contexts[row["context_id"]]["text"], int(row["answers"][0]["start"])))
        for row in read_rows(data / "squad2_dev.jsonl.gz")
        if row["answers"] and contexts[row["context_id"]]["title"] in titles
    ]
    return asked[:: max(1, len(asked) // count)][:count]


def around(text: str, start: int) -> str:
    """Some characters about an answer's place, by which a passage that holds it is known."""
    return text[max(0, start - 20) : start + 20]


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of indexing, and for each question whether its answer was among the ten."""

    seconds: float
    found: list[bool]


def run(racer: str, documents: list[Document], asked: list[tuple[str, str]], folder: Path) -> Run:
    """One run of one racer, here."""
    if racer.startswith("ours"):
        embedder = DEFAULT_EMBEDDER if racer == RACERS[0] else str(packaged_file(EMBEDDER).parent)
        seconds, texts = ours(documents, asked, folder, embedder)
    else:
        seconds, texts = llama_index(racer, documents, asked)
    return Run(seconds, [any(part in text for text in shown) for (_, part), shown in zip(asked, texts, strict=True)])


def ours(
    documents: list[Document], asked: list[tuple[str, str]], folder: Path, name: str
) -> tuple[float, list[list[str]]]:
    """As `qa index` works: split, embedded, written durably, searchable by vectors and by words."""
    from qa.indexing import index
    from qa.library import Library
    from qa.models import load_embedder
    from qa.retrieval import retrieve

    embedder = load_embedder(name, offline=True)
    embedder.embed(["warm"])
    with Library.create(folder, embedder.name) as library:
        began = time.perf_counter()
        index(library, documents, embedder)
        seconds = time.perf_counter() - began
        hits = [retrieve(question, library, embedder, TOP, 40) for question, _ in asked]
    return seconds, [[hit.passage.text for hit in each] for each in hits]


def llama_index(racer: str, documents: list[Document], asked: list[tuple[str, str]]) -> tuple[float, list[list[str]]]:
    """As LlamaIndex's starter example does it, with the embedder given."""
    from llama_index.core import Document as Text
    from llama_index.core import Settings, VectorStoreIndex
    from llama_index.core.embeddings import BaseEmbedding
    from llama_index.core.node_parser import SentenceSplitter
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(packaged_file(EMBEDDER).parent), device="cpu")

    class Embedding(BaseEmbedding):  # type: ignore[misc]  # pydantic's model, untyped to mypy here
        """What `HuggingFaceEmbedding` does."""

        def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
            rows: list[list[float]] = model.encode(texts, batch_size=10, normalize_embeddings=True).tolist()
            return rows

        def _get_text_embedding(self, text: str) -> list[float]:
            return self._get_text_embeddings([text])[0]

        def _get_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_text_embedding(query)

    Settings.embed_model = Embedding(embed_batch_size=10)
    Settings.embed_model.get_text_embedding("warm")
    if racer == RACERS[-1]:
        Settings.node_parser = SentenceSplitter(chunk_size=OUR_CHUNK, chunk_overlap=0)
    texts = [Text(text=document.text) for document in documents]
    began = time.perf_counter()
    retriever = VectorStoreIndex.from_documents(texts).as_retriever(similarity_top_k=TOP)
    seconds = time.perf_counter() - began
    return seconds, [[node.node.get_content() for node in retriever.retrieve(question)] for question, _ in asked]


def main() -> None:
    """Prints medians and ratios; with `--racer`, one run of one racer as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--articles", type=int, default=8)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--racer", choices=RACERS)
    args = parser.parse_args()
    documents = articles(args.data, args.articles)
    if args.racer:
        with tempfile.TemporaryDirectory() as held:
            asked = questions(args.data, documents, args.questions)
            print(json.dumps(asdict(run(args.racer, documents, asked, Path(held) / "library"))))
        return
    told: dict[str, list[Run]] = {racer: [] for racer in RACERS}
    for _ in range(args.rounds):
        for racer in RACERS:
            command = [sys.executable, "-m", "benchmarks.indexing", *sys.argv[1:], "--racer", racer]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            told[racer].append(Run(**json.loads(done.stdout.splitlines()[-1])))
    words = sum(len(document.text.split()) for document in documents)
    print(f"{len(documents)} articles, {words:,} words; medians of {args.rounds}")
    seconds = {racer: median(each.seconds for each in runs) for racer, runs in told.items()}
    found = {racer: np.array(runs[0].found, dtype=np.float64)[:, None] for racer, runs in told.items()}
    for racer in RACERS:
        ratio = seconds[racer] / seconds[RACERS[0]]
        recall = found[racer].mean()
        low, high = paired_bootstrap_interval(found[RACERS[0]], found[racer], lambda drawn: drawn.mean(axis=(1, 2)))
        print(
            f"{racer:24} {seconds[racer]:6.1f} s ({ratio:.2f} times ours)  "
            f"recall@10 {recall:.3f} ({recall - found[RACERS[0]].mean():+.3f}: {low:+.3f} … {high:+.3f})"
        )


if __name__ == "__main__":
    main()
