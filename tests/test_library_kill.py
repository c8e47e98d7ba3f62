"""No kill, full disk or other process at any moment leaves more or less than whole documents, in their order."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from qa import database
from qa.errors import LibraryError, LibraryNotFound
from qa.indexing import embedded_text
from qa.library import Library
from qa.types import Document
from tests.fakes import WordEmbedder
from tests.library_process import COUNT, Order, Processes, passages_of, texts

EMBEDDER = WordEmbedder()
QUESTION = EMBEDDER.embed(["Which bridge?"])[0]
KILLS = 200


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    started = Processes()
    yield started
    started.close()


def check_whole(folder: Path) -> list[Document]:
    """The documents, after a check that passages, both searches and the database's own checks agree with them."""
    with Library.open(folder, EMBEDDER.name) as library:
        documents = list(library.documents())
        assert all(library.passages(each.id) == passages_of(each.id) for each in documents)
        scores = {key: score for each in documents for key, score in cosines(each.id, each.title).items()}
        assert {found.id: score for found, score in library.search_vector(QUESTION, 10_000)} == pytest.approx(scores)
        assert {found.id for found, _ in library.search_words("bridge", 10_000)} == set(scores)
    connection = sqlite3.connect(folder / "library.sqlite")
    connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert connection.execute("PRAGMA foreign_key_check").fetchone() is None
    connection.close()
    return documents


@cache
def cosines(document_id: str, title: str) -> dict[str, float]:
    """Of a document's passages, by their ids."""
    passages = passages_of(document_id)
    vectors = EMBEDDER.embed([embedded_text(title, passage) for passage in passages])
    return {passage.id: float(row @ QUESTION) for passage, row in zip(passages, vectors, strict=True)}


def rows(folder: Path) -> list[list[tuple[Any, ...]]]:
    """All that the library's tables hold, but for what is derived by its history: words, file of vectors."""
    connection = sqlite3.connect(folder / "library.sqlite")
    tables = ("meta", "documents", "sources", "passages")
    found = [connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]
    connection.close()
    found[0] = [(name, value) for name, value in found[0] if name != "vectors"]
    return found


def after(generation: int, done: int) -> list[Document]:
    """What stands in the library when `done` texts of a generation were written: the older ones of the others first."""
    older = texts(generation - 1)[done:] if generation else ()
    return [*older, *texts(generation)[:done]]


def number_done(folder: Path, generation: int) -> int:
    """How many texts of the generation the library holds, after a check that it holds nothing else or less."""
    try:
        documents = check_whole(folder)
    except LibraryNotFound:  # killed before the first transaction ended
        return 0
    done = sum(document in texts(generation) for document in documents)
    assert documents == after(generation, done)
    return done


def test_two_hundred_kills_leave_a_prefix_of_the_work_each(tmp_path: Path, processes: Processes) -> None:
    random = Random(6)
    kills = cut = completed = 0
    folder, generation, done = tmp_path / "0", 0, 0
    while kills < KILLS:
        moment = done + random.uniform(0, 4)
        (outcome,) = processes.carry_out(Order(str(folder), (generation,), moment=moment))
        before, done = done, number_done(folder, generation)
        assert done in {max(before, outcome.done), max(before, outcome.done + 1)}  # one may be written, yet unreported
        kills += outcome.killed
        cut += before < done < COUNT
        if done == COUNT:
            completed += 1
            generation, done = (generation + 1) % 3, 0
            folder = folder if generation else tmp_path / str(completed)
    assert cut >= KILLS / 4  # else most moments were too early or too late
    (outcome,) = processes.carry_out(Order(str(folder), tuple(range(generation, 3))))
    assert not outcome.killed
    assert check_whole(folder) == list(texts(2))
    processes.carry_out(Order(str(tmp_path / "uninterrupted"), (0, 1, 2)))
    assert rows(folder) == rows(tmp_path / "uninterrupted")


def test_a_kill_in_the_middle_of_erasing_is_made_good(tmp_path: Path, processes: Processes) -> None:
    random = Random(7)
    for number in range(10):
        folder = tmp_path / str(number)
        moment = random.uniform(0, 5)
        _, outcome = (
            *processes.carry_out(Order(str(folder))),
            *processes.carry_out(Order(str(folder), task="erase", moment=moment)),
        )
        left = check_whole(folder)
        gone = COUNT - len(left)
        assert left == list(texts(0)[gone:])
        assert outcome.killed
        assert gone in (outcome.done, outcome.done + 1)
        with Library.open(folder) as library:
            library.erase(())
        content = b"".join(path.read_bytes() for path in folder.iterdir())
        there = [n for n in range(COUNT) if f" of text {n} in edition 0 ".encode() in content]
        assert there == list(range(gone, COUNT))
        assert check_whole(folder) == left


def test_files_that_cannot_grow_lose_nothing(tmp_path: Path, processes: Processes) -> None:
    for largest in range(0, 400_000, 40_000):
        folder = tmp_path / str(largest)
        (outcome,) = processes.carry_out(Order(str(folder), largest_file=largest))
        if outcome.error:
            assert f"LibraryError: the library in {folder} cannot be written: disk I/O error; its disk" in outcome.error
            assert " MB free | make room there" in outcome.error
        assert number_done(folder, 0) == outcome.done
        assert outcome.done == COUNT or outcome.error
        processes.carry_out(Order(str(folder)))
        assert check_whole(folder) == list(texts(0))


def alone(script: str, *orders: Order) -> list[dict[str, Any]]:
    """What comes of the orders where `script` mounts something that nobody else sees; skips where it cannot."""
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare(1) for a mount of its own")
    shown = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
        input=json.dumps([asdict(order) for order in orders]) + "\n",
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    if not shown.stdout:
        pytest.skip(f"nothing may be mounted here: {shown.stderr.strip()}")
    outcomes: list[dict[str, Any]] = json.loads(shown.stdout)
    assert [outcome["fault"] for outcome in outcomes] == [""] * len(orders)
    return outcomes


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    """A disk of half a megabyte; what it holds in the end is copied out of it."""
    disk = tmp_path / "disk"
    disk.mkdir()
    run = f"{sys.executable} -m tests.library_process; cp -r {disk}/library {tmp_path}"
    script = f"mount -t tmpfs -o size=500k tmpfs {disk} || exit; {run}"
    (outcome,) = alone(script, Order(str(disk / "library"), tuple(range(19))))
    assert "cannot be written: database or disk is full; its disk has 0.0 MB free | make room" in outcome["error"]
    generation, done = divmod(outcome["done"], COUNT)
    assert check_whole(tmp_path / "library") == after(generation, done)


def test_a_read_only_disk_is_read(tmp_path: Path, processes: Processes) -> None:
    library = tmp_path / "disk" / "library"
    processes.carry_out(Order(str(library)))
    disk = library.parent
    mount = f"mount --bind {disk} {disk} && mount -o remount,ro,bind {disk} || exit"
    reader, writer = alone(
        f"{mount}; {sys.executable} -m tests.library_process",
        Order(str(library), task="read"),
        Order(str(library), task="erase"),
    )
    assert (reader["error"], reader["done"] > 0) == ("", True)
    assert "cannot be used: attempt to write a readonly database | check the rights" in writer["error"]
    assert check_whole(library) == list(texts(0))


def test_writers_and_readers_at_once(tmp_path: Path, processes: Processes) -> None:
    folder = tmp_path / "library"
    Library.create(folder, EMBEDDER.name).close()
    generations = (0, 1, 2)
    readers = [Order(str(folder), generations, "read")] * 3
    outcomes = processes.carry_out(Order(str(folder), generations), *readers)
    assert [outcome.error for outcome in outcomes] == [""] * 4
    assert all(outcome.done for outcome in outcomes)
    assert check_whole(folder) == list(texts(2))


@pytest.mark.parametrize("turn", range(5))
def test_two_writers_that_make_the_library_at_once_take_turns(tmp_path: Path, processes: Processes, turn: int) -> None:
    outcomes = processes.carry_out(*[Order(str(tmp_path / "library"), (0, 1))] * 2)
    assert [(outcome.error, outcome.done) for outcome in outcomes] == [("", 2 * COUNT)] * 2
    assert sorted(check_whole(tmp_path / "library"), key=by_id) == list(texts(1))


def by_id(document: Document) -> str:
    return document.id


def test_a_writer_that_waits_in_vain_says_who_it_waits_for(tmp_path: Path) -> None:
    Library.create(tmp_path, EMBEDDER.name).close()
    one, other = (database.connect(tmp_path / "library.sqlite", "rw") for _ in range(2))
    one.execute("BEGIN IMMEDIATE")
    other.execute("PRAGMA busy_timeout = 0")
    waits_in_vain = pytest.raises(LibraryError, match="another process has been writing to the library in")
    with waits_in_vain as caught, database.mended(tmp_path):
        other.execute("BEGIN IMMEDIATE")
    assert caught.value.hint.startswith("wait until it has done")
    for connection in (one, other):
        connection.close()
