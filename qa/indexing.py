"""Brings a library up to date with files, folders and web pages; answers no question and reads no format itself."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from qa.documents import (
    SETTLED_S,
    file_of,
    file_stamp,
    files_under,
    is_folder,
    is_there,
    is_url,
    nothing_in,
    read_file,
    source_name,
)
from qa.errors import DocumentNotFound, LibraryNotFound, UnreadableDocument
from qa.libraries import Library, Place, create_library, open_library
from qa.passages import split
from qa.rows import KnownFile
from qa.types import Document, Embedder, Passage


@dataclass(frozen=True, slots=True)
class IndexChange:
    """What one run did: ids of documents. replaced: new texts in the place of older ones. removed: by pruning.

    failures: files, or parts of them, that could not be read.
    """

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failures: tuple[UnreadableDocument, ...] = ()


def index(
    library: Library,
    documents: Iterable[Document],
    embedder: Embedder,
    on_document: Callable[[Document], None] | None = None,
) -> IndexChange:
    """Makes `documents` searchable, one after the other as they come; `on_document` is called after each.

    A document whose text is known costs nothing but the recording of new sources. A new text from a known
    source replaces the older one. A kill keeps every document that was finished.
    """
    owners = dict(library.sources())
    known = set(owners.values())
    added, replaced, unchanged = list[str](), list[str](), list[str]()
    for document in documents:
        older = {owners[source] for source in document.sources if source in owners} - {document.id}
        if document.id in known and _is_known(library, document, owners):
            unchanged.append(document.id)
        else:
            passages = split(document)
            vectors = embedder.embed([embedded_text(document.title, each) for each in passages])
            library.add(document, passages, vectors)
            (replaced if older else added).append(document.id)
        owners.update(dict.fromkeys(document.sources, document.id))
        known.add(document.id)
        known -= older - set(owners.values())  # they went when they lost their last source
        if on_document:
            on_document(document)
    return IndexChange(tuple(added), tuple(replaced), tuple(unchanged))


def _is_known(library: Library, document: Document, owners: Mapping[str, str]) -> bool:
    """Whether the text is there, now with the sources of `document` too; it may have been removed meanwhile."""
    if all(owners.get(source) == document.id for source in document.sources):
        return True
    try:
        library.add_sources(document.id, document.sources)
    except DocumentNotFound:
        return False
    return True


def embedded_text(title: str, passage: Passage) -> str:
    """What is embedded for a passage: the title and the heading say what "he" and "it" are about."""
    return "\n".join(dict.fromkeys(filter(None, (title, passage.heading, passage.text))))


def index_paths(
    place: Place,
    paths: Sequence[Path],
    embedder: Embedder,
    *,
    urls: Sequence[str] = (),
    fetch: Callable[[str], Document] | None = None,
    prunes: bool = False,
    on_file: Callable[[int, int], None] | None = None,
    settled_s: float = SETTLED_S,
    key: str = "",
) -> IndexChange:
    """Brings the library at `place`, made when there is none, up to date with files, folders and web pages.

    A file that has not changed since it was read is not read again; a page is fetched each time, by `fetch`, which is
    `read_page` with its limits when none is given. prunes: what is gone from the folders among `paths` is removed.
    `on_file` is told how many files and pages are done, and of how many. settled_s: a file that was changed less long
    ago is read again the next time, too. key: what a Milvus server wants for a password.
    Raises `NoDocuments` when nothing at all is readable (nothing is removed then), and as `create_library` does.
    """
    with ExitStack() as opened:
        library = _existing(place, embedder.name, key)
        known, sources = ({}, {}) if library is None else (opened.enter_context(library).files(), library.sources())
        files = _Files(_named(paths, sources), urls, known, settled_s)
        read = files.read(fetch or _fetch, on_file)
        first = next(read, None)
        if first is None and not files.sources:
            raise nothing_in([*paths, *urls], files.failures)
        if library is None:  # only now: a folder in which nothing is readable leaves no empty library behind
            library = opened.enter_context(create_library(place, embedder.name, key))
        change = index(library, _kept(library, files, chain(filter(None, [first]), read)), embedder)
        folders = [path for path in paths if is_folder(path)] if prunes else []
        removed = prune(library, folders, files.sources, files.paths.keys() - files.sources.keys())
        library.prepare()
        return replace(
            change,
            unchanged=tuple(dict.fromkeys((*files.unchanged, *change.unchanged))),
            removed=removed,
            failures=tuple(files.failures),
        )


def prune(
    library: Library, folders: Sequence[Path], read: Mapping[str, Collection[str]], unread: Collection[str] = ()
) -> tuple[str, ...]:
    """Forgets the sources in `folders` that are gone; gives the ids of the documents that were removed.

    A source is gone when its file is, or when the file was read and no longer holds it. A document that came from
    another place too stays. read: files with their sources. unread: files that are there, and of which nothing goes.
    """
    owners = library.sources()
    gone = {source for source in owners if _lies_in(source, folders) and _is_gone(source, read, unread)}
    removed = []
    for document_id in dict.fromkeys(owners[source] for source in owners if source in gone):
        left = [source for source in library.document(document_id).sources if source not in gone]
        if left:
            library.set_sources(document_id, left)
        else:
            library.remove(document_id)
            removed.append(document_id)
    return tuple(removed)


def _named(places: Sequence[Path], sources: Iterable[str]) -> dict[str, Path]:
    """The files under paths by name: one that is a source already, spelled otherwise, goes on under that name."""
    files = {source_name(path): path for place in places for path in files_under(place)}
    known = {file_of(source) for source in sources if not is_url(source)}
    if files.keys() <= known:
        return files
    spelled = {Path(name).absolute(): Path(name) for name in known if is_there(Path(name))}
    paths = [path if name in known else spelled.get(path.absolute(), path) for name, path in files.items()]
    return {source_name(path): path for path in paths}


class _Files:
    """The files under paths, and web pages. sources: of each that was read whole, its sources with their ids."""

    def __init__(
        self, paths: Mapping[str, Path], urls: Sequence[str], known: Mapping[str, KnownFile], settled_s: float
    ) -> None:
        self.paths = paths
        self.stamps = {name: file_stamp(path, settled_s) for name, path in self.paths.items()}
        same = (name for name, stamp in self.stamps.items() if name in known and known[name].stamp == stamp)
        self.sources: dict[str, Mapping[str, str]] = {name: known[name].documents for name in same}
        self.unchanged = [document_id for each in self.sources.values() for document_id in each.values()]
        self.failures: list[UnreadableDocument] = []
        self._urls = dict.fromkeys(urls)

    def read(
        self, fetch: Callable[[str], Document], on_file: Callable[[int, int], None] | None
    ) -> Iterator[tuple[str, tuple[Document, ...]]]:
        """The names of the changed files and of the pages with their documents, each read when it is asked for."""
        names = [*self.paths, *self._urls]
        for place, name in enumerate(names, 1):
            if name not in self.sources:
                documents, failures = read_file(self.paths[name]) if name in self.paths else _page(name, fetch)
                self.failures += failures
                if not failures:
                    self.sources[name] = {each.sources[0]: each.id for each in documents}
                if documents:
                    yield name, documents
            if on_file:
                on_file(place, len(names))


def _page(url: str, fetch: Callable[[str], Document]) -> tuple[tuple[Document, ...], tuple[UnreadableDocument, ...]]:
    try:
        return (fetch(url),), ()
    except UnreadableDocument as failure:
        return (), (failure,)


def _fetch(url: str) -> Document:
    from qa.documents.pages import read_page

    return read_page(url)


def _kept(library: Library, files: _Files, read: Iterable[tuple[str, tuple[Document, ...]]]) -> Iterator[Document]:
    """The documents, and after those of each file, when they are in the library, the file's stamp is kept there."""
    for name, documents in read:
        yield from documents
        if name in files.sources and (stamp := files.stamps.get(name)):
            library.put_file(name, stamp, list(files.sources[name]))


def is_library(place: Place, embedder_name: str, key: str = "") -> bool:
    """Whether there is a library at `place`. Raises `LibraryError` for one that cannot be used."""
    try:
        open_library(place, embedder_name, key).close()
    except LibraryNotFound:
        return False
    return True


def _existing(place: Place, embedder_name: str, key: str) -> Library | None:
    if not is_library(place, embedder_name, key):
        return None
    return create_library(place, embedder_name, key)  # makes the tables that an older version did not have


def _is_gone(source: str, read: Mapping[str, Collection[str]], unread: Collection[str]) -> bool:
    file = file_of(source)
    return source not in read[file] if file in read else file not in unread and not is_there(Path(file))


def _lies_in(source: str, folders: Sequence[Path]) -> bool:
    return not is_url(source) and any(Path(source).absolute().is_relative_to(each.absolute()) for each in folders)
