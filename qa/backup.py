"""Turns a library in a folder into one file and back, while others use it; knows nothing of what it holds.

A backup is a ZIP file: `manifest.json`, the SQLite database as it was at one moment, and that of the kept conversations
when there are any. The file of vectors is not in it: it is made again, without embedding, by the first search. Nor are
the files that were uploaded: their text is in the database.
"""

import itertools
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Literal

import psutil
from pydantic import BaseModel, Field, ValidationError

from qa.conversations import FILE as CONVERSATIONS
from qa.conversations import Conversations
from qa.errors import BadBackup, InputError, LibraryCorrupt, LibraryError, LibraryMismatch, LibraryNotFound
from qa.library import DATABASE, Library
from qa.models.weights import file_sha256

MANIFEST = "manifest.json"
MOST_MANIFEST_BYTES = 100_000
CHUNK = 1 << 20
HINT = "take another backup: what is in the library now is untouched"


class Part(BaseModel):
    """A file in a backup."""

    bytes: int
    sha256: str


class Manifest(BaseModel):
    """What a backup says of itself. made: UTC. conversations: how many are kept beside the documents."""

    schema_: Literal["qa.backup/2"] = Field("qa.backup/2", alias="schema")
    made: datetime
    qa: str
    embedder: str
    documents: int
    conversations: int
    database: Part
    kept: Part | None  # conversations

    @property
    def parts(self) -> dict[str, Part]:
        """The files in the backup, by name."""
        return {DATABASE: self.database} | ({CONVERSATIONS: self.kept} if self.kept else {})


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of a restore. kept: a backup, or the folder, of what was there; None when there was nothing."""

    manifest: Manifest
    kept: Path | None


def back_up(folder: Path, file: Path, *, replaces: bool = False) -> Manifest:
    """Writes the library in `folder`, as it is at this moment, to `file`: whole, or not at all.

    replaces: an older file may be there. Raises `InputError` for a file that is there or cannot be written, and
    `LibraryError` for a library that cannot be used; of a damaged one there is no backup.
    """
    if file.exists() and not replaces:
        raise InputError(f"{file} is there already", "name another file, or add --replace")
    with Library.open(folder) as library:
        return _pack(library, file)


def restore(file: Path, folder: Path) -> Restored:
    """Puts the library of a backup in `folder`, in the place of any that is there, which is kept beside it.

    Then its conversations are added to those that are there. Whoever has the library open sees it replaced from one
    moment to the next. Raises `BadBackup` for a file that is none, or damaged, and `LibraryMismatch` when the library
    there is of another embedder; then nothing has changed.
    """
    with _workplace(folder) as work:
        manifest = _unpack(file, work)
        there = _sound(folder)
        if there is not None:
            with there:
                kept = _exchange(there, work, manifest)
        else:
            kept = _set_aside(folder)
            folder.mkdir(exist_ok=True)
            (work / DATABASE).rename(folder / DATABASE)
        if manifest.kept:
            Conversations(folder).add_from(work / CONVERSATIONS)
        with Library.open(folder) as restored:
            restored.prepare()
        return Restored(manifest, kept)


def _pack(library: Library, file: Path) -> Manifest:
    with _workplace(file) as work:
        library.copy_to(work / DATABASE)
        Conversations(library.folder).copy_to(work / CONVERSATIONS)
        manifest = _described(work)
        with zipfile.ZipFile(work / "backup", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            packed.writestr(MANIFEST, manifest.model_dump_json(by_alias=True, indent=1))
            for name in manifest.parts:
                packed.write(work / name, name)
        _sync(work / "backup")
        (work / "backup").replace(file)
        _sync(file.absolute().parent)
        return manifest


def _described(work: Path) -> Manifest:
    """The manifest of what is in `work`. Raises `LibraryCorrupt` when the library is damaged."""
    with Library.open(work) as copy:
        copy.check()
        embedder, documents = copy.embedder_name, len(copy.about())
    conversations = Conversations(work).count()
    return Manifest(
        schema="qa.backup/2",
        made=datetime.now(UTC).replace(microsecond=0),
        qa=version("qa"),
        embedder=embedder,
        documents=documents,
        conversations=conversations,
        database=_part(work / DATABASE),
        kept=_part(work / CONVERSATIONS) if conversations else None,
    )


def _part(path: Path) -> Part:
    return Part(bytes=path.stat().st_size, sha256=file_sha256(path))


def _unpack(file: Path, work: Path) -> Manifest:
    """The backup's databases in `work`, checked by their sha256 and by SQLite. Raises `BadBackup`."""
    try:
        with zipfile.ZipFile(file) as packed:
            with packed.open(MANIFEST) as entry:
                manifest = Manifest.model_validate_json(entry.read(MOST_MANIFEST_BYTES))
            for name, part in manifest.parts.items():
                with packed.open(name) as entry, (work / name).open("wb") as unpacked:
                    _copy(entry, unpacked, part.bytes)
    except OSError as error:
        raise InputError(f"{file}: {error.strerror}", HINT) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValidationError, NotImplementedError) as error:
        raise BadBackup(f"{file} is no backup of a library, or damaged: {_reason(error)}", HINT) from error
    for name, part in manifest.parts.items():
        if file_sha256(work / name) != part.sha256:
            raise BadBackup(f"{file} is damaged: its {name} has another sha256 than it says", HINT)
    try:
        with Library.open(work) as library:
            library.check()
        Conversations(work).count()
    except LibraryMismatch as error:
        hint = f"restore it with qa {manifest.qa}, which made it, or build the library again: `qa index PATH`"
        raise BadBackup(f"{file} is of another version of this program", hint) from error
    except LibraryError as error:
        raise BadBackup(f"{file} is damaged: {error.message}", HINT) from error
    _sync(work / DATABASE)
    return manifest


def _copy(source: IO[bytes], target: IO[bytes], length: int) -> None:
    """No more than `length` bytes and one: what is longer than it says is damaged, however much it would unpack to."""
    left = length + 1
    while left and (piece := source.read(min(CHUNK, left))):
        target.write(piece)
        left -= len(piece)


def _exchange(there: Library, work: Path, manifest: Manifest) -> Path | None:
    """Replaces the documents of an open library, and gives the backup in which the older ones are kept."""
    if there.embedder_name != manifest.embedder:
        raise LibraryMismatch(
            f"the library in {there.place} is of the embedder {there.embedder_name}, the backup of {manifest.embedder}",
            "restore it into another folder: `qa restore FILE --library OTHER_FOLDER`",
        )
    beside = _unused(there.folder, ".zip") if there.about() else None
    there.replace_by(work / DATABASE, keep=lambda before: beside and _pack(before, beside))
    return beside


def _sound(folder: Path) -> Library | None:
    """The library in a folder, None where there is none that can be used."""
    try:
        library = Library.open(folder)
    except (LibraryNotFound, LibraryCorrupt, LibraryMismatch):
        return None
    try:
        library.check()
    except LibraryCorrupt:
        library.close()
        return None
    return library


def _set_aside(folder: Path) -> Path | None:
    """Moves a folder away that holds what is left of a library. Raises `LibraryError` while others have it open.

    SQLite would mix up the older log with the newer database.
    """
    if not any(folder.glob(f"{DATABASE}*")):
        return None
    users = [str(process.pid) for process in psutil.process_iter() if _uses(process, folder / DATABASE)]
    if users:
        raise LibraryError(
            f"the library in {folder} is damaged, and processes have it open: {', '.join(users)}",
            f"end them and give the command again: `kill {' '.join(users)}`",
        )
    beside = _unused(folder, "")
    folder.rename(beside)
    return beside


def _uses(process: psutil.Process, database: Path) -> bool:
    try:
        return any(Path(each.path) == database.resolve() for each in process.open_files())
    except psutil.Error:
        return False


def _unused(folder: Path, suffix: str) -> Path:
    """A name beside the folder that nothing has yet, with the time in it."""
    stem = f"{folder.absolute().name}-before-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S}"
    names = (f"{stem}{'' if number == 1 else f'-{number}'}{suffix}" for number in itertools.count(1))
    return next(path for name in names if not (path := folder.absolute().with_name(name)).exists())


@contextmanager
def _workplace(place: Path) -> Iterator[Path]:
    """A folder on the disk of `place`, for what is not finished. Raises `InputError` when nothing can be written."""
    parent = place.absolute().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=parent, prefix=f".{place.name}-") as work:
            yield Path(work)
    except OSError as error:
        raise InputError(
            f"cannot write to {parent}: {error.strerror}", f"make room or rights: `df -h {parent}`"
        ) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: Exception) -> str:
    return "its manifest is malformed" if isinstance(error, ValidationError) else str(error)
