"""Keeps documents, passages and what was read of which file as rows of SQLite; knows nothing of searching or models."""

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.types import Document, Passage, Span, Vectors

Numbers = NDArray[np.int64]

_PASSAGE = """SELECT documents.id, start, "end", passages.text, page, heading
    FROM passages JOIN documents ON documents.number = passages.document"""


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was when it was read. stamp: changes with its content. documents: their ids by source."""

    stamp: str
    documents: dict[str, str]


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a document without its text. pages: how many, 0 when it has none."""

    id: str
    title: str
    sources: tuple[str, ...]
    characters: int
    pages: int
    metadata: Mapping[str, str]


def put_document(connection: sqlite3.Connection, document: Document) -> int:
    """Adds or replaces a document's row and sources, removes its passages, and gives its number."""
    number: int = connection.execute(
        """INSERT INTO documents (id, title, text, pages, metadata) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET title = excluded.title, text = excluded.text,
            pages = excluded.pages, metadata = excluded.metadata
        RETURNING number""",
        (
            document.id,
            document.title,
            document.text,
            json.dumps(document.pages),
            json.dumps(dict(document.metadata)),
        ),
    ).fetchone()[0]
    connection.execute("DELETE FROM passages WHERE document = ?", (number,))
    put_sources(connection, number, document.sources)
    return number


def put_sources(connection: sqlite3.Connection, number: int, sources: Sequence[str]) -> None:
    """Gives a document these sources and no others; a document that loses its last source to it goes."""
    marks = ", ".join("?" * len(sources))
    losers = connection.execute(
        f"SELECT DISTINCT document FROM sources WHERE source IN ({marks}) AND document != ?", (*sources, number)
    ).fetchall()
    connection.execute(f"DELETE FROM sources WHERE source NOT IN ({marks}) AND document = ?", (*sources, number))
    connection.executemany(
        """INSERT INTO sources (source, place, document) VALUES (?, ?, ?)
        ON CONFLICT (source) DO UPDATE SET place = excluded.place, document = excluded.document""",
        [(source, place, number) for place, source in enumerate(dict.fromkeys(sources))],
    )
    connection.executemany(
        """DELETE FROM documents WHERE number = ?1
        AND NOT EXISTS (SELECT 1 FROM sources WHERE document = ?1)""",
        losers,
    )


def put_passages(
    connection: sqlite3.Connection,
    number: int,
    title: str,
    passages: Sequence[Passage],
    vectors: Vectors,
) -> None:
    """Adds the passages of the document with that number; vectors: (len(passages), d)."""
    connection.executemany(
        """INSERT INTO passages (document, title, start, "end", page, heading, text, vector)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            (number, title, p.span.start, p.span.end, p.page, p.heading, p.text, vector.tobytes())
            for p, vector in zip(passages, vectors.astype("<f4"), strict=True)
        ),
    )


def get_number(connection: sqlite3.Connection, document_id: str) -> int | None:
    """The number of the document with that id."""
    row = connection.execute("SELECT number FROM documents WHERE id = ?", (document_id,)).fetchone()
    return row[0] if row else None


def get_ids(connection: sqlite3.Connection, name: str) -> tuple[str, ...]:
    """The ids of the documents with that id, that source or, when there is none, an id that begins so."""
    for condition in (
        "id = ?",
        "number = (SELECT document FROM sources WHERE source = ?)",
        "substr(id, 1, length(?1)) = ?1",
    ):
        if ids := connection.execute(f"SELECT id FROM documents WHERE {condition}", (name,)).fetchall():
            return tuple(identity for (identity,) in ids)
    return ()


def get_sources(connection: sqlite3.Connection) -> dict[str, str]:
    """Every source with the id of its document."""
    return dict(connection.execute("SELECT source, id FROM sources JOIN documents ON number = document"))


def get_about(connection: sqlite3.Connection) -> tuple[About, ...]:
    """What is known of every document, in the order in which they were added."""
    sources: dict[int, list[str]] = {}
    for number, source in connection.execute("SELECT document, source FROM sources ORDER BY document, place"):
        sources.setdefault(number, []).append(source)
    rows = connection.execute(
        "SELECT number, id, title, length(text), json_array_length(pages), metadata FROM documents ORDER BY number"
    )
    return tuple(
        About(identity, title, tuple(sources.get(number, ())), characters, pages, json.loads(metadata))
        for number, identity, title, characters, pages, metadata in rows
    )


def get_numbers(connection: sqlite3.Connection, document_ids: Collection[str]) -> list[int]:
    """The numbers of all passages of these documents."""
    found = connection.execute(
        """SELECT passages.number FROM passages JOIN documents ON documents.number = document
        WHERE id IN (SELECT value FROM json_each(?))""",
        (json.dumps(list(document_ids)),),
    )
    return [number for (number,) in found]


def get_files(connection: sqlite3.Connection) -> dict[str, KnownFile]:
    """Every file that was read and whose documents are all there, by name."""
    rows = connection.execute(
        """SELECT name, stamp, source, id FROM files JOIN sources USING (source)
        JOIN documents ON number = document ORDER BY files.rowid"""
    )
    files: dict[str, KnownFile] = {}
    for name, stamp, source, document_id in rows:
        files.setdefault(name, KnownFile(stamp, {})).documents[source] = document_id
    return files


def put_file(connection: sqlite3.Connection, name: str, stamp: str, sources: Sequence[str]) -> None:
    """Keeps with which stamp a file was read into the documents of these sources.

    If one of them is not there any more, the file counts as unread.
    """
    connection.execute("DELETE FROM files WHERE name = ?", (name,))
    query = "SELECT count(*) FROM sources WHERE source IN (SELECT value FROM json_each(?))"
    (there,) = connection.execute(query, (json.dumps(list(sources)),)).fetchone()
    if there == len(sources):
        connection.executemany("INSERT INTO files VALUES (?, ?, ?)", [(source, name, stamp) for source in sources])


def get_last_number(connection: sqlite3.Connection) -> int:
    """The greatest number of a document; 0 when there is none."""
    last: int = connection.execute("SELECT ifnull(max(number), 0) FROM documents").fetchone()[0]
    return last


def get_next(connection: sqlite3.Connection, after: int) -> tuple[int, Document | None] | None:
    """The first document with a number greater than `after`, and that number; None when there is none."""
    query = "SELECT number, id FROM documents WHERE number > ? ORDER BY number LIMIT 1"
    found = connection.execute(query, (after,)).fetchone()
    return found and (found[0], get_document(connection, found[1]))


def get_document(connection: sqlite3.Connection, document_id: str) -> Document | None:
    """The document with that id."""
    row = connection.execute(
        "SELECT number, id, title, text, pages, metadata FROM documents WHERE id = ?", (document_id,)
    ).fetchone()
    if row is None:
        return None
    number, identity, title, text, pages, metadata = row
    sources = connection.execute("SELECT source FROM sources WHERE document = ? ORDER BY place", (number,))
    return Document(
        identity,
        title,
        tuple(source for (source,) in sources),
        text,
        tuple(json.loads(pages)),
        json.loads(metadata),
    )


def get_passages(connection: sqlite3.Connection, document_id: str) -> tuple[Passage, ...]:
    """The passages of one document, in its order."""
    rows = connection.execute(f"{_PASSAGE} WHERE documents.id = ? ORDER BY start", (document_id,))
    return tuple(_passage(row) for row in rows)


def get_numbered(connection: sqlite3.Connection, numbers: Numbers) -> list[Passage]:
    """The passages with these numbers, all of which are there, in the order of the numbers."""
    found = connection.execute(
        f"{_PASSAGE.replace('SELECT', 'SELECT passages.number,', 1)} "
        "WHERE passages.number IN (SELECT value FROM json_each(?))",
        (_json(numbers),),
    )
    by_number = {number: _passage(row) for number, *row in found}
    return [by_number[number] for number in numbers.tolist()]


def count_passages(connection: sqlite3.Connection) -> int:
    """How many passages there are."""
    count: int = connection.execute("SELECT count(*) FROM passages").fetchone()[0]
    return count


def get_all_numbers(connection: sqlite3.Connection, after: int = 0) -> Numbers:
    """(n,) the numbers of all passages that are greater than `after`, ascending."""
    found = connection.execute("SELECT number FROM passages WHERE number > ? ORDER BY number", (after,))
    return np.fromiter((number for (number,) in found), dtype=np.int64)


def get_there(connection: sqlite3.Connection, numbers: Numbers) -> Numbers:
    """Those of the numbers that name a passage, ascending."""
    found = connection.execute(
        "SELECT number FROM passages WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number",
        (_json(numbers),),
    )
    return np.fromiter((number for (number,) in found), dtype=np.int64)


def get_vectors(connection: sqlite3.Connection, dimension: int, numbers: Numbers) -> tuple[Numbers, Vectors]:
    """Those of the numbers that name a passage, (n,), ascending, and (n, dimension) their vectors."""
    found = connection.execute(
        "SELECT number, vector FROM passages WHERE number IN (SELECT value FROM json_each(?)) ORDER BY number",
        (_json(numbers),),
    ).fetchall()
    there = np.array([number for number, _ in found], dtype=np.int64)
    joined = b"".join(vector for _, vector in found)
    return there, np.frombuffer(joined, dtype="<f4").astype(np.float32).reshape(-1, dimension)


def get_gone(connection: sqlite3.Connection, known: Numbers, newest: int) -> Numbers:
    """Those of the numbers, none greater than `newest`, that name no passage any more; quick when all still do."""
    total = count_passages(connection)
    (newer,) = connection.execute("SELECT count(*) FROM passages WHERE number > ?", (newest,)).fetchone()
    return known[:0] if total - newer == len(known) else np.setdiff1d(known, get_all_numbers(connection))


def _json(numbers: Numbers) -> str:
    return json.dumps(numbers.tolist())


def _passage(row: Sequence[Any]) -> Passage:
    document_id, start, end, text, page, heading = row
    return Passage(document_id, Span(start, end), text, page, heading)
