import os
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from qa.conversations import FILE, Conversations
from qa.errors import ConversationNotFound, LibraryError
from qa.types import Turn
from tests.surface_fakes import ANSWERED, DOCUMENT, NOT_FOUND, QUOTE

FIRST, SECOND = Turn(ANSWERED.question, ANSWERED), Turn(NOT_FOUND.question, NOT_FOUND)


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return Conversations(tmp_path / "library")


def test_a_conversation_grows_and_comes_back(kept: Conversations) -> None:
    kept.put("a", [FIRST])
    kept.put("a", [FIRST, SECOND])
    answers = [saved.answer for saved in kept.get("a")]
    assert answers == [replace(ANSWERED, hits=()), replace(NOT_FOUND, hits=())]
    (listed,) = kept.listed()
    assert (listed.id, listed.title, listed.turns) == ("a", ANSWERED.question, 2)


def test_what_was_asked_otherwise_is_replaced(kept: Conversations) -> None:
    kept.put("a", [FIRST, SECOND])
    again = replace(NOT_FOUND, question="Who ground the flour?")
    kept.put("a", [FIRST, Turn(again.question, again)])
    assert [saved.question for saved in kept.get("a")] == [ANSWERED.question, "Who ground the flour?"]
    assert kept.listed("mills") == ()
    kept.put("b", [])
    assert len(kept.listed()) == 1


def test_the_newest_comes_first_and_words_find(kept: Conversations) -> None:
    kept.put("a", [FIRST])
    kept.put("b", [SECOND])
    assert [each.id for each in kept.listed()] == ["b", "a"]
    assert [each.id for each in kept.listed("opening BREAD")] == ["a"]
    assert [each.id for each in kept.listed("flour")] == ["b"]
    assert kept.listed("bread flour") == ()
    assert kept.listed('") OR "') == ()


def test_what_is_erased_is_nowhere(kept: Conversations) -> None:
    kept.put("a", [FIRST])
    kept.put("b", [SECOND])
    kept.erase("a")
    assert [each.id for each in kept.listed()] == ["b"]
    with pytest.raises(ConversationNotFound, match="no kept conversation 'a'"):
        kept.get("a")
    for path in kept.path.parent.iterdir():
        assert b"older than kings" not in path.read_bytes()
        assert b"kings" not in path.read_bytes()  # nor a word of it in the index of words


def test_what_was_erased_is_not_kept_again_by_a_page_that_still_shows_it(kept: Conversations) -> None:
    kept.put("a", [FIRST])
    kept.erase("a")
    kept.put("a", [FIRST, SECOND], goes_on=True)
    assert kept.listed() == ()
    kept.put("a", [SECOND])
    kept.put("a", [SECOND, FIRST], goes_on=True)
    assert [each.turns for each in kept.listed()] == [2]


def test_conversations_that_quote_a_document_are_known(kept: Conversations) -> None:
    assert kept.quoting([DOCUMENT.id]) == ()
    kept.put("a", [SECOND, FIRST])
    kept.put("b", [SECOND])
    assert QUOTE in [citation.quote.text for citation in ANSWERED.citations]
    assert kept.quoting([DOCUMENT.id, "other"]) == (NOT_FOUND.question,)
    assert kept.quoting(["other"]) == ()


def test_nothing_is_made_by_looking(kept: Conversations) -> None:
    assert kept.listed() == ()
    kept.erase("a")
    assert not kept.path.parent.exists()


def test_other_versions_and_damaged_files_are_said(kept: Conversations) -> None:
    kept.put("a", [FIRST])
    with sqlite3.connect(kept.path) as connection:
        connection.execute("PRAGMA user_version = 9")
    connection.close()
    with pytest.raises(LibraryError, match="are of version 9, not 1"):
        kept.listed()
    kept.path.write_bytes(b"no database" * 1000)
    with pytest.raises(LibraryError, match="cannot be used: file is not a database"):
        kept.listed()


def test_a_kill_loses_at_most_the_turn_being_written(kept: Conversations, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from qa.conversations import Conversations\n"
        "from tests.test_conversations import FIRST\n"
        "kept, turns = Conversations(Path(sys.argv[1])), []\n"
        "while True:\n"
        "    turns.append(FIRST); kept.put('a', turns); print(len(turns), flush=True)\n"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "library")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for _ in range(5):
            done = int(writer.stdout.readline())
        os.kill(writer.pid, signal.SIGKILL)
        done = max([done, *(int(line) for line in writer.stdout)])
    assert len(kept.get("a")) in (done, done + 1)
    assert (kept.path.parent / FILE).is_file()
