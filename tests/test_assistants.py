from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.assistant import Assistant
from qa.assistants import Assistants, Scope
from qa.errors import DocumentNotFound, LibraryMismatch, LibraryNotFound
from qa.indexing import index
from qa.library import Library
from qa.reading import SentenceReader
from tests.builders import topical
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder()
DOCUMENTS = [topical(number) for number in range(3)]
QUESTION = "What does sentence 3 tell of the harbour again?"


@pytest.fixture
def assistants(tmp_path: Path) -> Iterator[Assistants]:
    """Over a library "one" of three documents, beside a library "two" of the last of them."""
    for name, documents in (("one", DOCUMENTS), ("two", DOCUMENTS[2:])):
        with Library.create(tmp_path / name, EMBEDDER.name) as library:
            index(library, documents, EMBEDDER)
    (tmp_path / "no library").mkdir()
    with Library.open(tmp_path / "one") as library:
        first = Assistant(library, EMBEDDER, SentenceReader(EMBEDDER), None)
        with Assistants(first, tmp_path / "one") as assistants:
            yield assistants


def titles(assistant: Assistant, question: str = QUESTION) -> set[str]:
    """Of the documents that a question brings up."""
    return {assistant.document(hit.passage.document_id).title for hit in assistant.ask(question).hits}


def test_the_first_library_comes_first(assistants: Assistants, tmp_path: Path) -> None:
    assert list(assistants.names) == ["one", "two"]
    assert assistants.get(Scope()) is assistants.first
    assert assistants.get(Scope("one")) is assistants.first
    with Library.create(tmp_path / "another", EMBEDDER.name):
        assert list(assistants.names) == ["one", "another", "two"]


def test_each_library_answers_from_its_own_documents(assistants: Assistants) -> None:
    assert titles(assistants.get(Scope("one"))) == {"Title 0", "Title 1", "Title 2"}
    assert titles(assistants.get(Scope("two"))) == {"Title 2"}


def test_a_choice_is_all_that_is_searched(assistants: Assistants) -> None:
    chosen = assistants.get(Scope("one", frozenset({DOCUMENTS[0].id, DOCUMENTS[2].id})))
    assert titles(chosen) == {"Title 0", "Title 2"}
    assert titles(assistants.get(Scope("one"))) == {"Title 0", "Title 1", "Title 2"}
    assert chosen.document(DOCUMENTS[1].id) == DOCUMENTS[1]  # a citation from before the choice still opens


def test_models_are_shared_and_libraries_are_opened_once(assistants: Assistants) -> None:
    other, chosen = assistants.get(Scope("two")), assistants.get(Scope("two", frozenset({DOCUMENTS[2].id})))
    assert other is assistants.get(Scope("two"))
    for each in (other, chosen):
        assert each.embedder is assistants.first.embedder
        assert each.reader is assistants.first.reader


@pytest.mark.parametrize("name", ["three", "no library", "../one", "/", "."])
def test_no_other_folder_is_a_library(assistants: Assistants, name: str) -> None:
    with pytest.raises(LibraryNotFound, match="no library"):
        assistants.get(Scope(name))


def test_a_choice_of_what_is_gone_is_an_error(assistants: Assistants) -> None:
    scope = Scope("one", frozenset({DOCUMENTS[0].id}))
    assistants.library("one").remove(DOCUMENTS[0].id)
    with pytest.raises(DocumentNotFound, match="the choice of 1"):
        assistants.get(scope)


def test_a_library_of_another_embedder_is_refused(assistants: Assistants, tmp_path: Path) -> None:
    with Library.create(tmp_path / "foreign", "another embedder"):
        pass
    with pytest.raises(LibraryMismatch, match="another embedder"):
        assistants.get(Scope("foreign"))
