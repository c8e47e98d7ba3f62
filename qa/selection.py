"""Some of a library's documents as a Store of their own, by source, title and date; knows nothing of questions."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import Self

from qa.errors import DocumentNotFound, InputError
from qa.libraries import Library
from qa.rows import About
from qa.types import Document, Passage, Vectors


@dataclass(frozen=True, slots=True)
class Selection:
    """Which documents are meant; what is left out means any.

    source: one of a document's sources holds it, or matches it when it is a pattern ("*.pdf"). title: holds it.
    after, before: the document's own date is that day or a later, or earlier, one; a document without a date is not
    meant then. ids: one of these documents, None for any. Upper and lower case are the same.
    """

    source: str = ""
    title: str = ""
    after: date | None = None
    before: date | None = None
    ids: frozenset[str] | None = None

    @classmethod
    def of(cls, source: str = "", title: str = "", after: str = "", before: str = "") -> Self:
        """With days as YYYY-MM-DD. Raises `InputError` for what is no day."""
        return cls(source, title, _day(after), _day(before))

    def __bool__(self) -> bool:
        return self != Selection()

    def __str__(self) -> str:
        """As it was given on the command line, and how many documents were chosen one by one."""
        given = (("source", self.source), ("title", self.title), ("after", self.after), ("before", self.before))
        chosen = () if self.ids is None else (f"the choice of {len(self.ids)}",)
        return " ".join((*(f"--{name} {str(value)!r}" for name, value in given if value), *chosen))

    def holds(self, about: About) -> bool:
        """Whether the document is meant."""
        if self.ids is not None and about.id not in self.ids:
            return False
        if self.title.casefold() not in about.title.casefold():
            return False
        if not any(_matches(self.source.casefold(), source.casefold()) for source in about.sources):
            return False
        return self._is_in_time(about.metadata.get("date", ""))

    def _is_in_time(self, given: str) -> bool:
        if self.after is None and self.before is None:
            return True
        try:
            day = date.fromisoformat(given)
        except ValueError:  # none, or one that is written otherwise
            return False
        return (self.after or date.min) <= day <= (self.before or date.max)


class SelectedStore:
    """A `Store` that is part of a library: what is searched and listed is what the selection holds at that moment."""

    def __init__(self, library: Library, selection: Selection) -> None:
        """Raises `DocumentNotFound` when the selection holds nothing."""
        self._library = library
        self._selection = selection
        self._change = -1
        self._ids = frozenset[str]()
        if not self._chosen():
            raise DocumentNotFound(
                f"no document of {library.place} is meant by {selection}",
                f"see their sources, titles and dates: `qa documents list --library {library.place} --json`",
            )

    def add(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Adds to the library, whether or not the selection holds it."""
        self._library.add(document, passages, vectors)

    def remove(self, document_id: str) -> None:
        """Removes from the library."""
        self._library.remove(document_id)

    def about(self) -> tuple[About, ...]:
        """Of those that are meant, in the order in which they were added."""
        chosen = self._chosen()
        return tuple(each for each in self._library.about() if each.id in chosen)

    def documents(self) -> Iterator[Document]:
        """Those that are meant, in the order in which they were added."""
        chosen = self._chosen()
        return (document for document in self._library.documents() if document.id in chosen)

    def document(self, document_id: str) -> Document:
        """One document of the library. Raises `DocumentNotFound`."""
        return self._library.document(document_id)

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of one document of the library, in its order."""
        return self._library.passages(document_id)

    def search_vector(self, vector: Vectors, count: int) -> list[tuple[Passage, float]]:
        """As the library's, among the documents that are meant."""
        return self._library.search_vector(vector, count, self._chosen())

    def search_words(self, text: str, count: int) -> list[tuple[Passage, float]]:
        """As the library's, among the documents that are meant."""
        return self._library.search_words(text, count, self._chosen())

    def _chosen(self) -> frozenset[str]:
        """The ids of the documents that are meant, looked up again when the library has changed."""
        change = self._library.change
        if change != self._change:
            self._ids = frozenset(each.id for each in self._library.about() if self._selection.holds(each))
            self._change = change
        return self._ids


def _matches(wanted: str, source: str) -> bool:
    return fnmatchcase(source, wanted) if set(wanted) & set("*?[") else wanted in source


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given) if given else None
    except ValueError as error:
        raise InputError(f"not a day: {given!r}", "write it as YYYY-MM-DD, as in `--after 2024-05-03`") from error
