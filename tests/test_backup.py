"""A backup is the library at one moment, and restoring one loses nothing, whatever else happens meanwhile."""

import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from qa.backup import MANIFEST, back_up, restore
from qa.cli import app
from qa.conversations import FILE as CONVERSATIONS
from qa.conversations import Conversations
from qa.errors import BadBackup, InputError, LibraryCorrupt, LibraryError, LibraryMismatch, LibraryNotFound
from qa.indexing import index
from qa.library import DATABASE, Library
from qa.types import Document
from tests import builders
from tests.fakes import WordEmbedder
from tests.library_process import COUNT, Order, Processes, texts
from tests.test_conversations import FIRST, SECOND
from tests.test_library_kill import after, check_whole

EMBEDDER = WordEmbedder()


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    started = Processes()
    yield started
    started.close()


def built(folder: Path, *generations: int) -> Path:
    with Library.create(folder, EMBEDDER.name) as library:
        for generation in generations:
            index(library, texts(generation), EMBEDDER)
    return folder


def kept(folder: Path) -> list[Path]:
    """What lies beside a library."""
    return sorted(path for path in folder.parent.iterdir() if path.name.startswith(f"{folder.name}-before-"))


def test_a_backup_restored_is_the_library(tmp_path: Path) -> None:
    library = built(tmp_path / "library", 0)
    made = back_up(library, tmp_path / "one.zip")
    assert (made.documents, made.embedder) == (COUNT, EMBEDDER.name)
    restored = restore(tmp_path / "one.zip", tmp_path / "deep" / "other")
    assert (restored.manifest, restored.kept) == (made, None)
    assert check_whole(tmp_path / "deep" / "other") == check_whole(library) == list(texts(0))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep", "library", "one.zip"]  # nothing is left lying


def test_what_was_read_of_which_file_is_restored_too(tmp_path: Path) -> None:
    with Library.open(built(tmp_path / "library", 0)) as library:
        library.put_file("papers/0.txt", "stamp", ["0.txt"])
    back_up(tmp_path / "library", tmp_path / "one.zip")
    for place in ("other", "library"):  # a new one, and one that is there
        restore(tmp_path / "one.zip", tmp_path / place)
        with Library.open(tmp_path / place) as there, Library.open(tmp_path / "library") as before:
            assert there.files() == before.files() != {}
            assert there.sources() == before.sources()


def test_kept_conversations_are_put_back_and_those_that_are_there_stay(tmp_path: Path) -> None:
    library = built(tmp_path / "library", 0)
    kept_there = Conversations(library)
    kept_there.put("a", [FIRST])
    kept_there.put("b", [SECOND])
    assert back_up(library, tmp_path / "one.zip").conversations == 2
    restore(tmp_path / "one.zip", tmp_path / "other")
    other = Conversations(tmp_path / "other")
    assert other.listed() == kept_there.listed()
    assert other.get("a") == kept_there.get("a")
    assert [each.id for each in other.listed("mills")] == ["b"]

    kept_there.erase("b")
    kept_there.put("a", [FIRST, SECOND])
    kept_there.put("c", [SECOND])
    assert restore(tmp_path / "one.zip", library).manifest.conversations == 2
    assert {each.id: each.turns for each in kept_there.listed()} == {"a": 2, "b": 1, "c": 1}


def test_restoring_replaces_what_is_there_and_keeps_it(tmp_path: Path) -> None:
    library = built(tmp_path / "library", 0)
    back_up(library, tmp_path / "0.zip")
    built(library, 1)
    restored = restore(tmp_path / "0.zip", library)
    assert check_whole(library) == list(texts(0))
    assert kept(library) == [restored.kept]
    assert restored.kept is not None
    back = restore(restored.kept, library)
    assert check_whole(library) == list(texts(1))
    assert back.kept != restored.kept
    assert len(kept(library)) == 2


def test_an_open_library_sees_what_was_restored(tmp_path: Path) -> None:
    library = built(tmp_path / "library", 0)
    back_up(library, tmp_path / "0.zip")
    built(library, 1)
    question = EMBEDDER.embed(["Which bridge?"])[0]
    with Library.open(library) as server:
        for number in range(4):  # its vectors are in memory by then, under the numbers of other passages
            restore(tmp_path / "0.zip", library)
            found = server.search_vector(question, 30) + server.search_words("old bridge", 30)
            assert {passage.document_id for passage, _ in found} <= {each.id for each in texts(0)}
            with Library.open(library) as fresh:
                assert server.search_vector(question, 30) == fresh.search_vector(question, 30)
            index(server, texts(number + 2), EMBEDDER)  # and it goes on writing
            assert check_whole(library) == list(texts(number + 2))


def test_a_backup_while_another_process_writes_is_a_prefix_of_its_work(tmp_path: Path, processes: Processes) -> None:
    library = built(tmp_path / "library")
    generations = (0, 1, 2, 3)
    writer, saver = processes.carry_out(
        Order(str(library), generations), Order(str(library), generations, task="back up")
    )
    assert (writer.error, saver.error) == ("", "")
    moments = [moment(tmp_path / f"{number}.zip", tmp_path / f"restored-{number}") for number in range(saver.done)]
    assert moments == sorted(moments)
    assert moments[-1] == (3, COUNT)
    assert len(set(moments)) > 2  # else all were taken before or after the work


def moment(backup: Path, folder: Path) -> tuple[int, int]:
    """Which generation was being written when a backup was taken, and how many of its texts were there."""
    restore(backup, folder)
    documents = check_whole(folder)
    generation = max((int(document.id[:2]) for document in documents), default=0)
    done = sum(document in texts(generation) for document in documents)
    assert documents == after(generation, done)
    return generation, done


def test_restoring_while_others_read_loses_nothing(tmp_path: Path, processes: Processes) -> None:
    library = built(tmp_path / "library")
    for generation in range(3):
        built(library, generation)
        back_up(library, tmp_path / f"{generation}.zip")
    order = (0, 1, 0, 1, 0, 2)
    readers = [Order(str(library), (0, 1, 2), task="read")] * 2
    shutil.rmtree(library)
    restore(tmp_path / "1.zip", library)
    outcomes = processes.carry_out(Order(str(library), order, task="restore"), *readers)
    assert [outcome.error for outcome in outcomes] == [""] * 3
    assert outcomes[0].done == len(order)
    assert all(outcome.done for outcome in outcomes)  # and every passage that they met was whole
    assert check_whole(library) == list(texts(2))
    assert len(kept(library)) == len(order)


def test_a_kill_while_restoring_leaves_the_one_or_the_other(tmp_path: Path, processes: Processes) -> None:
    library, random = built(tmp_path / "library", 0), Random(8)
    back_up(library, tmp_path / "0.zip")
    built(library, 1)
    back_up(library, tmp_path / "1.zip")
    there, killed = 1, 0
    for _ in range(20):
        wanted = 1 - there
        order = Order(str(library), (wanted,), task="restore", moment=random.uniform(0, 25) % 1)
        (outcome,) = processes.carry_out(order)
        killed += outcome.killed
        found = check_whole(library)
        assert found in (list(texts(0)), list(texts(1)))
        there = int(found[0].id[:2])
    assert killed > 10


def test_a_backup_that_does_not_fit_changes_nothing(tmp_path: Path, processes: Processes) -> None:
    library = built(tmp_path / "library", 0)
    back_up(library, tmp_path / "0.zip")
    built(library, 1)
    (outcome,) = processes.carry_out(Order(str(library), (0,), task="restore", largest_file=60_000))
    assert "Error: " in outcome.error
    assert (outcome.done, check_whole(library), kept(library)) == (0, list(texts(1)), [])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.zip", "library"]


# --- damaged backups and libraries ------------------------------------------------------------------------------------


def cut_short(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-200])


def another_file(file: Path) -> None:
    file.write_text("no ZIP file", encoding="utf-8")


def empty(file: Path) -> None:
    file.write_bytes(b"")


def repacked(file: Path, change: Callable[[dict[str, bytes]], object]) -> None:
    """The backup with other entries, each whole as far as ZIP can tell."""
    with zipfile.ZipFile(file) as packed:
        entries = {name: packed.read(name) for name in packed.namelist()}
    change(entries)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in entries.items():
            packed.writestr(name, content)


def another_database(file: Path) -> None:
    def change(entries: dict[str, bytes]) -> None:
        flipped = bytearray(entries[DATABASE])
        flipped[len(flipped) // 2] ^= 1
        entries[DATABASE] = bytes(flipped)

    repacked(file, change)


def longer_database(file: Path) -> None:
    repacked(file, lambda entries: entries.update({DATABASE: entries[DATABASE] + bytes(100_000_000)}))


def no_database(file: Path) -> None:
    repacked(file, lambda entries: entries.pop(DATABASE))


def longer_conversations(file: Path) -> None:
    repacked(file, lambda entries: entries.update({CONVERSATIONS: entries[CONVERSATIONS] + bytes(1000)}))


def no_conversations(file: Path) -> None:
    repacked(file, lambda entries: entries.pop(CONVERSATIONS))


def another_kind_of_conversations(file: Path) -> None:
    """With the sha256 that its manifest says."""
    content = b"no database" * 100

    def change(entries: dict[str, bytes]) -> None:
        manifest = json.loads(entries[MANIFEST])
        manifest["kept"] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        entries |= {CONVERSATIONS: content, MANIFEST: json.dumps(manifest).encode()}

    repacked(file, change)


def another_schema(file: Path) -> None:
    repacked(file, lambda entries: entries.update({MANIFEST: entries[MANIFEST].replace(b"backup/2", b"backup/9")}))


def no_manifest(file: Path) -> None:
    repacked(file, lambda entries: entries.pop(MANIFEST))


def flipped_bits(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 255
    file.write_bytes(content)


def another_kind_of_database(file: Path) -> None:
    """Whole, and with the sha256 that its manifest says, but no library."""
    place = file.with_suffix(".sqlite")
    with sqlite3.connect(place) as connection:
        connection.execute("CREATE TABLE x (y)")
    connection.close()
    content = place.read_bytes()
    place.unlink()

    def change(entries: dict[str, bytes]) -> None:
        manifest = json.loads(entries[MANIFEST])
        manifest["database"] = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        entries |= {DATABASE: content, MANIFEST: json.dumps(manifest).encode()}

    repacked(file, change)


@pytest.mark.parametrize(
    "damage",
    [
        cut_short,
        another_file,
        empty,
        flipped_bits,
        another_database,
        longer_database,
        no_database,
        no_manifest,
        another_schema,
        another_kind_of_database,
        longer_conversations,
        no_conversations,
        another_kind_of_conversations,
    ],
)
def test_a_damaged_backup_is_refused_and_changes_nothing(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    library, file = built(tmp_path / "library", 0), tmp_path / "0.zip"
    Conversations(library).put("a", [FIRST])
    back_up(library, file)
    damage(file)
    with pytest.raises(BadBackup, match=r"0\.zip is (damaged|no backup of a library)") as caught:
        restore(file, library)
    assert caught.value.hint
    with pytest.raises(BadBackup):
        restore(file, tmp_path / "new")
    assert check_whole(library) == list(texts(0))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.zip", "library"]


def test_a_backup_of_another_embedder_is_refused(tmp_path: Path) -> None:
    Library.create(tmp_path / "library", "another").close()
    back_up(built(tmp_path / "mine", 0), tmp_path / "0.zip")
    with pytest.raises(LibraryMismatch, match="is of the embedder another, the backup of fake-words"):
        restore(tmp_path / "0.zip", tmp_path / "library")


def test_a_damaged_library_gives_no_backup_and_is_set_aside_by_a_restore(tmp_path: Path) -> None:
    library = built(tmp_path / "library", 0)
    back_up(library, tmp_path / "0.zip")
    database = library / DATABASE
    content = database.read_bytes()
    database.write_bytes(content[: len(content) // 2] + bytes(20_000) + content[len(content) // 2 + 20_000 :])
    with pytest.raises(LibraryCorrupt):
        back_up(library, tmp_path / "1.zip")
    assert not (tmp_path / "1.zip").exists()
    restored = restore(tmp_path / "0.zip", library)
    assert check_whole(library) == list(texts(0))
    assert restored.kept is not None
    assert len((restored.kept / DATABASE).read_bytes()) == len(content)


def test_a_damaged_library_that_another_process_has_open_stays(tmp_path: Path) -> None:
    library = built(tmp_path / "library", 0)
    back_up(library, tmp_path / "0.zip")
    code = "import sys; file = open(sys.argv[1], 'rb'); print('open', flush=True); sys.stdin.read()"
    (library / DATABASE).write_bytes(b"damaged" * 10_000)
    with subprocess.Popen(
        [sys.executable, "-c", code, str(library / DATABASE)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(LibraryError, match=f"is damaged, and processes have it open: {holder.pid}"):
            restore(tmp_path / "0.zip", library)
        holder.communicate()
    assert (library / DATABASE).read_bytes() == b"damaged" * 10_000
    restore(tmp_path / "0.zip", library)
    assert check_whole(library) == list(texts(0))


def test_a_log_without_its_database_is_set_aside(tmp_path: Path) -> None:
    library = built(tmp_path / "library", 0)
    back_up(library, tmp_path / "0.zip")
    (library / DATABASE).rename(library / f"{DATABASE}-wal")  # SQLite would take it for the newer part of what comes
    restored = restore(tmp_path / "0.zip", library)
    assert check_whole(library) == list(texts(0))
    assert restored.kept is not None
    assert (restored.kept / f"{DATABASE}-wal").exists()


# --- the commands -----------------------------------------------------------------------------------------------------


def qa(*words: object) -> int:
    with pytest.raises(SystemExit) as left:
        app([str(word) for word in words], prog_name="qa")
    return int(left.value.code or 0)


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    library, file = built(tmp_path / "library", 0), tmp_path / "0.zip"
    assert qa("backup", file, "--library", library) == 0
    assert re.match(rf"{file}: 10 documents, \d", capsys.readouterr().out)
    Conversations(library).put("a", [FIRST])
    assert qa("backup", file, "--library", library, "--replace") == 0
    assert capsys.readouterr().out.startswith(f"{file}: 10 documents, 1 conversation, ")
    assert qa("restore", file, "--library", library) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith(f"{library}: 10 documents, 1 conversation, as on 20")
    (beside,) = kept(library)
    assert f"What was there before is kept in {beside};" in shown.err


def test_a_file_that_is_there_is_replaced_only_when_that_is_said(tmp_path: Path) -> None:
    library, file = built(tmp_path / "library", 0), tmp_path / "0.zip"
    file.write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"0\.zip is there already"):
        back_up(library, file)
    assert file.read_text(encoding="utf-8") == "mine"
    back_up(library, file, replaces=True)
    assert restore(file, tmp_path / "other").manifest.documents == COUNT


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(LibraryNotFound):
        back_up(tmp_path / "nowhere", tmp_path / "0.zip")
    with pytest.raises(InputError, match=r"gone\.zip: No such file"):
        restore(tmp_path / "gone.zip", tmp_path / "library")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_library_has_a_backup_too(tmp_path: Path) -> None:
    back_up(built(tmp_path / "library"), tmp_path / "0.zip")
    restored = restore(tmp_path / "0.zip", built(tmp_path / "full", 0))
    assert restored.kept is not None
    assert check_whole(tmp_path / "full") == []


def test_documents_with_pages_and_metadata_come_back(tmp_path: Path) -> None:
    paged = Document("d", "T", ("a.pdf", "b.pdf"), "One page. Another page.", (0, 10), {"author": "Ann Lee"})
    with Library.create(tmp_path / "library", EMBEDDER.name) as library:
        index(library, [paged, builders.topical(1)], EMBEDDER)
    back_up(tmp_path / "library", tmp_path / "0.zip")
    restore(tmp_path / "0.zip", built(tmp_path / "other", 0))
    with Library.open(tmp_path / "other") as library:
        assert library.document("d") == paged
        assert [passage.page for passage in library.passages("d")] == [1]
