"""The index of vectors keeps in step with the rows: exact scores, nothing that left, no file that does not fit."""

import logging
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import database
from qa.indexing import embedded_text, index
from qa.library import Library
from qa.nearest import Nearest
from qa.types import Vectors
from tests.builders import topical as document
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder()
MADE = "is made from the stored vectors"


def vector(text: str) -> Vectors:
    row: Vectors = EMBEDDER.embed([text])[0]
    return row


def make(folder: Path) -> Library:
    """A library whose vectors lie in lists as soon as there are more than four."""
    return Library.create(folder, EMBEDDER.name, flat_most=4)


def ids(store: Library, text: str, count: int = 999) -> set[str]:
    return {passage.document_id for passage, _ in store.search_vector(vector(text), count)}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Library]:
    with make(tmp_path / "library") as opened:
        yield opened


@settings(deadline=None, max_examples=8)
@given(st.lists(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=6), min_size=1, max_size=4))
def test_what_is_found_is_there_with_its_exact_cosine(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[tuple[int, bool]]]
) -> None:
    """A step: documents that come or go. The file is of an earlier step, lost, or of now."""
    folder = tmp_path_factory.mktemp("any")
    with make(folder) as writer, make(folder) as reader:
        for place, step in enumerate(steps):
            for number, comes in step:
                if comes:
                    index(writer, [document(number)], EMBEDDER)
                else:
                    writer.remove(document(number).id)
            there = {
                passage.id: float(vector("museum") @ vector(embedded_text(known.title, passage)))
                for known in writer.documents()
                for passage in writer.passages(known.id)
            }
            if place % 2:
                writer.prepare()
            with make(folder) as fresh:
                for opened in (reader, fresh):
                    found = {passage.id: score for passage, score in opened.search_vector(vector("museum"), 999)}
                    assert found == pytest.approx(there, abs=1e-6)
                    best = [score for _, score in opened.search_vector(vector("museum"), 3)]
                    assert best == pytest.approx(sorted(there.values(), reverse=True)[:3], abs=1e-6)


def test_an_older_file_is_caught_up_with_and_an_outgrown_one_made_again(
    store: Library, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "qa")
    index(store, map(document, range(40)), EMBEDDER)
    ids(store, "museum")
    kept = (store.folder / "vectors.faiss").read_bytes()
    store.remove(document(3).id)
    index(store, [document(41)], EMBEDDER)
    wanted = {document(number).id for number in (*range(3), *range(4, 40), 41)}
    with make(store.folder) as opened:
        assert ids(opened, "museum") == wanted
    assert (store.folder / "vectors.faiss").read_bytes() == kept
    assert caplog.text.count(MADE) == 1
    for number in (5, 6, 7, 8):
        store.remove(document(number).id)
    with make(store.folder) as opened:
        assert ids(opened, "museum") == wanted - {document(number).id for number in (5, 6, 7, 8)}
    assert caplog.text.count(MADE) == 2


def test_preparing_makes_the_file_for_all_who_have_the_library_open(
    store: Library, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "qa")
    store.prepare()
    index(store, [document(0, "Short.")], EMBEDDER)
    store.prepare()
    assert not (store.folder / "vectors.faiss").exists()  # so few are left as they are
    index(store, map(document, range(8)), EMBEDDER)
    with make(store.folder) as reader:
        store.prepare()
        store.prepare()
        assert ids(reader, "museum") == ids(store, "museum") == {known.id for known in store.documents()}
    assert caplog.text.count(MADE) == 1


def test_a_file_of_another_history_is_not_used(
    store: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Two libraries with one past, each at the same change: a copy that was put back from a backup, say."""
    index(store, map(document, range(8)), EMBEDDER)
    shutil.copytree(store.folder, tmp_path / "copy")
    index(store, [document(8)], EMBEDDER)
    ids(store, "museum")
    with make(tmp_path / "copy") as copy:
        index(copy, [document(11)], EMBEDDER)
        assert copy.change == store.change
        shutil.copy(store.folder / "vectors.faiss", copy.folder)
        caplog.set_level(logging.INFO, "qa")
        assert ids(copy, "museum") == {document(number).id for number in (*range(8), 11)}
    assert caplog.text.count(MADE) == 1


def test_a_file_that_was_being_made_while_something_was_erased_is_not_kept(store: Library) -> None:
    index(store, map(document, range(8)), EMBEDDER)
    slow, connection = Nearest(store.folder, 4), database.connect(store.folder / "library.sqlite", "rw")
    assert slow.current(connection) is not None
    assert len(list(store.folder.glob("*.tmp"))) == 1
    store.erase([document(3).id])
    slow.keep(lambda: nullcontext(connection))
    connection.close()
    assert document(3).id not in ids(store, "railway")
    assert list(store.folder.glob("*.tmp")) == []


def test_threads_ask_while_the_index_is_made(store: Library) -> None:
    index(store, map(document, range(24)), EMBEDDER)
    with ThreadPoolExecutor(4) as pool:
        making = [pool.submit(store.prepare) for _ in range(2)]
        asked = [pool.submit(ids, store, "museum") for _ in range(20)]
        assert [each.result() for each in making] == [None, None]
        assert {frozenset(each.result()) for each in asked} == {frozenset(known.id for known in store.documents())}


def test_the_vectors_asked_for_need_not_be_contiguous(store: Library) -> None:
    index(store, map(document, range(8)), EMBEDDER)
    rows = np.stack([vector("museum"), vector("bridge")], axis=1)
    assert store.search_vector(rows[:, 0], 3) == store.search_vector(vector("museum"), 3)
