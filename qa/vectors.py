"""Keeps vectors searchable in memory and in a file that may be lost; knows nothing of what they stand for.

Few vectors are compared one by one. Many lie in lists around centres (k-means), four bits for two dimensions, mapped
from the file; a search looks into the nearest lists, and whoever asks compares what it finds by the vectors themselves.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from qa.types import Vectors

Numbers = NDArray[np.int64]
_NONE: Numbers = np.empty(0, dtype=np.int64)

VectorsOf = Callable[[Numbers], Vectors]
"""(n,) numbers, ascending -> (n, d) float32 unit rows."""

FLAT_MOST = 20_000
"""Vectors that are compared one by one; above, lists are quicker (docs/scaling.md)."""

_PROBED = 256  # lists that a search looks into
_SAMPLES = 64  # vectors for each list that the centres are found from
_ROUNDS = 10  # of k-means
_FEWEST = 39  # vectors of a list; FAISS warns of fewer
_CODES = 16  # of two dimensions: four bits
_FEW_DIMENSIONS = 128  # each of fewer says more, and has four bits of its own
_BATCH = 16_384  # vectors in memory at once while lists are filled
_MORE, _LEAST = 3, 100  # times as many candidates as asked for, at least so many: codes change the order
_OUTGROWN = 0.1  # share of vectors that came or went since the lists were made
_CHUNK = 1 << 20
_UNFINISHED_S = 3_600  # nobody writes a file of vectors for an hour


@dataclass(frozen=True, slots=True)
class VectorIndex:
    """The vectors of a library as they were at one change of it.

    base: FAISS, inner product, by number; nothing changes it. numbers: (n,) of the base, ascending. added: FAISS,
    what came since. gone: (m,) numbers of base and added that left since.
    """

    change: int
    base: Any
    numbers: Numbers
    added: Any = None
    gone: Numbers = field(default_factory=_NONE.copy)

    @classmethod
    def build(cls, change: int, numbers: Numbers, vectors_of: VectorsOf, dimension: int, flat_most: int) -> Self:
        """From (n,) unique numbers, ascending; up to `flat_most` of them are compared one by one."""
        base = _flat(dimension) if len(numbers) <= max(flat_most, _CODES) else _lists(numbers, vectors_of, dimension)
        for start in range(0, len(numbers), _BATCH):
            batch = numbers[start : start + _BATCH]
            base.add_with_ids(vectors_of(batch), batch)
        return cls(change, base, numbers)

    @classmethod
    def load(cls, path: Path, name: str) -> Self | None:
        """The index that was saved at `path` under this name; None when it is lost, damaged or another one."""
        import faiss

        change, _, digest = name.partition(" ")
        try:
            if _digest(path) != digest:
                return None
            base = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
            numbers = np.memmap(path, "<i8", "r", path.stat().st_size - 8 * base.ntotal) if base.ntotal else _NONE
        except (OSError, RuntimeError, ValueError):  # whole, but of a FAISS that wrote otherwise
            return None
        return cls(int(change), base, numbers)

    @property
    def newest(self) -> int:
        """The greatest number that ever was here; 0 when there was none."""
        return int(self._all().max(initial=0))

    @property
    def known(self) -> Numbers:
        """(n,) the numbers of all vectors."""
        return np.setdiff1d(self._all(), self.gone, assume_unique=True)

    @property
    def is_outgrown(self) -> bool:
        """Whether so much came and went that searching would be quicker in an index made anew."""
        changed = len(self.gone) + (self.added.ntotal if self.added else 0)
        return changed > _OUTGROWN * len(self.numbers)

    def caught_up(self, change: int, gone: Numbers, numbers: Numbers, vectors: Vectors) -> Self:
        """The same index at a later change, without those `gone` and with (n,) new numbers and (n, d) unit rows."""
        added = self.added
        if len(numbers):
            added = added or _flat(vectors.shape[1])
            added.add_with_ids(np.ascontiguousarray(vectors), numbers)
        return replace(self, change=change, added=added, gone=np.union1d(self.gone, gone))

    def search(self, vector: Vectors, count: int, among: Collection[int] | None = None) -> Numbers:
        """The numbers that hold the `count` nearest vectors, or of those `among` them, and some more; in no order.

        vector: (d,) unit. Of vectors in lists, one in a hundred of the nearest may be missing.
        """
        row = np.ascontiguousarray(vector[None, :], dtype=np.float32)
        chosen = None if among is None else np.setdiff1d(np.array([*among], dtype=np.int64), self.gone)
        with _one_thread():
            found = self._in_base(row, count, chosen)
            if self.added:
                found = np.concatenate([found, self._in(self.added, row, count, chosen)])
        return found

    def _in_base(self, row: Vectors, count: int, chosen: Numbers | None) -> Numbers:
        """A selection may lie in few lists, so in proportion more are looked into; all, when too little is found."""
        lists = getattr(self.base, "nlist", 0)
        if not lists:
            return self._in(self.base, row, count, chosen)
        more = max(_MORE * count, _LEAST)
        there = self.base.ntotal if chosen is None else max(1, len(chosen))
        probed = min(lists, _PROBED * self.base.ntotal // there)
        found = self._in(self.base, row, more, chosen, probed)
        if len(found) < min(count, there) and probed < lists:
            found = self._in(self.base, row, more, chosen, lists)
        return found

    def _in(self, index: Any, row: Vectors, count: int, chosen: Numbers | None, probed: int = 0) -> Numbers:  # noqa: ANN401
        import faiss

        only: Any = faiss.SearchParametersIVF() if probed else faiss.SearchParameters()
        if probed:
            only.nprobe = probed
        if chosen is not None:
            only.sel = batch = faiss.IDSelectorBatch(chosen)  # kept alive by its name, as FAISS does not
        elif len(self.gone):
            batch = faiss.IDSelectorBatch(self.gone)
            only.sel = rest = faiss.IDSelectorNot(batch)  # noqa: F841
        found: Numbers = index.search(row, count, params=only)[1][0]
        return found[found >= 0]  # -1 fills up a short list

    def _all(self) -> Numbers:
        import faiss

        return np.concatenate([self.numbers, faiss.vector_to_array(self.added.id_map)]) if self.added else self.numbers

    def write(self, path: Path) -> tuple[Path, str]:
        """Writes what was built beside `path`, whole, and gives that file and the name it is to be loaded by.

        Raises `OSError`, and leaves nothing then.
        """
        import faiss

        _remove_unfinished(path)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f"{path.name}-", suffix=".tmp", delete=False) as file:
            written = Path(file.name)
        try:
            faiss.write_index(self.base, str(written))
            with written.open("ab") as file:
                file.write(self.numbers.astype("<i8").tobytes())
                file.flush()
                os.fsync(file.fileno())
            return written, f"{self.change} {_digest(written)}"
        except (OSError, RuntimeError) as error:
            written.unlink(missing_ok=True)
            raise OSError(str(error)) from error


def put_in_place(written: Path, path: Path) -> None:
    """Moves a file that `write` has made to `path`; a power cut leaves the old file or this one. Raises `OSError`."""
    written.replace(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _flat(dimension: int) -> Any:  # noqa: ANN401 - FAISS ships no types
    import faiss

    return faiss.IndexIDMap2(faiss.IndexFlatIP(dimension))


def _lists(numbers: Numbers, vectors_of: VectorsOf, dimension: int) -> Any:  # noqa: ANN401
    """Empty lists around centres that were found from a sample: about as many as a list then holds vectors."""
    import faiss

    count = max(1, min(int(np.sqrt(len(numbers))), len(numbers) // _FEWEST))
    parts = dimension if dimension % 2 or dimension < _FEW_DIMENSIONS else dimension // 2
    index: Any = faiss.index_factory(dimension, f"IVF{count},PQ{parts}x4fs", faiss.METRIC_INNER_PRODUCT)
    index.by_residual = False  # one table of distances for all lists
    index.pq.cp.min_points_per_centroid = 1  # two dimensions need no more; FAISS would warn
    sample = np.random.default_rng(0).choice(numbers, min(len(numbers), _SAMPLES * count), replace=False)
    index.cp.niter = _ROUNDS
    with _one_thread():  # so short are the steps that threads wait for each other most of the time
        index.train(vectors_of(np.sort(sample)))
    return index


@contextmanager
def _one_thread() -> Iterator[None]:
    """One question gains nothing from threads, and stalls when cores are busy."""
    import faiss

    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _remove_unfinished(path: Path) -> None:
    """Removes what a kill left of files that were being written; one that is still written is younger."""
    for each in path.parent.glob(f"{path.name}-*.tmp"):
        if time.time() - each.stat().st_mtime > _UNFINISHED_S:
            each.unlink()
