"""One library as its owner keeps it: files and pages come in, documents are listed and erased; answers no question."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from qa.documents import is_url
from qa.errors import LibraryError, ModelError, UnreadableDocument
from qa.indexing import IndexChange, index_paths
from qa.libraries import Library, Place
from qa.rows import About
from qa.statements import statements
from qa.types import Document, Embedder, Statement
from qa.uploads import keep, kept_files, uploads_of, why_read_only

KEPT_STATEMENTS = 1000  # documents whose statements are not read again


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased. files: of its text, that are not this library's to delete."""

    title: str
    files: tuple[str, ...]


class Shelf:
    """The documents of one library. Threads may share it: one thing is added at a time, while others may ask.

    embedder: of what is added. fetch: makes a document of an address, None for `qa.documents.pages.read_page`.
    """

    def __init__(
        self,
        place: Place,
        library: Library,
        embedder: Embedder,
        key: str = "",
        fetch: Callable[[str], Document] | None = None,
    ) -> None:
        self.place = place
        self.library = library
        self._embedder, self._key, self._fetch = embedder, key, fetch
        self._adding = Lock()
        self._said = lru_cache(KEPT_STATEMENTS)(self._statements)

    @property
    def why_read_only(self) -> str:
        """Why nothing can be added or erased; "" when it can."""
        return why_read_only(self.place)

    def about(self) -> tuple[About, ...]:
        """What is known of every document, the last that was added first."""
        return self.library.about()[::-1]

    def add_file(self, given: Path, name: str) -> IndexChange:
        """Keeps a copy of a file under a safe form of `name`, and makes it searchable. Raises `QAError`.

        A file of which nothing is readable is not kept.
        """
        self._check_writable()
        kept = keep(given, name, uploads_of(self.place))
        try:
            return self._index([kept], [])
        except (LibraryError, ModelError):
            raise  # no fault of the file: the next start reads it
        except Exception:
            kept.unlink(missing_ok=True)
            raise

    def add_page(self, url: str) -> IndexChange:
        """Fetches a web page and makes it searchable. Raises `QAError`."""
        self._check_writable()
        if not is_url(url):
            raise UnreadableDocument(f"{url!r} is no address of a page", "begin it with https:// or http://")
        return self._index([], [url])

    def erase(self, document_ids: Sequence[str]) -> tuple[Erased, ...]:
        """Erases documents, and the copies of files that they came from; other files are not touched.

        Raises `DocumentNotFound` before anything is erased, and `LibraryError`.
        """
        self._check_writable()
        documents = [self.library.document(document_id) for document_id in dict.fromkeys(document_ids)]
        self._said.cache_clear()
        return erase(self.library, self.place, documents)

    def statements(self, document_id: str) -> tuple[Statement, ...]:
        """Who said what in one document. Raises `DocumentNotFound`."""
        return self._said(document_id)

    def _statements(self, document_id: str) -> tuple[Statement, ...]:
        return statements(self.library.document(document_id))

    def _index(self, paths: Sequence[Path], urls: Sequence[str]) -> IndexChange:
        with self._adding:
            return index_paths(self.place, paths, self._embedder, urls=urls, fetch=self._fetch, key=self._key)

    def _check_writable(self) -> None:
        if reason := self.why_read_only:
            raise LibraryError(
                reason.rstrip("."), "copy it to a disk that can be written to, or choose another library"
            )


def erase(library: Library, place: Place, documents: Sequence[Document]) -> tuple[Erased, ...]:
    """Erases documents from the library at `place`, and the copies of files that they came from."""
    folder = uploads_of(place)
    kept = {document.id: kept_files(document.sources, folder) for document in documents}
    for files in kept.values():  # first: what is erased shall not come back from them
        for path in files.values():
            path.unlink(missing_ok=True)
    library.erase([document.id for document in documents])
    return tuple(Erased(document.title, _left(document.sources, kept[document.id])) for document in documents)


def _left(sources: Sequence[str], deleted: Collection[str]) -> tuple[str, ...]:
    return tuple(source for source in sources if not is_url(source) and source not in deleted)
