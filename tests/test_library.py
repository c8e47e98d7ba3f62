"""A library survives kills, lost files and other processes, and finds what was put in."""

import hashlib
import json
import os
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa import database
from qa.errors import DocumentNotFound, LibraryCorrupt, LibraryError, LibraryMismatch, LibraryNotFound
from qa.indexing import embedded_text, index
from qa.library import Library
from qa.passages import split
from qa.types import Document, Passage, Vectors
from tests.builders import topical as document
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder()


def vector(text: str) -> Vectors:
    row: Vectors = EMBEDDER.embed([text])[0]
    return row


def found(store: Library, text: str) -> tuple[list[tuple[Passage, float]], list[tuple[Passage, float]]]:
    return store.search_vector(vector(text), 5), store.search_words(text, 5)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "some" / "library"


@pytest.fixture
def store(folder: Path) -> Iterator[Library]:
    with Library.create(folder, EMBEDDER.name) as opened:
        yield opened


def test_what_was_added_is_found(store: Library) -> None:
    index(store, map(document, range(8)), EMBEDDER)
    by_vector, by_words = found(store, "Where is the museum?")
    assert all("museum" in passage.text for passage, _ in by_words)
    for scores in ([score for _, score in by_vector], [score for _, score in by_words]):
        assert scores == sorted(scores, reverse=True)
        assert scores[-1] > 0
    passages = [(known.title, passage) for known in store.documents() for passage in store.passages(known.id)]
    cosines = [float(vector("Where is the museum?") @ vector(embedded_text(*each))) for each in passages]
    assert [score for _, score in by_vector] == pytest.approx(sorted(cosines, reverse=True)[:5])


def test_documents_come_back_whole_and_in_order(store: Library) -> None:
    first = replace(document(1), pages=(0, 40), metadata={"author": "Ann"}, sources=("b", "a"))
    index(store, [first, document(0)], EMBEDDER)
    assert tuple(store.documents()) == (first, document(0))
    assert store.document(first.id) == first
    assert store.passages(first.id) == split(first)
    assert store.passages("gone") == ()
    assert store.embedder_name == "fake-words"
    with pytest.raises(DocumentNotFound, match="no document 'gone' in"):
        store.document("gone")


def test_removing_leaves_nothing_behind(store: Library, folder: Path) -> None:
    index(store, [document(0), document(1)], EMBEDDER)
    store.remove(document(0).id)
    store.remove("gone")
    assert list(store.documents()) == [document(1)]
    assert store.search_words("bridge", 9) == []
    assert {passage.document_id for passage, _ in store.search_vector(vector("bridge"), 99)} == {document(1).id}
    connection = sqlite3.connect(folder / "library.sqlite")
    connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
    assert connection.execute("SELECT count(*) FROM sources").fetchone() == (1,)
    connection.close()


SECRETS = ("Zyxwmarigold", "qvfthimble", "Wjkhexagon", "xqjlantern", "vvzpelican")


def bytes_of(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.parametrize("place", [0, 17, 39])
def test_what_is_erased_is_in_no_file_of_the_library(store: Library, folder: Path, place: int) -> None:
    title, heading, word, source, author = SECRETS
    text = f"# {heading}\n\n" + "\n\n".join(
        f"The {word} number {n} was found again in the old town." for n in range(40)
    )
    secret = Document("secret", title, (f"{source}.md",), text, (), {"author": author})
    others = [document(number) for number in range(40)]
    index(store, [*others[:place], secret, *others[place:]], EMBEDDER)
    index(store, [document(100 + number, source=f"{number}.txt") for number in range(0, 40, 3)], EMBEDDER)
    store.search_vector(vector("bridge"), 1)
    vectors = EMBEDDER.embed([embedded_text(title, passage) for passage in store.passages("secret")])
    traces = [word.lower().encode() for word in SECRETS] + [row.tobytes() for row in vectors]
    before = bytes_of(folder)
    assert [trace for trace in traces if trace not in before.lower() and trace not in before] == []
    with Library.open(folder) as reader:  # one that is not reading just now hinders nothing
        list(reader.documents())
        store.erase(["secret"])
        left = bytes_of(folder)
        assert [trace for trace in traces if trace in left.lower() or trace in left] == []
        assert reader.search_words(word, 5) == []
    assert len(list(store.documents())) == 40
    assert len(store.search_words("tells", 999)) == len(store.search_vector(vector("tells"), 999))


def test_an_erasing_that_was_cut_short_is_completed(store: Library, folder: Path) -> None:
    index(store, [document(0), document(1, f"The {SECRETS[0]} is hidden.")], EMBEDDER)
    store.remove(document(1, f"The {SECRETS[0]} is hidden.").id)
    connection = sqlite3.connect(folder / "library.sqlite", isolation_level=None)
    database.put_meta(connection, "erasing", "begun")  # as a kill leaves it
    store.erase(())
    assert SECRETS[0].encode() not in bytes_of(folder)
    assert "erasing" not in database.get_meta(connection)
    size = len(bytes_of(folder))
    store.erase(())
    assert len(bytes_of(folder)) == size
    connection.close()


def test_a_reader_that_goes_on_hinders_erasing_and_is_named(store: Library, folder: Path) -> None:
    index(store, [document(0), document(1)], EMBEDDER)
    reader = database.connect(folder / "library.sqlite", "rw")
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM documents").fetchone()
    writer = database.connect(folder / "library.sqlite", "rw")
    writer.execute("PRAGMA busy_timeout = 0")
    writer.execute("DELETE FROM documents")
    with pytest.raises(LibraryError, match="another process has been reading") as caught:
        database.rewrite(folder, writer)
    assert "fuser" in caught.value.hint
    reader.execute("COMMIT")
    database.rewrite(folder, writer)
    for connection in (reader, writer):
        connection.close()


def test_documents_go_by_id_source_or_the_beginning_of_an_id(store: Library, folder: Path) -> None:
    first, second = document(0), replace(document(1), sources=("1.txt", "copy.txt"))
    index(store, [first, second], EMBEDDER)
    for name in (second.id, "copy.txt", "1.txt", "id1"):
        assert store.find(name) == second
    with pytest.raises(DocumentNotFound, match=r"2 documents of .* go by 'id'") as caught:
        store.find("id")
    assert caught.value.hint == f"say which: {first.id}, {second.id}"
    for name in ("other", "", "id%", "copy"):
        with pytest.raises(DocumentNotFound):
            store.find(name)


def test_a_library_of_before_files_were_kept_is_brought_up_to_date(store: Library, folder: Path) -> None:
    index(store, [document(0)], EMBEDDER)
    with sqlite3.connect(folder / "library.sqlite") as connection:
        connection.execute("DROP TABLE files")
    connection.close()
    with Library.create(folder, EMBEDDER.name) as opened:
        assert opened.files() == {}
        assert list(opened.documents()) == [document(0)]


def test_an_empty_library_finds_nothing(store: Library) -> None:
    assert found(store, "bridge") == ([], [])
    store.add(document(0), (), EMBEDDER.embed([]))
    assert found(store, "bridge") == ([], [])
    index(store, [document(1)], EMBEDDER)
    store.remove(document(1).id)
    assert found(store, "bridge") == ([], [])
    assert store.search_vector(vector("a"), 0) == []


def test_a_failure_in_the_middle_adds_nothing(store: Library) -> None:
    index(store, [document(0)], EMBEDDER)
    passages = split(document(1))
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        store.add(document(1), passages, EMBEDDER.embed(["one"]))
    with pytest.raises(LibraryMismatch, match=r"vectors' dimension \(there: '64', wanted: '3'\)"):
        store.add(document(1), passages, np.ones((len(passages), 3), dtype=np.float32))
    assert list(store.documents()) == [document(0)]
    assert store.search_words("harbour", 9) == []


QUESTIONS = [
    '"', "'", '""', "bridge AND", "NOT bridge", "NEAR(bridge, 99)", "bridge*", "^bridge", "title:bridge", "-bridge",
    "(bridge", "bridge)", "{bridge}", "a + b", "bridge; DROP TABLE words", "\0bridge", "_", "", " ", "???", "🌉 bridge",
    "\ud800bridge", "über Brücke", "桥在哪里", "%s %d", "\\", "bridge\n\r\u2028bridge", "w " * 5_000,
    " ".join(f"w{n}" for n in range(3_000)),
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_question_text_breaks_the_search(store: Library, question: str) -> None:
    index(store, [document(0), document(1)], EMBEDDER)
    words = [passage.document_id for passage, _ in store.search_words(question, 3)]
    assert set(words) == ({document(0).id} if "bridge" in question else set())


@settings(deadline=None, max_examples=50)
@given(st.text())
def test_no_generated_question_breaks_the_search(tmp_path_factory: pytest.TempPathFactory, question: str) -> None:
    with Library.create(tmp_path_factory.getbasetemp() / "questions", EMBEDDER.name) as store:
        index(store, [document(0)], EMBEDDER)
        assert isinstance(store.search_words(question, 3), list)


class TestOpening:
    def test_no_library(self, folder: Path) -> None:
        with pytest.raises(LibraryNotFound, match=f"no library in {folder}") as caught:
            Library.open(folder)
        assert caught.value.hint == f"build one: `qa index PATH --library {folder}`"
        assert not folder.exists()

    def test_a_kill_before_the_first_transaction_leaves_no_library(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "library.sqlite").touch()
        with pytest.raises(LibraryNotFound, match="no library in"):
            Library.open(folder)
        Library.create(folder, "a").close()
        Library.open(folder, "a").close()

    def test_another_embedder(self, store: Library, folder: Path) -> None:
        with pytest.raises(LibraryMismatch, match=r"embedder \(there: 'fake-words', wanted: 'other'\)"):
            Library.open(folder, "other")
        with pytest.raises(LibraryMismatch, match="another embedder"):
            Library.create(folder, "other")

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ("UPDATE meta SET value = 'old' WHERE name = 'splitter'", r"another splitter \(there: 'old'"),
            ("PRAGMA user_version = 99", r"another version \(there: '99', wanted: '1'\)"),
        ],
    )
    def test_another_version(self, store: Library, folder: Path, change: str, message: str) -> None:
        with sqlite3.connect(folder / "library.sqlite") as connection:
            connection.execute(change)
        connection.close()
        with pytest.raises(LibraryMismatch, match=message):
            Library.open(folder)

    def test_creating_keeps_what_is_there(self, store: Library, folder: Path) -> None:
        index(store, [document(0)], EMBEDDER)
        with Library.create(folder, EMBEDDER.name) as again:
            assert list(again.documents()) == [document(0)]

    def test_a_file_that_is_no_database(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "library.sqlite").write_bytes(b"no database at all " * 100)
        with pytest.raises(LibraryCorrupt, match="is damaged: file is not a database") as caught:
            Library.open(folder)
        assert "qa index PATH --library" in caught.value.hint

    def test_a_damaged_page(self, store: Library, folder: Path) -> None:
        index(store, map(document, range(40)), EMBEDDER)
        store.close()
        path = folder / "library.sqlite"
        content = bytearray(path.read_bytes())
        content[8_192:] = b"\xff" * (len(content) - 8_192)
        path.write_bytes(content)
        with pytest.raises(LibraryCorrupt, match="is damaged"), Library.open(folder) as damaged:
            list(damaged.documents())

    def test_a_folder_that_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with pytest.raises(LibraryError, match="cannot make the folder"):
            Library.create(tmp_path / "file" / "library", "a")
        (tmp_path / "taken" / "library.sqlite").mkdir(parents=True)
        with pytest.raises(LibraryError, match="cannot be used: unable to open"):
            Library.create(tmp_path / "taken", "a")


class TestVectorFile:
    @pytest.fixture
    def path(self, store: Library, folder: Path) -> Path:
        index(store, map(document, range(8)), EMBEDDER)
        store.search_vector(vector("bridge"), 1)
        return folder / "vectors.faiss"

    @pytest.mark.parametrize("harm", ["lost", "empty", "cut", "flipped", "foreign", "folder"])
    def test_it_is_made_again_without_embedding(
        self, store: Library, folder: Path, path: Path, harm: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level("INFO", "qa")
        expected = found(store, "the museum")
        content = path.read_bytes()
        path.unlink()
        if harm == "folder":
            path.mkdir()
        elif harm != "lost":
            flipped = content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]
            path.write_bytes({"empty": b"", "cut": content[:-7], "flipped": flipped, "foreign": b"x" * 999}[harm])
        with Library.open(folder) as opened:
            assert found(opened, "the museum") == expected
        assert "is made from the stored vectors" in caplog.text
        assert harm == "folder" or path.read_bytes() == content
        assert list(folder.glob("*.tmp")) == []

    @pytest.mark.parametrize(("age_s", "left"), [(60, 1), (7_200, 0)])
    def test_what_a_kill_left_unfinished_goes_in_time(
        self, store: Library, folder: Path, path: Path, age_s: int, left: int
    ) -> None:
        unfinished = folder / "vectors.faiss-a1b2.tmp"
        unfinished.touch()
        os.utime(unfinished, (time.time() - age_s,) * 2)
        path.unlink()
        with Library.open(folder) as opened:
            opened.search_vector(vector("museum"), 1)
        assert len(list(folder.glob("*.tmp"))) == left

    def test_a_whole_file_is_used(self, folder: Path, path: Path, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("INFO", "qa")
        with Library.open(folder) as opened:
            assert opened.search_vector(vector("the museum"), 1)
        assert caplog.text == ""

    def test_a_whole_file_that_faiss_cannot_read_is_made_again(self, store: Library, folder: Path, path: Path) -> None:
        expected, body = found(store, "the museum"), b"written by a FAISS to come"
        path.write_bytes(path.read_bytes()[: -len(body)][:21] + hashlib.sha256(body).digest() + body)
        with Library.open(folder) as opened:
            assert found(opened, "the museum") == expected

    def test_an_older_file_is_not_used(self, store: Library, folder: Path, path: Path) -> None:
        old = path.read_bytes()
        store.remove(document(3).id)
        index(store, [document(11, source="new.txt")], EMBEDDER)
        store.search_vector(vector("museum"), 1)
        path.write_bytes(old)
        with Library.open(folder) as opened:
            ids = {passage.document_id for passage, _ in opened.search_vector(vector("museum"), 999)}
        assert ids == {known.id for known in store.documents()}


def test_a_reader_sees_what_another_connection_writes(store: Library, folder: Path) -> None:
    with Library.open(folder) as reader:
        assert found(reader, "bridge") == ([], [])
        index(store, [document(0)], EMBEDDER)
        assert reader.search_vector(vector("bridge"), 1)[0][0].document_id == document(0).id
        store.remove(document(0).id)
        assert found(reader, "bridge") == ([], [])


@settings(deadline=None, max_examples=20)
@given(st.lists(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), max_size=4), min_size=1, max_size=5))
def test_a_library_that_stays_open_searches_as_one_that_is_opened_anew(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[tuple[int, int]]]
) -> None:
    """A step: for some sources, text 1, 2 or 3, or none (0)."""
    folder = tmp_path_factory.mktemp("any")
    with Library.create(folder, EMBEDDER.name) as writer, Library.open(folder) as reader:
        for step in steps:
            for source, edition in step:
                if edition:
                    index(writer, [document(10 * source + edition, source=f"{source}.txt")], EMBEDDER)
                elif f"{source}.txt" in (known := writer.sources()):
                    writer.remove(known[f"{source}.txt"])
            with Library.open(folder) as fresh:
                wanted = fresh.search_vector(vector("Where is the museum?"), 999)
            found = reader.search_vector(vector("Where is the museum?"), 999)
            assert {passage.id: score for passage, score in found} == pytest.approx(
                {passage.id: score for passage, score in wanted}
            )
            (folder / "vectors.faiss").unlink(missing_ok=True)


def test_the_vectors_in_memory_are_brought_up_to_date_not_made_again(
    store: Library, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "qa")
    index(store, [document(0), document(1)], EMBEDDER)
    found(store, "bridge")
    made = (folder / "vectors.faiss").read_bytes()
    index(store, [document(2), document(8, source="0.txt")], EMBEDDER)
    assert {passage.document_id for passage, _ in store.search_vector(vector("bridge"), 999)} == {
        document(number).id for number in (1, 2, 8)
    }
    assert caplog.text.count("is made from the stored vectors") == 1
    assert (folder / "vectors.faiss").read_bytes() == made


def test_threads_share_a_library(store: Library) -> None:
    documents = [document(number) for number in range(24)]

    def use(number: int) -> bool:
        index(store, [documents[number]], EMBEDDER)
        by_vector, by_words = found(store, documents[number].text)
        return bool(by_vector and by_words and list(store.documents()))

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(24)))
    assert {known.id for known in store.documents()} == {known.id for known in documents}


def test_a_waiting_writer_goes_on_when_the_other_has_done(store: Library, folder: Path) -> None:
    with Library.open(folder) as other, ThreadPoolExecutor(2) as pool:
        jobs = [pool.submit(index, s, map(document, range(n, 40, 2)), EMBEDDER) for n, s in enumerate((store, other))]
        assert sum(len(job.result().added) for job in jobs) == 40
    assert len(list(store.documents())) == 40


def test_twenty_thousand_words_are_searched(store: Library) -> None:
    text = "\n\n".join(f"Sentence number n{n} of a long report about many and various things." for n in range(1_700))
    index(store, [document(0, text)], EMBEDDER)
    assert "n1234 " in store.search_words("What does n1234 say?", 1)[0][0].text
    assert len(store.search_vector(vector("report"), 40)) == 40


def test_metadata_is_kept_as_json(folder: Path, store: Library) -> None:
    index(store, [replace(document(0), metadata={"author": "Zoë"})], EMBEDDER)
    connection = sqlite3.connect(folder / "library.sqlite")
    (metadata,) = connection.execute("SELECT metadata FROM documents").fetchone()
    connection.close()
    assert json.loads(metadata) == {"author": "Zoë"}
    assert database.VERSION == 1
