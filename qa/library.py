"""Turns Passages into a searchable, durable folder on disk; knows nothing of files, questions or models.

SQLite holds the truth: documents, passages, their vectors and the index of words, one transaction a document.
The file of vectors beside it is derived (`qa.nearest`): what came and went since it was made is read from the rows, and
it is made again from the stored vectors, without embedding, when it is lost, damaged or outgrown.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Self

from qa import copying, database, fulltext, postings, rows
from qa.errors import DocumentNotFound, LibraryError
from qa.nearest import Nearest
from qa.passages import SPLITTER
from qa.rows import About, KnownFile
from qa.types import Document, Passage, Vectors
from qa.vectors import FLAT_MOST

DATABASE = "library.sqlite"


class Library:
    """A `Store` in a folder. Several threads may use it, and other processes may read and write beside it."""

    def __init__(self, folder: Path, connection: sqlite3.Connection, flat_most: int = FLAT_MOST) -> None:
        self.folder = folder
        self._connection = connection
        self._lock = RLock()  # one connection, used by one thread at a time: every use takes milliseconds
        self._flat_most = flat_most
        self._nearest = Nearest(folder, flat_most)

    @classmethod
    def create(cls, folder: Path, embedder_name: str, flat_most: int = FLAT_MOST) -> Self:
        """The library in `folder`, made when there is none. flat_most, and what it raises: as for `open`."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            hint = "name another folder: `qa index PATH --library FOLDER`"
            raise LibraryError(f"cannot make the folder {folder}: {error.strerror}", hint) from error
        with database.mended(folder):
            connection = database.connect(folder / DATABASE, "rwc")
            try:
                database.lay(connection, {"embedder": embedder_name, "splitter": SPLITTER, "change": "0"})
            finally:
                connection.close()
        return cls.open(folder, embedder_name, flat_most)

    @classmethod
    def open(cls, folder: Path, embedder_name: str | None = None, flat_most: int = FLAT_MOST) -> Self:
        """The library in `folder`. flat_most: passages up to which a vector is compared with all others.

        Raises `LibraryNotFound` when there is none, `LibraryMismatch` when it was built by another embedder
        than `embedder_name`, another splitter or another version of this package, `LibraryCorrupt` when it
        cannot be read.
        """
        if not (folder / DATABASE).is_file():
            raise database.no_library(folder)
        with database.mended(folder):
            connection = database.connect(folder / DATABASE, "rw")
            try:
                database.check(folder, connection, embedder_name, SPLITTER)
            except (LibraryError, sqlite3.Error):
                connection.close()
                raise
        return cls(folder, connection, flat_most)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the use of the library; nothing is pending, every change is on disk already."""
        with self._lock:
            self._connection.close()

    @property
    def place(self) -> str:
        """As the user names it."""
        return str(self.folder)

    @property
    def embedder_name(self) -> str:
        """Of the embedder that it was built with."""
        with self._reading() as connection:
            return database.get_meta(connection)["embedder"]

    def add(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Adds or replaces one document, all of it or nothing; vectors: (len(passages), d).

        A source has one text: other documents lose the sources of this one, and go when they have none left.
        Raises `LibraryMismatch` when d is not that of the vectors already there.
        """
        with self._writing() as connection:
            if len(passages):
                database.check_dimension(self.folder, connection, vectors.shape[1])
            number = rows.put_document(connection, document)
            rows.put_passages(connection, number, document.title, passages, vectors)

    def set_sources(self, document_id: str, sources: Sequence[str]) -> None:
        """Replaces the sources of one document; its passages stay. Raises `DocumentNotFound`."""
        with self._writing() as connection:
            number = rows.get_number(connection, document_id)
            if number is None:
                raise DocumentNotFound.of(document_id, self.place)
            rows.put_sources(connection, number, sources)

    def add_sources(self, document_id: str, sources: Sequence[str]) -> None:
        """Gives one document further sources, after those that it has. Raises `DocumentNotFound`."""
        with self._writing() as connection:
            known = rows.get_document(connection, document_id)
            number = rows.get_number(connection, document_id)
            if known is None or number is None:
                raise DocumentNotFound.of(document_id, self.place)
            rows.put_sources(connection, number, known.sources + tuple(sources))

    def remove(self, document_id: str) -> None:
        """Removes one document with all that belongs to it; nothing happens when it is not there."""
        with self._writing() as connection:
            connection.execute("DELETE FROM documents WHERE id = ?", (_storable(document_id),))

    def erase(self, document_ids: Sequence[str]) -> None:
        """Removes documents so that no file of the library's folder holds a byte of them any more.

        Takes as long as copying the library. Given none, completes what a kill cut short. Raises `LibraryError` while
        another process reads without end.
        """
        with self._writing() as connection:
            connection.executemany("DELETE FROM documents WHERE id = ?", [(each,) for each in document_ids])
            if document_ids:
                database.put_meta(connection, "erasing", "begun")
                self._nearest.forget(connection)
                postings.forget(connection)
            elif "erasing" not in database.get_meta(connection):
                return
        with self._lock, database.mended(self.folder):
            database.rewrite(self.folder, self._connection)  # waits until nobody reads what was before
            self._nearest.remove_files()
            database.drop_meta(self._connection, "erasing")
        self.prepare()

    def sources(self) -> Mapping[str, str]:
        """Every source with the id of its document."""
        with self._reading() as connection:
            return rows.get_sources(connection)

    def files(self) -> Mapping[str, KnownFile]:
        """The files that were read and whose documents are all here still, by name."""
        with self._reading() as connection:
            return rows.get_files(connection)

    def put_file(self, name: str, stamp: str, sources: Sequence[str]) -> None:
        """Keeps that the file, as it was when it had this stamp, was read into the documents with these sources."""
        with self._writing(counted=False) as connection:
            rows.put_file(connection, name, stamp, sources)

    def find(self, name: str) -> Document:
        """The document with that id, source or beginning of an id. Raises `DocumentNotFound`, also for several."""
        with self._reading() as connection:
            ids = rows.get_ids(connection, _storable(name))
        if len(ids) > 1:
            raise DocumentNotFound.ambiguous(name, ids, self.place)
        return self.document(ids[0] if ids else name)

    def about(self) -> tuple[About, ...]:
        """What is known of every document without its text, in the order in which they were added."""
        with self._reading() as connection:
            return rows.get_about(connection)

    def copy_to(self, path: Path) -> None:
        """Writes the database as it is now to a new file, while other processes read and write."""
        with self._lock, database.mended(path.parent):
            copying.copy(self._connection, path)

    def replace_by(self, path: Path, keep: Callable[[Self], object]) -> None:
        """Puts the documents of the database at `path` in the place of these, all or nothing, for others at once.

        path: of the same embedder, and closed. keep: is given what was there, before it goes and while nothing changes.
        """
        with self._lock, copying.attached(self._connection, path), self._writing() as connection:
            with type(self).open(self.folder) as before:  # as the last transaction left it: nobody else may begin one
                keep(before)
            copying.take_over(connection)

    def check(self) -> None:
        """Reads the whole database. Raises `LibraryCorrupt` when any of it is damaged."""
        with self._reading() as connection:
            database.check_pages(connection)

    def has_vectors(self) -> bool:
        """Whether the file of vectors is whole, or none is needed: else the next search makes it again."""
        with self._reading() as connection:
            return self._nearest.has_file(connection)

    @property
    def change(self) -> int:
        """Counts the changes of the documents and passages."""
        with self._reading() as connection:
            return int(database.get_meta(connection)["change"])

    def documents(self) -> Iterator[Document]:
        """Every document, in the order in which they were added."""
        with self._reading() as connection:
            number, last = 0, rows.get_last_number(connection)
        while number < last:  # one by one: whoever wants the first few waits for no more, and may write meanwhile
            with self._reading() as connection:
                number, document = rows.get_next(connection, number) or (last, None)
            if document and number <= last:
                yield document

    def document(self, document_id: str) -> Document:
        """One document. Raises `DocumentNotFound`."""
        with self._reading() as connection:
            if document := rows.get_document(connection, _storable(document_id)):
                return document
        raise DocumentNotFound.of(document_id, self.place)

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of one document, in its order; none when it is not there."""
        with self._reading() as connection:
            return rows.get_passages(connection, _storable(document_id))

    def search_vector(
        self, vector: Vectors, count: int, among: Collection[str] | None = None
    ) -> list[tuple[Passage, float]]:
        """The `count` nearest passages, cosine descending; vector: (d,), a unit vector. among: ids of documents.

        Exact up to `qa.vectors.FLAT_MOST` passages; above, one in a hundred of them may be missing.
        """
        with self._lock:
            with self._reading() as connection:
                numbers = None if among is None else rows.get_numbers(connection, among)
                found = self._nearest.search(connection, vector, count, numbers)
            self._nearest.keep(lambda: self._writing(counted=False))
            return found

    def search_words(self, text: str, count: int, among: Collection[str] | None = None) -> list[tuple[Passage, float]]:
        """The `count` best passages by BM25 over the words of `text`, higher is better. among: ids of documents.

        Words are stemmed and match without accents; one of them is enough. Any text may be given.
        """
        with self._reading() as connection:
            numbers = None if among is None else rows.get_numbers(connection, among)
            return fulltext.search(connection, text, count, numbers)

    def prepare(self) -> None:
        """Makes now what searching quickly takes, when much came or went: vectors' lists, postings.

        On a connection of its own, so that other threads go on. A library of few passages needs neither.
        """
        with type(self).open(self.folder, flat_most=self._flat_most) as other, other._lock:
            posted = None
            with other._reading() as connection:
                passages = rows.count_passages(connection)
                if passages > self._flat_most:
                    other._nearest.current(connection)
                if passages > min(postings.FEW, self._flat_most) and postings.is_outgrown(connection):
                    posted = postings.Made(connection)
            other._nearest.keep(lambda: other._writing(counted=False))
            if posted:
                posted.keep(lambda: other._writing(counted=False))

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """One state of the library, whatever other processes write meanwhile."""
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def _writing(self, *, counted: bool = True) -> Iterator[sqlite3.Connection]:
        """All or nothing, and a new number for the state that it leaves, if passages may be others in it."""
        with self._transaction("BEGIN IMMEDIATE") as connection:
            before = connection.total_changes
            yield connection
            if counted and connection.total_changes > before:
                connection.execute("UPDATE meta SET value = value + 1 WHERE name = 'change'")

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self._lock, database.mended(self.folder), database.transaction(self._connection, begin):
            yield self._connection


def _storable(name: str) -> str:
    """`name`, or what no document has when SQLite cannot hold it: a command line gives bytes as lone surrogates."""
    return name if name.isascii() else name.encode(errors="replace").decode()
