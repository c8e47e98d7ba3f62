import os
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from qa.api import create_app
from qa.assistant import Assistant
from qa.assistants import Assistants, Scope
from qa.indexing import index
from qa.library import Library
from qa.reading import SentenceReader
from qa.rows import About
from qa.ui import folder_of_uploads
from qa.ui.documents import Documents, choose
from qa.ui.documents_view import choice_html, found, list_html, scope_html
from tests.builders import topical
from tests.fakes import WordEmbedder

EMBEDDER = WordEmbedder()


@pytest.fixture
def assistants(tmp_path: Path) -> Iterator[Assistants]:
    with Library.create(tmp_path / "town", EMBEDDER.name) as library:
        index(library, [topical(1)], EMBEDDER)
        first = Assistant(library, EMBEDDER, SentenceReader(EMBEDDER), None)
        with Assistants(first, tmp_path / "town") as assistants:
            yield assistants


def about(title: str, source: str = "a.txt", key: str = "id") -> About:
    return About(key, title, (source,), 9, 0, {"author": "Ann Lee"})


def test_a_search_wants_every_word_somewhere() -> None:
    mill, lock = about("The mill", "uploads/b.pdf"), about("The lock")
    assert found([mill, lock], "LEE the") == [mill, lock]
    assert found([mill, lock], "lee b.pdf") == [mill]
    assert found([mill, lock], "mill lock") == []


def test_a_list_says_what_it_leaves_out() -> None:
    many = [about(f"Title {number}", key=str(number)) for number in range(230)]
    assert list_html(many, ()).count("<li>") == 200
    assert "30 more: search for words of their titles." in list_html(many, ())


def test_what_cannot_be_removed_has_no_button() -> None:
    assert "<button" in list_html([about("The mill")], ())
    assert "<button" not in list_html([about("The mill")], (), locked="read-only")
    assert "read-only Nothing can be added here." in unescape(choice_html(1, 0, "read-only"))


def test_without_a_tick_all_are_asked() -> None:
    one = choose(Scope("town"), "a", True)
    assert one == Scope("town", frozenset({"a"}))
    assert choose(one, "b", True).documents == frozenset({"a", "b"})
    assert choose(one, "a", False) == Scope("town", None)
    assert scope_html(Scope("town"), "town") == ""
    assert "Asking 1 chosen document of the library" in unescape(scope_html(one, "town"))


def test_one_bad_file_does_not_keep_the_next_from_being_read(assistants: Assistants, tmp_path: Path) -> None:
    bad, good = tmp_path / "a.exe", tmp_path / "b.md"
    bad.write_text("x")
    good.write_text("The lock was mended.")
    *_, last = Documents(assistants).add([bad, good], [], Scope())
    lines = unescape(last)
    assert "<strong>a.exe</strong> not a format that is read" in lines
    assert "<strong>b.md</strong> added" in lines
    assert len(assistants.shelf("").about()) == 2


def test_a_removed_document_is_no_longer_chosen(assistants: Assistants) -> None:
    key = topical(1).id
    scope, said = Documents(assistants).erase(key, Scope("town", frozenset({key})))
    assert scope == Scope("town", None)
    assert "1.txt was not touched" in unescape(said)
    scope, said = Documents(assistants).erase(key, scope)
    assert "no document" in said


def test_a_file_that_two_have_given_stays_until_both_are_served(assistants: Assistants, tmp_path: Path) -> None:
    documents, given = Documents(assistants), tmp_path / "lock.md"
    given.write_text("The lock was mended.")
    documents.received.hold([given])
    documents.received.hold([given])
    *_, first = documents.add_received([given], Scope())
    assert "<strong>lock.md</strong> added" in unescape(first)
    assert given.exists()
    *_, second = documents.add_received([given], Scope())
    assert "qa-step-failed" not in second
    assert not given.exists()
    assert len(assistants.shelf("").about()) == 2


def test_an_upload_goes_when_its_reading_is_broken_off(assistants: Assistants, tmp_path: Path) -> None:
    documents, given = Documents(assistants), tmp_path / "lock.md"
    given.write_text("The lock was mended.")
    documents.received.hold([given, given])
    lines = documents.add_received([given, given], Scope())
    next(lines)
    lines.close()
    assert not given.exists()


def test_uploads_have_a_folder_for_as_long_as_they_are_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    with folder_of_uploads():
        (folder,) = tmp_path.iterdir()
        assert os.environ["GRADIO_TEMP_DIR"] == str(folder)
        assert folder.stat().st_mode & 0o77 == 0
        (folder / "left.md").write_text("left")
    assert list(tmp_path.iterdir()) == []
    assert os.environ["GRADIO_TEMP_DIR"] == str(tmp_path)
    monkeypatch.delenv("GRADIO_TEMP_DIR")
    with folder_of_uploads():
        assert "GRADIO_TEMP_DIR" in os.environ
    assert "GRADIO_TEMP_DIR" not in os.environ


def test_only_what_was_uploaded_can_be_given(assistants: Assistants, tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("secret")
    app = create_app(assistants.first, assistants=assistants)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        config = client.get("/config").json()
        files = next(each["id"] for each in config["components"] if each["props"].get("elem_id") == "qa-files")
        takers = [each for each in config["dependencies"] if files in each["inputs"]]
        assert len(takers) == 2
        for number, taker in enumerate(takers):
            given = {"path": str(secret), "meta": {"_type": "gradio.FileData"}}
            data = [[given], None][: len(taker["inputs"])]
            body = {"data": data, "fn_index": taker["id"], "session_hash": str(number)}
            client.post("/gradio_api/queue/join", json=body)
            with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": str(number)}) as events:
                told = next(line for line in events.iter_lines() if "process_completed" in line)
            assert '"success":false' in told
    assert secret.exists()
    assert not (tmp_path / "town/uploads").exists()
