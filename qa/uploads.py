"""Keeps the files that a reader gives a library in a folder of the library's own; reads none of them."""

import os
import re
import shutil
import tempfile
import unicodedata
from pathlib import Path

from qa.documents import MAXIMUM_PACKED, SUFFIXES, file_of, is_there, is_url
from qa.errors import LibraryError, UnreadableDocument
from qa.libraries import Place

FOLDER = "uploads"
LONGEST_NAME = 60  # characters: of four bytes each and with a number, still no more than the 255 that file systems take
_ELSEWHERE = Path("indexes")  # where files are kept that belong to a library on a server


def home_of(place: Place) -> Path:
    """The folder in which a library keeps what is not in its database: its own, or one named like its address."""
    return place if isinstance(place, Path) else _ELSEWHERE / re.sub(r"[^A-Za-z0-9.-]+", "-", place).strip("-.")


def uploads_of(place: Place) -> Path:
    """The folder of the files that were given to a library; it may not be there yet."""
    return home_of(place) / FOLDER


def why_read_only(place: Place) -> str:
    """Why nothing can be added to a library or kept beside it; "" when it can."""
    home = home_of(place)
    there = next(folder for folder in (home, *home.absolute().parents) if folder.is_dir())
    try:
        tempfile.TemporaryFile(dir=there).close()  # rights alone do not tell: a disk may be read-only, too
    except OSError as error:
        return f"The library in {home} cannot be written to: {error.strerror}."
    return ""


def safe_name(name: str) -> str:
    r"""A file's name of letters, digits and "-_.() ", in whatever folder, under whatever name it was elsewhere.

    "../../x.md" and "C:\x.md" become "x.md"; no name is hidden, empty, a device's or longer than `LONGEST_NAME`.
    Raises `UnreadableDocument` for a format that is not read.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    kept = " ".join(re.sub(r"[^\w\-.() ]", " ", last).split())
    stem, dot, ending = kept.rpartition(".")
    stem, suffix = stem.lstrip(". "), f"{dot}{ending}" if dot else ""
    if suffix.lower() not in SUFFIXES:
        raise UnreadableDocument(
            f"{last[:LONGEST_NAME]}: not a format that is read (given: {suffix or 'no suffix'!r})",
            f"these are: {' '.join(SUFFIXES)}",
        )
    if re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)( |\..*)?", stem):
        stem = f"{stem}_"
    return f"{stem[: LONGEST_NAME - len(suffix)].rstrip('. ') or 'document'}{suffix}"


def keep(given: Path, name: str, folder: Path) -> Path:
    """Copies a file into `folder`, made when there is none, and gives the place of the copy.

    A file of that name and content is not copied again; another one of that name is kept beside it, as "name (2).md".
    Raises `UnreadableDocument` for what is no file, too long or of no format that is read, `LibraryError` when the
    folder cannot be written.
    """
    safe = Path(safe_name(name))
    if given.is_symlink() or not given.is_file():
        raise UnreadableDocument(f"{safe}: not a file", "give a file itself, no folder and no link")
    size = given.stat().st_size
    if size > MAXIMUM_PACKED:
        raise UnreadableDocument(
            f"{safe}: {size / 1e6:.0f} MB, more than the {MAXIMUM_PACKED / 1e6:.0f} MB that are taken",
            "cut it into parts, for example with `qpdf --split-pages=500`",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        number = 1
        while True:
            path = folder / (safe if number == 1 else f"{safe.stem} ({number}){safe.suffix}")
            if path.is_file() and not path.is_symlink() and path.read_bytes() == given.read_bytes():
                return path
            if not os.path.lexists(path):
                return _copy(given, path)
            number += 1
    except OSError as error:
        raise LibraryError(f"{folder} cannot be written: {error.strerror}", f"check it: `ls -la {folder}`") from error


def _copy(given: Path, path: Path) -> Path:
    """A whole copy, or none: a kill leaves a hidden file, which nothing reads."""
    begun = path.with_name(f".{path.name}.part")
    begun.unlink(missing_ok=True)
    with given.open("rb") as source, begun.open("xb") as copy:  # x: follows no link that lies there
        shutil.copyfileobj(source, copy)
        copy.flush()
        os.fsync(copy.fileno())
    begun.replace(path)
    return path


def kept_files(sources: tuple[str, ...], folder: Path) -> dict[str, Path]:
    """The files in `folder`, one of uploads, among a document's sources, by source.

    The name of a source goes on from the folder in which the program once ran, which may be another one today.
    """
    files = {source: Path(file_of(source)) for source in sources if not is_url(source)}
    kept = {source: folder / file.name for source, file in files.items() if file.parent.name == folder.name}
    return {source: own for source, own in kept.items() if is_there(own) and _leads_to(files[source], own)}


def _leads_to(file: Path, own: Path) -> bool:
    """Whether a source may be our file: as far as it can be looked at from here, it is no other one."""
    try:
        return file.samefile(own)
    except OSError:
        return not is_there(file)
