"""Opens, lays out, checks and rewrites the SQLite database of a library; knows nothing of what its rows mean."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from qa.errors import LibraryCorrupt, LibraryError, LibraryMismatch, LibraryNotFound

VERSION = 1
_PATIENCE_S = 30.0  # waits so long for another process's transaction; one document takes milliseconds

# AUTOINCREMENT: a number is never used twice, so that the vector of a removed passage can name no other one.
_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE IF NOT EXISTS documents (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
        text TEXT NOT NULL, pages TEXT NOT NULL, metadata TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS sources (
        source TEXT PRIMARY KEY, place INTEGER NOT NULL,
        document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE)""",
    "CREATE INDEX IF NOT EXISTS sources_of ON sources (document, place)",
    """CREATE TABLE IF NOT EXISTS passages (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        document INTEGER NOT NULL REFERENCES documents ON DELETE CASCADE,
        start INTEGER NOT NULL, "end" INTEGER NOT NULL, page INTEGER, title TEXT NOT NULL,
        heading TEXT NOT NULL, text TEXT NOT NULL, vector BLOB NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS passages_of ON passages (document, start)",
    """CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
        title, heading, text, content = 'passages', content_rowid = 'number',
        tokenize = "porter unicode61 remove_diacritics 2")""",
    # What was read of which file. Without one of a file's documents, the file counts as unread.
    """CREATE TABLE IF NOT EXISTS files (
        source TEXT PRIMARY KEY REFERENCES sources ON DELETE CASCADE, name TEXT NOT NULL, stamp TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS files_of ON files (name)",
    """CREATE TRIGGER IF NOT EXISTS file_removed AFTER DELETE ON files BEGIN
        DELETE FROM files WHERE name = old.name;
    END""",
    """CREATE TRIGGER IF NOT EXISTS passage_added AFTER INSERT ON passages BEGIN
        INSERT INTO words (rowid, title, heading, text)
        VALUES (new.number, new.title, new.heading, new.text);
    END""",
    """CREATE TRIGGER IF NOT EXISTS passage_removed AFTER DELETE ON passages BEGIN
        INSERT INTO words (words, rowid, title, heading, text)
        VALUES ('delete', old.number, old.title, old.heading, old.text);
    END""",
)


@contextmanager
def mended(folder: Path) -> Iterator[None]:
    """SQLite's errors as ours: `LibraryCorrupt` for a damaged database, else `LibraryError`."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise _unusable(folder, error) from error
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:  # its subclasses are errors of ours, not of the file
            raise
        raise LibraryCorrupt(
            f"the library in {folder} is damaged: {error}",
            f"set it aside and build it again: `mv {folder} {folder}-old; qa index PATH --library {folder}`",
        ) from error


def _unusable(folder: Path, error: sqlite3.OperationalError) -> LibraryError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the higher bits say where it happened
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return LibraryError(
            f"another process has been writing to the library in {folder} for {_PATIENCE_S:.0f} s",
            f"wait until it has done, or see which one it is: `fuser {folder}/*`",
        )
    if code in (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
        free = shutil.disk_usage(folder if folder.exists() else folder.absolute().anchor).free
        return LibraryError(
            f"the library in {folder} cannot be written: {error}; its disk has {free / 1e6:,.1f} MB free",
            f"make room there (`df -h {folder}`) and give the command again: what was indexed is kept",
        )
    return LibraryError(f"the library in {folder} cannot be used: {error}", f"check the rights: `ls -la {folder}`")


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection to the database at `path`; mode: "rw", or "rwc" to make it when there is none.

    On a disk that nobody can write to, as a read-only mount, it is read without log and locks.
    """
    immutable = _is_read_only(path.parent)
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{'mode=ro&immutable=1' if immutable else f'mode={mode}'}",
        uri=True,
        timeout=_PATIENCE_S,
        isolation_level=None,  # transactions begin and end where this package says so
        check_same_thread=False,  # the library's lock keeps threads apart
    )
    try:
        if not immutable:
            _log_ahead(connection)
            connection.execute("PRAGMA synchronous = FULL")  # a power cut loses no document that was reported as done
        connection.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Readers go on while one writes.

    SQLite refuses at once, without waiting, to switch a database that another switches.
    """
    patience_ends = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > patience_ends:
                raise
            time.sleep(0.01)
        else:
            return


def _is_read_only(folder: Path) -> bool:
    return hasattr(os, "statvfs") and bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


@contextmanager
def transaction(connection: sqlite3.Connection, begin: str = "BEGIN IMMEDIATE") -> Iterator[None]:
    """All or nothing of what is done in the block."""
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def lay(connection: sqlite3.Connection, meta: dict[str, str]) -> None:
    """Makes the tables that are not there, all of them or none; `meta` counts only for a new library."""
    connection.execute("BEGIN IMMEDIATE")
    if version(connection) in (0, VERSION):
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.executemany("INSERT OR IGNORE INTO meta VALUES (?, ?)", meta.items())
        connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def no_library(folder: Path) -> LibraryNotFound:
    """The error that names the folder and the command that builds a library there."""
    return LibraryNotFound(f"no library in {folder}", f"build one: `qa index PATH --library {folder}`")


def check(folder: Path, connection: sqlite3.Connection, embedder_name: str | None, splitter: str) -> None:
    """Raises `LibraryNotFound` when a kill came before the first transaction ended, or `LibraryMismatch`."""
    found = version(connection)
    if not found:
        raise no_library(folder)
    if found != VERSION:
        raise _mismatch(folder, "version", str(found), str(VERSION))
    meta = get_meta(connection)
    if meta["splitter"] != splitter:
        raise _mismatch(folder, "splitter", meta["splitter"], splitter)
    if embedder_name is not None and meta["embedder"] != embedder_name:
        raise _mismatch(folder, "embedder", meta["embedder"], embedder_name)


def check_pages(connection: sqlite3.Connection) -> None:
    """Raises `sqlite3.DatabaseError` when a page of the file is damaged. Takes as long as reading it."""
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise sqlite3.DatabaseError(found)


def check_dimension(folder: Path, connection: sqlite3.Connection, dimension: int) -> None:
    """Keeps the dimension of the first vectors. Raises `LibraryMismatch` for another one."""
    kept = get_meta(connection).get("dimension")
    if kept is None:
        put_meta(connection, "dimension", str(dimension))
    elif int(kept) != dimension:
        raise _mismatch(folder, "vectors' dimension", kept, str(dimension))


def _mismatch(folder: Path, what: str, there: str, wanted: str) -> LibraryMismatch:
    return LibraryMismatch(
        f"the library in {folder} was built with another {what} (there: {there!r}, wanted: {wanted!r})",
        "build another one: `qa index PATH --library OTHER_FOLDER`",
    )


def version(connection: sqlite3.Connection) -> int:
    """Of the tables; 0 when there are none."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def get_meta(connection: sqlite3.Connection) -> dict[str, str]:
    """What the library says of itself: embedder, splitter, change, and dimension once it is known."""
    return dict(connection.execute("SELECT name, value FROM meta"))


def put_meta(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Sets one value."""
    connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))


def drop_meta(connection: sqlite3.Connection, name: str) -> None:
    """Removes one value."""
    connection.execute("DELETE FROM meta WHERE name = ?", (name,))


def rewrite(folder: Path, connection: sqlite3.Connection) -> None:
    """Writes the whole database anew, so that nothing of what was deleted is left: of rows, words or the log.

    Raises `LibraryError` when another process reads so long that the log cannot be emptied.
    """
    connection.execute("INSERT INTO words (words) VALUES ('optimize')")  # a deleted word is only marked until then
    connection.execute("VACUUM")
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise LibraryError(
            f"another process has been reading the library in {folder} for {_PATIENCE_S:.0f} s: what was removed is "
            "out of every search, but its bytes are still there",
            f"end that process (`fuser {folder}/*`) and give the command again",
        )
