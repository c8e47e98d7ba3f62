import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from qa.assistant import prepare
from qa.config import Config
from qa.errors import DocumentNotFound, LibraryError, ModelCorrupt, QAError, UnreadableDocument
from qa.indexing import index
from qa.library import Library
from qa.shelf import Erased, Shelf
from qa.types import Vectors
from tests.builders import topical
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder()
WORDS = "The harbour was widened in 1931."


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    with Library.create(tmp_path / "library", EMBEDDER.name) as library:
        page = replace(topical(1), sources=("https://example.org/harbour",))
        yield Shelf(tmp_path / "library", library, EMBEDDER, fetch=lambda url: replace(page, sources=(url,)))


def given(tmp_path: Path, text: str = WORDS) -> Path:
    path = tmp_path / "given"
    path.write_text(text)
    return path


def test_a_file_is_kept_searched_and_erased_whole(shelf: Shelf, tmp_path: Path) -> None:
    change = shelf.add_file(given(tmp_path), "../harbour.md")
    copy = tmp_path / "library/uploads/harbour.md"
    assert copy.read_text() == WORDS
    assert [about.sources for about in shelf.about()] == [(str(copy),)]
    assert shelf.library.search_words("harbour", 1)[0][0].text == WORDS
    assert shelf.erase(change.added) == (Erased("harbour.md", ()),)
    assert shelf.about() == ()
    left = [path for path in (tmp_path / "library").rglob("*") if path.is_file()]
    assert [path.name for path in left if WORDS.encode() in path.read_bytes()] == []


def test_files_of_others_are_named_and_stay(shelf: Shelf, tmp_path: Path) -> None:
    own = given(tmp_path)
    document = replace(topical(2), sources=(str(own), "https://example.org/a"))
    index(shelf.library, [document], EMBEDDER)
    assert shelf.erase([document.id]) == (Erased("Title 2", (str(own),)),)
    assert own.exists()


def test_a_page_is_fetched_by_its_address(shelf: Shelf) -> None:
    shelf.add_page("https://example.org/1")
    assert shelf.about()[0].sources == ("https://example.org/1",)
    with pytest.raises(UnreadableDocument, match=r"'example\.org' is no address of a page"):
        shelf.add_page("example.org")


def test_what_cannot_be_read_is_not_kept(shelf: Shelf, tmp_path: Path) -> None:
    with pytest.raises(QAError, match=r"a\.pdf: damaged, or no \.pdf file"):
        shelf.add_file(given(tmp_path, "no PDF"), "a.pdf")
    assert list((tmp_path / "library/uploads").iterdir()) == []


def test_a_file_is_kept_when_the_embedder_fails(tmp_path: Path) -> None:
    class Broken(WordEmbedder):
        def embed(self, texts: Sequence[str]) -> Vectors:
            raise ModelCorrupt("the weights cannot be read", "install them again")

    with Library.create(tmp_path / "library", EMBEDDER.name) as library:
        with pytest.raises(ModelCorrupt):
            Shelf(tmp_path / "library", library, Broken()).add_file(given(tmp_path), "harbour.md")
        assert (tmp_path / "library/uploads/harbour.md").read_text() == WORDS


def test_a_date_that_no_calendar_has_is_kept_as_it_stands(shelf: Shelf, tmp_path: Path) -> None:
    odd = "Mon, 1 Jan 99999999999999 00:00:00 +0000"
    shelf.add_file(given(tmp_path, json.dumps({"text": WORDS, "date": odd})), "a.jsonl")
    assert shelf.about()[0].metadata["date"] == odd


def test_an_unknown_document_erases_nothing(shelf: Shelf, tmp_path: Path) -> None:
    change = shelf.add_file(given(tmp_path), "a.md")
    with pytest.raises(DocumentNotFound):
        shelf.erase([*change.added, "other"])
    assert len(shelf.about()) == 1


def test_a_library_that_cannot_be_written_says_so(shelf: Shelf, tmp_path: Path) -> None:
    shelf.place = Path("/proc/library")  # a disk that nobody writes to
    assert "cannot be written to" in shelf.why_read_only
    with pytest.raises(LibraryError, match="cannot be written to"):
        shelf.add_file(given(tmp_path), "a.md")


def test_statements_are_of_one_document(shelf: Shelf, tmp_path: Path) -> None:
    text = 'Ada Brook opened the bakery. "Bread is older than kings," Brook said.'
    change = shelf.add_file(given(tmp_path, text), "bakery.md")
    assert [each.speaker for each in shelf.statements(change.added[0])] == ["Ada Brook"]


@pytest.mark.model
def test_a_later_start_reads_what_was_given_and_says_nothing_without(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    documents, library = tmp_path / "documents", tmp_path / "library"
    documents.mkdir()
    (documents / "a.md").write_text("The mill stands on the hill.")
    config = Config.load(library=library, documents=documents)
    assert len(prepare(config).added) == 1
    assert caplog.messages == []
    (library / "uploads").mkdir()
    (library / "uploads/harbour.md").write_text(WORDS)  # as a kill between the copy and the library leaves it
    prepare(config)
    prepare(config)  # what is gone from the documents' folder is removed, and nothing else
    with Library.open(library) as opened:
        assert [about.title for about in opened.about()] == ["a.md", "harbour.md"]
