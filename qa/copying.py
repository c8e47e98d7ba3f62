"""Copies a library's database as it is, and puts another's rows in the place of its own; knows no files of backups."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

# What is there has gone by then, and no number of it is used again: whoever keeps vectors by number sees new ones only.
_TAKE_OVER = (
    "DELETE FROM documents",
    """INSERT INTO documents (number, id, title, text, pages, metadata)
        SELECT number + :documents, id, title, text, pages, metadata FROM other.documents ORDER BY number""",
    "INSERT INTO sources (source, place, document) SELECT source, place, document + :documents FROM other.sources",
    """INSERT INTO passages (number, document, start, "end", page, title, heading, text, vector)
        SELECT number + :passages, document + :documents, start, "end", page, title, heading, text, vector
        FROM other.passages ORDER BY number""",
    "INSERT INTO files (source, name, stamp) SELECT source, name, stamp FROM other.files",
    "INSERT OR REPLACE INTO meta SELECT name, value FROM other.meta WHERE name = 'dimension'",
)


def copy(connection: sqlite3.Connection, path: Path) -> None:
    """Writes the database as its last transaction left it to a new file, while other processes read and write."""
    with closing(sqlite3.connect(path)) as target:
        connection.backup(target)


@contextmanager
def attached(connection: sqlite3.Connection, path: Path) -> Iterator[None]:
    """The database at `path`, which nobody writes to, beside the connection's own; outside of a transaction."""
    connection.execute("ATTACH DATABASE ? AS other", (f"{path.absolute().as_uri()}?immutable=1",))
    try:
        yield
    finally:
        connection.execute("DETACH DATABASE other")


def take_over(connection: sqlite3.Connection) -> None:
    """Puts the rows of the attached database in the place of those that are there, within one transaction."""
    used = dict(connection.execute("SELECT name, seq FROM sqlite_sequence"))
    numbers = {table: used.get(table, 0) for table in ("documents", "passages")}
    for statement in _TAKE_OVER:
        connection.execute(statement, numbers if ":" in statement else ())
