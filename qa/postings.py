"""Keeps which passages hold a term, and how much they speak of it, ready to be added up; knows no text and no vector.

FTS5 looks every passage up that holds a word of the question, which takes a second among a million. So any but a small
library keeps for each term the numbers of its passages and their share of BM25's score as two blobs. They are derived
from FTS5's own index and never changed: what came since is scored by FTS5, and what left is no passage any more.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractContextManager

import numpy as np
from numpy.typing import NDArray

from qa import database, rows
from qa.rows import Numbers

WEIGHTS = "0.5, 0.5, 1.0"
"""Of title, heading and text in BM25: a title is the same in every passage of its document."""

FEW = 5_000
"""Passages up to which FTS5 is quick enough that nothing has to be made (docs/scaling.md)."""

_WEIGHT = "iif(col = 'text', 1.0, 0.5)"
_NAME = "postings"  # in meta: "<newest number> <passages>" of when they were made
_K1, _B = 1.2, 0.75  # FTS5's
_STEP = (_K1 + 1) / 255  # a share of a score lies between 0 and k1 + 1, and is kept in 8 bits
_LEAST_IDF = 1e-6  # FTS5's for a term that most passages hold
_OUTGROWN = 0.1  # share of passages that came or went since

Scores = NDArray[np.float32]


class Made:
    """Postings that were made in one transaction and are put into the library in another, which lasts seconds."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Makes them as the transaction of `connection` sees the library, in a temporary table of it."""
        numbers, lengths = _lengths(connection)
        self._seen = database.get_meta(connection).get(_NAME, "")
        self._name = f"{numbers.max(initial=0)} {len(numbers)}"
        damping = np.zeros(int(numbers.max(initial=0)) + 1, dtype=np.float32)
        damping[numbers] = _K1 * (1 - _B + _B * lengths / max(1.0, float(lengths.mean()) if len(lengths) else 1.0))
        connection.execute("CREATE TEMP TABLE made (term TEXT PRIMARY KEY, passages BLOB, shares BLOB)")
        connection.execute("CREATE VIRTUAL TABLE temp.terms USING fts5vocab(main, words, row)")
        connection.execute("CREATE VIRTUAL TABLE temp.instances USING fts5vocab(main, words, instance)")
        reading = connection.cursor()
        for (term,) in reading.execute("SELECT term FROM temp.terms"):
            connection.execute("INSERT INTO made VALUES (?, ?, ?)", (term, *_posting(connection, term, damping)))

    def keep(self, writing: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> None:
        """Puts them into the library, if nobody else has done so meanwhile and nothing was erased."""
        with writing() as connection:
            if database.get_meta(connection).get(_NAME, "") == self._seen:
                connection.execute("DROP TABLE IF EXISTS postings")
                connection.execute("CREATE TABLE postings (term TEXT PRIMARY KEY, passages BLOB, shares BLOB)")
                connection.execute("INSERT INTO postings SELECT * FROM temp.made")
                database.put_meta(connection, _NAME, self._name)


def _posting(connection: sqlite3.Connection, term: str, damping: Scores) -> tuple[bytes, bytes]:
    """The numbers of the passages that hold a term, ascending, and the shares of BM25's score that it gives them."""
    found = connection.execute(f"SELECT doc, {_WEIGHT} FROM temp.instances WHERE term = ?", (term,))
    instances = np.fromiter(found, dtype=[("number", "i8"), ("weight", "f4")])
    numbers = instances["number"]
    first = np.flatnonzero(np.diff(numbers, prepend=0))  # FTS5 has them in order, and numbers begin at 1
    often = np.add.reduceat(instances["weight"], first)
    shares = often * (_K1 + 1) / (often + damping[numbers[first]])
    return numbers[first].astype("<i4").tobytes(), np.round(shares / _STEP).astype(np.uint8).tobytes()


def _lengths(connection: sqlite3.Connection) -> tuple[Numbers, Scores]:
    """(n,) the numbers of all passages, ascending, and how many terms each has, as FTS5 has counted them."""
    counted = connection.execute("SELECT id, sz FROM words_docsize ORDER BY id")
    pairs = np.fromiter(((number, _sum(sizes)) for number, sizes in counted), dtype=[("n", "i8"), ("size", "f4")])
    return pairs["n"], pairs["size"]


def _sum(varints: bytes) -> int:
    """The sum of SQLite's variable-length integers: seven bits a byte, the highest first, all but the last marked."""
    total = value = 0
    for byte in varints:
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            total, value = total + value, 0
    return total


def forget(connection: sqlite3.Connection) -> None:
    """In a transaction that writes: removes them, and those that are being made will not be kept."""
    connection.execute("DROP TABLE IF EXISTS postings")
    database.put_meta(connection, _NAME, f"0 0 since {database.get_meta(connection)['change']}")


def is_outgrown(connection: sqlite3.Connection) -> bool:
    """Whether so much came or went since they were made, if they ever were, that they should be made anew."""
    last, total = _state(database.get_meta(connection).get(_NAME, ""))
    (newer,) = connection.execute("SELECT count(*) FROM passages WHERE number > ?", (last,)).fetchone()
    gone = total + newer - rows.count_passages(connection)
    return bool(newer + gone > _OUTGROWN * total)


def _state(name: str) -> tuple[int, int]:
    last, total, *_ = (*name.split(), 0, 0)
    return int(last), int(total)


def newest(connection: sqlite3.Connection) -> int:
    """The greatest number of a passage that postings know of; 0 when there are none."""
    return _state(database.get_meta(connection).get(_NAME, ""))[0]


def search(
    connection: sqlite3.Connection, terms: Sequence[str], count: int, among: Collection[int] | None
) -> list[tuple[int, float]]:
    """The numbers and scores of the `count` best passages by BM25, as FTS5 would score them, best first."""
    last, total = _state(database.get_meta(connection)[_NAME])
    scores = np.zeros(last + 1, dtype=np.float32)
    rarest = np.empty(0, dtype=np.int32)  # of those that enough passages hold
    for term, times in Counter(terms).items():
        row = connection.execute("SELECT passages, shares FROM postings WHERE term = ?", (term,)).fetchone()
        if row:
            passages, shares = np.frombuffer(row[0], dtype="<i4"), np.frombuffer(row[1], dtype=np.uint8)
            idf = max(np.log((total - len(passages) + 0.5) / (len(passages) + 0.5)), _LEAST_IDF)
            scores[passages] += shares * np.float32(times * idf * _STEP)
            if len(passages) >= count and not 0 < len(rarest) <= len(passages):
                rarest = passages
    if among is not None:
        only = np.array([number for number in among if number <= last], dtype=np.int64)
        return _best(connection, scores, only[scores[only] > 0], count)
    if len(rarest):  # at least `count` passages have such a score, so no lower one is among the best
        found = _best(connection, scores, np.flatnonzero(scores >= _nth(scores[rarest], count)), count)
        if len(found) == count:
            return found
    return _best(connection, scores, np.flatnonzero(scores), count)  # some of them have left


def _best(connection: sqlite3.Connection, scores: Scores, numbers: Numbers, count: int) -> list[tuple[int, float]]:
    """The `count` best of the numbers that name a passage still."""
    most = 2 * count
    while True:
        some = numbers[scores[numbers] >= _nth(scores[numbers], most)] if len(numbers) > most else numbers
        there = rows.get_there(connection, some)
        if len(there) >= count or len(some) == len(numbers):
            best = there[np.lexsort((there, -scores[there]))][:count]
            return list(zip(best.tolist(), scores[best].tolist(), strict=True))
        most *= 4


def _nth(scores: Scores, place: int) -> np.float32:
    """The score at that place from the best, the first being 1."""
    found: np.float32 = np.partition(scores, -place)[-place]
    return found
