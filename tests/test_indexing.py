"""A library follows its files: new ones come, changed ones are read again, and those that are gone leave when asked."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from qa.documents import file_stamp
from qa.errors import DocumentNotFound, LibraryNotFound, NoDocuments, UnreadableDocument
from qa.indexing import IndexChange, index, index_paths, prune
from qa.library import Library
from qa.types import Document, Vectors
from tests.documents.writers import jsonl, written
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder()


class CountingEmbedder(WordEmbedder):
    """Keeps how many texts were embedded."""

    def __init__(self) -> None:
        self.texts = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return super().embed(texts)


def document(number: int, text: str = "", source: str = "") -> Document:
    text = text or f"Text {number} tells of a bridge.\n\nIt says no more."
    return Document(f"id{number}-{len(text)}", f"Title {number}", (source or f"{number}.txt",), text)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path / "library", EMBEDDER.name) as opened:
        yield opened


def test_known_texts_cost_nothing(store: Library) -> None:
    embedder = CountingEmbedder()
    seen: list[str] = []
    first = index(store, [document(0), document(1)], embedder, lambda done: seen.append(done.id))
    texts = embedder.texts
    again = index(store, [document(0), document(1)], embedder)
    assert first == IndexChange(added=(document(0).id, document(1).id))
    assert again == IndexChange(unchanged=(document(0).id, document(1).id))
    assert embedder.texts == texts > 0
    assert seen == [document(0).id, document(1).id]


def test_a_new_place_of_a_known_text_is_recorded(store: Library) -> None:
    embedder = CountingEmbedder()
    index(store, [document(0)], embedder)
    texts = embedder.texts
    index(store, [replace(document(0), sources=("moved.txt",))], embedder)
    assert store.document(document(0).id).sources == ("0.txt", "moved.txt")
    assert embedder.texts == texts


def test_a_new_text_replaces_the_older_one_of_its_source(store: Library) -> None:
    index(store, [document(0), document(1)], EMBEDDER)
    newer = document(2, source="0.txt")
    assert index(store, [newer], EMBEDDER) == IndexChange(replaced=(newer.id,))
    assert list(store.documents()) == [document(1), newer]


def test_a_text_with_another_source_stays(store: Library) -> None:
    both = replace(document(0), sources=("0.txt", "copy.txt"))
    index(store, [both], EMBEDDER)
    index(store, [document(2, source="0.txt")], EMBEDDER)
    assert [known.sources for known in store.documents()] == [("copy.txt",), ("0.txt",)]


def test_a_text_that_goes_back_and_forth(store: Library) -> None:
    for number in (0, 1, 0):
        index(store, [document(number, source="same.txt")], EMBEDDER)
    assert list(store.documents()) == [document(0, source="same.txt")]


def test_sources_of_an_unknown_document(store: Library) -> None:
    with pytest.raises(DocumentNotFound, match="no document 'gone'"):
        store.set_sources("gone", ["a"])


def test_pruning_forgets_only_what_lay_in_the_folder(store: Library) -> None:
    places = [("f/a.txt",), ("f/b.txt", "g/b.txt"), ("g/c.txt",), ("https://x.org/f/d",), ("ff/e.txt",)]
    index(store, [replace(document(n), sources=place) for n, place in enumerate(places)], EMBEDDER)
    assert prune(store, [Path("f").absolute()], {}) == (document(0).id,)
    left = [("g/b.txt",), ("g/c.txt",), ("https://x.org/f/d",), ("ff/e.txt",)]
    assert [known.sources for known in store.documents()] == left
    assert prune(store, [Path("g")], {"g/b.txt": ["g/b.txt"]}, ["g/c.txt"]) == ()
    assert prune(store, [], {}) == ()
    assert prune(store, [Path()], {}) == tuple(document(number).id for number in (1, 2, 4))


class Folder:
    """Some files, and the library of them. A test's files are all young: none is waited for."""

    def __init__(self, place: Path) -> None:
        self.place = place / "files"
        self.library = place / "library"
        self.embedder = CountingEmbedder()

    def write(self, name: str, content: str | bytes) -> Path:
        return written(self.place, name, content)

    def index(self, *paths: Path, prunes: bool = False, settled_s: float = 0) -> IndexChange:
        return index_paths(self.library, paths or [self.place], self.embedder, prunes=prunes, settled_s=settled_s)

    def sources(self) -> list[str]:
        with Library.open(self.library) as library:
            return sorted(source.removeprefix(f"{self.place}/") for source in library.sources())

    def known(self) -> list[str]:
        """The files that the next run would not read, if they do not change."""
        with Library.open(self.library) as library:
            return sorted(name.removeprefix(f"{self.place}/") for name in library.files())


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


ARTICLES = ({"id": "1", "text": "One."}, {"id": "2", "text": "Two."})


def test_an_unchanged_folder_is_not_read_again(folder: Folder) -> None:
    for name, content in (("a.txt", b"A text."), ("sub/b.md", b"# Another"), ("c.jsonl", jsonl(*ARTICLES))):
        folder.write(name, content)
    told: list[tuple[int, int]] = []
    first = folder.index()
    assert (len(first.added), first.unchanged) == (4, ())
    assert folder.known() == ["a.txt", "c.jsonl", "sub/b.md"]
    content, times = (folder.place / "a.txt").read_bytes(), (folder.place / "a.txt").stat()
    texts = folder.embedder.texts
    again = index_paths(folder.library, [folder.place], folder.embedder, on_file=lambda *n: told.append(n), settled_s=0)
    assert again == IndexChange(unchanged=first.added)
    assert folder.embedder.texts == texts
    assert told == [(1, 3), (2, 3), (3, 3)]
    (folder.place / "a.txt").write_bytes(content[::-1])
    os.utime(folder.place / "a.txt", ns=(times.st_atime_ns, times.st_mtime_ns))  # as if it had never been touched
    assert len(folder.index().replaced) == 1


def test_a_file_that_was_just_changed_is_read_again(folder: Folder) -> None:
    folder.write("a.txt", "A text.")
    folder.index(settled_s=3_600)
    assert folder.known() == []
    assert file_stamp(folder.place / "a.txt", settled_s=3_600) == ""
    assert file_stamp(folder.place / "a.txt", settled_s=0) != ""
    assert file_stamp(folder.place / "gone.txt") == ""


def test_a_damaged_file_is_told_each_time_and_what_was_read_of_it_stays(folder: Folder) -> None:
    folder.write("a.txt", "A text.")
    folder.write("b.jsonl", jsonl(*ARTICLES, "no object"))
    for _ in range(2):
        (failure,) = folder.index(prunes=True).failures
        assert "b.jsonl: 1 of 3 lines are no articles" in failure.message
    assert folder.known() == ["a.txt"]
    folder.write("a.txt", b"\xff\xfe\xfd")
    change = folder.index(prunes=True)
    assert (len(change.failures), change.removed) == (2, ())
    assert folder.sources() == ["a.txt", "b.jsonl#1", "b.jsonl#2"]


def test_what_is_gone_leaves_when_asked(folder: Folder) -> None:
    for name, content in (("a.txt", b"A text."), ("copy.txt", b"A text."), ("c.jsonl", jsonl(*ARTICLES))):
        folder.write(name, content)
    folder.write("d.txt", "Another.")
    added = folder.index().added
    (folder.place / "d.txt").unlink()
    (folder.place / "copy.txt").unlink()
    folder.write("c.jsonl", jsonl(ARTICLES[1]))
    assert folder.index().removed == ()
    assert folder.sources() == ["a.txt", "c.jsonl#1", "c.jsonl#2", "copy.txt", "d.txt"]
    assert len(folder.index(prunes=True).removed) == 2  # c.jsonl has not changed since the run before
    assert folder.sources() == ["a.txt", "c.jsonl#2"]
    assert folder.index(prunes=True) == IndexChange(unchanged=(added[0], added[2]))


def test_a_file_that_moved_is_not_embedded_again(folder: Folder) -> None:
    folder.write("a.txt", "A text.")
    folder.index()
    texts = folder.embedder.texts
    (folder.place / "a.txt").rename(folder.place / "b.txt")
    assert folder.index(prunes=True).removed == ()
    assert (folder.sources(), folder.embedder.texts) == (["b.txt"], texts)


def test_a_file_that_is_spelled_otherwise_is_the_same_source(
    folder: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write("a.txt", "A text.")
    folder.write("c.jsonl", jsonl(*ARTICLES))
    monkeypatch.chdir(tmp_path)
    first = folder.index(Path("files"))
    for spelling in (folder.place, Path("./files"), folder.place / "a.txt"):
        assert set(folder.index(spelling).unchanged) <= set(first.added)
    assert folder.sources() == ["files/a.txt", "files/c.jsonl#1", "files/c.jsonl#2"]
    folder.write("a.txt", "A newer text.")
    folder.write("b.txt", "Another.")
    change = folder.index(folder.place, prunes=True)
    assert (len(change.replaced), len(change.added), change.removed) == (1, 1, ())
    assert folder.sources() == ["b.txt", "files/a.txt", "files/c.jsonl#1", "files/c.jsonl#2"]


def test_a_removed_document_is_there_again_when_its_file_is_indexed_again(folder: Folder) -> None:
    folder.write("c.jsonl", jsonl(*ARTICLES))
    first, second = folder.index().added
    with Library.open(folder.library) as library:
        library.erase([second])
    assert folder.known() == []
    assert folder.index() == IndexChange(added=(second,), unchanged=(first,))


def test_an_emptied_folder_removes_nothing(folder: Folder) -> None:
    path = folder.write("a.txt", "A text.")
    folder.index()
    path.unlink()
    with pytest.raises(NoDocuments, match="nothing readable in"):
        folder.index(prunes=True)
    assert folder.sources() == ["a.txt"]


def test_where_nothing_is_readable_no_library_is_made(folder: Folder) -> None:
    folder.write("a.txt", b"\xff\xfe\xfd")
    with pytest.raises(NoDocuments, match=r"a\.txt"):
        folder.index()
    assert not folder.library.exists()
    with pytest.raises(LibraryNotFound):
        Library.open(folder.library)


def test_names_that_are_no_utf_8_are_kept_and_pruned(folder: Folder) -> None:
    odd = folder.place / os.fsdecode(b"od\xffd.txt")
    folder.write("a.txt", "A text.")
    odd.write_text("An odd name.", encoding="utf-8")
    folder.index()
    assert folder.index(prunes=True).removed == ()
    odd.write_bytes(b"\xff\xfe\xfd")
    assert folder.index(prunes=True).removed == ()
    odd.unlink()
    assert len(folder.index(prunes=True).removed) == 1


def test_pages_are_fetched_each_time_and_never_pruned(folder: Folder) -> None:
    folder.write("a.txt", "A text.")
    texts = iter(["A page.", "A page.", "A newer page."])
    asked = []

    def fetch(url: str) -> Document:
        asked.append(url)
        if url.endswith("gone"):
            raise UnreadableDocument(f"{url}: gone", "leave it out")
        text = next(texts)
        return Document(text, "A page", (url,), text)

    urls = ["https://example.org/a", "https://example.org/gone", "https://example.org/a"]

    def index() -> IndexChange:
        return index_paths(
            folder.library, [folder.place], folder.embedder, urls=urls, fetch=fetch, prunes=True, settled_s=0
        )

    first = index()
    assert (first.added[1:], [str(failure) for failure in first.failures]) == (("A page.",), [f"{urls[1]}: gone"])
    assert index().unchanged == first.added
    assert index().replaced == ("A newer page.",)
    assert asked == urls[:2] * 3
    assert folder.index(prunes=True).removed == ()
    assert folder.sources() == ["a.txt", urls[0]]
