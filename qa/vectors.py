"""Keeps vectors searchable in memory and in a file that may be lost; knows nothing of what they stand for."""

import hashlib
import logging
import os
import tempfile
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from qa.types import Vectors

logger = logging.getLogger(__name__)

Numbers = NDArray[np.int64]

_MAGIC = b"qa vectors 1\n"
_HEAD = len(_MAGIC) + 8 + hashlib.sha256().digest_size  # magic, change, checksum; then FAISS's own bytes

_UNFINISHED_S = 3_600  # nobody writes a file of vectors for an hour


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """The vectors of a library as they were at one change of it.

    change: the library's change counter at that moment. index: FAISS, exact inner product, by number.
    """

    change: int
    index: Any

    @classmethod
    def build(cls, change: int, numbers: Numbers, vectors: Vectors) -> Self:
        """From (n,) unique numbers and (n, d) float32 unit rows."""
        import faiss

        index = faiss.IndexIDMap2(faiss.IndexFlatIP(vectors.shape[1]))
        index.add_with_ids(np.ascontiguousarray(vectors), numbers)
        return cls(change, index)

    @classmethod
    def load(cls, path: Path, change: int) -> Self | None:
        """The index kept at `path`; None when it is lost, damaged or of another change than `change`."""
        import faiss

        try:
            kept = path.read_bytes()
        except OSError:
            return None
        body = memoryview(kept)[_HEAD:]
        if kept[:_HEAD] != _head(change, body):
            return None
        try:
            return cls(change, faiss.deserialize_index(np.frombuffer(body, dtype=np.uint8)))
        except RuntimeError:  # whole, but of a FAISS that wrote otherwise
            return None

    @property
    def numbers(self) -> Numbers:
        """(n,) the numbers of all vectors."""
        import faiss

        numbers: Numbers = faiss.vector_to_array(self.index.id_map)
        return numbers

    def caught_up(self, change: int, removed: Numbers, numbers: Numbers, vectors: Vectors) -> Self:
        """The same index at a later change, without those `removed` and with (n,) new numbers and (n, d) unit rows."""
        if len(removed):
            self.index.remove_ids(removed)
        self.index.add_with_ids(np.ascontiguousarray(vectors), numbers)
        return replace(self, change=change)

    def save(self, path: Path) -> None:
        """Replaces the file at `path` as a whole: a reader sees the old index or this one.

        It is derived data, so a full disk or a folder without write permission is logged and no error.
        """
        import faiss

        body = faiss.serialize_index(self.index).tobytes()
        try:
            _remove_unfinished(path)
            _replace_file(path, _head(self.change, memoryview(body)) + body)
        except OSError as error:
            logger.info("could not keep %s (%s); it will be made again", path, error)

    def search(self, vector: Vectors, count: int, among: Collection[int] | None = None) -> list[tuple[int, float]]:
        """The numbers of the `count` nearest vectors, or of those `among` them, with their cosine, descending.

        vector: (d,) unit.
        """
        import faiss

        faiss.omp_set_num_threads(1)  # one question gains nothing from threads, and stalls when cores are busy
        only = None
        if among is not None:
            only = faiss.SearchParameters()
            only.sel = chosen = faiss.IDSelectorBatch(np.array([*among], dtype=np.int64))  # noqa: F841 - kept alive here
        row = np.ascontiguousarray(vector[None, :], dtype=np.float32)
        scores, numbers = self.index.search(row, count, params=only)
        pairs = zip(numbers[0].tolist(), scores[0].tolist(), strict=True)
        return [(number, score) for number, score in pairs if number >= 0]  # -1 fills up a short list


def _head(change: int, body: memoryview) -> bytes:
    return _MAGIC + change.to_bytes(8, "big") + hashlib.sha256(body).digest()


def _remove_unfinished(path: Path) -> None:
    """Removes what a kill left of files that were being written; one that is still written is younger."""
    for each in path.parent.glob(f"{path.name}-*.tmp"):
        if time.time() - each.stat().st_mtime > _UNFINISHED_S:
            each.unlink()


def _replace_file(path: Path, content: bytes) -> None:
    """Writes beside `path`, syncs, renames, and syncs the folder, so that a power cut leaves a whole file."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}-", suffix=".tmp", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
