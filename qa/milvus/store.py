"""A `Store` on Milvus that several servers can share; knows nothing of files, questions or models.

Milvus has no transaction over several rows and requests. So every text and passage is written under a new version
first, and becomes part of the library with one row: the document's head, which names its version. Whatever is found
with another version than its document's head does not count. What a kill leaves behind is swept when the library is
next opened for writing. One process should write at a time; any number may read.
"""

import json
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Self

from qa.errors import DocumentNotFound, LibraryMismatch, LibraryNotFound
from qa.milvus import server
from qa.milvus.heads import FIELDS, Heads
from qa.milvus.place import MilvusPlace
from qa.milvus.rows import HEAD, IDENTITY, MARK, Head, content_row, passage_rows, shortened, text_rows
from qa.milvus.server import MOST_FOUND, Client, Row
from qa.passages import SPLITTER
from qa.rows import About, KnownFile
from qa.terms import searched, terms
from qa.types import Document, Passage, Span, Vectors

_UNFINISHED_NS = 3_600 * 10**9  # nobody takes an hour to write one document
_LIBRARY = "/library"  # the key of the row in which the library says what it was built with
_PASSAGE = ["document", "version", "start", "end", "page", "heading", "text"]


class MilvusLibrary:
    """A library on Milvus. Several threads may use it, and other processes may read beside it."""

    def __init__(self, place: MilvusPlace, client: Client) -> None:
        self._place = place
        self._client = client
        self._documents = f"{place.name}_documents"
        self._passages = f"{place.name}_passages"
        self._dimension = 0
        self._wrote = False
        self._heads = Heads(client, self._documents)
        self._lock = RLock()  # over the heads, and all writing

    @classmethod
    def create(cls, place: MilvusPlace, embedder_name: str, key: str = "") -> Self:
        """The library at `place`, made when there is none. Raises as `open` does."""
        library = cls(place, server.connect(place, key))
        with library._used() as client:
            server.lay_documents(client, library._documents)
            if dimension := server.get_dimension(client, library._passages):
                server.lay_passages(client, library._passages, dimension)
            if not library._said():
                said = {"embedder": embedder_name, "splitter": SPLITTER, "version": str(server.VERSION)}
                row = content_row(_LIBRARY, "", 0, MARK, json.dumps(said))
                server.put_contents(client, library._documents, [row])
            library._check(embedder_name)
            library._sweep()
        return library

    @classmethod
    def open(cls, place: MilvusPlace, embedder_name: str | None = None, key: str = "") -> Self:
        """The library at `place`. key: a token or user:password, if the server wants one.

        Raises `LibraryNotFound` when there is none, `LibraryMismatch` when it was built by another embedder,
        splitter or version of this package, `LibraryError` when the server does not answer.
        """
        if place.is_local and not Path(place.uri).exists():  # connecting would make it
            raise _no_library(place)
        library = cls(place, server.connect(place, key))
        with library._used() as client:
            there = client.has_collection(library._documents)
            if there:
                client.load_collection(library._documents)
            if not there or not library._said():
                library.close()
                raise _no_library(place)
            library._check(embedder_name)
        return library

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends the use of the library; nothing is pending.

        milvus-lite is told to make files with an index of what was written: until then it searches row by row, some
        thirty times as slowly. A server does so by itself.
        """
        if self._wrote and self._place.is_local:
            self._wrote = False
            self._flush()
        self._client.close()

    def prepare(self) -> None:
        """Nothing: a server makes its indexes by itself, and milvus-lite when it is closed."""

    @property
    def place(self) -> str:
        """As the user names it."""
        return str(self._place)

    @property
    def embedder_name(self) -> str:
        """Of the embedder that it was built with."""
        with self._used():
            return self._said()["embedder"]

    @property
    def change(self) -> int:
        """Another number after every change of the documents and passages."""
        with self._used():
            return self._heads.change

    def add(self, document: Document, passages: Sequence[Passage], vectors: Vectors) -> None:
        """Adds or replaces one document, all of it or nothing; vectors: (len(passages), d).

        A source has one text: other documents lose the sources of this one, and go when they have none left.
        Raises `LibraryMismatch` when d is not that of the vectors already there.
        """
        version = time.time_ns()
        rows = list(passage_rows(document, passages, vectors, version))
        with self._writing() as client:
            if rows:
                self._fit(vectors.shape[1])
            known = self._heads.now().get(document.id)
            head = Head.new(document, version, known.number if known else version)
            head.row()  # first of all: it may be too long
            server.put_contents(client, self._documents, list(text_rows(document, version)))
            server.put(client, self._passages, rows)
            self._clear_documents(self._heads.commit(head))
            if known:
                self._clear(f'document == "{document.id}" and version != {version}')

    def set_sources(self, document_id: str, sources: Sequence[str]) -> None:
        """Replaces the sources of one document; its passages stay. Raises `DocumentNotFound`."""
        with self._writing():
            self._clear_documents(self._heads.commit(self._known(document_id).with_sources(sources)))

    def add_sources(self, document_id: str, sources: Sequence[str]) -> None:
        """Gives one document further sources, after those that it has. Raises `DocumentNotFound`."""
        with self._writing():
            self.set_sources(document_id, (*self._known(document_id).about.sources, *sources))

    def remove(self, document_id: str) -> None:
        """Removes one document with all that belongs to it; nothing happens when it is not there."""
        self._remove([document_id])

    def erase(self, document_ids: Sequence[str]) -> None:
        """Removes documents, and asks the server to compact what held them.

        When their bytes are gone from its disks is the server's matter: after its compaction and its collection of
        garbage, a day by default.
        """
        self._remove(document_ids)
        for name in self._flush():
            with self._used() as client:
                client.compact(name)

    def sources(self) -> Mapping[str, str]:
        """Every source with the id of its document."""
        with self._lock, self._used():
            return dict(self._heads.owners())

    def files(self) -> Mapping[str, KnownFile]:
        """The files that were read and whose documents are all here still, by name."""
        found: dict[tuple[str, str, int], dict[str, str]] = {}
        for head in self._all():
            for source, file in head.files.items():
                found.setdefault(file, {})[source] = head.about.id
        return {
            name: KnownFile(stamp, documents)
            for (name, stamp, count), documents in found.items()
            if len(documents) == count
        }

    def put_file(self, name: str, stamp: str, sources: Sequence[str]) -> None:
        """Keeps that the file, as it was when it had this stamp, was read into the documents with these sources."""
        with self._writing():
            self._heads.note_file(name, stamp, sources)

    def find(self, name: str) -> Document:
        """The document with that id, source or beginning of an id. Raises `DocumentNotFound`, also for several."""
        everything = self.about()
        ids = (
            [each.id for each in everything if each.id == name]
            or [each.id for each in everything if name in each.sources]
            or [each.id for each in everything if each.id.startswith(name)]
        )
        if len(ids) > 1:
            raise DocumentNotFound.ambiguous(name, ids, self.place)
        return self.document(ids[0] if ids else name)

    def about(self) -> tuple[About, ...]:
        """What is known of every document without its text, in the order in which they were added."""
        return tuple(head.about for head in self._all())

    def documents(self) -> Iterator[Document]:
        """Every document, in the order in which they were added."""
        for about in self.about():
            try:
                yield self.document(about.id)
            except DocumentNotFound:  # it was removed meanwhile
                continue

    def document(self, document_id: str) -> Document:
        """One document. Raises `DocumentNotFound`."""
        with self._used() as client:
            about, version = (head := self._head(document_id)).about, head.version
            condition = f'document == "{document_id}" and version == {version} and part > {HEAD}'
            parts = sorted(server.scan(client, self._documents, condition, ["part", "content"]), key=_part)
        body = json.loads("".join(part["content"] for part in parts))
        return Document(about.id, about.title, about.sources, body["text"], tuple(body["pages"]), about.metadata)

    def passages(self, document_id: str) -> tuple[Passage, ...]:
        """The passages of one document, in its order; none when it is not there."""
        with self._used() as client:
            try:
                head = self._head(document_id)
            except DocumentNotFound:
                return ()
            if not self._has_passages():
                return ()
            condition = f'document == "{document_id}" and version == {head.version}'
            rows = sorted(server.scan(client, self._passages, condition, _PASSAGE), key=lambda row: row["start"])
            return tuple(map(self._passage, rows))

    def search_vector(
        self, vector: Vectors, count: int, among: Collection[str] | None = None
    ) -> list[tuple[Passage, float]]:
        """The `count` nearest passages, cosine descending; vector: (d,), a unit vector. among: ids of documents."""
        return self._search("vector", vector.tolist(), count, among)

    def search_words(self, text: str, count: int, among: Collection[str] | None = None) -> list[tuple[Passage, float]]:
        """The `count` best passages by BM25 over the words of `text`, higher is better. among: ids of documents.

        Words are stemmed and match without accents; one of them is enough. Any text may be given.
        """
        wanted = " ".join(dict.fromkeys(terms(" ".join(searched(text)))))
        return self._search("weights", shortened(wanted), count, among) if wanted else []

    def _search(
        self, field: str, wanted: object, count: int, among: Collection[str] | None
    ) -> list[tuple[Passage, float]]:
        if count <= 0 or (among is not None and not among):
            return []
        with self._used() as client:
            if not self._has_passages():
                return []
            asked = min(count, MOST_FOUND)
            while True:  # mostly once: what is just being replaced, or what a kill left, is found and does not count
                (found,) = client.search(
                    self._passages,
                    data=[wanted],
                    anns_field=field,
                    limit=asked,
                    filter=server.one_of("document", sorted(among)) if among is not None else "",
                    output_fields=_PASSAGE,
                )
                versions = self._versions({hit["entity"]["document"] for hit in found})
                hits = [hit for hit in found if versions.get(hit["entity"]["document"]) == hit["entity"]["version"]]
                if len(hits) >= count or len(found) < asked or asked == MOST_FOUND:
                    # milvus-lite gives BM25 below zero, the server above: both say the best first
                    return [(self._passage(hit["entity"]), _score(field, hit["distance"])) for hit in hits[:count]]
                asked = min(2 * asked, MOST_FOUND)

    def _versions(self, ids: Collection[str]) -> dict[str, int]:
        if not ids:
            return {}
        condition = f"{server.one_of('key', sorted(ids))} and part == {HEAD}"
        rows = self._client.query(self._documents, filter=condition, output_fields=["key", "version"])
        return {row["key"]: row["version"] for row in rows}

    def _passage(self, row: Mapping[str, Any]) -> Passage:
        span = Span(row["start"], row["end"])
        text = row["text"] or span.within(self.document(row["document"]).text)  # "" when it is too long for a row
        return Passage(row["document"], span, text, row["page"] or None, row["heading"])

    def _all(self) -> list[Head]:
        with self._lock, self._used():
            return list(self._heads.now().values())

    def _known(self, document_id: str) -> Head:
        if head := self._heads.now().get(document_id):
            return head
        raise DocumentNotFound.of(document_id, self.place)

    def _head(self, document_id: str) -> Head:
        if IDENTITY.fullmatch(document_id):
            condition = f'key == "{document_id}" and part == {HEAD}'
            for row in self._client.query(self._documents, filter=condition, output_fields=FIELDS):
                return Head.of(row)
        raise DocumentNotFound.of(document_id, self.place)

    def _flush(self) -> list[str]:
        """Gives the names of the collections that are there."""
        with self._used() as client:
            names = [name for name in (self._documents, self._passages) if client.has_collection(name)]
            for name in names:
                client.flush(name)
        return names

    def _remove(self, document_ids: Sequence[str]) -> None:
        with self._writing():
            there = [each for each in dict.fromkeys(document_ids) if each in self._heads.now()]
            if there:
                self._heads.replace([], there)
                self._clear_documents(there)

    def _clear_documents(self, gone: Sequence[str]) -> None:
        if gone:
            self._clear(server.one_of("document", list(gone)))

    def _clear(self, condition: str) -> None:
        """Deletes rows that no longer count; those by which a sweep finds the others last."""
        if self._has_passages():
            self._client.delete(self._passages, filter=condition)
        self._client.delete(self._documents, filter=condition)

    def _sweep(self) -> None:
        """Deletes what a kill left: texts and marks of versions that no head names, and their passages."""
        condition = f'part != {HEAD} and document != "" and version < {time.time_ns() - _UNFINISHED_NS}'
        rows = server.scan(self._client, self._documents, condition, ["document", "version"])
        found = {(row["document"], row["version"]) for row in rows}
        if found:
            counted = {(head.about.id, head.version) for head in self._all()}
            for document, version in sorted(found - counted):
                self._clear(f'document == "{document}" and version == {version}')

    def _has_passages(self) -> bool:
        if not self._dimension:
            self._dimension = server.get_dimension(self._client, self._passages)
            if self._dimension:
                self._client.load_collection(self._passages)
        return self._dimension > 0

    def _fit(self, dimension: int) -> None:
        if not self._has_passages():
            server.lay_passages(self._client, self._passages, dimension)
            self._dimension = dimension
        if self._dimension != dimension:
            raise self._mismatch("vectors' dimension", str(self._dimension), str(dimension))

    def _said(self) -> dict[str, str]:
        """What the library says of itself; nothing before it is made whole."""
        condition = f'key == "{_LIBRARY}"'
        rows = self._client.query(
            self._documents, filter=condition, output_fields=["content"], consistency_level="Strong"
        )
        return json.loads(rows[0]["content"]) if rows else {}

    def _check(self, embedder_name: str | None) -> None:
        said = self._said()
        wanted = {"version": str(server.VERSION), "splitter": SPLITTER, "embedder": embedder_name or said["embedder"]}
        for what, value in wanted.items():
            if said[what] != value:
                raise self._mismatch(what, said[what], value)

    @contextmanager
    def _used(self) -> Iterator[Client]:
        with server.mended(self._place):
            yield self._client

    @contextmanager
    def _writing(self) -> Iterator[Client]:
        with self._lock, server.mended(self._place):
            self._wrote = True
            yield self._client

    def _mismatch(self, what: str, there: str, wanted: str) -> LibraryMismatch:
        return LibraryMismatch(
            f"the library at {self.place} was built with another {what} (there: {there!r}, wanted: {wanted!r})",
            "build another one: `qa index PATH --library OTHER_PLACE`",
        )


def _no_library(place: MilvusPlace) -> LibraryNotFound:
    return LibraryNotFound(f"no library at {place}", f"build one: `qa index PATH --library {place}`")


def _part(row: Row) -> int:
    return int(row["part"])


def _score(field: str, distance: float) -> float:
    return abs(distance) if field == "weights" else distance
