"""What only a library on Milvus has to survive: no transactions, servers that are not there, other people's data."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import LibraryError, LibraryMismatch, LibraryNotFound
from qa.indexing import index
from qa.milvus import MilvusLibrary, MilvusPlace, server
from qa.passages import split
from qa.types import Document
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder()
BRIDGE = Document("bridge", "Bridges", ("bridge.txt",), "The bridge of the town is old.")
SCHOOL = Document("school", "Schools", ("school.txt",), "The school of the town is new.")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[MilvusPlace]:
    from milvus_lite.server_manager import server_manager_instance

    place = MilvusPlace.of(f"milvus:{tmp_path}/some/library.db")
    yield place
    server_manager_instance.release_server(place.uri)


@pytest.fixture
def library(place: MilvusPlace) -> Iterator[MilvusLibrary]:
    with MilvusLibrary.create(place, EMBEDDER.name) as opened:
        index(opened, [BRIDGE, SCHOOL], EMBEDDER)
        yield opened


def cut_short(place: MilvusPlace, document: Document, age_s: float) -> None:
    """As a kill leaves it: text and passages are written, the head is not."""
    client = server.connect(place, "")
    version = time.time_ns() - int(age_s * 1e9)
    row = {"document": document.id, "version": version}
    server.put_contents(client, "library_documents", [row | {"key": f"{document.id}/1", "part": 1, "content": "half"}])
    passage = {"start": 0, "end": 9, "page": 0, "heading": "", "text": "half bridge", "words": "half bridg"}
    vector = EMBEDDER.embed(["bridge"])[0].tolist()
    server.put(
        client, "library_passages", [row | passage | {"key": f"{document.id}/{n}", "vector": vector} for n in range(50)]
    )
    client.close()


@pytest.mark.parametrize("document", [BRIDGE, Document("new", "New", ("new.txt",), "Another bridge.")])
def test_half_of_a_document_never_counts_and_is_swept(
    library: MilvusLibrary, place: MilvusPlace, document: Document
) -> None:
    cut_short(place, document, age_s=7_200)
    assert list(library.documents()) == [BRIDGE, SCHOOL]
    assert library.passages(BRIDGE.id) == split(BRIDGE)
    vector = EMBEDDER.embed(["bridge"])[0]
    for found in (library.search_words("half bridge", 2), library.search_vector(vector, 1)):
        assert [passage.text for passage, _ in found] == [BRIDGE.text]  # among fifty that are nearer
    client = server.connect(place, "")
    assert len(list(server.scan(client, "library_passages", "start >= 0", ["key"]))) == 52
    MilvusLibrary.create(place, EMBEDDER.name).close()
    assert len(list(server.scan(client, "library_passages", "start >= 0", ["key"]))) == 2
    assert len(list(server.scan(client, "library_documents", "part > 0", ["key"]))) == 2
    client.close()
    assert list(library.documents()) == [BRIDGE, SCHOOL]


def test_what_another_process_may_be_writing_just_now_is_not_swept(library: MilvusLibrary, place: MilvusPlace) -> None:
    cut_short(place, BRIDGE, age_s=60)
    MilvusLibrary.create(place, EMBEDDER.name).close()
    client = server.connect(place, "")
    assert len(list(server.scan(client, "library_passages", "start >= 0", ["key"]))) == 52
    client.close()


def test_one_sees_what_another_wrote(library: MilvusLibrary, place: MilvusPlace) -> None:
    with MilvusLibrary.open(place, EMBEDDER.name) as other:
        assert [about.id for about in other.about()] == ["bridge", "school"]
        library.remove(SCHOOL.id)
        library.add(replace(SCHOOL, id="third"), split(SCHOOL), EMBEDDER.embed([SCHOOL.text]))
        assert [about.id for about in other.about()] == ["bridge", "third"]
        other.add_sources("bridge", ["school.txt"])
        assert dict(library.sources()) == {"bridge.txt": "bridge", "school.txt": "bridge"}


def test_a_creation_that_was_cut_short_is_no_library_and_is_completed(place: MilvusPlace) -> None:
    client = server.connect(place, "")
    server.lay_documents(client, "library_documents")
    with pytest.raises(LibraryNotFound, match="no library at milvus:"):
        MilvusLibrary.open(place, "a")
    MilvusLibrary.create(place, "a").close()
    with MilvusLibrary.open(place, "a") as opened:
        assert opened.embedder_name == "a"
    client.close()


def test_another_version_is_named(library: MilvusLibrary, place: MilvusPlace) -> None:
    client = server.connect(place, "")
    said = '{"embedder": "fake-words", "splitter": "old", "version": "1"}'
    row = {"key": "/library", "document": "", "version": 0, "part": -1, "content": said}
    server.put_contents(client, "library_documents", [row])
    client.close()
    with pytest.raises(LibraryMismatch, match=r"another splitter \(there: 'old'"):
        MilvusLibrary.open(place)


def test_metadata_that_no_row_can_hold_is_an_error_and_adds_nothing(library: MilvusLibrary) -> None:
    big = Document("big", "Big", ("big.txt",), "A bridge.", metadata={"note": "é" * 40_000})
    with pytest.raises(LibraryError, match=r"metadata of document big take 80,\d+ bytes; Milvus keeps 65,535"):
        index(library, [big], EMBEDDER)
    assert [about.id for about in library.about()] == ["bridge", "school"]
    assert len(library.search_words("bridge", 9)) == 1


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(LibraryError, match=f"no Milvus server answers at http://127.0.0.1:{port}") as caught:
            MilvusLibrary.open(MilvusPlace.of(f"milvus://127.0.0.1:{port}/name"))
    assert f"curl http://127.0.0.1:{port}" in caught.value.hint


def test_a_file_that_another_process_has_open_is_named(library: MilvusLibrary, place: MilvusPlace) -> None:
    code = f"from qa.milvus import *; MilvusLibrary.open(MilvusPlace.of({place.given!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "another process may have it open" in done.stderr.splitlines()[-2]
