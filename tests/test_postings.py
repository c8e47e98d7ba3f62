"""Postings score as FTS5 does, in whatever order passages came and went, and are gone when something is erased."""

import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import database, postings
from qa.indexing import index
from qa.library import DATABASE, Library
from qa.types import Document, Passage, Span
from tests.builders import topical as document
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder()
QUESTION = "Which council met at the Märkte of meeting towns?"


def text(number: int) -> str:
    words = ("council", "towns", "market märkte", "meeting met", "river")
    return " ".join(words[place] for place in range(5) if number % (place + 2) == 0) + f" number {number}."


def numbered(number: int) -> Document:
    return replace(document(number, text(number) * (1 + number % 3)), title=f"Town {number % 4}")


def make(folder: Path) -> Library:
    """A library that makes postings as soon as it is prepared."""
    return Library.create(folder, EMBEDDER.name, flat_most=0)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Library]:
    with make(tmp_path / "library") as opened:
        index(opened, map(numbered, range(60)), EMBEDDER)
        yield opened


def tables(folder: Path) -> set[str]:
    connection = sqlite3.connect(folder / DATABASE)
    names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    connection.close()
    return names


def same(found: list[tuple[Passage, float]], wanted: list[tuple[Passage, float]]) -> None:
    """The same passages with the same scores, but for what 8 bits leave out."""
    assert {passage.id: score for passage, score in found} == pytest.approx(
        {passage.id: score for passage, score in wanted}, rel=0.01, abs=0.02
    )


@pytest.mark.parametrize("question", [QUESTION, "council", "river towns", "number 7", "submarine", "the of"])
def test_they_score_as_fts5_does(store: Library, question: str) -> None:
    wanted = store.search_words(question, 99)
    store.prepare()
    assert "postings" in tables(store.folder)
    same(store.search_words(question, 99), wanted)
    scores = [score for _, score in store.search_words(question, 5)]
    assert scores == pytest.approx([score for _, score in wanted[:5]], rel=0.01, abs=0.02)


@settings(deadline=None, max_examples=6)
@given(st.lists(st.tuples(st.integers(0, 39), st.booleans()), max_size=12), st.integers(1, 50))
def test_what_came_and_went_since_is_found_and_not_found(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, bool]], count: int
) -> None:
    folder = tmp_path_factory.mktemp("any")
    with make(folder) as library:
        index(library, map(numbered, range(20)), EMBEDDER)
        library.prepare()
        for number, comes in steps:
            if comes:
                index(library, [numbered(number)], EMBEDDER)
            else:
                library.remove(numbered(number).id)
        there = {passage.id for known in library.documents() for passage in library.passages(known.id)}
        everything = library.search_words("council number market", 99)
        assert {passage.id for passage, _ in everything} == there
        assert library.search_words("council number market", count) == everything[:count]
        few = [known.id for known in library.documents()][::3]
        chosen = [each for each in everything if each[0].document_id in few]
        assert library.search_words("council number market", 99, few) == chosen


def test_a_long_varint_is_read_as_sqlite_writes_it(store: Library) -> None:
    long = document(99, "A bridge over a river. " * 40_000)
    store.add(long, [Passage(long.id, Span(0, len(long.text)), long.text)], EMBEDDER.embed(["bridge"]))
    wanted = store.search_words("bridge", 5)
    store.prepare()
    same(store.search_words("bridge", 5), wanted)


def test_they_go_when_something_is_erased_and_are_made_anew(store: Library) -> None:
    index(store, [document(77, "The zyxwmarigold is hidden.")], EMBEDDER)
    store.prepare()
    assert b"zyxwmarigold" in (store.folder / DATABASE).read_bytes() + (store.folder / f"{DATABASE}-wal").read_bytes()
    store.erase([document(77, "The zyxwmarigold is hidden.").id])
    files = b"".join(path.read_bytes() for path in store.folder.iterdir())
    assert b"zyxwmarigold" not in files
    assert "postings" in tables(store.folder)
    assert store.search_words("zyxwmarigold", 5) == []
    assert len(store.search_words("number", 99)) == 60


def test_those_that_were_being_made_while_something_was_erased_are_not_kept(store: Library) -> None:
    connection = database.connect(store.folder / DATABASE, "rw")
    made = postings.Made(connection)
    with Library.open(store.folder) as other:
        other.erase([numbered(3).id])
    made.keep(lambda: connection)
    connection.close()
    assert "postings" not in tables(store.folder)


def test_few_changes_leave_them_and_many_outgrow_them(store: Library) -> None:
    store.prepare()
    connection = database.connect(store.folder / DATABASE, "rw")
    assert not postings.is_outgrown(connection)
    index(store, map(numbered, range(100, 104)), EMBEDDER)
    store.remove(numbered(1).id)
    assert not postings.is_outgrown(connection)
    index(store, map(numbered, range(104, 108)), EMBEDDER)
    assert postings.is_outgrown(connection)
    store.prepare()
    assert not postings.is_outgrown(connection)
    connection.close()
