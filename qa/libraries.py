"""Opens a library where it is, in a folder or on Milvus; knows nothing of how either keeps what it is given."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, TypeAlias

from qa import library
from qa.errors import DocumentNotFound
from qa.milvus import MilvusLibrary, MilvusPlace
from qa.rows import About, KnownFile
from qa.types import Document, Passage, Store, Vectors

Place: TypeAlias = Path | str
"""A folder, or as text an address on Milvus (`qa.milvus.place` says how it is written)."""


class ListedStore(Store, Protocol):
    """A `Store` whose documents can be listed without reading their texts."""

    def about(self) -> tuple[About, ...]:
        """What is known of every document without its text, in the order in which they were added."""
        ...


class Library(ListedStore, AbstractContextManager["Library"], Protocol):
    """A `Store` that grows: it also knows which file each document came from. Leaving the context closes it."""

    @property
    def place(self) -> str:
        """As the user names it."""
        ...

    @property
    def change(self) -> int:
        """Another number after every change of the documents and passages."""
        ...

    def close(self) -> None:
        """Ends the use of the library."""
        ...

    def find(self, name: str) -> Document:
        """The document with that id, source or beginning of an id. Raises `DocumentNotFound`, also for several."""
        ...

    def sources(self) -> Mapping[str, str]:
        """Every source with the id of its document: a source has one text, the last that was added."""
        ...

    def set_sources(self, document_id: str, sources: Sequence[str]) -> None:
        """Replaces the sources of one document; its passages stay. Raises `DocumentNotFound`."""
        ...

    def add_sources(self, document_id: str, sources: Sequence[str]) -> None:
        """Gives one document further sources, after those that it has. Raises `DocumentNotFound`."""
        ...

    def files(self) -> Mapping[str, KnownFile]:
        """The files that were read and whose documents are all here still, by name."""
        ...

    def put_file(self, name: str, stamp: str, sources: Sequence[str]) -> None:
        """Keeps that the file, as it was when it had this stamp, was read into the documents with these sources."""
        ...

    def prepare(self) -> None:
        """Does now what the next search would wait for; called when much has come or gone."""
        ...

    def erase(self, document_ids: Sequence[str]) -> None:
        """Removes documents with every byte of theirs, as far as the library is master of its disk."""
        ...

    def search_vector(
        self, vector: Vectors, count: int, among: Collection[str] | None = None
    ) -> list[tuple[Passage, float]]:
        """As `Store`'s; among: ids of documents, None for all."""
        ...

    def search_words(self, text: str, count: int, among: Collection[str] | None = None) -> list[tuple[Passage, float]]:
        """As `Store`'s; among: ids of documents, None for all."""
        ...


def open_library(place: Place, embedder_name: str | None = None, key: str = "") -> Library:
    """The library at `place`. key: what a Milvus server wants for a password.

    Raises `LibraryNotFound` when there is none, `LibraryMismatch` when it was built by another embedder than
    `embedder_name`, another splitter or another version of this package, `LibraryError` when it cannot be used.
    """
    if isinstance(place, Path):
        return library.Library.open(place, embedder_name)
    return MilvusLibrary.open(MilvusPlace.of(place), embedder_name, key)


def create_library(place: Place, embedder_name: str, key: str = "") -> Library:
    """The library at `place`, made when there is none. Raises as `open_library` does."""
    if isinstance(place, Path):
        return library.Library.create(place, embedder_name)
    return MilvusLibrary.create(MilvusPlace.of(place), embedder_name, key)


def libraries_in(folder: Path) -> tuple[Path, ...]:
    """The folders in `folder` that hold a library, sorted."""
    return tuple(sorted(path.parent for path in folder.glob(f"*/{library.DATABASE}")))


def still_there(document_of: Callable[[str], Document], ids: Iterable[str]) -> dict[str, Document]:
    """Those of the documents that are still there, by id: a newer text may have taken a document's place."""
    documents = {}
    for identity in dict.fromkeys(ids):
        try:
            documents[identity] = document_of(identity)
        except DocumentNotFound:
            continue
    return documents
