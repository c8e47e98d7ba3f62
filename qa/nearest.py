"""Finds the passages of a library that are nearest to a vector, in step with its rows; knows nothing of words."""

import logging
import sqlite3
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np

from qa import database, rows
from qa.errors import LibraryError
from qa.types import Passage, Vectors
from qa.vectors import Numbers, VectorIndex, put_in_place

logger = logging.getLogger(__name__)

_FILE = "vectors.faiss"
_NAME = "vectors"  # in meta: by which name the file is loaded


class Nearest:
    """The vectors of the library in a folder: in memory or mapped from their file, caught up with every change.

    The database says by which name (its change and its hash) the file is loaded, so one that is older, damaged or of
    another library is not used. flat_most: as of `VectorIndex.build`.
    """

    def __init__(self, folder: Path, flat_most: int) -> None:
        self._path = folder / _FILE
        self._flat_most = flat_most
        self._index: VectorIndex | None = None
        self._name = ""  # of the file that was last looked for
        self._written: tuple[Path, str] | None = None  # a file that was made, and the name it is to be loaded by

    def search(
        self, connection: sqlite3.Connection, vector: Vectors, count: int, among: Collection[int] | None
    ) -> list[tuple[Passage, float]]:
        """The `count` nearest passages, cosine descending; among: numbers of passages. `keep` follows."""
        index = self.current(connection)
        if index is None or count <= 0:
            return []
        numbers, vectors = rows.get_vectors(connection, len(vector), np.unique(index.search(vector, count, among)))
        scores = vectors @ vector
        best = np.argsort(-scores, kind="stable")[:count]
        return list(zip(rows.get_numbered(connection, numbers[best]), scores[best].tolist(), strict=True))

    def current(self, connection: sqlite3.Connection) -> VectorIndex | None:
        """The vectors as this transaction sees them; None when there never was one. `keep` follows."""
        meta = database.get_meta(connection)
        change, dimension, name = int(meta["change"]), int(meta.get("dimension", 0)), meta.get(_NAME, "")
        if not dimension:
            return None
        is_opened = self._index is None
        if is_opened or name != self._name:
            self._name, self._index = name, VectorIndex.load(self._path, name) or self._index
        if self._index is not None and self._index.change != change:
            self._index = _caught_up(self._index, connection, change, dimension)
        if self._index is None or (is_opened and self._index.is_outgrown):
            self._index = self._built(connection, change, dimension)
        return self._index

    def has_file(self, connection: sqlite3.Connection) -> bool:
        """Whether there is a whole file to search in, or no vector yet: else the next search makes it."""
        meta = database.get_meta(connection)
        return "dimension" not in meta or VectorIndex.load(self._path, meta.get(_NAME, "")) is not None

    def keep(self, writing: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> None:
        """Puts a file that was made into its place, if no other process has done so meanwhile; no loss when it fails.

        It is derived data, so a full disk or a folder without write permission is logged and no error.
        """
        if self._written is None:
            return
        (written, name), self._written = self._written, None
        try:
            with writing() as connection:
                if database.get_meta(connection).get(_NAME, "") != self._name:
                    return
                put_in_place(written, self._path)
                database.put_meta(connection, _NAME, name)
        except (OSError, LibraryError) as error:
            self._log_unkept(error)
        else:
            self._name, self._index = name, VectorIndex.load(self._path, name) or self._index
        finally:
            written.unlink(missing_ok=True)

    def forget(self, connection: sqlite3.Connection) -> None:
        """In a transaction that writes: no file that was made before counts any more, nor one that is being made."""
        database.put_meta(connection, _NAME, f"none since change {database.get_meta(connection)['change']}")

    def remove_files(self) -> None:
        """Removes every file of vectors, those too that are being written."""
        for path in self._path.parent.glob(f"{_FILE}*"):
            path.unlink(missing_ok=True)

    def _built(self, connection: sqlite3.Connection, change: int, dimension: int) -> VectorIndex:
        logger.info("%s is made from the stored vectors (change %d)", self._path, change)

        def vectors_of(numbers: Numbers) -> Vectors:
            return rows.get_vectors(connection, dimension, numbers)[1]

        index = VectorIndex.build(change, rows.get_all_numbers(connection), vectors_of, dimension, self._flat_most)
        try:  # while the transaction lasts: erasing waits for its end, and removes every file then
            self._written = index.write(self._path)
        except OSError as error:
            self._log_unkept(error)
        return index

    def _log_unkept(self, error: Exception) -> None:
        logger.info("could not keep %s (%s); it will be made again", self._path, error)


def _caught_up(index: VectorIndex, connection: sqlite3.Connection, change: int, dimension: int) -> VectorIndex:
    """A number is never used twice, and its vector never changes: what came since has greater numbers."""
    newest = index.newest
    gone = rows.get_gone(connection, index.known, newest)
    added = rows.get_vectors(connection, dimension, rows.get_all_numbers(connection, after=newest))
    return index.caught_up(change, gone, *added)
