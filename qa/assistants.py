"""Gives an assistant for each library and choice of documents, sharing one set of models; answers nothing itself."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self, cast

from qa.assistant import Assistant
from qa.conversations import Conversations
from qa.errors import LibraryNotFound
from qa.libraries import Library, Place, libraries_in, open_library
from qa.selection import SelectedStore, Selection
from qa.shelf import Shelf

KEPT_CHOICES = 64  # of documents, whose ids are not looked up again for the next question


@dataclass(frozen=True, slots=True)
class Scope:
    """What one session asks: a library by its name, and the ids of the documents chosen in it, None for all."""

    library: str = ""
    documents: frozenset[str] | None = None


class Assistants:
    """The assistants over one library and those beside it. Threads may share it.

    Each library is opened when it is first asked for; embedder, reader and language model are those of `first`.
    """

    def __init__(self, first: Assistant, place: Place, key: str = "", *, keeps: bool = True) -> None:
        """first: over the library at `place`, all of it; it stays the caller's to close. key: of a Milvus server.

        keeps: whether what is asked is kept, in the folder of its library.
        """
        self.first = first
        self.keeps = keeps
        self._first_place, self._key = place, key
        self._opened: dict[str, Assistant] = {}
        self._shelves: dict[str, Shelf] = {}
        self._lock = Lock()
        self._resources = ExitStack()
        self._chosen = lru_cache(KEPT_CHOICES)(self._choose)

    @property
    def names(self) -> tuple[str, ...]:
        """Of the libraries: that of `first`, then the folders beside it, in their order."""
        return tuple(self._places())

    def get(self, scope: Scope) -> Assistant:
        """The assistant for a library, and a choice of its documents.

        Raises `LibraryNotFound` for a name that is none of `names`, `DocumentNotFound` when none of the documents is
        there any more, and as `open_library` does.
        """
        return self._whole(scope.library) if scope.documents is None else self._chosen(scope)

    def place(self, name: str) -> Place:
        """Where a library is, "" for that of `first`. Raises `LibraryNotFound` for none of `names`."""
        places = self._places()
        if not name:
            return next(iter(places.values()))
        if name not in places:
            raise LibraryNotFound(f"no library {name!r}", f"there are these: {', '.join(places)}")
        return places[name]

    def library(self, name: str) -> Library:
        """A library, opened. Raises as `get`."""
        return cast(Library, self._whole(name).store)  # what was opened without a selection is a whole library

    def shelf(self, name: str) -> Shelf:
        """The documents of a library, to add and erase. Raises as `get`."""
        library = self.library(name)
        with self._lock:
            if name not in self._shelves:
                self._shelves[name] = Shelf(self.place(name), library, self.first.embedder, self._key)
            return self._shelves[name]

    def conversations(self, name: str) -> Conversations:
        """The kept conversations of a library. Raises `LibraryNotFound`."""
        return Conversations(self.place(name))

    def close(self) -> None:
        """Closes what was opened here."""
        self._resources.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _places(self) -> dict[str, Place]:
        return dict(_named(self._first_place))

    def _whole(self, name: str) -> Assistant:
        place = self.place(name)
        if place == self._first_place:
            return self.first
        with self._lock:
            if name not in self._opened:
                library = self._resources.enter_context(open_library(place, self.first.embedder.name, self._key))
                self._opened[name] = replace(self.first, store=library, resources=ExitStack())
            return self._opened[name]

    def _choose(self, scope: Scope) -> Assistant:
        whole = self._whole(scope.library)
        store = SelectedStore(self.library(scope.library), Selection(ids=scope.documents))
        return replace(whole, store=store, resources=ExitStack())


def _named(place: Place) -> Iterator[tuple[str, Place]]:
    if not isinstance(place, Path):
        yield place, place
        return
    yield place.name, place
    for folder in libraries_in(place.parent):
        if folder.name != place.name:
            yield folder.name, folder
