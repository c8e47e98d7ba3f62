"""A selection of a library is searched as if its other documents were not there."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qa.errors import DocumentNotFound, InputError
from qa.indexing import index
from qa.library import Library
from qa.rows import About
from qa.selection import SelectedStore, Selection
from qa.types import Document
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder()
QUESTION = EMBEDDER.embed(["Which bridge?"])[0]


def document(number: int, day: str = "") -> Document:
    text = "\n\n".join(f"Line {n} of text {number} tells of the bridge again, and of the river." for n in range(30))
    metadata = {"date": day} if day else {}
    return Document(f"id{number}", f"Report {number}", (f"files/{number}.txt",), text, (), metadata)


DOCUMENTS = [document(number, f"2024-05-{number + 1:02}") for number in range(9)]


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.create(tmp_path, EMBEDDER.name) as opened:
        index(opened, DOCUMENTS, EMBEDDER)
        yield opened


def about(title: str = "", source: str = "a.txt", day: str = "") -> About:
    return About("id", title, (source, "elsewhere/copy.MD"), 9, 0, {"date": day} if day else {})


@pytest.mark.parametrize(
    ("selection", "meant", "left_out"),
    [
        (Selection(), about(), None),
        (Selection(title="MILL"), about("The mill"), about("The bridge")),
        (Selection(source="reports/"), about(source="files/reports/a.pdf"), about(source="reports.pdf")),
        (Selection(source="*.PDF"), about(source="a.pdf"), about(source="a.pdf.txt")),
        (Selection(source="*/copy.md"), about(), None),
        (Selection.of(after="2024-05-03"), about(day="2024-05-03"), about(day="2024-05-02")),
        (Selection.of(before="2024-05-03"), about(day="2024-05-03"), about(day="2024-05-04")),
        (Selection.of(after="2024-05-03"), about(day="2024-06-01"), about()),
        (Selection.of(after="2024-05-03"), about(day="2025-01-01"), about(day="May 2025")),
        (
            Selection.of("*.txt", "mill", "2024-01-01", "2024-12-31"),
            about("Mill", "a.txt", "2024-05-03"),
            about("Mill"),
        ),
    ],
)
def test_what_is_meant(selection: Selection, meant: About, left_out: About | None) -> None:
    assert selection.holds(meant)
    assert left_out is None or not selection.holds(left_out)


def test_only_what_is_meant_is_searched_and_listed(library: Library) -> None:
    store = SelectedStore(library, Selection.of(after="2024-05-03", before="2024-05-05"))
    assert [each.id for each in store.documents()] == ["id2", "id3", "id4"]
    passages = {passage.id for number in (2, 3, 4) for passage in library.passages(f"id{number}")}
    assert {passage.id for passage, _ in store.search_vector(QUESTION, 999)} == passages
    assert {passage.id for passage, _ in store.search_words("bridge", 999)} == passages
    scores = [score for passage, score in library.search_vector(QUESTION, 999) if passage.id in passages]
    assert [score for _, score in store.search_vector(QUESTION, 4)] == scores[:4]
    words = [pair for pair in library.search_words("bridge", 999) if pair[0].id in passages]
    assert store.search_words("bridge", 4) == words[:4]
    assert store.search_vector(QUESTION, 0) == store.search_words("nowhere", 5) == []


def test_a_selection_follows_the_library(library: Library) -> None:
    store = SelectedStore(library, Selection(source="files/7"))
    library.remove("id7")
    assert list(store.documents()) == []
    assert store.search_words("bridge", 9) == store.search_vector(QUESTION, 9) == []
    index(library, [replace(document(7), id="new")], EMBEDDER)
    assert {passage.document_id for passage, _ in store.search_words("bridge", 9)} == {"new"}
    store.remove("new")
    assert "new" not in {each.id for each in library.about()}


def test_nothing_meant_is_an_error_that_names_the_selection(library: Library) -> None:
    with pytest.raises(DocumentNotFound, match=r"is meant by --title 'mill' --after '2024-05-03'") as caught:
        SelectedStore(library, Selection.of(title="mill", after="2024-05-03"))
    assert "qa documents list" in caught.value.hint


def test_what_is_no_day_is_refused() -> None:
    assert Selection.of(after="2024-05-03") == Selection(after=date(2024, 5, 3))
    assert not Selection.of()
    with pytest.raises(InputError, match="not a day: '3 May'"):
        Selection.of(after="3 May")


def test_what_is_known_without_the_text(library: Library) -> None:
    first = library.about()[0]
    text = DOCUMENTS[0].text
    assert first == About("id0", "Report 0", ("files/0.txt",), len(text), 0, {"date": "2024-05-01"})
