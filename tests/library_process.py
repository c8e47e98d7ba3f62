"""Processes that write to a library and read it, for tests that kill them, fill their disk, or run several at once.

`python -m tests.library_process` reads orders, one JSON object a line, and answers each with what came of it. It forks
for every order, so that a child costs milliseconds: what is slow to load is loaded once, before the first fork.
"""

import gc
import itertools
import json
import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import Path
from typing import TextIO

from qa.backup import back_up, restore
from qa.errors import QAError
from qa.indexing import index
from qa.library import Library
from qa.passages import split
from qa.types import Document, Passage
from tests.fakes import WordEmbedder

COUNT = 10
"""Documents of one generation."""

SHORTEST_PACE_S = 0.006  # a document that is new takes as long; one that is known takes next to nothing


@dataclass(frozen=True)
class Order:
    """One child's work: what it does in which library, and what befalls it.

    generations: which texts it writes, in order; for a reader, those it may meet. moment: when it is killed, counted in
    documents that it has done; 2.5 is about half way through the third, however slow the machine. largest_file: bytes
    that no file of its may exceed, as if the disk were full.
    """

    folder: str
    generations: tuple[int, ...] = (0,)
    task: str = "write"
    moment: float | None = None
    largest_file: int | None = None


@dataclass
class Outcome:
    """What came of an order. done: documents reported as finished (searches, for a reader). error: ours, in words."""

    done: int = 0
    error: str = ""
    killed: bool = False
    fault: str = ""


@cache
def texts(generation: int) -> tuple[Document, ...]:
    """The documents of one generation: each takes the source of the one of its number in the generation before."""
    return tuple(_document(generation, number) for number in range(COUNT))


def _document(generation: int, number: int) -> Document:
    lines = (f"Line {n} of text {number} in edition {generation} tells of the old bridge again." for n in range(14))
    return Document(f"{generation:02}-{number:02}", f"Title {number}", (f"{number}.txt",), "\n\n".join(lines))


@cache
def passages_of(document_id: str) -> tuple[Passage, ...]:
    """What the library must hold of one document, all of it."""
    generation, number = map(int, document_id.split("-"))
    return split(texts(generation)[number])


class Processes:
    """The process that forks; safe to kill in, since nothing of the test runs there."""

    def __init__(self) -> None:
        self._parent = subprocess.Popen(
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parent.parent,
        )

    def carry_out(self, *orders: Order) -> list[Outcome]:
        """What came of the orders, all carried out at once, each by a process of its own."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(json.dumps([asdict(order) for order in orders]) + "\n")
        self._parent.stdin.flush()
        outcomes = [Outcome(**each) for each in json.loads(self._parent.stdout.readline())]
        assert [each.fault for each in outcomes if each.fault] == []
        return outcomes

    def close(self) -> None:
        """Ends the process."""
        self._parent.communicate()


@dataclass
class Child:
    """A forked process and the pipe on which it reports."""

    order: Order
    pid: int = 0
    reports: int = 0
    outcome: Outcome = field(default_factory=Outcome)

    def start(self) -> None:
        """Forks."""
        self.reports, writing = os.pipe()
        self.pid = os.fork()
        if self.pid:
            os.close(writing)
            return
        status = 1
        try:
            _work(self.order, lambda **report: os.write(writing, json.dumps(report).encode() + b"\n"))
            status = 0
        finally:
            os._exit(status)

    def end(self) -> Outcome:
        """Kills the child at its moment, waits for it, and reads its reports."""
        with os.fdopen(self.reports, encoding="utf-8") as pipe:
            lines = [] if self.order.moment is None else self._kill(pipe, self.order.moment)
            reports = [json.loads(line) for line in [*lines, *pipe] if line.endswith("\n")]
        _, status = os.waitpid(self.pid, 0)
        outcome = Outcome(killed=os.WIFSIGNALED(status))
        for report in reports:
            outcome.done += report.get("done", 0)
            outcome.error += report.get("error", "")
            outcome.fault += report.get("fault", "")
        if not outcome.killed and os.waitstatus_to_exitcode(status):
            outcome.fault += f"exit status {status}"
        return outcome

    def _kill(self, pipe: TextIO, moment: float) -> list[str]:
        """Gives the reports that were read until then; does nothing to a child that ends before."""
        lines, before, pace = list[str](), time.monotonic(), 0.0
        while len(lines) < int(moment):
            line = pipe.readline()
            if not line:
                return lines
            lines.append(line)
            pace, before = time.monotonic() - before, time.monotonic()
        time.sleep((moment % 1) * max(pace, SHORTEST_PACE_S))
        os.kill(self.pid, signal.SIGKILL)
        return lines


def _work(order: Order, report: Callable[..., object]) -> None:
    try:
        with _small_files(order.largest_file):
            TASKS[order.task](order, report)
    except QAError as error:
        report(error=f"{type(error).__name__}: {error.message} | {error.hint}")
    except BaseException:
        report(fault=traceback.format_exc())
        raise


def _write(order: Order, report: Callable[..., object]) -> None:
    """Indexes, and searches now and then, so that the file of vectors is written too."""
    embedder = WordEmbedder()
    with Library.create(Path(order.folder), embedder.name) as library:

        def done(document: Document) -> None:
            report(done=1)
            if document.id.endswith(("3", "7")):
                library.search_vector(embedder.embed([document.title])[0], 1)

        for generation in order.generations:
            index(library, texts(generation), embedder, done)


def _read(order: Order, report: Callable[..., object]) -> None:
    """Searches until the last text of the last generation is there; every document met must be whole."""
    question = WordEmbedder().embed(["Which bridge?"])[0]
    last = texts(order.generations[-1])[-1].id
    while True:
        with Library.open(Path(order.folder)) as library:
            for _ in range(5):
                found = library.search_vector(question, 30) + library.search_words("old bridge", 30)
                assert all(passage in passages_of(passage.document_id) for passage, _ in found)
                for document_id in {passage.document_id for passage, _ in found}:
                    there = library.passages(document_id)
                    assert there in ((), passages_of(document_id))  # a newer text may have taken its place meanwhile
                report(done=1)
            if last in {document.id for document in library.documents()}:
                return


def _erase(order: Order, report: Callable[..., object]) -> None:
    """Erases the documents of the generations, one after the other."""
    with Library.open(Path(order.folder)) as library:
        for document in (each for generation in order.generations for each in texts(generation)):
            library.erase([document.id])
            report(done=1)


def _back_up(order: Order, report: Callable[..., object]) -> None:
    """Backs up into numbered files beside the library until the last text of the last generation is there."""
    folder, last = Path(order.folder), texts(order.generations[-1])[-1].id
    for number in itertools.count():
        with Library.open(folder) as library:
            finished = last in {document.id for document in library.documents()}
        back_up(folder, folder.with_name(f"{number}.zip"))
        report(done=1)
        if finished:
            return


def _restore(order: Order, report: Callable[..., object]) -> None:
    """Restores the backups that are called as the generations, in this order."""
    for generation in order.generations:
        restore(Path(order.folder).with_name(f"{generation}.zip"), Path(order.folder))
        report(done=1)


TASKS = {"write": _write, "read": _read, "erase": _erase, "back up": _back_up, "restore": _restore}


@contextmanager
def _small_files(largest: int | None) -> Iterator[None]:
    if largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest, resource.RLIM_INFINITY))
    yield
    if largest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def main(lines: Iterator[str]) -> None:
    """Carries out orders until there are no more."""
    import faiss  # noqa: F401 - loaded before the first fork

    for document in texts(0):  # and so is what finds sentences
        passages_of(document.id)
    gc.collect()
    gc.freeze()  # a child shares these pages as long as nobody touches them
    for line in lines:
        children = [Child(Order(**{**each, "generations": tuple(each["generations"])})) for each in json.loads(line)]
        for child in children:
            child.start()
        _answer([child.end() for child in children])


def _answer(outcomes: Sequence[Outcome]) -> None:
    sys.stdout.write(json.dumps([asdict(outcome) for outcome in outcomes]) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(iter(sys.stdin.readline, ""))
