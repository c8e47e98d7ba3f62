"""Finds the passages of a library that hold the words of a text, best first by BM25; knows nothing of vectors."""

import json
import sqlite3
from collections.abc import Collection, Sequence

import numpy as np

from qa import postings, rows
from qa.terms import searched, terms
from qa.types import Passage


def search(
    connection: sqlite3.Connection, text: str, count: int, among: Collection[int] | None
) -> list[tuple[Passage, float]]:
    """The `count` best passages, higher is better; among: numbers of passages."""
    words = searched(text)
    if not words or count <= 0:
        return []
    posted = postings.newest(connection)
    found = postings.search(connection, terms(" ".join(words)), count, among) if posted else []
    found = sorted(found + _scored(connection, words, count, among, posted), key=lambda each: (-each[1], each[0]))
    passages = rows.get_numbered(connection, np.array([number for number, _ in found[:count]], dtype=np.int64))
    return list(zip(passages, (score for _, score in found), strict=False))


def _scored(
    connection: sqlite3.Connection, words: Sequence[str], count: int, among: Collection[int] | None, after: int
) -> list[tuple[int, float]]:
    """Of the passages with greater numbers than `after`, the best by FTS5; it is not asked when there are none."""
    if (connection.execute("SELECT max(number) FROM passages").fetchone()[0] or 0) <= after:
        return []
    match = " OR ".join(f'"{word}"' for word in words)  # quoted: no word is an operator of FTS5
    numbers = "" if among is None else json.dumps([*among])
    found: list[tuple[int, float]] = connection.execute(
        f"SELECT rowid, -bm25(words, {postings.WEIGHTS}) AS score FROM words WHERE words MATCH ?1 AND rowid > ?4 "
        "AND (?2 = '' OR rowid IN (SELECT value FROM json_each(iif(?2 = '', '[]', ?2)))) "
        "ORDER BY score DESC, rowid LIMIT ?3",
        (match, numbers, count, after),
    ).fetchall()
    return found
