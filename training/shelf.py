"""Puts texts into a library and brings up the passages that the program would read for a question; scores nothing."""

from collections.abc import Sequence
from pathlib import Path

from qa.indexing import index
from qa.library import Library
from qa.retrieval import retrieve
from qa.types import Document, Embedder, Passage

PASSAGES, CANDIDATES = 8, 40  # as the program's defaults


class Shelf:
    """A library of `documents`, built in `folder`."""

    def __init__(self, documents: Sequence[Document], embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self._library = Library.create(folder, embedder.name)
        index(self._library, documents, embedder)

    def passages(self, question: str) -> list[Passage]:
        """What retrieval brings up, best first."""
        hits = retrieve(question, self._library, self._embedder, PASSAGES, CANDIDATES)
        return [hit.passage for hit in hits]

    def close(self) -> None:
        """Closes the library."""
        self._library.close()
