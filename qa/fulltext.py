"""Finds the passages of a library that hold the words of a text, best first by BM25; knows nothing of vectors."""

import json
import sqlite3
from collections.abc import Collection

import numpy as np

from qa import rows
from qa.terms import searched
from qa.types import Passage

_WEIGHTS = "0.5, 0.5, 1.0"  # of title, heading and text in BM25: a title is the same in every passage


def search(
    connection: sqlite3.Connection, text: str, count: int, among: Collection[int] | None
) -> list[tuple[Passage, float]]:
    """The `count` best passages, higher is better; among: numbers of passages."""
    words = searched(text)
    if not words or count <= 0:
        return []
    match = " OR ".join(f'"{word}"' for word in words)  # quoted: no word is an operator of FTS5
    numbers = "" if among is None else json.dumps([*among])
    found = connection.execute(
        f"SELECT rowid, -bm25(words, {_WEIGHTS}) AS score FROM words WHERE words MATCH ?1 "
        "AND (?2 = '' OR rowid IN (SELECT value FROM json_each(iif(?2 = '', '[]', ?2)))) "
        "ORDER BY score DESC, rowid LIMIT ?3",
        (match, numbers, count),
    ).fetchall()
    passages = rows.get_numbered(connection, np.array([number for number, _ in found], dtype=np.int64))
    return list(zip(passages, (score for _, score in found), strict=True))
