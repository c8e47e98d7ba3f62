"""Measures a library in a folder and one on Milvus beside it: building, both searches, memory; reads no document.

    python -m benchmarks.stores [--sizes 10000 100000] [--milvus milvus://HOST:19530/NAME]

Passages are synthetic: 80 words drawn from a Zipf law over 50,000, and unit vectors of 384 dimensions around 1,000
centres, both with a fixed seed; a question is five rarer words of a passage, and its vector with noise. Each store runs
in a process of its own, so that its resident memory is its own. Without --milvus it is milvus-lite in a folder that is
removed afterwards. A server's own memory and disk are not counted: they are not of this process.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import psutil

from qa.libraries import Library, Place, create_library, open_library
from qa.types import Document, Passage, Span, Vectors

_DIMENSION = 384
_WORDS = 80
_VOCABULARY = 50_000
_OF_A_DOCUMENT = 200  # passages
_QUESTIONS = 100
_COUNT = 40  # passages that each search brings up, as the program asks for


def documents(size: int, seed: int = 1) -> Iterator[tuple[Document, list[Passage], Vectors]]:
    """Documents of 200 passages each, `size` passages in all, with their vectors."""
    draw = np.random.default_rng(seed)
    centres = draw.standard_normal((1_000, _DIMENSION))
    law = 1 / np.arange(1, _VOCABULARY + 1)
    law /= law.sum()
    for number in range(size // _OF_A_DOCUMENT):
        words = draw.choice(_VOCABULARY, size=(_OF_A_DOCUMENT, _WORDS), p=law)
        texts = [" ".join(f"w{word}" for word in row) for row in words]
        starts = np.cumsum([0, *(len(text) + 1 for text in texts)])
        identity = f"d{number}"
        passages = [Passage(identity, Span(int(s), int(s) + len(t)), t) for s, t in zip(starts, texts, strict=False)]
        rows = centres[draw.integers(0, len(centres), _OF_A_DOCUMENT)]
        rows = rows + draw.standard_normal(rows.shape)
        vectors: Vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
        yield Document(identity, f"t{number}", (f"{identity}.txt",), " ".join(texts)), passages, vectors


def questions(size: int) -> list[tuple[str, Vectors]]:
    """Five rarer words of a passage, and its vector with noise."""
    draw = np.random.default_rng(2)
    asked = []
    for _, passages, vectors in documents(min(size, _QUESTIONS * _OF_A_DOCUMENT)):
        rare = [word for word in passages[0].text.split() if int(word[1:]) > 500][:5]
        noisy = vectors[0] + draw.standard_normal(_DIMENSION).astype(np.float32) * 0.02
        asked.append((" ".join(rare), (noisy / np.linalg.norm(noisy)).astype(np.float32)))
    return (asked * _QUESTIONS)[:_QUESTIONS]


def _percentiles(run: Callable[[], object], times: list[float]) -> None:
    start = time.perf_counter()
    run()
    times.append((time.perf_counter() - start) * 1e3)


def measure(place: Place, size: int) -> dict[str, float]:
    """What one store costs, in this process."""
    start = time.perf_counter()
    with create_library(place, "synthetic") as library:
        for each in documents(size):
            library.add(*each)
    built = time.perf_counter() - start
    start = time.perf_counter()
    with open_library(place) as opened:
        asked = questions(size)
        opened.search_vector(asked[0][1], _COUNT)
        opened.search_words(asked[0][0], _COUNT)
        first = time.perf_counter() - start
        near, words = _searched(opened, asked)
        memory = psutil.Process().memory_info().rss / 1e6
    return {
        "passages": size, "build_s": built, "first_s": first,
        "vector_p50": float(np.percentile(near, 50)), "vector_p95": float(np.percentile(near, 95)),
        "words_p50": float(np.percentile(words, 50)), "words_p95": float(np.percentile(words, 95)), "memory_mb": memory,
    }  # fmt: skip


def _searched(library: Library, asked: list[tuple[str, Vectors]]) -> tuple[list[float], list[float]]:
    near: list[float] = []
    words: list[float] = []
    for text, vector in asked:
        _percentiles(lambda v=vector: library.search_vector(v, _COUNT), near)  # type: ignore[misc]
        _percentiles(lambda t=text: library.search_words(t, _COUNT), words)  # type: ignore[misc]
    return near, words


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000])
    parser.add_argument("--milvus", metavar="PLACE", help="a library on a server, which must not be there yet")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        place, size = arguments.one
        print(json.dumps(measure(place if place.startswith("milvus") else Path(place), int(size))))
        return
    for size in arguments.sizes:
        for name in ("folder", "milvus"):
            with tempfile.TemporaryDirectory() as folder:
                place = f"{folder}/library" if name == "folder" else arguments.milvus or f"milvus:{folder}/library.db"
                command = [sys.executable, "-m", "benchmarks.stores", "--one", place, str(size)]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SystemExit(done.stderr)
            print(name, *(f"{key} {value:,.1f}" for key, value in json.loads(done.stdout).items()), flush=True)


if __name__ == "__main__":
    main()
