"""Keeps conversations in a file of SQLite beside their library, to list, search, open and erase; answers nothing.

A turn is kept as the question that was asked and its answer in the form qa.answer/1 (docs/DESIGN.md §5). Each change is
one transaction: a kill loses at most the turn that is being written.
"""

import json
import sqlite3
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qa import copying, database
from qa.errors import ConversationNotFound, LibraryError
from qa.libraries import Place
from qa.render import to_json
from qa.saved import Saved, read_saved
from qa.terms import searched
from qa.types import Turn
from qa.uploads import home_of, why_read_only

FILE = "conversations.sqlite"
VERSION = 1
_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS conversations (
        id TEXT PRIMARY KEY, changed TEXT NOT NULL, title TEXT NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS turns (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
        question TEXT NOT NULL, answer TEXT NOT NULL, text TEXT NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS turns_of ON turns (conversation, number)",
    """CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
        question, text, content = 'turns', content_rowid = 'number',
        tokenize = "porter unicode61 remove_diacritics 2")""",
    """CREATE TRIGGER IF NOT EXISTS turn_added AFTER INSERT ON turns BEGIN
        INSERT INTO words (rowid, question, text) VALUES (new.number, new.question, new.text);
    END""",
    """CREATE TRIGGER IF NOT EXISTS turn_removed AFTER DELETE ON turns BEGIN
        INSERT INTO words (words, rowid, question, text) VALUES ('delete', old.number, old.question, old.text);
    END""",
)


@dataclass(frozen=True, slots=True)
class Kept:
    """A conversation in the list. title: its first question. changed: when its last turn was kept, in UTC."""

    id: str
    title: str
    changed: datetime
    turns: int


class Conversations:
    """The kept conversations of the library at `place`. Threads and processes may share them."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.path = home_of(place) / FILE

    @property
    def why_not_kept(self) -> str:
        """Why nothing is kept; "" when it is."""
        return why_read_only(self.place)

    def put(self, conversation_id: str, turns: Sequence[Turn], *, goes_on: bool = False) -> None:
        """Keeps a conversation as it is now: what it was before is replaced. Raises `LibraryError`.

        goes_on: it was kept before; if it is not there any more it was erased, and stays so.
        """
        if not turns:
            return
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        with self._opened() as connection, database.transaction(connection):
            kept = _answers(connection, conversation_id)
            if goes_on and not kept:
                return
            connection.execute(
                "INSERT INTO conversations VALUES (?1, ?2, ?3) ON CONFLICT (id) DO UPDATE SET changed = ?2, title = ?3",
                (conversation_id, now, _storable(turns[0].question)),
            )
            given = [(_storable(turn.question), json.dumps(to_json(turn.answer))) for turn in turns]
            same = next((at for at, (old, new) in enumerate(zip(kept, given, strict=False)) if old != new), None)
            same = min(len(kept), len(given)) if same is None else same
            connection.execute(
                "DELETE FROM turns WHERE number IN "
                "(SELECT number FROM turns WHERE conversation = ? ORDER BY number LIMIT -1 OFFSET ?)",
                (conversation_id, same),
            )
            connection.executemany(
                "INSERT INTO turns (conversation, question, answer, text) VALUES (?, ?, ?, ?)",
                [
                    (conversation_id, question, answer, _storable(turn.answer.text))
                    for (question, answer), turn in list(zip(given, turns, strict=True))[same:]
                ],
            )

    def listed(self, words: str = "", count: int = 200) -> tuple[Kept, ...]:
        """The conversations, newest first; those of which a question or an answer holds every one of `words`."""
        if not self.path.is_file():
            return ()
        terms = searched(words)
        if words.strip() and not terms:
            return ()
        match = " AND ".join(f'"{term}"' for term in terms)
        found = "SELECT conversation FROM turns WHERE number IN (SELECT rowid FROM words WHERE words MATCH ?1)"
        with self._opened() as connection:
            rows = connection.execute(
                f"""SELECT id, title, changed, (SELECT count(*) FROM turns WHERE conversation = id) FROM conversations
                WHERE ?1 = '' {f"OR id IN ({found})" if match else ""} ORDER BY changed DESC, rowid DESC LIMIT ?2""",
                (match, count),
            ).fetchall()
        return tuple(Kept(key, title, datetime.fromisoformat(changed), turns) for key, title, changed, turns in rows)

    def get(self, conversation_id: str) -> tuple[Saved, ...]:
        """The turns of one conversation, oldest first. Raises `ConversationNotFound`."""
        rows = []
        if self.path.is_file():
            with self._opened() as connection:
                rows = _answers(connection, conversation_id)
        if not rows:
            raise ConversationNotFound(
                f"no kept conversation {conversation_id!r} in {self.path}", "see the list of the kept conversations"
            )
        return tuple(saved for _, answer in rows for saved in read_saved(answer, str(self.path)))

    def erase(self, conversation_id: str) -> None:
        """Removes a conversation so that the file holds no byte of it; nothing happens when it is not there.

        Raises `LibraryError` while another process reads without end.
        """
        if self.path.is_file():
            with self._opened() as connection:
                connection.execute("DELETE FROM conversations WHERE id = ?", (conversation_id,))
                database.rewrite(self.path.parent, connection)

    def quoting(self, document_ids: Sequence[str]) -> tuple[str, ...]:
        """The titles of the conversations with a citation of one of the documents, newest first."""
        if not self.path.is_file():
            return ()
        with self._opened() as connection:
            rows = connection.execute(
                """SELECT title FROM conversations WHERE id IN (
                    SELECT conversation FROM turns, json_each(answer, '$.citations') AS citation
                    WHERE citation.value ->> 'document_id' IN (SELECT value FROM json_each(?))
                ) ORDER BY changed DESC""",
                (json.dumps(list(document_ids)),),
            ).fetchall()
        return tuple(title for (title,) in rows)

    def count(self) -> int:
        """How many are kept."""
        if not self.path.is_file():
            return 0
        with self._opened() as connection:
            return int(connection.execute("SELECT count(*) FROM conversations").fetchone()[0])

    def copy_to(self, path: Path) -> None:
        """Writes the conversations as they are now to a new file; none is made when there are no conversations."""
        if self.path.is_file():
            with self._opened() as connection:
                copying.copy(connection, path)

    def add_from(self, path: Path) -> None:
        """Adds the conversations of the file at `path`, all or none. One that is here already stays as it is here."""
        with self._opened() as connection, copying.attached(connection, path), database.transaction(connection):
            missing = connection.execute(
                "SELECT id FROM other.conversations WHERE id NOT IN (SELECT id FROM conversations) ORDER BY rowid"
            ).fetchall()
            connection.executemany(
                "INSERT INTO conversations SELECT id, changed, title FROM other.conversations WHERE id = ?", missing
            )
            connection.executemany(
                """INSERT INTO turns (conversation, question, answer, text)
                SELECT conversation, question, answer, text FROM other.turns WHERE conversation = ? ORDER BY number""",
                missing,
            )

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """A connection for one piece of work; one that lasted would keep others from emptying the log."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            connection = database.connect(self.path, "rwc")
            try:
                _lay(connection, self.path)
                yield connection
            finally:
                connection.close()
        except (OSError, sqlite3.Error) as error:
            raise LibraryError(
                f"the kept conversations in {self.path} cannot be used: {error}",
                f"check the rights and the disk: `ls -la {self.path}`; a damaged file is set aside with "
                f"`mv {self.path} {self.path}.old`",
            ) from error


def new_id() -> str:
    """The id of another conversation."""
    return uuid.uuid4().hex


def _lay(connection: sqlite3.Connection, path: Path) -> None:
    """Makes the tables that a new file lacks. Raises `LibraryError` for those of another version."""
    version = database.version(connection)
    if version == VERSION:
        return
    if version:
        raise LibraryError(
            f"the kept conversations in {path} are of version {version}, not {VERSION}", "use the qa that made them"
        )
    with database.transaction(connection):
        for statement in _SCHEMA:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _answers(connection: sqlite3.Connection, conversation_id: str) -> list[tuple[str, str]]:
    return connection.execute(
        "SELECT question, answer FROM turns WHERE conversation = ? ORDER BY number", (conversation_id,)
    ).fetchall()


def _storable(text: str) -> str:
    """What SQLite can hold: a lone surrogate, which no question should have, becomes "?"."""
    return text.encode(errors="replace").decode()
