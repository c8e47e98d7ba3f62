"""Turns one file into Documents by the reader of its format; knows nothing of folders or addresses."""

import hashlib
import os
import re
import time
from importlib.metadata import version
from pathlib import Path

from qa.documents.epub import read_epub
from qa.documents.extracted import Extracted, Reader
from qa.documents.mail import read_eml
from qa.documents.office import read_docx, read_pptx
from qa.documents.pdf import read_pdf
from qa.documents.plain import read_markdown, read_text
from qa.documents.records import read_records
from qa.documents.tables import read_csv, read_xlsx
from qa.documents.web import read_html
from qa.errors import UnreadableDocument
from qa.types import Document

_READERS: dict[str, Reader] = {
    ".csv": read_csv,
    ".docx": read_docx,
    ".eml": read_eml,
    ".epub": read_epub,
    ".htm": read_html,
    ".html": read_html,
    ".md": read_markdown,
    ".pdf": read_pdf,
    ".pptx": read_pptx,
    ".tsv": read_csv,
    ".txt": read_text,
    ".xhtml": read_html,
    ".xlsx": read_xlsx,
}
_RECORDS = ".jsonl"
_ARCHIVES = {".docx", ".epub", ".pptx", ".xlsx"}

SUFFIXES = tuple(sorted((*_READERS, _RECORDS)))
"""The formats that are read, lower case."""

MAXIMUM_BYTES = 50_000_000
"""Of a file of text: a longer one is data, not something to be read, and would swamp every search."""

SETTLED_S = 2.0
"""A file changed less long ago may change again unseen: so coarse is the coarsest clock of files in use, FAT's."""

MAXIMUM_PACKED = 200_000_000
"""Of a PDF or an archive, whose size is that of its pictures."""


def source_name(path: Path) -> str:
    r"""The name under which a file is kept as a source; bytes that are no UTF-8 are written as \xff."""
    return os.fsencode(path).decode(errors="backslashreplace")


def is_there(path: Path) -> bool:
    """Whether there is something, or may be: what cannot be looked at does not count as gone."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def is_url(place: str) -> bool:
    """Whether a source, or what was given as a path, is an address with a scheme, as that of a web page."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", place) is not None


def file_of(source: str) -> str:
    """The name of the file that a source lies in: the source itself, but for an article of a .jsonl file."""
    file, _, _ = source.rpartition("#")
    return file if Path(file).suffix.lower() == _RECORDS else source


def file_stamp(path: Path, settled_s: float = SETTLED_S) -> str:
    """Changes whenever the file does, by its size and times, or when another version of this package reads it.

    "" for a file that is not there, and for one that was changed less than `settled_s` ago.
    """
    try:
        found = path.stat()
    except OSError:
        return ""
    if time.time_ns() - max(found.st_mtime_ns, found.st_ctime_ns) < settled_s * 1e9:
        return ""
    return f"qa {version('qa')}: {found.st_size} bytes, {found.st_mtime_ns} {found.st_ctime_ns} ns"


def read_file(path: Path) -> tuple[tuple[Document, ...], tuple[UnreadableDocument, ...]]:
    """The documents in one file, and what could not be read of it: most files are one document, or one failure.

    A .jsonl file holds a document a line, whose source is `PATH#ID`.
    """
    name, own_name = source_name(path), source_name(Path(path.name))
    suffix = path.suffix.lower()
    try:
        raw = _bytes(path, suffix)
        if suffix == _RECORDS:
            records, failures = read_records(name, raw)
            documents = [to_document(each, f"{name}#{key}", own_name) for key, each in records.items()]
            if not documents and not failures:
                raise _empty(name)
            return tuple(documents), failures
        return (to_document(extract(suffix, name, raw), name, own_name),), ()
    except UnreadableDocument as failure:
        return (), (failure,)


def read_one(path: Path) -> Document:
    """The document in a file that holds one. Raises `UnreadableDocument`."""
    documents, failures = read_file(path)
    if failures:
        raise failures[0]
    if len(documents) != 1:
        raise UnreadableDocument(f"{path}: holds {len(documents)} documents, not one", "index it: `qa index PATH`")
    return documents[0]


def read_source(source: str) -> Document:
    """The document that a citation's source names: a file, or an article in a file. Raises `UnreadableDocument`."""
    if is_url(source):
        raise UnreadableDocument(
            f"{source}: a web page is not fetched for this", "name the library that holds it: `--library DIR`"
        )
    file = file_of(source)
    if Path(source).exists() or file == source:
        return read_one(Path(source))
    documents, _ = read_file(Path(file))
    for document in documents:
        if source in document.sources:
            return document
    raise UnreadableDocument(f"{source}: no such article in the file", f"see its lines: `cat {file}`")


def to_document(found: Extracted, source: str, fallback_title: str) -> Document:
    """A Document of what was read. Raises `UnreadableDocument` when there is no text in it."""
    if not found.text.strip("\ufeff \t\r\n\f\v\xa0"):
        raise _empty(source)
    identity = hashlib.sha256(found.text.encode()).hexdigest()[:16]
    return Document(identity, found.title or fallback_title, (source,), found.text, found.pages, found.metadata)


def _empty(name: str) -> UnreadableDocument:
    return UnreadableDocument(f"{name}: holds no text", "put text into the file, or leave it out")


def extract(suffix: str, name: str, raw: bytes, encoding: str = "") -> Extracted:
    """What the reader of the format, one of `SUFFIXES`, makes of the bytes. encoding: of a page, as its server gave it.

    Raises `UnreadableDocument`, whatever the parser stumbles over.
    """
    if not raw:
        raise _empty(name)
    try:
        reader = _READERS[suffix]
        return read_html(name, raw, encoding) if reader is read_html else reader(name, raw)
    except UnreadableDocument:
        raise
    except Exception as error:  # parsers meet hostile bytes here, and raise anything over them
        reason = " ".join(str(error).split())[:200]
        raise UnreadableDocument(
            f"{name}: damaged, or no {suffix} file ({type(error).__name__}{': ' if reason else ''}{reason})",
            "open it in the program that made it, and save it again; or leave it out",
        ) from error


def _bytes(path: Path, suffix: str) -> bytes:
    name = source_name(path)
    try:
        size = path.stat().st_size
        if suffix not in SUFFIXES and not path.is_dir():
            raise UnreadableDocument(
                f"{name}: not a format that is read (given: {path.suffix or 'no suffix'!r})",
                f"these are: {' '.join(SUFFIXES)}; convert others first, for example with `pandoc FILE -o FILE.docx`",
            )
        limit = MAXIMUM_PACKED if suffix in _ARCHIVES | {".pdf"} else MAXIMUM_BYTES
        if size > limit:
            raise UnreadableDocument(
                f"{name}: {size / 1e6:.0f} MB, more than the {limit / 1e6:.0f} MB that are read of such a file",
                "cut it into parts, for example with `split --line-bytes=40M` or `qpdf --split-pages=500`",
            )
        return path.read_bytes()
    except OSError as error:
        raise UnreadableDocument(
            f"{name}: {error.strerror or error}", "check the name and the rights: `ls -l FILE`"
        ) from error
