"""Searches a library without any short cut, to compare with: every vector, and every passage that holds a word."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from qa import database, rows
from qa.terms import searched
from qa.types import Passage, Vectors

_BATCH = 16_384


class Exact:
    """The library in a folder, read through a connection of its own."""

    def __init__(self, folder: Path) -> None:
        self._connection: sqlite3.Connection = database.connect(folder / "library.sqlite", "rw")

    def close(self) -> None:
        """Ends the reading."""
        self._connection.close()

    def nearest(self, wanted: Vectors, count: int) -> list[list[Passage]]:
        """For each row of `wanted`, (n, d), the `count` nearest passages, nearest first."""
        numbers = rows.get_all_numbers(self._connection)
        scores = np.full((len(wanted), count), -np.inf, dtype=np.float32)
        best = np.zeros((len(wanted), count), dtype=np.int64)
        for start in range(0, len(numbers), _BATCH):
            there, vectors = rows.get_vectors(self._connection, wanted.shape[1], numbers[start : start + _BATCH])
            scores = np.concatenate([scores, wanted @ vectors.T], axis=1)
            best = np.concatenate([best, np.broadcast_to(there, (len(wanted), len(there)))], axis=1)
            order = np.argpartition(-scores, count, axis=1)[:, :count]
            scores, best = np.take_along_axis(scores, order, 1), np.take_along_axis(best, order, 1)
        best = np.take_along_axis(best, np.argsort(-scores, axis=1, kind="stable"), 1)
        return [rows.get_numbered(self._connection, row) for row in best]

    def words(self, text: str, count: int) -> Sequence[Passage]:
        """The `count` best passages by BM25 over all words of `text` that are no stop words."""
        match = " OR ".join(f'"{word}"' for word in searched(text))
        found = self._connection.execute(
            "SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, 0.5, 0.5, 1.0), rowid LIMIT ?",
            (match, count),
        )
        return rows.get_numbered(self._connection, np.array([number for (number,) in found], dtype=np.int64))
